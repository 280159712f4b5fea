"""The validation statistics of a log that are about money: amounts, concentration, stability, weeks, price deals.

Serves the validation and the indirect inference of the fit. Nothing depends on the currency: thresholds are told in
median purchases of the log. Definitions: data reference, 3.3.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from .visit_log import WEEK, FloatArray, IntegerArray, VisitLog
from .visit_statistics import FEWEST, Statistics

LEAST_HALF = 2.0
"""Median purchases that a customer must have spent in the first half to be asked for the change to the second."""

LEAST_GROSS = 10.0
"""Median purchases that a customer must have bought for at shelf prices for the own share of deals to be told."""


def amounts(log: VisitLog) -> Statistics:
    """Return mean, median and 90 % quantile of what was paid at a visit (currency units), zeros left out."""
    paid = log.paid[log.paid > 0]
    if len(paid) < FEWEST:
        return {}
    return {
        "spend_mean": float(paid.mean()),
        "spend_p50": float(np.median(paid)),
        "spend_p90": float(np.quantile(paid, 0.9)),
    }


def log_amounts(log: VisitLog) -> tuple[IntegerArray, FloatArray]:
    """Return the rows of paid visits, and the logarithms of their amounts."""
    rows = np.flatnonzero(log.paid > 0)
    return rows, np.log(log.paid[rows])


def spend_variances(log: VisitLog) -> tuple[float, float] | None:
    """Return the variances of log amounts within and between customers (analysis of variance); None if too few."""
    rows, value = log_amounts(log)
    customer = log.customer[rows]
    number = np.bincount(customer, minlength=log.customers)
    paying = number > 0
    if len(value) - paying.sum() < FEWEST or paying.sum() < FEWEST:
        return None
    mean = np.bincount(customer, value, minlength=log.customers) / np.maximum(number, 1)
    within = ((value - mean[customer]) ** 2).sum() / (len(value) - paying.sum())
    typical = (len(value) - (number**2).sum() / len(value)) / (paying.sum() - 1)
    among = (number * (mean - value.mean()) ** 2)[paying].sum() / (paying.sum() - 1)
    return float(within), float(max((among - within) / typical, 0.0))


def spread_of_amounts(log: VisitLog) -> Statistics:
    """Return the standard deviation of log amounts within a customer, and the share of variance between customers."""
    variances = spend_variances(log)
    if variances is None:
        return {}
    within, between = variances
    return {"log_spend_sd_within": within**0.5, "log_spend_icc": between / (between + within)}


def slope_on_gap(log: VisitLog) -> Statistics:
    """Return the slope of log amount on log days since the last visit, within customers."""
    rows, gaps = log.gaps()
    paid = log.paid[rows] > 0
    rows, gap = rows[paid], np.log(gaps[paid])
    if len(rows) < FEWEST:
        return {}
    x, y = within(log, rows, gap), within(log, rows, np.log(log.paid[rows]))
    square = float((x * x).sum())
    return {"spend_gap_slope": float((x * y).sum()) / square} if square > 0 else {}


def within(log: VisitLog, rows: IntegerArray, value: FloatArray) -> FloatArray:
    """Return a value of some visits less its mean over the same customer's."""
    customer = log.customer[rows]
    number = np.maximum(np.bincount(customer, minlength=log.customers), 1)
    return np.asarray(value - (np.bincount(customer, value, minlength=log.customers) / number)[customer])


def frequency_and_spend(log: VisitLog) -> Statistics:
    """Return Spearman's rank correlation of a customer's number of visits and mean amount."""
    visits, total = log.visits_each(), spend_each(log, 0, log.days)
    came = np.bincount(log.customer[log.paid > 0], minlength=log.customers) > 0
    if came.sum() < FEWEST:
        return {}
    return {"frequency_spend_correlation": rank_correlation(visits[came], (total / np.maximum(visits, 1))[came])}


def concentration(log: VisitLog) -> Statistics:
    """Return the shares of all spend that the top 20 % and the top 5 % of customers account for."""
    total = np.sort(spend_each(log, 0, log.days))[::-1]
    return {
        "top_20_share": float(total[: round(len(total) * 0.2)].sum() / total.sum()),
        "top_5_share": float(total[: round(len(total) * 0.05)].sum() / total.sum()),
    }


def stability(log: VisitLog) -> Statistics:
    """Return how well a customer's spend in the first half of the window tells that of the second.

    Rank correlation, share of the top fifth that stays in it, and the standard deviation of the log change among those
    who spent two median purchases or more in the first half; 1/20 of a median purchase is added to both halves.
    """
    paid = log.paid[log.paid > 0]
    if log.weeks < 8 or len(paid) < FEWEST:
        return {}
    half = log.weeks // 2 * WEEK
    first, second = spend_each(log, 0, half), spend_each(log, half, log.days)
    found = {"halves_correlation": rank_correlation(first, second)}
    ranks = [np.argsort(np.argsort(spend, kind="stable"), kind="stable") for spend in (first, second)]
    top = ranks[0] >= 0.8 * log.customers
    found["top_fifth_stays"] = float((ranks[1][top] >= 0.8 * log.customers).mean())
    purchase = float(np.median(paid))
    asked = first > LEAST_HALF * purchase
    if asked.sum() >= FEWEST:
        change = np.log((second + purchase / 20) / (first + purchase / 20))[asked]
        found["halves_log_change_sd"] = float(change.std())
    return found


def weekly_totals(log: VisitLog) -> FloatArray:
    """Return the spend of every whole week over that of the mean week (shape: weeks)."""
    kept = log.week < log.weeks
    total = np.bincount(log.week[kept], log.paid[kept], minlength=log.weeks)
    return np.asarray(total / total.mean(), dtype=np.float64)


def weeks_of_the_year(log: VisitLog, peak: int | None) -> Statistics:
    """Return the coefficient of variation of weekly spend (the last week left out), and the index of week `peak`.

    `peak` is chosen on the log that is fitted, so that it is the same week for every log compared with it.
    """
    if log.weeks < 8:
        return {}
    index = weekly_totals(log)
    found = {"weekly_spend_cv": float(index[:-1].std())}
    if peak is not None and log.weeks >= 52:
        found["peak_week_index"] = float(index[peak])
    return found


def deals(log: VisitLog) -> Statistics:
    """Return the share of shelf value given away by price deals, and its standard deviation between customers."""
    if log.gross is None or log.discount is None or not log.gross.sum() > 0:
        return {}
    found = {"deal_share": float(log.discount.sum() / log.gross.sum())}
    share = deal_share_each(log)
    if len(share) >= FEWEST:
        found["deal_share_sd"] = float(share.std())
    return found


def deal_share_each(log: VisitLog) -> FloatArray:
    """Return the share of price deals of every customer who bought enough for it to be told."""
    if log.gross is None or log.discount is None:
        return np.zeros(0)
    gross = np.bincount(log.customer, log.gross, minlength=log.customers)
    discount = np.bincount(log.customer, log.discount, minlength=log.customers)
    enough = gross > LEAST_GROSS * float(np.median(log.paid[log.paid > 0]))
    return np.asarray(discount[enough] / gross[enough], dtype=np.float64)


def spend_each(log: VisitLog, start: int, end: int) -> FloatArray:
    """Return what each customer paid on the days `start` to `end` - 1 (shape: customers)."""
    here = (log.day >= start) & (log.day < end)
    return np.bincount(log.customer[here], log.paid[here], minlength=log.customers).astype(np.float64)


def rank_correlation(x: FloatArray | IntegerArray, y: FloatArray | IntegerArray) -> float:
    """Return Spearman's rank correlation; 0 where one side does not vary."""
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return 0.0
    return float(np.corrcoef(stats.rankdata(x), stats.rankdata(y))[0, 1])
