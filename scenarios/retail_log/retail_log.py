"""An imported log as an object: its manifest, its tables, and the purchases that a calibration starts from.

Serves everything that learns from a retailer's own data. What it reads was written by `memberlab import`: checked,
sorted by customer and day, money in int64 cents, customers by salted hash.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet

from memberlab.policies import DocumentError, Problem, load_model

from ..calibration import TransactionLog
from .daily_purchases import daily_purchases
from .manifest import ImportRecord, LogManifest
from .schema import TABLES

MANIFEST = "manifest.yaml"
"""File name of the manifest in a log's folder."""


@dataclass(frozen=True, slots=True)
class RetailLog:
    """A folder written by `memberlab import`.

    Tables have the columns of the schema (docs/log-reference.md) that the source had. Money is in int64 cents; each
    moment has its local day beside it (`day`, `sent_day`, `redeemed_day`, `at_day`); an anonymous sale has no
    customer_id (missing value).
    """

    folder: Path
    manifest: LogManifest

    @property
    def record(self) -> ImportRecord:
        """What the import did: first and last day, counts, sources, notices."""
        assert self.manifest.record is not None
        return self.manifest.record

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that this log has, in the order of the schema."""
        return tuple(name for name in TABLES if (self.folder / f"{name}.parquet").is_file())

    def path(self, name: str) -> Path | None:
        """Return the Parquet file of a table, None if the log has none; KeyError for a name that no log has."""
        file = self.folder / f"{TABLES[name].name}.parquet"
        return file if file.is_file() else None

    def table(self, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame | None:
        """Return a table, or those of `columns` that it has; None if the log has no such table.

        Money columns are int64 cents (Int64 where values are missing), days and moments datetime64 of the shop's
        local time.
        """
        file = self.path(name)
        if file is None:
            return None
        known = pyarrow.parquet.read_schema(file)
        wanted = [column for column in known.names if columns is None or column in columns]
        frame: pd.DataFrame = pyarrow.parquet.read_table(file, columns=wanted).to_pandas(
            date_as_object=False, types_mapper={pyarrow.int64(): pd.Int64Dtype()}.get
        )
        whole = [name for name in frame if frame[name].dtype == "Int64" and not frame[name].hasnans]
        return frame.astype(dict.fromkeys(whole, np.int64))

    def transaction_log(self) -> TransactionLog:
        """Return the purchases of known customers, one a customer and day, in currency units; returns are left out.

        Customers are numbered in the order of their hashed ids. The log's first and last day are those of the
        manifest. Raise DocumentError for a log without a purchase by a known customer.
        """
        record = self.record
        trips = self.folder / "trips.parquet"
        purchases = daily_purchases(trips, record.first_day)
        if not len(purchases.customer):
            message = "no row has a customer_id and is a purchase; a fit needs purchases by known customers"
            raise DocumentError([Problem(str(trips), None, "", message)])
        left_out = ((record.anonymous, "anonymous sales are left out: no history can be told from them"),
                    (record.returns, "returns are left out"))  # fmt: skip
        return TransactionLog(
            name=self.manifest.name,
            sha256=record.tables["trips"].sha256,
            first_day=record.first_day,
            last_day=record.last_day,
            rows=record.tables["trips"].kept,
            customer=purchases.customer,
            day=purchases.day,
            amount=purchases.cents / 100.0,
            notices=tuple(f"{count:,} {what}" for count, what in left_out if count),
        )

    def customer_ids(self) -> pd.Series[str]:
        """Return the hashed ids of the customers of `transaction_log()`, by their number."""
        ids = daily_purchases(self.folder / "trips.parquet", self.record.first_day).ids
        return pd.Series(ids, dtype="str", name="customer_id")


def open_retail_log(folder: str | Path) -> RetailLog:
    """Open a folder that `memberlab import` has written.

    Raise DocumentError for a folder that is missing, was not imported, or has lost a table.
    """
    place = Path(folder)
    if not place.is_dir():
        raise _refusal(place, "no such folder; give one that 'memberlab import' has written")
    file = place / MANIFEST
    if not file.is_file():
        raise _refusal(place, f"has no {MANIFEST}; give a folder that 'memberlab import' has written")
    manifest = load_model(LogManifest, file)
    if manifest.record is None:
        message = "this log has not been imported; run 'memberlab import SOURCE --out FOLDER' and give that folder"
        raise DocumentError([Problem(str(file), None, "record", message)])
    lost = [name for name in manifest.record.tables if not (place / f"{name}.parquet").is_file()]
    if lost:
        raise _refusal(place, f"has lost {lost[0]}.parquet, which the manifest names; import the log again")
    return RetailLog(place, manifest)


def _refusal(place: Path, message: str) -> DocumentError:
    return DocumentError([Problem(str(place), None, "", message)])
