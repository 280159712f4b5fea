"""The statements by name: title, what a row is, and each column with its unit and meaning.

Serves whoever reads a statement, and the workbook, which lays them out. Money is integer cents, points are integers,
shares run from 0 to 1, a month is the date of its first day. What cannot be told (no twin, no paid members) is empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MONTH = "first day of the month"
STATE = {
    "tier": "tier, `guest` for first orders, `-` without tiers",
    "paid_membership": "whether with a running paid membership",
}
TWIN = "empty without a twin"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: its title, what a row of it is, and its columns in order with unit and meaning."""

    name: str
    title: str
    row: str
    columns: Mapping[str, str]


BY_BENEFIT = {
    "benefit": "line of the ledger, or `points_provision`",
    "title": "the line's title",
    "cost": "cents; what the benefit costs",
    "anyway": f"cents of it on orders that the twin makes on the same day as well; {TWIN}",
    "incremental": f"cents of it on orders that the twin does not make on that day; {TWIN}",
    "not_on_orders": f"cents of it that go with no order of the day: gifts, content, messages, provision; {TWIN}",
}

CATALOGUE: tuple[Statement, ...] = (
    Statement("bridge", "From list value to contribution margin", "a month and line, in the order of the bridge", {
        "month": MONTH,
        "line": "line of the ledger, `points_provision`, or a total: `gmv`, `net_revenue`, `margin`",
        "title": "the line's title",
        "amount": "cents to be added; for a total the sum of all lines above it in the month",
        "is_total": "whether the row is such a total, which must not be added",
    }),
    Statement("bridge_by_state", "The bridge by tier and membership", "a month, state and line that moved; no totals", {
        "month": MONTH, **STATE, "line": "as in the bridge", "title": "the line's title",
        "amount": "cents to be added",
    }),
    Statement("benefits_by_month", "Benefit cost by month", "a month, state and benefit that moved",
              {"month": MONTH, **STATE, **BY_BENEFIT}),
    Statement("benefits", "Benefit cost of the period", "a tier, membership state and benefit; `all` adds up", {
        "tier": "tier, or `all`", "paid_membership": "with paid membership or without; empty for `all`",
        **BY_BENEFIT,
        "members": "mean number of shoppers in the state at the month ends of the period",
        "orders": "orders in the state", "gmv": "cents",
        "cost_per_member": "cents a month for each of `members`", "cost_per_order": "cents",
        "share_of_gmv": "share 0 to 1",
    }),
    Statement("deciles", "Incremental margin by decile of prior spend", "a decile", {
        "prior_decile": "1 to 10 by goods bought in the 12 months before; 0: none",
        "shoppers": "count", "prior_spend": "cents", "orders": "count", "gmv": "cents",
        "margin": "cents, after the rise of points liability", "benefit_cost": "cents, with that rise",
        "twin_orders": f"count; {TWIN}", "twin_gmv": f"cents; {TWIN}", "twin_margin": f"cents; {TWIN}",
        "twin_benefit_cost": f"cents; {TWIN}",
        "incremental_margin": f"cents; margin less twin's; {TWIN}",
        "margin_per_benefit": f"incremental margin for one unit of benefit beyond the twin's; {TWIN}",
    }),
    Statement("cohorts", "Shoppers by month of enrolment", "a cohort", {
        "enrolled": "month of the first order as YYYY-MM, `before` the books opened, or `never`",
        "shoppers": "count", "orders": "count", "gmv": "cents",
        "margin": "cents, after the rise of points liability", "benefit_cost": "cents, with that rise",
        "lapsed": "count found to have left for good", "twin_margin": f"cents; {TWIN}",
        "incremental_margin": f"cents; {TWIN}",
    }),
    Statement("unit_economics", "Unit economics by tier and for paid membership",
              "a tier at the end with and without paid membership; `all`; `paid` for all paid members", {
        "tier": "tier at the end, `all`, or `paid`", "paid_membership": "empty for `all`",
        "shoppers": "count at the end", "orders": "a shopper and year", "revenue": "cents of GMV a shopper and year",
        "benefit_cost": "cents a shopper and year", "margin_before_benefits": "cents a shopper and year",
        "margin": "cents a shopper and year, after benefits and fees",
        "retention": "share of those who had ordered in the year before that did so in the last half-year",
        "lifetime_value": "cents; margin x (1 + d) / (1 + d - r), d 10 % a year (Gupta and Lehmann, 2003)",
        "payback_months": "months of margin before benefits that pay a year's benefits; empty if they never do",
        "incremental_margin": f"cents a shopper and year against the twin; {TWIN}",
    }),
    Statement("heavy_users", "Paid members by decile of use", "a decile of orders among paid members at the end", {
        "use_decile": "1 to 10 by orders", "members": "count", "orders": "a member and year",
        "gmv": "cents a member and year", "fee": "cents a year of the running term, a member",
        "benefit_cost": "cents a member and year",
        "fee_less_benefits": "cents a member and year; negative: the fee does not pay for the benefits",
        "margin": "cents a member and year, after benefits and fees",
        "twin_margin": f"cents a member and year; {TWIN}",
        "incremental_margin": f"cents a member and year; {TWIN}",
    }),
    Statement("points", "Points roll-forward", "a month", {
        "month": MONTH,
        "opening": "points owed", "issued": "points", "given_back": "points, for returns that points had paid",
        "redeemed": "points", "expired": "points", "clawed_back": "points",
        "converted": "points added by a conversion at cut-over; negative: taken", "closing": "points owed",
        "opening_value": "cents at expected cost", "remeasured_value": "cents; change of the policy's valuation",
        "devalued_value": "cents; what the points owed no longer buy from a devaluation in this month on",
        "issued_value": "cents", "given_back_value": "cents", "redeemed_value": "cents", "expired_value": "cents",
        "clawed_back_value": "cents", "converted_value": "cents", "closing_value": "cents at expected cost",
    }),
    Statement("ageing", "Points by month of expiry", "a month end and last month of use", {
        "month": MONTH + " at whose end", "last_month": "month that holds the last day of use; empty: see kind",
        "kind": "dated, later (five years ahead and more), never, undated (brought forward to a policy that dates them "
        "on its first morning), pending (not yet usable), debt (negative)",
        "points": "points", "value": "cents at expected cost",
    }),
    Statement("triangle", "Points by issue cohort", "a cohort and month", {
        "cohort": "month in which the points entered balances", "month": MONTH, "age": "months since the cohort",
        "opening": "points left before", "entered": "points; new, given back and out of pending",
        "moved_in": "points of older cohorts that joined (never-expiring, 24 months old), negative where they left; "
        "and what a conversion at cut-over added, negative what it took",
        "redeemed": "points", "expired": "points", "clawed_back": "points", "closing": "points left",
    }),
    Statement("redemption", "Redemption and breakage by issue cohort", "a cohort", {
        "cohort": "month in which the points entered balances, or `before` as empty",
        "entered": "points", "redeemed": "points to date", "expired": "points", "clawed_back": "points",
        "left": "points", "expected_redemption": "points in the end, by the history to date",
        "redemption_rate": "share 0 to 1 in the end, expected", "breakage": "points that will never be used, expected",
    }),
    Statement("contract_liability", "Contract liability for points (IFRS 15, ASC 606)", "a month", {
        "month": MONTH, "opening": "cents", "allocated": "cents of the month's price allocated to points issued",
        "revenue": "cents recognised as points are used, breakage in proportion",
        "true_up": "cents; part of revenue that follows from the new estimate of what will be used",
        "closing": "cents", "current": "cents expected to be recognised within 12 months", "non_current": "cents",
        "credits": "cents of reward credits, at face value, beside",
        "expected_cost": "cents; the plain provision of the month end, without credits",
        "difference": "cents; closing less expected cost",
    }),
    Statement("contract_cohorts", "Contract liability by issue cohort", "a month and cohort", {
        "month": MONTH, "cohort": "month of issue; those before the opening keep their months",
        "price": "cents of the cohort's month that are shared between goods and points; 0 if brought forward",
        "stand_alone_price": "cents; points at their value and expected redemption",
        "allocated": "cents", "redeemed": "points to date", "expected": "points in the end, by this month's estimate",
        "recognised": "cents to date", "liability": "cents",
    }),
    Statement("fees", "Deferred membership fees", "a month", {
        "month": MONTH, "opening": "cents", "billed": "cents", "earned": "cents", "refunded": "cents",
        "closing": "cents", "current": "cents earned within 12 months if no term is ended", "non_current": "cents",
    }),
    Statement("sponsors", "Sponsors' share of benefits", "a month, state and benefit with a sponsor", {
        "month": MONTH, **STATE, "benefit": "line of the ledger", "title": "the line's title",
        "gross": "cents", "sponsored": "cents borne by sponsors", "net": "cents; the line of the bridge",
    }),
    Statement("breakage", "Breakage estimators against the truth", "an estimator and cohort; `all` adds up", {
        "valued_at": MONTH + " at whose end the estimate is made", "estimator": "chain-ladder or survival",
        "cohort": "month, empty for all", "entered": "points",
        "redeemed_to_date": "points", "ultimate": "points expected to be redeemed in the end",
        "low": "points, 95 % interval", "high": "points", "actual": "points redeemed when the lots had ended",
        "error": "share; ultimate over actual less 1", "covered": "whether the interval holds the actual figure",
    }),
    Statement("journal", "Journal", "a month, entry and account: one row for each side", {
        "month": MONTH, "entry": "line of the ledger or adjustment", "title": "what is booked",
        "account": "number in the chart of accounts", "account_title": "its title",
        "kind": "asset, liability, revenue or expense", "debit": "cents", "credit": "cents",
    }),
    Statement("checks", "Checks", "an identity", {
        "name": "the identity", "rule": "what must be equal", "left": "one side", "right": "the other",
        "holds": "whether both are equal",
    }),
)  # fmt: skip
"""Every statement, in the order of reading."""

STATEMENTS: Mapping[str, Statement] = {statement.name: statement for statement in CATALOGUE}
"""Every statement by name."""


def statements_page() -> str:
    """Return the reference page of all statements in Markdown."""
    lines = [
        "# Reference: columns of the statements\n",
        "What `memberlab finance RUN --out DIR` writes, as CSV and Parquet, and the sheets of the workbook. Money is "
        "whole cents, points are whole, shares run from 0 to 1, a month is the date of its first day; empty is what "
        "cannot be told. How each is reckoned stands in [finance.md](../finance.md).\n",
        "This page is written by `memberlab schema statements --page`; do not edit it.\n",
    ]
    for one in CATALOGUE:
        lines += [f"## `{one.name}`: {one.title}\n", f"A row is {one.row}.\n", "| column | meaning |", "| --- | --- |"]
        lines += [f"| `{column}` | {meaning} |" for column, meaning in one.columns.items()]
        lines.append("")
    return "\n".join(lines)
