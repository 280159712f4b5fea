"""A policy: everything that members are promised, as one immutable document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import (
    Field,
    ModelWrapValidatorHandler,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)

from .categories import Categories, CategoryTerms
from .contradictions import contradictions
from .coupons import Coupons
from .membership import Membership
from .model import RuleDocument
from .names import Currency
from .notation import fault
from .points import Points
from .problems import hint
from .qualification import Qualification
from .quantities import Discount
from .shipping import Shipping
from .stacking import Stacking
from .tiers import Ladder, Tier
from .validation import fail_with, read_with_faults
from .yaml_reader import Path


class Policy(RuleDocument):
    """What members are promised, version 1. Money inside is int cents, shares are basis points, multipliers percent.

    Files and `with_` speak the notation of people: `149.50`, `5 %`, `1.5`, `never`.
    """

    member_discount: Discount = 0
    """Discount on list prices for every enrolled shopper. In code: basis points."""
    shipping: Shipping = Shipping()
    """What delivery costs a shopper."""
    qualification: Qualification | None = None
    """How tiers are reached, kept and lost; without it, by the spend of the last 12 calendar months."""
    # `tiers` follow `qualification`, which says how their thresholds are read.
    tiers: Ladder = Field(default_factory=dict[str, Tier], validate_default=True)
    """Tiers by name, lowest first: none, or 2 to 8."""
    points: Annotated[Points | None, Field(validate_default=True)] = None
    """The points currency, if there is one."""
    membership: Membership | None = None
    """The paid membership, if there is one."""
    coupons: Coupons | None = None
    """The coupon that members get each month, if there is one."""
    categories: Categories = Field(default_factory=dict[str, CategoryTerms])
    """Member prices and extra points by category of goods; the scenario says which categories there are."""
    stacking: Stacking = Stacking()
    """How discounts, member prices, campaigns and coupons come together on one order."""
    currency: Annotated[Currency | None, Field(validate_default=True)] = None
    """Currency of every amount; may be left out only where the policy names no amount."""

    @field_validator("points")
    @classmethod
    def _are_there_if_tiers_need_them(cls, points: Points | None, info: ValidationInfo) -> Points | None:
        qualification: Qualification | None = info.data.get("qualification")
        if points is None and qualification is not None:
            if qualification.basis == "points" or (qualification.growth is not None and qualification.growth.point):
                raise fault("missing, although tiers count the points earned; write a points section or another basis")
            if qualification.sprint is not None:
                raise fault("missing, although qualification.sprint pays points; write a points section, or drop it")
        return points

    @field_validator("membership", mode="wrap")
    @classmethod
    def _grants_a_tier_that_exists(
        cls, written: object, read: ValidatorFunctionWrapHandler, info: ValidationInfo
    ) -> Any:
        faults: dict[Path, str] = {}
        granted = written.get("grants_tier") if isinstance(written, Mapping) else getattr(written, "grants_tier", None)
        tiers: Mapping[str, Tier] | None = info.data.get("tiers")
        if isinstance(granted, str) and tiers is not None and granted not in tiers:
            faults["grants_tier",] = f"{granted!r} is no tier{hint(granted, list(tiers), 'tiers')}"
        return read_with_faults(written, read, faults)

    # `currency` is declared last so that this check sees every benefit that could be read.
    @field_validator("currency")
    @classmethod
    def _is_named_if_there_are_amounts(cls, currency: str | None, info: ValidationInfo) -> str | None:
        if currency is None and (priced := _sections_with_amounts(info.data)):
            raise fault(f"missing, although there are amounts of money in {', '.join(priced)}; write for example CNY")
        return currency

    @model_validator(mode="wrap")
    @classmethod
    def _does_not_contradict_itself(cls, written: object, read: ModelWrapValidatorHandler[Self]) -> Self:
        policy = read(written)
        if faults := contradictions(policy):
            fail_with(faults, written)
        return policy


def _sections_with_amounts(data: Mapping[str, object]) -> list[str]:
    """Return the sections that name amounts; one that could not be read was given, and counts."""
    free: dict[str, list[object]] = {
        "shipping": [Shipping()], "tiers": [{}], "points": [None], "membership": [None], "coupons": [None],
    }  # fmt: skip
    return [section for section, empty in free.items() if section not in data or data[section] not in empty]
