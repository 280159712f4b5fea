"""The chart of accounts, and which two accounts each line of the ledger moves: double entry as data.

Serves the journal. A line is booked once on the debit side and once on the credit side; a negative amount is booked the
other way round. Shipping that is waived is a benefit without an entry: nobody is charged and nothing is owed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from memberlab.sim import MONEY_LINES, Account

Kind = Literal["asset", "liability", "revenue", "expense"]


@dataclass(frozen=True, slots=True)
class LedgerAccount:
    """One account: its number, its title and its kind; revenue and expense make up the margin."""

    number: int
    title: str
    kind: Kind


CASH = LedgerAccount(1000, "Cash and receivables", "asset")
INVENTORY = LedgerAccount(1400, "Inventory", "asset")
PAYABLES = LedgerAccount(2000, "Payables to suppliers and partners", "liability")
TAX_PAYABLE = LedgerAccount(2100, "Sales tax payable", "liability")
DEFERRED_FEES = LedgerAccount(2200, "Deferred membership fees", "liability")
POINTS_LIABILITY = LedgerAccount(2300, "Points and reward credits, at expected cost", "liability")
SALES = LedgerAccount(4000, "Sales at list value", "revenue")
DISCOUNTS = LedgerAccount(4100, "Discounts", "revenue")
PAID_IN_KIND = LedgerAccount(4200, "Paid with points and credits", "revenue")
RETURNS = LedgerAccount(4300, "Returns", "revenue")
SHIPPING = LedgerAccount(4400, "Shipping charged", "revenue")
TAX_IN_SALES = LedgerAccount(4500, "Sales tax in prices", "revenue")
FEES = LedgerAccount(4600, "Membership fees", "revenue")
OTHER_INCOME = LedgerAccount(4700, "Other income", "revenue")
GOODS = LedgerAccount(5000, "Cost of goods", "expense")
OPERATIONS = LedgerAccount(5100, "Shipping, payment, returns and service", "expense")
BENEFITS = LedgerAccount(6000, "Benefits", "expense")
PROVISION = LedgerAccount(6100, "Rise of the points liability", "expense")

ACCOUNTS: tuple[LedgerAccount, ...] = (
    CASH, INVENTORY, PAYABLES, TAX_PAYABLE, DEFERRED_FEES, POINTS_LIABILITY, SALES, DISCOUNTS, PAID_IN_KIND, RETURNS,
    SHIPPING, TAX_IN_SALES, FEES, OTHER_INCOME, GOODS, OPERATIONS, BENEFITS, PROVISION,
)  # fmt: skip
"""The chart of accounts, by number."""

BY_KIND_OF_LINE: Mapping[Account, tuple[LedgerAccount, LedgerAccount]] = {
    Account.LIST_VALUE: (CASH, SALES),
    Account.DISCOUNT: (DISCOUNTS, CASH),
    Account.PAID_IN_KIND: (PAID_IN_KIND, CASH),
    Account.RETURN: (RETURNS, CASH),
    Account.INCOME: (CASH, OTHER_INCOME),
    Account.TAX: (TAX_IN_SALES, TAX_PAYABLE),
    Account.BENEFIT: (BENEFITS, PAYABLES),
    Account.COST: (OPERATIONS, PAYABLES),
}
"""Debit and credit of each kind of line; GMV is a total, fees not charged and memo lines have no entry of their own."""

BY_LINE: Mapping[str, tuple[LedgerAccount, LedgerAccount]] = {
    "shipping_charged": (CASH, SHIPPING),
    "fees_billed": (CASH, DEFERRED_FEES),
    "fees_earned": (DEFERRED_FEES, FEES),
    "fees_refunded": (DEFERRED_FEES, CASH),
    "cost_of_goods": (GOODS, INVENTORY),
    "returned_goods": (GOODS, INVENTORY),
    "instant_refunds": (BENEFITS, INVENTORY),
    "points_provision": (PROVISION, POINTS_LIABILITY),
}
"""Debit and credit of lines that differ from their kind."""


def sides() -> dict[str, tuple[LedgerAccount, LedgerAccount]]:
    """Return the debit and credit account of every line that has an entry, by its name, in the ledger's order."""
    entries = {}
    for line in MONEY_LINES:
        pair = BY_LINE.get(line.name) or BY_KIND_OF_LINE.get(line.account)
        if pair is not None:
            entries[line.name] = pair
    return entries | {"points_provision": BY_LINE["points_provision"]}
