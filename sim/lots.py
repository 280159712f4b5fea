"""The ring of monthly lots: points by calendar month of earning, the current month and the 24 before it.

Serves everything that adds to a balance or takes from it. The lots of a shopper always add up to the balance.
"""

from __future__ import annotations

import numpy as np

from .compiled import rule
from .ledger import LedgerRow
from .market import Market
from .shopper import LOT_MONTHS, Shopper


@rule
def lot_of(month: int) -> np.uint64:
    """Return the place of a month's lot in the ring; `month` may lie up to 25 months before the first.

    Unsigned, because the remainder and the index then need no care for what is below zero.
    """
    return np.uint64(month + LOT_MONTHS) % np.uint64(LOT_MONTHS)


@rule
def expire_lot(s: Shopper, m: Market, row: LedgerRow, age: int) -> None:
    """Expire what is left of the lot earned `age` months ago."""
    lot = lot_of(m.month - age)
    m.expired_by_age[age] += s.lots[lot]
    row.points_expired += s.lots[lot]
    s.points_balance -= s.lots[lot]
    s.lots[lot] = 0


@rule
def merge_oldest_lots(s: Shopper, m: Market) -> None:
    """Make room for the month that opens: points that never expire move from the oldest lot to the next oldest."""
    oldest = lot_of(m.month)
    s.lots[lot_of(m.month + 1)] += s.lots[oldest]
    s.lots[oldest] = 0
