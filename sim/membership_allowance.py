"""How far the benefits of the paid membership go: vouchers for free delivery, caps on discount and on points.

Serves the visit of a member whose membership has any of them. What an order uses is noted when it is booked; what is
left at the end of a period is lost, and costs nothing.
"""

from __future__ import annotations

import math

from .card import Card
from .compiled import mechanic
from .ledger import LedgerRow
from .market import Market
from .membership_benefit import extra_points
from .membership_term import YEAR
from .order import Order
from .programme_table import Programme, Terms


@mechanic
def open_periods(c: Card, p: Programme, m: Market, day: int) -> None:
    """Give each allowance anew whose calendar month or year of membership has begun since the last order."""
    year = (day - c.member_since) // YEAR
    if c.allowance_year != year:
        c.allowance_year = year
        renew_allowances(c, p, 1)
    if c.allowance_month != m.month + 1:
        c.allowance_month = m.month + 1
        renew_allowances(c, p, 0)


@mechanic
def renew_allowances(c: Card, p: Programme, by_year: int) -> None:
    """Start the allowances of one kind of period with nothing used."""
    if p.vouchers_by_year == by_year:
        c.vouchers_used = 0
    if p.discount_cap_by_year == by_year:
        c.discount_used = 0
    if p.points_cap_by_year == by_year:
        c.points_used = 0


@mechanic
def cap_discount(c: Card, t: Terms, p: Programme, o: Order) -> None:
    """Keep what the membership takes off the price, beyond the terms without it, within what is left of its cap."""
    without = o.list_value * t.other_discount // 10_000
    left = max(0, p.discount_cap - c.discount_used)
    if p.discount_cap > 0 and o.discount - without > left:
        o.discount = without + left
        o.goods = o.list_value - o.discount
        o.log_price = math.log(o.goods / o.list_value)
        o.is_capped = 1


@mechanic
def use_voucher(c: Card, p: Programme, o: Order) -> None:
    """Pay the delivery fee with a voucher, if one is left."""
    if o.shipping_fee > 0 and c.vouchers_used < p.vouchers:
        o.shipping_fee = 0
        o.by_voucher = 1


@mechanic
def cap_points(c: Card, t: Terms, p: Programme, o: Order) -> None:
    """Keep the points that the membership adds within what is left of their cap."""
    if p.points_cap > 0:
        over = extra_points(t, p, o) - max(0, p.points_cap - c.points_used)
        o.points_capped = max(0, over)
        o.points -= o.points_capped


@mechanic
def note_use(c: Card, t: Terms, p: Programme, o: Order, row: LedgerRow) -> None:
    """Note what a booked order used of each allowance, and post what a cap held back."""
    c.discount_used += max(0, o.discount - o.list_value * t.other_discount // 10_000)
    c.points_used += max(0, extra_points(t, p, o))
    if o.by_voucher:
        c.vouchers_used += 1
        row.vouchers_used += 1
    row.membership_points_capped += o.points_capped
