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

from .campaigns import Campaign
from .categories import Categories, CategoryTerms
from .contact import Contact
from .contradictions import contradictions
from .coupons import Coupons
from .entitlement import entitlement_faults
from .instant_refund import InstantRefund
from .membership import Membership
from .migration import Migration
from .model import RuleDocument
from .names import Currency, Label
from .notation import fault
from .payment_options import Instalments, TrialBeforeBuy
from .points import Points, tiers_named
from .price_protection import PriceProtection
from .qualification import Qualification
from .quantities import Discount
from .referral import Referral, points_fault
from .service import Service, service_faults
from .shipping import Shipping
from .special_price_pool import SpecialPricePool, pool_faults
from .stacking import Stacking
from .tiers import Ladder, Tier
from .validation import fail_with, read_with_faults


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
    service: Service | None = None
    """The service desk, if there is one."""
    referral: Referral | None = None
    """The reward for referring new shoppers, if there is one."""
    special_price_pool: SpecialPricePool | None = None
    """The monthly pool of units at a special price, if there is one."""
    price_protection: PriceProtection | None = None
    """The refund when prices fall after an order, if there is one."""
    contact: Contact | None = None
    """How members are reached, if they are."""
    campaigns: Mapping[Label, Campaign] = Field(default_factory=dict[str, Campaign])
    """Campaigns by name: up to 16."""
    trial_before_buy: TrialBeforeBuy | None = None
    """Trying goods before paying, if that is offered."""
    instalments: Instalments | None = None
    """Interest-free instalments, if they are offered."""
    instant_refund: InstantRefund | None = None
    """The refund of returned goods before they are back, if it is promised."""
    migration: Migration | None = None
    """What becomes of tiers, points and memberships on the day on which this policy takes over from another."""
    currency: Annotated[Currency | None, Field(validate_default=True)] = None
    """Currency of every amount; may be left out only where the policy names no amount."""

    @field_validator("points")
    @classmethod
    def _are_there_if_tiers_need_them(cls, points: Points | None, info: ValidationInfo) -> Points | None:
        qualification: Qualification | None = info.data.get("qualification")
        if points is None and qualification is not None:
            if qualification.basis == "balance":
                raise fault("missing, although tiers follow the balance; write a points section or another basis")
            if qualification.basis == "points" or (qualification.growth is not None and qualification.growth.point):
                raise fault("missing, although tiers count the points earned; write a points section or another basis")
            if qualification.sprint is not None:
                raise fault("missing, although qualification.sprint pays points; write a points section, or drop it")
        return points

    @field_validator("points", mode="wrap")
    @classmethod
    def _name_tiers_that_exist(cls, written: object, read: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        tiers = info.data.get("tiers")
        unknown = [(place, name) for place, name in tiers_named(written) if tiers is not None and name not in tiers]
        known = f"write one of {', '.join(tiers)}" if tiers else "the policy has no tiers; leave it out"
        return read_with_faults(
            written, read, {place: f"there is no tier '{name}'; {known}" for place, name in unknown}
        )

    @field_validator("service", mode="wrap")
    @classmethod
    def _is_promised_to_somebody(cls, written: object, read: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        has_membership = "membership" not in info.data or info.data["membership"] is not None
        faults = service_faults(written, info.data.get("tiers"), has_membership) if written is not None else {}
        return read_with_faults(written, read, faults)

    @field_validator("referral")
    @classmethod
    def _has_points_to_give(cls, referral: Referral | None, info: ValidationInfo) -> Referral | None:
        if wrong := points_fault(referral, "points" not in info.data or info.data["points"] is not None):
            raise fault(wrong)
        return referral

    @field_validator("special_price_pool", mode="wrap")
    @classmethod
    def _opens_early_to_tiers(cls, written: object, read: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        faults = pool_faults(written, info.data.get("tiers")) if written is not None else {}
        return read_with_faults(written, read, faults)

    @field_validator("trial_before_buy", "instalments", "instant_refund", mode="wrap")
    @classmethod
    def _is_for_somebody(cls, written: object, read: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        has_membership = "membership" not in info.data or info.data["membership"] is not None
        faults = entitlement_faults(written, info.data.get("tiers"), has_membership) if written is not None else {}
        return read_with_faults(written, read, faults)

    def _repr_html_(self) -> str:
        """Return the policy in words with its tiers side by side, for notebooks."""
        from .policy_card import policy_card

        return policy_card(self)

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
        "service": [None], "special_price_pool": [None], "contact": [None], "campaigns": [{}],
        "trial_before_buy": [None],
    }  # fmt: skip
    referral = data.get("referral")
    instalments = data.get("instalments")
    priced = ["instalments"] if isinstance(instalments, Instalments) and instalments.minimum_order else []
    priced += ["referral"] if isinstance(referral, Referral) and referral.names_amounts else []
    return [section for section, empty in free.items() if section not in data or data[section] not in empty] + priced
