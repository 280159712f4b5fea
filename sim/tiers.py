"""How tiers move: spend in the last twelve calendar months, reviewed as each month opens.

Serves the turn of the month and the visit (the pull of the next tier).
"""

from __future__ import annotations

import math

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


@rule
def tier_progress(s: Shopper, p: Programme) -> float:
    """Return how much of the next tier's threshold the window's spend covers; 0 in the top tier."""
    if s.tier + 1 >= p.tiers:
        return 0.0
    threshold = p.threshold[s.tier + 1]
    return s.window_spend / threshold if s.window_spend < threshold else 0.0


@rule
def tier_pressure(s: Shopper, p: Programme, b: Behaviour) -> float:
    """Return the pull of the next tier on the log odds of an order, before the response factor.

    It is strongest for members on pace (behaviour reference, 2.5; fact 23); the window's own spend is the member's
    pace.
    """
    if b.tier_pressure == 0.0:
        return 0.0
    progress = tier_progress(s, p)
    if progress == 0.0:
        return 0.0
    log_pace = math.log(progress / (1.0 - progress) * b.tier_pressure_days / 365.0)
    return b.tier_pressure * math.exp(-log_pace * log_pace / 0.72) * progress
