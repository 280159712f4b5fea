"""What each benefit cost and what was owed for points, day by day: all that a budget has to know of a run.

Serves the budget check. Sums of integers, so that regions merge by adding.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy, in_force
from memberlab.sim import BENEFIT_ACCOUNTS, MONEY_LINES, Outcome, points_liability

from .benefits import CAPPED_BENEFITS, TOTAL

if TYPE_CHECKING:
    import pandas as pd

_ALL = tuple(line.name for line in MONEY_LINES if line.account in BENEFIT_ACCOUNTS)


_POINTS = {"points_issued": 1, "points_given_back": 1, "points_redeemed": -1, "points_expired": -1,
           "points_clawed_back": -1, "points_converted": 1}  # fmt: skip
_CREDITS = {"credits_granted": 1, "credits_paid": -1}
MEASURES = tuple(name for name in dict.fromkeys([*_ALL, *CAPPED_BENEFITS, *_POINTS, *_CREDITS]) if name != TOTAL)


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
        days = (self.start + datetime.timedelta(days=day) for day in range(len(self.points)))
        owed = [points_liability(in_force(policy, day), int(points))
                for day, points in zip(days, self.points, strict=True)]  # fmt: skip
        return np.asarray(owed, np.int64) + self.credits


def daily_costs(outcome: Outcome) -> DailyCosts:
    """Return the daily costs of a run."""
    by_day = {name: outcome.ledger[name].sum(axis=1) for name in MEASURES}
    return _costs(outcome.start, by_day, outcome.opening.points, outcome.opening.credits)


def stored_costs(
    daily: pd.DataFrame, start: datetime.date, days: int, opening_points: int, opening_credits: int
) -> DailyCosts:
    """Return the daily costs of a run from its stored ledger `daily` (as of `Outcome.daily`), its first day and number
    of days, and the points and reward credits (cents) that it opened with.
    """
    rows = daily[daily["measure"].isin(MEASURES)]
    day = (rows["date"] - np.datetime64(start)).dt.days.to_numpy()
    measure, value = rows["measure"].to_numpy(), rows["value"].to_numpy()
    by_day = {}
    for name in MEASURES:
        by_day[name] = np.zeros(days, np.int64)
        np.add.at(by_day[name], day[measure == name], value[measure == name])
    return _costs(start, by_day, opening_points, opening_credits)


def _costs(
    start: datetime.date, by_day: Mapping[str, NDArray[np.int64]], opening_points: int, opening_credits: int
) -> DailyCosts:
    costs = {name: by_day[name] for name in CAPPED_BENEFITS if name != TOTAL}
    costs[TOTAL] = np.sum([by_day[name] for name in _ALL], axis=0)
    points, credits = (
        np.sum([sign * by_day[name] for name, sign in signs.items()], axis=0) for signs in (_POINTS, _CREDITS)
    )
    return DailyCosts(start, costs, opening_points + points.cumsum(), opening_credits + credits.cumsum())


def merge_costs(parts: Sequence[DailyCosts]) -> DailyCosts:
    """Return the daily costs of all regions of a replication together."""
    return DailyCosts(
        parts[0].start,
        {name: np.sum([part.costs[name] for part in parts], axis=0) for name in parts[0].costs},
        np.sum([part.points for part in parts], axis=0),
        np.sum([part.credits for part in parts], axis=0),
    )
