"""Regularity and the seven-day habit: how likely a visit is on each day after the last one, against the own rate.

Serves the fit. The hazard is compared with that of somebody who comes at the same mean rate without memory.
"""

from __future__ import annotations

import numpy as np

from .base_process import MOST_GAPS
from .visit_log import FloatArray, VisitLog

PRIOR_VISITS = 50.0
"""Visits that a ratio of 1 counts for where little is seen on a day after a visit."""


def gap_hazards(log: VisitLog, calendar: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return visits seen and expected on day 1 to MOST_GAPS after the last visit (shape: MOST_GAPS each).

    Expected is the customer's own mean rate between first and last visit times the multiplier of the day (`calendar`,
    shape: days); the days after a customer's last visit are left out, as nobody knows whether the customer is gone.
    """
    rows, gaps = log.gaps()
    clock = np.concatenate([[0.0], np.cumsum(calendar)])
    start, end = log.day[rows - 1], log.day[rows]
    lived = clock[end + 1] - clock[start + 1]
    customer = log.customer[rows]
    visits = np.bincount(customer, minlength=log.customers)
    span = np.bincount(customer, lived, minlength=log.customers)
    enough = visits >= 3
    rate = np.where(enough, (visits - 1) / np.maximum(span, 1e-12), 0.0)[customer]
    seen, expected = np.zeros(MOST_GAPS), np.zeros(MOST_GAPS)
    told = enough[customer]
    for number in range(1, MOST_GAPS + 1):
        at_risk = told & (gaps >= number)
        expected[number - 1] = -np.expm1(-rate[at_risk] * calendar[start[at_risk] + number]).sum()
        seen[number - 1] = (told & (gaps == number)).sum()
    return seen, expected


def gap_ratios(log: VisitLog, calendar: FloatArray) -> FloatArray:
    """Return the hazard on day 1 to MOST_GAPS after a visit over that of the own rate, shrunk to 1 where little is
    seen."""
    seen, expected = gap_hazards(log, calendar)
    return np.asarray((seen + PRIOR_VISITS) / (expected + PRIOR_VISITS))
