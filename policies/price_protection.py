"""Price protection: the difference comes back when the price falls soon after an order."""

from __future__ import annotations

from typing import Annotated

from .model import Section
from .number import CountNotation
from .quantities import PercentNotation


class PriceProtection(Section):
    """A refund of the difference on a member's latest order, claimed once, if goods became cheaper for that member.

    Prices are looked at on the first of each month within the time and on its last day: a higher tier, a paid
    membership or a fall of market prices makes goods cheaper.
    """

    days: Annotated[int, CountNotation("days", minimum=1, maximum=365)]
    """Days after the order over which its price is protected."""
    refund: Annotated[int, PercentNotation(minimum=1)] = 10_000
    """Share of the difference that is refunded. In code: basis points."""
