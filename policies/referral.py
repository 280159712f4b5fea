"""Referral: what members get for bringing a friend, what the friend gets, and for which of the friend's deeds."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from .model import Section
from .notation import fault
from .number import CountNotation
from .quantities import Money

RewardPoints = Annotated[int, CountNotation("points", maximum=1_000_000)]


class Reward(Section):
    """What one side gets once: points, money, or both."""

    points: RewardPoints = 0
    """Points credited."""
    credit: Money = 0
    """Money credited. In code: cents."""


class Referral(Section):
    """A reward for referring a new shopper, for one side or both."""

    rewarded: Literal["registration", "first-purchase", "every-purchase"] = "first-purchase"
    """The friend's deed that is rewarded."""
    purchases: Annotated[int, CountNotation("purchases", minimum=1, maximum=100)] = 1
    """Under `every-purchase`, how many purchases of one friend are rewarded at most; else 1."""
    referrer: Reward = Reward()
    """What the referrer gets each time."""
    friend: Annotated[Reward, Field(validate_default=True)] = Reward()
    """What the referred shopper gets each time."""
    minimum_order: Money = 0
    """Value of goods that a purchase must reach to be rewarded. In code: cents."""
    pending_days: Annotated[int, CountNotation("days", maximum=365)] = 0
    """Days from the deed until the reward is credited, for instance the time for returns."""
    yearly_cap: Annotated[int, CountNotation("rewards", minimum=1, maximum=10_000)] | None = None
    """Most rewards that one referrer gets in twelve months of the programme; left out, there is no cap."""

    @property
    def names_amounts(self) -> bool:
        """Whether any of its figures is an amount of money."""
        return bool(self.referrer.credit or self.friend.credit or self.minimum_order)

    @field_validator("purchases")
    @classmethod
    def _goes_with_every_purchase(cls, purchases: int, info: ValidationInfo) -> int:
        if purchases != 1 and info.data.get("rewarded", "every-purchase") != "every-purchase":
            raise fault(
                f"{purchases} goes with rewarded: every-purchase, not with {info.data['rewarded']}; "
                "write 1, or rewarded: every-purchase"
            )
        return purchases

    @field_validator("friend")
    @classmethod
    def _rewards_somebody(cls, friend: Reward, info: ValidationInfo) -> Reward:
        if friend == Reward() and info.data.get("referrer") == Reward():
            raise fault("neither referrer nor friend gets anything; write points or credit for one of them")
        return friend

    @field_validator("minimum_order")
    @classmethod
    def _is_for_purchases(cls, minimum: int, info: ValidationInfo) -> int:
        if minimum and info.data.get("rewarded") == "registration":
            raise fault("a registration has no order value; leave minimum_order out, or reward first-purchase")
        return minimum


def points_fault(referral: Referral | None, has_points: bool) -> str | None:
    """Return what is wrong with rewards in points where there are none; None if nothing is."""
    if referral is None or has_points or not (referral.referrer.points or referral.friend.points):
        return None
    return "rewards points, but the policy has no points section; write credit instead, or a points section"
