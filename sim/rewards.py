"""What members take for points beside paying an order: catalogue rewards, the lottery, credits that come by themselves.

Serves visits and orders. A reward is taken by the same logit as paying with points (behaviour reference, 2.7), on its
worth to the member against a usual basket; of what can be had, members take what is worth most beyond the money that
its points would pay. Stock is one count for a region in the market record, in the order in which members come.
"""

from __future__ import annotations

import math

import numpy as np

from .assumptions import Behaviour
from .at_price import at_price
from .card import Card
from .compiled import card_mechanic, mechanic
from .coupons import buy_coupons
from .day_lots import spend_day_lots
from .devaluation import rush
from .headroom import headroom_of
from .keyed_random import Purpose, uniform
from .ledger import LedgerRow
from .market import UNLIMITED, Market
from .order import Order
from .points import at_todays_price, spend_points
from .points_expiry import keep_alive
from .points_table import BY_DAY, REWARDS
from .programme_table import Programme
from .shopper import Shopper


@mechanic
def take_points(s: Shopper, c: Card, p: Programme, m: Market, row: LedgerRow, points: int, day: int) -> None:
    """Take the points that something costs from the balance, earliest expiry first."""
    if p.keeps_cards == 0:
        spend_points(s, points, p, m)
    elif p.expiry_kind == BY_DAY:
        spend_day_lots(s, c, m, points)
    else:
        spend_points(s, points, p, m)
        keep_alive(c, p, day)
    row.points_redeemed += points


@mechanic
def consider_rewards(
    s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, row: LedgerRow, day: int, k: np.uint64
) -> None:
    """Let the shopper look at the catalogue after an order, and perhaps take the reward that is worth most to them."""
    if s.points_balance < p.minimum_points or is_frozen(s, p, day):
        return
    best, most = -1, -1.0
    for reward in range(p.rewards):
        asked = reward_price(s, p, m, reward)
        surplus = reward_worth(s, p, m, reward) - asked * p.redeem_value / p.redeem_points
        if asked <= s.points_balance and m.rewards_left[reward] > 0 and surplus > most:
            best, most = reward, surplus
    if best < 0 or most < 0.0:
        return
    basket = m.basket_shape * s.basket_scale * m.basket_factor
    worth = reward_worth(s, p, m, best)
    utility = s.redemption_inertia + b.redemption_slope * math.log(worth / (0.10 * basket))
    if m.devaluation_day > 0:
        utility += rush(b, m, max(m.devaluation_paying, m.devaluation_buying), day)
    if uniform(k, Purpose.REWARD) >= 1.0 / (1.0 + math.exp(-utility)):
        return
    take_points(s, c, p, m, row, reward_price(s, p, m, best), day)
    if m.rewards_left[best] < UNLIMITED:
        m.rewards_left[best] -= 1
        row.rewards_sold_out += m.rewards_left[best] == 0
    row.rewards_taken += 1
    cost = p.reward_cost[best] if p.reward_donates[best] else at_price(p.reward_cost[best], m.gift_prices)
    hand_out(s, b, row, cost, worth / basket)
    if p.reward_coupons[best] > 0:
        buy_coupons(c, p, row, p.reward_coupons[best], day)
    elif p.reward_donates[best]:
        row.donations += cost
    else:
        row.rewards_cost += cost


@mechanic
def reward_price(s: Shopper, p: Programme, m: Market, reward: int) -> int:
    """Return the points that a reward costs this shopper today."""
    return at_todays_price(p.reward_points[s.tier * REWARDS + reward], m)


@mechanic
def reward_worth(s: Shopper, p: Programme, m: Market, reward: int) -> float:
    """Return what a reward is worth to the shopper, in cents: coupons at their face value, on a usual basket."""
    coupons = p.reward_coupons[reward]
    if coupons == 0:
        return float(p.reward_value[reward])
    if p.coupon_value > 0:
        return float(coupons * p.coupon_value)
    return coupons * m.basket_shape * s.basket_scale * m.basket_factor * p.coupon_share / 10_000.0


@mechanic
def is_frozen(s: Shopper, p: Programme, day: int) -> bool:
    """Return whether the balance is frozen because the last order is too long ago."""
    return p.freeze_days > 0 and s.last_order_day >= 0 and day - s.last_order_day > p.freeze_days


@mechanic
def hand_out(s: Shopper, b: Behaviour, row: LedgerRow, cost: int, worth: float) -> None:
    """Charge the cost of something handed out, and let it please by its worth against a usual basket."""
    s.margin -= cost
    s.benefit_cost += cost
    s.goodwill += b.reward_goodwill * min(1.0, 2.0 * worth) * headroom_of(s, b)


@mechanic
def consider_lottery(
    s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, row: LedgerRow, day: int, k: np.uint64
) -> None:
    """Let a shopper who has the points play the lottery at some visits, on its days."""
    if m.lottery_is_on == 0:
        return
    asked = at_todays_price(p.lottery_points, m)
    if s.points_balance < asked or s.points_balance < p.minimum_points or is_frozen(s, p, day):
        return
    if uniform(k, Purpose.LOTTERY_PLAY) >= b.lottery_play:
        return
    take_points(s, c, p, m, row, asked, day)
    row.lottery_plays += 1
    drawn = uniform(k, Purpose.LOTTERY_PRIZE) * 10_000.0
    for prize in range(p.prizes):
        if drawn < p.prize_chance[prize]:
            basket = m.basket_shape * s.basket_scale * m.basket_factor
            row.prizes_won += 1
            cost = at_price(p.prize_cost[prize], m.gift_prices)
            row.prizes_cost += cost
            hand_out(s, b, row, cost, p.prize_value[prize] / basket)
            return
        drawn -= p.prize_chance[prize]


@mechanic
def turn_into_credit(s: Shopper, c: Card, p: Programme, m: Market, row: LedgerRow, day: int) -> None:
    """Turn each full price of the automatic reward in the balance into a credit."""
    asked = p.automatic_points
    while s.points_balance >= asked:
        take_points(s, c, p, m, row, asked, day)
        c.credit += p.automatic_credit
        row.credits_granted += p.automatic_credit


@card_mechanic
def offer_credit(c: Card, o: Order) -> None:
    """Let credits pay what they can of the goods that points do not pay; nobody has to choose that."""
    o.paid_by_credit = min(c.credit, o.goods - o.paid_by_points)


@card_mechanic
def use_credit(s: Shopper, c: Card, o: Order, row: LedgerRow) -> None:
    """Book the credits that pay part of an order."""
    c.credit -= o.paid_by_credit
    row.credits_paid += o.paid_by_credit
    s.margin -= o.paid_by_credit
    s.benefit_cost += o.paid_by_credit
