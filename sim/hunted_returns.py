"""Bonus-hunters who return goods: an order that has earned a tier or a campaign's points goes back soon.

Serves the visit; the return itself is that of everybody (`returns.py`), so claw-back of points, take-back of spend and
the next review of the tier meet it as they are. A hunter waits until the tier has been given: at once, or when the next
month opens; where goods cannot be returned so late, nothing goes back.
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
from .programme_table import Programme
from .returns import note_return
from .shopper import Shopper
from .standing import tier_reached, value_now
from .tiers import tier_earned


@card_mechanic
def tier_in_reach(s: Shopper, c: Card, p: Programme) -> int:
    """Return the tier that a hunter's spend, or whatever tiers count, reaches now; 0 for everybody else."""
    if c.hunts == 0:
        return 0
    if p.keeps_standing:
        return max(int(s.tier), tier_reached(value_now(s, c, p), c.window_orders, p))
    return max(int(s.tier), tier_earned(s, p))


@card_mechanic
def return_after_bonus(
    s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, o: Order, row: LedgerRow, reached: int, day: int,
    k: np.uint64,
) -> None:  # fmt: skip
    """Plan the return of an order that took a hunter above the tier `reached` before it, or earned a campaign's points.

    Orders that come back anyway are left to that.
    """
    if c.hunts == 0 or m.hunter_returns == 0:
        return
    now = tier_in_reach(s, c, p)
    if now <= reached and o.campaign_points == 0:
        return
    comes_back_anyway = uniform(k, Purpose.RETURN) * 10_000.0 < m.return_share + (m.return_padded if o.added > 0 else 0)
    if comes_back_anyway or uniform(k, Purpose.HUNTER_RETURN) * 10_000.0 >= m.hunter_returns:
        return
    due = day + 1
    if now > s.tier:
        due = max(due, m.next_month_start)
    if due > day + m.return_days:
        return
    cost_of_goods = o.list_value * m.cost_share // 10_000
    place = note_return(c, p, b, m, o, cost_of_goods, day, due, k)
    c.return_hunted[place] = 1
    row.hunter_returns += 1
    paid = o.goods - o.paid_by_points - o.paid_by_credit + o.shipping_fee
    payment = paid * m.payment_share // 10_000 + m.payment_fixed if paid > 0 else 0
    lost = cost_of_goods - cost_of_goods * m.return_resale // 10_000
    row.hunter_return_cost += lost + m.return_handling + m.shipping_cost + payment - o.shipping_fee
