"""Points: how they are earned, what they buy, how long they live, and how many are expected to be used."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

from pydantic import ValidationInfo, field_validator

from .model import Section
from .notation import SectionOrNever, fault
from .number import CountNotation
from .quantities import Percent, PositiveMoney

LONGEST_LIFE = 24
"""Months that points which expire may live at most."""


class Earn(Section):
    """The base rate of earning: so many points for so much paid; what is left over earns nothing."""

    points: Annotated[int, CountNotation("points", maximum=1_000_000)]
    """Points earned for each full `per`."""
    per: PositiveMoney
    """Amount paid that earns `points` once. In code: cents."""


class Redeem(Section):
    """The rate of redemption: so many points pay so much."""

    points: Annotated[int, CountNotation("points", minimum=1, maximum=1_000_000_000)]
    """Points that pay `value`."""
    value: PositiveMoney
    """Amount that `points` pay. In code: cents."""


class Expiry(Section):
    """The life of each lot of points."""

    months: Annotated[int, CountNotation("months", minimum=1, maximum=LONGEST_LIFE)]
    """Months from earning to expiry."""


class Points(Section):
    """A points currency: earned on what is paid, redeemed against later orders."""

    earn: Earn
    """Base rate of earning, before multipliers of tier and membership."""
    redeem: Redeem
    """Rate of redemption."""
    minimum: Annotated[int, CountNotation("points", maximum=1_000_000_000)] = 0
    """Balance from which points can be redeemed."""
    maximum_share: Percent = 10_000
    """Largest share of an order that points may pay. In code: basis points."""
    expiry: Annotated[Expiry | None, SectionOrNever("{months: 12}")] = None
    """When a lot of points expires, or never."""
    expected_redemption: Percent = 8_000
    """Share of issued points that will ever be redeemed, for the points liability. In code: basis points."""

    @field_validator("redeem")
    @classmethod
    def _gives_back_less_than_is_paid(cls, redeem: Redeem, info: ValidationInfo) -> Redeem:
        earn: Earn | None = info.data.get("earn")
        if earn is not None:
            share = Fraction(earn.points * redeem.value, earn.per * redeem.points)
            if share >= 1:
                raise fault(
                    f"points give back {float(100 * share):g} % of what is paid; "
                    "write fewer earn.points, a smaller redeem.value or more redeem.points"
                )
        return redeem
