"""The days of a campaign as rules: fixed dates, monthly days, nth weekdays, lunar dates, and each member's own days.

Serves campaigns. An occasion of the calendar turns into day ranges year by year; a personal occasion (birthday, first
order, silence) starts on a day that only the member's own history tells, which the simulation looks up.
"""

from __future__ import annotations

import calendar
import datetime
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

from borax.calendars.lunardate import LCalendars, LunarDate

FIRST_LUNAR_YEAR = 1900
"""First year that the tables of the lunar calendar cover."""

LAST_LUNAR_YEAR = 2100
"""Last year that the tables of the lunar calendar cover."""

LEAP_YEAR = 2000
"""A year in which every day of the solar year exists, to check dates that recur."""

DayRange = tuple[datetime.date, datetime.date]
"""First and last day, both included."""


class Personal(IntEnum):
    """What starts a member's own occasion."""

    BIRTHDAY = 1
    BIRTHDAY_MONTH = 2
    JOINING = 3
    """The day of the first order, in every later year."""
    TIER_UPGRADE = 4
    ORDERS = 5
    """Every so many orders; a member orders at most once a day, so these are days of purchase as well."""
    FIRST_ORDER = 6
    SILENCE = 7
    """So many days after the last order."""
    CHALLENGE = 8
    """The last step of a challenge."""
    REVIEWS = 9
    """Every so many reviews of orders."""


@dataclass(frozen=True, slots=True)
class Occasion(ABC):
    """Days on which something is on, with days before and after them."""

    before: int = 0
    """Days before the day itself."""
    after: int = 0
    """Days after it."""

    @abstractmethod
    def own_days(self, year: int) -> Iterator[DayRange]:
        """Yield the ranges of a solar year without the days before and after; none for a personal occasion."""

    def days(self, year: int) -> Iterator[DayRange]:
        """Yield the ranges that belong to a solar year, with the days before and after."""
        early, late = datetime.timedelta(days=self.before), datetime.timedelta(days=self.after)
        for first, last in self.own_days(year):
            yield first - early, last + late


@dataclass(frozen=True, slots=True)
class Always(Occasion):
    """Every day; a calendar year counts as one occasion."""

    def own_days(self, year: int) -> Iterator[DayRange]:
        """Yield the year."""
        yield datetime.date(year, 1, 1), datetime.date(year, 12, 31)


@dataclass(frozen=True, slots=True)
class YearDay(Occasion):
    """A fixed date of every year, or a range that may run over New Year; 29 February exists in leap years only."""

    month: int = 1
    day: int = 1
    last_month: int = 1
    last_day: int = 1

    def own_days(self, year: int) -> Iterator[DayRange]:
        """Yield the range that begins in the year, if its first day exists."""
        if self.day > calendar.monthrange(year, self.month)[1]:
            return
        over = (self.last_month, self.last_day) < (self.month, self.day)
        end_year = year + 1 if over else year
        last = min(self.last_day, calendar.monthrange(end_year, self.last_month)[1])
        yield datetime.date(year, self.month, self.day), datetime.date(end_year, self.last_month, last)


@dataclass(frozen=True, slots=True)
class MonthDay(Occasion):
    """Days of every month; the 31st is the last day of a shorter month."""

    day: int = 1
    last_day: int = 1

    def own_days(self, year: int) -> Iterator[DayRange]:
        """Yield twelve ranges."""
        for month in range(1, 13):
            length = calendar.monthrange(year, month)[1]
            first, last = min(self.day, length), min(self.last_day, length)
            yield datetime.date(year, month, first), datetime.date(year, month, last)


@dataclass(frozen=True, slots=True)
class Weekday(Occasion):
    """The nth weekday of every month or of one: `second tuesday`, `last friday of november`."""

    nth: int = 1
    """1 to 4, or -1 for the last."""
    weekday: int = 0
    """0 is Monday."""
    month: int = 0
    """1 to 12; 0 is every month."""

    def own_days(self, year: int) -> Iterator[DayRange]:
        """Yield one day for each month meant."""
        for month in [self.month] if self.month else range(1, 13):
            first, length = calendar.monthrange(year, month)
            days = range(1 + (self.weekday - first) % 7, length + 1, 7)
            date = datetime.date(year, month, days[self.nth - 1 if self.nth > 0 else -1])
            yield date, date


@dataclass(frozen=True, slots=True)
class Lunar(Occasion):
    """A date of the Chinese lunar calendar, every year or in one; years that lack the day are left out."""

    month: int = 1
    day: int = 1
    is_leap: bool = False
    """Whether the leap month of that number is meant."""
    year: int = 0
    """The lunar year; 0 is every year."""

    def own_days(self, year: int) -> Iterator[DayRange]:
        """Yield the day of the lunar date in the solar year; months 11 and 12 may fall into the next one."""
        for lunar_year in (year - 1, year):
            date = self.solar(lunar_year) if self.year in {0, lunar_year} else None
            if date is not None and date.year == year:
                yield date, date

    def solar(self, lunar_year: int) -> datetime.date | None:
        """Return the solar date in a lunar year, None where that year has no such day or no table."""
        if not FIRST_LUNAR_YEAR <= lunar_year <= LAST_LUNAR_YEAR:
            return None
        try:
            date: datetime.date = LunarDate(lunar_year, self.month, self.day, int(self.is_leap)).to_solar_date()
        except ValueError:
            return None
        return date


@dataclass(frozen=True, slots=True)
class OneOff(Occasion):
    """Days of one year only."""

    first: datetime.date = datetime.date.min
    last: datetime.date = datetime.date.min

    def own_days(self, year: int) -> Iterator[DayRange]:
        """Yield the range in the year in which it begins."""
        if self.first.year == year:
            yield self.first, self.last


@dataclass(frozen=True, slots=True)
class OwnDay(Occasion):
    """A member's own occasion; `count` is the number of orders, of reviews or of silent days where the kind has one."""

    kind: Personal = Personal.BIRTHDAY
    count: int = 0

    def own_days(self, year: int) -> Iterator[DayRange]:
        """Yield nothing: the calendar does not know a member's own days."""
        yield from ()


def leap_month_occurs(month: int) -> bool:
    """Return whether the lunar calendar ever has this leap month between 1900 and 2100."""
    return any(LCalendars.leap_month(year) == month for year in range(FIRST_LUNAR_YEAR, LAST_LUNAR_YEAR + 1))


def day_ranges(occasions: Iterable[Occasion], first: datetime.date, last: datetime.date) -> list[DayRange]:
    """Return the ranges of all occasions that touch `first` to `last`, in order; those that overlap are joined.

    Ranges that only follow each other stay apart: each is an occasion of its own.
    """
    years = range(first.year - 1, last.year + 2)
    found = sorted(
        (start, end)
        for occasion in occasions
        for year in years
        for start, end in occasion.days(year)
        if start <= last and end >= first
    )
    joined: list[DayRange] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


def widened(occasion: Occasion, before: int, after: int) -> Occasion:
    """Return the occasion with days before and after it."""
    return replace(occasion, before=before, after=after)


def personal_occasion(occasions: Iterable[Occasion]) -> OwnDay | None:
    """Return the personal occasion among `occasions`, None where the calendar alone tells the days."""
    return next((one for one in occasions if isinstance(one, OwnDay)), None)
