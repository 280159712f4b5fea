"""Goals of points: how the first usable points and a full stamp card pull, who takes such a card up, and who fills it.

Serves the visit. Only a shopper who has taken the card up has anything on it, so only such a shopper has a goal
(behaviour reference, 2.1 and 2.5; facts 15 to 17). With the reward the card is empty again, and with it the pull.
"""

from __future__ import annotations

import numpy as np

from .assumptions import Behaviour
from .card import Card
from .compiled import card_mechanic, mechanic, rule
from .headroom import headroom_of
from .keyed_random import TRAITS_DAY, Purpose, day_key, uniform
from .ledger import LedgerRow
from .market import Market
from .order import Order
from .points_credit import award
from .programme_table import Programme
from .shopper import Shopper

FULL_REWARD = 0.10
"""Share of the spend that a card asks for from which its reward has its full pull (behaviour reference, 2.5)."""


@rule
def goal_gradient(s: Shopper, p: Programme, b: Behaviour, m: Market) -> float:
    """Return the pull of the first usable points, or of a full stamp card, on the log odds of an order (fact 15;
    Kivetz, Urminsky and Zheng, 2006).
    """
    if b.goal_gradient == 0.0 or p.has_points == 0 or s.points_balance <= 0:
        return 0.0
    if p.has_stamp_card:
        return b.goal_gradient * pull_of_card(s, p, m)
    if s.points_balance >= p.minimum_points:
        return 0.0
    return b.goal_gradient * s.points_balance / p.minimum_points


@mechanic
def pull_of_card(s: Shopper, p: Programme, m: Market) -> float:
    """Return how much of the card is full, a head start counted, less where its reward is small for the spend that the
    shopper needs: of this shopper's usual baskets, and of this card without its head start.
    """
    basket = m.basket_shape * s.basket_scale * m.basket_factor
    an_order = p.earn_each_order + basket * p.earn_points / p.earn_per
    spend = (p.automatic_points - p.head_start) * basket / an_order
    worth = min(1.0, p.automatic_credit / (FULL_REWARD * spend))
    return worth * s.points_balance / p.automatic_points


@card_mechanic
def collects(c: Card, p: Programme, key: np.uint64) -> bool:
    """Return whether the shopper has taken the card up, or would when it is handed out: a lifelong draw."""
    if c.has_stamp_card:
        return True
    return uniform(day_key(key, TRAITS_DAY), Purpose.CARD_TAKE_UP) < p.card_take_up


@card_mechanic
def stamp(
    s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, o: Order, row: LedgerRow, day: int, key: np.uint64
) -> None:
    """Hand the card out with its head start to a shopper who takes it up; an order that fills the card pleases."""
    if not collects(c, p, key):
        return
    if c.has_stamp_card == 0:
        c.has_stamp_card = 1
        row.head_start_points += award(s, c, p, m, row, p.head_start, day)
    if s.points_balance + o.points - c.points_debt >= p.automatic_points:
        s.goodwill += b.goal_goodwill * headroom_of(s, b)
