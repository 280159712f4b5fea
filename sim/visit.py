"""A visit to the shop: arrive, fill the basket, decide, pay, earn. The business of a day, in the order in which it
happens.

Serves the kernel. Every name in single letters is a record that all rules share: `s` the shopper, `c` the shopper's
card, `t` the terms of the shopper's tier and membership, `p` the programme, `b` the assumed behaviour, `m` the market
of the day, `o` the order on its way, `row` the ledger line of this day and state; `key` and `k` address random
numbers.
"""

from __future__ import annotations

import math

import numpy as np

from .activities import be_active_after_order, be_active_at_visit, challenge_pull
from .assumptions import Behaviour
from .attrition import is_still_here, lapse, settle, wear_by_order
from .basket import fill_basket, padding, price, shipping_fee_due
from .card import Card
from .compiled import rule
from .keyed_random import Purpose, as_share, day_key, uniform
from .ledger import LedgerRow
from .market import Market
from .membership import consider_membership, sunk_cost
from .order import Order
from .points import chooses_to_redeem, credit_points, offer_points, points_earned, spend_points
from .points_credit import credit_earned, points_allowed
from .programme_table import LOWEST_FELT_PRICE, MEMBER_DISCOUNT, MEMBERSHIP_DISCOUNT, TIER_DISCOUNT, Programme, Terms
from .returns import plan_return
from .rewards import consider_lottery, consider_rewards, offer_credit, take_points, use_credit
from .shopper import ENROLLED, LAPSED, LARGEST_HOLDING, LAST_DAY, MEMBER, NEVER, Shopper
from .tiers import add_window_spend, tier_pressure, tier_progress


@rule
def visit(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, o: Order, row: LedgerRow, day: int,
    rival: bool, every_visit_counts: bool, key: np.uint64,
) -> int:  # fmt: skip
    """Live through one candidate day of visiting: come or stay away, look, buy or not, think about the membership.

    Returns the shopper's next candidate day.
    """
    k = day_key(key, day)
    next_day = next_candidate_day(s, day, k)
    first = s.status & ENROLLED == 0
    if not first and m.attendance < 1.0 and c.prompted_day != day and uniform(k, Purpose.ATTENDANCE) >= m.attendance:
        return next_day
    if not is_still_here(s, t, b, m, day, rival):
        lapse(s, row)
        return NEVER
    row.visits += 1
    if p.at_visits and not first:
        be_active_at_visit(s, c, p, b, m, row, day, k)
        if p.lottery_points > 0:
            consider_lottery(s, c, p, b, m, row, day, k)
    hurdle = logit(uniform(k, Purpose.BUY))
    may_buy = first or highest_utility(s, t, p, b, m, rival) > hurdle or (p.keeps_cards != 0 and c.credit > 0)
    if not (may_buy or every_visit_counts):
        return next_day
    if may_buy:
        o.is_first = first
        shop(s, c, t, p, b, m, o, row, hurdle, rival, day, k)
    if m.dropout_by_order and not first and hurdle < s.base_logit:
        wear_by_order(s, t, b, m, row, day, rival)
    if p.fee > 0 and s.status & (ENROLLED | MEMBER | LAPSED) == ENROLLED:
        consider_membership(s, t, p, b, m, row, rival, day, k, key)
    return NEVER if s.status & LAPSED else next_day


@rule
def visits_count(p: Programme, m: Market) -> bool:
    """Return whether a visit without an order can change anything: where a membership is on offer, or attrition
    follows orders at list price.
    """
    return p.fee > 0 or m.dropout_by_order != 0


@rule
def shop(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, o: Order, row: LedgerRow,
    hurdle: float, rival: bool, day: int, k: np.uint64,
) -> None:  # fmt: skip
    """Fill the basket, choose shipping and points, and buy if the utility clears the day's `hurdle`."""
    if not settle(s, t, b, m, day, rival):
        lapse(s, row)
        return
    o.list_value = fill_basket(s, t, m, k)
    price(o, t)
    o.shipping_fee = shipping_fee_due(o.goods, t, p)
    o.added = padding(o.goods, o.shipping_fee, t, b, k)
    if o.added > 0:
        o.list_value += o.added
        price(o, t)
        o.shipping_fee = 0
    offer_points(s, p, m, o, row, day)
    if not chooses_to_redeem(s, c, o.paid_by_points, o.list_value, p, b, m, day, k):
        o.paid_by_points = o.points_spent = 0
    if p.keeps_cards:
        offer_credit(c, o)
    o.points = min(points_earned(o, t, p), LARGEST_HOLDING - s.points_balance)
    if p.keeps_cards:
        allowed = points_allowed(s, c, p, m, o.points, day)
        o.points, o.points_cut = allowed, o.points - allowed
    if not o.is_first:
        utility = buying_utility(s, t, p, b, m, o, rival, day)
        if utility <= hurdle or cancelled_by_debt(s, k):
            return
    book_order(s, c, t, p, m, o, row, day, k)
    change_of_mind(s, t, b, m, o)
    if p.after_orders:
        be_active_after_order(s, c, p, b, m, o, row, day, k)
        if p.rewards > 0:
            consider_rewards(s, c, p, b, m, row, day, k)
    s.status |= ENROLLED


@rule
def logit(share: float) -> float:
    """Return the log odds of `share`; a uniform's log odds is the hurdle that a buying utility has to clear."""
    return math.log(share / (1.0 - share))


@rule
def highest_utility(s: Shopper, t: Terms, p: Programme, b: Behaviour, m: Market, rival: bool) -> float:
    """Return a bound that the buying utility of this visit cannot exceed, whatever the basket turns out to be.

    A visit whose hurdle is above the bound ends without an order, so its basket need not be drawn: the same decisions
    at a third of the cost. The margin of 1e-9 covers rounding.
    """
    floor = t.log_price_floor
    if p.has_points and s.points_balance > 0 and s.points_balance >= p.minimum_points:
        floor = t.log_price_floor_with_points
    pull = m.price_sensitivity * (-b.price_response * floor - b.reference_response * (t.log_price - s.reference_price))
    if b.tier_pressure > 0.0:
        pull += b.tier_pressure * tier_progress(s, p)
    pull += goal_gradient(s, p, b) + challenge_pull(s, p, b, m)
    if s.status & MEMBER:
        pull += b.sunk_cost
    utility = s.base_logit + s.response * pull + max(0.0, s.goodwill) + 1e-9
    return utility - b.rival_pull if rival else utility


@rule
def next_candidate_day(s: Shopper, day: int, k: np.uint64) -> int:
    """Return the shopper's next candidate day: a daily coin in its geometric form, which no policy can move."""
    gap = -math.log(as_share(k)) * s.visit_gap
    if gap >= LAST_DAY - day - 1:
        return NEVER
    return day + 1 + int(gap)


@rule
def buying_utility(
    s: Shopper, t: Terms, p: Programme, b: Behaviour, m: Market, o: Order, rival: bool, day: int
) -> float:
    """Return the log odds of the order: one logit on the effective price and the pulls of the programme.

    Behaviour reference, 2.4 and 2.5. Purchase and payment are weighed against the list price of the basket.
    """
    points_value = o.points * p.redeem_value / p.redeem_points
    damping = b.rival_damping if rival else 1.0
    felt = o.goods + b.shipping_weight * o.shipping_fee
    felt -= damping * (b.earning_weight * points_value + b.redeeming_weight * (o.paid_by_points + o.paid_by_credit))
    log_price = math.log(max(LOWEST_FELT_PRICE, felt / o.list_value))
    pull = m.price_sensitivity * (
        -b.price_response * log_price - b.reference_response * (t.log_price - s.reference_price)
    )
    pull += tier_pressure(s, p, b) + damping * (goal_gradient(s, p, b) + challenge_pull(s, p, b, m))
    if s.status & MEMBER:
        pull += sunk_cost(s, p, b, day)
    utility = s.base_logit + s.response * pull + s.goodwill
    return utility - b.rival_pull if rival else utility


@rule
def cancelled_by_debt(s: Shopper, k: np.uint64) -> bool:
    """Return whether goods bought ahead make this order unnecessary; a cancelled order pays one order of debt back."""
    if s.purchase_debt <= 0.0:
        return False
    if uniform(k, Purpose.CANCELLATION) >= s.purchase_debt:
        return False
    s.purchase_debt = max(0.0, s.purchase_debt - 1.0)
    return True


@rule
def goal_gradient(s: Shopper, p: Programme, b: Behaviour) -> float:
    """Return the pull of the first usable points on the log odds of an order (fact 15; Kivetz, Urminsky and Zheng,
    2006).
    """
    if b.goal_gradient == 0.0 or p.has_points == 0 or s.points_balance <= 0 or s.points_balance >= p.minimum_points:
        return 0.0
    return b.goal_gradient * s.points_balance / p.minimum_points


@rule
def book_order(
    s: Shopper, c: Card, t: Terms, p: Programme, m: Market, o: Order, row: LedgerRow, day: int, k: np.uint64
) -> None:
    """Post the order to the ledger and to the shopper's own account, line by line, in cents and points."""
    row.orders += 1
    row.list_value += o.list_value
    row.gmv += o.goods
    if t.discount_kind == MEMBER_DISCOUNT:
        row.member_discount += o.discount
    elif t.discount_kind == TIER_DISCOUNT:
        row.tier_discount += o.discount
    elif t.discount_kind == MEMBERSHIP_DISCOUNT:
        row.membership_discount += o.discount
    waived = p.shipping_fee - o.shipping_fee
    row.shipping_charged += o.shipping_fee
    if o.goods >= p.shipping_free_from:
        row.shipping_waived_by_threshold += waived
    else:
        row.shipping_waived_by_status += waived
    cost_of_goods = o.list_value * m.cost_share // 10_000
    paid = o.goods - o.paid_by_points - o.paid_by_credit + o.shipping_fee
    payment_cost = paid * m.payment_share // 10_000 + m.payment_fixed if paid > 0 else 0
    row.cost_of_goods += cost_of_goods
    row.shipping_cost += m.shipping_cost
    row.payment_cost += payment_cost
    if o.is_first:
        row.first_orders += 1
        s.first_order_day = day

    if o.paid_by_points > 0:
        if p.keeps_cards:
            take_points(s, c, p, m, row, o.points_spent, day)
        else:
            spend_points(s, o.points_spent, p, m)
            row.points_redeemed += o.points_spent
        row.points_paid += o.paid_by_points
    if o.paid_by_credit > 0:
        use_credit(s, c, o, row)
    if o.points > 0:
        row.points_issued += o.points
        if p.keeps_cards:
            credit_earned(s, c, p, m, row, o.points, day)
        else:
            credit_points(s, o.points, m)
    if o.points_cut > 0:
        row.points_capped += o.points_cut
    if s.status & MEMBER:
        s.term_saving = min(LARGEST_HOLDING, s.term_saving + membership_saving(t, p, o))

    s.orders += 1
    s.last_order_day = day
    s.gmv += o.goods
    s.benefit_cost += o.list_value - o.goods + o.paid_by_points + waived
    s.margin += o.goods - o.paid_by_points + o.shipping_fee - cost_of_goods - m.shipping_cost - payment_cost
    add_window_spend(s, o.goods, m)
    if m.return_share > 0:
        plan_return(c, p, m, o, cost_of_goods, day, k)


@rule
def membership_saving(t: Terms, p: Programme, o: Order) -> int:
    """Return the cents that the paid membership saved on this order against the terms without it."""
    saving = o.list_value * (t.discount - t.other_discount) // 10_000
    if o.goods < t.other_free_shipping_from and o.goods >= t.free_shipping_from:
        saving += p.shipping_fee
    if o.points > p.earn_each_order and t.earn_multiplier > 0:
        extra = (o.points - p.earn_each_order) * (t.earn_multiplier - t.other_earn_multiplier) // t.earn_multiplier
        saving += extra * p.redeem_value // p.redeem_points
    return saving


@rule
def change_of_mind(s: Shopper, t: Terms, b: Behaviour, m: Market, o: Order) -> None:
    """Let the order work on the shopper: a reward pleases, the price becomes the reference, goods bought ahead are a
    debt.
    """
    if o.paid_by_points > 0:
        s.goodwill += b.reward_goodwill * min(1.0, o.paid_by_points / (0.5 * o.list_value))
    mean_basket = m.basket_shape * s.basket_scale * m.basket_factor
    depth = s.reference_price - t.log_price
    if depth > 0.0 and b.forward_buying > 0.0:
        bought_ahead = 1.0 - math.exp(-(b.price_response + b.reference_response) * depth)
        s.purchase_debt += b.forward_buying * bought_ahead * o.list_value / mean_basket
    if o.added > 0:
        s.purchase_debt += b.padding_debt * o.added / mean_basket
    s.reference_price += b.reference_speed * (t.log_price - s.reference_price)
