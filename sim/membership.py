"""The paid membership: who considers it, joins, and at the end of a term goes on or lets it go.

Serves the visit and the end of a term. Amounts are cents. The logits are those of the behaviour reference, 2.8 (facts
38, 40 and 42): what a term is worth to the shopper is weighed against what it costs, in units of its regular fee.
"""

from __future__ import annotations

import math

import numpy as np

from .assumptions import Behaviour
from .at_price import at_price
from .attrition import settle
from .card import Card
from .compiled import card_mechanic, is_plain, mechanic, rule
from .keyed_random import Purpose, day_key, uniform
from .ledger import LedgerRow
from .market import Market
from .membership_benefit import belief_after, most_yearly_benefit, yearly_benefit
from .membership_term import (
    FORMER,
    GIFTED,
    ON_TRIAL,
    REMINDED,
    UNPAID,
    earn_fee,
    fee_of_before,
    first_fee,
    leave_membership,
    note_membership_days,
    open_term,
    regular_fee,
    renewal_fee,
    running_plan,
    term_days,
)
from .programme_table import Programme, Terms
from .shopper import LAPSED, MEMBER, RENEWED, Shopper

LETS_GO = -1
"""In place of the fee for the next term: there is none."""

ASKS_FOR_THE_MOST = not is_plain()
"""Whether a shopper who would not join for the most that a membership can be worth is spared the working out of what it
is worth: the same decisions at less cost. Plain rules work it out, because somebody may listen to by how much it fell
short.
"""


@rule
def chance(utility: float) -> float:
    """Return the probability of a choice with this log odds."""
    if utility < -700.0:
        return 0.0
    return 1.0 / (1.0 + math.exp(-utility))


@rule
def consider_membership(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow,
    rival: bool, day: int, k: np.uint64, key: np.uint64,
) -> None:  # fmt: skip
    """Let a shopper without a paid membership think about it at some visits, and perhaps join."""
    if uniform(k, Purpose.CONSIDER_MEMBERSHIP) >= b.membership_consideration:
        return
    draw = uniform(k, Purpose.JOIN_MEMBERSHIP)
    if ASKS_FOR_THE_MOST and p.plans <= 1 and p.has_allowances == 0 and p.replaces_tiers == 0:
        at_most = b.optimism * most_yearly_benefit(s, t, p, b, m, key)
        if draw >= chance(joining_utility(s, c, p, b, at_most, 0) + 1e-9):  # the margin covers rounding
            return
    believed = b.optimism * yearly_benefit(s, t, p, b, m, key)
    utility = joining_utility(s, c, p, b, believed, 0)
    if p.plans > 1:
        utility = utility_of_all_plans(s, c, p, b, believed)
    if draw < chance(utility):
        settle(s, t, b, m, day, rival)
        s.expected_benefit = believed
        s.status &= ~RENEWED
        row.joins += 1
        join(s, c, p, b, m, row, day, k)


@rule
def joining_utility(s: Shopper, c: Card, p: Programme, b: Behaviour, believed: float, plan: int) -> float:
    """Return the log odds of joining by `plan`: its first term, at what it costs, against the regular fee.

    A free trial costs nothing. Less than a year is a smaller step (`commitment_relief`), and so is a membership that
    does not renew itself (`by_hand_appeal`).
    """
    fee = regular_fee(s, c, p, plan)
    cost = first_fee(s, c, p, plan)
    years = p.plan_months[plan] / 12.0
    worth = believed * years
    if c.standing & FORMER == 0:
        worth += p.welcome_value
        if p.trial_days > 0:
            cost = 0
    utility = b.fee_sensitivity * (worth - cost) / fee + b.join_intercept + b.commitment_relief * (1.0 - years)
    return utility if p.auto_renew else utility + b.by_hand_appeal


@card_mechanic
def utility_of_all_plans(s: Shopper, c: Card, p: Programme, b: Behaviour, believed: float) -> float:
    """Return the log odds of joining by any plan: nested logit, since plans are alike (McFadden, 1978)."""
    best = joining_utility(s, c, p, b, believed, 0)
    for plan in range(1, p.plans):
        best = max(best, joining_utility(s, c, p, b, believed, plan))
    if b.plan_difference == 0.0:
        return best
    together = 0.0
    for plan in range(p.plans):
        together += math.exp((joining_utility(s, c, p, b, believed, plan) - best) / b.plan_difference)
    return best + b.plan_difference * math.log(together)


@card_mechanic
def chosen_plan(s: Shopper, c: Card, p: Programme, b: Behaviour, k: np.uint64) -> int:
    """Return the plan that a shopper who joins takes."""
    everything = utility_of_all_plans(s, c, p, b, s.expected_benefit)
    spread = max(b.plan_difference, 1e-6)
    left = uniform(k, Purpose.PLAN)
    for plan in range(p.plans - 1):
        left -= math.exp((joining_utility(s, c, p, b, s.expected_benefit, plan) - everything) / spread)
        if left < 0.0:
            return plan
    return p.plans - 1


@mechanic
def join(s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, row: LedgerRow, day: int, k: np.uint64) -> None:
    """Start the membership: with the free trial if it is offered to this shopper, else with a paid term."""
    plan = chosen_plan(s, c, p, b, k) if p.plans > 1 else 0
    if p.keeps_cards:
        begin_allowances(c, m, day)
    if p.trial_days > 0 and c.standing & FORMER == 0:
        row.trials += 1
        c.plan, c.term_days = plan, p.trial_days
        c.standing = ON_TRIAL
        s.status |= MEMBER
        s.term_end = day + p.trial_days
        s.fee_paid = s.term_saving = 0
        note_membership_days(s, c, p, day)
    else:
        give_welcome(s, c, p, m, row)
        open_term(s, c, p, row, day, plan, first_fee(s, c, p, plan))


@rule
def begin_allowances(c: Card, m: Market, day: int) -> None:
    """Start the first year of membership, and the allowances of this month, with nothing used."""
    c.member_since, c.allowance_year, c.allowance_month = day, 0, m.month + 1
    c.vouchers_used = c.discount_used = c.points_used = c.term_number = 0


@mechanic
def receive_gift(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow,
    day: int, rival: bool, key: np.uint64,
) -> None:  # fmt: skip
    """Let a shopper without a paid membership be given one, as a month opens; the giver's fee is billed today."""
    if uniform(day_key(key, day), Purpose.GIFT) >= b.gift_rate / 12.0:
        return
    settle(s, t, b, m, day, rival)
    s.expected_benefit = yearly_benefit(s, t, p, b, m, key)
    s.status = (s.status & ~RENEWED) | MEMBER
    row.joins += 1
    row.gifts_received += 1
    row.fees_billed += p.gift_fee
    s.fee_paid, s.term_saving = p.gift_fee, 0
    begin_allowances(c, m, day)
    c.plan, c.term_days = 0, p.gift_months * 365 // 12
    c.standing = (c.standing & FORMER) | GIFTED
    s.term_end = day + c.term_days
    note_membership_days(s, c, p, day)


@rule
def give_welcome(s: Shopper, c: Card, p: Programme, m: Market, row: LedgerRow) -> None:
    """Give the welcome gift with the first paid term of whoever has not been a member before."""
    if p.welcome_cost > 0 and c.standing & FORMER == 0:
        cost = at_price(p.welcome_cost, m.gift_prices)
        row.welcome_gifts += cost
        s.margin -= cost
        s.benefit_cost += cost


@rule
def end_term(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow,
    day: int, rival: bool, key: np.uint64,
) -> None:  # fmt: skip
    """Close the term that ends today: the shopper learns what it was worth and goes on or lets it go.

    Whoever has left the shop for good does not renew, unless nobody looks at the charge; and nobody renews what is no
    longer on offer.
    """
    earn_fee(s, c, p, row, m.fees_until, day)
    settle(s, t, b, m, day, rival)
    s.expected_benefit = belief_after(s, t, b, m, term_days(c), key)
    plan = running_plan(c, p)
    fee = fee_accepted(s, c, p, b, m, row, plan, day, day_key(key, day))
    if fee == LETS_GO:
        leave_membership(s, c, p, row)
    elif c.standing & ON_TRIAL:
        row.trial_conversions += 1
        give_welcome(s, c, p, m, row)
        open_term(s, c, p, row, day, plan, fee)
    else:
        s.status |= RENEWED
        row.renewals += 1
        open_term(s, c, p, row, day, plan, fee)


@mechanic
def fee_accepted(
    s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, row: LedgerRow, plan: int, day: int, k: np.uint64
) -> int:
    """Return what the member pays for the next term; LETS_GO where the membership ends."""
    if p.fee == 0:
        return LETS_GO
    is_trial = c.standing & ON_TRIAL != 0
    fee = first_fee(s, c, p, plan) if is_trial else renewal_fee(s, c, p, plan)
    before = fee_of_before(c, m, plan, day)
    if before > 0:
        fee = min(fee, before)
    if not is_trial and renews_itself(c, p) and overlooks_charge(c, p, b, plan, k):
        return fee
    if s.status & LAPSED or s.lifetime_left <= 0.0:
        return LETS_GO
    draw = uniform(k, Purpose.RENEW_MEMBERSHIP)
    if draw < chance(staying_utility(s, c, p, b, s.expected_benefit, fee, plan)):
        return fee
    if p.save_offer > 0 and not is_trial:
        lower = fee - fee * p.save_offer // 10_000
        if draw < chance(staying_utility(s, c, p, b, s.expected_benefit, lower, plan)):
            row.members_saved += 1
            return lower
    return LETS_GO


@rule
def renews_itself(c: Card, p: Programme) -> bool:
    """Return whether the term that runs goes on unless the member stops it; a gift does not."""
    return p.auto_renew != 0 and c.standing & GIFTED == 0


@rule
def overlooks_charge(c: Card, p: Programme, b: Behaviour, plan: int, k: np.uint64) -> bool:
    """Return whether a term that renews itself is renewed unseen: only terms of less than a year, without a reminder.

    Each month a member looks with probability `charge_attention` (Miller, Sahni and Strulov-Shlain, 2022).
    """
    months = p.plan_months[plan]
    if months >= 12 or c.standing & REMINDED:
        return False
    return uniform(k, Purpose.CHARGE_ATTENTION) < (1.0 - b.charge_attention) ** months


@rule
def staying_utility(s: Shopper, c: Card, p: Programme, b: Behaviour, believed: float, cost: int, plan: int) -> float:
    """Return the log odds that a member who decides pays `cost` for a term of `plan` and does not let it go."""
    years = p.plan_months[plan] / 12.0
    utility = b.fee_sensitivity * (believed * years - cost) / regular_fee(s, c, p, plan)
    utility += b.trial_conversion if c.standing & ON_TRIAL else b.renewal_intercept
    if s.status & RENEWED:
        utility += b.renewal_tenure
    if not renews_itself(c, p):
        utility -= b.by_hand_effort
    if c.standing & REMINDED:
        utility += -b.reminder_against_inertia if renews_itself(c, p) else b.reminder_against_forgetting
    return utility


@rule
def sunk_cost(s: Shopper, c: Card, b: Behaviour, day: int) -> float:
    """Return the pull of a fee once paid on the log odds of an order, before the response factor (fact 38)."""
    if b.sunk_cost == 0.0 or c.standing & UNPAID:
        return 0.0
    return b.sunk_cost * math.exp(-(day - s.term_end + term_days(c)) / b.sunk_cost_memory)
