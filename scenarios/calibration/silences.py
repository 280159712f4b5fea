"""Long silences: how often customers fall silent beyond what their own rate explains, and how they come back.

Serves the forecast, for which a customer silent today may be gone for good or away for a while. A silence is long when
somebody of the customer's own rate would be silent that long with a chance below one in a thousand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .visit_log import WEEK, FloatArray, VisitLog

IMPROBABLE = 1e-3
SHORTEST = 21
"""Chance of a silence by chance, and the days that a long silence lasts at least."""


@dataclass(frozen=True)
class Silences:
    """Hazard a week of falling silent for long, and which share of the silent is still so after 0, 1, ... more weeks
    (`still_silent`; the last value holds for all later weeks).
    """

    falling_silent: float
    still_silent: FloatArray

    def active_share(self, silent: FloatArray, weeks: int) -> FloatArray:
        """Return the expected share of the next `weeks` that somebody lives after coming back (shape of `silent`).

        `silent` counts the weeks for which the silence has been long already.
        """
        last = len(self.still_silent) - 1
        now = np.clip(silent, 0, last).astype(np.int64)
        later = np.minimum(now[:, None] + np.arange(weeks)[None, :], last)
        share = self.still_silent[later] / np.maximum(self.still_silent[now][:, None], 1e-12)
        return np.asarray(1 - share.mean(axis=1))


def fit_silences(log: VisitLog) -> Silences:
    """Return the hazard of falling silent and the return from it (product limit: Kaplan and Meier, 1958)."""
    limit, final = longest_by_chance(log), silence_at_the_end(log)
    told = np.isfinite(limit)
    rows, gaps = log.gaps()
    longest = limit[log.customer[rows]]
    ended = gaps > longest
    still = told & (final > limit)
    lived = float((log.days - first_days(log)[told]).sum()) / WEEK
    spells = int(ended.sum() + still.sum())
    if spells == 0 or lived == 0:
        return Silences(0.0, np.ones(1))
    lengths = np.concatenate([gaps[ended] - longest[ended], final[still] - limit[still]]) / WEEK
    comes_back = np.arange(spells) < ended.sum()
    survival = [1.0]
    for week in range(int(lengths.max()) + 1):
        at_risk = int((lengths >= week).sum())
        if at_risk < 10:
            break
        back = int((comes_back & (lengths >= week) & (lengths < week + 1)).sum())
        survival.append(survival[-1] * (1 - back / at_risk))
    return Silences(spells / lived, np.asarray(survival))


def first_days(log: VisitLog) -> FloatArray:
    """Return the day of each customer's first visit; the length of the log for who never came."""
    first = np.full(log.customers, float(log.days))
    np.minimum.at(first, log.customer, log.day.astype(np.float64))
    return first


def silence_at_the_end(log: VisitLog) -> FloatArray:
    """Return how many days each customer has been silent at the end of the log."""
    last = np.full(log.customers, -1.0)
    np.maximum.at(last, log.customer, log.day.astype(np.float64))
    return log.days - 1 - last


def longest_by_chance(log: VisitLog) -> FloatArray:
    """Return after how many days a customer's silence is long; infinite for who came fewer than five times."""
    visits = log.visits_each()
    told = visits >= 5
    span = log.days - 1 - silence_at_the_end(log) - first_days(log)
    rate = np.where(told, (visits - 1) / np.maximum(span, 1), 1.0)
    return np.where(told, np.maximum(-np.log(IMPROBABLE) / rate, SHORTEST), np.inf)
