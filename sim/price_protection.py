"""Price protection: a member's latest order is refunded the difference if its goods have become cheaper for them.

Serves the rules after an order and the office's business with one shopper. A price falls when the shopper's standing
discount rises or when market prices fall; both last, so that the first of a month and the last protected day show it.
Amounts are cents.
"""

from __future__ import annotations

import numpy as np

from .assumptions import Behaviour
from .attrition import settle
from .card import Card
from .compiled import card_mechanic, mechanic, rule
from .headroom import headroom_of
from .keyed_random import Purpose, day_key, uniform
from .ledger import LedgerRow
from .market import Market
from .order import Order
from .programme_table import Programme, Terms
from .shopper import LAPSED, Shopper


@card_mechanic
def protect_price(c: Card, p: Programme, m: Market, o: Order, day: int) -> None:
    """Note the price of an order for as long as it is protected; an earlier order is protected no longer."""
    c.protected_until = day + p.protected_days
    c.protected_list, c.protected_paid = o.list_value, o.goods
    c.protected_level = m.price_level
    c.office_day = min(c.office_day, next_price_check(c, m))


@rule
def next_price_check(c: Card, m: Market) -> int:
    """Return the day on which the price is looked at next: the first of a month, or the last protected day."""
    return min(int(c.protected_until), m.next_month_start)


@rule
def price_today(c: Card, t: Terms, m: Market) -> int:
    """Return what the goods of the protected order would cost the shopper today."""
    list_value = int(c.protected_list * (m.price_level / c.protected_level) + 0.5)
    return list_value - list_value * t.discount // 10_000


@mechanic
def check_price(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow,
    day: int, rival: bool, key: np.uint64,
) -> None:  # fmt: skip
    """Refund the difference if the price has fallen and the shopper notices, once; else look again in time.

    Who does not notice the first fall does not ask for the same order later.
    """
    if c.protected_until < day:
        return
    if day == m.month_start or day == c.protected_until:  # noqa: PLR1714 - a tuple is slower when compiled
        refund = (c.protected_paid - price_today(c, t, m)) * p.protected_share // 10_000
        if refund > 0:
            c.protected_until = 0
            notices = uniform(day_key(key, day), Purpose.PRICE_PROTECTION) < b.price_protection_take_up
            if notices and s.status & LAPSED == 0 and settle(s, t, b, m, day, rival):
                row.price_protection += refund
                row.price_refunds += 1
                s.margin -= refund
                s.benefit_cost += refund
                s.goodwill += b.reward_goodwill * min(1.0, refund / (0.5 * c.protected_list)) * headroom_of(s, b)
            return
    if day < c.protected_until:
        c.office_day = min(c.office_day, next_price_check(c, m))
