"""The office's business with one shopper on a day of that shopper's own: deadlines, windows and reminders.

Serves the kernel. A mechanic that has to act on a day between two visits notes the day on the shopper's card
(`note_business`) and does its work here when the day comes.
"""

from __future__ import annotations

import numpy as np

from .assumptions import Behaviour
from .card import Card
from .compiled import rule
from .keyed_random import day_key
from .ledger import LedgerRow
from .market import Market
from .points_credit import release_pending
from .points_expiry import attend_to_expiry
from .programme_table import Programme, Terms
from .returns import attend_to_returns
from .shopper import NEVER, Shopper


@rule
def attend(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow,
    day: int, rival: bool, key: np.uint64,
) -> None:  # fmt: skip
    """Do what is due today for one shopper, and note the day of what comes next."""
    c.office_day = NEVER
    attend_to_returns(s, c, p, m, row, day)
    release_pending(s, c, p, m, row, day)
    attend_to_expiry(s, c, p, b, m, row, day, day_key(key, day))
