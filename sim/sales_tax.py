"""Sales tax: the part of what shoppers pay that the shop hands on, and the cost of goods that prices with tax leave.

Serves every rule that takes money or gives it back, and the market. Prices include the tax; rates are basis points of
the amount without it; amounts are cents, and a part of a cent stays with the shop.
"""

from __future__ import annotations

from memberlab.scenarios import Scenario

from .compiled import rule
from .ledger import LedgerRow
from .programme_table import Programme
from .shopper import Shopper


@rule
def tax_in(paid: int, p: Programme) -> int:
    """Return the tax that is in an amount paid."""
    return paid * p.sales_tax // (10_000 + p.sales_tax)


@rule
def hand_on_tax(s: Shopper, row: LedgerRow, tax: int) -> None:
    """Post tax that has been taken in; less than 0 where money has been given back."""
    row.sales_tax += tax
    s.margin -= tax


def cost_share(scenario: Scenario, price_level: float = 1.0, cost_level: float = 1.0) -> int:
    """Return the cost of goods in basis points of list value, at list prices and costs of so many times the usual."""
    with_tax = (10_000 + scenario.sales_tax) / 10_000
    return round((10_000 - scenario.gross_margin) * cost_level / (price_level * with_tax))
