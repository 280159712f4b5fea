"""What an import did, in words and in the manifest: columns left out, currencies, counts, digests of the sources.

Serves the import.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .currencies import CurrencyPlan
from .database import LogDatabase, quoted
from .manifest import ImportRecord, LogManifest, TableRecord
from .notices import Notice, Window, counted
from .sources import Source
from .staging import StagedTable, looks_personal


def reading_notices(source: Source, staged: list[StagedTable], plan: CurrencyPlan) -> list[Notice]:
    """Return what was noticed while the tables were read."""
    notices = [Notice("adapter", text) for text in source.notices]
    if plan.notice:
        notices.append(Notice("currency", plan.notice))
    for table in staged:
        personal = [name for name in table.dropped if looks_personal(name)]
        other = [name for name in table.dropped if name not in personal]
        if personal:
            message = f"{table.name}: personal columns are not kept: {', '.join(personal)}"
            notices.append(Notice("personal columns", message))
        if other:
            message = f"{table.name}: columns that no table of a log has are not kept: {', '.join(other)}"
            notices.append(Notice("unknown columns", message))
        if table.fractions:
            message = f"{table.name}: {counted(table.fractions, 'amount')} with fractions of a cent, rounded"
            notices.append(Notice("fractions of a cent", message))
    trips = staged[0]
    if not trips.has("trip_id"):
        message = "trips have no trip_id: receipts are numbered by their rows, and doubled rows cannot be told"
        notices.append(Notice("no trip_id", message))
    if source.manifest.time_zone is None and trips.has_times:
        notices.append(Notice("no time zone", "the manifest has no time zone; times are taken as the shop's own"))
    return notices


def recorded(
    database: LogDatabase,
    source: Source,
    plan: CurrencyPlan,
    window: Window,
    staged: list[StagedTable],
    kept: Mapping[str, int],
    notices: list[Notice],
    command: str,
    result: Path,
) -> LogManifest:
    """Return the manifest with the record of what was done."""
    counts = database.row(f"""
        SELECT count(DISTINCT customer_id) FILTER (NOT is_return) AS customers,
               count(*) FILTER (customer_id IS NULL AND NOT is_return) AS anonymous,
               count(*) FILTER (is_return) AS returns
        FROM read_parquet({quoted(result / "trips.parquet")})""")
    tables = {}
    for table in staged:
        query = f"DESCRIBE SELECT * FROM read_parquet({quoted(result / (table.name + '.parquet'))})"
        columns = tuple(row["column_name"] for row in database.rows(query))
        tables[table.name] = TableRecord(
            source=Path(table.source.file).name, sha256=table.source.sha256, rows=table.rows,
            kept=kept[table.name], columns=columns, dropped=table.dropped,
        )  # fmt: skip
    record = ImportRecord(
        command=command, adapter=source.adapter, first_day=window.first, last_day=window.last,
        customers=counts["customers"], anonymous=counts["anonymous"], returns=counts["returns"],
        has_times=staged[0].has_times, tables=tables, notices=tuple(notice.message for notice in notices),
    )  # fmt: skip
    return source.manifest.model_copy(update={"currency": plan.currency, "rates": {}, "record": record})
