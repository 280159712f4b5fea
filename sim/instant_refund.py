"""Instant refunds: what it costs the shop to pay before the goods are back, and what it is to a member not to wait.

Serves the return. Books and goodwill: a refund is booked on the day of the return whether it is instant or not, so the
cost is the goods that never come back, or come back worthless. Members do not return more for it (Martínez-López, Feng,
Li and López-López 2022: no significant effect on the intention to return), so the share of returns is the scenario's.
Amounts are cents.
"""

from __future__ import annotations

import numpy as np

from .assumptions import Behaviour
from .attrition import settle
from .card import Card
from .compiled import mechanic
from .keyed_random import Purpose, uniform
from .ledger import LedgerRow
from .market import Market
from .programme_table import Terms
from .shopper import LAPSED, Shopper

FULL_WAIT_DAYS = 7
"""Wait for a refund from which sparing it pleases in full; three online shops of the US credited returns after 5.5 to
10.3 days (a survey of 464 customers by Boyer, Michigan State University, told in Multichannel Merchant).
"""


@mechanic
def lost_if_refunded_at_once(b: Behaviour, recovered: int, k: np.uint64) -> int:
    """Return what the shop loses of the goods of a returned order if it pays before they are back: all or nothing."""
    return recovered if uniform(k, Purpose.GOODS_NEVER_BACK) < b.instant_refund_loss else 0


@mechanic
def refund_at_once(
    s: Shopper, c: Card, t: Terms, b: Behaviour, m: Market, row: LedgerRow, place: int, in_money: int,
    day: int, rival: bool,
) -> None:  # fmt: skip
    """Book the goods that are lost by it, and please the shopper who is still there and is spared a wait for money.

    The handling of a return is paid all the same: somebody has to find out that nothing of worth has come.
    """
    row.refunded_at_once += 1
    lost = c.return_lost[place]
    row.instant_refunds += lost
    s.margin -= lost
    s.benefit_cost += lost
    pleases = b.instant_refund_goodwill * min(1.0, m.refund_days / FULL_WAIT_DAYS)
    if in_money > 0 and pleases > 0.0 and s.status & LAPSED == 0 and settle(s, t, b, m, day, rival):
        s.goodwill += pleases
