"""The columns of a transaction log as values: days, amounts and customers, with a problem for each that cannot be read.

The columns are those of the transaction-log schema: `customer_id`, `date` or `timestamp`, `net_amount`, and optionally
`trip_id` and `is_return`.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from memberlab.policies import Problem

from .log_table import LogTable

DAY_COLUMNS = ("date", "timestamp")
_DAY = r"\d{4}-\d{2}-\d{2}"
_DAY_OR_TIME = rf"{_DAY}([T ]\d{{2}}:\d{{2}}(:\d{{2}}(\.\d+)?)?)?"
_ZONE = rf"{_DAY_OR_TIME} ?(Z|[+-]\d{{2}}:?\d{{2}})"
_FAMILIAR = {
    "customer_id": (
        "customer",
        "cust_id",
        "customerid",
        "household_id",
        "household",
        "user_id",
        "member_id",
        "id",
        "client_id",
    ),
    "date": ("day", "order_date", "invoice_date", "purchase_date", "transaction_date", "datetime", "time"),
    "net_amount": ("amount", "spend", "sales_value", "price", "total", "value", "revenue", "customer_paid", "net"),
}
_TRUTH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False, "": False}


@dataclass(frozen=True)
class LogColumns:
    """The parsed columns of a log, row by row as in the file; rows with a fault hold NaT, NaN or False."""

    customer: pd.Series[str]
    day: pd.Series[pd.Timestamp]
    amount: NDArray[np.float64]
    returned: NDArray[np.bool_]
    has_time: bool
    """Whether days come with a time of day."""


def missing_columns(table: LogTable) -> list[Problem]:
    """Return a problem for each required column that is not there, with the column that may be meant."""
    present = [str(name) for name in table.frame.columns]
    line = None if table.lines is None else 1
    problems = []
    for wanted in ("customer_id", "date", "net_amount"):
        if wanted in present or (wanted == "date" and "timestamp" in present):
            continue
        shown = "date' or 'timestamp" if wanted == "date" else wanted
        guess = meant(wanted, present)
        mend = f"rename '{guess}'" if guess else f"the columns are {', '.join(present)}"
        problems.append(Problem(table.file, line, wanted, f"the column '{shown}' is missing; {mend}"))
    return problems


def meant(wanted: str, present: list[str]) -> str | None:
    """Return the column that is probably meant: the same but for case and spaces, a familiar name, or a close one."""
    plain = {name.strip().lower().replace(" ", "_"): name for name in present}
    for name in (wanted, *_FAMILIAR.get(wanted, ())):
        if name in plain:
            return plain[name]
    guesses = difflib.get_close_matches(wanted, plain, n=1)
    return plain[guesses[0]] if guesses else None


def parse_columns(table: LogTable) -> tuple[LogColumns, list[Problem]]:
    """Return the columns as values, with a problem for each value that cannot be read or is not allowed."""
    day, has_time, day_problems = _days(table)
    amount, amount_problems = _amounts(table)
    returned, return_problems = _returns(table)
    column = table.frame["customer_id"]
    customer = column.astype("string").fillna("").str.strip().astype(str)
    columns = LogColumns(customer, day, amount, returned, has_time)
    return columns, [*day_problems, *amount_problems, *return_problems, *_negative(table, columns)]


def _days(table: LogTable) -> tuple[pd.Series[pd.Timestamp], bool, list[Problem]]:
    name = next(column for column in DAY_COLUMNS if column in table.frame)
    written = table.frame[name]
    if isinstance(written.dtype, pd.DatetimeTZDtype):
        return _zoned_days(table, name, written)
    if pd.api.types.is_datetime64_any_dtype(written.dtype):
        days, text = written, None
    else:
        text = written.astype("string").fillna("").str.strip()
        readable = text.str.fullmatch(_DAY_OR_TIME).astype(bool)
        days = pd.to_datetime(text.where(readable), format="ISO8601", errors="coerce")
    year = days.dt.year
    bad = np.flatnonzero(days.isna() | (year < 1900) | (year > 2200))

    def message(row: int) -> str:
        value = "" if text is None else str(text.iloc[row])
        if not value:
            return "is empty; write the day as year-month-day, such as 1997-01-31"
        if pd.Series([value]).str.fullmatch(_ZONE).iloc[0]:
            return f"'{value}' has a time zone; convert to the shop's local time and leave the zone out"
        return f"'{value}' is not a day; write year-month-day, such as 1997-01-31"

    problems = table.examples(list(bad), name, message, "have no readable day")
    has_time = bool((days.dropna() != days.dropna().dt.normalize()).any())
    days = days.mask(np.isin(np.arange(len(days)), bad))
    return days.dt.normalize(), has_time, problems


def _zoned_days(
    table: LogTable, name: str, written: pd.Series[pd.Timestamp]
) -> tuple[pd.Series[pd.Timestamp], bool, list[Problem]]:
    """Take the local day of a zoned column; UTC is refused, because shops do not close at midnight UTC."""
    local = written.dt.tz_localize(None)
    zone = str(written.dt.tz)
    problems = []
    if zone in {"UTC", "+00:00"}:
        mend = "convert to the shop's local time (pandas: dt.tz_convert), else late purchases fall on the wrong day"
        problems.append(Problem(table.file, None, name, f"the times are in UTC; {mend}"))
    problems += table.examples(list(np.flatnonzero(local.isna())), name, lambda row: "is empty", "have no day")
    return local.dt.normalize(), True, problems


def _amounts(table: LogTable) -> tuple[NDArray[np.float64], list[Problem]]:
    written = table.frame["net_amount"]
    if written.dtype == bool:
        written = written.astype(str)
    amount = np.asarray(pd.to_numeric(written, errors="coerce"), dtype=np.float64)
    bad = np.flatnonzero(~np.isfinite(amount))

    def message(row: int) -> str:
        value = written.iloc[row]
        if pd.isna(value) or str(value).strip() == "":
            return "is empty; write the amount paid, such as 29.33"
        return f"'{value}' is not an amount; write a decimal number with a point, such as 29.33"

    return amount, table.examples(list(bad), "net_amount", message, "hold no number")


def _returns(table: LogTable) -> tuple[NDArray[np.bool_], list[Problem]]:
    if "is_return" not in table.frame:
        return np.zeros(len(table.frame), dtype=bool), []
    text = table.frame["is_return"].astype("string").fillna("").str.strip().str.lower()
    known = text.isin(list(_TRUTH))
    bad = np.flatnonzero(~known.to_numpy(dtype=bool))
    problems = table.examples(
        list(bad),
        "is_return",
        lambda row: f"'{text.iloc[row]}' is neither true nor false; write one of them",
        "are not true or false",
    )
    return np.asarray(text.map(lambda value: _TRUTH.get(value, False)), dtype=bool), problems


def _negative(table: LogTable, columns: LogColumns) -> list[Problem]:
    rows = np.flatnonzero((columns.amount < 0) & ~columns.returned)
    mend = (
        "returns are not part of the fit: remove the row, or mark it in a column is_return (true), which leaves it out"
    )
    return table.examples(
        list(rows), "net_amount", lambda row: f"{columns.amount[row]:g} is negative; {mend}", "are negative"
    )
