"""A gift that needs no order: what it costs the shop, and what it is worth to whoever gets it.

Serves campaigns, whose gifts mark a day, and tiers, which welcome a member.
"""

from __future__ import annotations

from .model import Section
from .quantities import Money


class Gift(Section):
    """A gift without an order; what it costs and what it is worth may differ either way."""

    cost: Money
    """What one gift costs the shop. In code: cents."""
    value: Money
    """What it is worth to a member. In code: cents."""
