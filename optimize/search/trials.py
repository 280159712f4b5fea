"""Trying policies: each lived in every scenario by the same replications, recorded in the ledger, never done twice.

Serves the search, which tries many policies on few replications, and the race, which tries few on many fresh ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy

from ..ledger import EvaluationLedger
from ..lives import ArmResult, WarmUp, merge_arms, prepare_warm_ups, replication_seeds, submit_arm
from ..study import Plan

MOST_IN_FLIGHT = 64
"""Evaluations handed to the workers and not yet recorded."""

Block = Sequence[Sequence[WarmUp]]
"""Warm-ups by scenario, and in each by replication."""


@dataclass(frozen=True, slots=True)
class Trials:
    """Where policies are tried: the plan, the ledger of what is done, who does the work, where warm-ups are kept."""

    plan: Plan
    ledger: EvaluationLedger
    executor: Executor
    folder: Path

    def block(self, replications: int, *, first: int = 0) -> Block:
        """Return the warm-ups of so many replications from the `first` on; those not kept yet are simulated."""
        return [
            prepare_warm_ups(
                self.executor, self.folder, scenario, replication_seeds(scenario, replications, first=first),
                incumbent=self.plan.incumbent, population=population,
            )
            for scenario, population in zip(self.plan.scenarios, self.plan.residents, strict=True)
        ]  # fmt: skip

    def are_done(self, policies: Sequence[Policy], replications: int, *, first: int = 0) -> bool:
        """Return whether the ledger holds all of these policies in these replications."""
        return not any(
            self.ledger.sums(digest, key, seed) is None
            for digest in [policy.digest() for policy in policies]
            for scenario, key in zip(self.plan.scenarios, self.plan.scenario_keys, strict=True)
            for seed in replication_seeds(scenario, replications, first=first)
        )

    def live(self, policies: Sequence[Policy], block: Block) -> Iterator[int]:
        """Simulate and record what the ledger does not hold yet; yield the number of policies done, as it grows."""
        digests = [policy.digest() for policy in policies]
        tasks = [
            (place, policy, key, warm_up)
            for place, policy in enumerate(policies)
            for key, warm_ups in zip(self.plan.scenario_keys, block, strict=True)
            for warm_up in warm_ups
            if self.ledger.sums(digests[place], key, warm_up.seed) is None
        ]
        missing = Counter(place for place, *_ in tasks)
        yield len(policies) - len(missing)
        groups = (submit_arm(self.executor, warm_up, policy, keep_shoppers=False) for _, policy, _, warm_up in tasks)
        for number, parts in as_completed_groups(groups):
            place, _, key, warm_up = tasks[number]
            self.ledger.record_sums(digests[place], key, warm_up.seed, merge_arms(parts).sums)
            missing[place] -= 1
            if missing[place] == 0:
                del missing[place]
                yield len(policies) - len(missing)

    def sums(self, policy: Policy, replications: int, *, first: int = 0) -> list[list[NDArray[np.float64]]]:
        """Return what the ledger holds of a policy: column sums by scenario and replication.

        Raises LookupError for what was not lived yet.
        """
        found: list[list[NDArray[np.float64]]] = []
        digest = policy.digest()
        for scenario, key in zip(self.plan.scenarios, self.plan.scenario_keys, strict=True):
            row = []
            for seed in replication_seeds(scenario, replications, first=first):
                one = self.ledger.sums(digest, key, seed)
                if one is None:
                    raise LookupError(f"{policy.name} was not lived in {scenario.name} with seed {seed}")
                row.append(one)
            found.append(row)
        return found


def as_completed_groups(groups: Iterable[list[Future[ArmResult]]]) -> Iterator[tuple[int, list[ArmResult]]]:
    """Yield the place and the results of each group of futures when all of it is done.

    Groups are submitted as they are drawn, a limited number ahead. When the reader stops early, what has not begun is
    cancelled.
    """
    in_flight: dict[int, list[Future[ArmResult]]] = {}
    source = enumerate(groups)
    more = True
    try:
        while more or in_flight:
            if more and len(in_flight) < MOST_IN_FLIGHT:
                place, futures = next(source, (-1, []))
                more = place >= 0
                in_flight |= {place: futures} if more else {}
            for place in [place for place, futures in in_flight.items() if all(future.done() for future in futures)]:
                yield place, [future.result() for future in in_flight.pop(place)]
            if in_flight and (not more or len(in_flight) >= MOST_IN_FLIGHT):
                wait([f for futures in in_flight.values() for f in futures if not f.done()], None, FIRST_COMPLETED)
    finally:
        for futures in in_flight.values():
            for future in futures:
                future.cancel()
