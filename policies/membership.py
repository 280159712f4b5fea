"""Paid membership: a yearly fee and what it buys."""

from __future__ import annotations

from typing import Annotated

from .coupons import CouponsAMonth
from .model import Section
from .names import Label
from .number import CountNotation
from .quantities import Discount, Multiplier, PositiveMoney


class Membership(Section):
    """A membership that shoppers may buy and renew."""

    fee: PositiveMoney
    """Fee for one term. In code: cents."""
    months: Annotated[int, CountNotation("months", minimum=12, maximum=12)] = 12
    """Length of a term; version 1 knows yearly terms only."""
    discount: Discount = 0
    """Discount on list prices for paid members. In code: basis points."""
    earn_multiplier: Multiplier = 100
    """Points earned by paid members, as a multiple of their tier's rate. In code: percent."""
    free_shipping: bool = False
    """Whether orders of paid members are delivered free of charge."""
    grants_tier: Label | None = None
    """Tier whose benefits paid members have at least while the term runs, whatever they have earned."""
    coupons_a_month: CouponsAMonth = 0
    """Coupons a month for paid members, beside those of their tier."""
