"""The rival: who has joined its programme, and what that takes off the odds of an order and off visits here.

Serves the visit, attrition and whoever carries a shopper's life on. A rival that reacts gives such shoppers a share of
what our programme gives back (behaviour reference, 2.9), so that only the rest of it is a reason to buy here: our price
is felt against its lower one. Who joins is one lifelong draw a shopper; arms differ in it only by what they give back.
"""

from __future__ import annotations

import math

import numpy as np

from .assumptions import Behaviour
from .compiled import mechanic, rule
from .keyed_random import TRAITS_DAY, Purpose, day_key, uniform
from .market import Market
from .order_rate import orders_a_day
from .programme_table import LOWEST_FELT_PRICE, Programme, Terms
from .shopper import Shopper

DAYS_A_YEAR = 365.0

FULL_STRENGTH = 0.05
"""Share of spend given back from which a rival takes all the visits that one takes."""

UTILITY_LIMIT = 30.0
"""Log odds beyond which a chance is 0 or 1."""


@rule
def in_rival_programme(s: Shopper, t: Terms, p: Programme, b: Behaviour, m: Market, key: np.uint64) -> bool:
    """Return whether the shopper is in the rival's programme by now; those most inclined join first."""
    if m.rival_adoption <= 0.0:
        return False
    share = m.rival_adoption
    if m.rival_follows:
        share *= inclination_to_join(s, t, p, b, m)
    return uniform(day_key(key, TRAITS_DAY), Purpose.RIVAL) < share


@mechanic
def inclination_to_join(s: Shopper, t: Terms, p: Programme, b: Behaviour, m: Market) -> float:
    """Return the chance that a shopper like this is in the rival's programme once it is known to all.

    A logit on what it gives back of the spend, less its fee and less what our programme gives back in so far as
    shoppers do not belong to both; what a shopper would spend there is taken to be what they spend here.
    """
    worth = strength_for(s, t, p, b, m) - m.rival_homing * t.give_back
    if m.rival_fee > 0.0:
        worth -= m.rival_fee / max(1.0, DAYS_A_YEAR * orders_a_day(s, m) * usual_basket(s, m))
    utility = b.rival_join + b.rival_join_slope * worth
    return 0.0 if utility < -UTILITY_LIMIT else 1.0 / (1.0 + math.exp(-utility))


@rule
def strength_for(s: Shopper, t: Terms, p: Programme, b: Behaviour, m: Market) -> float:
    """Return the share of spend that the rival gives this shopper back: its own, what it matches of ours, delivery."""
    given = m.rival_strength + m.rival_match * t.give_back
    if m.rival_delivers:
        given += b.shipping_weight * p.shipping_fee / usual_basket(s, m)
    return given


@rule
def usual_basket(s: Shopper, m: Market) -> float:
    """Return the shopper's mean basket in cents, 1 at least."""
    return max(1.0, m.basket_shape * s.basket_scale * m.basket_factor)


@rule
def pull_of_rival(s: Shopper, t: Terms, p: Programme, b: Behaviour, m: Market) -> float:
    """Return what the rival's programme takes off the log odds of an order, in logits."""
    given = strength_for(s, t, p, b, m)
    if given <= 0.0:
        return b.rival_pull
    rivals_price = math.log(max(LOWEST_FELT_PRICE, 1.0 - given))
    return b.rival_pull - s.response * m.price_sensitivity * b.price_response * rivals_price


@rule
def attendance_beside_rival(b: Behaviour, m: Market, rival: bool) -> float:
    """Return the share of candidate visits kept today: some of those in a rival's programme go there in place."""
    if not rival or m.rival_strength <= 0.0:
        return m.attendance
    return m.attendance * (1.0 - b.rival_visits * min(1.0, m.rival_strength / FULL_STRENGTH))
