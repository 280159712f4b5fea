"""A policy: everything that members are promised, as one immutable document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, ValidatorFunctionWrapHandler, field_validator

from .membership import Membership
from .model import RuleDocument
from .names import Currency
from .notation import fault
from .points import Points, tiers_named
from .quantities import Discount
from .shipping import Shipping
from .tiers import Ladder, Tier
from .validation import read_with_faults


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
    currency: Annotated[Currency | None, Field(validate_default=True)] = None
    """Currency of every amount; may be left out only where the policy names no amount."""

    @field_validator("points", mode="wrap")
    @classmethod
    def _name_tiers_that_exist(cls, written: object, read: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        tiers = info.data.get("tiers")
        unknown = [(place, name) for place, name in tiers_named(written) if tiers is not None and name not in tiers]
        known = f"write one of {', '.join(tiers)}" if tiers else "the policy has no tiers; leave it out"
        return read_with_faults(
            written, read, {place: f"there is no tier '{name}'; {known}" for place, name in unknown}
        )

    # `currency` is declared last so that this check sees every benefit that could be read.
    @field_validator("currency")
    @classmethod
    def _is_named_if_there_are_amounts(cls, currency: str | None, info: ValidationInfo) -> str | None:
        if currency is None and (priced := _sections_with_amounts(info.data)):
            raise fault(f"missing, although there are amounts of money in {', '.join(priced)}; write for example CNY")
        return currency


def _sections_with_amounts(data: Mapping[str, object]) -> list[str]:
    """Return the sections that name amounts; one that could not be read was given, and counts."""
    free: dict[str, list[object]] = {"shipping": [Shipping()], "tiers": [{}], "points": [None], "membership": [None]}
    return [section for section, empty in free.items() if section not in data or data[section] not in empty]
