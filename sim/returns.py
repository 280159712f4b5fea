"""Returns of goods: which orders come back, and what is then refunded, recovered, given back and taken back.

Serves the order, which plans its return, and the office's days, on which it happens. An order comes back as a whole.
GMV and discounts stay as they were booked; refunds stand between GMV and net revenue. Up to four returns of a shopper
are kept apart; a further one travels with the last.
"""

from __future__ import annotations

import numpy as np

from .assumptions import Behaviour
from .card import Card, note_business
from .compiled import card_mechanic, mechanic
from .day_lots import spend_day_lots
from .instant_refund import lost_if_refunded_at_once, refund_at_once
from .keyed_random import Purpose, uniform
from .ledger import LedgerRow
from .lots import lot_of
from .market import Market
from .order import Order
from .points import spend_points
from .points_credit import enter_balance, take_pending
from .points_table import BY_DAY, MAY_GO_NEGATIVE, PENDING_ONLY
from .programme_table import Programme, Terms
from .sales_tax import hand_on_tax, tax_in
from .shopper import LARGEST_HOLDING, LOT_MONTHS, Shopper
from .standing import take_back_value
from .tiers import take_back_window_spend

PLACES = 4


@card_mechanic
def plan_return(
    c: Card, p: Programme, b: Behaviour, m: Market, o: Order, cost_of_goods: int, day: int, k: np.uint64
) -> None:
    """Decide whether and when the order comes back, and note it on the card."""
    share = m.return_share + (m.return_padded if o.added > 0 else 0)
    if uniform(k, Purpose.RETURN) * 10_000.0 >= share:
        return
    due = day + 1 + int(uniform(k, Purpose.RETURN_DAY) * m.return_days)
    note_return(c, p, b, m, o, cost_of_goods, day, due, k)


@mechanic
def note_return(
    c: Card, p: Programme, b: Behaviour, m: Market, o: Order, cost_of_goods: int, day: int, due: int, k: np.uint64
) -> int:
    """Note on the card that the order comes back on the day `due`; return the place in which it is noted."""
    place = 0
    while place < PLACES - 1 and c.return_days[place] > 0:
        place += 1
    c.return_days[place] = max(due, c.return_days[place])
    c.return_months[place] = m.month
    c.return_pending_until[place] = day + p.pending_days
    c.return_goods[place] += o.goods
    c.return_paid_by_points[place] += o.paid_by_points
    c.return_paid_by_credit[place] += o.paid_by_credit
    recovered = cost_of_goods * m.return_resale // 10_000
    c.return_costs[place] += recovered
    c.return_lost[place] += lost_if_refunded_at_once(b, recovered, k)
    c.return_spent[place] = min(LARGEST_HOLDING, c.return_spent[place] + o.points_spent)
    c.return_earned[place] = min(LARGEST_HOLDING, c.return_earned[place] + o.points)
    note_business(c, due)
    return place


@mechanic
def attend_to_returns(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow, day: int, rival: bool
) -> None:
    """Take back the goods whose day has come, and note the days of the others."""
    for place in range(PLACES):
        if 0 < c.return_days[place] <= day:
            settle_return(s, c, t, p, b, m, row, place, day, rival)
            c.return_days[place] = 0
            c.return_goods[place] = c.return_costs[place] = c.return_lost[place] = 0
            c.return_paid_by_points[place] = c.return_paid_by_credit[place] = 0
            c.return_spent[place] = c.return_earned[place] = c.return_hunted[place] = 0
        elif c.return_days[place] > 0:
            note_business(c, c.return_days[place])


@mechanic
def settle_return(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow, place: int,
    day: int, rival: bool,
) -> None:  # fmt: skip
    """Refund, recover the goods, take their points back and give back the points that paid for them."""
    goods, in_points, in_credit = c.return_goods[place], c.return_paid_by_points[place], c.return_paid_by_credit[place]
    in_money = goods - in_points - in_credit
    row.returns += 1
    row.refunds += in_money
    row.returned_goods -= c.return_costs[place]
    row.return_handling += m.return_handling
    s.margin += c.return_costs[place] - in_money - m.return_handling
    if p.sales_tax > 0:
        hand_on_tax(s, row, -tax_in(in_money, p))
    if t.refunds_at_once:
        refund_at_once(s, c, t, b, m, row, place, in_money, day, rival)
    take_back_window_spend(s, goods, c.return_months[place], m)
    if p.keeps_standing:
        take_back_value(c, p, m, goods, m.month - c.return_months[place])
    taken = row.points_clawed_back
    claw_back(s, c, p, m, row, c.return_earned[place], c.return_pending_until[place])
    if c.return_hunted[place]:
        row.hunter_kept_points += c.return_earned[place] - (row.points_clawed_back - taken)
    if p.has_points and p.gives_points_back:
        row.refunds_in_points += in_points + in_credit
        row.points_paid_back -= in_points
        row.credits_paid -= in_credit
        c.credit += in_credit
        s.benefit_cost -= in_points + in_credit
        give_back_points(s, c, p, m, row, c.return_spent[place], day)


@mechanic
def give_back_points(s: Shopper, c: Card, p: Programme, m: Market, row: LedgerRow, points: int, day: int) -> None:
    """Give back the points that had paid for returned goods; they live as if earned today."""
    if points > 0:
        points = max(0, min(points, LARGEST_HOLDING - s.points_balance - c.pending_points))
        row.points_given_back += points
        enter_balance(s, c, p, m, row, points, day, 0)


@mechanic
def claw_back(s: Shopper, c: Card, p: Programme, m: Market, row: LedgerRow, points: int, until: int) -> None:
    """Take the points of a returned order back as far as the policy goes: pending, then the balance, then as a debt."""
    taken = take_pending(c, points, until)
    if p.claw_back != PENDING_ONLY and p.has_points:
        held = max(0, min(points - taken, s.points_balance))
        for age in range(LOT_MONTHS):
            m.clawed_back_by_age[age] += s.lots[lot_of(m.month - age)]
        if p.expiry_kind == BY_DAY:
            spend_day_lots(s, c, m, held)
        else:
            spend_points(s, held, p, m)
        for age in range(LOT_MONTHS):
            m.clawed_back_by_age[age] -= s.lots[lot_of(m.month - age)]
        taken += held
        if p.claw_back == MAY_GO_NEGATIVE:
            c.points_debt += points - taken
            taken = points
    row.points_clawed_back += taken
