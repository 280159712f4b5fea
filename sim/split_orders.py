"""Bonus-hunters who split orders: one basket booked as several, where each order is rewarded.

Serves the visit. A hunter splits a plain order, at the shopper's own standing price and paid in money, when what the
further orders earn is worth the delivery that they cost more, if any. Growth points and orders that tiers count are
worth it wherever delivery costs no more.
"""

from __future__ import annotations

import numpy as np

from .basket import shipping_fee_due
from .card import Card
from .compiled import card_mechanic, mechanic
from .ledger import LedgerRow
from .market import Market
from .order import Order
from .points import points_earned
from .points_credit import points_allowed
from .pricing import price
from .programme_table import Programme, Terms
from .shopper import LARGEST_HOLDING, Shopper
from .stamp_card import collects


@card_mechanic
def split_order(c: Card, t: Terms, p: Programme, m: Market, o: Order, row: LedgerRow) -> int:
    """Return the orders into which a hunter splits this one, 1 if into none, and post what more they cost."""
    parts = m.hunter_parts
    is_plain = o.is_first == 0 and o.has_offers == 0 and o.campaigns == 0 and o.special == 0 and p.has_allowances == 0
    if parts < 2 or c.hunts == 0 or not is_plain or o.list_value < parts or o.paid_by_points + o.paid_by_credit > 0:
        return 1
    fees = 0
    for part in range(parts):
        fees += shipping_fee_due(part_of(o.goods, part, parts), t, p)
    more = fees - o.shipping_fee
    if not is_rewarded(p) or more * p.redeem_points > (parts - 1) * points_an_order(p) * p.redeem_value:
        return 1
    row.orders_split += parts - 1
    row.hunter_split_cost += (parts - 1) * (m.shipping_cost + m.payment_fixed) - more
    row.hunter_split_points -= o.points
    return parts


@mechanic
def points_an_order(p: Programme) -> int:
    """Return the points that each order earns whatever it is worth, those for reviewing and sharing it included."""
    return p.earn_each_order + p.review_points + p.share_points if p.has_points else 0


@mechanic
def is_rewarded(p: Programme) -> bool:
    """Return whether each order counts for something, whatever it is worth."""
    counted = p.order_weight
    for tier in range(p.tiers):
        counted += p.orders_needed[tier]
    return counted + points_an_order(p) > 0


@mechanic
def part_of(amount: int, part: int, parts: int) -> int:
    """Return the part of number `part` of an amount in `parts` that add up to it."""
    return amount * (part + 1) // parts - amount * part // parts


@mechanic
def take_part(
    s: Shopper, c: Card, t: Terms, p: Programme, m: Market, o: Order, row: LedgerRow, whole: int, part: int,
    parts: int, day: int, key: np.uint64,
) -> None:  # fmt: skip
    """Make the order one of the parts of the `whole` list value: its price, delivery, and points within the caps."""
    o.list_value = part_of(whole, part, parts)
    if part > 0:
        o.added = 0
    price(o, t, p, m, day)
    o.shipping_fee = shipping_fee_due(o.goods, t, p)
    points = points_earned(o, t, p)
    if p.categories:
        points += points * o.category_points // 10_000
    points = min(points, LARGEST_HOLDING - s.points_balance)
    if p.has_stamp_card and not collects(c, p, key):
        points = 0
    o.points = points_allowed(s, c, p, m, points, day)
    o.points_cut = points - o.points
    row.hunter_split_points += o.points
