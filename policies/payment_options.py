"""Ways to pay later: trial before buying, and interest-free instalments; each costs the shop something at every use."""

from __future__ import annotations

from typing import Annotated

from .entitlement import Entitlement
from .number import CountNotation
from .quantities import Money, Percent


class PayLater(Entitlement):
    """Who may pay later, and for which orders; without `from_tier` and `members` everybody who has ordered once."""

    minimum_order: Money = 0
    """Value of goods from which an order qualifies. In code: cents."""


class TrialBeforeBuy(PayLater):
    """Goods are tried at home and paid afterwards."""

    cost: Money
    """Cost of one use, such as freight of goods that come back, on the average of all uses. In code: cents."""


class Instalments(PayLater):
    """An order is paid month by month without interest, which the shop pays."""

    months: Annotated[int, CountNotation("months", minimum=2, maximum=36)]
    """Months over which an order is paid."""
    monthly_cost: Percent
    """What a month's delay costs the shop, as a share of the amount. In code: basis points."""
