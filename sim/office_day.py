"""The office's business with one shopper on a day of that shopper's own: deadlines, windows and reminders.

Serves the kernel. A mechanic that has to act on a day between two visits notes the day on the shopper's card
(`note_business` in card.py) and does its work here when the day comes.
"""

from __future__ import annotations

import numpy as np

from .assumptions import Behaviour
from .card import Card
from .compiled import rule
from .coupons import end_coupons
from .ledger import LedgerRow
from .market import Market
from .membership_office import attend_member
from .programme_table import Programme, Terms
from .shopper import MEMBER, NEVER, Shopper


@rule
def attend(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow,
    day: int, rival: bool, key: np.uint64,
) -> None:  # fmt: skip
    """Do what is due today for one shopper, and note the day of what comes next."""
    c.office_day = NEVER
    if p.has_coupons:
        end_coupons(c, row, day, False)
    if p.has_membership_days and s.status & MEMBER:
        attend_member(s, c, t, p, b, m, row, day, rival, key)
