"""Traits that a log tells beside visits and amounts: deals and coupons.

Serves simulated logs, which show them, and whoever needs a prior. The simulation's decisions do not read them: what
prices and coupons do to shoppers stands in the assumptions.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import ValidationInfo, field_validator

from memberlab.policies import NumberNotation, Section, fault

Share = Annotated[float, NumberNotation(minimum=0, maximum=1)]
"""A share from 0 to 1, as it was estimated."""

Correlation = Annotated[float, NumberNotation(minimum=-1, maximum=1)]


class DealShare(Section):
    """The share of the shelf value that ordinary price deals take off a shopper's baskets; a beta distribution over
    shoppers.
    """

    mean: Share
    """Mean over shoppers."""
    spread: Share
    """Standard deviation over shoppers."""

    @field_validator("spread")
    @classmethod
    def _fits_a_beta_distribution(cls, spread: float, info: ValidationInfo) -> float:
        mean = info.data.get("mean")
        if isinstance(mean, float) and spread > 0 and spread**2 >= mean * (1 - mean):
            most = (mean * (1 - mean)) ** 0.5
            raise fault(f"{spread:g} is too much for shares with mean {mean:g}; write less than {most:.3g}")
        return spread


class CouponUse(Section):
    """Who uses coupons, and how often."""

    share_of_shoppers: Share
    """Shoppers who ever use one."""
    per_order: Annotated[float, NumberNotation(minimum=0, maximum=1_000, unit="coupons an order")]
    """Coupons an order of those who use any."""
    rank_correlation_with_spend: Correlation = 0.0
    """Rank correlation over shoppers of coupons an order with what they spend."""


class Traits(Section):
    """What the log tells about deals and coupons; each part is left out where it tells nothing."""

    deal_share: DealShare | None = None
    """How much of the shelf value price deals take off."""
    coupon_use: CouponUse | None = None
    """Who uses coupons."""
