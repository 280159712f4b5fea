"""Real purchases, checked and merged to one purchase a customer and day: what `memberlab calibrate` starts from."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from memberlab.policies import DocumentError, Problem

from .log_checks import identical_rows, repeated_trips, unsorted_rows
from .log_columns import LogColumns, missing_columns, parse_columns
from .log_table import LogTable, read_table, table_of

IdenticalRows = Literal["check", "keep", "drop"]


@dataclass(frozen=True)
class TransactionLog:
    """Purchases sorted by customer and day, one a customer and day; three columns of equal length.

    `customer` numbers customers from 0, `day` counts days from `first_day`, `amount` is in currency units (0 is a
    purchase of nothing paid, which counts as a visit).
    """

    name: str
    sha256: str
    first_day: datetime.date
    last_day: datetime.date
    rows: int
    customer: NDArray[np.int64]
    day: NDArray[np.int64]
    amount: NDArray[np.float64]
    notices: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        """Length of the log, days, both ends included."""
        return (self.last_day - self.first_day).days + 1

    @property
    def customers(self) -> int:
        """Number of customers, count."""
        return int(self.customer.max()) + 1


def read_transaction_log(path: str | Path, *, sort: bool = False, identical: IdenticalRows = "check") -> TransactionLog:
    """Read a CSV or Parquet file of purchases and merge the purchases of a customer on one day.

    `sort` accepts rows in any order; `identical` says what to do with rows that stand twice. Raise DocumentError with
    every fault found: file, line, column, value, what is wrong and the mend.
    """
    return _checked(read_table(path), sort, identical)


def transaction_log_of(frame: pd.DataFrame, name: str = "purchases", *, sort: bool = False) -> TransactionLog:
    """Return a data frame with the columns of a log as a TransactionLog, with the same checks as a file."""
    return _checked(table_of(frame, name), sort, "check")


def _checked(table: LogTable, sort: bool, identical: IdenticalRows) -> TransactionLog:
    problems = missing_columns(table)
    if problems:
        raise DocumentError([*problems, *table.faults])
    if not len(table.frame) and not table.faults:
        raise DocumentError([Problem(table.file, None, "", "there is a header but no row; write one row a purchase")])
    columns, problems = parse_columns(table)
    problems = [*table.faults, *problems, *repeated_trips(table)]
    twice, identical_problems, notice = identical_rows(table, columns)
    if identical == "check":
        problems += identical_problems
    if not sort:
        problems += unsorted_rows(table, columns)
    if problems:
        raise DocumentError(problems)
    return _merged(table, columns, twice if identical == "drop" else np.zeros(len(twice), dtype=bool), notice)


def _merged(table: LogTable, columns: LogColumns, dropped: NDArray[np.bool_], notice: str | None) -> TransactionLog:
    anonymous = np.asarray(columns.customer == "", dtype=bool)
    kept = ~(anonymous | columns.returned | dropped)
    if not kept.any():
        message = "no row has a customer_id and is a purchase; a fit needs purchases by known customers"
        raise DocumentError([Problem(table.file, None, "", message)])
    rows = pd.DataFrame({"customer": columns.customer[kept], "day": columns.day[kept], "amount": columns.amount[kept]})
    merged: pd.DataFrame = rows.groupby(["customer", "day"], sort=True)[["amount"]].sum().reset_index()
    days = merged["day"].to_numpy().astype("datetime64[D]").astype(np.int64)
    first = datetime.date(1970, 1, 1) + datetime.timedelta(days=int(days.min()))
    codes = pd.factorize(merged["customer"])[0].astype(np.int64)
    return TransactionLog(
        name=Path(table.file).name,
        sha256=table.sha256,
        first_day=first,
        last_day=first + datetime.timedelta(days=int(days.max() - days.min())),
        rows=len(table.frame),
        customer=codes,
        day=days - days.min(),
        amount=merged["amount"].to_numpy(dtype=np.float64),
        notices=_notices(merged, anonymous, columns.returned, dropped, notice),
    )


def _notices(
    merged: pd.DataFrame,
    anonymous: NDArray[np.bool_],
    returned: NDArray[np.bool_],
    dropped: NDArray[np.bool_],
    identical: str | None,
) -> tuple[str, ...]:
    """Say what was left out or read in a particular way, with its size."""
    found = [
        (int(anonymous.sum()), "rows without a customer_id are left out: no history can be told from them"),
        (int(returned.sum()), "rows marked is_return are left out"),
        (int(dropped.sum()), "rows that stand twice are left out"),
        (
            int((merged["amount"] == 0).sum()),
            "purchases of amount 0 count as visits and are left out of the spend model",
        ),
    ]
    notices = [f"{count:,} {what}" for count, what in found if count]
    if identical is not None and not dropped.any():
        notices.append(identical)
    return tuple(notices)
