"""The decision to buy: one logit on the felt price and the pulls of the programme, and a bound that it cannot exceed.

Serves the visit. Records have the names of `visit.py`; utilities are log odds.
"""

from __future__ import annotations

import math

from .assumptions import Behaviour
from .card import Card
from .compiled import rule
from .least_price import least_left
from .market import Market
from .membership import sunk_cost
from .order import Order
from .pay_later import pull_of_paying_later
from .programme_table import LOWEST_FELT_PRICE, Programme, Terms
from .rival import pull_of_rival
from .shopper import MEMBER, Shopper
from .stamp_card import goal_gradient
from .tier_pull import tier_pressure, tier_progress
from .tier_tasks import task_pull


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
        left = least_left(c, t, p)
        if left < 1.0:
            offers = math.log(left)
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
    return utility - pull_of_rival(s, t, p, b, m) if rival else utility


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
    return utility - pull_of_rival(s, t, p, b, m) if rival else utility


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
def logit(share: float) -> float:
    """Return the log odds of `share`; a uniform's log odds is the hurdle that a buying utility has to clear."""
    return math.log(share / (1.0 - share))
