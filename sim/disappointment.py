"""Goals that are missed though they were near: who is disappointed, and how much it hurts (facts 17 and 24).

Serves the tasks of tiers and the challenges of campaigns (behaviour reference, 2.7).
"""

from __future__ import annotations

import numpy as np

from memberlab.policies import MOST_STEPS

from .assumptions import Behaviour
from .attrition import settle
from .campaign_record import UNLIMITED
from .card import Card
from .compiled import mechanic, rule
from .market import Market
from .programme_table import Programme, Terms
from .shopper import Shopper

CLOSE = 0.70
"""Share of a goal from which it hurts to have missed it (behaviour reference, 2.7)."""


@rule
def disappointment(s: Shopper, p: Programme, b: Behaviour) -> float:
    """Return the goodwill lost by missing a goal that was close; it is more in the upper half of a ladder of tiers."""
    is_top = p.tiers > 1 and 2 * s.tier >= p.tiers
    return b.task_missed_goodwill * (b.missed_in_top_tiers if is_top else 1.0)


@mechanic
def note_nearness(c: Card, p: Programme, number: int, spent: int) -> None:
    """Note whether `spent` cents in this month are close to a step of a challenge that they do not reach."""
    is_near = False
    for place in range(MOST_STEPS * number, MOST_STEPS * number + MOST_STEPS):
        goal = p.goal_spend[np.uint64(place)]
        if CLOSE * goal <= spent < goal < UNLIMITED:
            is_near = True
    if is_near:
        c.near_goals |= 1 << number
    else:
        c.near_goals &= ~(1 << number)


@mechanic
def miss_challenges(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, day: int, rival: bool
) -> None:
    """Disappoint, as a month opens, who was close to a step of last month's challenges; several count as one."""
    settle(s, t, b, m, day, rival)
    s.goodwill -= disappointment(s, p, b)
    c.near_goals = 0
