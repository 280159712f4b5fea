"""Pairs: a candidate and the policy it is held against, lived by the same shoppers in one concrete world.

Serves sweeps, sensitivity and scenario discovery, which differ only in which pairs they ask for. Assumptions hold from
launch on, as for a break-even: the warm-up is lived under the world's own, since today's shoppers are what they are
whatever the future holds. Everything else of a world holds from its first day.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy, load_policy
from memberlab.results import KPIS, Uplift, paired_uplift, shopper_measures
from memberlab.scenarios import Population, Scenario
from memberlab.sim import World, fail_if_migration_does_not_fit, regions_of, warm_up

from ..execution import Progress, SerialExecutor, Steps
from ..lives import replication_seeds
from .uncertain import Case

SLICE = 8
"""Pairs that are lived from one warm-up in one piece of work."""

IN_WORK = 32
"""Pieces of work that are handed out ahead of the oldest; it bounds the memory."""

Tables = list[NDArray[np.float64]]
Outcome = Mapping[str, Uplift]
"""The uplift of every KPI of a pair, candidate against the other."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A candidate and what it is held against in a world whose own assumptions are those of `base`."""

    candidate: Policy
    against: Policy
    scenario: Scenario
    base: Scenario
    population: Population | None = None
    first: int = 0
    """Number of the first replication: pairs with another one meet other shoppers."""

    @property
    def warm_up_world(self) -> Scenario:
        """Return the world in which the warm-up is lived."""
        return self.scenario.with_({"name": self.base.name, "assumptions": dict(self.base.assumptions)})


def pair_of(case: Case, candidate: Policy, against: Policy, levers: Sequence[str] = (), first: int = 0) -> Pair:
    """Return the pair of a case; the candidate promises what the case says of its `levers`.

    Raises DocumentError when no valid policy is there.
    """
    chosen = candidate.with_(case.promises(levers)) if levers else candidate
    return Pair(chosen, against, case.scenario, case.base, case.population, first)


def live_pairs(
    pairs: Sequence[Pair],
    *,
    replications: int = 1,
    executor: Executor | None = None,
    incumbent: Policy | None = None,
    progress: Progress | None = None,
) -> list[Outcome]:
    """Return the uplifts of every pair, in order, over independent replications; every pair is a step of `progress`.

    Pairs of one world go on from the same warm-up. `incumbent` replaces that of every world. Raises DocumentError,
    before anything is lived, where a candidate cannot take over from it.
    """
    names = {pair.base.incumbent for pair in pairs}
    olds = {name: incumbent or load_policy(name) for name in names}
    for pair in pairs:
        old = olds[pair.base.incumbent]
        if pair.candidate.digest() != old.digest():
            fail_if_migration_does_not_fit(pair.candidate, old)
    steps, found = Steps(len(pairs), progress), dict[int, Outcome]()
    workers = executor or SerialExecutor()
    waiting = deque[_Slice]()
    for places in slices_of(pairs):
        waiting.append(_submit(workers, [pairs[place] for place in places], places, replications, incumbent))
        while waiting and (waiting[0].is_done or sum(len(one.pending) for one in waiting) >= IN_WORK):
            _collect(waiting.popleft(), found, steps)
    for one in waiting:
        _collect(one, found, steps)
    return [found[place] for place in range(len(pairs))]


def slices_of(pairs: Sequence[Pair]) -> Iterator[list[int]]:
    """Yield places of pairs that can go on from one warm-up, a few at a time."""
    groups: dict[tuple[str, str, int], list[int]] = {}
    for place, pair in enumerate(pairs):
        people = "" if pair.population is None else pair.population.digest()
        groups.setdefault((pair.warm_up_world.digest(), people, pair.first), []).append(place)
    for group in groups.values():
        yield from (group[start : start + SLICE] for start in range(0, len(group), SLICE))


Life = tuple[Policy, Scenario]


@dataclass(frozen=True, slots=True)
class _Slice:
    """Pairs in work: a list of futures a replication, one a region, each with the measures of all lives."""

    places: Sequence[int]
    lives: Sequence[tuple[int, int]]
    """For each pair, which lives are held against each other: against, candidate."""
    replications: Sequence[Sequence[Future[Tables]]]

    @property
    def pending(self) -> list[Future[Tables]]:
        return [future for regions in self.replications for future in regions]

    @property
    def is_done(self) -> bool:
        return all(future.done() for future in self.pending)


def _submit(
    executor: Executor, pairs: Sequence[Pair], places: Sequence[int], replications: int, incumbent: Policy | None
) -> _Slice:
    first = pairs[0]
    world = first.warm_up_world
    lives: list[Life] = []
    keys: list[tuple[str, str]] = []
    held = []
    for pair in pairs:
        own = []
        for policy in (pair.against, pair.candidate):
            key = (policy.digest(), pair.scenario.digest())
            if key not in keys:
                keys.append(key)
                lives.append((policy, pair.scenario))
            own.append(keys.index(key))
        held.append((own[0], own[1]))
    seeds = replication_seeds(first.base, replications, first=first.first)
    old = incumbent or load_policy(world.incumbent)
    futures = [
        [executor.submit(live_region, world, old, first.population, seed, region.number, lives)
         for region in regions_of(world)]
        for seed in seeds
    ]  # fmt: skip
    return _Slice(places, held, futures)


def live_region(
    world: Scenario, incumbent: Policy, population: Population | None, seed: int, region: int, lives: Sequence[Life]
) -> Tables:
    """Return the measures of one region's shoppers under each policy and scenario, all from one warm-up."""
    morning = warm_up(world, incumbent=incumbent, seed=seed, region=region, population=population)
    tables = []
    for policy, scenario in lives:
        arm = World.resume(replace(morning, scenario=scenario), policy)
        tables.append(shopper_measures(arm.run(arm.end), incumbent))
    return tables


def _collect(work: _Slice, found: dict[int, Outcome], steps: Steps) -> None:
    """Wait for a piece of work and make uplifts of it."""
    results = [[future.result() for future in regions] for regions in work.replications]
    merged = [[np.concatenate(parts) for parts in zip(*regions, strict=True)] for regions in results]
    for place, (against, candidate) in zip(work.places, work.lives, strict=True):
        before, after = ([tables[life] for tables in merged] for life in (against, candidate))
        found[place] = {name: paired_uplift(kpi, before, after) for name, kpi in KPIS.items()}
        steps.step()
