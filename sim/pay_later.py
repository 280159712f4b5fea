"""Ways to pay later: how they draw shoppers, who uses them, and what each use costs the shop.

Serves the visit (the pull on the log odds of an order) and the rules after an order. Amounts are cents.
"""

from __future__ import annotations

import numpy as np

from .assumptions import Behaviour
from .compiled import mechanic, rule
from .keyed_random import Purpose, uniform
from .ledger import LedgerRow
from .order import Order
from .programme_table import Programme, Terms
from .shopper import Shopper


@rule
def pull_of_paying_later(o: Order, t: Terms, b: Behaviour) -> float:
    """Return what the ways to pay later that are open to this order add to its log odds."""
    pull = 0.0
    if o.goods >= t.trial_from:
        pull += b.trial_pull
    if o.goods >= t.instalments_from:
        pull += b.instalment_pull
    return pull


@mechanic
def pay_later(s: Shopper, t: Terms, p: Programme, b: Behaviour, o: Order, row: LedgerRow, k: np.uint64) -> None:
    """Let the shopper use a way to pay later, the trial before the instalments, and book what it costs the shop."""
    if o.is_first:
        return
    cost = 0
    if o.goods >= t.trial_from and uniform(k, Purpose.TRIAL) < b.trial_use:
        cost = p.trial_cost
        row.trials_before_buying += 1
        row.trial_cost += cost
    elif o.goods >= t.instalments_from and uniform(k, Purpose.INSTALMENTS) < b.instalment_use:
        cost = (o.goods - o.paid_by_points + o.shipping_fee) * p.instalment_share // 10_000
        row.instalment_orders += 1
        row.instalment_cost += cost
    s.margin -= cost
    s.benefit_cost += cost
