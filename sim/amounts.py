"""The amount of a basket by quantiles: a residual, and more after a longer time without an order.

Serves the basket, in populations whose spend model is `quantiles`; and the level of baskets by week of the year.
"""

from __future__ import annotations

import math

import numpy as np

from .compiled import mechanic
from .keyed_random import Purpose, uniform
from .market import Market
from .order_rate import orders_a_day
from .own_days import year_of
from .shopper import Shopper
from .spend_level import FIRST_LOG_RATE, LOG_GAPS, LOG_RATE_STEP


@mechanic
def amount_by_quantiles(s: Shopper, m: Market, day: int, k: np.uint64) -> float:
    """Return the basket in units of the shopper's own scale, of mean `basket_shape` but for the time since the last
    order.
    """
    place = min(m.amounts - 1.0, max(0.0, uniform(k, Purpose.BASKET) * m.amounts - 0.5))
    below = min(m.amounts - 2, int(place))
    low, high = m.amount[np.uint64(below)], m.amount[np.uint64(below + 1)]
    log_amount = low + (place - below) * (high - low)
    if m.gap_slope != 0.0 and s.last_order_day >= 0:
        log_amount += m.gap_slope * (math.log(max(1.0, day - s.last_order_day)) - usual_log_gap(s, m))
    return math.exp(log_amount)


@mechanic
def usual_log_gap(s: Shopper, m: Market) -> float:
    """Return the mean log gap (days) between orders of a shopper with this rate."""
    place = (math.log(max(1e-12, orders_a_day(s, m))) - FIRST_LOG_RATE) / LOG_RATE_STEP
    place = min(LOG_GAPS - 1.0, max(0.0, place))
    below = min(LOG_GAPS - 2, int(place))
    low, high = m.log_gap[np.uint64(below)], m.log_gap[np.uint64(below + 1)]
    return low + (place - below) * (high - low)


@mechanic
def basket_level(m: Market, day: int) -> float:
    """Return the multiplier of basket values in the week of the year that holds `day`."""
    week = (day - m.year_start[np.uint64(year_of(m, day))]) // 7
    return m.basket_week[np.uint64(week)]
