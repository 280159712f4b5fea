"""What points buy beside paying for an order: catalogue rewards, coupons, donations, a lottery, automatic rewards.

Serves the points currency. What a reward costs the shop and what it is worth to a member are two figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, ValidationInfo, field_validator

from .coupons import MOST_A_MONTH
from .model import Section
from .names import Label
from .notation import fault
from .number import CountNotation
from .occasions import Always
from .quantities import Money, Percent, PercentNotation, PositiveMoney
from .when import CalendarDays

if TYPE_CHECKING:
    from .coupons import Coupons
    from .policy import Policy
    from .yaml_reader import Path

MOST_REWARDS = 8

Price = Annotated[int, CountNotation("points", minimum=1, maximum=1_000_000_000)]
"""A price in points."""


class CatalogueReward(Section):
    """One reward of the catalogue."""

    points: Price
    """Its price in points."""
    coupons: Annotated[int, CountNotation("coupons", minimum=1, maximum=MOST_A_MONTH)] | None = None
    """So many of the policy's coupons, in place of a cost and a value; they are good from that day on."""
    charity: bool = False
    """Whether the cost is a donation, which has its own line; its value is what giving is worth to the member."""
    cost: Annotated[Money | None, Field(validate_default=True)] = None
    """What one costs the shop; must be written unless the reward is coupons. In code: cents."""
    value: Annotated[PositiveMoney | None, Field(validate_default=True)] = None
    """What it is worth to a member; must be written unless the reward is coupons. In code: cents."""
    stock: Annotated[int, CountNotation("pieces", minimum=1, maximum=1_000_000_000)] | None = None
    """Pieces for all members together, shared out over the regions by their shoppers; left out, there is no end."""
    tier_points: Mapping[Label, Price] = Field(default_factory=dict[str, int])
    """Its price for members of a tier, by tier, in place of `points`."""

    @field_validator("charity")
    @classmethod
    def _is_no_coupon(cls, charity: bool, info: ValidationInfo) -> bool:
        if charity and info.data.get("coupons") is not None:
            raise fault("a reward cannot be both coupons and a donation; leave one of them out")
        return charity

    @field_validator("cost", "value")
    @classmethod
    def _is_told_once(cls, amount: int | None, info: ValidationInfo) -> int | None:
        if "coupons" in info.data and (info.data["coupons"] is None) == (amount is None):
            if amount is None:
                raise fault("missing; write an amount, or coupons in place of cost and value")
            raise fault("the coupon says what the reward costs and is worth; leave this out, or coupons")
        return amount

    def worth(self, coupons: Coupons | None) -> int | None:
        """Return what it is worth to a member, in cents; None where that is a share of an order."""
        if self.coupons is None or coupons is None:
            return self.value
        return self.coupons * coupons.value or None


class Prize(Section):
    """One prize of the lottery."""

    chance: Annotated[int, PercentNotation(minimum=1)]
    """Chance of winning it in one play. In code: basis points."""
    cost: Money
    """What it costs the shop. In code: cents."""
    value: PositiveMoney
    """What it is worth to a member. In code: cents."""


class Lottery(Section):
    """A lottery that is played with points."""

    points: Price
    """Price of one play in points."""
    when: CalendarDays = (Always(),)
    """Days on which it can be played."""
    prizes: Annotated[Mapping[Label, Prize], Field(min_length=1, max_length=MOST_REWARDS)]
    """Prizes by name; a play wins one or none."""

    @field_validator("prizes")
    @classmethod
    def _have_chances_of_one_at_most(cls, prizes: Mapping[str, Prize]) -> Mapping[str, Prize]:
        chances = sum(prize.chance for prize in prizes.values())
        if chances > 10_000:
            raise fault(f"the chances come to {chances / 100:g} %; write chances of 100 % at most together")
        return prizes


class AutomaticReward(Section):
    """A reward that comes by itself: so many points become a credit, which pays for the next orders."""

    points: Price
    """Balance that is turned into one credit, as soon as it is reached."""
    credit: PositiveMoney
    """Amount that the credit pays. In code: cents."""


class PriceEvent(Section):
    """A time in which paying with points, rewards and plays cost fewer points; of two events the lower price holds."""

    when: CalendarDays
    """Days of the event."""
    price: Annotated[Percent, PercentNotation(minimum=1)]
    """Points asked for, as a share of the usual points. In code: basis points."""


def reward_contradictions(policy: Policy) -> Iterator[tuple[Path, str]]:
    """Yield rewards that are coupons where the policy says nowhere what a coupon is."""
    if policy.points is not None and policy.coupons is None:
        for name, reward in policy.points.rewards.items():
            if reward.coupons is not None:
                path = ("points", "rewards", name, "coupons")
                yield path, "the policy says nowhere what a coupon is; add coupons: ..., or write a cost and a value"
