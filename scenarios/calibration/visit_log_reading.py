"""A log of visits from a file of the transaction-log schema, with what its optional columns tell.

Serves `memberlab validate` and `memberlab calibrate`. Rows are checked as for any transaction log; gross_amount,
discount_amount and coupon_amount are read where they are, and a column that says which set a customer belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from memberlab.policies import DocumentError, Problem

from .log_columns import parse_columns
from .log_table import LogTable, read_table, table_of
from .transaction_log import IdenticalRows, TransactionLog, read_transaction_log, transaction_log_of
from .visit_log import VisitLog, visit_log_from

MONEY = {"gross_amount": "gross", "discount_amount": "discount", "coupon_amount": "coupon"}
"""Optional columns of money and their names in a log of visits."""


@dataclass(frozen=True)
class ReadVisits:
    """A log of visits as read: its customers' ids, and each one's set where a column told it (shape: customers)."""

    name: str
    log: VisitLog
    ids: NDArray[np.object_]
    transactions: TransactionLog
    sets: NDArray[np.object_] | None = None


def read_visit_log(
    path: str | Path, *, set_column: str | None = None, sort: bool = False, identical: IdenticalRows = "check"
) -> ReadVisits:
    """Read a CSV or Parquet file of purchases. Raise DocumentError with every fault found.

    `set_column` names a column that holds the same word in all rows of a customer.
    """
    transactions = read_transaction_log(path, sort=sort, identical=identical)
    return _read(read_table(path), transactions, set_column, drops=identical == "drop")


def visit_log_of_frame(frame: pd.DataFrame, name: str = "purchases", *, set_column: str | None = None) -> ReadVisits:
    """Return a data frame with the columns of a log as visits, with the same checks as a file; rows in any order."""
    transactions = transaction_log_of(frame, name, sort=True)
    return _read(table_of(frame, name), transactions, set_column, drops=False)


def _read(table: LogTable, transactions: TransactionLog, set_column: str | None, *, drops: bool) -> ReadVisits:
    columns, problems = parse_columns(table)
    money = {}
    for name, short in MONEY.items():
        if name in table.frame:
            money[short], found = _money(table, name)
            problems += found
    if set_column is not None and set_column not in table.frame:
        message = f"there is no such column; the columns are {', '.join(map(str, table.frame.columns))}"
        problems.append(Problem(table.file, None, set_column, message))
    if problems:
        raise DocumentError(problems)
    rows = pd.DataFrame({"customer_id": columns.customer, "day": columns.day, "paid": columns.amount, **money})
    if set_column is not None:
        rows["set"] = table.frame[set_column].astype("string").fillna("").to_numpy()
    kept = rows[(rows["customer_id"] != "") & ~columns.returned]
    if drops:
        kept = kept[~table.frame.duplicated().to_numpy()[kept.index]]
    kept = kept.assign(day=(kept["day"] - pd.Timestamp(transactions.first_day)).dt.days)
    log, ids = visit_log_from(kept, transactions.first_day, transactions.days)
    sets = None if set_column is None else _sets(table, kept, ids, set_column)
    return ReadVisits(transactions.name, log, ids, transactions, sets)


def _money(table: LogTable, name: str) -> tuple[NDArray[np.float64], list[Problem]]:
    """Return a column of money and the problems of its values: an empty one is 0, a negative one a fault."""
    written = table.frame[name]
    text = written.astype("string").fillna("").str.strip()
    amount = np.asarray(pd.to_numeric(text.mask(text == "", "0"), errors="coerce"), dtype=np.float64)
    bad = np.flatnonzero(~np.isfinite(amount) | (amount < 0))
    message = "is not an amount of 0 or more; write a decimal number with a point, such as 29.33"
    return amount, table.examples(list(bad), name, lambda row: f"'{text.iloc[row]}' {message}", "hold no amount")


def _sets(table: LogTable, rows: pd.DataFrame, ids: NDArray[np.object_], column: str) -> NDArray[np.object_]:
    """Return each customer's set. Raise DocumentError for customers who are in several."""
    several = rows.groupby("customer_id")["set"].nunique()
    torn = several.index[several > 1]
    if len(torn):
        message = f"{len(torn):,} customers are in several sets, such as '{torn[0]}'; give each customer one"
        raise DocumentError([Problem(table.file, None, column, message)])
    return rows.groupby("customer_id")["set"].first().reindex(ids).to_numpy(dtype=object)
