"""The last day of points, against the calendar of the standard library and the vendors' vectors."""

from __future__ import annotations

import datetime
import importlib
from functools import cache
from typing import Any

import numpy as np
import pytest

from memberlab.sim import World

from .worlds import full_policy, small_scenario

Date = datetime.date


@cache
def market() -> tuple[Date, Any]:
    world: Any = World(full_policy(), small_scenario(start="1999-12-01", population__shoppers=1))
    return world.calendar.start, world._market.view(np.recarray)[0]


def last_day(earned: Date, months: int, period: int) -> Date:
    rules: Any = importlib.import_module("memberlab.sim.last_days")
    start, record = market()
    day = rules.last_day_after_months((earned - start).days, months, period, record)
    return Date.fromordinal(start.toordinal() + day)


@pytest.mark.parametrize(
    ("earned", "months", "period", "expected"),
    [
        (Date(2026, 1, 22), 0, 1, Date(2026, 1, 31)),  # end of month: gone at midnight 1 February
        (Date(2026, 1, 22), 0, 12, Date(2026, 12, 31)),  # end of year: gone at midnight 1 January
        (Date(2026, 1, 31), 1, 0, Date(2026, 2, 28)),
        (Date(2024, 1, 31), 1, 0, Date(2024, 2, 29)),
        (Date(2100, 1, 31), 1, 0, Date(2100, 2, 28)),
        (Date(2000, 1, 30), 1, 0, Date(2000, 2, 29)),
        (Date(2026, 1, 22), 1, 1, Date(2026, 2, 28)),  # one month, rounded to the end of the month
        (Date(2026, 1, 22), 1, 3, Date(2026, 3, 31)),
        (Date(2026, 3, 31), 0, 3, Date(2026, 3, 31)),
        (Date(2026, 12, 31), 3, 3, Date(2027, 3, 31)),
        (Date(2026, 11, 30), 3, 0, Date(2027, 2, 28)),
        (Date(2026, 2, 28), 12, 0, Date(2027, 2, 28)),
    ],
)
def test_the_last_day_of_points(earned: Date, months: int, period: int, expected: Date) -> None:
    assert last_day(earned, months, period) == expected


def test_months_to_the_day_agree_with_the_calendar_for_four_centuries() -> None:
    draws = np.random.default_rng(3)
    for _ in range(300):
        earned = Date.fromordinal(int(draws.integers(Date(1900, 1, 1).toordinal(), Date(2300, 1, 1).toordinal())))
        months = int(draws.integers(0, 25))
        year, index = divmod(earned.year * 12 + earned.month - 1 + months, 12)
        following = Date(year + (index == 11), (index + 1) % 12 + 1, 1)
        month_end = following - datetime.timedelta(days=1)
        expected = min(Date(year, index + 1, 1) + datetime.timedelta(days=earned.day - 1), month_end)
        assert last_day(earned, months, 0) == expected
