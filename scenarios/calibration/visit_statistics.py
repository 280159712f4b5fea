"""The validation statistics of a log that are about visits: how many, how regular, how far apart, when in the week.

Serves the validation and the indirect inference of the fit. Every function reads a log of whole weeks from Monday to
Sunday and returns what it can tell by name; what a log cannot tell is left out. Definitions: data reference, 3.3.
"""

from __future__ import annotations

import numpy as np

from .visit_log import FloatArray, VisitLog

REGULAR = 0.25
"""Visits a week above which a customer's weeks are looked at one by one: below, most weeks are empty."""

FEWEST = 50
"""Customers or gaps below which a statistic is not told."""

Statistics = dict[str, float]


def visits_per_customer(log: VisitLog) -> Statistics:
    """Return mean, coefficient of variation and quantiles of visits a customer, and the share of weeks with one."""
    visits = log.visits_each().astype(np.float64)
    low, middle, high = (float(value) for value in np.quantile(visits, (0.1, 0.5, 0.9)))
    return {
        "visits_mean": float(visits.mean()),
        "visits_cv": float(visits.std() / visits.mean()),
        "visits_p10": low,
        "visits_p50": middle,
        "visits_p90": high,
        "weeks_with_a_visit": float((log.weekly_counts() > 0).mean()),
    }


def weekly_residuals(log: VisitLog, regular: float = REGULAR) -> tuple[FloatArray, FloatArray]:
    """Return weekly counts less what is expected of customer and week, and the expectation, for regular customers.

    Expected is the customer's own mean times the index of the week over all customers (shapes: customers, weeks).
    """
    counts = log.weekly_counts()
    index = counts.sum(axis=0) / counts.sum() * log.weeks
    kept = counts.mean(axis=1) > regular
    expected = counts[kept].mean(axis=1, keepdims=True) * index
    return counts[kept] - expected, expected


def weekly_regularity(log: VisitLog) -> Statistics:
    """Return the Fano factor of a regular customer's weekly visits and their autocorrelation after 1 and 8 weeks.

    Below 1 the visits are more regular than chance; the autocorrelation tells of rates that drift.
    """
    residual, expected = weekly_residuals(log)
    if len(residual) < FEWEST or log.weeks < 16:
        return {}
    square = (residual**2).sum()
    return {
        "weekly_fano": float(((residual**2 / expected).sum(axis=1) / (log.weeks - 1)).mean()),
        "weekly_autocorrelation_1": float((residual[:, 1:] * residual[:, :-1]).sum() / square),
        "weekly_autocorrelation_8": float((residual[:, 8:] * residual[:, :-8]).sum() / square),
    }


def gaps_between_visits(log: VisitLog) -> Statistics:
    """Return median and 90 % quantile of the days between visits, the share of one day, and the bump at seven days.

    The bump is the number of gaps of seven days over the mean of those of six and eight: the habit of a weekday.
    """
    _, gaps = log.gaps()
    if len(gaps) < FEWEST:
        return {}
    counts = np.bincount(gaps, minlength=9)
    found = {
        "gap_p50": float(np.median(gaps)),
        "gap_p90": float(np.quantile(gaps, 0.9)),
        "gap_one_day": float((gaps == 1).mean()),
    }
    if counts[6] + counts[8] >= FEWEST:
        found["gap_seven_day_bump"] = float(2 * counts[7] / (counts[6] + counts[8]))
    return found


def weekends(log: VisitLog) -> Statistics:
    """Return the share of visits on a Saturday or Sunday."""
    return {"weekend_share": float((log.weekday >= 5).mean())}


def first_quarter_gone_in_last(log: VisitLog) -> Statistics:
    """Return which share of the customers of the first quarter of the window never came in its last quarter."""
    if log.weeks < 16:
        return {}
    quarter = log.weeks // 4 * 7
    early, late = active(log, 0, quarter), active(log, log.days - quarter, log.days)
    return {"gone_by_last_quarter": float(1 - late[early].mean())} if early.any() else {}


def new_in_last_quarter(log: VisitLog) -> Statistics:
    """Return which share of the customers of the last quarter had never come in the first: the mirror image of going.

    Not one of the validation statistics; the fit learns late entry from it.
    """
    if log.weeks < 16:
        return {}
    quarter = log.weeks // 4 * 7
    early, late = active(log, 0, quarter), active(log, log.days - quarter, log.days)
    return {"new_in_last_quarter": float(1 - early[late].mean())} if late.any() else {}


def active(log: VisitLog, start: int, end: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return who came on a day from `start` to `end` - 1 (shape: customers)."""
    here = (log.day >= start) & (log.day < end)
    return np.bincount(log.customer[here], minlength=log.customers) > 0
