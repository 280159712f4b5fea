"""The turn of the month, for one shopper: fees earned, points expired, the tier reviewed, the window moved on.

Serves the kernel, which runs it before the month's first visit when the office opens a month.
"""

from __future__ import annotations

import numpy as np

from .assumptions import Behaviour
from .card import Card
from .compiled import card_mechanic, rule
from .contact import note_own_days, notice_tier
from .coupons import end_coupons, issue_coupons
from .cut_over import cut_over, end_notice
from .disappointment import miss_challenges
from .gifts import mark_tiers, note_welcome
from .ledger import LedgerRow
from .market import Market
from .membership import receive_gift
from .membership_office import open_member_month
from .membership_term import earn_fee, note_membership_days, refund_membership
from .points import expire_points
from .points_expiry import note_expiry, take_over_points
from .programme_table import Programme, Terms
from .shopper import ENROLLED, LAPSED, MEMBER, Shopper
from .tier_content import open_content_month
from .tier_review import open_month_of_tier
from .tiers import drop_oldest_month, review_tier


@rule
def open_month(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow, day: int, rival: bool,
    key: np.uint64,
) -> None:  # fmt: skip
    """Do the month's office work on one shopper, in this order: fee, refund, expiry, review, window."""
    if s.status & MEMBER:
        earned, tax = row.fees_earned, row.sales_tax
        earn_fee(s, c, p, row, m.fees_from, day)
        row.fees_of_month_before += row.fees_earned - earned
        row.tax_of_month_before += row.sales_tax - tax
        if p.fee == 0:
            refund_membership(s, c, p, row, day)
    if p.cuts_over and p.keeps_cards:
        cut_over(s, c, p, b, m, row, day)
    if p.takes_over and p.keeps_cards:
        take_over_points(s, c, p, m, row, day)
    expire_points(s, p, m, row)
    if m.old_points_until > 0 and p.keeps_cards:
        end_notice(s, c, t, p, b, m, row, day, rival)
    if p.expiry_reminder_days > 0:
        note_expiry(s, c, p, m, day)
    if p.keeps_standing:
        open_month_of_tier(s, c, t, p, b, m, row, day, rival, key)
    elif s.status & ENROLLED:
        review_tier(s, t, p, b, m, day, rival, row)
    drop_oldest_month(s, m)


@card_mechanic
def open_card_month(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow, day: int,
    rival: bool, key: np.uint64,
) -> None:  # fmt: skip
    """Do the month's work that needs the shopper's card, under the terms of the tier that the review has given."""
    if p.has_coupons:
        end_coupons(c, row, day, False)
        if s.status & ENROLLED:
            issue_coupons(s, c, t, p, b, m, row, day, key)
    elif p.launches:
        end_coupons(c, row, day, True)
    if p.welcoming_tiers != 0:
        if p.migrates:
            mark_tiers(s, c)  # a new ladder puts members where they belong; nobody is welcomed to that
        note_welcome(s, c, day)
    if p.campaigns > 0:
        if c.near_goals != 0:
            miss_challenges(s, c, t, p, b, m, day, rival)
        notice_tier(s, c, day)
        note_own_days(s, c, p, m, day, key)
    if p.has_tier_content and s.status & ENROLLED:
        open_content_month(s, t, b, m, row, day, rival, key)  # before anybody's paid membership ends or begins today
    if s.status & MEMBER:
        if p.launches and p.has_membership_days:
            note_membership_days(s, c, p, day)
        if p.has_membership_month:
            open_member_month(s, c, t, p, b, m, row, day, rival, key)
    elif p.gift_fee > 0 and s.status & (ENROLLED | LAPSED) == ENROLLED:
        receive_gift(s, c, t, p, b, m, row, day, rival, key)
