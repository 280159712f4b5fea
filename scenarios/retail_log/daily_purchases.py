"""The purchases of known customers, one a customer and day, from a table of trips that is sorted by both.

Serves `RetailLog.transaction_log`. The table is read in batches, so that ten million trips need the memory of their
results only.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet
from numpy.typing import NDArray

IntegerArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class DailyPurchases:
    """Columns of equal length, sorted by customer (from 0) and day (from the log's first); `ids` by customer."""

    customer: IntegerArray
    day: IntegerArray
    cents: IntegerArray
    ids: list[str]


def daily_purchases(trips: Path, first_day: datetime.date) -> DailyPurchases:
    """Return what known customers bought by day: paid cents of trips that are no returns, never below 0 a trip."""
    file = pyarrow.parquet.ParquetFile(trips)
    first = (first_day - datetime.date(1970, 1, 1)).days
    ids: list[str] = []
    parts: list[tuple[IntegerArray, IntegerArray, IntegerArray]] = []
    for batch in file.iter_batches(1 << 18, columns=["customer_id", "day", "net_amount", "is_return"]):
        bought = batch.filter(pc.and_(pc.is_valid(batch["customer_id"]), pc.invert(batch["is_return"])))
        if not bought.num_rows:
            continue
        customer = _numbered(bought["customer_id"], ids)
        day = np.asarray(bought["day"].cast(pa.int32()), dtype=np.int64) - first
        parts.append((customer, day, np.maximum(np.asarray(bought["net_amount"]), 0)))
    if not parts:
        empty = np.zeros(0, dtype=np.int64)
        return DailyPurchases(empty, empty, empty, ids)
    customer, day, cents = (np.concatenate(column) for column in zip(*parts, strict=True))
    new = np.flatnonzero(np.r_[True, (np.diff(customer) != 0) | (np.diff(day) != 0)])
    return DailyPurchases(customer[new], day[new], np.add.reduceat(cents, new), ids)


def _numbered(column: pa.Array, ids: list[str]) -> IntegerArray:
    """Return customers as numbers that go on from those in `ids`, to which new ones are added."""
    runs = pc.run_end_encode(column.cast(pa.string()))
    values = runs.values.to_pylist()
    continued = bool(ids) and values[0] == ids[-1]
    start = len(ids) - continued
    ids.extend(values[continued:])
    lengths = np.diff(np.r_[0, np.asarray(runs.run_ends, dtype=np.int64)])
    return np.repeat(np.arange(start, start + len(values), dtype=np.int64), lengths)
