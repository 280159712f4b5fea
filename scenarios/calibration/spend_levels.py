"""What customers pay: own levels free of chance, residuals of single amounts, and more after a longer gap.

Serves the fit. Own means of few amounts scatter by chance; their quantiles are drawn together until their variance is
that between customers (analysis of variance), which keeps their shape (a quantile form of deconvolution).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .base_process import WEEKS_OF_THE_YEAR, SpendProcess, ones
from .calendar_pattern import FEWEST_WEEKS_A_YEAR, shrunk
from .spend_statistics import log_amounts, slope_on_gap, within
from .transaction_log import TransactionLog
from .visit_log import FloatArray, VisitLog

QUANTILES = 60
"""Quantiles that a distribution is kept by."""

FEWEST_OWN = 4
"""Amounts of a customer below which the own mean tells little of the level's distribution."""


def fit_spend(log: VisitLog) -> SpendProcess:
    """Return the spend process of a log, the correlation with frequency left at 0."""
    rows, value = log_amounts(log)
    customer = log.customer[rows]
    weeks = basket_weeks(log)
    dates = log.dates()[log.day[rows]]
    value = value - np.log(weeks)[(dates - dates.astype("datetime64[Y]")).astype(np.int64) // 7]
    slope = slope_on_gap(log).get("spend_gap_slope", 0.0)
    gap_rows, gaps = log.gaps()
    gap_level = float(np.log(gaps).mean()) if len(gaps) else 0.0
    longer = np.zeros(log.visits)
    longer[gap_rows] = slope * within(log, gap_rows, np.log(gaps))
    value = value - longer[rows]
    number = np.bincount(customer, minlength=log.customers)
    mean = np.bincount(customer, value, minlength=log.customers) / np.maximum(number, 1)
    several = number >= 2
    here = several[customer]
    scale = np.sqrt(number / np.maximum(number - 1, 1))
    residual = ((value - mean[customer]) * scale[customer])[here]
    enough = number >= FEWEST_OWN
    if enough.sum() < 50:
        enough = number >= 1
    variance = float(np.mean(residual**2)) if len(residual) else 0.0
    own = mean[enough]
    chance = float(np.mean(variance / number[enough]))
    observed = float(np.var(own))
    between = max(observed - chance, 0.0)
    level = float(own.mean())
    centred = (own - level) * np.sqrt(between / observed if observed > 0 else 0.0)
    return SpendProcess(
        level=level,
        between=centred_quantiles(centred),
        within=centred_quantiles(residual) if len(residual) else np.zeros(QUANTILES),
        gap_slope=slope,
        gap_level=gap_level,
        basket_weeks=weeks,
    )


def fit_repeat_spend(log: TransactionLog, end: int) -> SpendProcess:
    """Return the spend process of the repeat purchases up to day `end`: first purchases are another matter.

    The link with gaps is left out: of customers with few purchases it is not told apart from chance.
    """
    first = np.full(log.customers, log.days)
    np.minimum.at(first, log.customer, log.day)
    kept = (log.day <= end) & (log.day > first[log.customer])
    repeats = VisitLog(log.customers, log.first_day, end + 1, log.customer[kept], log.day[kept], log.amount[kept])
    return replace(fit_spend(repeats), gap_slope=0.0)


def centred_quantiles(values: FloatArray) -> FloatArray:
    """Return quantiles at 0.5/n, 1.5/n, ... that keep mean 0 and the standard deviation of the values."""
    found = np.quantile(values, (np.arange(QUANTILES) + 0.5) / QUANTILES)
    found = found - found.mean()
    spread = found.std()
    return np.asarray(found * (values.std() / spread) if spread > 0 else found)


def basket_weeks(log: VisitLog) -> FloatArray:
    """Return the multiplier of amounts in each week of the year (shape: 53), shrunk to 1 by its noise.

    A week's amounts are held against what the same customers pay on average.
    """
    if log.weeks < FEWEST_WEEKS_A_YEAR:
        return ones(WEEKS_OF_THE_YEAR)
    rows, _ = log_amounts(log)
    customer, paid = log.customer[rows], log.paid[rows]
    number = np.maximum(np.bincount(customer, minlength=log.customers), 1)
    usual = (np.bincount(customer, paid, minlength=log.customers) / number)[customer]
    dates = log.dates()[log.day[rows]]
    week = (dates - dates.astype("datetime64[Y]")).astype(np.int64) // 7
    expected = np.bincount(week, usual, minlength=WEEKS_OF_THE_YEAR)
    index = np.where(
        expected > 0, np.bincount(week, paid, minlength=WEEKS_OF_THE_YEAR) / np.maximum(expected, 1e-12), 1
    )
    noise = np.sqrt(np.bincount(week, (paid - usual) ** 2, minlength=WEEKS_OF_THE_YEAR)) / np.maximum(expected, 1e-12)
    found = shrunk(index, np.where(expected > 0, noise, 0.0))
    return np.asarray(found / found.mean())
