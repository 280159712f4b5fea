"""The special-price pool: who wants a unit with an order, who may have one, and what it does to stock and mood.

Serves the visit, which asks before it prices the basket, and the rules after an order, which take the unit from stock.
Amounts are cents. The stock itself is the office's (`shared_office.py`); what is left of it stands in the market.
"""

from __future__ import annotations

import numpy as np

from .assumptions import Behaviour
from .card import Card
from .compiled import card_mechanic
from .keyed_random import Purpose, uniform
from .ledger import LedgerRow
from .market import Market
from .order import Order
from .programme_table import Programme, Terms
from .shopper import Shopper

TAKEN, MISSED = 1, 2
"""What came of a wish for a unit; 0: there was none, or it could not be had."""


@card_mechanic
def wish_for_a_unit(c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, o: Order, day: int, k: np.uint64) -> None:
    """Put a unit of the pool into the basket if the shopper wants one, may buy by now and has had fewer than allowed.

    The unit is one of the goods of the basket, so that its special price applies to no more than the basket's value.
    """
    o.special = o.special_extra = o.special_discount = 0
    better = p.pool_discount - t.discount
    if o.is_first or better <= 0 or day < m.pool_opens - t.early_days:
        return
    if c.pool_month != m.month + 1:
        c.pool_month = m.month + 1
        c.pool_units = 0
    if c.pool_units >= p.pool_each or uniform(k, Purpose.SPECIAL_PRICE) >= b.special_price_interest:
        return
    if m.pool_left <= 0:
        o.special = MISSED
        return
    o.special = TAKEN
    o.special_extra = o.special_discount = min(o.list_value, p.pool_price) * better // 10_000


@card_mechanic
def take_the_unit(s: Shopper, c: Card, b: Behaviour, m: Market, o: Order, row: LedgerRow) -> None:
    """Take the unit of an order from stock, or let the shopper be disappointed that none is left."""
    if o.special == TAKEN:
        m.pool_left -= 1
        c.pool_units += 1
        row.special_price_units += 1
        row.special_price_discount += o.special_discount
        if m.pool_left == 0:
            row.special_price_sold_out += 1
    elif o.special == MISSED:
        row.special_price_missed += 1
        s.goodwill -= b.sold_out_disappointment
