"""The year before the as-of date by month: orders and spend of members, whose file knows only the year's sums.

Serves a world that opens with members. Given how many orders there were and what they came to, the days of a Poisson
process are uniform and the parts of gamma amounts are those of gamma draws over their sum, whatever the rates: nothing
has to be assumed but the model. The last order is on its day, as is a first one within the year; months add up to the
year's spend to the cent.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .compiled import kernel
from .keyed_random import Purpose, day_key, gamma, shopper_key, uniform
from .shopper import WINDOW_MONTHS

ORDERS_FROM = 1_000_000
"""Number of the day that addresses the draws of a member's first order of the year; no world is so long."""


@kernel
def spread_year(
    hashed_seed: np.uint64, numbers: NDArray[np.int64], orders: NDArray[np.int64], spend: NDArray[np.int64],
    first: NDArray[np.int64], last: NDArray[np.int64], month_starts: NDArray[np.int64], shape: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    """Return spend in cents and orders of members (by shopper number) in each of 12 months, the oldest first.

    `first` and `last` are days of the first order, 0 where not known, and of the last one; `month_starts` has the
    first day of each month and of the one after (shape: 13); `shape` is that of the gamma amounts.
    """
    by_month = np.zeros((numbers.shape[0], WINDOW_MONTHS), np.int64)
    counts = np.zeros((numbers.shape[0], WINDOW_MONTHS), np.int64)
    for i in range(numbers.shape[0]):
        key = shopper_key(hashed_seed, numbers[i])
        earliest = max(first[i], month_starts[0])
        weights = np.zeros(WINDOW_MONTHS)
        for order in range(orders[i]):
            k = day_key(key, ORDERS_FROM + order)
            if order == 0:
                day = last[i]
            elif order == 1 and first[i] >= month_starts[0]:
                day = first[i]
            else:
                day = earliest + int(uniform(k, Purpose.MEMBER_ORDER_DAY) * (last[i] - earliest + 1))
            month = 0
            while month + 1 < WINDOW_MONTHS and day >= month_starts[month + 1]:
                month += 1
            counts[i, month] += 1
            weights[month] += gamma(k, shape)
        total, passed, given = weights.sum(), 0.0, 0
        if total <= 0.0:
            continue
        for month in range(WINDOW_MONTHS):
            passed += weights[month]
            upto = int(spend[i] * (passed / total) + 0.5)
            if weights[month] > 0.0 and passed >= total * (1.0 - 1e-12):
                upto = spend[i]
            upto = max(given, min(upto, spend[i]))
            by_month[i, month] = upto - given
            given = upto
        if given < spend[i]:
            by_month[i, WINDOW_MONTHS - 1] += spend[i] - given
    return by_month, counts
