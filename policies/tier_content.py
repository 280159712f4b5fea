"""Partners' content of tiers: who has it, who pays for it beside a paid membership, and what it is worth to whom.

Serves the closed-form give-back and the simulation, which compiles it. What a perk costs the shop and what it is worth
to a member are two figures that never meet.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from .membership_benefits import TierPerk
from .policy import Policy
from .promise import granted_level
from .typical_shopper import TypicalShopper


@dataclass(frozen=True, slots=True)
class TierContent:
    """One perk of a tier as a shopper in that tier has it, with or without the paid membership."""

    cost: int
    """What the shop pays for a month for the tier's sake, in cents; 0 where the membership pays for it."""
    value: int
    """What a month is worth by average taste, in cents."""
    active_days: int | None
    """Days since the last order within which the shopper has it; None for as long as the tier is kept."""
    sponsored: int = 0
    """What the partner bears of a month, in cents; 0 where the membership pays for it."""
    by_membership: bool = False
    """Whether only the tier that the membership grants has it: its worth is for the decision to pay the fee."""


def content_of_tier(policy: Policy, level: int, *, is_member: bool = False) -> dict[str, TierContent]:
    """Return the perks that a shopper in the tier of `level` has by a tier, by name.

    A perk that a running paid membership has under the same name is the membership's to pay.
    """
    own = perks_of_tier(policy, level)
    membership = policy.membership if is_member else None
    held, paid = (own, {}) if membership is None else (_held(policy, level), membership.perks)
    content = {
        name: TierContent(
            perk.net_cost, perk.perceived_value, perk.active_days, perk.cost - perk.net_cost, name not in own
        )
        for name, perk in held.items() if name not in paid
    }  # fmt: skip
    return content | {name: TierContent(0, perk.perceived_value, None) for name, perk in own.items() if name in paid}


def value_added_by_membership(policy: Policy, level: int) -> int:
    """Return what a month of the perks of the paid membership is worth beyond those of the tier of `level`, in cents.

    With those of a tier that it grants; negative where it takes the place of a tier with better ones.
    """
    if policy.membership is None:
        return 0
    without = {name: perk.perceived_value for name, perk in perks_of_tier(policy, level).items()}
    granted = {name: perk.perceived_value for name, perk in _held(policy, level).items()}
    paid = {name: perk.perceived_value for name, perk in policy.membership.perks.items()}
    return sum((granted | paid).values()) - sum(without.values())


def perks_of_tier(policy: Policy, level: int) -> Mapping[str, TierPerk]:
    """Return the perks of the tier of `level`; the highest stands for all above it."""
    tiers = list(policy.tiers.values())
    return tiers[min(level, len(tiers) - 1)].perks if tiers else {}


def active_share(shopper: TypicalShopper, active_days: int | None) -> float:
    """Return the share of months that find an order in the `active_days` before; orders come by a Poisson process."""
    return 1.0 if active_days is None else -math.expm1(-shopper.orders * active_days / 365)


def content_a_year(policy: Policy, shopper: TypicalShopper, level: int, *, is_member: bool) -> tuple[float, float]:
    """Return what the tier's content is worth to `shopper` in a year, and what it costs the shop, both in cents."""
    content = content_of_tier(policy, level, is_member=is_member).values()
    shares = [(one, 12 * active_share(shopper, one.active_days)) for one in content]
    return sum(one.value * share for one, share in shares), sum(one.cost * share for one, share in shares)


def _held(policy: Policy, level: int) -> Mapping[str, TierPerk]:
    """Return the perks of the tier whose benefits a paid member in the tier of `level` has."""
    if policy.membership is not None and policy.membership.replaces_tiers:
        return {}
    return perks_of_tier(policy, max(level, granted_level(policy)))
