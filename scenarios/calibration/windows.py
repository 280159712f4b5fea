"""The calibration window and the hold-out of a log: what the models are fitted on and what they are scored on."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import DocumentError, Problem

from .purchase_history import FloatArray, PurchaseHistory, SpendHistory
from .transaction_log import TransactionLog

FEWEST_CUSTOMERS = 50
FEWEST_REPEATERS = 20
"""Customers, and customers with a paid repeat purchase, below which no fit is tried: four parameters need some
evidence.
"""

IntegerArray = NDArray[np.int64]


@dataclass(frozen=True)
class Window:
    """Customers who bought by the end of a window, and what they did in it; rows of `history` and `members` agree."""

    end: int
    """Last day of the window, days from the log's first."""
    members: IntegerArray
    """Customer numbers, rising."""
    history: PurchaseHistory
    spend: SpendHistory
    spenders: IntegerArray
    """Rows of `members` that have a paid repeat purchase; rows of `spend` agree."""
    median_gap: float
    """Median time between purchases of a customer, days; NaN without repeat purchases."""

    @property
    def repeat_purchases(self) -> int:
        """Purchases after a customer's first, count."""
        return int(self.history.repeats.sum())


def window_of(log: TransactionLog, end: int, members: IntegerArray | None = None) -> Window:
    """Return the window from the log's first day to day `end`; `members` restricts it to these customers."""
    keep = log.day <= end
    if members is not None:
        keep &= np.isin(log.customer, members)
    customer, day, amount = log.customer[keep], log.day[keep], log.amount[keep]
    found, first, row, counts = np.unique(customer, return_index=True, return_inverse=True, return_counts=True)
    last = first + counts - 1
    history = PurchaseHistory(
        repeats=(counts - 1).astype(np.float64),
        recency=(day[last] - day[first]) / 7.0,
        age=(end - day[first]) / 7.0,
    )
    is_repeat = np.ones(len(day), dtype=bool)
    is_repeat[first] = False
    spend, spenders = _spend(row[is_repeat], amount[is_repeat])
    gaps = np.diff(day)[is_repeat[1:]]
    return Window(end, found, history, spend, spenders, float(np.median(gaps)) if len(gaps) else float("nan"))


def _spend(row: IntegerArray, amount: FloatArray) -> tuple[SpendHistory, IntegerArray]:
    paid = amount > 0
    spenders, position, counts = np.unique(row[paid], return_inverse=True, return_counts=True)
    totals = np.bincount(position, weights=amount[paid], minlength=len(spenders))
    return SpendHistory(counts.astype(np.float64), totals / np.maximum(counts, 1)), spenders.astype(np.int64)


def calibration_end(log: TransactionLog, until: datetime.date | None, whole_log: bool) -> int:
    """Return the last day of the calibration window, days from the log's first: half the log by default.

    Raise DocumentError when `until` leaves no day before or after it.
    """
    if whole_log:
        return log.days - 1
    if until is None:
        return max(log.days // 2, 1) - 1
    if not log.first_day < until < log.last_day:
        span = f"the log runs from {log.first_day} to {log.last_day}"
        message = (
            f"{until} leaves no calibration window or no hold-out: {span}; give a day between, or --all for no hold-out"
        )
        raise DocumentError([Problem(log.name, None, "--until", message)])
    return (until - log.first_day).days


def fail_if_too_short(log: TransactionLog, window: Window) -> None:
    """Raise DocumentError that says everything a window lacks for a fit."""
    last = log.first_day + datetime.timedelta(days=window.end)
    name = f"the calibration window ({log.first_day} to {last})"
    lacks = []
    if window.history.customers < FEWEST_CUSTOMERS:
        lacks.append(f"{name} has {window.history.customers} customers; a fit needs {FEWEST_CUSTOMERS} or more")
    if window.repeat_purchases == 0:
        lacks.append(f"{name} has no repeat purchase, so nothing tells how often customers buy; give a longer log")
    elif window.spend.customers < FEWEST_REPEATERS:
        lacks.append(
            f"{name} has {window.spend.customers} customers with a paid repeat purchase; "
            f"a fit needs {FEWEST_REPEATERS} or more"
        )
    if window.end + 1 < 2 * window.median_gap:
        lacks.append(
            f"{name} is {window.end + 1} days long, under twice the median time between purchases "
            f"({window.median_gap:g} days), so dropout cannot be told from a pause; give a longer log"
        )
    if lacks:
        hint = "" if window.end == log.days - 1 else " (--all uses the whole log without hold-out)"
        raise DocumentError([Problem(log.name, None, "", f"too short to fit: {lack}{hint}") for lack in lacks])


def mean_amount_after(log: TransactionLog, end: int, customers: IntegerArray) -> FloatArray:
    """Return each customer's mean paid amount after day `end` (currency units); NaN for who paid nothing then."""
    later = (log.day > end) & (log.amount > 0)
    counts = np.bincount(log.customer[later], minlength=log.customers)[customers]
    totals = np.bincount(log.customer[later], weights=log.amount[later], minlength=log.customers)[customers]
    return np.where(counts > 0, totals / np.maximum(counts, 1), np.nan)
