"""Every order of a simulated market, told from shoppers' own accounts day by day.

Serves the facts that are read off an order log. A shopper orders once a day at most, so that the differences of an
account from morning to morning are single orders.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memberlab.scenarios import calibration
from memberlab.sim import World

WEEK = 7.0


@dataclass(frozen=True)
class OrderLog:
    """Orders in the order of days: who (number from 0), when (day of the world) and goods paid for (cents)."""

    shopper: NDArray[np.int64]
    day: NDArray[np.int64]
    goods: NDArray[np.int64]

    def until(self, day: int) -> OrderLog:
        """Return the orders before a day."""
        kept = self.day < day
        return OrderLog(self.shopper[kept], self.day[kept], self.goods[kept])


def keep_log(world: World, until: int) -> OrderLog:
    """Live until the morning of day `until`, and return every order on the way."""
    shoppers, days, goods = [], [], []
    orders = world.shoppers["orders"].astype(np.int64)
    gmv = world.shoppers["gmv"].astype(np.int64)
    for day in range(world.day, until):
        now = world.run(day + 1).shoppers
        who = np.flatnonzero(now["orders"] > orders)
        shoppers.append(who)
        days.append(np.full(len(who), day))
        goods.append(now["gmv"][who] - gmv[who])
        orders, gmv = now["orders"].astype(np.int64), now["gmv"].astype(np.int64)
    return OrderLog(np.concatenate(shoppers), np.concatenate(days), np.concatenate(goods))


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
