"""Weekdays, days of the month and weeks of the year: how lively each is, told from daily totals and shrunk to 1.

Serves the fit. What a pattern shows beyond the noise of its own estimate is kept (empirical Bayes: Morris, 1983); a
window too short for a pattern leaves it at 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .base_process import MONTH_DAYS, WEEKS_OF_THE_YEAR, ones
from .process_simulation import calendar_of_days
from .visit_log import WEEK, FloatArray, IntegerArray, VisitLog
from .visit_statistics import weekly_residuals

ROUNDS = 20
"""Rounds of iterative proportional fitting; the three patterns are nearly orthogonal, so that few are needed."""

EVENT = 3.0
"""Standard errors beyond which a multiplier is no chance among ordinary ones."""

NORMAL_MEDIAN = 1.4826
"""Standard deviation of a normal over the median of its size."""

FEWEST_WEEKS_A_YEAR = 52
FEWEST_DAYS_OF_MONTHS = 84
"""Weeks below which the year is not identified, and days below which the days of the month are not."""


def daily_totals(log: VisitLog) -> FloatArray:
    """Return visits on each day of the log (shape: days)."""
    return np.bincount(log.day, minlength=log.days).astype(np.float64)


def raw_patterns(total: FloatArray, kinds: tuple[IntegerArray, ...], expected: FloatArray) -> list[FloatArray]:
    """Return multipliers by kind of day so that total = expected x their product, each of mean 1 over the days.

    `kinds` number the kind of each day (shape: days) in each of several patterns; kinds that do not occur have 1.
    """
    patterns = [ones(int(kind.max()) + 1) for kind in kinds]
    for _ in range(ROUNDS):
        for place, kind in enumerate(kinds):
            others = expected.copy()
            for other, pattern in enumerate(patterns):
                if other != place:
                    others = others * pattern[kinds[other]]
            base = np.bincount(kind, others, minlength=len(patterns[place]))
            seen = np.bincount(kind, total, minlength=len(patterns[place]))
            found = np.where(base > 0, seen / np.where(base > 0, base, 1.0), 1.0)
            patterns[place] = np.where(base > 0, np.maximum(found, 1e-3), 1.0)
        for place, kind in enumerate(kinds):
            patterns[place] = patterns[place] / patterns[place][kind].mean()
    return patterns


def shrunk(pattern: FloatArray, error: FloatArray) -> FloatArray:
    """Return multipliers drawn to 1 by the noise of their estimates; those far beyond it are events, kept as they are.

    `error` holds standard errors, 0 where nothing was seen. Ordinary kinds have a common spread, from which the weight
    of their own estimate follows; a holiday week is none of them (two groups: Efron, 2008).
    """
    seen = error > 0
    if seen.sum() < 3:
        return pattern
    excess = pattern - 1
    is_event = seen & (np.abs(excess) > EVENT * error)
    ordinary = seen & ~is_event
    spread = max(float(np.mean(excess[ordinary] ** 2 - error[ordinary] ** 2)), 0.0) if ordinary.any() else 0.0
    weight = np.where(ordinary, spread / np.maximum(spread + error**2, 1e-12), 1.0)
    return np.asarray(1 + excess * weight)


def errors_of(pattern: FloatArray, kind: IntegerArray, total: FloatArray, fitted: FloatArray) -> FloatArray:
    """Return the standard errors of multipliers by kind of day, from the residuals of single days.

    Their spread is taken from the median of their size, so that one day on which the shop was closed does not count
    for chance.
    """
    number = np.bincount(kind, minlength=len(pattern)).astype(np.float64)
    freedom = len(total) / max(len(total) - int((number > 0).sum()), 1)
    noise = NORMAL_MEDIAN * float(np.median(np.abs(total / np.maximum(fitted, 1e-12) - 1))) * freedom**0.5
    return np.where(number > 0, noise / np.sqrt(np.maximum(number, 1)), 0.0)


@dataclass(frozen=True)
class CalendarPattern:
    """Multipliers of weekdays (7), days of the month (31) and weeks of the year (53) as they were seen, their standard
    errors (0 where nothing was seen), and where each comes from.
    """

    multipliers: tuple[FloatArray, FloatArray, FloatArray]
    errors: tuple[FloatArray, FloatArray, FloatArray]
    learnt: dict[str, str]

    def without_noise(self, made: CalendarPattern | None = None) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the multipliers shrunk by their noise and scaled to mean 1; of the ratio to `made`, if given."""
        found = []
        for place, (seen, error) in enumerate(zip(self.multipliers, self.errors, strict=True)):
            ratio = seen if made is None else seen / np.maximum(made.multipliers[place], 1e-3)
            without = shrunk(ratio, error)
            found.append(np.maximum(without / without.mean(), 1e-3))
        return found[0], found[1], found[2]


def fit_patterns(log: VisitLog) -> CalendarPattern:
    """Return the pattern of a log; what its window is too short for stays at 1."""
    weekday, month_day, week = calendar_of_days(log.first_day, log.days)
    total, learnt = daily_totals(log), {"rhythm.weekdays": "log"}
    flat = np.zeros(log.days, dtype=np.int64)
    months_told, year_told = log.days >= FEWEST_DAYS_OF_MONTHS, log.weeks >= FEWEST_WEEKS_A_YEAR
    learnt["rhythm.month_days"] = "log" if months_told else f"not identified: {log.days} days of log are too few"
    learnt["rhythm.weeks"] = "log" if year_told else f"not identified: {log.weeks} weeks of log are less than a year"
    kinds = (weekday, month_day if months_told else flat, week if year_told else log_weeks(log))
    expected = np.full(log.days, total.mean())
    patterns = raw_patterns(total, kinds, expected)
    fitted = expected * np.prod([pattern[kind] for pattern, kind in zip(patterns, kinds, strict=True)], axis=0)
    errors = [errors_of(pattern, kind, total, fitted) for pattern, kind in zip(patterns, kinds, strict=True)]
    if year_told:
        number = np.bincount(week, minlength=len(errors[2]))
        errors[2] = np.where(number > 0, weekly_error(log) * np.sqrt(WEEK / np.maximum(number, 1)), 0.0)
    told = (True, months_told, year_told)
    lengths = (WEEK, MONTH_DAYS, WEEKS_OF_THE_YEAR)
    full = [
        _filled(pattern, length, 1.0) if is_told else ones(length)
        for pattern, length, is_told in zip(patterns, lengths, told, strict=True)
    ]
    known = [
        _filled(error, length, 0.0) if is_told else np.zeros(length)
        for error, length, is_told in zip(errors, lengths, told, strict=True)
    ]
    return CalendarPattern((full[0], full[1], full[2]), (known[0], known[1], known[2]), learnt)


def weekly_error(log: VisitLog) -> float:
    """Return the standard error of a week's multiplier, with customers as the units that vary.

    Days of a week are not independent: who has a busy fortnight comes more on all of them.
    """
    residual, expected = weekly_residuals(log, 0.0)
    return float(np.median(np.sqrt((residual**2).sum(axis=0)) / np.maximum(expected.sum(axis=0), 1e-12)))


def log_weeks(log: VisitLog) -> IntegerArray:
    """Return the week of each day of the log: level that is not to be mistaken for a pattern."""
    return np.arange(log.days) // WEEK


def _filled(values: FloatArray, length: int, rest: float) -> FloatArray:
    """Return values filled up to a length."""
    return np.concatenate([values, np.full(length - len(values), rest)])
