"""What points are worth at expected cost: the plain provision, by month end and by whoever holds the points.

Serves the bridge, the roll-forward and the ageing. Face value at the policy's expected redemption; whole cents,
fractions dropped in the total and then shared so that parts add up.
"""

from __future__ import annotations

import pandas as pd

from memberlab.sim import points_liability

from .books import RunBooks
from .integer_shares import apportioned

KEYS = ["month", "tier", "paid_membership"]


def liability_by_state(books: RunBooks) -> pd.DataFrame:
    """Return the liability for points and credits in cents by month end and state: `month`, state, `liability`.

    That of the opening is valued by the policy that had promised the points.
    """
    pieces = []
    for month, rows in books.balances.groupby("month", sort=True):
        points = points_at_expected_cost(books, pd.Timestamp(str(month)), int(rows["points"].sum()))
        shares = apportioned(points, rows["points"].tolist())
        pieces.append(rows[KEYS].assign(liability=rows["credits"].to_numpy() + shares))
    return pd.concat(pieces, ignore_index=True)


def points_at_expected_cost(books: RunBooks, month: pd.Timestamp, points: int) -> int:
    """Return the provision in cents for `points` at the end of `month`; the opening has that of the former policy."""
    if month == books.opening_month:
        return books.opening_liability - credits_at(books, month)
    return points_liability(books.promised_in(month), points)


def credits_at(books: RunBooks, month: pd.Timestamp) -> int:
    """Return the reward credits in cents at the end of `month`."""
    return int(books.balances.loc[books.balances["month"] == month, "credits"].sum())


def points_at(books: RunBooks, month: pd.Timestamp) -> int:
    """Return the points owed at the end of `month`."""
    return int(books.balances.loc[books.balances["month"] == month, "points"].sum())


def provision_by_state(books: RunBooks) -> pd.DataFrame:
    """Return the rise of the liability in cents by month and state that moved: `month`, state, `provision`.

    Of a state it holds what members take along when they move between states; the sum over states is the month's rise.
    """
    ends = liability_by_state(books)
    wide = ends.pivot_table(index=["tier", "paid_membership"], columns="month", values="liability", fill_value=0)
    wide = wide.reindex(columns=[books.opening_month, *books.months], fill_value=0).astype("int64")
    rises = wide.diff(axis=1).iloc[:, 1:].astype("int64").reset_index()
    table = rises.melt(id_vars=["tier", "paid_membership"], var_name="month", value_name="provision")
    table["month"] = table["month"].astype("datetime64[s]")
    table = table[table["provision"] != 0]
    return table[[*KEYS, "provision"]].sort_values(KEYS, ignore_index=True)
