"""Coupons: so many a month by tier and membership, worth an amount or a share of an order from a minimum spend on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, ValidationInfo, field_validator

from .model import Section
from .notation import OrNever, fault
from .number import CountNotation
from .quantities import Discount, Money

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .policy import Policy
    from .yaml_reader import Path

MOST_A_MONTH = 31
LONGEST_VALIDITY = 120
"""Days; four months of coupons are kept apart, and no four months are shorter."""

CouponsAMonth = Annotated[int, CountNotation("coupons", maximum=MOST_A_MONTH)]
"""Coupons issued to one member when a month opens."""


class Coupons(Section):
    """The coupon that members get, how long it is good for, and on which orders."""

    value: Money = 0
    """Amount that a coupon takes off an order; write either this or `share`. In code: cents."""
    share: Discount = 0
    """Share of an order that a coupon takes off; write either this or `value`. In code: basis points."""
    minimum_spend: Annotated[Money, Field(validate_default=True)] = 0
    """Value of the goods, after the discounts that come before the coupon, from which it can be used. In code:
    cents."""
    valid_days: Annotated[int, CountNotation("days", minimum=1, maximum=LONGEST_VALIDITY)] = 30
    """Days from the day of issue, the first of a month or the day of its exchange for points, on which a coupon can be
    used."""
    a_month: CouponsAMonth = 0
    """Coupons a month for every member, beside those of tier and membership."""
    most_used_a_month: Annotated[int | None, OrNever(CountNotation("coupons", minimum=1, maximum=MOST_A_MONTH))] = None
    """Coupons that one member can use in a calendar month; never = as many as there are."""

    # declared last but one, so that it sees the other amounts
    @field_validator("minimum_spend")
    @classmethod
    def _is_worth_one_thing(cls, minimum_spend: int, info: ValidationInfo) -> int:
        value, share = info.data.get("value", 0), info.data.get("share", 0)
        if value and share:
            raise fault("a coupon has both a value and a share; write one of them")
        if not value and not share:
            raise fault("a coupon has neither a value nor a share; write for example value: 20 or share: 10 %")
        if value and minimum_spend <= value:
            raise fault("the minimum spend must be above the coupon's value; an order cannot cost nothing")
        return minimum_spend


def coupon_contradictions(policy: Policy) -> Iterator[tuple[Path, str]]:
    """Yield coupons that are promised and not described, and a coupon that nobody gets."""
    holders: list[tuple[Path, int]] = [
        (("tiers", name, "coupons_a_month"), tier.coupons_a_month) for name, tier in policy.tiers.items()
    ]
    if policy.membership is not None:
        holders.append((("membership", "coupons_a_month"), policy.membership.coupons_a_month))
    rewards = [] if policy.points is None else [one.coupons for one in policy.points.rewards.values()]
    if policy.coupons is None:
        for path, count in holders:
            if count:
                yield path, f"{count} coupons a month, but the policy says nowhere what a coupon is; add coupons: ..."
    elif policy.coupons.a_month == 0 and not any([*dict(holders).values(), *rewards]):
        yield (
            ("coupons",),
            "nobody gets a coupon; write coupons.a_month, tiers.<name>.coupons_a_month or a reward of coupons",
        )
