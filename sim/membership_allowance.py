"""How far benefits go that have a limit: vouchers for free delivery of tier and membership, and the membership's
caps on discount and points.

Serves the visit of a shopper whose tier or membership has any. What an order uses is noted when it is booked; what is
left at the end of a period is lost, and costs nothing.
"""

from __future__ import annotations

from .card import Card
from .compiled import card_mechanic, mechanic, rule
from .ledger import LedgerRow
from .market import Market
from .membership_benefit import BY_GRANTED_TIER, BY_MEMBERSHIP, BY_TIER, extra_points, membership_part
from .membership_term import YEAR
from .order import Order
from .pricing import STANDING
from .programme_table import LANDING_DISCOUNT, MEMBER_DISCOUNT, MEMBERSHIP_DISCOUNT, TIER_DISCOUNT, Programme, Terms
from .shopper import MEMBER, Shopper

NO_CAP = 2**62
"""More than any discount."""


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
def open_periods_of_tier(s: Shopper, c: Card, t: Terms, m: Market, day: int) -> None:
    """Give the tier's vouchers anew when a calendar month or a year since the first order has begun; never both."""
    year = (day - s.first_order_day) // YEAR if s.first_order_day >= 0 else 0
    begins_year, begins_month = c.tier_year != year, c.tier_month != m.month + 1
    c.tier_year, c.tier_month = year, m.month + 1
    if begins_year if t.tier_vouchers_by_year else begins_month:
        c.tier_vouchers_used = 0


@mechanic
def renew_allowances(c: Card, p: Programme, by_year: int) -> None:
    """Start the allowances of one kind of period with nothing used."""
    if p.vouchers_by_year == by_year:
        c.vouchers_used = 0
    if p.discount_cap_by_year == by_year:
        c.discount_used = 0
    if p.points_cap_by_year == by_year:
        c.points_used = 0


@card_mechanic
def look_at_allowances(s: Shopper, c: Card, t: Terms, p: Programme, m: Market, o: Order, day: int) -> None:
    """Open the periods of today, and note what is left of the cap on the discount; who is no member has none."""
    o.discount_left = NO_CAP
    o.is_capped = o.points_capped = 0
    open_periods_of_tier(s, c, t, m, day)
    if s.status & MEMBER:
        open_periods(c, p, m, day)
        if p.discount_cap > 0:
            o.discount_left = max(0, p.discount_cap - c.discount_used)


@rule
def post_standing_discount(t: Terms, p: Programme, o: Order, row: LedgerRow) -> None:
    """Post the standing discount to its line; where the membership's is cut, the rest is what holds without it."""
    kind, amount = t.discount_kind, o.offer[STANDING]
    if kind == MEMBERSHIP_DISCOUNT and p.discount_cap > 0 and o.is_capped:
        part = max(0, membership_part(t, o))
        row.membership_discount += part
        kind, amount = t.other_discount_kind, amount - part
    if kind == MEMBER_DISCOUNT:
        row.member_discount += amount
    elif kind == TIER_DISCOUNT:
        row.tier_discount += amount
    elif kind == MEMBERSHIP_DISCOUNT:
        row.membership_discount += amount
    elif kind == LANDING_DISCOUNT:
        row.landing_discount += amount


@card_mechanic
def use_voucher(s: Shopper, c: Card, t: Terms, p: Programme, o: Order) -> None:
    """Pay the delivery fee with a voucher, if one is left: the tier's first, then the membership's."""
    if o.shipping_fee == 0:
        return
    if c.tier_vouchers_used < t.tier_vouchers:
        is_granted = s.status & MEMBER != 0 and c.tier_vouchers_used >= t.other_tier_vouchers
        o.by_voucher = BY_GRANTED_TIER if is_granted else BY_TIER
    elif s.status & MEMBER and c.vouchers_used < p.vouchers:
        o.by_voucher = BY_MEMBERSHIP
    if o.by_voucher:
        o.shipping_fee = 0


@card_mechanic
def cap_points(c: Card, t: Terms, p: Programme, o: Order) -> None:
    """Keep the points that the membership adds within what is left of their cap."""
    if p.points_cap > 0:
        over = extra_points(t, p, o) - max(0, p.points_cap - c.points_used)
        o.points_capped = max(0, over)
        o.points -= o.points_capped


@card_mechanic
def note_use(s: Shopper, c: Card, t: Terms, p: Programme, o: Order, row: LedgerRow) -> None:
    """Note what a booked order used of each allowance, and post what a cap held back."""
    if o.by_voucher == BY_MEMBERSHIP:
        c.vouchers_used += 1
    elif o.by_voucher:
        c.tier_vouchers_used += 1
    if o.by_voucher:
        row.vouchers_used += 1
    if s.status & MEMBER == 0:
        return
    if p.discount_cap > 0:
        c.discount_used += max(0, membership_part(t, o))
    if p.points_cap > 0:
        c.points_used += max(0, extra_points(t, p, o))
    row.membership_points_capped += o.points_capped
