"""Dates of one shopper, worked out from day numbers: the same day some months later, and the end of a calendar period.

Serves the rules that promise something to a date, such as a tier that is kept to the end of the next quarter. Days
count from the start of the warm-up, and `first_date` of the market says which date that is. From days to dates and back
by the algorithms of Howard Hinnant ("chrono-compatible low-level date algorithms", 2013).
"""

from __future__ import annotations

from .compiled import mechanic
from .market import Market

DAYS_AN_ERA = 146_097
"""Days of 400 Gregorian years."""

FIRST_OF_MARCH_0 = 306
"""Ordinal of 1 January of year 1, counted from 1 March of year 0, the day on which the algorithm's years begin."""


@mechanic
def year_and_month(day: int, m: Market) -> tuple[int, int, int]:
    """Return year, month (1 to 12) and day of the month of `day`."""
    count = m.first_date + day - 1 + FIRST_OF_MARCH_0
    era = count // DAYS_AN_ERA
    in_era = count - era * DAYS_AN_ERA
    year = (in_era - in_era // 1460 + in_era // 36_524 - in_era // 146_096) // 365
    in_year = in_era - (365 * year + year // 4 - year // 100)
    from_march = (5 * in_year + 2) // 153
    month = from_march + 3 if from_march < 10 else from_march - 9
    return year + era * 400 + (1 if month <= 2 else 0), month, in_year - (153 * from_march + 2) // 5 + 1


@mechanic
def day_number(year: int, month: int, day_of_month: int, m: Market) -> int:
    """Return the day of a date."""
    year -= 1 if month <= 2 else 0
    era = year // 400
    in_era = year - era * 400
    from_march = month - 3 if month > 2 else month + 9
    in_year = (153 * from_march + 2) // 5 + day_of_month - 1
    count = era * DAYS_AN_ERA + in_era * 365 + in_era // 4 - in_era // 100 + in_year
    return count - FIRST_OF_MARCH_0 + 1 - m.first_date


@mechanic
def months_later(day: int, months: int, m: Market) -> int:
    """Return the same day of the month `months` later, or the last day of a month that is too short."""
    year, month, day_of_month = year_and_month(day, m)
    number = year * 12 + month - 1 + months
    first = day_number(number // 12, number % 12 + 1, 1, m)
    following = day_number((number + 1) // 12, (number + 1) % 12 + 1, 1, m)
    return min(first + day_of_month - 1, following - 1)


@mechanic
def period_opening(day: int, period_months: int, periods: int, m: Market) -> int:
    """Return the day on which a calendar period of 1, 3 or 12 months opens: that of `day` or `periods` after it."""
    year, month, _ = year_and_month(day, m)
    number = (year * 12 + month - 1) // period_months * period_months + periods * period_months
    return day_number(number // 12, number % 12 + 1, 1, m)
