"""What points buy beside paying for an order: catalogue rewards, a lottery, rewards that come by themselves.

Serves the points currency. What a reward costs the shop and what it is worth to a member are two figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from .model import Section
from .names import Day, Label
from .notation import fault
from .number import CountNotation
from .quantities import Money, Percent, PercentNotation, PositiveMoney

MOST_REWARDS = 8

Price = Annotated[int, CountNotation("points", minimum=1, maximum=1_000_000_000)]
"""A price in points."""


class CatalogueReward(Section):
    """One reward of the catalogue."""

    points: Price
    """Its price in points."""
    cost: Money
    """What one costs the shop. In code: cents."""
    value: PositiveMoney
    """What it is worth to a member. In code: cents."""
    stock: Annotated[int, CountNotation("pieces", minimum=1, maximum=1_000_000_000)] | None = None
    """Pieces for all members together, shared out over the regions by their shoppers; left out, there is no end."""
    tier_points: Mapping[Label, Price] = Field(default_factory=dict[str, int])
    """Its price for members of a tier, by tier, in place of `points`."""


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
    """A time in which paying with points and rewards cost fewer points."""

    first_day: Day
    """First day of the event."""
    last_day: Day
    """Last day of the event."""
    price: Annotated[Percent, PercentNotation(minimum=1)]
    """Points asked for, as a share of the usual points. In code: basis points."""

    @field_validator("last_day")
    @classmethod
    def _is_not_before_the_first(cls, last_day: date, info: ValidationInfo) -> date:
        first_day: date | None = info.data.get("first_day")
        if first_day is not None and last_day < first_day:
            raise fault(f"{last_day} is before first_day, {first_day}; write {first_day} or later")
        return last_day
