"""When shocks are on: first day, full size, first day of fading and end, and whether that fits the horizon.

Serves the scenario, which refuses times that cannot be, and the office and the explanation, which follow them.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from .shocks import Shock, part

Faults = dict[tuple[str | int, ...], str]
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a shock: it grows from `first` on, is whole from `full` on, fades from `fading` on, is over by
    `over`.
    """

    first: datetime.date
    full: datetime.date
    fading: datetime.date
    over: datetime.date

    def size_on(self, day: datetime.date) -> float:
        """Return how much of the shock there is: 0 none, 1 all of it.

        Of n days of growing the first has 1/(n + 1) of it and the last n/(n + 1); fading is the same backwards.
        """
        if day < self.first or day >= self.over:
            return 0.0
        if day < self.full:
            return ((day - self.first).days + 1) / ((self.full - self.first).days + 1)
        if day >= self.fading:
            return 1.0 - ((day - self.fading).days + 1) / ((self.over - self.fading).days + 1)
        return 1.0

    def changes(self) -> Iterator[datetime.date]:
        """Yield the days on which its size changes, in order."""
        yield from _days(self.first, self.full)
        yield self.full
        yield from _days(self.fading, self.over)
        yield self.over


def _days(first: datetime.date, after: datetime.date) -> Iterator[datetime.date]:
    for number in range((after - first).days):
        yield first + number * DAY


def span_of(shock: Shock, start: datetime.date, horizon_months: int) -> Span:
    """Return the days of a shock in a horizon that begins on `start`; recovery may lie after its end."""
    first = shock.from_date or months_later(start, (shock.from_month or 1) - 1)
    full = _after(first, shock.ramp_months, shock.ramp_days)
    if shock.until_month is not None:
        fading = months_later(start, shock.until_month)
    elif shock.until_date is not None:
        fading = shock.until_date + DAY
    elif shock.lasts_months is not None or shock.lasts_days is not None:
        fading = _after(first, shock.lasts_months, shock.lasts_days)
    else:
        fading = max(full, months_later(start, horizon_months))
    return Span(first, full, fading, _after(fading, shock.recovery_months, shock.recovery_days))


def _after(day: datetime.date, months: int | None, days: int | None) -> datetime.date:
    return months_later(day, months or 0) + datetime.timedelta(days=days or 0)


def months_later(day: datetime.date, months: int) -> datetime.date:
    """Return the same day of the month `months` later, or the last of a month that is too short."""
    years, index = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, index + 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def shock_faults(written: object, horizon_months: int | None, start: datetime.date | None) -> Faults:
    """Return what is wrong with shocks among themselves and against the horizon, by path below `shocks`."""
    faults: Faults = {}
    known: dict[str, Span | None] = {}
    for position, one in enumerate(written if isinstance(written, list | tuple) else ()):
        shock = _read(one)
        span = None
        if shock is not None and horizon_months is not None and start is not None:
            found, span = _faults_in_horizon(shock, start, horizon_months)
            faults |= {(position, key): message for key, message in found.items()}
        else:
            for key in ("from_month", "until_month"):
                if message := after_horizon(part(one, key), horizon_months):
                    faults[position, key] = message
        name = shock.name if shock is not None else part(one, "name")
        if isinstance(name, str):
            if name in known:
                faults[position, "name"] = _same_name(name, known[name], span)
            known[name] = span
    return faults


def _same_name(name: str, earlier: Span | None, later: Span | None) -> str:
    """Return the message for a name that an earlier shock has."""
    message = f"'{name}' names an earlier shock; give each its own name"
    if earlier is None or later is None or later.first >= earlier.over or earlier.first >= later.over:
        return message
    both = max(earlier.first, later.first), min(earlier.over, later.over) - DAY
    return f"{message} (both are on from {both[0]} to {both[1]}, where they multiply)"


def _read(written: object) -> Shock | None:
    """Return a shock that may be written as a mapping or be a model already; None if it cannot be read."""
    if isinstance(written, Shock):
        return written
    try:
        return Shock.model_validate(written)
    except ValidationError:
        return None


def _faults_in_horizon(shock: Shock, start: datetime.date, months: int) -> tuple[dict[str, str], Span | None]:
    """Return what is wrong with the times of a shock by key, and its days if they can be told."""
    end = months_later(start, months)
    faults: dict[str, str] = {}
    for key in ("from_month", "until_month"):
        if message := after_horizon(getattr(shock, key), months):
            faults[key] = message
    for key in ("from_date", "until_date"):
        day = getattr(shock, key)
        if day is not None and day >= end:
            faults[key] = f"{day} is after the last day of the horizon; write {end - DAY} or an earlier day"
        elif day is not None and day < start:
            faults[key] = f"{day} is before the first day of the horizon; write {start} or a later day"
    if faults:
        return faults, None
    span = span_of(shock, start, months)
    if span.fading <= span.first:
        key = "until_month" if shock.until_month is not None else "until_date"
        return {key: f"the shock would end before it starts, on {span.first}; write a later end"}, None
    if span.full > span.fading:
        key = "ramp_months" if shock.ramp_months is not None else "ramp_days"
        beyond = f"{getattr(shock, key)} reaches beyond the end of the shock, {span.fading - DAY}"
        return {key: f"{beyond}; write less, or a later end"}, None
    return {}, span


def after_horizon(month: object, horizon_months: int | None) -> str | None:
    """Return what is wrong with a written *month* that lies after the horizon; None if that cannot be said."""
    if isinstance(month, int) and horizon_months is not None and month > horizon_months:
        return f"{month} is after the last month of the horizon; write {horizon_months} or less"
    return None
