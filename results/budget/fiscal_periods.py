"""Months, quarters and fiscal years of a horizon, by the names that finance gives them.

Serves the budget check. A fiscal year is called by the calendar year in which it ends, a quarter by its fiscal year.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from enum import Enum

FORMS = "write 2026-11 for a month, 2026-Q4 for a quarter, FY2026 for a fiscal year"
"""How periods are written, for messages."""


class PeriodKind(Enum):
    """The kinds of periods that a ceiling can hold for."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    HORIZON = "horizon"


_FORMS = {
    PeriodKind.MONTH: re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])", re.ASCII),
    PeriodKind.QUARTER: re.compile(r"[0-9]{4}-Q[1-4]", re.ASCII),
    PeriodKind.YEAR: re.compile(r"FY[0-9]{4}", re.ASCII),
}


@dataclass(frozen=True, slots=True)
class Horizon:
    """The first day of a horizon, the day after its last, and the month in which fiscal years open (1 to 12)."""

    first: datetime.date
    after: datetime.date
    year_starts: int = 1

    @property
    def told(self) -> str:
        """Return the first and the last day, as messages tell them."""
        return f"{self.first} to {self.after - datetime.timedelta(days=1)}"

    @property
    def days(self) -> int:
        """Return the number of days."""
        return (self.after - self.first).days

    @property
    def year_ends(self) -> tuple[datetime.date, ...]:
        """Return the last days of the fiscal years that end in the horizon, in order."""
        ends = []
        for year in range(self.first.year, self.after.year + 2):
            end = datetime.date(year, self.year_starts, 1) - datetime.timedelta(days=1)
            if self.first <= end < self.after:
                ends.append(end)
        return tuple(ends)


@dataclass(frozen=True, slots=True)
class Period:
    """A period of a horizon: its name, its first day and the day after its last, both counted from the first day.

    `is_whole` is False where the horizon holds only a part of it.
    """

    label: str
    first: int
    after: int
    is_whole: bool


def kind_of_label(label: str) -> PeriodKind | None:
    """Return which kind of period a name such as `2026-Q4` means; None if it is no name of a period."""
    return next((kind for kind, form in _FORMS.items() if form.fullmatch(label)), None)


def periods_of(kind: PeriodKind, horizon: Horizon) -> tuple[Period, ...]:
    """Return the periods of a kind that have a day in the horizon, in order."""
    if kind is PeriodKind.HORIZON:
        return (Period("horizon", 0, horizon.days, is_whole=True),)
    months = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}[kind]
    number = horizon.first.year * 12 + horizon.first.month - horizon.year_starts
    number -= number % months
    found = []
    while (first := _first_day(number + horizon.year_starts - 1)) < horizon.after:
        after = _first_day(number + months + horizon.year_starts - 1)
        if after > horizon.first:
            inside = max(first, horizon.first), min(after, horizon.after)
            start, end = ((day - horizon.first).days for day in inside)
            found.append(Period(_label(kind, first, horizon.year_starts), start, end, inside == (first, after)))
        number += months
    return tuple(found)


def _first_day(month: int) -> datetime.date:
    """Return the first day of a month by its number, twelve times the year plus the months before it."""
    return datetime.date(month // 12, month % 12 + 1, 1)


def _label(kind: PeriodKind, first: datetime.date, year_starts: int) -> str:
    if kind is PeriodKind.MONTH:
        return f"{first:%Y-%m}"
    # a fiscal year that opens in January ends in the same calendar year, every other one in the next
    year = first.year + (year_starts > 1 and first.month >= year_starts)
    if kind is PeriodKind.YEAR:
        return f"FY{year}"
    return f"{year}-Q{(first.month - year_starts) % 12 // 3 + 1}"
