"""A member's standing: what has been counted towards a tier in the running window, and which tier that reaches.

Serves the visit, the families whose events count (`add_activity`, `add_social`) and the review. Values are hundredths
of what a threshold counts: cents of spend, a hundred for an order or a growth point.
"""

from __future__ import annotations

import numpy as np

from .card import Card, note_business
from .compiled import card_mechanic, mechanic, rule
from .market import Market
from .order import Order
from .programme_table import Programme
from .shopper import ENROLLED, LARGEST_HOLDING, WINDOW_MONTHS, Shopper
from .standing_table import CALENDAR, MEMBERSHIP_YEAR, ROLLING

MOST_ORDERS = 30_000
"""Orders of a window that a card can count."""


@rule
def month_place(m: Market, months_ago: int) -> np.uint64:
    """Return the place in the rings of the month that lies up to 12 `months_ago`."""
    return np.uint64(m.month - months_ago + WINDOW_MONTHS) % np.uint64(WINDOW_MONTHS)


@rule
def add_activity(s: Shopper, c: Card, p: Programme, m: Market, count: int, day: int) -> None:
    """Count `count` activities of a member (visits, check-ins, reviews) towards the tier, if they count."""
    if p.activity_weight > 0:
        count_event(s, c, p, m, count * p.activity_weight, day)


@rule
def add_social(s: Shopper, c: Card, p: Programme, m: Market, count: int, day: int) -> None:
    """Count `count` social contributions of a member (referrals, shares, reviews) towards the tier, if they count."""
    if p.social_weight > 0:
        count_event(s, c, p, m, count * p.social_weight, day)


@card_mechanic
def count_event(s: Shopper, c: Card, p: Programme, m: Market, value: int, day: int) -> None:
    """Count `value` of a member on `day`; a promotion that is due at once is the office's first business tomorrow."""
    if s.status & ENROLLED == 0:
        return
    count_value(c, p, m, value, 0)
    note_rise(s, c, p, day)


@card_mechanic
def note_rise(s: Shopper, c: Card, p: Programme, day: int) -> None:
    """Let the office see tomorrow to a member who has reached a higher tier today, if the promotion is due at once."""
    if p.promotes_at_once and tier_reached(value_now(s, c, p), c.window_orders, p) > s.tier:
        note_business(c, day + 1)


@rule
def value_now(s: Shopper, c: Card, p: Programme) -> int:
    """Return what a threshold is held against: the balance of points in hundredths, or what the running window
    holds.
    """
    return 100 * int(s.points_balance) if p.counts_balance else int(c.window_value)


@rule
def count_value(c: Card, p: Programme, m: Market, value: int, months_ago: int) -> None:
    """Add `value` to the window, in the month that lies `months_ago`."""
    value = min(value, LARGEST_HOLDING - c.window_value)
    c.window_value += value
    if p.window_kind == ROLLING:
        c.month_value[month_place(m, months_ago)] += value


@rule
def count_order(c: Card, p: Programme, m: Market, o: Order) -> None:
    """Count an order: its goods, itself, and the points that it earns, each by its weight."""
    count_value(c, p, m, o.goods * p.spend_weight // 100 + p.order_weight + o.points * p.point_weight, 0)
    if c.window_orders < MOST_ORDERS:
        c.window_orders += 1
        if p.window_kind == ROLLING:
            c.month_orders[month_place(m, 0)] += 1


@mechanic
def take_back_value(c: Card, p: Programme, m: Market, goods: int, months_ago: int) -> None:
    """Take returned `goods` (cents) out of the window, in the month of their order, unless it has left the window."""
    value = goods * p.spend_weight // 100
    if p.window_kind == ROLLING:
        if months_ago >= p.window_months:
            return
        place = month_place(m, months_ago)
        value = min(value, c.month_value[place])
        c.month_value[place] -= value
    c.window_value -= min(value, c.window_value)


@mechanic
def tier_reached(value: int, orders: int, p: Programme) -> int:
    """Return the highest tier whose threshold `value` reaches, and whose number of orders `orders` does."""
    tier = 0
    while tier + 1 < p.tiers and value >= p.threshold[tier + 1] and orders >= p.orders_needed[tier + 1]:
        tier += 1
    return tier


@rule
def begin_period(c: Card) -> None:
    """Close the window's period; what it held decides until the next one ends."""
    c.last_value, c.last_orders = c.window_value, c.window_orders
    c.window_value = 0
    c.window_orders = 0


@rule
def drop_month_out_of_window(c: Card, p: Programme, m: Market) -> None:
    """Open the new month's place in a rolling window by dropping the month that falls out of it."""
    place = month_place(m, p.window_months)
    c.window_value -= c.month_value[place]
    c.window_orders -= c.month_orders[place]
    c.month_value[place] = 0
    c.month_orders[place] = 0


@rule
def counts_last_period(p: Programme) -> bool:
    """Return whether a review looks at the period that has ended, beside the one that has begun."""
    return p.window_kind in (CALENDAR, MEMBERSHIP_YEAR) and p.kept_periods != 1


@rule
def value_reviewed(s: Shopper, c: Card, p: Programme) -> int:
    """Return the value that a review looks at."""
    return max(c.window_value, c.last_value) if counts_last_period(p) else value_now(s, c, p)


@mechanic
def tier_earned_now(s: Shopper, c: Card, p: Programme) -> int:
    """Return the tier that a review gives: the better of running and last period; an invited member stays while the
    value for an invitation is held, and nobody loses a tier kept for good at a cut-over.
    """
    tier = tier_reached(value_now(s, c, p), c.window_orders, p)
    if counts_last_period(p):
        tier = max(tier, tier_reached(c.last_value, c.last_orders, p))
    tier = max(tier, int(c.kept_tier))
    if tier < s.tier and 0 <= p.invites_at[s.tier] <= value_reviewed(s, c, p):
        return s.tier
    return tier
