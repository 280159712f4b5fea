"""Shipping: what delivery costs a shopper who has no free delivery."""

from __future__ import annotations

from typing import Annotated

from .model import Section
from .notation import OrNever
from .quantities import Money, MoneyNotation

MoneyOrNever = Annotated[int | None, OrNever(MoneyNotation())]
"""An amount, or the word `never`, which is None inside."""


class Shipping(Section):
    """The delivery fee of an order, and the order value that frees from it."""

    fee: Money = 0
    """Fee for the delivery of one order. In code: cents."""
    free_from: MoneyOrNever = None
    """Order value from which delivery is free; 0 = always free, never = no such threshold. In code: cents."""
