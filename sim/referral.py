"""Word of mouth: who refers a friend after an order, which of the friend's orders are rewarded, and what is credited.

Serves the rules after an order and the evening, in which friends arrive (`newcomers.py`). Amounts are cents.
"""

from __future__ import annotations

import math

import numpy as np

from .assumptions import Behaviour
from .card import Card
from .compiled import card_mechanic, rule
from .keyed_random import Purpose, uniform
from .ledger import LedgerRow
from .market import Market
from .order import Order
from .points_credit import award
from .programme_table import Programme
from .shopper import Shopper
from .standing import add_social


@card_mechanic
def spread_the_word(
    s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, o: Order, row: LedgerRow, day: int, k: np.uint64
) -> None:
    """Let a shopper who has ordered refer a friend perhaps (behaviour reference, 2.9), and a friend earn a reward.

    The more content the shopper is and the larger the reward against a usual basket, the likelier is a referral.
    """
    mean_basket = m.basket_shape * s.basket_scale * m.basket_factor
    pull = 1.0 + b.referral_reward_response * p.referral_worth / mean_basket
    if uniform(k, Purpose.REFERRAL) < b.referral_rate * math.exp(s.goodwill) * pull * m.referral_level:
        s.goodwill += b.referral_goodwill
        row.referrals += 1
        add_social(s, c, p, m, 1, day)
        o.has_news = o.refers = 1
    if c.referrer > 0:
        if o.is_first:
            row.referred_first_orders += 1
        if c.rewarded_orders < p.referral_orders and o.goods >= p.referral_minimum:
            c.rewarded_orders += 1
            o.has_news = o.deed = 1


@card_mechanic
def extra_of_friend(s: Shopper, c: Card, b: Behaviour, o: Order, day: int) -> float:
    """Return how much larger the basket of a referred shopper is, as a share; the edge fades in a straight line from
    the first order on (behaviour reference, 2.9; fact 43).
    """
    if c.referrer == 0:
        return 0.0
    known = 0 if o.is_first else day - s.first_order_day
    return b.referred_basket * max(0.0, 1.0 - known / b.referred_basket_days)


@rule
def reward_referrer(s: Shopper, c: Card, p: Programme, m: Market, row: LedgerRow, day: int) -> None:
    """Credit the referrer's reward unless the cap of this programme year, twelve months long, is reached."""
    year = m.month // 12 + 1
    if c.reward_year != year:
        c.reward_year = year
        c.rewards_this_year = 0
    if p.referral_cap > 0 and c.rewards_this_year >= p.referral_cap:
        return
    c.rewards_this_year += 1
    credit_reward(s, c, p, p.referrer_credit, p.referrer_points, m, row, day)


@rule
def credit_reward(
    s: Shopper, c: Card, p: Programme, cents: int, points: int, m: Market, row: LedgerRow, day: int
) -> None:
    """Credit money and points to one side."""
    row.referral_rewards += cents
    s.margin -= cents
    s.benefit_cost += cents
    if points > 0:
        row.referral_points += award(s, c, p, m, row, points, day)
