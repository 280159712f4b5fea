"""The margin bridge: from the list value of goods to the contribution margin, every benefit and cost on its own line.

Serves finance. Lines are integer cents and add up exactly; each comes from one measure of the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from memberlab.sim import Outcome


@dataclass(frozen=True, slots=True)
class BridgeLine:
    """One step of the bridge: cents to add, or the running total where `is_total`."""

    name: str
    title: str
    amount: int
    is_total: bool = False


STEPS: tuple[tuple[str, str, int], ...] = (
    ("list_value", "List value", 1),
    ("member_discount", "Member discount", -1),
    ("tier_discount", "Tier discounts", -1),
    ("membership_discount", "Paid members' discount", -1),
    ("gmv", "GMV", 0),
    ("points_paid", "Paid with points", -1),
    ("shipping_charged", "Shipping charged", 1),
    ("fees_earned", "Membership fees earned", 1),
    ("net_revenue", "Net revenue", 0),
    ("cost_of_goods", "Cost of goods", -1),
    ("shipping_cost", "Shipping cost", -1),
    ("payment_cost", "Payment cost", -1),
    ("points_provision", "Rise in points liability", -1),
    ("margin", "Contribution margin", 0),
)
"""Lines in order: measure, title, and its sign; 0 marks a total of all lines above."""


def bridge_totals(outcome: Outcome) -> dict[str, int]:
    """Return the amounts of the bridge in cents, unsigned, by measure; the provision may have either sign."""
    measures = [name for name, _, sign in STEPS if sign and name != "points_provision"]
    totals = {name: outcome.total(name) for name in measures}
    totals["points_provision"] = outcome.closing_liability - outcome.opening_liability
    return totals


def margin_bridge(totals: Mapping[str, int]) -> tuple[BridgeLine, ...]:
    """Return the lines of the bridge from `totals` in cents (as of `bridge_totals`, perhaps added over
    replications).
    """
    lines, running = [], 0
    for name, title, sign in STEPS:
        if sign:
            running += sign * totals[name]
            lines.append(BridgeLine(name, title, sign * totals[name]))
        else:
            lines.append(BridgeLine(name, title, running, is_total=True))
    return tuple(lines)
