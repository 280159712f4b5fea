"""What a tier or a paid membership carries beside its terms of trade: vouchers, partners' content, a welcome gift; and
the caps of a membership.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from .model import Section
from .notation import fault
from .number import CountNotation
from .quantities import Money, Percent, PositiveMoney

MOST_PERKS = 8
"""Perks that one tier carries at most."""

Period = Literal["month", "year"]
"""`month`: a calendar month; `year`: 365 days from joining on: the membership, or for a tier the first order. What is
not used by its end is not carried over.
"""


def periods_a_year(per: Period) -> int:
    """Return how many of these periods a year has."""
    return 12 if per == "month" else 1


class Vouchers(Section):
    """A number of free deliveries in each period: free delivery with a cap.

    Vouchers of a tier and of the paid membership are added up; those of the tier are used first.
    """

    count: Annotated[int, CountNotation("vouchers", minimum=1, maximum=1_000)]
    """Free deliveries in each period; one is used wherever a delivery fee would be due."""
    per: Period
    """Calendar `month`, or `year` from joining on: the membership, or for a tier the first order.
    What is left is lost.
    """

    @property
    def a_year(self) -> int:
        """Vouchers in a year."""
        return self.count * periods_a_year(self.per)


def fail_if_free_already(benefit: object, name: str, is_free: object) -> None:
    """Refuse a *benefit* on delivery, vouchers or a threshold, beside unlimited free delivery."""
    if benefit is not None and is_free:
        raise fault(f"{name} beside unlimited free_shipping are worth nothing; write one of the two")


class DiscountCap(Section):
    """Most that the discount saves a member in each period."""

    amount: PositiveMoney
    """Most that is saved. In code: cents."""
    per: Period
    """Calendar `month`, or `year` from joining on."""

    @property
    def a_year(self) -> int:
        """Cents in a year."""
        return self.amount * periods_a_year(self.per)


class PointsCap(Section):
    """Most points that the multiplier gives a member in each period."""

    points: Annotated[int, CountNotation("points", minimum=1, maximum=1_000_000_000)]
    """Most points beyond those that the shopper would earn without the membership."""
    per: Period
    """Calendar `month`, or `year` from joining on."""

    @property
    def a_year(self) -> int:
        """Points in a year."""
        return self.points * periods_a_year(self.per)


class Perk(Section):
    """Content or a service of a partner, paid at a wholesale price on the first of each month for every member."""

    cost: Money
    """Wholesale cost of one member for one month. In code: cents."""
    perceived_value: Money = 0
    """What a month of it is worth to a member of average taste. In code: cents."""
    sponsor_share: Percent = 0
    """Share of the cost that the partner bears. In code: basis points."""

    @property
    def net_cost(self) -> int:
        """Cost of one member for one month, after the partner's share, in cents; half a cent is rounded up."""
        return (self.cost * (10_000 - self.sponsor_share) + 5_000) // 10_000


class TierPerk(Perk):
    """Content or a service of a partner, paid at a wholesale price on the first of each month for members of a tier.

    A perk of the same name in a paid membership that runs is paid once, by the terms of the membership.
    """

    active_days: Annotated[int, CountNotation("days", minimum=1, maximum=3_650)] | None = None
    """Days since the last order within which a member counts as active and has it; left out, every member of the tier
    has it, as paid members have theirs, whether or not they come.
    """


def fail_if_too_many(perks: Mapping[str, TierPerk]) -> None:
    """Refuse more *perks* than a tier carries."""
    if len(perks) > MOST_PERKS:
        raise fault(f"{len(perks)} perks are more than {MOST_PERKS}; write {MOST_PERKS} at most, or bundle some")


class WelcomeGift(Section):
    """A gift on joining for the first time."""

    cost: Money
    """Cost of one gift. In code: cents."""
    perceived_value: Money = 0
    """What it is worth to a shopper who thinks about joining. In code: cents."""
