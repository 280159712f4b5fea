"""A shopper to hold a policy against: so many orders a year of such a basket, before any programme.

Serves the explanation and the linter of policies, which need somebody's spend to say what a promise is worth. Where the
figures come from is the business of the populations.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TypicalShopper:
    """One kind of shopper at list prices; a basket's list value is gamma distributed."""

    name: str
    """What the kind is called: `light`, `median`, `heavy`."""
    orders: float
    """Orders a year."""
    basket: float
    """Mean list value of an order, cents."""
    basket_shape: float
    """Shape of the gamma distribution of list values: the higher, the more alike."""
    sales_tax: int = 0
    """Tax that prices include, as a share of the price without it, basis points."""

    @property
    def spend(self) -> float:
        """List value a year, cents."""
        return self.orders * self.basket


@dataclass(frozen=True, slots=True)
class Customers:
    """Whom a policy is held against, and what the shop earns on them."""

    typical: tuple[TypicalShopper, ...]
    """Light, median and heavy, in this order."""
    rare_spend: float
    """List value a year that one in a thousand of those who order in a year exceeds, cents."""
    gross_margin: int
    """List value less the cost of the goods, as a share of list value, basis points."""
    refund_days: int | None = None
    """Days that they wait for the money when they send goods back; None where nothing comes back."""

    @property
    def median(self) -> TypicalShopper:
        """The shopper in the middle."""
        return self.typical[len(self.typical) // 2]

    @property
    def heavy(self) -> TypicalShopper:
        """The shopper who orders most of the typical ones."""
        return self.typical[-1]
