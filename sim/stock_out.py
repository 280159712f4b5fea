"""Goods that are out of stock: who takes something else, whose order is lost, and how it strikes the shopper.

Serves the visit, in markets where a shock lets goods run out. Goodwill is in logit units.
"""

from __future__ import annotations

import numpy as np

from .assumptions import Behaviour
from .compiled import mechanic
from .keyed_random import Purpose, uniform
from .ledger import LedgerRow
from .market import Market
from .shopper import Shopper


@mechanic
def goes_without(s: Shopper, b: Behaviour, m: Market, row: LedgerRow, k: np.uint64) -> bool:
    """Return whether an order that was decided on is lost because the goods are missing.

    Some shoppers take something else or wait for the goods: their order is booked today as it is. A first order that is
    lost is tried again at the next visit.
    """
    if uniform(k, Purpose.STOCK_OUT) >= m.missing_goods:
        return False
    row.stock_outs += 1
    s.goodwill -= b.stock_out
    if uniform(k, Purpose.STOCK_OUT_CHOICE) < b.stock_out_kept:
        return False
    row.orders_lost_to_stock_outs += 1
    return True
