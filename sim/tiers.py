"""How tiers move: spend in the last twelve calendar months, reviewed as each month opens.

Serves the turn of the month and the visit. Every other way of reaching, keeping and losing a tier is kept on the
shopper's card (sim/standing.py, sim/tier_review.py).
"""

from __future__ import annotations

import numpy as np

from .assumptions import Behaviour
from .attrition import settle
from .compiled import mechanic, rule
from .ledger import LedgerRow
from .market import Market
from .programme_table import Programme, Terms
from .shopper import LARGEST_HOLDING, WINDOW_MONTHS, Shopper


@rule
def window_place(m: Market) -> np.uint64:
    """Return the place of the current month in the ring of the window."""
    return np.uint64(m.month) % np.uint64(WINDOW_MONTHS)


@rule
def add_window_spend(s: Shopper, goods: int, m: Market) -> None:
    """Count `goods` cents towards the tier, in the current month of the window."""
    goods = min(goods, LARGEST_HOLDING - s.window_spend)
    s.month_spend[window_place(m)] += goods
    s.window_spend += goods


@mechanic
def take_back_window_spend(s: Shopper, goods: int, month: int, m: Market) -> None:
    """Take `goods` cents that were returned out of the month of their order, unless it has left the window."""
    if m.month - month < WINDOW_MONTHS:
        place = np.uint64(month) % np.uint64(WINDOW_MONTHS)
        goods = min(goods, s.month_spend[place])
        s.month_spend[place] -= goods
        s.window_spend -= goods


@rule
def drop_oldest_month(s: Shopper, m: Market) -> None:
    """Open the new month's place in the window by dropping the month of a year ago."""
    oldest = window_place(m)
    s.window_spend -= s.month_spend[oldest]
    s.month_spend[oldest] = 0


@rule
def tier_earned(s: Shopper, p: Programme) -> int:
    """Return the highest tier whose threshold the window's spend reaches."""
    tier = 0
    while tier + 1 < p.tiers and s.window_spend >= p.threshold[tier + 1]:
        tier += 1
    return tier


@rule
def review_tier(
    s: Shopper, t: Terms, p: Programme, b: Behaviour, m: Market, day: int, rival: bool, row: LedgerRow
) -> None:
    """Move the shopper to the tier earned; promotion pleases, demotion hurts more (fact 25). A new ladder moves
    nobody's mood.
    """
    earned = tier_earned(s, p)
    steps = earned - s.tier
    if steps == 0:
        return
    settle(s, t, b, m, day, rival)
    if p.migrates == 0:
        if steps > 0:
            s.goodwill += b.tier_goodwill * steps
            row.promotions += 1
        else:
            s.goodwill += b.demotion_ratio * b.tier_goodwill * steps
            row.demotions += 1
    s.tier = earned
