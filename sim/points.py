"""What happens to points: earning, paying with them, and expiry by monthly lot.

Serves the visit and the turn of the month. Lots are kept by calendar month of earning; a lot of month m with an expiry
of n months is gone when month m + n + 1 opens, so every point lives at least n months. Earliest expiry is used first.
"""

from __future__ import annotations

import math

import numpy as np

from .assumptions import Behaviour
from .compiled import rule
from .keyed_random import Purpose, uniform
from .ledger import LedgerRow
from .market import Market
from .programme_table import Programme, Terms
from .shopper import LOT_MONTHS, Shopper


@rule
def points_earned(paid_for_goods: int, t: Terms, p: Programme) -> int:
    """Return the points for `paid_for_goods` cents, without shipping and without the part paid by points; remainders
    drop.
    """
    if p.has_points == 0:
        return 0
    return paid_for_goods // p.earn_per * p.earn_points * t.earn_multiplier // 100


@rule
def lot_of(month: int) -> np.uint64:
    """Return the place of a month's lot in the ring; `month` may lie up to 25 months before the first.

    Unsigned, because the remainder and the index then need no care for what is below zero.
    """
    return np.uint64(month + LOT_MONTHS) % np.uint64(LOT_MONTHS)


@rule
def points_for(value: int, p: Programme) -> int:
    """Return the fewest points that pay `value` cents."""
    return (value * p.redeem_points + p.redeem_value - 1) // p.redeem_value


@rule
def redeemable_value(s: Shopper, goods: int, p: Programme) -> int:
    """Return the cents of `goods` that the balance may pay, within the minimum balance and the maximum share of an
    order.
    """
    if p.has_points == 0 or s.points_balance <= 0 or s.points_balance < p.minimum_points:
        return 0
    return min(s.points_balance * p.redeem_value // p.redeem_points, goods * p.maximum_share // 10_000)


@rule
def chooses_to_redeem(
    s: Shopper, value: int, list_value: int, p: Programme, b: Behaviour, m: Market, day: int, k: np.uint64
) -> bool:
    """Return whether the shopper pays `value` cents with points (behaviour reference, 2.7; facts 33 and 34)."""
    if value <= 0:
        return False
    utility = s.redemption_inertia + b.redemption_slope * math.log(value / (0.10 * list_value))
    if p.expiry_months > 0:
        expiring = s.lots[lot_of(m.month - p.expiry_months)]
        if expiring > 0:
            days_left = m.next_month_start - day
            utility += b.expiry_urgency * math.exp(-days_left / b.expiry_horizon) * expiring / s.points_balance
    return uniform(k, Purpose.REDEMPTION) < 1.0 / (1.0 + math.exp(-utility))


@rule
def spend_points(s: Shopper, points: int, p: Programme, m: Market) -> None:
    """Take `points` from the lots, oldest first."""
    s.points_balance -= points
    age = p.expiry_months if p.expiry_months > 0 else LOT_MONTHS - 1
    while points > 0:
        lot = lot_of(m.month - age)
        taken = min(points, s.lots[lot])
        s.lots[lot] -= taken
        points -= taken
        age -= 1


@rule
def credit_points(s: Shopper, points: int, m: Market) -> None:
    """Add `points` to the lot of the current month."""
    s.points_balance += points
    s.lots[lot_of(m.month)] += points


@rule
def expire_points(s: Shopper, p: Programme, m: Market, row: LedgerRow) -> None:
    """Expire the lots whose time is over as month `m.month` opens; without a points scheme every lot is forfeited.

    A policy that has just been launched may find lots older than its own expiry; otherwise one lot comes of age a
    month.
    """
    if s.points_balance == 0:
        return
    if p.has_points and p.expiry_months == 0:
        merge_oldest_lots(s, m)
    elif p.launches:
        for age in range(p.expiry_months + 1 if p.has_points else 1, LOT_MONTHS + 1):
            expire_lot(s, m, row, age)
    else:
        expire_lot(s, m, row, p.expiry_months + 1)


@rule
def expire_lot(s: Shopper, m: Market, row: LedgerRow, age: int) -> None:
    """Expire what is left of the lot earned `age` months ago."""
    lot = lot_of(m.month - age)
    row.points_expired += s.lots[lot]
    s.points_balance -= s.lots[lot]
    s.lots[lot] = 0


@rule
def merge_oldest_lots(s: Shopper, m: Market) -> None:
    """Make room for the month that opens: points that never expire move from the oldest lot to the next oldest."""
    oldest = lot_of(m.month)
    s.lots[lot_of(m.month + 1)] += s.lots[oldest]
    s.lots[oldest] = 0
