"""The dates of a tier: until when it is held, when it is reviewed next, and the member's anniversary.

Serves the review of tiers that are kept on the card.
"""

from __future__ import annotations

from .card import Card, note_business
from .compiled import mechanic, rule
from .dates import months_later, period_opening, year_and_month
from .market import Market
from .programme_table import Programme
from .shopper import NEVER, Shopper
from .standing import tier_reached, value_now
from .standing_table import AT_PERIOD_END, MEMBERSHIP_YEAR, ON_ANNIVERSARY


@mechanic
def hold_again(s: Shopper, c: Card, p: Programme, m: Market, day: int) -> None:
    """Hold a tier that a review has found earned: by the running period for as long as the policy says, by the last
    one for a period less, by months once the former hold is over.
    """
    if s.tier == 0:
        return
    if p.kept_periods > 0:
        is_earned_now = tier_reached(value_now(s, c, p), c.window_orders, p) >= s.tier
        periods = p.kept_periods if is_earned_now else p.kept_periods - 1
        if periods > 0:
            c.held_until = max(c.held_until, end_of_hold(c, p, m, day, periods))
    elif p.kept_months > 0 and day >= c.held_until:
        c.held_until = months_later(day, p.kept_months, m) + p.grace_days


@rule
def end_of_hold(c: Card, p: Programme, m: Market, day: int, periods: int) -> int:
    """Return the first day on which a tier reached on `day` may be taken away, `periods` later and after the grace."""
    if p.window_kind == MEMBERSHIP_YEAR:
        return months_later(c.anniversary, 12 * (periods - 1), m) + p.grace_days
    return period_opening(day, p.window_months, periods, m) + p.grace_days


@mechanic
def note_dates(s: Shopper, c: Card, p: Programme, m: Market, day: int) -> None:
    """Note the next dates of a member's tier: anniversary, review, end of task and of soft landing."""
    keeps_anniversary = p.review_kind == ON_ANNIVERSARY or p.window_kind == MEMBERSHIP_YEAR
    if keeps_anniversary and c.anniversary == NEVER:
        c.anniversary = next_anniversary(s, m, day)
    if c.review_day == NEVER:
        if p.review_kind == AT_PERIOD_END:
            c.review_day = period_opening(day, p.window_months, 1, m) + p.grace_days
        elif p.review_kind == ON_ANNIVERSARY:
            c.review_day = c.anniversary + p.grace_days
    note_business(c, min(c.anniversary, c.review_day, c.task_until, c.landing_until))


@rule
def next_anniversary(s: Shopper, m: Market, day: int) -> int:
    """Return the first anniversary of the first order after `day`."""
    year, _, _ = year_and_month(day, m)
    first_year, _, _ = year_and_month(s.first_order_day, m)
    anniversary = months_later(s.first_order_day, 12 * max(1, year - first_year), m)
    return anniversary if anniversary > day else months_later(s.first_order_day, 12 * (year - first_year + 1), m)
