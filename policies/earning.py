"""What points are earned on, how parts are rounded, and how many a member may earn: the small print of earning.

Serves the points currency, the simulation and whoever checks a promise. The defaults are the usual ones: goods after
discounts, without delivery and without what points pay, remainders dropped, no caps.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import model_validator

from .model import Section
from .notation import fault
from .number import CountNotation
from .quantities import PositiveMoney

Cap = Annotated[int, CountNotation("points", minimum=1, maximum=1_000_000_000)]
"""The most points of a period."""


class EarningBase(Section):
    """The amount that points are earned on; left out, goods after discounts that are paid in money."""

    before_discounts: bool = False
    """Whether goods count at list prices, before any discount."""
    shipping: bool = False
    """Whether the delivery fee charged counts."""
    points_paid: bool = False
    """Whether the part of an order that points pay earns points again."""
    tax: bool = True
    """Whether the sales tax in these amounts counts; how much it is, the scenario says."""


class Caps(Section):
    """The most points that one member earns by orders and activities together."""

    day: Cap | None = None
    """Points a calendar day."""
    month: Cap | None = None
    """Points a calendar month."""
    year: Cap | None = None
    """Points a calendar year."""
    lifetime: Cap | None = None
    """Points in a member's life."""
    excess: Literal["capped", "refused"] = "capped"
    """What happens to a credit above a cap: only the part above is cut, or the whole credit is refused."""

    @model_validator(mode="after")
    def _name_at_least_one(self) -> Caps:
        if not any((self.day, self.month, self.year, self.lifetime)):
            raise fault("there is no cap; write day, month, year or lifetime, or leave caps out")
        return self


class Earn(Section):
    """The base rate of earning: so many points for each full amount, order by order."""

    points: Annotated[int, CountNotation("points", maximum=1_000_000)]
    """Points earned for each full `per`."""
    per: PositiveMoney
    """Amount that earns `points` once. In code: cents."""
    rounding: Literal["down", "nearest", "up"] | None = None
    """What a part of `per` at the end of an order earns: nothing (down, the default), as a whole from one half on
    (nearest), or as a whole (up)."""
    each_order: Annotated[int, CountNotation("points", minimum=1, maximum=1_000_000)] | None = None
    """Points that each order earns beside the rate, whatever it is worth."""
    base: EarningBase | None = None
    """The amount that points are earned on; left out, goods after discounts that are paid in money."""
    caps: Caps | None = None
    """The most points that a member earns in a period."""

    @property
    def counts(self) -> EarningBase:
        """The base, with its defaults where it is left out."""
        return self.base or EarningBase()
