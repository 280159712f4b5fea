"""The tables of a comparison by name: title, what a row is, and each column with its unit and meaning.

Serves whoever reads a table, and the reference page. Money is cents, shares run from 0 to 1, days are days; figures are
means over replications unless said otherwise. Differences are from the first policy, paired by shopper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .cells import BREAKDOWNS


@dataclass(frozen=True, slots=True)
class ComparisonTable:
    """One table: its name, title, what a row of it is, and its columns in order with unit and meaning."""

    name: str
    title: str
    row: str
    columns: Mapping[str, str]


ARM = {"scenario": "name of the scenario", "policy": "name of the policy"}
KPI = {"kpi": "name of the KPI", "unit": "money (cents), count or share (0 to 1)"}
VALUES = {
    "baseline": "the first policy's figure", "value": "this policy's figure",
    "difference": "value less baseline",
}  # fmt: skip
INTERVAL = {
    "low": "lower end of the difference's 95 % interval, for this difference alone", "high": "upper end",
    "simultaneous_low": "lower end of the interval that holds with 95 % together with all others of the family",
    "simultaneous_high": "upper end",
}  # fmt: skip

CATALOGUE: tuple[ComparisonTable, ...] = (
    ComparisonTable("comparison", "Key figures", "a scenario, policy and KPI; the first policy stands beside itself", {
        **ARM, **KPI, **VALUES, **INTERVAL,
    }),
    ComparisonTable("over_scenarios", "Over all scenarios", "a policy and KPI", {
        "policy": "name of the policy", **KPI,
        "baseline": "the first policy's figure, mean over scenarios by their weights",
        "value": "this policy's figure, the same mean", "difference": "value less baseline", **INTERVAL,
        "worst_scenario": "scenario in which the difference is lowest; empty for KPIs of which more is not better",
        "worst_difference": "difference there",
        "regret": "what is lost against the best policy of each scenario, mean by weights; 0 is never beaten",
        "most_regret": "largest loss against the best policy of a scenario", "regret_scenario": "scenario of that loss",
    }),
    ComparisonTable("verdicts", "Verdicts", "a scenario and policy", {
        **ARM, "is_due": "whether a verdict may be given: see the horizon rule",
        "verdict": "what the policy does to GMV, retention and margin, as far as it survives the simultaneous "
        "intervals; or why there is no verdict",
    }),
    *(
        ComparisonTable(f"by_{one.name}", f"Uplift by {one.name}", f"a scenario, policy, {one.name} and KPI", {
            **ARM, one.name: f"{one.meaning}; `no order yet` for those who first order later", **KPI,
            "shoppers": "shoppers of the cell, mean of replications", **VALUES, **INTERVAL,
            "difference_each": "difference a shopper of the cell; the difference itself for shares",
        })
        for one in BREAKDOWNS.values()
    ),
    ComparisonTable("winners", "Winners and losers", "a scenario, policy, measure and group", {
        **ARM, "measure": "margin (value to us) or benefit_cost (give-back to them)",
        "group": "gain, lose or same: shoppers by the sign of their own difference against the same life under the "
        "first policy", "shoppers": "shoppers of the group, mean of replications",
        "share": "of all shoppers, 0 to 1", "total": "cents; sum of their differences, mean of replications",
        "mean": "cents a shopper of the group", "mean_prior_spend": "cents of goods in the 12 months before launch",
        "profile": "in words: what is more frequent in the group than among all",
    }),
    ComparisonTable("retention", "Retention curves", "a scenario, policy, curve and month", {
        **ARM,
        "curve": "ordering: orders in the month; still ordering: orders in the month or later in the horizon",
        "month": "months since launch, 1 is the first", "shoppers": "those who had bought in the year before launch",
        "baseline": "share of them under the first policy", "value": "share under this policy",
        "difference": "value less baseline", **INTERVAL,
    }),
    ComparisonTable("tier_flows", "Tier migration", "a scenario, policy, opening and closing tier", {
        **ARM, "opening_tier": "tier on launch morning under the incumbent; `no order yet`",
        "closing_tier": "tier at the end under this policy; `no order yet`", "shoppers": "count, mean of replications",
        "share": "of those who opened in that tier", "gmv": "cents of their GMV over the horizon",
    }),
    ComparisonTable("weekly_flow", "Flow of active members", "a scenario, policy, replication and week", {
        **ARM, "replication": "number from 1", "week": "number from 1", "days": "days of the week, 7 but in the last",
        "opening": "members whose last order is at most 90 days old on the week's first morning",
        "new": "became active by their first order ever", "reactivated": "became active again",
        "lost": "had no order for more than 90 days", "closing": "active on the morning after the week",
        "net_change": "closing less opening; new + reactivated - lost, exactly",
    }),
    ComparisonTable("cohorts", "Cohorts", "a scenario, policy, month of first order and month of the horizon", {
        **ARM, "cohort": "month of the first order; the first month of the warm-up holds all who ordered before it",
        "month": "month of the horizon", "age": "months since the cohort's",
        "shoppers": "size of the cohort, mean of replications", "active": "of these, who order in the month",
        "active_share": "active over shoppers",
    }),
    ComparisonTable("habits", "Habits", "a scenario, policy and figure", {
        **ARM, "figure": "customers: ever ordered; new_customers: first order in the horizon; active_share: of "
        "customers, last order at most 90 days old at the end; churn: 1 less retention; repurchase_rate: of those who "
        "order in the horizon, the share that orders again; repurchase_cycle: mean days between their orders; "
        "orders_a_buyer: days with an order; paid_member_share: of customers, at the end",
        "unit": "count, share (0 to 1) or days", **VALUES,
    }),
)  # fmt: skip
"""Every table of a comparison, in the order of reading."""

TABLES: Mapping[str, ComparisonTable] = {one.name: one for one in CATALOGUE}
"""Every table by name."""


def comparison_tables_page() -> str:
    """Return the reference page of all tables in Markdown."""
    parts = [
        "# Reference: tables of a comparison\n\n"
        "What `memberlab compare --out DIR` writes under `DIR/tables/` (and `comparison` into `DIR` itself), as "
        "Parquet and CSV, and what `compare(..., tables=True)` holds as pandas tables (`result.by_decile`). One row is "
        "one observation. Money is in cents, shares run from 0 to 1; figures are means over replications unless said "
        "otherwise; differences are from the first policy, paired by shopper. How intervals are made stands in "
        "[comparison.md](comparison.md).\n\n"
        "This page is written by `memberlab schema comparison --page`; do not edit it.\n"
    ]
    for table in CATALOGUE:
        lines = [
            f"\n## `{table.name}`: {table.title}\n\nA row is {table.row}.\n\n| column | meaning |\n| --- | --- |\n"
        ]
        lines += [f"| `{name}` | {meaning} |\n" for name, meaning in table.columns.items()]
        parts.append("".join(lines))
    return "".join(parts)
