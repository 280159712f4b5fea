"""What the models of a calibration see of a simulated order log.

Serves the facts that are read off an order log.
"""

from __future__ import annotations

import numpy as np

from memberlab.scenarios import calibration
from memberlab.sim import OrderLog

WEEK = 7.0


def histories(log: OrderLog, end: int) -> tuple[calibration.PurchaseHistory, calibration.SpendHistory]:
    """Return what purchase and spend models see of each customer up to the morning of day `end` (weeks, dollars)."""
    window = log.until(end)
    count = int(window.shopper.max()) + 1
    first, last = np.full(count, end), np.zeros(count, np.int64)
    np.minimum.at(first, window.shopper, window.day)
    np.maximum.at(last, window.shopper, window.day)
    orders = np.bincount(window.shopper, minlength=count)
    bought = orders > 0
    repeats = (orders - 1)[bought]
    history = calibration.PurchaseHistory(
        repeats.astype(np.float64), ((last - first)[bought]) / WEEK, (end - 1 - first[bought]) / WEEK
    )
    is_repeat = (window.day > first[window.shopper]) & (window.goods > 0)
    paid = np.bincount(window.shopper[is_repeat], weights=window.goods[is_repeat] / 100, minlength=count)
    number = np.bincount(window.shopper[is_repeat], minlength=count)
    spends = number > 0
    spend = calibration.SpendHistory(number[spends].astype(np.float64), paid[spends] / number[spends])
    return history, spend
