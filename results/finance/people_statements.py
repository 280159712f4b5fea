"""Statements about people: deciles of prior spend, cohorts of enrolment, unit economics, heavy users.

Serves the question who pays for whom. Sums are those of shoppers' own accounts; the rise of the points liability is
shared among groups by the points and credits that they are owed, so that groups add up to the whole.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from memberlab.policies import in_force
from memberlab.sim import points_liability

from .accounts import SUMS
from .books import RunBooks
from .integer_shares import apportioned

DISCOUNT_RATE = 0.10
"""Yearly rate at which a later margin counts less."""


def accounts_after_provision(books: RunBooks) -> pd.DataFrame:
    """Return the accounts with margin and benefit cost after the rise of the points liability, twins' as well."""
    table = books.accounts.copy()
    if table.empty:
        return table
    brought = apportioned(books.opening_liability - int(table["credit_before"].sum()), table["points_before"].tolist())
    for prefix in ("", "twin_") if books.twin else ("",):
        policy = books.twin_policy if prefix and books.twin_policy is not None else books.policy
        owed = points_liability(in_force(policy, books.months[-1].date()), int(table[f"{prefix}points_after"].sum()))
        rise = np.array(apportioned(owed, table[f"{prefix}points_after"].tolist())) - np.array(brought)
        rise = rise + table[f"{prefix}credit_after"] - table["credit_before"]
        table[f"{prefix}margin"] -= rise
        table[f"{prefix}benefit_cost"] += rise
    return table


def deciles(accounts: pd.DataFrame, books: RunBooks) -> pd.DataFrame:
    """Return margin and benefit cost by decile of prior spend, and the incremental margin for a unit of benefit."""
    table = accounts.groupby("prior_decile", as_index=False)[list(SUMS)].sum()
    own = ["shoppers", "prior_spend", "orders", "gmv", "margin", "benefit_cost"]
    table = _with_twin(table, books)
    more = (table["benefit_cost"] - table["twin_benefit_cost"]).astype("Float64")
    table["margin_per_benefit"] = table["incremental_margin"].astype("Float64") / more.where(more != 0)
    twins = ["twin_orders", "twin_gmv", "twin_margin", "twin_benefit_cost"]
    return table[["prior_decile", *own, *twins, "incremental_margin", "margin_per_benefit"]]


def cohorts(accounts: pd.DataFrame, books: RunBooks) -> pd.DataFrame:
    """Return what shoppers brought by month of enrolment."""
    table = _with_twin(accounts.groupby("enrolled", as_index=False)[list(SUMS)].sum(), books)
    own = ["enrolled", "shoppers", "orders", "gmv", "margin", "benefit_cost", "lapsed"]
    return table[[*own, "twin_margin", "incremental_margin"]]


def unit_economics(accounts: pd.DataFrame, books: RunBooks) -> pd.DataFrame:
    """Return revenue, cost and margin a shopper and year by state at the end, lifetime value and payback."""
    states = accounts.groupby(["tier", "paid_membership"], as_index=False)[list(SUMS)].sum()
    whole = accounts[list(SUMS)].sum().to_frame().T.assign(tier="all", paid_membership=None)
    paid = accounts.loc[accounts["paid_membership"], list(SUMS)].sum().to_frame().T
    paid = paid.assign(tier="paid", paid_membership=True)
    for part in (states, whole, paid):
        part["paid_membership"] = part["paid_membership"].astype("boolean")
    table = _with_twin(pd.concat([states, whole, paid], ignore_index=True), books)
    table = table[table["shoppers"] > 0].reset_index(drop=True)
    member_years = table["shoppers"].astype("float64") * len(books.months) / 12
    out = table[["tier", "paid_membership", "shoppers"]].copy()
    out["orders"] = table["orders"] / member_years
    out["revenue"] = table["gmv"] / member_years
    out["benefit_cost"] = table["benefit_cost"] / member_years
    out["margin_before_benefits"] = (table["margin"] + table["benefit_cost"]) / member_years
    out["margin"] = table["margin"] / member_years
    out["retention"] = table["retained"] / table["base"].where(table["base"] > 0)
    kept = out["retention"].astype("float64")
    out["lifetime_value"] = out["margin"] * (1 + DISCOUNT_RATE) / (1 + DISCOUNT_RATE - kept)
    before = out["margin_before_benefits"].astype("float64")
    out["payback_months"] = 12 * out["benefit_cost"].astype("float64") / before.where(before > 0)
    out["incremental_margin"] = table["incremental_margin"].astype("Float64") / member_years
    numbers = out.columns.difference(["tier", "paid_membership", "shoppers", "incremental_margin"])
    out[numbers] = out[numbers].astype("float64")
    return out


def heavy_users(accounts: pd.DataFrame, books: RunBooks) -> pd.DataFrame:
    """Return what a paid member brings and costs in a year by decile of orders."""
    members = accounts[accounts["use_decile"] > 0]
    table = _with_twin(members.groupby("use_decile", as_index=False)[list(SUMS)].sum(), books)
    count = table["shoppers"] * len(books.months) / 12  # member-years
    out = table[["use_decile"]].assign(members=table["shoppers"])
    out["orders"], out["gmv"] = table["orders"] / count, table["gmv"] / count
    out["fee"] = table["yearly_fee"] / table["shoppers"]
    out["benefit_cost"] = table["benefit_cost"] / count
    out["fee_less_benefits"] = out["fee"] - out["benefit_cost"]
    out["margin"] = table["margin"] / count
    for name in ("twin_margin", "incremental_margin"):
        out[name] = table[name].astype("Float64") / count
    return out


def _with_twin(table: pd.DataFrame, books: RunBooks) -> pd.DataFrame:
    """Return sums with the margin beyond the twin's; the twin's columns are empty without one."""
    twins = [name for name in table.columns if name.startswith("twin_")]
    if books.twin is None:
        return table.assign(
            **{name: pd.array([pd.NA] * len(table), "Int64") for name in [*twins, "incremental_margin"]}
        )
    table = table.astype(dict.fromkeys(twins, "Int64"))
    return table.assign(incremental_margin=(table["margin"] - table["twin_margin"]).astype("Int64"))
