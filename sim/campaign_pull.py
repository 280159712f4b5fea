"""How much open campaigns can raise the utility of an order: a bound that needs no basket, and the pull of spend goals.

Serves the campaigns of a visit, whose bound decides whether the basket need be drawn at all. Utilities are log odds.
"""

from __future__ import annotations

import math

import numpy as np

from memberlab.policies import MOST_STEPS

from .assumptions import Behaviour
from .campaign_record import UNLIMITED
from .card import Card
from .compiled import is_plain, mechanic
from .least_price import least_left
from .market import Market
from .order import Order
from .programme_table import LOWEST_FELT_PRICE, Programme, Terms
from .shopper import Shopper
from .tiers import window_place

ASKS_WHETHER_IT_MATTERS = not is_plain()
"""Whether the pull of campaigns is worked out only where it can decide; plain rules always tell it to who listens."""


@mechanic
def highest_pull(s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, o: Order) -> float:
    """Return a bound on what the open campaigns add to the buying utility, whatever the basket.

    Each campaign's part is taken at the basket for which it is largest. As log x is x - 1 at most, a quotient tells of
    most visits that it cannot make up for what they are short of.
    """
    felt = o.campaigns & (p.price_campaigns | p.points_campaigns | p.step_campaigns)
    if felt == 0:
        return s.response * o.challenge_pull + 1e-9
    left, multiplier, extra = 1.0, 100, 0.0
    worth_of_point = b.earning_weight * p.redeem_value / p.redeem_points
    for number in range(p.campaigns):
        if (felt >> number) & 1 == 0:
            continue
        i = np.uint64(number)
        left = min(left, 1.0 - m.campaign_depth[i] / 10_000)
        least = float(max(1, p.campaign_minimum[i]))
        if p.campaign_amount[i] > 0:
            left = min(left, 1.0 - p.campaign_amount[i] / least)
        multiplier = max(multiplier, p.campaign_multiplier[i])
        extra += p.campaign_bonus[i] * worth_of_point / least + b.gift_weight * p.largest_gift[i]
    floor, felt_floor = t.log_price_floor, t.price_floor
    if p.has_points and s.points_balance > 0 and s.points_balance >= p.minimum_points:
        floor, felt_floor = t.log_price_floor_with_points, t.price_floor_with_points
    others = least_left(c, t, p)
    felt_floor *= others
    earned = 0.0
    if p.has_points:
        most_points = t.earn_multiplier / 100 * (100 + t.most_category_points) / 100
        earned = p.earn_points / p.earn_per * worth_of_point * most_points * others
    lowest = max(LOWEST_FELT_PRICE, left * (felt_floor - earned * (multiplier - 100) / 100) - extra)
    if ASKS_WHETHER_IT_MATTERS:
        most = b.price_response * max(0.0, felt_floor / lowest - 1.0) + b.reference_response * (1.0 / left - 1.0)
        if s.response * (m.price_sensitivity * most + o.challenge_pull) + 1e-8 < o.shortfall:
            return 0.0
    if others < 1.0:
        floor += math.log(others)
    pull = max(0.0, b.price_response * (floor - math.log(lowest)))
    if left < 1.0:
        pull -= b.reference_response * math.log(left)
    return s.response * (m.price_sensitivity * pull + o.challenge_pull) + 1e-9


@mechanic
def challenge_pull(s: Shopper, p: Programme, b: Behaviour, m: Market, o: Order) -> float:
    """Return the pull of the next step of a spend goal on the log odds of an order, before the response
    factor; it grows with the part of the step that is done, as the goal gradient does (fact 15)."""
    goals = o.campaigns & p.goal_campaigns
    if goals == 0 or b.challenge_pull == 0.0:
        return 0.0
    nearest = 0.0
    spent = s.month_spend[window_place(m)]
    for number in range(p.campaigns):
        if (goals >> number) & 1 == 0:
            continue
        for step in range(MOST_STEPS * number, MOST_STEPS * number + MOST_STEPS):
            goal = p.goal_spend[np.uint64(step)]
            if spent < goal < UNLIMITED:
                nearest = max(nearest, spent / goal)
    return b.challenge_pull * nearest
