"""Whether a budget is kept: ceiling by ceiling, with the day on which it breaks and how probable that is.

Serves finance. Replications are independent populations; the probability that a ceiling breaks is the share of those
in which it does, with the exact interval of a share (Clopper and Pearson, 1934).
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from math import inf
from statistics import mean, median_low

import numpy as np
from numpy.typing import NDArray
from scipy import special

from memberlab.policies import Policy

from ..uplift import CONFIDENCE
from .costs import DailyCosts
from .document import Budget
from .limits import LIABILITY, Limit, breaks_on, limits_of, reached


class Verdict(Enum):
    """Whether a ceiling is kept: in enough of the replications, as the budget's accepted risk says."""

    PASS = "pass"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class PeriodCheck:
    """One limit over replications: cents reached at the end of the period, and in how many replications it broke.

    `first_day` is the earliest day on which it broke in any replication, `usual_day` the median of those in which it
    did; both None where it broke in none.
    """

    period: str
    is_whole: bool
    limit: int
    mean: float
    most: int
    broken: int
    first_day: datetime.date | None
    usual_day: datetime.date | None

    @property
    def share(self) -> float:
        """Return the mean over the limit; nothing allowed and something spent is infinite."""
        if self.limit:
            return self.mean / self.limit
        return inf if self.most else 0.0


@dataclass(frozen=True, slots=True)
class CeilingCheck:
    """One ceiling over all its periods: the verdict, the days on which it first breaks, and the probability.

    `probability` is the share of replications in which it breaks in any period, `low` and `high` its 95 % interval.
    """

    ceiling: str
    benefit: str
    title: str
    kind: str
    verdict: Verdict
    broken: int
    probability: float
    low: float
    high: float
    first_day: datetime.date | None
    usual_day: datetime.date | None
    periods: tuple[PeriodCheck, ...]

    @property
    def tightest(self) -> PeriodCheck:
        """Return the period that comes nearest to its limit, or goes farthest beyond it, in the mean."""
        return max(
            self.periods, key=lambda one: one.mean / one.limit if one.limit else float("inf") if one.most else 0.0
        )


@dataclass(frozen=True, slots=True)
class BudgetCheck:
    """A budget held against a policy's replications, ceiling by ceiling in the file's order."""

    budget: Budget
    policy: Policy
    replications: int
    ceilings: tuple[CeilingCheck, ...]

    @property
    def is_kept(self) -> bool:
        """Return whether every ceiling passes."""
        return all(one.verdict is Verdict.PASS for one in self.ceilings)


def check_budget(budget: Budget, policy: Policy, runs: Sequence[DailyCosts]) -> BudgetCheck:
    """Return the check of a budget against one run a replication; raises ValueError without a run."""
    if not runs:
        raise ValueError("a budget is held against one run or more")
    start = runs[0].start
    days = len(runs[0].points)
    by_ceiling: dict[str, list[Limit]] = {}
    for limit in limits_of(budget, start, start + datetime.timedelta(days=days)):
        by_ceiling.setdefault(limit.ceiling, []).append(limit)
    liabilities = [run.liability(policy) for run in runs]
    checks = []
    for limits in by_ceiling.values():
        name = limits[0].benefit
        series = liabilities if name == LIABILITY else [run.costs[name] for run in runs]
        checks.append(_check(budget, limits, series, start))
    return BudgetCheck(budget, policy, len(runs), tuple(checks))


def _check(
    budget: Budget, limits: Sequence[Limit], series: Sequence[NDArray[np.int64]], start: datetime.date
) -> CeilingCheck:
    """Return the check of one ceiling; `series` are the days of each replication."""
    broken_on = [[breaks_on(limit, one) for one in series] for limit in limits]
    periods = tuple(
        PeriodCheck(
            limit.period.label, limit.period.is_whole, limit.amount,
            mean(reached(limit, one) for one in series), max(reached(limit, one) for one in series),
            sum(day is not None for day in days), *_days(days, start),
        )
        for limit, days in zip(limits, broken_on, strict=True)
    )  # fmt: skip
    first = [min((day for day in days if day is not None), default=None) for days in zip(*broken_on, strict=True)]
    broken, count = sum(day is not None for day in first), len(series)
    verdict = Verdict.FAIL if broken * 10_000 > budget.accepted_risk * count else Verdict.PASS
    one = limits[0]
    return CeilingCheck(
        one.ceiling, one.benefit, one.title, one.kind, verdict, broken, broken / count,
        *exact_interval(broken, count), *_days(first, start), periods,
    )  # fmt: skip


def exact_interval(broken: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share, `broken` of `count`: exact, from the beta distribution (Clopper and Pearson,
    1934).
    """
    tail = (1 - CONFIDENCE) / 2
    low = special.betaincinv(broken, count - broken + 1, tail) if broken else 0.0
    high = special.betaincinv(broken + 1, count - broken, 1 - tail) if broken < count else 1.0
    return float(low), float(high)


def _days(days: Sequence[int | None], start: datetime.date) -> tuple[datetime.date | None, datetime.date | None]:
    found = [day for day in days if day is not None]
    if not found:
        return None, None
    return start + datetime.timedelta(days=min(found)), start + datetime.timedelta(days=median_low(found))
