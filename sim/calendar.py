"""The calendar of a world: on which day each month starts, and what season a day has.

Serves the office and everything that reports by month. Days count from the start of the warm-up; months are real
calendar months; the scenario's start date is launch day, the first of the horizon.
"""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from memberlab.policies import Occasion, day_ranges
from memberlab.scenarios import Scenario

MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
MONTHS_KNOWN = 60
"""Months before the horizon in a world that opens with members: so far back reach the days of what they did."""

MONTHS_AHEAD = 26
"""Months kept beyond the horizon, so that expiry and terms that reach past the end have a date."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Month starts in days; `launch_month` is the first month of the horizon, `end_month` the first one after it."""

    start: datetime.date
    month_starts: tuple[int, ...]
    launch_month: int
    end_month: int

    @property
    def launch(self) -> int:
        """Return the day on which warm-up ends and arms part."""
        return self.month_starts[self.launch_month]

    @property
    def end(self) -> int:
        """Return the day after the horizon's last."""
        return self.month_starts[self.end_month]

    def month_of(self, day: int) -> int:
        """Return the number of the month that holds `day`, counted from the start of the warm-up."""
        return bisect_right(self.month_starts, day) - 1

    def date_of(self, day: int) -> datetime.date:
        """Return the calendar date of `day`."""
        return self.start + datetime.timedelta(days=day)

    def days_of(self, occasions: Sequence[Occasion], today: int) -> list[tuple[int, int]]:
        """Return the occasions from `today` on as first day and the day after the last, in order."""
        ranges = day_ranges(occasions, self.date_of(today), self.date_of(self.month_starts[-1]))
        return [((first - self.start).days, (last - self.start).days + 1) for first, last in ranges]

    def season_on(self, day: int, season: Mapping[str, Decimal]) -> float:
        """Return the demand multiplier of the month of `day`; 1 without a season."""
        name = MONTH_NAMES[(self.start.month - 1 + self.month_of(day)) % 12]
        return float(season.get(name, 1))


def calendar_of(scenario: Scenario) -> Calendar:
    """Return the calendar of a scenario, from the first day of the warm-up on, or of what is known of its members."""
    before = scenario.warm_up.months if scenario.population.members is None else MONTHS_KNOWN
    months = before + scenario.horizon.months
    opening = first_of_month(scenario.start, -before)
    starts = tuple((first_of_month(opening, month) - opening).days for month in range(months + MONTHS_AHEAD))
    return Calendar(opening, starts, before, months)


def first_of_month(date: datetime.date, months: int) -> datetime.date:
    """Return the first day of the month that lies `months` after (or before) the month of `date`."""
    years, index = divmod(date.month - 1 + months, 12)
    return datetime.date(date.year + years, index + 1, 1)
