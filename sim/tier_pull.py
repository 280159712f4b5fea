"""How the next tier pulls: how much of it is covered, and whether the member is on pace to reach it.

Serves the visit. The standing is the spend of the last 12 calendar months, or what the card holds.
"""

from __future__ import annotations

import math

from .assumptions import Behaviour
from .card import Card
from .compiled import card_mechanic, rule
from .dates import period_opening
from .market import Market
from .programme_table import Programme
from .shopper import MEMBER, Shopper
from .standing import value_now
from .standing_table import CALENDAR, LIFETIME, ROLLING

DAYS_A_YEAR = 365.0


@rule
def tier_progress(s: Shopper, c: Card, p: Programme) -> float:
    """Return how much of the next tier's threshold is covered; 0 in the top tier, and where a review is all that is
    wanting.
    """
    tier = s.tier
    if p.granted_tier > 0 and s.status & MEMBER:
        tier = max(tier, p.granted_tier)
    if tier + 1 >= p.tiers:
        return 0.0
    if p.keeps_standing:
        return progress_on_card(s, c, p, tier + 1)
    threshold = p.threshold[tier + 1]
    return s.window_spend / threshold if s.window_spend < threshold else 0.0


@rule
def progress_on_card(s: Shopper, c: Card, p: Programme, tier: int) -> float:
    """Return how much of the threshold of `tier` is there, by value or by orders, whichever is less."""
    progress = value_now(s, c, p) / p.threshold[tier]
    if p.orders_needed[tier] > 0:
        progress = min(progress, c.window_orders / p.orders_needed[tier])
    return progress if progress < 1.0 else 0.0


@rule
def tier_pressure(s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, day: int) -> float:
    """Return the pull of the next tier on the log odds of an order, before the response factor.

    It is strongest for members on pace (behaviour reference, 2.5; fact 23); the window's own value is the member's
    pace.
    """
    if b.tier_pressure == 0.0:
        return 0.0
    progress = tier_progress(s, c, p)
    if progress == 0.0:
        return 0.0
    ahead = b.tier_pressure_days / DAYS_A_YEAR
    if p.keeps_standing:
        ahead = windows_ahead(s, c, p, b, m, day)
    log_pace = math.log(progress / (1.0 - progress) * ahead)
    return b.tier_pressure * math.exp(-log_pace * log_pace / 0.72) * progress


@card_mechanic
def windows_ahead(s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, day: int) -> float:
    """Return the days that the member looks ahead over the days in which the window's value has come together.

    Nobody looks beyond the end of a period, with which the value is lost. A balance has come together since the first
    order, or in the life of points where that is shorter.
    """
    ahead = b.tier_pressure_days
    if p.counts_balance:
        return ahead / min(day - s.first_order_day + 1, p.points_life)
    if p.window_kind == ROLLING:
        return ahead / (p.window_months * DAYS_A_YEAR / 12.0)
    if p.window_kind == LIFETIME:
        return ahead / (day - s.first_order_day + 1)
    if p.window_kind == CALENDAR:
        passed = day - period_opening(day, p.window_months, 0, m) + 1
        left = period_opening(day, p.window_months, 1, m) - day
    else:
        left = max(1, c.anniversary - day)
        passed = max(1, int(DAYS_A_YEAR) - left + 1)
    return min(ahead, float(left)) / passed
