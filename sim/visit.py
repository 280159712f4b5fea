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
from .booking import book_order, cancelled_by_debt, change_of_mind
from .buying import buying_utility, highest_utility, logit
from .campaign_booking import book_campaigns
from .campaigns import campaign_points, campaign_ships, find_campaigns
from .card import Card
from .compiled import rule
from .contact import note_own_days
from .deals import look_out_for_sales, places_what_was_put_off, puts_off
from .gifts import note_welcome
from .hunted_returns import return_after_bonus, tier_in_reach
from .keyed_random import Purpose, as_share, day_key, uniform
from .ledger import LedgerRow
from .market import Market
from .membership import consider_membership
from .membership_allowance import cap_points, look_at_allowances, use_voucher
from .order import Order
from .points import chooses_to_redeem, offer_points, points_earned
from .points_credit import points_allowed
from .prefetch import prefetch_card_for_order, prefetch_for_order
from .pricing import STANDING, look_for_offers, price, top_up_for_coupon
from .programme_table import Programme, Terms
from .referral import extra_of_friend
from .rewards import consider_lottery, consider_rewards, offer_credit
from .rhythm import next_day_in_rhythm
from .rival import attendance_beside_rival
from .second_life import come_back, day_of_return
from .shopper import ENROLLED, LAPSED, LARGEST_HOLDING, MEMBER, Shopper
from .special_price import wish_for_a_unit
from .split_orders import split_order, take_part
from .stamp_card import collects, stamp
from .standing import add_activity
from .stock_out import goes_without
from .threshold_habit import burden_of_threshold, give_up_goal
from .tier_review import note_order

MADE_UP_MIND = 1e9
"""Log odds of an order that is decided before the visit."""


@rule
def visit(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, o: Order, row: LedgerRow, day: int,
    rival: bool, every_visit_counts: bool, key: np.uint64,
) -> int:  # fmt: skip
    """Live through one candidate day of visiting: come or stay away, look, buy or not, think about the membership.

    Returns the shopper's next candidate day.
    """
    k = day_key(key, day)
    next_day = next_candidate_day(s, m, day, k, key)
    if m.attendance == 0.0:  # the shop is down, also for those who are prompted or new
        return next_day
    if s.status & LAPSED:
        come_back(s, b, m, row, day, key)
    first = s.status & ENROLLED == 0
    attendance = attendance_beside_rival(b, m, rival)
    if not first and attendance < 1.0 and c.prompted_day != day and uniform(k, Purpose.ATTENDANCE) >= attendance:
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
    bound = 0.0 if first else highest_utility(s, c, t, p, b, m, rival)
    if p.campaigns > 0:
        if p.dated_sales != 0 and c.deal_day > 0:
            look_out_for_sales(s, c, p, b, m, day, k, key)
        o.shortfall = hurdle - bound
        bound += find_campaigns(s, c, t, p, b, m, o, day, key)
    bar = hurdle
    if p.keeps_cards != 0 and places_what_was_put_off(c, day):
        bar = -MADE_UP_MIND
    may_buy = first or bound > bar
    if p.keeps_cards != 0 and c.credit > 0:
        may_buy = True
    if not (may_buy or every_visit_counts):
        return next_day
    if may_buy:
        if p.keeps_cards:
            prefetch_for_order(s)
            prefetch_card_for_order(c)
        o.is_first = first
        shop(s, c, t, p, b, m, o, row, bar, rival, day, k, key)
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
    o.list_value = fill_basket(s, t, m, lift, day, k)
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
        if p.dated_sales != 0 and puts_off(s, c, p, b, m, o, day, k, key):
            return
    if m.missing_goods > 0.0 and goes_without(s, b, m, row, k):
        return
    if p.has_stamp_card:
        stamp(s, c, p, b, m, o, row, day, key)
    whole, parts = o.list_value, max(1, split_order(c, t, p, m, o, row))
    for part in range(parts):
        if parts > 1:
            take_part(s, c, t, p, m, o, row, whole, part, parts, day, key)
        reached = tier_in_reach(s, c, p)
        book_order(s, c, t, p, b, m, o, row, day, k)
        change_of_mind(s, c, t, p, b, m, o, day)
        if p.campaigns > 0:
            book_campaigns(s, c, p, b, m, o, row, day, k, key)
        if p.after_orders:
            be_active_after_order(s, c, p, b, m, row, day, k)
            if p.rewards > 0 and part == parts - 1:
                consider_rewards(s, c, p, b, m, row, day, k)
        s.status |= ENROLLED
        if p.keeps_standing:
            note_order(s, c, t, p, b, m, o, row, day, rival)
        if p.follows_orders and part == parts - 1:
            follow_order(s, c, t, p, b, m, o, row, day, k)
        return_after_bonus(s, c, p, b, m, o, row, reached, day, k)
    if p.welcoming_tiers != 0:
        note_welcome(s, c, day)
    if p.acts_on_own_days != 0:
        note_own_days(s, c, p, m, day + 1, key)


@rule
def next_candidate_day(s: Shopper, m: Market, day: int, k: np.uint64, key: np.uint64) -> int:
    """Return the shopper's next candidate day: a daily coin in its geometric form, which no policy can move."""
    gap = -math.log(as_share(k)) * s.visit_gap
    if gap >= m.drawn_until - day - 1:  # one comparison for what is rare and for markets with a rhythm
        return next_day_in_rhythm(s, m, gap, day, key)
    return day + 1 + int(gap)
