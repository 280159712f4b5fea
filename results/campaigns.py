"""What each campaign cost and did: one line a campaign, beside the margin bridge.

Serves finance, which sees in the ledger what all campaigns cost together and here what each did.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from memberlab.sim import Outcome


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """One campaign of a run; amounts are cents."""

    name: str
    given: int
    """Discounts, gifts and delivery fees given up."""
    contact: int
    """Messages and events."""
    orders: int
    """Orders that got something."""
    units: int
    """Uses: orders and rewards."""
    points: int
    messages: int
    visits: int
    """Visits that a message or an event brought."""
    days: int
    """Days on."""
    ran_out: datetime.date | None
    """Day on which the budget of the last occasion was spent, in the last region to spend it; None if it was not."""


def campaign_lines(outcome: Outcome) -> tuple[CampaignLine, ...]:
    """Return the lines of all campaigns of a run, in the order of the policy."""
    opening = outcome.start - datetime.timedelta(days=outcome.first_day)
    lines = []
    for name, row in zip(outcome.policy.campaigns, outcome.campaigns, strict=True):
        counts = {field: int(row[field]) for field in ("contact", "orders", "units", "points", "messages", "visits")}
        day = int(row["ran_out"])
        ran_out = opening + datetime.timedelta(days=day) if day >= 0 else None
        lines.append(CampaignLine(name, given=int(row["money"]), days=int(row["days"]), ran_out=ran_out, **counts))
    return tuple(lines)
