"""What can be wrong with the rows of a log beside each other: out of order, or twice.

Each check returns its problems, so that all are told at once.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from memberlab.policies import Problem

from .log_columns import DAY_COLUMNS, LogColumns
from .log_table import LogTable

MOST_IDENTICAL_OF_SAME_DAY = 0.10
"""Identical rows tolerated, as a share of a customer's further rows on one day; CDNOW has 9 % (21 of 223)."""


def unsorted_rows(table: LogTable, columns: LogColumns) -> list[Problem]:
    """Return a problem for each row that stands after a later day of the same customer."""
    before = columns.day.groupby(columns.customer, sort=False).shift()
    rows = np.flatnonzero((columns.day < before) & (columns.customer != ""))
    name = next(column for column in DAY_COLUMNS if column in table.frame)

    def message(row: int) -> str:
        first, second = (f"{series.iloc[row]:%Y-%m-%d}" for series in (columns.day, before))
        return (
            f"{first} of customer {columns.customer.iloc[row]!r} stands after {second}, so the rows are not in order; "
            "sort the file by customer_id and date, or give --sort"
        )

    return table.examples(list(rows), name, message, "stand after a later day of the same customer")


def repeated_trips(table: LogTable) -> list[Problem]:
    """Return a problem for each row whose `trip_id` has been used before; nothing without that column."""
    if "trip_id" not in table.frame:
        return []
    trip = table.frame["trip_id"].astype("string").fillna("").str.strip()
    rows = np.flatnonzero(trip.duplicated() & (trip != ""))
    first = {value: row for row, value in reversed(list(enumerate(trip)))} if len(rows) else {}
    return table.examples(
        list(rows),
        "trip_id",
        lambda row: f"'{trip.iloc[row]}' is already on {table.place(first[trip.iloc[row]])}; keep one row a receipt",
        "repeat a trip_id",
    )


def identical_rows(table: LogTable, columns: LogColumns) -> tuple[NDArray[np.bool_], list[Problem], str | None]:
    """Look for rows that stand twice, in a log without `trip_id`: return which, the problems, and a notice.

    With a time of day an identical row is an error of the export. With days alone it can be a second, equal receipt:
    then identical rows are a small part of a customer's further rows on one day, else the log holds rows twice.
    """
    if "trip_id" in table.frame:
        return np.zeros(len(table.frame), dtype=bool), [], None
    known = np.asarray(columns.customer != "", dtype=bool)  # equal anonymous sales are no sign of anything
    twice = np.asarray(table.frame.duplicated(), dtype=bool) & known
    same_day = int(pd.DataFrame({"customer": columns.customer, "day": columns.day})[known].duplicated().sum())
    count = int(twice.sum())
    if count == 0:
        return twice, [], None
    share = count / max(same_day, 1)
    if not columns.has_time and share <= MOST_IDENTICAL_OF_SAME_DAY:
        notice = (
            f"{count:,} rows are identical to another; they are {share:.0%} of the {same_day:,} further receipts on a "
            "day and are taken as equal receipts (a trip_id column would tell; --identical-rows drop leaves them out)"
        )
        return twice, [], notice
    why = (
        "the same customer, time and amount"
        if columns.has_time
        else f"{share:.0%} of the {same_day:,} further rows of a customer on one day are identical, more than chance"
    )
    message = f"the row stands twice ({why}); remove it, add a trip_id column, or give --identical-rows keep or drop"
    return twice, table.examples(list(np.flatnonzero(twice)), "", lambda row: message, "stand twice"), None
