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

from .activities import be_active_after_order, be_active_at_visit
from .after_order import follow_order
from .assumptions import Behaviour
from .attrition import is_still_here, lapse, settle, wear_by_order
from .basket import fill_basket, padding, shipping_fee_due
from .campaign_booking import book_campaigns
from .campaigns import campaign_points, campaign_ships, find_campaigns
from .card import Card
from .compiled import rule
from .contact import note_own_days
from .gifts import note_welcome
from .headroom import headroom_of
from .keyed_random import Purpose, as_share, day_key, uniform
from .least_price import least_left
from .ledger import LedgerRow
from .market import Market
from .membership import consider_membership, sunk_cost
from .membership_allowance import cap_points, look_at_allowances, note_use, post_standing_discount, use_voucher
from .membership_benefit import membership_saving
from .order import Order
from .pay_later import pull_of_paying_later
from .points import chooses_to_redeem, credit_points, offer_points, points_earned, spend_points
from .points_credit import credit_earned, points_allowed
from .pricing import STANDING, book_offers, look_for_offers, price, top_up_for_coupon
from .programme_table import LOWEST_FELT_PRICE, Programme, Terms
from .referral import extra_of_friend
from .returns import plan_return
from .rewards import consider_lottery, consider_rewards, offer_credit, take_points, use_credit
from .rival import pull_of_rival
from .sales_tax import hand_on_tax, tax_in
from .second_life import come_back, day_of_return
from .shopper import ENROLLED, LAPSED, LARGEST_HOLDING, LAST_DAY, MEMBER, NEVER, Shopper
from .special_price import wish_for_a_unit
from .stamp_card import collects, goal_gradient, stamp
from .standing import add_activity
from .threshold_habit import burden_of_threshold, give_up_goal
from .tier_pull import tier_pressure, tier_progress
from .tier_review import note_order
from .tier_tasks import task_pull
from .tiers import add_window_spend


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
    if s.status & LAPSED:
        come_back(s, b, m, row, day, key)
    first = s.status & ENROLLED == 0
    if not first and m.attendance < 1.0 and c.prompted_day != day and uniform(k, Purpose.ATTENDANCE) >= m.attendance:
        return next_day
    if not is_still_here(s, t, b, m, day, rival):
        lapse(s, row)
        return day_of_return(b, day, k)
    row.visits += 1
    add_activity(s, c, p, m, 1, day)
    if p.at_visits and not first:
        be_active_at_visit(s, c, p, b, m, row, day, k)
        if p.lottery_points > 0:
            consider_lottery(s, c, p, b, m, row, day, k)
    hurdle = logit(uniform(k, Purpose.BUY))
    campaign_pull = find_campaigns(s, c, t, p, b, m, o, day, key) if p.campaigns > 0 else 0.0
    may_buy = first or highest_utility(s, c, t, p, b, m, rival) + campaign_pull > hurdle
    if p.keeps_cards != 0 and c.credit > 0:
        may_buy = True
    if not (may_buy or every_visit_counts):
        return next_day
    if may_buy:
        o.is_first = first
        shop(s, c, t, p, b, m, o, row, hurdle, rival, day, k, key)
    if m.dropout_by_order and not first and hurdle < s.base_logit:
        wear_by_order(s, t, b, m, row, day, rival)
    if p.fee > 0 and s.status & (ENROLLED | MEMBER | LAPSED) == ENROLLED:
        consider_membership(s, c, t, p, b, m, row, rival, day, k, key)
    return day_of_return(b, day, k) if s.status & LAPSED else next_day


@rule
def visits_count(p: Programme, m: Market) -> bool:
    """Return whether a visit without an order can change anything: where a membership is on offer, or attrition
    follows orders at list price.
    """
    return p.fee > 0 or m.dropout_by_order != 0


@rule
def shop(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, o: Order, row: LedgerRow,
    hurdle: float, rival: bool, day: int, k: np.uint64, key: np.uint64,
) -> None:  # fmt: skip
    """Fill the basket, choose shipping and points, and buy if the utility clears the day's `hurdle`."""
    if not settle(s, t, b, m, day, rival):
        lapse(s, row)
        return
    o.by_voucher = 0
    if p.has_allowances:
        look_at_allowances(s, c, t, p, m, o, day)
    lift = 1.0
    if p.has_offers:
        left = look_for_offers(c, t, p, o, key)
        if left < 1.0:
            lift = left**-b.basket_elasticity
    if m.spreads_word:
        lift *= 1.0 + extra_of_friend(s, c, b, o, day)
    o.list_value = fill_basket(s, t, m, lift, k)
    if p.has_pool:
        wish_for_a_unit(c, t, p, b, m, o, day, k)
    price(o, t, p, m, day)
    o.added = top_up_for_coupon(o, t, p, b, k) if p.has_coupons and o.coupon_is_at_hand else 0
    if o.added > 0 and o.campaigns != 0:
        price(o, t, p, m, day)
    o.shipping_fee = shipping_fee_due(o.goods, t, p)
    if o.campaigns != 0 and o.shipping_fee > 0 and campaign_ships(p, o):
        o.shipping_fee = 0
    if p.has_allowances:
        use_voucher(s, c, t, p, o)
    burden = burden_of_threshold(s, t, b, m, o, day) if m.used_free_from > 0 else 0.0
    padded = padding(o.goods, o.shipping_fee, burden, t, b, k)
    if padded > 0:
        if o.has_offers:
            padded = padded * (o.list_value - o.offer[STANDING]) // o.goods + 1
        o.added += padded
        o.list_value += padded
        price(o, t, p, m, day)
        o.shipping_fee = 0
    elif m.used_free_from > 0:
        give_up_goal(t, p, b, m, o, day, k)
    offer_points(s, p, m, o, row, day)
    if not chooses_to_redeem(s, c, o.paid_by_points, o.list_value, p, b, m, day, k):
        o.paid_by_points = o.points_spent = 0
    if p.keeps_cards:
        offer_credit(c, o)
    points = points_earned(o, t, p)
    if p.categories:
        points += points * o.category_points // 10_000
    o.points = min(points, LARGEST_HOLDING - s.points_balance)
    if p.has_allowances and s.status & MEMBER:
        cap_points(c, t, p, o)
    if o.campaigns != 0:
        o.campaign_points = min(campaign_points(p, o, o.points), LARGEST_HOLDING - s.points_balance - o.points)
        o.points += o.campaign_points
    if p.has_stamp_card and not collects(c, p, key):
        o.points = o.campaign_points = o.points_capped = 0
    if p.keeps_cards:
        allowed = points_allowed(s, c, p, m, o.points, day)
        o.points, o.points_cut = allowed, o.points - allowed
        o.campaign_points = min(o.campaign_points, allowed)
    if not o.is_first:
        utility = buying_utility(s, c, t, p, b, m, o, rival, day)
        if utility <= hurdle or cancelled_by_debt(s, k):
            return
    if p.has_stamp_card:
        stamp(s, c, p, b, m, o, row, day, key)
    book_order(s, c, t, p, b, m, o, row, day, k)
    change_of_mind(s, t, p, b, m, o)
    if p.campaigns > 0:
        book_campaigns(s, c, p, b, m, o, row, day, key)
    if p.after_orders:
        be_active_after_order(s, c, p, b, m, row, day, k)
        if p.rewards > 0:
            consider_rewards(s, c, p, b, m, row, day, k)
    s.status |= ENROLLED
    if p.keeps_standing:
        note_order(s, c, t, p, b, m, o, row, day, rival)
    if p.follows_orders:
        follow_order(s, c, t, p, b, m, o, row, day, k)
    if p.welcoming_tiers != 0:
        note_welcome(s, c, day)
    if p.acts_on_own_days != 0:
        note_own_days(s, c, p, m, day + 1, key)


@rule
def logit(share: float) -> float:
    """Return the log odds of `share`; a uniform's log odds is the hurdle that a buying utility has to clear."""
    return math.log(share / (1.0 - share))


@rule
def highest_utility(s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, rival: bool) -> float:
    """Return a bound that the buying utility of this visit cannot exceed, whatever the basket turns out to be.

    A visit whose hurdle is above the bound ends without an order, so its basket need not be drawn: the same decisions
    at a third of the cost. The margin of 1e-9 covers rounding.
    """
    floor = t.log_price_floor
    if p.has_points and s.points_balance > 0 and s.points_balance >= p.minimum_points:
        floor = t.log_price_floor_with_points
    log_price = t.log_price
    if p.has_offers:
        offers = math.log(least_left(c, t, p))
        floor += offers
        log_price += offers
    pull = m.price_sensitivity * (-b.price_response * floor - b.reference_response * (log_price - s.reference_price))
    if b.tier_pressure > 0.0:
        pull += b.tier_pressure * tier_progress(s, c, p)
    if p.has_tasks and c.task_left > 0:
        pull += b.task_pull
    pull += goal_gradient(s, p, b, m)
    if s.status & MEMBER:
        pull += b.sunk_cost
    utility = s.base_logit + s.response * pull + max(0.0, s.goodwill) + t.pay_later_pull + 1e-9
    return utility - pull_of_rival(s, t, b, m) if rival else utility


@rule
def next_candidate_day(s: Shopper, day: int, k: np.uint64) -> int:
    """Return the shopper's next candidate day: a daily coin in its geometric form, which no policy can move."""
    gap = -math.log(as_share(k)) * s.visit_gap
    if gap >= LAST_DAY - day - 1:
        return NEVER
    return day + 1 + int(gap)


@rule
def buying_utility(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, o: Order, rival: bool, day: int
) -> float:
    """Return the log odds of the order: one logit on the effective price and the pulls of the programme.

    Behaviour reference, 2.4 and 2.5. Purchase and payment are weighed against the list price of the basket.
    """
    damping = b.rival_damping if rival else 1.0
    log_price = math.log(max(LOWEST_FELT_PRICE, felt_share(p, b, o, damping)))
    pull = m.price_sensitivity * (
        -b.price_response * log_price - b.reference_response * (o.log_price - s.reference_price)
    )
    pull += tier_pressure(s, c, p, b, m, day) + damping * (goal_gradient(s, p, b, m) + o.challenge_pull)
    if p.has_tasks and c.task_left > 0:
        pull += task_pull(s, c, b, day)
    if s.status & MEMBER:
        pull += sunk_cost(s, c, b, day)
    utility = s.base_logit + s.response * pull + s.goodwill
    if p.lets_pay_later:
        utility += pull_of_paying_later(o, t, b)
    return utility - pull_of_rival(s, t, b, m) if rival else utility


@rule
def felt_share(p: Programme, b: Behaviour, o: Order, damping: float) -> float:
    """Return what the order feels like to pay as a share of its list value: delivery weighs more than its fee, points
    and gifts count by their weights.
    """
    points_value = o.points * p.redeem_value / p.redeem_points
    felt = o.goods + b.shipping_weight * o.shipping_fee * (1.0 + o.fee_loss)
    felt -= damping * (b.earning_weight * points_value + b.redeeming_weight * (o.paid_by_points + o.paid_by_credit))
    felt -= b.gift_weight * o.gift_value
    return felt / o.list_value


@rule
def cancelled_by_debt(s: Shopper, k: np.uint64) -> bool:
    """Return whether goods bought ahead make this order unnecessary, with the chance of the debt in orders.

    Whether it does or not, that much of the debt is settled: in the mean as many orders fall away as were bought ahead,
    and none twice.
    """
    if s.purchase_debt <= 0.0:
        return False
    settled = min(1.0, s.purchase_debt)
    s.purchase_debt -= settled
    return uniform(k, Purpose.CANCELLATION) < settled


@rule
def book_order(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, o: Order, row: LedgerRow,
    day: int, k: np.uint64,
) -> None:  # fmt: skip
    """Post the order to the ledger and to the shopper's own account, line by line, in cents and points."""
    row.orders += 1
    row.list_value += o.list_value
    row.gmv += o.goods
    post_standing_discount(t, p, o, row)
    if p.has_offers and o.has_offers:
        book_offers(c, o, row)
    waived = p.shipping_fee - o.shipping_fee
    row.shipping_charged += o.shipping_fee
    if o.shipping_campaign != 0:
        row.shipping_waived_by_campaign += waived
    elif o.by_voucher:
        row.shipping_waived_by_voucher += waived
    elif o.goods >= p.shipping_free_from:
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
    if p.has_allowances:
        note_use(s, c, t, p, o, row)

    s.orders += 1
    s.last_order_day = day
    s.gmv += o.goods
    s.benefit_cost += o.list_value - o.goods + o.paid_by_points + waived
    s.margin += o.goods - o.paid_by_points + o.shipping_fee - cost_of_goods - m.shipping_cost - payment_cost
    add_window_spend(s, o.goods, m)
    if p.sales_tax > 0:
        hand_on_tax(s, row, tax_in(paid, p))
    if m.return_share > 0:
        plan_return(c, p, b, m, o, cost_of_goods, day, k)


@rule
def change_of_mind(s: Shopper, t: Terms, p: Programme, b: Behaviour, m: Market, o: Order) -> None:
    """Let the order work on the shopper: a reward pleases, the price becomes the reference, goods bought ahead are a
    debt.
    """
    rewarded = o.paid_by_points
    if p.has_stamp_card == 0:  # a full card has pleased already
        rewarded += o.paid_by_credit
    if rewarded > 0:
        s.goodwill += b.reward_goodwill * min(1.0, rewarded / (0.5 * o.list_value)) * headroom_of(s, b)
    mean_basket = m.basket_shape * s.basket_scale * m.basket_factor
    depth = s.reference_price - o.log_price
    if depth > 0.0 and b.forward_buying > 0.0:
        bought_ahead = 1.0 - math.exp(-(b.price_response + b.reference_response) * depth)
        s.purchase_debt += b.forward_buying * bought_ahead * o.list_value / mean_basket
    if o.added > 0:
        s.purchase_debt += b.padding_debt * o.added / mean_basket
    s.reference_price += b.reference_speed * (o.log_price - s.reference_price)
