"""Coupons: issued as a month opens, kept in lots by month, used earliest end first, gone when their days are over.

Serves the turn of the month, the visit and the office's day with a shopper.
"""

from __future__ import annotations

import numpy as np

from .assumptions import Behaviour
from .card import COUPON_LOTS, COUPON_MONTHS, Card, note_business
from .compiled import card_mechanic, mechanic, rule
from .keyed_random import Purpose, day_key, uniform
from .ledger import LedgerRow
from .market import Market
from .programme_table import Programme, Terms
from .shopper import LAPSED, Shopper


@mechanic
def issue_coupons(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow, day: int, key: np.uint64
) -> None:
    """Issue the month's coupons; who does not claim them will not remember them either."""
    c.coupons_used = 0
    if s.status & LAPSED or t.coupons == 0:
        return
    row.coupons_issued += t.coupons
    if uniform(day_key(key, day), Purpose.CLAIM_COUPONS) >= b.coupon_take_up:
        return
    lot = np.uint64(m.month) % np.uint64(COUPON_MONTHS)
    c.coupons[lot] = t.coupons
    c.coupons_left += t.coupons
    c.coupon_end[lot] = day + p.coupon_days
    row.coupons_claimed += t.coupons
    note_business(c, day + p.coupon_days)


@card_mechanic
def buy_coupons(c: Card, p: Programme, row: LedgerRow, count: int, day: int) -> None:
    """Hand out coupons for points: in an empty lot, else with those that end last and now end on the new day."""
    place = COUPON_MONTHS
    for lot in range(COUPON_MONTHS, COUPON_LOTS):
        if c.coupons[place] > 0 and (c.coupons[lot] == 0 or c.coupon_end[lot] > c.coupon_end[place]):
            place = lot
    c.coupons[place] += count
    c.coupon_end[place] = day + p.coupon_days
    c.coupons_left += count
    row.coupons_issued += count
    row.coupons_claimed += count
    note_business(c, day + p.coupon_days)


@mechanic
def end_coupons(c: Card, row: LedgerRow, day: int, forfeits_all: bool) -> None:
    """Take back the coupons whose last day was yesterday, or all of them, and note the next such day."""
    for lot in range(COUPON_LOTS):
        if c.coupons[lot] > 0:
            if forfeits_all or c.coupon_end[lot] <= day:
                row.coupons_expired += c.coupons[lot]
                c.coupons_left -= c.coupons[lot]
                c.coupons[lot] = 0
            else:
                note_business(c, c.coupon_end[lot])


@rule
def has_coupon(c: Card, p: Programme) -> bool:
    """Return whether a coupon can be used today; the office has taken back those whose days are over."""
    return c.coupons_left > 0 and c.coupons_used < p.coupons_used_a_month


@card_mechanic
def use_coupon(c: Card, row: LedgerRow) -> None:
    """Use the coupon that ends first."""
    first = 0
    for lot in range(1, COUPON_LOTS):
        if c.coupons[lot] > 0 and (c.coupons[first] == 0 or c.coupon_end[lot] < c.coupon_end[first]):
            first = lot
    c.coupons[first] -= 1
    c.coupons_left -= 1
    c.coupons_used += 1
    row.coupons_redeemed += 1
