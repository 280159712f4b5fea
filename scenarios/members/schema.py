"""The tables of a member file, described once: what the reading, the messages and the reference page are made from.

Serves whoever exports members, and everything that reads them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["id", "text", "day", "money", "sum", "points", "count", "flag"]
"""How a column is read: a member's id (hashed), text, a day, money, money of any size, whole points, a whole number,
true or false.
"""

KINDS: dict[Kind, str] = {
    "id": "text; hashed with the salt",
    "text": "text",
    "day": "`2026-01-31`",
    "money": "currency units, at most two decimals, such as `149.50`",
    "sum": "currency units, at most two decimals",
    "points": "whole number of the manifest's points unit",
    "count": "whole number",
    "flag": "`true` or `false`",
}
"""How a column of each kind is written, for the reference page."""


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
    otherwise: str = ""
    """What is assumed where the value is empty or the column is absent, in words."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a member file."""

    name: str
    help: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Return the column of that name; KeyError if the table has none."""
        return {column.name: column for column in self.columns}[name]


MEMBERS = Table(
    "members",
    "One row a member, as of the morning of the as-of date.",
    (
        Column("member_id", "id", "Who, by any pseudonym; unique.", required=True, filled=True),
        Column("last_order_on", "day", "Day of the last order; empty for who never ordered.", required=True),
        Column("orders_last_12_months", "count", "Orders in the 12 months before the as-of date.", required=True,
               otherwise="as many as the year's spend makes at the member's mean amount"),
        Column("spend_last_12_months", "money", "Paid for goods in these months, after discounts.", required=True,
               otherwise="the orders times the member's mean amount, drawn"),
        Column("first_order_on", "day", "Day of the first order ever.",
               otherwise="the day of enrolment; without that, history begins 12 months before the as-of date"),
        Column("enrolled_on", "day", "Day of joining the programme.", otherwise="the first order"),
        Column("lifetime_orders", "count", "Orders ever.",
               otherwise="rates are learnt from the last 12 months and the dates"),
        Column("lifetime_spend", "sum", "Paid for goods ever, after discounts.", otherwise="the year's spend counts"),
        Column("tier", "text", "Tier on that morning, by its name in the policy.",
               otherwise="the tier that the year's spend reaches"),
        Column("tier_since", "day", "Day on which the tier was reached.", otherwise="the as-of date"),
        Column("tier_until", "day", "Last day on which the tier is held whatever is spent.",
               otherwise="by the policy's rule from `tier_since`"),
        Column("points_balance", "points", "Points that can be used.", otherwise="the sum of the lots; else 0"),
        Column("plan", "text", "Plan of the paid membership; `standard` is the membership's own.",
               otherwise="the membership's own where a term is running"),
        Column("started_on", "day", "First day of the paid term that runs.", otherwise="a full term before its end"),
        Column("ends_on", "day", "Last day of that term; empty without a paid membership.", otherwise="no membership"),
        Column("fee_paid", "money", "Paid for that term.", otherwise="the plan's fee in the policy"),
        Column("auto_renew", "flag", "Whether the term renews itself; the policy's own rule holds for all.",
               otherwise="the policy's rule"),
        Column("paid_since", "day", "Day of first becoming a paid member, without a break.",
               otherwise="the start of the term that runs"),
    ),
)  # fmt: skip

LOTS = Table(
    "lots",
    "Optional: one row a lot of points. Without it a balance is spread over the months in which it can have been "
    "earned.",
    (
        Column("member_id", "id", "Whose; is in members.", required=True, filled=True),
        Column("points", "points", "How many, above 0.", required=True, filled=True),
        Column("expires_on", "day", "Last day on which they can be used; empty for points that never expire.",
               required=True),
        Column("earned_on", "day", "Day of earning.", otherwise="as old as the policy's expiry says"),
    ),
)  # fmt: skip

TABLES: dict[str, Table] = {table.name: table for table in (MEMBERS, LOTS)}
"""The tables of a member file by name, the required one first."""
