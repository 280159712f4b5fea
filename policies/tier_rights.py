"""What belongs to a tier by rules that stand elsewhere in a policy: campaigns, service, early access, lasting points.

Serves the linter, which asks whether a tier promises anything beyond the one below.
"""

from __future__ import annotations

from .entitlement import Entitlement
from .policy import Policy


def rights_of(policy: Policy, name: str) -> tuple[object, ...]:
    """Return what the tier called *name* has beside its own terms; equal for tiers that have the same."""
    level = list(policy.tiers).index(name)
    points, membership = policy.points, policy.membership
    return (
        [one for one, category in policy.categories.items() if not category.tiers or name in category.tiers],
        [one for one, campaign in policy.campaigns.items() if not campaign.to.tiers or name in campaign.to.tiers],
        None if policy.service is None else policy.service.promises.get(name),
        0 if policy.special_price_pool is None else policy.special_price_pool.early_access.get(name, 0),
        [_may(policy, promise.from_tier, level) for promise in entitlements(policy).values()],
        0 if points is None or points.expiry is None else points.expiry.extension.get(name, 0),
        {} if points is None else {one: reward.tier_points.get(name) for one, reward in points.rewards.items()},
        membership is not None and membership.gate is not None and _may(policy, membership.gate.tier, level),
    )


def _may(policy: Policy, from_tier: str | None, level: int) -> bool:
    """Return whether what is open from a tier on is open on `level`."""
    return from_tier is not None and level >= list(policy.tiers).index(from_tier)


def entitlements(policy: Policy) -> dict[str, Entitlement]:
    """Return the promises that are for a tier and those above it or for paid members, by the name of their section."""
    promises: dict[str, Entitlement | None] = {
        "trial_before_buy": policy.trial_before_buy, "instalments": policy.instalments,
        "instant_refund": policy.instant_refund,
    }  # fmt: skip
    return {section: promise for section, promise in promises.items() if promise is not None}
