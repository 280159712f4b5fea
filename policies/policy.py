"""A policy: everything that members are promised, as one immutable document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, ModelWrapValidatorHandler, ValidationInfo, field_validator, model_validator

from .campaigns import Campaign
from .categories import Categories, CategoryTerms
from .contact import Contact
from .contradictions import contradictions
from .coupons import Coupons
from .membership import Membership
from .model import RuleDocument
from .names import Currency, Label
from .notation import fault
from .points import Points
from .quantities import Discount
from .shipping import Shipping
from .stacking import Stacking
from .tiers import Ladder, Tier
from .validation import fail_with


class Policy(RuleDocument):
    """What members are promised, version 1. Money inside is int cents, shares are basis points, multipliers percent.

    Files and `with_` speak the notation of people: `149.50`, `5 %`, `1.5`, `never`.
    """

    member_discount: Discount = 0
    """Discount on list prices for every enrolled shopper. In code: basis points."""
    shipping: Shipping = Shipping()
    """What delivery costs a shopper."""
    tiers: Ladder = Field(default_factory=dict[str, Tier])
    """Tiers by name, lowest first: none, or 2 to 8."""
    points: Points | None = None
    """The points currency, if there is one."""
    membership: Membership | None = None
    """The paid membership, if there is one."""
    coupons: Coupons | None = None
    """The coupon that members get each month, if there is one."""
    categories: Categories = Field(default_factory=dict[str, CategoryTerms])
    """Member prices and extra points by category of goods; the scenario says which categories there are."""
    contact: Contact | None = None
    """How members are reached, if they are."""
    campaigns: Mapping[Label, Campaign] = Field(default_factory=dict[str, Campaign])
    """Campaigns by name: up to 16."""
    stacking: Stacking = Stacking()
    """How discounts, member prices, campaigns and coupons come together on one order."""
    currency: Annotated[Currency | None, Field(validate_default=True)] = None
    """Currency of every amount; may be left out only where the policy names no amount."""

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
        "contact": [None], "campaigns": [{}],
    }  # fmt: skip
    return [section for section, empty in free.items() if section not in data or data[section] not in empty]
