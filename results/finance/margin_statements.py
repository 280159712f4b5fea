"""The bridge from list value to contribution margin, by month and by state, and what each benefit costs in it.

Serves finance's first questions. Every line is one measure of the ledger; the rise of the points liability stands at
the end, as in the run's own bridge.
"""

from __future__ import annotations

import pandas as pd

from memberlab.sim import BENEFIT_ACCOUNTS, MONEY_LINES, Account

from ..bridge import BRIDGE_STEPS
from .books import RunBooks
from .valuation import KEYS, provision_by_state

TITLES = {name: title for name, title, _ in BRIDGE_STEPS} | {line.name: line.title for line in MONEY_LINES}
SIGNS = {name: sign for name, _, sign in BRIDGE_STEPS if sign}
PROVISION = "points_provision"

BENEFITS = (*(line.name for line in MONEY_LINES if line.account in BENEFIT_ACCOUNTS), PROVISION)
"""Lines that are what the programme costs, in the order of the ledger."""

ON_ORDERS = frozenset(
    line.name
    for line in MONEY_LINES
    if line.account in (Account.DISCOUNT, Account.FEE_NOT_CHARGED)
    or line.name in ("points_paid", "credits_paid", "campaign_gifts", "trial_cost", "instalment_cost")
)
"""Benefits that only an order has, on its day; the others are gifts, content, messages and what comes later."""


def lines_by_state(books: RunBooks) -> pd.DataFrame:
    """Return cents by month, state and line of the bridge, unsigned, with the part on the twin's order days.

    Columns: month, state, `line`, `value`, `anyway`.
    """
    rows = books.ledger[books.ledger["measure"].isin([*SIGNS, *BENEFITS, "gmv"])]
    anyway = rows["value"].where(rows["on_twin_order_day"], 0)
    table = rows.assign(anyway=anyway).groupby([*KEYS, "measure"], as_index=False)[["value", "anyway"]].sum()
    provision = provision_by_state(books).rename(columns={"provision": "value"}).assign(measure=PROVISION, anyway=0)
    table = pd.concat([table, provision], ignore_index=True).rename(columns={"measure": "line"})
    return table.astype({"value": "int64", "anyway": "int64"})


def bridge(lines: pd.DataFrame, months: tuple[pd.Timestamp, ...]) -> pd.DataFrame:
    """Return the bridge by month with its totals, every line in every month."""
    wide = lines.pivot_table(index="month", columns="line", values="value", aggfunc="sum", fill_value=0)
    wide = wide.reindex(index=list(months), columns=[name for name, _, _ in BRIDGE_STEPS], fill_value=0).astype("int64")
    table = {name: wide[name].tolist() for name, _, _ in BRIDGE_STEPS}
    rows = []
    for place, month in enumerate(months):
        running = 0
        for name, title, sign in BRIDGE_STEPS:
            amount = sign * int(table[name][place]) if sign else running
            running += amount if sign else 0
            rows.append((month, name, title, amount, not sign))
    return pd.DataFrame(rows, columns=["month", "line", "title", "amount", "is_total"])


def bridge_by_state(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the bridge by month and state without totals; lines that did not move are left out."""
    table = lines[lines["line"].isin(SIGNS)].copy()
    table["amount"] = table["value"] * table["line"].map(SIGNS).astype("int64")
    table["title"] = table["line"].map(TITLES)
    order = {name: place for place, (name, _, _) in enumerate(BRIDGE_STEPS)}
    table = table.assign(place=table["line"].map(order)).sort_values([*KEYS, "place"], ignore_index=True)
    return table[[*KEYS, "line", "title", "amount"]]


def benefits_by_month(lines: pd.DataFrame, *, has_twin: bool) -> pd.DataFrame:
    """Return the cost of each benefit by month and state; what had been paid anyway is empty without a twin."""
    table = lines[lines["line"].isin(BENEFITS)].rename(columns={"line": "benefit", "value": "cost"})
    table = table.assign(title=table["benefit"].map(TITLES))
    is_tied = table["benefit"].isin(ON_ORDERS)
    table["anyway"] = table["anyway"].where(is_tied, 0)
    table["incremental"] = (table["cost"] - table["anyway"]).where(is_tied, 0)
    table["not_on_orders"] = table["cost"].where(~is_tied, 0)
    for column in ("anyway", "incremental", "not_on_orders"):
        table[column] = table[column].astype("Int64") if has_twin else pd.array([pd.NA] * len(table), "Int64")
    order = {name: place for place, name in enumerate(BENEFITS)}
    table = table.assign(place=table["benefit"].map(order)).sort_values([*KEYS, "place"], ignore_index=True)
    return table[[*KEYS, "benefit", "title", "cost", "anyway", "incremental", "not_on_orders"]]


def benefits(by_month: pd.DataFrame, books: RunBooks, chosen: tuple[pd.Timestamp, ...]) -> pd.DataFrame:
    """Return the cost of each benefit over the months `chosen`, by state and for all, a member and an order."""
    sums = ["cost", "anyway", "incremental", "not_on_orders"]
    state = ["tier", "paid_membership"]
    table = by_month.groupby([*state, "benefit", "title"], as_index=False)[sums].sum(min_count=1)
    whole = by_month.groupby(["benefit", "title"], as_index=False)[sums].sum(min_count=1)
    whole = whole.assign(tier="all", paid_membership=None)
    within = books.balances["month"].isin(chosen)
    months = len(chosen)
    size = (books.balances[within].groupby(state)["shoppers"].sum() / months).rename("members")
    traffic = books.ledger[books.ledger["measure"].isin(["orders", "gmv"]) & books.ledger["month"].isin(chosen)]
    traffic = traffic.pivot_table(index=state, columns="measure", values="value", aggfunc="sum", fill_value=0)
    traffic = traffic.reindex(columns=["orders", "gmv"], fill_value=0)
    table = table.merge(size, how="left", on=state).merge(traffic, how="left", on=state)
    whole = whole.assign(members=size.sum(), orders=traffic["orders"].sum(), gmv=traffic["gmv"].sum())
    table["paid_membership"] = table["paid_membership"].astype("boolean")
    whole["paid_membership"] = whole["paid_membership"].astype("boolean")
    table = pd.concat([table, whole], ignore_index=True)
    table[["orders", "gmv"]] = table[["orders", "gmv"]].fillna(0).astype("int64")
    table["cost_per_member"] = table["cost"] / table["members"].where(table["members"] > 0) / months
    table["cost_per_order"] = table["cost"] / table["orders"].where(table["orders"] > 0)
    table["share_of_gmv"] = table["cost"] / table["gmv"].where(table["gmv"] > 0)
    columns = [*state, "benefit", "title", *sums, "members", "orders", "gmv"]
    return table[[*columns, "cost_per_member", "cost_per_order", "share_of_gmv"]]
