"""The unit of work of every experiment: one policy lived by one region of one replication, from a shared warm-up.

Serves comparisons and the search. Warm-ups are simulated once and kept as files, so that any number of arms, in any
process, go on from the same morning.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy, load_policy
from memberlab.results import (
    BridgeParts,
    LivedBooks,
    LivedHistory,
    bridge_parts,
    lived_books,
    lived_history,
    merge_histories,
    merge_lived_books,
    shopper_measures,
)
from memberlab.scenarios import Population, Scenario
from memberlab.sim import World, regions_of, replication_seed, warm_up, write_snapshot

from .kept_snapshots import kept_snapshot


@dataclass(frozen=True, slots=True)
class WarmUp:
    """The files of one replication's warm-up, a snapshot for each region, in order."""

    scenario: Scenario
    seed: int
    snapshots: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class ArmResult:
    """What came of one arm: column sums, the bridge in cents, and each shopper's measures if they were asked for."""

    sums: NDArray[np.float64]
    bridge_parts: BridgeParts
    measures: NDArray[np.float64] | None
    books: LivedBooks | None = None
    """For finance, if they were asked for."""
    history: LivedHistory | None = None
    """For breakdowns and curves, if it was asked for."""

    @property
    def bridge(self) -> dict[str, int]:
        """Return the amounts of the bridge in cents, unsigned, by measure."""
        return self.bridge_parts.totals


@dataclass(frozen=True, slots=True)
class BooksAsked:
    """That an arm keeps books: the file for its order days, or that of the twin's, by which it is held against it."""

    own_days: Path | None = None
    twin_days: Path | None = None


def replication_seeds(scenario: Scenario, replications: int, *, first: int = 0) -> tuple[int, ...]:
    """Return the seeds of replications `first` to `first + replications - 1` of a scenario."""
    return tuple(replication_seed(scenario.seed, number) for number in range(first, first + replications))


def prepare_warm_ups(
    executor: Executor,
    folder: Path,
    scenario: Scenario,
    seeds: Sequence[int],
    *,
    incumbent: Policy | None = None,
    population: Population | None = None,
) -> tuple[WarmUp, ...]:
    """Simulate the warm-ups of a scenario for all seeds and regions; a snapshot already in `folder` is used again."""
    policy = incumbent or load_policy(scenario.incumbent)
    tag = f"{scenario.digest()[:12]}-{policy.digest()[:12]}-{population.digest()[:12] if population else 'own'}"
    pending, warm_ups = [], []
    for seed in seeds:
        paths = []
        for region in regions_of(scenario):
            path = folder / f"{tag}-{seed}-{region.number}.npz"
            paths.append(path)
            if not path.exists():
                pending.append(
                    executor.submit(simulate_warm_up, scenario, policy, population, seed, region.number, path)
                )
        warm_ups.append(WarmUp(scenario, seed, tuple(paths)))
    for future in pending:
        future.result()
    return tuple(warm_ups)


def simulate_warm_up(
    scenario: Scenario, policy: Policy, population: Population | None, seed: int, region: int, path: Path
) -> None:
    """Simulate one region's warm-up and write its snapshot."""
    write_snapshot(warm_up(scenario, incumbent=policy, seed=seed, region=region, population=population), path)


def simulate_arm(
    path: Path,
    policy: Policy,
    keep_shoppers: bool,
    assumptions: Mapping[str, float] | None = None,
    asked: BooksAsked | None = None,
    keep_history: bool = False,
) -> ArmResult:
    """Live the horizon under `policy` from the snapshot in `path`, and return what came of it.

    `assumptions` by name replace the scenario's from launch on; books are kept if they are `asked` for, and for a
    history, which needs the days of orders.
    """
    snapshot = kept_snapshot(path)
    if assumptions:
        changed = {**snapshot.scenario.assumptions, **assumptions}
        snapshot = replace(snapshot, scenario=snapshot.scenario.with_({"assumptions": changed}))
    world = World.resume(snapshot, policy)
    if asked is not None or keep_history:
        world.keep_books(None if asked is None or asked.twin_days is None else np.load(asked.twin_days))
    outcome = world.run(world.end)
    if asked is not None and asked.own_days is not None and outcome.books is not None:
        _save_whole(outcome.books.order_days, asked.own_days)
    measures = shopper_measures(outcome, snapshot.policy)
    return ArmResult(
        measures.sum(axis=0),
        bridge_parts(outcome),
        measures if keep_shoppers else None,
        None if asked is None else lived_books(outcome),
        lived_history(outcome, snapshot) if keep_history else None,
    )


def _save_whole(array: NDArray[Any], path: Path) -> None:
    """Write an array to `path`, whole or not at all, since another process may look for it after an interrupt."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("wb") as file:
        np.save(file, array)
    temporary.replace(path)


def submit_arm(
    executor: Executor,
    warm_up: WarmUp,
    policy: Policy,
    *,
    keep_shoppers: bool = True,
    assumptions: Mapping[str, float] | None = None,
    asked: Sequence[BooksAsked] | None = None,
    keep_history: bool = False,
) -> list[Future[ArmResult]]:
    """Submit one policy for every region of a replication, in order; the options are those of `simulate_arm`."""
    books: Sequence[BooksAsked | None] = asked or [None] * len(warm_up.snapshots)
    return [
        executor.submit(simulate_arm, path, policy, keep_shoppers, assumptions, one, keep_history)
        for path, one in zip(warm_up.snapshots, books, strict=True)
    ]


def merge_arms(parts: Sequence[ArmResult]) -> ArmResult:
    """Return one result for all regions of a replication, in their order."""
    tables = [part.measures for part in parts if part.measures is not None]
    books = [part.books for part in parts if part.books is not None]
    histories = [part.history for part in parts if part.history is not None]
    return ArmResult(
        sums=np.sum([part.sums for part in parts], axis=0),
        bridge_parts=reduce(BridgeParts.with_more, (part.bridge_parts for part in parts)),
        measures=np.concatenate(tables) if len(tables) == len(parts) else None,
        books=merge_lived_books(books) if books else None,
        history=merge_histories(histories) if histories else None,
    )
