"""What one shopper is promised: the terms that come of tier and paid membership together.

Serves the simulation, which compiles them, and whoever explains or checks a policy. The largest discount applies;
earn multipliers of tier and membership multiply, unless the membership replaces the tier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .policy import Policy
from .soft_landing import kept_after_demotion

DiscountSource = Literal["none", "member", "tier", "membership", "soft landing"]


@dataclass(frozen=True, slots=True)
class Promise:
    """The terms of an enrolled shopper in one tier, with or without the paid membership, before its caps are reached.

    Vouchers for free delivery are no term: they stand beside these.
    """

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
    multiplier, is_free = 100, False
    coupons = policy.coupons.a_month if policy.coupons is not None else 0
    if tier is not None:
        offers.append((tier.discount, "tier"))
        multiplier, is_free = tier.earn_multiplier, tier.free_shipping
        coupons += tier.coupons_a_month
    kept = kept_after_demotion(policy, level, fallen_from) if tiers else None
    if kept is not None:
        offers.append((kept.discount, "soft landing"))
        multiplier, is_free = max(multiplier, kept.earn_multiplier), is_free or kept.free_shipping
    if membership is not None:
        offers.append((membership.discount, "membership"))
        multiplier = multiplier * membership.earn_multiplier // 100
        is_free = is_free or membership.free_shipping
        coupons += membership.coupons_a_month
    discount, source = max(offers, key=lambda offer: offer[0])
    return Promise(
        discount=discount,
        discount_source=source if discount else "none",
        free_shipping_from=0 if is_free else policy.shipping.free_from,
        earn_multiplier=multiplier,
        coupons_a_month=coupons,
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
