"""The tables of a retailer's log, described once: what the checks, the messages and the reference page are made from.

Serves whoever exports a log, and everything that reads one. A column has a kind, a unit, a rule and a help text; how a
kind is read stands in `values.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["customer", "text", "moment", "day", "money", "number", "count", "flag", "choice", "currency"]
"""How a column is read: a customer's id (hashed), text, a time or day, a day, money, a decimal number, a whole number,
true or false, one of a few words, a currency code.
"""

KINDS: dict[Kind, str] = {
    "customer": "text; hashed with the salt",
    "text": "text",
    "moment": "`2026-01-31`, or `2026-01-31 14:05` with or without a zone",
    "day": "`2026-01-31`",
    "money": "currency units, decimal point",
    "number": "decimal number",
    "count": "whole number",
    "flag": "`true` or `false`",
    "choice": "one of the words of the rule",
    "currency": "ISO 4217 code",
}
"""How a column of each kind is written in a source file, for the reference page."""

Sign = Literal["any", "not negative"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how it is read, whether it must be there, and what it means."""

    name: str
    kind: Kind
    help: str
    required: bool = False
    """Whether the table is refused without the column."""
    filled: bool = False
    """Whether a row is refused when its value is empty."""
    sign: Sign = "any"
    """Whether a number may be negative; on a return money may."""
    choices: tuple[str, ...] = ()
    unit: str = ""
    rule: str = ""
    """What must hold, in words; the checks themselves are code."""
    also: tuple[str, ...] = ()
    """Other names under which it is found."""
    kept: bool = True
    """Whether the imported table keeps it; a currency is used up by the conversion."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a log: a file `name.csv` or `name.parquet`."""

    name: str
    help: str
    columns: tuple[Column, ...]
    order: tuple[str, ...]
    """Columns by which the imported table is sorted."""
    required: bool = False

    def column(self, name: str) -> Column:
        """Return the column of that name; KeyError if the table has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


CUSTOMER = Column("customer_id", "customer", "Whose it is, by any pseudonym.", required=True, filled=True)

TRIPS = Table(
    "trips",
    "One row a receipt: the one table that must be there.",
    (
        Column(
            "customer_id",
            "customer",
            "Who bought, by any pseudonym.",
            required=True,
            rule="empty = an anonymous sale, which counts in totals only",
        ),
        Column(
            "trip_id",
            "text",
            "The receipt.",
            rule="unique; without the column rows are numbered, and doubles cannot be told",
        ),
        Column(
            "timestamp",
            "moment",
            "When, in the shop's local time.",
            required=True,
            filled=True,
            also=("date",),
            rule="within the log's start and end",
        ),
        Column(
            "net_amount",
            "money",
            "What the customer paid after all discounts; negative for a return.",
            required=True,
            filled=True,
        ),
        Column(
            "gross_amount",
            "money",
            "The same goods at shelf price.",
            rule="gross = net + discount + coupon + points, to a cent for each part",
        ),
        Column("discount_amount", "money", "Given away by price deals.", sign="not negative"),
        Column("coupon_amount", "money", "Given away by coupons.", sign="not negative"),
        Column("points_amount", "money", "Paid with points.", sign="not negative"),
        Column("currency", "currency", "Currency of the amounts, where the log has several.", filled=True, kept=False),
        Column("store_id", "text", "Where."),
        Column("channel", "text", "How: `store`, `web`, `app`."),
        Column("is_return", "flag", "Whether goods came back.", rule="by default, net_amount below 0"),
    ),
    ("customer_id", "day", "trip_id"),
    required=True,
)

CUSTOMERS = Table(
    "customers",
    "One row a customer. Without `customer_since` a log begins in the middle of lives, and dropout is not identified.",
    (
        Column("customer_id", "customer", "Who.", required=True, filled=True, rule="unique"),
        Column(
            "customer_since",
            "day",
            "Day of the first purchase ever.",
            rule="not after the first purchase in the log",
        ),
        Column("enrolled_on", "day", "Day of joining the programme."),
        Column("closed_on", "day", "Day on which the account was closed.", rule="not before customer_since"),
        Column("segment", "text", "The retailer's own segment."),
    ),
    ("customer_id",),
)

LINES = Table(
    "lines",
    "One row a product on a receipt: needed for price response and margin.",
    (
        Column("trip_id", "text", "The receipt.", required=True, filled=True, rule="is in trips"),
        Column("product_id", "text", "What.", required=True, filled=True),
        Column("category", "text", "Kind of product."),
        Column("quantity", "number", "How much.", required=True, filled=True, unit="the manifest's `quantity_unit`"),
        Column("net_amount", "money", "Paid for it.", required=True, filled=True),
        Column("gross_amount", "money", "The same at shelf price."),
        Column("unit_cost", "money", "Cost of one unit.", sign="not negative"),
    ),
    ("trip_id", "product_id"),
)

OFFERS = Table(
    "offers",
    "One row an offer.",
    (
        Column("offer_id", "text", "The offer.", required=True, filled=True, rule="unique"),
        Column(
            "kind",
            "choice",
            "What it gives.",
            required=True,
            filled=True,
            choices=("discount", "coupon", "multiplier", "gift"),
        ),
        Column("value", "number", "How much it gives.", sign="not negative", unit="the unit of `value_unit`"),
        Column("value_unit", "choice", "Unit of the value.", choices=("fraction", "currency", "points")),
        Column("start", "day", "First day.", required=True, filled=True),
        Column("end", "day", "Last day.", required=True, filled=True, rule="not before start"),
        Column("min_spend", "money", "Least spend.", sign="not negative"),
        Column("scope", "text", "On what."),
    ),
    ("offer_id",),
)

EXPOSURES = Table(
    "exposures",
    "One row a customer and offer. `assigned_by` decides whether a lift can be estimated.",
    (
        Column("customer_id", "customer", "Who.", required=True, filled=True, rule="is a known customer"),
        Column("offer_id", "text", "Which offer.", required=True, filled=True, rule="is in offers"),
        Column("sent_at", "moment", "When it was sent, or would have been for a control.", required=True, filled=True),
        Column(
            "assigned_by",
            "choice",
            "Who chose: chance, a rule, a model, or nobody because all got it.",
            required=True,
            filled=True,
            choices=("random", "rule", "model", "all"),
        ),
        Column("control", "flag", "Whether the customer was held back.", rule="by default false"),
    ),
    ("customer_id", "sent_day", "offer_id"),
)

REDEMPTIONS = Table(
    "redemptions",
    "One row a redeemed offer.",
    (
        Column("customer_id", "customer", "Who.", required=True, filled=True, rule="is a known customer"),
        Column("offer_id", "text", "Which offer.", required=True, filled=True, rule="is in offers"),
        Column("trip_id", "text", "On which receipt.", rule="is in trips"),
        Column("redeemed_at", "moment", "When.", required=True, filled=True),
        Column("amount", "money", "What it was worth.", sign="not negative"),
    ),
    ("customer_id", "redeemed_day", "offer_id"),
)

POINTS_LEDGER = Table(
    "points_ledger",
    "One row a movement of points; a customer's balance never falls below 0.",
    (
        CUSTOMER,
        Column("at", "moment", "When.", required=True, filled=True),
        Column(
            "kind",
            "choice",
            "What happened.",
            required=True,
            filled=True,
            choices=("earn", "redeem", "expire", "adjust"),
        ),
        Column(
            "points",
            "count",
            "How many.",
            required=True,
            filled=True,
            unit="points, signed",
            rule="earn adds, redeem and expire take away; a balance brought into the log is an adjust",
        ),
        Column(
            "balance",
            "count",
            "Balance after the movement.",
            unit="points",
            rule="earned less redeemed less expired, with the adjustments",
        ),
        Column("trip_id", "text", "On which receipt."),
        Column("expires_on", "day", "Last day on which points earned here can be used."),
    ),
    ("customer_id", "at_day"),
)

STATUS_HISTORY = Table(
    "status_history",
    "One row a time in which a customer held a tier or a paid membership.",
    (
        CUSTOMER,
        Column(
            "programme",
            "choice",
            "What kind.",
            required=True,
            filled=True,
            choices=("tier", "paid_membership"),
        ),
        Column("level", "text", "Which tier or plan.", required=True, filled=True),
        Column("valid_from", "day", "First day.", required=True, filled=True),
        Column(
            "valid_to",
            "day",
            "Last day; empty = it still holds.",
            rule="not before valid_from; the next of the same programme begins on it or later",
        ),
        Column("fee_paid", "money", "Paid for it.", sign="not negative"),
    ),
    ("customer_id", "programme", "valid_from"),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (TRIPS, CUSTOMERS, LINES, OFFERS, EXPOSURES, REDEMPTIONS, POINTS_LEDGER, STATUS_HISTORY)
}
"""The tables of a log by name, the required one first."""

DAY_OF_MOMENT = {"timestamp": "day", "sent_at": "sent_day", "redeemed_at": "redeemed_day", "at": "at_day"}
"""Name of the day that an imported table keeps beside each moment."""
