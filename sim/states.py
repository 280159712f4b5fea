"""Which tier's benefits a ledger state has: that of the tier, or the one that a paid membership grants.

Serves whoever writes the terms of the states.
"""

from __future__ import annotations

from memberlab.policies import Policy, granted_level

from .shopper import GUEST_STATE


def level_of(policy: Policy, state: int) -> int:
    """Return the level of the tier whose benefits members in `state` have; tier 0 is the lowest."""
    level = state // 2
    if state % 2 == 1:
        level = max(level, granted_level(policy))
    return min(level, max(0, len(policy.tiers) - 1))


def tier_of_state(policy: Policy, state: int) -> str:
    """Return the name of that tier; empty for guests, without tiers, and where the membership replaces them."""
    replaced = policy.membership is not None and policy.membership.replaces_tiers and state % 2 == 1
    if state == GUEST_STATE or replaced or not policy.tiers:
        return ""
    return list(policy.tiers)[level_of(policy, state)]
