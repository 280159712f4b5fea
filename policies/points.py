"""Points: how they are earned, what they buy, how long they live, and how many are expected to be used.

Serves the policy. The details stand in `earning`, `activities`, `expiry` and `rewards`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from .activities import Activities
from .devaluation import Devaluation
from .earning import Earn
from .expiry import Expiry
from .model import Section
from .names import Label
from .notation import SectionOrNever, fault
from .number import CountNotation
from .quantities import Percent, PositiveMoney
from .rewards import MOST_REWARDS, AutomaticReward, CatalogueReward, Lottery, PriceEvent
from .stamp_card import StampCard


class Redeem(Section):
    """The rate of redemption: so many points pay so much."""

    points: Annotated[int, CountNotation("points", minimum=1, maximum=1_000_000_000)]
    """Points that pay `value`."""
    value: PositiveMoney
    """Amount that `points` pay. In code: cents."""
    step: Annotated[int, CountNotation("points", minimum=1, maximum=1_000_000_000)] | None = None
    """Points can be used in multiples of this number only; left out, any number can."""


class PointsAtReturns(Section):
    """What becomes of points when an order is returned; where nothing is returned, `pending_days` alone matters."""

    pending_days: Annotated[int, CountNotation("days", minimum=1, maximum=120)] | None = None
    """Days for which the points of an order are pending before they can be used; left out, none."""
    claw_back: Literal["pending_only", "within_balance", "may_go_negative"] = "within_balance"
    """Which points of a returned order are taken back: those still pending; these and what the balance holds; or all,
    where a debt is settled by the points earned next."""
    points_paid: Literal["given_back", "lost"] = "given_back"
    """What becomes of the points that had paid for a returned order."""


class Freeze(Section):
    """Points of a member who does not order are frozen: they cannot be used until the member has ordered again."""

    after_days: Annotated[int, CountNotation("days", minimum=1, maximum=3_650)]
    """Days since the last order after which the balance is frozen."""


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
    activities: Activities | None = None
    """Points for what is no order."""
    returns: PointsAtReturns | None = None
    """What becomes of points when goods are returned."""
    freeze: Freeze | None = None
    """Freezing of the points of members who do not order."""
    rewards: Annotated[Mapping[Label, CatalogueReward], Field(max_length=MOST_REWARDS)] = Field(
        default_factory=dict[str, CatalogueReward]
    )
    """The catalogue of rewards, by name."""
    lottery: Lottery | None = None
    """A lottery that is played with points."""
    automatic: AutomaticReward | None = None
    """A reward that comes by itself at a balance; points pay for orders in no other way then."""
    stamp_card: StampCard | None = None
    """A card on which the points of the automatic reward are collected, and which members take up or leave."""
    price_events: Annotated[tuple[PriceEvent, ...], Field(strict=False, max_length=24)] = ()
    """Times in which points buy more."""
    devaluation: Devaluation | None = None
    """The day from which points buy less, if one is announced."""

    @property
    def worth(self) -> tuple[int, int]:
        """Cents, and the points that are worth them: by the automatic reward if there is one, else by `redeem`."""
        if self.automatic is not None:
            return self.automatic.credit, self.automatic.points
        return self.redeem.value, self.redeem.points

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

    @field_validator("activities")
    @classmethod
    def _mixes_lives_to_the_day_only(cls, activities: Activities | None, info: ValidationInfo) -> Activities | None:
        expiry: Expiry | None = info.data.get("expiry")
        has_own_life = activities is not None and activities.expire_after_days is not None
        if has_own_life and expiry is not None and expiry.days is None and expiry.end_of != "day":
            raise fault(
                "expire_after_days goes with points that never expire or expire to the day; "
                "write points.expiry as never, as days, or with end_of: day"
            )
        return activities

    @field_validator("automatic")
    @classmethod
    def _gives_back_less_than_was_paid(
        cls, automatic: AutomaticReward | None, info: ValidationInfo
    ) -> AutomaticReward | None:
        earn: Earn | None = info.data.get("earn")
        if earn is not None and automatic is not None:
            share = Fraction(earn.points * automatic.credit, earn.per * automatic.points)
            if share >= 1:
                raise fault(
                    f"its credits give back {float(100 * share):g} % of what is paid; "
                    "write more points or a smaller credit"
                )
        return automatic

    @field_validator("stamp_card")
    @classmethod
    def _can_be_filled(cls, card: StampCard | None, info: ValidationInfo) -> StampCard | None:
        if card is None or "automatic" not in info.data:
            return card
        automatic: AutomaticReward | None = info.data["automatic"]
        if automatic is None:
            raise fault("a full card gives nothing; write points.automatic, the points of a full card and its credit")
        if card.head_start >= automatic.points:
            raise fault(
                f"a head start of {card.head_start:,} fills the card of {automatic.points:,}; "
                "write a smaller head_start or more points.automatic.points"
            )
        returns: PointsAtReturns | None = info.data.get("returns")
        if returns is not None and returns.pending_days is not None:
            raise fault("a stamp is on the card at once; leave out points.returns.pending_days, or the stamp card")
        return card


def tiers_named(points: object) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the places below `points` that name a tier, each with the name, as far as *points* can be read."""
    expiry = _part(points, "expiry")
    places = [("expiry", "extension")] if expiry is not None else []
    for place in places:
        yield from (((*place, name), name) for name in _names(_part(expiry, "extension")))
    rewards = _part(points, "rewards")
    for reward, terms in rewards.items() if isinstance(rewards, Mapping) else ():
        yield from ((("rewards", reward, "tier_points", name), name) for name in _names(_part(terms, "tier_points")))


def _names(entries: object) -> list[str]:
    return [name for name in entries if isinstance(name, str)] if isinstance(entries, Mapping) else []


def _part(section: object, key: str) -> object:
    return section.get(key) if isinstance(section, Mapping) else getattr(section, key, None)
