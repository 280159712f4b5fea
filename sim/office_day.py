"""The office's business with one shopper on a day of that shopper's own: deadlines, windows and reminders.

Serves the kernel. A mechanic that has to act on a day between two visits notes the day on the shopper's card
(`note_business`) and does its work here when the day comes.
"""

from __future__ import annotations

import numpy as np

from .assumptions import Behaviour
from .card import Card
from .compiled import rule
from .coupons import end_coupons
from .ledger import LedgerRow
from .market import Market
from .programme_table import Programme, Terms
from .shopper import NEVER, Shopper
from .tier_review import attend_tier


@rule
def attend(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow,
    day: int, rival: bool, key: np.uint64,
) -> None:  # fmt: skip
    """Do what is due today for one shopper, and note the day of what comes next."""
    c.office_day = NEVER
    if p.keeps_standing:
        attend_tier(s, c, t, p, b, m, row, day, rival, key)
    if p.has_coupons:
        end_coupons(c, row, day, False)
