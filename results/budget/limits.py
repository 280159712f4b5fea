"""The single limits that a budget sets in a horizon, and on which day a run goes beyond one of them.

Serves the budget check. A ceiling on a quarter is a limit in every quarter.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .benefits import CAPPED_BENEFITS
from .document import Budget, Ceiling
from .fiscal_periods import Horizon, Period, PeriodKind, kind_of_label, periods_of

LIABILITY = "points_liability"
LIABILITY_TITLE = "Points liability"


@dataclass(frozen=True, slots=True)
class Limit:
    """One amount in cents that must not be exceeded in one period.

    `ceiling` is the key of the budget that sets it, such as `ceilings.coupon_discount.quarter`. For a benefit, what is
    spent since the period opened counts; for the liability what is owed, on the last day if `at_end`, else on any.
    """

    ceiling: str
    benefit: str
    title: str
    kind: str
    period: Period
    amount: int
    at_end: bool = False


def limits_of(budget: Budget, first: datetime.date, after: datetime.date) -> tuple[Limit, ...]:
    """Return the limits of a budget in the horizon from `first` to the day before `after`, in the file's order."""
    horizon = Horizon(first, after, budget.fiscal_year_starts)
    found = [limit for name, ceiling in budget.ceilings.items() for limit in _limits(name, ceiling, horizon)]
    owed = budget.points_liability
    if owed is not None and owed.year_end is not None:
        for end in horizon.year_ends:
            last = (end - first).days
            opens = next(one.first for one in periods_of(PeriodKind.YEAR, horizon) if one.first <= last < one.after)
            period = Period(str(end), opens, last + 1, is_whole=True)
            found.append(Limit(f"{LIABILITY}.year_end", LIABILITY, LIABILITY_TITLE, "year end", period,
                               owed.year_end, at_end=True))  # fmt: skip
    if owed is not None and owed.any_day is not None:
        period = Period("horizon", 0, horizon.days, is_whole=True)
        found.append(Limit(f"{LIABILITY}.any_day", LIABILITY, LIABILITY_TITLE, "any day", period, owed.any_day))
    return tuple(found)


def _limits(name: str, ceiling: Ceiling, horizon: Horizon) -> list[Limit]:
    found = []
    single = {label: kind_of_label(label) for label in ceiling.by_period}
    for kind in PeriodKind:
        amount = ceiling.amount_for(kind)
        for period in periods_of(kind, horizon):
            own = ceiling.by_period.get(period.label) if single.get(period.label) is kind else None
            limit = own if own is not None else amount
            if limit is not None:
                # a single period belongs to the ceiling whose place it takes, and is one of its own where there is none
                key = kind.value if amount is not None else f"by_period.{period.label}"
                title = CAPPED_BENEFITS[name]
                found.append(Limit(f"ceilings.{name}.{key}", name, title, kind.value, period, limit))
    return found


def reached(limit: Limit, series: NDArray[np.int64]) -> int:
    """Return the cents at the end of the limit's period, of those on its worst day for a liability on any day.

    `series` is the benefit's cost by day, or the liability by evening (shape: days).
    """
    inside = series[limit.period.first : limit.period.after]
    if limit.benefit != LIABILITY:
        return int(inside.sum())
    return int(inside[-1] if limit.at_end else inside.max())


def breaks_on(limit: Limit, series: NDArray[np.int64]) -> int | None:
    """Return the day, from the first of the horizon, on which a run breaks a limit; None where it keeps it.

    For a benefit it is the first day in whose evening more has been spent since the period opened. For the liability on
    any day it is the first evening above the limit; at a year's end, the day since which it has been above it.
    """
    inside = series[limit.period.first : limit.period.after]
    above = (inside.cumsum() if limit.benefit != LIABILITY else inside) > limit.amount
    if limit.at_end:
        if not above[-1]:
            return None
        kept = np.flatnonzero(~above)
        return limit.period.first + (int(kept[-1]) + 1 if len(kept) else 0)
    days = np.flatnonzero(above)
    return limit.period.first + int(days[0]) if len(days) else None
