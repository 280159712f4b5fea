"""The last day on which points can be used, from the day on which they were earned.

Serves the expiry of points and its tests. Points are gone at midnight, on the morning after their last day.
"""

from __future__ import annotations

from .compiled import mechanic
from .dates import day_number, months_later, year_and_month
from .market import Market


@mechanic
def last_day_after_months(earned: int, months: int, period: int, m: Market) -> int:
    """Return the last day of points earned on day `earned`: `months` later, and from there to the end of the period.

    `period` is in months, counted from January: 1, 3 (quarter) or 12 (year); 0 is to the day, where a month that is too
    short gives its last day.
    """
    if period == 0:
        return months_later(earned, months, m)
    year, month, _ = year_and_month(earned, m)
    number = (year * 12 + month - 1 + months) // period * period + period
    return day_number(number // 12, number % 12 + 1, 1, m) - 1
