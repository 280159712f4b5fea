"""Accepting outcomes: living what the baseline keeps, and the table of what has moved since the last one.

Serves `memberlab baseline accept`.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy
from memberlab.results import KPIS

from ..execution import Progress, SerialExecutor
from .baseline import Baseline
from .checks_plan import CheckedWorld, ChecksPlan
from .decision import correlation_of
from .judged import BrokenLife
from .lived import CheckLives, LifeAsked
from .run_checks import live_ledgers


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """One key figure then and now, in its own unit; `before` is None for what is new."""

    policy: str
    world: str
    kpi: str
    before: float | None
    now: float
    error: float
    """Standard error of the shift, from paired differences; of the figure where it is new."""
    correlation: float | None

    @property
    def shift(self) -> float | None:
        """Return now less before."""
        return None if self.before is None else self.now - self.before


@dataclass
class Accepted:
    """What a baseline is written from."""

    plan: ChecksPlan
    ledgers: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """By world and policy."""
    sums: dict[tuple[str, str], NDArray[np.float64]] = field(default_factory=dict)
    """Column sums by world and policy (shape: replications x columns)."""
    bridges: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    """Cents by world and policy, summed over the first look."""
    shifts: list[ShiftRow] = field(default_factory=list)
    broken: list[BrokenLife] = field(default_factory=list)

    @property
    def is_unchanged(self) -> bool:
        """Return whether no figure is another one than in the baseline before."""
        return all(row.before == row.now and row.error == 0 for row in self.shifts)


def live_baseline(
    plan: ChecksPlan, previous: Baseline | None, *, executor: Executor | None = None, progress: Progress | None = None
) -> Accepted:
    """Live everything a baseline keeps, and hold it against the previous one, if there is one that can be compared."""
    lives = CheckLives(executor or SerialExecutor(), progress)
    small = CheckLives(lives.executor, progress)
    arms = [(world, policy) for world in plan.worlds for policy in plan.policies]
    accepted = Accepted(plan, live_ledgers(plan, arms, small))
    most = plan.checks.replications.most
    lives.live((world, LifeAsked(policy), number) for world, policy in arms for number in range(most))
    for one, is_small in ((small, True), (lives, False)):
        accepted.broken += [
            BrokenLife(policy, world, replication, fault, is_small)
            for (world, policy, _, replication), fault in one.broken()
        ]
    if accepted.broken:
        return accepted
    for world, policy in arms:
        lived = [lives.found[world.name, policy.name, None, number] for number in range(most)]
        key = (world.name, policy.name)
        accepted.sums[key] = np.array([life.sums for life in lived])
        first = lived[: plan.checks.replications.first]
        accepted.bridges[key] = {name: sum(life.bridge[name] for life in first) for name in first[0].bridge}
        accepted.shifts += [_shift(world, policy, kpi, accepted.sums[key], previous) for kpi in KPIS]
    return accepted


def _shift(world: CheckedWorld, policy: Policy, kpi: str, sums: NDArray[np.float64], previous: Baseline | None
           ) -> ShiftRow:  # fmt: skip
    now = np.array([KPIS[kpi].value(row) for row in sums])
    root = len(now) ** 0.5
    if previous is None or not previous.knows(policy.name, world.name):
        error = float(now.std(ddof=1)) / root
        return ShiftRow(policy.name, world.name, kpi, None, float(now.mean()), error, None)
    size = min(previous.replications, len(now))
    old, new = previous.figures(policy.name, world.name, kpi)[:size], now[:size]
    error = float((new - old).std(ddof=1)) / size**0.5
    return ShiftRow(
        policy.name, world.name, kpi, float(old.mean()), float(new.mean()), error, correlation_of(new, old)
    )  # fmt: skip
