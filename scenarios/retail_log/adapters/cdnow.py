"""CDNOW: purchases of customers who first bought in early 1997, as the three files in which it goes around.

Serves the import. Source: Fader and Hardie (2001), Forecasting repeat sales at CDNOW, Interfaces 31(3), S94-S107. The
texts `CDNOW_master.txt` (four columns) and `CDNOW_sample.txt` (a fifth, the number in the sample, stands second) are in
the package lifetimes.
"""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path

import pandas as pd

from memberlab.policies import DocumentError, Problem

from ..manifest import LogManifest
from ..source_table import SourceTable
from ..sources import Source

SAMPLE_COLUMNS, MASTER_COLUMNS = 5, 4
FIRST, LAST = datetime.date(1997, 1, 1), datetime.date(1998, 6, 30)


def cdnow(path: Path) -> Source:
    """Return the source of an import from one of the CDNOW files; raise DocumentError for any other file."""
    if path.is_dir():
        found = [path / name for name in ("cdnow_sample.csv", "CDNOW_master.txt", "CDNOW_sample.txt")]
        path = next((file for file in found if file.is_file()), path)
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"cannot be read ({error.strerror}); give CDNOW_master.txt, CDNOW_sample.txt or cdnow_sample.csv"
        raise DocumentError([Problem(str(path), None, "", message)]) from None
    frame = _csv(path) if path.suffix.lower() == ".csv" else _text(path)
    manifest = LogManifest.model_validate(
        {
            "name": "cdnow",
            "title": "CDNOW, new customers of early 1997",
            "source": "Fader and Hardie (2001), Interfaces 31(3), S94-S107",
            "currency": "USD",
            "customers": "new",
            "start": FIRST,
            "end": LAST,
        }
    )
    table = SourceTable("trips", str(path), frame=frame, sha256=hashlib.sha256(content).hexdigest())
    return Source(manifest, (table,), "cdnow", ("numbers of CDs are not kept: CDNOW does not say what they cost each",))


def _csv(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, dtype=str)
    if not {"customer_id", "date", "net_amount"} <= set(frame.columns):
        message = f"the columns are {', '.join(map(str, frame.columns))}, not customer_id, date, units and net_amount"
        raise DocumentError([Problem(str(path), 1, "", message)])
    return _trips(frame["customer_id"], frame["date"], frame["net_amount"])


def _text(path: Path) -> pd.DataFrame:
    """Read the text as it goes around: columns apart by spaces, days as 19970131, in some copies a header."""
    rows = [line.split() for line in path.read_text(encoding="latin-1").splitlines()]
    if rows and not rows[0][0].isdigit():
        rows[0] = []
    widths = {len(row) for row in rows if row}
    if len(widths) != 1 or not widths <= {SAMPLE_COLUMNS, MASTER_COLUMNS}:
        odd = next((n for n, row in enumerate(rows, 1) if row and len(row) not in (4, 5)), 1)
        message = "is not a line of CDNOW: customer, (number in the sample,) day, number of CDs, amount"
        raise DocumentError([Problem(str(path), odd, "", message)])
    frame = pd.DataFrame([row for row in rows if row], dtype="str")
    day, amount = frame.iloc[:, -3], frame.iloc[:, -1]
    return _trips(frame.iloc[:, 0], day.str[:4] + "-" + day.str[4:6] + "-" + day.str[6:], amount)


def _trips(customer: pd.Series[str], day: pd.Series[str], amount: pd.Series[str]) -> pd.DataFrame:
    numbers = pd.Series([f"receipt-{number}" for number in range(1, len(customer) + 1)])
    return pd.DataFrame({"customer_id": customer, "trip_id": numbers, "timestamp": day, "net_amount": amount})
