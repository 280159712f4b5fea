"""What goes wrong with an order: how it strikes the shopper, who complains, and what is made good at once.

Serves the rules after an order. Goodwill is in logit units, amounts are cents, times seconds.
"""

from __future__ import annotations

import numpy as np

from .assumptions import Behaviour
from .card import Card
from .compiled import card_mechanic, mechanic, rule
from .desk_terms import MINOR, QUESTION, SERIOUS
from .keyed_random import Purpose, exponential, uniform
from .ledger import LedgerRow
from .market import Market
from .order import Order
from .programme_table import Programme
from .shopper import Shopper

FULL_MAKE_GOOD = 0.10
"""Share of the order from which an instant refund has its full effect."""


@rule
def failure_of(m: Market, k: np.uint64) -> int:
    """Return what is the matter with this order: 0 nothing, else a severity."""
    lot = uniform(k, Purpose.FAILURE)
    if lot < m.serious_failures:
        return SERIOUS
    if lot < m.serious_failures + m.minor_failures:
        return MINOR
    if lot < m.serious_failures + m.minor_failures + m.questions:
        return QUESTION
    return 0


@card_mechanic
def note_failure(c: Card, severity: int) -> None:
    """Note whether the order failed, for those who will be written to when they have left."""
    c.last_order_failed = 1 if severity in (MINOR, SERIOUS) else 0


@mechanic
def bear_failures(
    s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, o: Order, row: LedgerRow, k: np.uint64
) -> None:
    """Let the order go well or badly, and take the shopper's complaint or question to the desk if there is one.

    Shoppers are used to the usual share of failures: each order pleases by as much as failures cost on average, so that
    goodwill moves by what the desk makes of them (behaviour reference, 2.7), and by failures beyond the usual.
    """
    usual = m.usual_minor_failures + b.serious_failure_ratio * m.usual_serious_failures
    s.goodwill += b.order_failure * usual
    severity = failure_of(m, k)
    if p.campaigns > 0:
        note_failure(c, severity)
    if severity == 0:
        return
    shock = 0.0
    if severity != QUESTION:
        row.order_failures += 1
        shock = b.order_failure * (b.serious_failure_ratio if severity == SERIOUS else 1.0)
        s.goodwill -= shock
        if uniform(k, Purpose.COMPLAINT) >= b.complaint_share:
            return
    if p.has_desk == 0:
        return
    row.tickets += 1
    refund = min(p.make_good[severity], o.goods - o.paid_by_points)
    if refund > 0:
        row.make_goods += refund
        s.margin -= refund
        s.benefit_cost += refund
        s.goodwill += shock * b.make_good_recovery * min(1.0, refund / (FULL_MAKE_GOOD * o.list_value))
    o.has_news = 1
    o.severity = severity
    o.written_at = p.contact_starts + int(uniform(k, Purpose.TICKET_TIME) * p.contact_seconds)
    o.handling = max(1, int(exponential(k, Purpose.TICKET_HANDLING) * p.handling_seconds[severity] + 0.5))
    o.recovery = shock * b.recovery
