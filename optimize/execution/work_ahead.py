"""How long a piece of work will take and how much memory it needs, before it is begun.

Serves whoever waits. Rates are those measured on the machine of docs/scale.md with the shipped population; a busy shop
takes longer. The first finished pieces correct the time that is told, the bytes are an upper bound.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import ParamSpec, TypeVar

from memberlab.results import COLUMNS
from memberlab.scenarios import Scenario

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

SECONDS_A_SHOPPER_MONTH = 150e-9
SECONDS_A_PIECE = 0.05
"""What a piece takes beside its shoppers: reading the warm-up, opening the world, sending the result."""
SECONDS_TO_LOAD = 5.0
"""What a process takes to load memberlab and the compiled rules."""
BYTES_A_SHOPPER = 700
"""The warm-up, the world that lives on from it, the cards of a programme that keeps them, and the measures."""
BYTES_A_PROCESS = 350_000_000
WARM_UP, ARM = "simulate_warm_up", "simulate_arm"

Told = Callable[[float, float, int, int], None]
"""Called with the seconds of work done and planned, and the pieces done and planned."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Pieces of one kind: how many, and the mean seconds each is thought to take."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class WorkAhead:
    """What an experiment takes: its kinds of pieces by the name of their function, and the largest of them."""

    kinds: Mapping[str, Kind]
    most_shoppers: int
    """In one piece: those of one region."""
    kept_bytes: int
    """Of results, in the process that collects them."""

    @property
    def work(self) -> float:
        """Return the seconds of one processor that the pieces take."""
        return sum(kind.count * kind.seconds for kind in self.kinds.values())

    @property
    def pieces(self) -> int:
        """Return the number of pieces."""
        return sum(kind.count for kind in self.kinds.values())

    @property
    def bytes_a_worker(self) -> int:
        """Return the bytes that one worker needs at most for one piece."""
        return BYTES_A_PROCESS + BYTES_A_SHOPPER * self.most_shoppers

    def seconds(self, workers: int) -> float:
        """Return the seconds until all is done by so many workers."""
        return SECONDS_TO_LOAD + self.work / min(workers, max(self.pieces, 1))

    def bytes_on_one_machine(self, workers: int) -> int:
        """Return the bytes needed at most with so many workers beside the process that collects, or in it for one."""
        collecting = self.kept_bytes + (BYTES_A_PROCESS if workers > 1 else 0)
        return collecting + workers * self.bytes_a_worker


def work_ahead(scenarios: Sequence[Scenario], replications: int, *, arms: Mapping[str, int]) -> WorkAhead:
    """Return the estimate of an experiment in which each scenario's replications live so many `arms`, by name.

    An arm is one policy lived over the horizon, in all regions of a replication.
    """
    warm_ups, lives, warm_up_seconds, life_seconds, kept = 0, 0, 0.0, 0.0, 0
    for scenario in scenarios:
        pieces = scenario.regions * replications
        shopper_months = scenario.population.shoppers * replications * SECONDS_A_SHOPPER_MONTH
        warm_ups += pieces
        warm_up_seconds += pieces * SECONDS_A_PIECE + shopper_months * scenario.warm_up.months
        lives += pieces * arms[scenario.name]
        life_seconds += (pieces * SECONDS_A_PIECE + shopper_months * scenario.horizon.months) * arms[scenario.name]
        kept += arms[scenario.name] * replications * scenario.population.shoppers * len(COLUMNS) * 8
    return WorkAhead(
        {WARM_UP: Kind(warm_ups, warm_up_seconds / max(warm_ups, 1)), ARM: Kind(lives, life_seconds / max(lives, 1))},
        max((-(-one.population.shoppers // one.regions) for one in scenarios), default=0),
        kept,
    )


def memory() -> tuple[int, int] | None:
    """Return the bytes of memory that are free and those that this machine has; None where they cannot be told."""
    try:
        whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        text = Path("/proc/meminfo").read_text(encoding="ascii")
        free = next(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("MemAvailable"))
    except (AttributeError, ValueError, OSError, StopIteration):
        return None
    return free, whole


class WatchedExecutor(Executor):
    """An executor that tells how far its pieces have come, each kind by what it was thought to take.

    Pieces beyond the plan, such as those of a search for a break-even, are added to it when they are submitted.
    """

    def __init__(self, executor: Executor, plan: WorkAhead, told: Told) -> None:
        self.executor = executor
        self._plan, self._told = plan.kinds, told
        self._submitted: Counter[str] = Counter()
        self._done: Counter[str] = Counter()
        self._turn = threading.Lock()

    def submit(
        self, fn: Callable[Parameters, Result], /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> Future[Result]:
        """Return the future of a piece of work."""
        kind = fn.__name__
        with self._turn:
            self._submitted[kind] += 1
        future = self.executor.submit(fn, *args, **kwargs)
        future.add_done_callback(lambda _: self._tell(kind))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Shut down the executor that does the work."""
        self.executor.shutdown(wait=wait, cancel_futures=cancel_futures)

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.executor.__exit__(kind, fault, at)

    def _tell(self, kind: str) -> None:
        with self._turn:
            self._done[kind] += 1
            planned = {
                name: max(self._plan[name].count if name in self._plan else 0, self._submitted[name])
                for name in {*self._plan, *self._submitted}
            }
            done = sum(count * self._seconds(name) for name, count in self._done.items())
            all_of_it = sum(count * self._seconds(name) for name, count in planned.items())
            self._told(done, all_of_it, self._done.total(), sum(planned.values()))

    def _seconds(self, name: str) -> float:
        return self._plan[name].seconds if name in self._plan else SECONDS_A_PIECE
