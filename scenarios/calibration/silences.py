"""Long silences: how often customers fall silent beyond what their own rate explains, and how often they come back.

Serves the forecast, for which a customer silent today may be gone for good or away for a while. A silence is long when
somebody of the customer's own rate would be silent that long with a chance below one in a thousand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .visit_log import WEEK, VisitLog

IMPROBABLE = 1e-3
SHORTEST = 21
"""Chance of a silence by chance, and the days that a long silence lasts at least."""


@dataclass(frozen=True)
class Silences:
    """Hazards a week: that a customer falls silent for long, and that one who is comes back."""

    falling_silent: float
    coming_back: float


def fit_silences(log: VisitLog) -> Silences:
    """Return both hazards of a log; 0 where there is no long silence, and no coming back where none ended."""
    visits = log.visits_each()
    first = np.full(log.customers, log.days)
    last = np.full(log.customers, -1)
    np.minimum.at(first, log.customer, log.day)
    np.maximum.at(last, log.customer, log.day)
    told = visits >= 5
    rate = np.where(told, (visits - 1) / np.maximum(last - first, 1), 0.0)
    longest = np.where(told, np.maximum(-np.log(IMPROBABLE) / np.maximum(rate, 1e-12), SHORTEST), np.inf)
    rows, gaps = log.gaps()
    limit = longest[log.customer[rows]]
    ended = gaps > limit
    final = log.days - 1 - last
    silent = told & (final > longest)
    spells = int(ended.sum() + silent.sum())
    lived = float((log.days - first[told]).sum()) / WEEK
    away = float((gaps[ended] - limit[ended]).sum() + (final[silent] - longest[silent]).sum()) / WEEK
    if spells == 0 or lived == 0:
        return Silences(0.0, 0.0)
    return Silences(spells / lived, float(ended.sum()) / max(away, 1e-9))
