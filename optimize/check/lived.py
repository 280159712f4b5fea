"""The lives of a check: every policy of a world from one warm-up, and what is kept of each.

Serves all tiers. A piece of work is one population of one world; warm-ups stay in memory, because a checked world is
small and lived once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy
from memberlab.results import KPIS, bridge_totals, shopper_measures
from memberlab.scenarios import Scenario
from memberlab.sim import (
    IdentityError,
    Outcome,
    Snapshot,
    World,
    calendar_of,
    merge_regions,
    regions_of,
    replication_seed,
    warm_up,
)

from ..execution import Progress, Steps
from .checks_plan import CheckedWorld


@dataclass(frozen=True, slots=True)
class LifeAsked:
    """One policy to be lived in a world, up to a day of its calendar; None is the end of the horizon."""

    policy: Policy
    until: int | None = None


@dataclass(frozen=True, slots=True)
class LivedPolicy:
    """What came of one policy in one population; where an identity broke, only that is told."""

    sums: NDArray[np.float64]
    """Column sums as `results.COLUMNS`."""
    bridge: dict[str, int]
    """Amounts of the margin bridge in cents, unsigned."""
    ledger: str
    """SHA-256 over the ledger's integers."""
    identities: int
    """Accounting identities that held."""
    broken: str = ""
    """Which identity does not hold, with both of its sides."""


def live_population(world: CheckedWorld, asked: Sequence[LifeAsked], seed: int) -> list[LivedPolicy]:
    """Live the warm-up of a world with `seed`, and from there each of the policies asked for."""
    scenario = world.scenario
    residents = world.population.model_copy(update={"fit": None})
    try:
        mornings = [
            warm_up(scenario, incumbent=world.incumbent, seed=seed, region=region.number, population=residents)
            for region in regions_of(scenario)
        ]
    except IdentityError as fault:
        return [_broken(f"in the warm-up: {fault}") for _ in asked]
    return [_live(mornings, one, world.incumbent) for one in asked]


def _live(mornings: Sequence[Snapshot], asked: LifeAsked, incumbent: Policy) -> LivedPolicy:
    try:
        outcomes = []
        for morning in mornings:
            life = World.resume(morning, asked.policy)
            outcomes.append(life.run(life.end if asked.until is None else asked.until))
        outcome = merge_regions(outcomes)
        results = outcome.identities()
    except IdentityError as fault:
        return _broken(str(fault))
    wrong = [result for result in results if not result.holds]
    if wrong:
        return _broken("; ".join(f"{one.name}: {one.rule} Found {one.left} and {one.right}." for one in wrong))
    sums = shopper_measures(outcome, incumbent).sum(axis=0)
    return LivedPolicy(sums, bridge_totals(outcome), ledger_digest(outcome), len(results))


def _broken(fault: str) -> LivedPolicy:
    return LivedPolicy(np.zeros(0), {}, "", 0, fault)


def ledger_digest(outcome: Outcome) -> str:
    """Return the SHA-256 over the ledger: every measure on which something was posted, as whole numbers, by name.

    A line on which nothing was posted does not count, so that a new kind of line moves no digest of a policy without
    it. Floats do not enter: another mathematical library rounds their last bits otherwise.
    """
    digest = hashlib.sha256()
    for measure in sorted(outcome.ledger.dtype.names or ()):
        posted = np.ascontiguousarray(outcome.ledger[measure], dtype="<i8")
        if posted.any():
            digest.update(f"{measure} {posted.shape}\n".encode() + posted.tobytes())
    return digest.hexdigest()


def small_world(world: CheckedWorld, shoppers: int) -> CheckedWorld:
    """Return the world with so many shoppers; one that opens with real members keeps its own."""
    if world.scenario.population.members is not None:
        return world
    regions = min(world.scenario.regions, shoppers)
    changes: dict[str, object] = {"regions": regions, "population.shoppers": shoppers}
    return CheckedWorld(world.scenario.with_(changes), world.population, world.incumbent)


def day_after_months(scenario: Scenario, months: int) -> int:
    """Return the day on which so many months of the horizon are over; the horizon's end if it is shorter."""
    calendar = calendar_of(scenario)
    return calendar.month_starts[min(calendar.launch_month + months, calendar.end_month)]


LifeKey = tuple[str, str, int | None, int]
"""World, policy, day of the end and number of the replication."""


@dataclass
class CheckLives:
    """What was lived so far, so that no tier lives again what another has: filled by `live`."""

    executor: Executor
    progress: Progress | None = None
    found: dict[LifeKey, LivedPolicy] = field(default_factory=dict)

    def live(self, asked: Iterable[tuple[CheckedWorld, LifeAsked, int]]) -> None:
        """Live what is asked for, by world, policy and replication, and is not there yet."""
        pieces: dict[tuple[str, int], tuple[CheckedWorld, dict[LifeKey, LifeAsked]]] = {}
        for world, life, replication in asked:
            key = (world.name, life.policy.name, life.until, replication)
            if key not in self.found:
                pieces.setdefault((world.name, replication), (world, {}))[1][key] = life
        steps = Steps(len(pieces), self.progress)
        pending = [
            (lives, self.executor.submit(live_population, world, [*lives.values()], _seed(world, replication)))
            for (_, replication), (world, lives) in pieces.items()
        ]
        for lives, future in pending:
            self.found |= dict(zip(lives, future.result(), strict=True))
            steps.step()

    def figures(self, world: str, policy: str, kpi: str, replications: int, until: int | None = None,
                first: int = 0) -> NDArray[np.float64]:  # fmt: skip
        """Return a key figure of the first replications (shape: replications); KeyError for what was not lived."""
        rows = [self.found[world, policy, until, number].sums for number in range(first, first + replications)]
        return np.array([KPIS[kpi].value(row) for row in rows])

    def broken(self) -> Iterator[tuple[LifeKey, str]]:
        """Give every life in which an identity broke."""
        yield from ((key, life.broken) for key, life in self.found.items() if life.broken)


def _seed(world: CheckedWorld, replication: int) -> int:
    return replication_seed(world.scenario.seed, replication)
