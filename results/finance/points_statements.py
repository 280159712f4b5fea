"""Statements about points: roll-forward in points and money, ageing, and the triangle of issue cohorts.

Serves whoever answers for what is owed. In the triangle a cohort is the month in which points entered balances; what
was redeemed of it follows from the lots left at month ends, less what expired or was taken back, which the books hold.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from memberlab.sim import LOT_MONTHS, points_liability

from .books import RunBooks
from .integer_shares import apportioned
from .valuation import credits_at, points_at, points_at_expected_cost

FLOWS = {
    "issued": ("points_issued", 1), "given_back": ("points_given_back", 1), "redeemed": ("points_redeemed", -1),
    "expired": ("points_expired", -1), "clawed_back": ("points_clawed_back", -1),
    "converted": ("points_converted", 1),
}  # fmt: skip
"""Movements of points: the measure of the ledger, and its sign in the balance."""


def points(books: RunBooks) -> pd.DataFrame:
    """Return the roll-forward of points by month, in points and in cents at expected cost.

    Each movement is worth what it adds to the provision, in the order of the columns, so that money rolls forward to
    the cent.
    """
    flows = {name: books.total(measure) for name, (measure, _) in FLOWS.items()}
    balance, rows = points_at(books, books.opening_month), []
    for month in books.months:
        before = books.months[books.months.index(month) - 1] if month != books.months[0] else books.opening_month
        row: dict[str, object] = {"month": month, "opening": balance}
        value = points_at_expected_cost(books, before, balance)
        row["opening_value"] = value
        promised, former = books.promised_in(month), books.promised_in(before)
        row["remeasured_value"] = points_liability(former, balance) - value
        row["devalued_value"] = points_liability(promised, balance) - points_liability(former, balance)
        for name, (_, sign) in FLOWS.items():
            moved = int(flows[name][month])
            after = balance + sign * moved
            row[name] = moved
            row[f"{name}_value"] = sign * (points_liability(promised, after) - points_liability(promised, balance))
            balance = after
        row["closing"], row["closing_value"] = balance, points_liability(promised, balance)
        rows.append(row)
    columns = ["opening", *FLOWS, "closing"]
    values = [
        "opening_value",
        "remeasured_value",
        "devalued_value",
        *(f"{name}_value" for name in FLOWS),
        "closing_value",
    ]
    return pd.DataFrame(rows, columns=["month", *columns, *values])


def ageing(books: RunBooks) -> pd.DataFrame:
    """Return the points owed at each month end by the month of their last day, with the provision shared among them."""
    suspense = books.suspense.melt(id_vars="month", var_name="kind", value_name="points")
    suspense["points"] = suspense["points"].where(suspense["kind"] != "debt", -suspense["points"])
    table: pd.DataFrame = pd.concat(
        [books.ageing, suspense[suspense["points"] != 0].assign(last_month=None)], ignore_index=True
    )
    table["last_month"] = table["last_month"].astype("datetime64[s]")
    order = {kind: place for place, kind in enumerate(("dated", "later", "never", "undated", "pending", "debt"))}
    table = table.assign(place=table["kind"].map(order)).sort_values(["month", "place", "last_month"])
    pieces = []
    for month, rows in table.groupby("month", sort=True):
        when = pd.Timestamp(str(month))
        worth = points_at_expected_cost(books, when, int(rows["points"].sum()))
        pieces.append(rows.assign(value=apportioned(worth, rows["points"].tolist())))
    columns = ["month", "last_month", "kind", "points", "value"]
    if not pieces:
        return pd.DataFrame({name: pd.Series(dtype="int64") for name in columns})
    return pd.concat(pieces, ignore_index=True)[columns]


def triangle(books: RunBooks) -> pd.DataFrame:
    """Return what became of each cohort of points in each month.

    A cohort's own month takes what remains of the points redeemed, which the ledger counts; that it is never negative
    is one of the checks.
    """
    redeemed = books.total("points_redeemed")
    left = books.lots.set_index(["month", "cohort"])
    rows = []
    before = (
        dict(left.loc[[books.opening_month], "points"].droplevel("month")) if _has(left, books.opening_month) else {}
    )
    for month in books.months:
        now: Any = pd.DataFrame(left.loc[month]).to_dict("index") if _has(left, month) else {}
        oldest = month - pd.DateOffset(months=LOT_MONTHS - 1)
        joining = sum(
            points - int(now.get(cohort, {}).get("expired", 0)) for cohort, points in before.items() if cohort < oldest
        )
        in_month = []
        for cohort in sorted({*before, *now, *([oldest] if joining else [])}):
            flows = now.get(cohort, {})
            closing, expired, clawed = (int(flows.get(name, 0)) for name in ("points", "expired", "clawed_back"))
            opening = int(before.get(cohort, 0))
            moved = expired - opening if cohort < oldest else joining if cohort == oldest else 0
            moved += int(flows.get("converted", 0))
            used = opening + moved - expired - clawed - closing
            in_month.append([cohort, month, opening, 0, moved, used, expired, clawed, closing])
        if not any(row[0] == month for row in in_month):
            in_month.append([month, month, 0, 0, 0, 0, 0, 0, 0])
        own = next(row for row in in_month if row[0] == month)
        own[5] = int(redeemed[month]) - sum(row[5] for row in in_month if row is not own)
        own[3] = own[5] + own[6] + own[7] + own[8] - own[2]
        rows += in_month
        before = {row[0]: row[8] for row in in_month if row[8]}
    names = ["cohort", "month", "opening", "entered", "moved_in", "redeemed", "expired", "clawed_back", "closing"]
    table = pd.DataFrame(rows, columns=names)
    table["cohort"], table["month"] = table["cohort"].astype("datetime64[s]"), table["month"].astype("datetime64[s]")
    age = 12 * (table["month"].dt.year - table["cohort"].dt.year) + table["month"].dt.month - table["cohort"].dt.month
    table.insert(2, "age", age.astype("int64"))
    sums = names[2:]
    return table[(table[sums] != 0).any(axis=1)].reset_index(drop=True)


def _has(left: pd.DataFrame, month: pd.Timestamp) -> bool:
    return month in left.index.get_level_values("month")


__all__ = ["FLOWS", "ageing", "credits_at", "points", "triangle"]
