"""The office's business with a paid member within a term: reminders, money back, partners' content, cancellations.

Serves the office day and the turn of the month. Amounts are cents.
"""

from __future__ import annotations

import numpy as np

from .assumptions import Behaviour
from .at_price import at_price
from .attrition import settle
from .card import Card
from .compiled import mechanic
from .keyed_random import Purpose, day_key, uniform
from .ledger import LedgerRow
from .market import Market
from .membership import chance, staying_utility
from .membership_benefit import belief_after
from .membership_term import (
    REMINDED,
    UNPAID,
    note_membership_days,
    refund_membership,
    refund_whole_fee,
    running_plan,
    term_days,
)
from .programme_table import Programme, Terms
from .shopper import LAPSED, MEMBER, Shopper


@mechanic
def attend_member(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow,
    day: int, rival: bool, key: np.uint64,
) -> None:  # fmt: skip
    """Do what is due today for a member, and note the day of what comes next."""
    is_paid = c.standing & UNPAID == 0
    if p.reminder_days > 0 and day == s.term_end - p.reminder_days:
        remind(s, c, p, m, row)
    if p.money_back_days > 0 and is_paid and day == s.term_end - term_days(c) + p.money_back_days:
        k = day_key(key, day)
        if uniform(k, Purpose.MONEY_BACK) < b.money_back_consideration and not wants_to_stay(
            s, c, t, p, b, m, day, rival, Purpose.MONEY_BACK_DECISION, key
        ):
            refund_whole_fee(s, c, p, row, m.fees_until)
    if s.status & MEMBER:
        note_membership_days(s, c, p, day)


@mechanic
def remind(s: Shopper, c: Card, p: Programme, m: Market, row: LedgerRow) -> None:
    """Tell the member that the term ends."""
    c.standing |= REMINDED
    row.reminders_sent += 1
    cost = at_price(p.reminder_cost, m.message_prices)
    row.renewal_reminders += cost
    s.margin -= cost
    s.benefit_cost += cost


@mechanic
def open_member_month(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow,
    day: int, rival: bool, key: np.uint64,
) -> None:  # fmt: skip
    """Pay the partners for the month that opens; then let a member end the membership, where that brings money back."""
    cost = at_price(p.partner_cost, m.partner_prices)
    row.partner_content += cost
    row.partner_content_sponsored += at_price(p.partner_sponsored, m.partner_prices)
    s.margin -= cost
    s.benefit_cost += cost
    is_paid = c.standing & UNPAID == 0
    if p.refunds_pro_rata == 0 or not is_paid or day <= s.term_end - term_days(c) or day >= s.term_end:
        return
    k = day_key(key, day)
    if uniform(k, Purpose.CANCELLATION_THOUGHT) < b.cancellation_consideration and not wants_to_stay(
        s, c, t, p, b, m, day, rival, Purpose.CANCELLATION_DECISION, key
    ):
        refund_membership(s, c, p, row, day)


@mechanic
def wants_to_stay(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, day: int, rival: bool,
    purpose: int, key: np.uint64,
) -> bool:  # fmt: skip
    """Return whether a member who thinks about the term that runs keeps it, by what it has been worth so far.

    The choice is that of a renewal at the fee paid; whoever has left the shop for good does not keep it.
    """
    alive = settle(s, t, b, m, day, rival)
    if not alive or s.status & LAPSED:
        return False
    believed = belief_after(s, t, b, m, day - s.term_end + term_days(c), key)
    utility = staying_utility(s, c, p, b, believed, s.fee_paid, running_plan(c, p))
    return uniform(day_key(key, day), purpose) < chance(utility)
