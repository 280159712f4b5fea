"""What a benefit costs on a day: its cost in the policy, at the prices that shocks have left.

Serves every rule that buys a gift, a partner's content or a message. Levels are basis points of the usual price.
"""

from __future__ import annotations

from .compiled import rule

USUAL_PRICE = 10_000
"""The level of prices without a shock, basis points."""


@rule
def at_price(cost: int, level: int) -> int:
    """Return `cost` cents of the policy at today's level of prices; a part of a cent is not paid."""
    return cost * level // 10_000
