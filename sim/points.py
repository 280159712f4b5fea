"""What happens to points: earning, paying with them, and expiry by monthly lot.

Serves the visit and the turn of the month. The usual case stands here and is inlined; the small print of a policy is
called where a policy has some (caps, debts and pending points in `points_credit`, other kinds of expiry in
`points_expiry`). A lot of month m with an expiry of n months is gone when month m + n + 1 opens, so every point lives
at least n months. Earliest expiry is used first.
"""

from __future__ import annotations

import math

import numpy as np

from .assumptions import Behaviour
from .card import Card
from .compiled import mechanic, rule
from .devaluation import rush
from .keyed_random import Purpose, uniform
from .ledger import LedgerRow
from .lots import expire_lot, lot_of, merge_oldest_lots
from .market import FULL_PRICE, Market
from .order import Order
from .points_expiry import expire_periods, urgency
from .points_table import BY_MONTH, BY_PERIOD, NO_EXPIRY, ROUND_NEAREST, ROUND_UP
from .programme_table import Programme, Terms
from .shopper import LOT_MONTHS, Shopper


@rule
def points_earned(o: Order, t: Terms, p: Programme) -> int:
    """Return the points that the order earns before any cap.

    Plainly: on goods paid in money, remainders dropped.
    """
    return points_at(o, t.earn_multiplier, p)


@rule
def points_at(o: Order, multiplier: int, p: Programme) -> int:
    """Return the points that the order earns at `multiplier` percent of the base rate."""
    if p.has_points == 0:
        return 0
    if p.plain_earning:
        return points_on(o.goods - o.paid_by_points - o.paid_by_credit, multiplier, p)
    return points_by_small_print(o, multiplier, p)


@rule
def points_on(paid_for_goods: int, multiplier: int, p: Programme) -> int:
    """Return the points on `paid_for_goods` cents; remainders drop."""
    return points_of(paid_for_goods // p.earn_per, multiplier, p)


@rule
def points_of(parts: int, multiplier: int, p: Programme) -> int:
    """Return the points of so many parts of the rate, multiplied as tier and membership say."""
    return parts * p.earn_points * multiplier // 100


@mechanic
def points_by_small_print(o: Order, multiplier: int, p: Programme) -> int:
    """Return the points of an order on the base and with the rounding that the policy states."""
    base = o.list_value if p.earns_before_discounts else o.goods
    if p.earns_on_shipping:
        base += o.shipping_fee
    if p.earns_on_points_paid == 0:
        base = max(0, base - o.paid_by_points - o.paid_by_credit)
    if p.tax_earns_none:
        base = base * 10_000 // (10_000 + p.sales_tax)
    if p.earn_rounding == ROUND_UP:
        parts = (base + p.earn_per - 1) // p.earn_per
    elif p.earn_rounding == ROUND_NEAREST:
        parts = (2 * base + p.earn_per) // (2 * p.earn_per)
    else:
        parts = base // p.earn_per
    return points_of(parts, multiplier, p) + p.earn_each_order


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
def offer_points(s: Shopper, p: Programme, m: Market, o: Order, row: LedgerRow, day: int) -> None:
    """Set what of the order the balance may pay, and the points asked for it."""
    if p.plain_redemption and m.points_price == FULL_PRICE:
        o.paid_by_points = redeemable_value(s, o.goods, p)
        o.points_spent = 0 if o.paid_by_points == 0 else points_for(o.paid_by_points, p)
    else:
        offer_points_by_small_print(s, p, m, o, row, day)


@mechanic
def offer_points_by_small_print(s: Shopper, p: Programme, m: Market, o: Order, row: LedgerRow, day: int) -> None:
    """Set what the balance may pay in steps, at today's price in points, unless it is frozen."""
    o.paid_by_points = o.points_spent = 0
    if p.has_points == 0 or p.automatic_points > 0 or s.points_balance <= 0 or s.points_balance < p.minimum_points:
        return
    if p.freeze_days > 0 and s.last_order_day >= 0 and day - s.last_order_day > p.freeze_days:
        row.frozen_balances += 1
        return
    worth = int(s.points_balance) * FULL_PRICE // m.points_price  # points at their usual price
    most = o.goods * p.maximum_share // 10_000
    value = min(worth * p.redeem_value // p.redeem_points, most)
    usual = points_for(value, p)
    if p.redeem_step > 1:
        usual = min(worth, most * p.redeem_points // p.redeem_value) // p.redeem_step * p.redeem_step
        value = usual * p.redeem_value // p.redeem_points
    if value > 0:
        o.paid_by_points = value
        o.points_spent = at_todays_price(usual, m)


@rule
def at_todays_price(points: int, m: Market) -> int:
    """Return the points asked today for what usually costs `points`; a part of a point is asked as a whole one."""
    return (points * m.points_price + FULL_PRICE - 1) // FULL_PRICE


@rule
def chooses_to_redeem(
    s: Shopper, c: Card, value: int, list_value: int, p: Programme, b: Behaviour, m: Market, day: int, k: np.uint64
) -> bool:  # fmt: skip
    """Return whether the shopper pays `value` cents with points (behaviour reference, 2.7; facts 33 and 34)."""
    if value <= 0:
        return False
    utility = redeeming_utility(s, c, value, list_value, p, b, m, day)
    return uniform(k, Purpose.REDEMPTION) < 1.0 / (1.0 + math.exp(-utility))


@rule
def redeeming_utility(
    s: Shopper, c: Card, value: int, list_value: int, p: Programme, b: Behaviour, m: Market, day: int
) -> float:  # fmt: skip
    """Return the log odds of paying `value` cents of a basket with points."""
    utility = s.redemption_inertia + b.redemption_slope * math.log(value / (0.10 * list_value))
    if p.expiry_kind == BY_MONTH:
        expiring = s.lots[lot_of(m.month - p.expiry_months)]
        if expiring > 0:
            days_left = m.next_month_start - day
            utility += b.expiry_urgency * math.exp(-days_left / b.expiry_horizon) * expiring / s.points_balance
    elif p.expiry_kind != NO_EXPIRY:
        utility += urgency(s, c, p, b, m, day)
    if m.devaluation_day > 0:
        utility += rush(b, m, m.devaluation_paying, day)
    return utility


@rule
def spend_points(s: Shopper, points: int, p: Programme, m: Market) -> None:
    """Take `points` from the lots, oldest first."""
    s.points_balance -= points
    age = p.expiry_months if p.expiry_kind == BY_MONTH else LOT_MONTHS - 1
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
    if p.has_points and p.expiry_kind == BY_PERIOD:
        expire_periods(s, p, m, row)
    elif p.has_points and p.expiry_kind != BY_MONTH:
        merge_oldest_lots(s, m)
    elif p.launches:
        for age in range(p.expiry_months + 1 if p.has_points else 1, LOT_MONTHS + 1):
            expire_lot(s, m, row, age)
    else:
        expire_lot(s, m, row, p.expiry_months + 1)
