"""Questions about standing as a whole: whether it needs notes on each member, and whether two ladders are the same.

Serves the simulation, which keeps a card for each member only where it must, and which moves nobody's mood when a new
ladder is launched.
"""

from __future__ import annotations

from .policy import Policy
from .qualification import Qualification


def standing_needs_notes(policy: Policy) -> bool:
    """Return whether tiers follow more than the spend of the last 12 calendar months at the opening of a month, or a
    gate asks for a score, or the policy says what becomes of tiers when it takes over.
    """
    if (
        policy.membership is not None
        and policy.membership.gate is not None
        and policy.membership.gate.score is not None
    ):
        return True
    if not policy.tiers:
        return False
    if policy.migration is not None and policy.migration.tiers is not None:
        return True
    if policy.qualification is not None and policy.qualification != Qualification():
        return True
    return any(tier.orders or tier.never_demoted or tier.invitation is not None for tier in policy.tiers.values())


def same_ladder(one: Policy, other: Policy) -> bool:
    """Return whether the same life leads to the same tier under both policies, whenever the office looks."""
    return _ladder(one) == _ladder(other)


def _ladder(policy: Policy) -> tuple[object, ...]:
    rules = policy.qualification or Qualification()
    return rules.measure, *((tier.threshold, tier.orders, tier.invitation) for tier in policy.tiers.values())
