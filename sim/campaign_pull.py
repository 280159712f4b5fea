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
    left, multiplier, extra = most_of(p, b, m, felt)
    others = least_left(c, t, p)
    felt_floor = others * (t.price_floor_with_points if can_pay_with_points(s, p) else t.price_floor)
    lowest = lowest_felt(t, p, b, felt_floor, others, left, multiplier, extra)
    if ASKS_WHETHER_IT_MATTERS and not may_matter(s, b, m, o, felt_floor / lowest, left, o.challenge_pull):
        return 0.0
    floor = t.log_price_floor_with_points if can_pay_with_points(s, p) else t.log_price_floor
    if others < 1.0:
        floor += math.log(others)
    pull = max(0.0, b.price_response * (floor - math.log(lowest)))
    if left < 1.0:
        pull -= b.reference_response * math.log(left)
    return s.response * (m.price_sensitivity * pull + o.challenge_pull) + 1e-9


@mechanic
def can_help(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, o: Order, candidates: int
) -> bool:  # fmt: skip
    """Return whether the campaigns that are on could make up for what the visit is short of if all meant the shopper.

    Most visits are refused here, before anybody asks which campaigns are for whom. What all together can do is worked
    out anew when another set of them is on.
    """
    if o.shortfall <= 0.0:
        return True
    if o.most_of != candidates:
        o.most_of = candidates
        o.most_left, o.most_multiplier, o.most_extra = most_of(p, b, m, candidates)
    others = least_left(c, t, p)
    felt_floor = others * (t.price_floor_with_points if can_pay_with_points(s, p) else t.price_floor)
    lowest = lowest_felt(t, p, b, felt_floor, others, o.most_left, o.most_multiplier, o.most_extra)
    goal = b.challenge_pull if candidates & p.goal_campaigns else 0.0
    return may_matter(s, b, m, o, felt_floor / lowest, o.most_left, goal)


@mechanic
def most_of(p: Programme, b: Behaviour, m: Market, campaigns: int) -> tuple[float, int, float]:
    """Return the least that these campaigns leave of a price (a share), their largest multiplier of points in percent,
    and what their points and gifts are felt to be worth, as a share of the basket for which that is most.
    """
    left, multiplier, extra = 1.0, 100, 0.0
    worth_of_point = b.earning_weight * p.redeem_value / p.redeem_points
    for number in range(p.campaigns):
        if (campaigns >> number) & 1 == 0:
            continue
        i = np.uint64(number)
        left = min(left, 1.0 - m.campaign_depth[i] / 10_000)
        least = float(max(1, p.campaign_minimum[i]))
        if p.campaign_amount[i] > 0:
            left = min(left, 1.0 - p.campaign_amount[i] / least)
        multiplier = max(multiplier, p.campaign_multiplier[i])
        extra += p.campaign_bonus[i] * worth_of_point / least + b.gift_weight * p.largest_gift[i]
    return left, multiplier, extra


@mechanic
def can_pay_with_points(s: Shopper, p: Programme) -> bool:
    """Return whether the balance can pay for a part of an order."""
    return p.has_points != 0 and s.points_balance > 0 and s.points_balance >= p.minimum_points


@mechanic
def lowest_felt(
    t: Terms, p: Programme, b: Behaviour, felt_floor: float, others: float, left: float, multiplier: int, extra: float
) -> float:  # fmt: skip
    """Return the least that an order can feel like to pay with campaigns, as a share of its list value: a bound."""
    lowest = felt_floor
    if p.has_points and multiplier > 100:
        worth_of_point = b.earning_weight * p.redeem_value / p.redeem_points
        most_points = t.earn_multiplier / 100 * (100 + t.most_category_points) / 100
        earned = p.earn_points / p.earn_per * worth_of_point * most_points * others
        lowest -= earned * (multiplier - 100) / 100
    return max(LOWEST_FELT_PRICE, left * lowest - extra)


@mechanic
def may_matter(s: Shopper, b: Behaviour, m: Market, o: Order, deeper: float, left: float, goal: float) -> bool:
    """Return whether a felt price that is lower by the ratio `deeper`, and the pull of a `goal`, could make up for what
    the visit is short of.
    """
    most = b.price_response * max(0.0, deeper - 1.0)
    if left < 1.0:
        most += b.reference_response * (1.0 / left - 1.0)
    return s.response * (m.price_sensitivity * most + goal) + 1e-8 >= o.shortfall


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
