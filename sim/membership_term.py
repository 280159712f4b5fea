"""One term of the paid membership: its price and length, how its fee is earned day by day, and how it ends.

Serves the rules of joining and renewing, the turn of the month and the position. Amounts are cents. Where no card is
kept every term is a year. Terms of n months are counted from the first of them: term number k ends k * n * 365 // 12
days after the start, so that twelve terms of a month are a year.
"""

from __future__ import annotations

import numpy as np

from .card import Card, note_business
from .compiled import card_mechanic, mechanic, rule
from .ledger import LedgerRow
from .market import Market
from .programme_table import Programme
from .sales_tax import hand_on_tax, tax_in
from .shopper import MEMBER, NEVER, RENEWED, Shopper
from .standing import value_reviewed

YEAR = 365
"""Days of a term of twelve months, and of a year of membership."""

ON_TRIAL = 1
"""Bit of the card's standing: the term that runs is the free trial."""

FORMER = 2
"""Bit of the card's standing: has been a member before, paid or on trial."""

REMINDED = 4
"""Bit of the card's standing: has been told that the term ends."""

GIFTED = 8
"""Bit of the card's standing: somebody else has paid for the term that runs."""

OLD_FEE = 16
"""Bit of the card's standing: was a member at the latest cut-over, and may renew at the fee of before."""

UNPAID = ON_TRIAL | GIFTED
"""Bits of the standing of members who have not paid for the term that runs."""


@rule
def term_days(c: Card) -> int:
    """Return the days of the term that runs."""
    return int(c.term_days) if c.term_days > 0 else YEAR


@rule
def passes_gate(s: Shopper, c: Card, p: Programme) -> bool:
    """Return whether the shopper may have the lower fee: by tier, by spend in the last 12 calendar months, or by
    score.
    """
    return s.tier >= p.gate_tier or s.window_spend >= p.gate_spend or has_score(s, c, p)


@card_mechanic
def has_score(s: Shopper, c: Card, p: Programme) -> bool:
    """Return whether what the qualification counts comes to the gate's score, as a review would look at it today."""
    return value_reviewed(s, c, p) >= p.gate_score


@rule
def regular_fee(s: Shopper, c: Card, p: Programme, plan: int) -> int:
    """Return what a term of `plan` costs this shopper, apart from first terms and renewals."""
    if plan == 0 and passes_gate(s, c, p):
        return p.gate_fee
    return p.plan_fee[plan]


@rule
def first_fee(s: Shopper, c: Card, p: Programme, plan: int) -> int:
    """Return what the shopper's first paid term of `plan` costs: the introductory fee for who never was a member."""
    fee = regular_fee(s, c, p, plan)
    if plan == 0 and p.introductory_fee > 0 and c.standing & FORMER == 0:
        return min(fee, p.introductory_fee)
    return fee


@rule
def renewal_fee(s: Shopper, c: Card, p: Programme, plan: int) -> int:
    """Return what the next term of `plan` costs a member; the discount's fraction of a cent is dropped."""
    fee = regular_fee(s, c, p, plan)
    return fee - fee * p.renewal_discount // 10_000


@card_mechanic
def fee_of_before(c: Card, m: Market, plan: int, day: int) -> int:
    """Return the fee at which a member of the cut-over may renew for a term of `plan`; 0: there is none."""
    if c.standing & OLD_FEE and day < m.old_fee_until:
        return m.old_plan_fee[np.uint64(plan)]
    return 0


@rule
def running_plan(c: Card, p: Programme) -> int:
    """Return the plan of the term that runs; the membership's own where that plan is no longer on offer."""
    return int(c.plan) if c.plan < p.plans else 0


@rule
def open_term(s: Shopper, c: Card, p: Programme, row: LedgerRow, day: int, plan: int, fee: int) -> None:
    """Bill the fee and start a term today."""
    s.status |= MEMBER
    s.term_end = day + YEAR
    s.fee_paid = fee
    s.term_saving = 0
    row.fees_billed += fee
    if p.keeps_cards:
        note_term(s, c, p, day, plan)


@card_mechanic
def note_term(s: Shopper, c: Card, p: Programme, day: int, plan: int) -> None:
    """Write the term that starts today on the card: its place among the terms of its plan says when it ends."""
    months = p.plan_months[plan]
    if c.term_number == 0 or c.plan_months != months:
        c.plan_start, c.term_number = day, 0
    c.plan, c.plan_months = plan, months
    c.term_number += 1
    s.term_end = c.plan_start + c.term_number * months * YEAR // 12
    c.term_days = s.term_end - day
    c.standing &= ~(UNPAID | REMINDED)
    note_membership_days(s, c, p, day)


@rule
def note_membership_days(s: Shopper, c: Card, p: Programme, day: int) -> None:
    """Let the office see to a member after `day`: at the end of the money-back days, and to send the reminder."""
    if p.has_membership_days == 0:
        return
    end_of_money_back = s.term_end - term_days(c) + p.money_back_days
    if p.money_back_days > 0 and end_of_money_back > day and c.standing & UNPAID == 0:
        note_business(c, end_of_money_back)
    if p.reminder_days > 0 and s.term_end - p.reminder_days > day:
        note_business(c, s.term_end - p.reminder_days)


@rule
def fee_earned(s: Shopper, c: Card, first_day: int, end_day: int) -> int:
    """Return the cents of the current fee that are earned from `first_day` up to, not including, `end_day`.

    Straight line over the term; cumulative, so that the parts of a term add up to the fee to the cent.
    """
    return max(0, fee_earned_by(s, c, end_day) - fee_earned_by(s, c, first_day))


@rule
def fee_earned_by(s: Shopper, c: Card, day: int) -> int:
    """Return the cents of the current fee that are earned before `day`."""
    days = term_days(c)
    passed = min(days, max(0, day - (s.term_end - days)))
    return s.fee_paid * passed // days


@rule
def earn_fee(s: Shopper, c: Card, p: Programme, row: LedgerRow, first_day: int, end_day: int) -> None:
    """Book the fee earned from `first_day` up to, not including, `end_day`; its tax is owed as it is earned."""
    earned = fee_earned(s, c, first_day, end_day)
    row.fees_earned += earned
    s.margin += earned
    if p.sales_tax > 0 and earned > 0:
        hand_on_tax(s, row, tax_in(fee_earned_by(s, c, end_day), p) - tax_in(fee_earned_by(s, c, first_day), p))


@rule
def leave_membership(s: Shopper, c: Card, p: Programme, row: LedgerRow) -> None:
    """End the membership; without one no term ends."""
    s.status &= ~(MEMBER | RENEWED)
    s.term_end = NEVER
    row.cancellations += 1
    if p.keeps_cards:
        if c.standing & ON_TRIAL:
            row.trials_ended += 1
        c.standing = FORMER
        c.term_number = c.term_days = 0


@rule
def refund_membership(s: Shopper, c: Card, p: Programme, row: LedgerRow, day: int) -> None:
    """End the membership within a term: the part of the fee not yet earned goes back."""
    refund = s.fee_paid - fee_earned(s, c, s.term_end - term_days(c), day)
    row.fees_refunded += refund
    leave_membership(s, c, p, row)


@mechanic
def refund_whole_fee(s: Shopper, c: Card, p: Programme, row: LedgerRow, earned_until: int) -> None:
    """End the membership and give the whole fee back: what has been earned of it by `earned_until` is taken back."""
    earned = fee_earned(s, c, s.term_end - term_days(c), earned_until)
    row.fees_earned -= earned
    s.margin -= earned
    hand_on_tax(s, row, -tax_in(earned, p))
    row.fees_refunded += s.fee_paid
    leave_membership(s, c, p, row)
