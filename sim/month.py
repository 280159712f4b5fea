"""The turn of the month, for one shopper: fees earned, points expired, the tier reviewed, the window moved on.

Serves the kernel, which runs it before the month's first visit when the office opens a month.
"""

from __future__ import annotations

from .assumptions import Behaviour
from .card import Card
from .compiled import rule
from .ledger import LedgerRow
from .market import Market
from .membership import earn_fee, refund_membership
from .points import expire_points
from .points_expiry import note_expiry, take_over_points
from .programme_table import Programme, Terms
from .shopper import ENROLLED, MEMBER, Shopper
from .tiers import drop_oldest_month, review_tier


@rule
def open_month(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow, day: int, rival: bool
) -> None:
    """Do the month's office work on one shopper, in this order: fee, refund, expiry, review, window."""
    if s.status & MEMBER:
        earn_fee(s, p, row, m.fees_from, day)
        if p.fee == 0:
            refund_membership(s, p, row, day)
    if p.takes_over and p.keeps_cards:
        take_over_points(s, c, p, m, row, day)
    expire_points(s, p, m, row)
    if p.reminder_days > 0:
        note_expiry(s, c, p, m, day)
    if s.status & ENROLLED:
        review_tier(s, t, p, b, m, day, rival, row)
    drop_oldest_month(s, m)
