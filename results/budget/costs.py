"""What each benefit cost and what was owed for points, day by day: all that a budget has to know of a run.

Serves the budget check. Sums of integers, so that regions merge by adding.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy
from memberlab.sim import BENEFIT_ACCOUNTS, MONEY_LINES, Outcome, points_liability

from .benefits import CAPPED_BENEFITS, TOTAL

_ALL = tuple(line.name for line in MONEY_LINES if line.account in BENEFIT_ACCOUNTS)


@dataclass(frozen=True, slots=True)
class DailyCosts:
    """A run's days from `start` on: cents by benefit, and points and reward credits outstanding in the evening.

    `costs` maps each name of `CAPPED_BENEFITS` to cents by day; `points` and `credits` (cents) are by day too (shape of
    each: days).
    """

    start: datetime.date
    costs: dict[str, NDArray[np.int64]]
    points: NDArray[np.int64]
    credits: NDArray[np.int64]

    def liability(self, policy: Policy) -> NDArray[np.int64]:
        """Return the points liability of each evening in cents, as `Outcome.closing_liability` counts it."""
        owed = [points_liability(policy, int(points)) for points in self.points]
        return np.asarray(owed, np.int64) + self.credits


def daily_costs(outcome: Outcome) -> DailyCosts:
    """Return the daily costs of a run."""
    ledger = outcome.ledger
    by_day = {name: ledger[name].sum(axis=1) for name in {*_ALL, *CAPPED_BENEFITS} - {TOTAL}}
    costs = {name: by_day[name] for name in CAPPED_BENEFITS if name != TOTAL}
    costs[TOTAL] = np.sum([by_day[name] for name in _ALL], axis=0)
    points = ledger["points_issued"] + ledger["points_given_back"] - ledger["points_redeemed"]
    points = (points - ledger["points_expired"] - ledger["points_clawed_back"]).sum(axis=1)
    credits = (ledger["credits_granted"] - ledger["credits_paid"]).sum(axis=1)
    return DailyCosts(
        outcome.start, costs, outcome.opening.points + points.cumsum(), outcome.opening.credits + credits.cumsum()
    )


def merge_costs(parts: Sequence[DailyCosts]) -> DailyCosts:
    """Return the daily costs of all regions of a replication together."""
    return DailyCosts(
        parts[0].start,
        {name: np.sum([part.costs[name] for part in parts], axis=0) for name in parts[0].costs},
        np.sum([part.points for part in parts], axis=0),
        np.sum([part.credits for part in parts], axis=0),
    )
