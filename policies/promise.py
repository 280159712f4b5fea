"""What one shopper is promised: the terms that come of tier and paid membership together.

Serves the simulation, which compiles them, and whoever explains or checks a policy. The largest discount and the lowest
threshold for free delivery apply; earn multipliers of tier and membership multiply, and vouchers and coupons of both
are added up, unless the membership replaces the tier.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from .membership_benefits import Perk, TierPerk, Vouchers
from .policy import Policy
from .soft_landing import kept_after_demotion

DiscountSource = Literal["none", "member", "tier", "membership", "soft landing"]


@dataclass(frozen=True, slots=True)
class Promise:
    """The terms of an enrolled shopper in one tier, with or without the paid membership, before its caps."""

    discount: int
    """Off the list price, basis points: the largest of those that apply."""
    discount_source: DiscountSource
    """Which promise that discount is; `none` where it is 0."""
    free_shipping_from: int | None
    """Cents of goods from which delivery is free; 0 always, None never."""
    earn_multiplier: int
    """Points as a multiple of the base rate, percent."""
    coupons_a_month: int = 0
    """Coupons issued when a month opens: everybody's, the tier's and the membership's together."""
    tier_vouchers: Vouchers | None = None
    """Free deliveries that the tier gives; in a soft landing those of the lost tier, if they are more."""
    membership_vouchers: Vouchers | None = None
    """Free deliveries that the paid membership adds."""
    tier_perks: Mapping[str, TierPerk] = field(default_factory=dict[str, TierPerk])
    """Partners' content that the tier gives, without what the paid membership has under the same name."""


def promise(policy: Policy, level: int = 0, *, is_member: bool = False, fallen_from: int = 0) -> Promise:
    """Return the terms in the tier of `level` (0 is the lowest, the highest stands for all above it).

    Paid members have at least the tier that the membership grants; `fallen_from` is the tier that a member in a soft
    landing has just lost.
    """
    level = max(level, granted_level(policy)) if is_member else level
    membership = policy.membership if is_member else None
    tiers = [] if membership is not None and membership.replaces_tiers else list(policy.tiers.values())
    tier = tiers[min(level, len(tiers) - 1)] if tiers else None
    offers: list[tuple[int, DiscountSource]] = [(policy.member_discount, "member")]
    multiplier, free_from = 100, [policy.shipping.free_from]
    vouchers: list[Vouchers | None] = []
    coupons = policy.coupons.a_month if policy.coupons is not None else 0
    paid: Mapping[str, Perk] = {} if membership is None else membership.perks
    if tier is not None:
        offers.append((tier.discount, "tier"))
        multiplier = tier.earn_multiplier
        free_from.append(0 if tier.free_shipping else tier.free_shipping_from)
        vouchers.append(tier.free_shipping_vouchers)
        coupons += tier.coupons_a_month
    kept = kept_after_demotion(policy, level, fallen_from) if tiers else None
    if kept is not None:
        offers.append((kept.discount, "soft landing"))
        multiplier = max(multiplier, kept.earn_multiplier)
        free_from.append(kept.free_shipping_from)
        vouchers.append(kept.vouchers)
    if membership is not None:
        offers.append((membership.discount, "membership"))
        multiplier = multiplier * membership.earn_multiplier // 100
        free_from.append(0 if membership.free_shipping else membership.free_shipping_from)
        coupons += membership.coupons_a_month
    discount, source = max(offers, key=lambda offer: offer[0])
    return Promise(
        discount=discount,
        discount_source=source if discount else "none",
        free_shipping_from=min((threshold for threshold in free_from if threshold is not None), default=None),
        earn_multiplier=multiplier,
        coupons_a_month=coupons,
        tier_vouchers=max((one for one in vouchers if one is not None), key=lambda one: one.a_year, default=None),
        membership_vouchers=None if membership is None else membership.free_shipping_vouchers,
        tier_perks={} if tier is None else {name: perk for name, perk in tier.perks.items() if name not in paid},
    )


def granted_level(policy: Policy) -> int:
    """Return the level of the tier that the paid membership grants; 0 where it grants none."""
    granted = None if policy.membership is None else policy.membership.grants_tier
    return 0 if granted is None else list(policy.tiers).index(granted)


def points_back(policy: Policy, earn_multiplier: int) -> float:
    """Return the face value of points earned for a unit paid (a share, 0.01 = 1 %); `earn_multiplier` in percent."""
    if policy.points is None:
        return 0.0
    earned = policy.points.earn.points / policy.points.earn.per * earn_multiplier / 100
    value, points = policy.points.worth
    return earned * value / points


def worth_of_a_point(policy: Policy) -> float:
    """Return the face value of a point in cents; 0 without points."""
    if policy.points is None:
        return 0.0
    value, points = policy.points.worth
    return value / points
