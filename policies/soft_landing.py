"""The soft landing: what a demoted member keeps of the old tier, as terms beside those of the new one.

Serves the promise, which puts them together with everything else that a shopper has.
"""

from __future__ import annotations

from dataclasses import dataclass

from .membership_benefits import Vouchers
from .policy import Policy


@dataclass(frozen=True, slots=True)
class KeptTerms:
    """What is left of the benefits of a tier that was lost."""

    discount: int
    """Off the list price, basis points; a fraction is dropped."""
    earn_multiplier: int
    """Points as a multiple of the base rate, percent; a fraction is dropped."""
    free_shipping_from: int | None
    """Cents of goods from which the lost tier has free delivery, 0 always; None where that is not kept."""
    vouchers: Vouchers | None
    """Vouchers of the lost tier; None where they are not kept."""


def kept_after_demotion(policy: Policy, level: int, fallen_from: int) -> KeptTerms | None:
    """Return what is kept of the tier `fallen_from` in the tier of `level`; None where there is no soft landing."""
    landing = None if policy.qualification is None else policy.qualification.soft_landing
    if landing is None or not level < fallen_from < len(policy.tiers):
        return None
    lost = list(policy.tiers.values())[fallen_from]
    extra = max(0, lost.earn_multiplier - 100) * landing.earn_multiplier // 10_000
    return KeptTerms(
        discount=lost.discount * landing.discount // 10_000,
        earn_multiplier=100 + extra,
        free_shipping_from=(0 if lost.free_shipping else lost.free_shipping_from) if landing.free_shipping else None,
        vouchers=lost.free_shipping_vouchers if landing.free_shipping else None,
    )
