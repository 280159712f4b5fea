"""What the log tells of price deals and coupons: how much shelf value they take off, and who uses coupons.

Serves the fit.
"""

from __future__ import annotations

import numpy as np

from .base_process import CouponProcess, DealProcess
from .spend_statistics import deal_share_each, deals, rank_correlation
from .visit_log import VisitLog

FEWEST = 50
"""Customers below which nothing is told."""


def fit_deals(log: VisitLog) -> DealProcess | None:
    """Return mean and spread between customers of the share of shelf value given as price deals; None without data.

    Where all have shares of their own the overall share is above the mean of shares, by spread^2 / (1 - mean).
    """
    share = deal_share_each(log)
    if len(share) < FEWEST:
        return None
    mean, spread = deals(log)["deal_share"], float(share.std())
    return DealProcess(max(mean - spread**2 / (1 - mean), 0.0), spread)


def fit_coupons(log: VisitLog) -> CouponProcess | None:
    """Return who uses coupons; None where the log has none, or fewer than FEWEST customers who came.

    A visit with coupons counts as one coupon: the log tells their value, not their number.
    """
    visits = log.visits_each()
    came = visits > 0
    if log.coupon is None or came.sum() < FEWEST:
        return None
    used = np.bincount(log.customer[log.coupon > 0], minlength=log.customers)
    users = used > 0
    if users.sum() < FEWEST:
        return None
    spend = np.bincount(log.customer, log.paid, minlength=log.customers)
    each = used[came] / visits[came]
    per_order = float(used[users].sum() / visits[users].sum())
    return CouponProcess(float(users.sum() / came.sum()), per_order, rank_correlation(each, spend[came]))
