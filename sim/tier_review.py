"""The review of a tier that is kept on the card: who rises, whose tier is kept, who is observed, and who falls.

Serves the turn of the month, the office day and the visit. A tier that was reached is held for as long as the policy
says; a review after that gives the tier earned, softened by observation, make-up task and soft landing.
"""

from __future__ import annotations

import numpy as np

from memberlab.policies import UNREACHABLE

from .assumptions import Behaviour
from .attrition import settle
from .card import Card
from .compiled import card_mechanic, mechanic, rule
from .contact import note_promotion, tell_tomorrow
from .cut_over import feel_lost_tiers, tier_at_cut_over
from .cut_over_record import REASSESS
from .dates import months_later, period_opening
from .keyed_random import TRAITS_DAY, Purpose, day_key, uniform
from .ledger import LedgerRow
from .market import Market
from .order import Order
from .programme_table import Programme, Terms
from .shopper import ENROLLED, NEVER, Shopper
from .standing import (
    begin_period,
    count_order,
    count_value,
    drop_month_out_of_window,
    tier_earned_now,
    tier_reached,
    value_now,
    value_reviewed,
)
from .standing_table import (
    CALENDAR,
    MEMBERSHIP_YEAR,
    MONTHLY,
    NO_DEMOTION,
    OBSERVATION,
    ONE_LEVEL,
    ROLLING,
)
from .tier_tasks import begin_task, end_task, miss_task, offer_sprint, work_on_task
from .tier_term import end_of_hold, hold_again, note_dates


@card_mechanic
def open_month_of_tier(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow,
    day: int, rival: bool, key: np.uint64,
) -> None:  # fmt: skip
    """Do the month's work on a member's tier: count the month of tenure, close a period, review, move the window on,
    and look for members close to the next tier.
    """
    if s.status & ENROLLED == 0:
        return
    if p.month_weight > 0 and s.first_order_day <= months_later(day, -1, m):
        count_value(c, p, m, p.month_weight, 1)
    if p.window_kind == CALENDAR and period_opening(day, p.window_months, 0, m) == day:
        begin_period(c)
    if p.migrates or (p.cuts_over and p.tier_rule > REASSESS):
        place_on_ladder(s, c, t, p, b, m, row, day, rival)
    elif p.review_kind == MONTHLY:
        review(s, c, t, p, b, m, row, day, rival, key)
    if p.window_kind == ROLLING:
        drop_month_out_of_window(c, p, m)
    offer_sprint(s, c, p, row, day)
    note_dates(s, c, p, m, day)


@mechanic
def attend_tier(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow,
    day: int, rival: bool, key: np.uint64,
) -> None:  # fmt: skip
    """Do what is due today about one member's tier: anniversary, end of a task, of a soft landing, review."""
    if c.anniversary <= day:
        c.anniversary = months_later(c.anniversary, 12, m)
        if p.window_kind == MEMBERSHIP_YEAR:
            begin_period(c)
    if c.task_until <= day:
        settle_up(s, t, b, m, day, rival)
        is_observed = c.task == OBSERVATION
        miss_task(s, c, p, b)
        earned = tier_earned_now(s, c, p)
        if is_observed and earned < s.tier:
            fall(s, c, t, p, b, m, row, day, rival, earned)
    if c.landing_until <= day:
        settle_up(s, t, b, m, day, rival)
        land(c)
    if c.review_day <= day:
        c.review_day = NEVER
        review(s, c, t, p, b, m, row, day, rival, key)
    if p.promotes_at_once:
        rise_at_once(s, c, t, p, b, m, row, day, rival)
    note_dates(s, c, p, m, day)


@card_mechanic
def note_order(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, o: Order, row: LedgerRow,
    day: int, rival: bool,
) -> None:  # fmt: skip
    """Count an order towards tier and task, and let a member rise whose promotion is due at once."""
    count_order(c, p, m, o)
    work_on_task(s, c, p, b, m, row, o.goods, day)
    if c.task == OBSERVATION and tier_reached(value_now(s, c, p), c.window_orders, p) >= s.tier:
        row.tiers_saved += 1
        end_task(c)
    if p.promotes_at_once:
        before = s.tier
        rise_at_once(s, c, t, p, b, m, row, day, rival)
        if s.tier > before:
            tell_tomorrow(c, p, day)
    if o.is_first:
        c.tier_since = day
        note_dates(s, c, p, m, day)


@mechanic
def rise_at_once(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow, day: int, rival: bool
) -> None:
    """Promote a member who has reached a higher tier, and hold on to the one reached again."""
    reached = tier_reached(value_now(s, c, p), c.window_orders, p)
    if reached > s.tier:
        rise(s, c, t, p, b, m, row, day, rival, reached)
    if reached >= s.tier and reached > 0 and p.kept_periods > 0:
        c.held_until = max(c.held_until, end_of_hold(c, p, m, day, p.kept_periods))


@mechanic
def settle_up(s: Shopper, t: Terms, b: Behaviour, m: Market, day: int, rival: bool) -> None:
    """Carry goodwill and life up to today, before either changes; not inlined, because many lines here need it."""
    settle(s, t, b, m, day, rival)


@mechanic
def review(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow,
    day: int, rival: bool, key: np.uint64,
) -> None:  # fmt: skip
    """Give the tier earned to a member, unless the tier is still held, observed first, or never taken away."""
    earned = tier_earned_now(s, c, p)
    if earned > s.tier:
        rise(s, c, t, p, b, m, row, day, rival, earned)
    if earned >= s.tier:
        hold_again(s, c, p, m, day)
        if c.task == OBSERVATION:
            row.tiers_saved += 1
            end_task(c)
    elif may_fall(c, m, day) and c.task != OBSERVATION and tier_after_fall(s, p, earned) < s.tier:
        if p.watch_days > 0:
            begin_task(c, OBSERVATION, p.make_up_spend, day + p.watch_days)
            row.observations += 1
        else:
            fall(s, c, t, p, b, m, row, day, rival, earned)
    if is_invited(s, c, p, m, day, key):
        rise(s, c, t, p, b, m, row, day, rival, tier_above(s, p))
        row.invitations += 1


@rule
def may_fall(c: Card, m: Market, day: int) -> bool:
    """Return whether neither the hold of a tier nor a cut-over protects the member from a demotion on `day`."""
    return day >= c.held_until and day >= m.nobody_falls_before


@mechanic
def rise(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow,
    day: int, rival: bool, tier: int,
) -> None:  # fmt: skip
    """Promote a member to `tier`: it pleases (fact 25), and it ends an observation or a sprint."""
    settle_up(s, t, b, m, day, rival)
    s.goodwill += b.tier_goodwill * (tier - s.tier)
    row.promotions += 1
    s.tier = tier
    c.tier_since = day
    if p.campaigns > 0:
        note_promotion(s, c, day)
    if c.task == OBSERVATION:
        row.tiers_saved += 1
        end_task(c)
    if c.fallen_from <= tier:
        land(c)
    if p.kept_months > 0:
        c.held_until = months_later(day, p.kept_months, m) + p.grace_days


@rule
def tier_after_fall(s: Shopper, p: Programme, earned: int) -> int:
    """Return the tier to which a member falls who has earned a lower one: never below a tier that is never lost."""
    if p.demotion_kind == NO_DEMOTION:
        return s.tier
    lowest = s.tier - 1 if p.demotion_kind == ONE_LEVEL else earned
    tier = int(s.tier)
    while (tier > lowest or is_paid_only(p, tier)) and p.never_demoted[tier] == 0:
        tier -= 1
    return tier


@rule
def is_paid_only(p: Programme, tier: int) -> bool:
    """Return whether only the paid membership gives the benefits of a tier, so that nobody rises or falls into it."""
    return p.threshold[tier] >= UNREACHABLE and p.invites_at[tier] < 0


@rule
def tier_above(s: Shopper, p: Programme) -> int:
    """Return the next tier that a member can rise to; past the highest where there is none."""
    tier = s.tier + 1
    while tier < p.tiers and is_paid_only(p, tier):
        tier += 1
    return tier


@mechanic
def fall(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow,
    day: int, rival: bool, earned: int,
) -> None:  # fmt: skip
    """Demote a member: it hurts more than the promotion pleased (fact 25), and part of the benefits may be kept."""
    tier = tier_after_fall(s, p, earned)
    if tier >= s.tier:
        return
    settle_up(s, t, b, m, day, rival)
    s.goodwill += b.demotion_ratio * b.tier_goodwill * (tier - s.tier)
    row.demotions += 1
    if p.landing_months > 0:
        c.fallen_from = s.tier
        c.landing_until = months_later(day, p.landing_months, m)
        row.soft_landings += 1
    s.tier = tier
    c.tier_since = day
    hold_again(s, c, p, m, day)


@rule
def land(c: Card) -> None:
    """End the soft landing."""
    c.fallen_from = 0
    c.landing_until = NEVER


@mechanic
def is_invited(s: Shopper, c: Card, p: Programme, m: Market, day: int, key: np.uint64) -> bool:
    """Return whether the member is invited to the next tier: long enough in this one, of enough value, and one of the
    share whom the office would ever ask.
    """
    tier = tier_above(s, p)
    if tier >= p.tiers or p.invites_at[tier] < 0 or value_reviewed(s, c, p) < p.invites_at[tier]:
        return False
    if day < months_later(c.tier_since, p.invites_after[tier], m):
        return False
    return uniform(day_key(key, TRAITS_DAY), Purpose.INVITATION) < p.invites_share[tier]


@mechanic
def place_on_ladder(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow, day: int, rival: bool
) -> None:
    """Put a member where a ladder that is launched today begins for them, as the policy says of the cut-over; where it
    says nothing, a new ladder moves nobody's mood.
    """
    earned, counterpart = tier_earned_now(s, c, p), int(s.tier)
    if p.cuts_over:
        counterpart = int(p.counterpart[s.tier])
        earned = tier_at_cut_over(s, c, p, earned)
    if earned != s.tier:
        settle_up(s, t, b, m, day, rival)
        s.tier = earned
        c.tier_since = day
    if p.cuts_over:
        row.raised_at_cutover += earned > counterpart
        if earned < counterpart:
            row.lowered_at_cutover += 1
            feel_lost_tiers(s, b, counterpart - earned)
    end_task(c)
    land(c)
    c.review_day = NEVER
    c.held_until = 0
    hold_again(s, c, p, m, day)
    if p.kept_months > 0 and s.tier > 0:
        c.held_until = months_later(day, p.kept_months, m) + p.grace_days
