"""Rhythm: on which days shoppers come, on top of their own rate.

Serves the population. Every multiplier is one of the hazard of a visit, the same for all shoppers; the drift alone is
each shopper's own. A scenario's `season` comes on top of a rhythm's `weeks`: have one of them.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from memberlab.policies import CountNotation, NumberNotation, Section, fault

MONTH_LENGTHS = tuple(calendar.monthrange(2023, month)[1] for month in range(1, 13))

DAYS_A_YEAR = {
    "weekdays": (1,) * 7,
    "month_days": tuple(sum(day < length for length in MONTH_LENGTHS) for day in range(31)),
    "weeks": (7,) * 52 + (1,),
    "basket_weeks": (7,) * 52 + (1,),
}
"""How often each multiplier counts in a year of 365 days, over which their mean is 1."""

OFF_MEAN = 0.005
"""How far the mean of multipliers may be from 1."""

MOST_GAPS = 28
"""Days after a visit that may have a multiplier of their own."""

MOST_DRIFTS = 4
"""Components that a drift may have."""

Multiplier = Annotated[float, NumberNotation(minimum=0, maximum=100, unit="times the average")]
Multipliers = Annotated[tuple[Multiplier, ...], Field(strict=False)]


class Drift(Section):
    """One component of the wandering of a shopper's log rate: normal, anew for each block of so many weeks."""

    weeks: Annotated[int, CountNotation("weeks", minimum=1, maximum=520)]
    """Length of a block; blocks of different shoppers begin on different days."""
    spread: Annotated[float, NumberNotation(minimum=0, maximum=3, unit="log units")]
    """Standard deviation of the log rate over blocks."""


class Rhythm(Section):
    """When shoppers come; each part left out has no effect."""

    weekdays: Multipliers = ()
    """Multipliers by day of the week: 7 numbers, Monday first, with mean 1. First orders keep to them as well."""
    month_days: Multipliers = ()
    """Multipliers by day of the month, for month starts and pay days: 31 numbers with mean 1 over a year's days."""
    weeks: Multipliers = ()
    """Multipliers by week of the year, for holidays and seasons: 53 numbers with mean 1 over a year's days. Week 1 is
    1 to 7 January; the last has the one or two days that are left."""
    basket_weeks: Multipliers = ()
    """Multipliers of the value of baskets by week of the year: 53 numbers with mean 1 over a year's days."""
    gaps: Multipliers = ()
    """Multipliers on the first, second ... day after the last visit, for regularity, restocking and habits: up to 28
    numbers; later days have 1. They shift visits in time, and a shopper's rate stays."""
    drift: Annotated[tuple[Drift, ...], Field(strict=False)] = ()
    """How a shopper's own rate wanders: up to 4 components, which add up on the log scale; the mean rate stays."""

    @field_validator("weekdays", "month_days", "weeks", "basket_weeks")
    @classmethod
    def _have_mean_one(cls, multipliers: tuple[float, ...], info: ValidationInfo) -> tuple[float, ...]:
        days = DAYS_A_YEAR[str(info.field_name)]
        if not multipliers:
            return multipliers
        if len(multipliers) != len(days):
            raise fault(f"{len(multipliers)} multipliers; write {len(days)} of them")
        mean = mean_of(multipliers, days)
        if abs(mean - 1) > OFF_MEAN:
            mend = "divide each by it, so that it is 1" if mean > 0 else "write numbers with mean 1"
            raise fault(f"the mean of the multipliers over the days of a year is {mean:.4g}; {mend}")
        return multipliers

    @field_validator("gaps")
    @classmethod
    def _are_not_too_many(cls, gaps: tuple[float, ...]) -> tuple[float, ...]:
        if len(gaps) > MOST_GAPS:
            raise fault(f"{len(gaps)} multipliers; write {MOST_GAPS} or fewer, for the first days after a visit")
        return gaps

    @field_validator("drift")
    @classmethod
    def _has_few_components(cls, drift: tuple[Drift, ...]) -> tuple[Drift, ...]:
        if len(drift) > MOST_DRIFTS:
            raise fault(f"{len(drift)} components; write {MOST_DRIFTS} or fewer")
        return drift


def mean_of(multipliers: Sequence[float], days: Sequence[int]) -> float:
    """Return the mean of multipliers that count on so many days each."""
    return sum(one * count for one, count in zip(multipliers, days, strict=True)) / sum(days)


def with_mean_one(part: str, multipliers: Sequence[float]) -> tuple[float, ...]:
    """Return the multipliers of a part (`weekdays`, `month_days`, `weeks`, `basket_weeks`) divided by their mean over
    a year's days, as a rhythm wants them. Raises ValueError for a wrong number of them or a mean of 0.
    """
    mean = mean_of(multipliers, DAYS_A_YEAR[part])
    if mean <= 0:
        raise ValueError(f"the multipliers of {part} have mean {mean:g}")
    return tuple(one / mean for one in multipliers)
