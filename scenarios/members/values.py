"""The columns of a member file as values: days, cents, points and counts, with a problem for each that cannot be read.

Serves the reading. Nothing is rounded: an amount with a fraction of a cent and a fraction of a point are refused.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from memberlab.policies import Problem

from ..calibration.log_table import LogTable
from .not_given import LARGEST_HOLDING, NOT_GIVEN, Integers
from .schema import Column, Kind

_EPOCH = datetime.date(1970, 1, 1).toordinal()
_TRUTH = {"true": 1, "1": 1, "yes": 1, "false": 0, "0": 0, "no": 0, "": NOT_GIVEN}


def texts(table: LogTable, column: str) -> pd.Series[str]:
    """Return a column as text without spaces around it; empty where nothing is given or the column is absent."""
    if column not in table.frame:
        return pd.Series([""] * len(table.frame), dtype=object)
    written = table.frame[column]
    if pd.api.types.is_datetime64_any_dtype(written.dtype):
        written = written.dt.strftime("%Y-%m-%d")
    if pd.api.types.is_float_dtype(written.dtype):
        written = written.map(lambda value: "" if pd.isna(value) else f"{value:.10f}".rstrip("0").rstrip("."))
    return written.astype("string").fillna("").str.strip().astype(object)


def read_column(table: LogTable, column: Column, points_unit: int = 1) -> tuple[NDArray[np.generic], list[Problem]]:
    """Return a column as an array of the table's length, and a problem for each value that is not of its kind.

    Days are ordinals, money is cents, points are the policy's; texts and ids stay texts.
    """
    written = texts(table, column.name)
    empty = np.asarray(written == "", dtype=bool)
    values, bad, mend = _READERS[column.kind](written, points_unit)
    wrong = np.flatnonzero(bad & ~empty)
    problems = table.examples(
        wrong.tolist(), column.name, lambda row: f"'{written.iloc[row]}' {mend}", "cannot be read"
    )
    if column.filled and empty.any():
        rows = np.flatnonzero(empty).tolist()
        problems += table.examples(rows, column.name, lambda row: "is empty; every row needs one", "are empty")
    return values, problems


Read = tuple[NDArray[np.generic], NDArray[np.bool_], str]


def _text(written: pd.Series[str], unit: int) -> Read:
    return written.to_numpy(dtype=object), np.zeros(len(written), bool), ""


def _days(written: pd.Series[str], unit: int) -> Read:
    readable = written.str.fullmatch(r"\d{4}-\d{2}-\d{2}( 00:00:00)?").to_numpy(dtype=bool)
    days = pd.to_datetime(written.str.slice(0, 10).where(readable), format="%Y-%m-%d", errors="coerce")
    known = days.notna().to_numpy() & days.dt.year.between(1900, 2199).to_numpy()
    ordinals = np.zeros(len(written), np.int64)
    ordinals[known] = days[known].to_numpy().astype("datetime64[D]").astype(np.int64) + _EPOCH
    return ordinals, ~known, "is not a day; write year-month-day, such as 2026-01-31"


def _scaled(written: pd.Series[str], decimals: int, factor: int) -> tuple[Integers, NDArray[np.bool_]]:
    """Return numbers of 0 or more times `factor`, and which have more decimals, a sign, or are too large."""
    pattern = r"\d{1,14}" + (rf"(\.\d{{1,{decimals}}}0*)?" if decimals else r"(\.0+)?")
    good = written.str.fullmatch(pattern).to_numpy(dtype=bool)
    parts = written.where(good, "0").str.partition(".")
    whole = parts[0].astype(np.int64).to_numpy()
    after = parts[2].str.slice(0, decimals).str.ljust(decimals, "0") if decimals else None
    fraction = np.zeros(len(written), np.int64) if after is None else after.astype(np.int64).to_numpy()
    return (whole * 10**decimals + fraction) * factor, ~good


def _money(written: pd.Series[str], unit: int) -> Read:
    cents, bad = _scaled(written, 2, 1)
    cents[written.to_numpy(dtype=object) == ""] = NOT_GIVEN
    mend = f"is not an amount of 0 to {LARGEST_HOLDING // 100:,}; write at most two decimals, such as 149.50"
    return cents, bad | (cents > LARGEST_HOLDING), mend


def _sums(written: pd.Series[str], unit: int) -> Read:
    cents, bad = _scaled(written, 2, 1)
    cents[written.to_numpy(dtype=object) == ""] = NOT_GIVEN
    return cents, bad, "is not an amount; write at most two decimals, such as 149.50"


def _points(written: pd.Series[str], unit: int) -> Read:
    points, bad = _scaled(written, 0, unit)
    points[written.to_numpy(dtype=object) == ""] = NOT_GIVEN
    stands = f" ({unit} of the policy's points each)" if unit > 1 else ""
    mend = (
        f"is not a whole number of points from 0 to {LARGEST_HOLDING // unit:,}{stands}; write no fraction and no sign"
    )
    return points, bad | (points > LARGEST_HOLDING), mend


def _counts(written: pd.Series[str], unit: int) -> Read:
    counts, bad = _scaled(written, 0, 1)
    counts[written.to_numpy(dtype=object) == ""] = NOT_GIVEN
    return counts, bad | (counts > 1_000_000), "is not a whole number from 0 to 1,000,000"


def _flags(written: pd.Series[str], unit: int) -> Read:
    lower = written.str.lower()
    bad = ~lower.isin(list(_TRUTH)).to_numpy(dtype=bool)
    flags = lower.map(lambda value: _TRUTH.get(value, NOT_GIVEN)).to_numpy(dtype=np.int64)
    return flags, bad, "is neither true nor false"


_READERS: dict[Kind, Callable[[pd.Series[str], int], Read]] = {
    "id": _text,
    "text": _text,
    "day": _days,
    "money": _money,
    "sum": _sums,
    "points": _points,
    "count": _counts,
    "flag": _flags,
}
