"""Every order of a simulated market, told from shoppers' own accounts day by day.

Serves whoever reads a log as a shop's own: the published facts and the validation of a calibration. A shopper orders
once a day at most, so that the differences of an account from morning to morning are single orders.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .world import World


@dataclass(frozen=True)
class OrderLog:
    """Orders in the order of days: who (number over all regions, from 0), when (day of the world) and goods paid for
    (cents).
    """

    shopper: NDArray[np.int64]
    day: NDArray[np.int64]
    goods: NDArray[np.int64]

    def until(self, day: int) -> OrderLog:
        """Return the orders before a day."""
        return self._where(self.day < day)

    def since(self, day: int) -> OrderLog:
        """Return the orders from a day on."""
        return self._where(self.day >= day)

    def _where(self, kept: NDArray[np.bool_]) -> OrderLog:
        return OrderLog(self.shopper[kept], self.day[kept], self.goods[kept])


def keep_log(world: World, until: int) -> OrderLog:
    """Live until the morning of day `until`, and return every order on the way.

    Raises IdentityError when the books do not tie out in the end.
    """
    shoppers, days, goods = [], [], []
    orders, gmv = world.shoppers["orders"].copy(), world.shoppers["gmv"].copy()
    for day in range(world.day, until):
        world.live(day + 1)
        now = world.shoppers
        who = np.flatnonzero(now["orders"] > orders)
        shoppers.append(who + world.region.first)
        days.append(np.full(len(who), day))
        goods.append(now["gmv"][who] - gmv[who])
        orders[who] = now["orders"][who]
        gmv[...] = now["gmv"]
    world.run(until)
    nothing = np.zeros(0, np.int64)
    columns = (np.concatenate([nothing, *column]) for column in (shoppers, days, goods))
    return OrderLog(*columns)
