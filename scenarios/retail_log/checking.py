"""Runs the checks on the staged tables of a log: every row that breaks one, with line, column and value.

Serves the import; what the checks are stands in `checks.py`.
"""

from __future__ import annotations

from ..calibration.log_table import MOST_EXAMPLES
from .checks import CHECKS, PARTS, Check
from .database import LogDatabase
from .faults import Faults
from .manifest import LogManifest


def check_rows(database: LogDatabase, manifest: LogManifest, faults: Faults) -> None:
    """Add to `faults` every row that breaks a check."""
    words = _words(database, manifest)
    for check in CHECKS:
        if not _applies(check, database, manifest):
            continue
        query = check.query
        for word, text in words.items():
            query = query.replace(f"{{{word}}}", text)
        database.execute(f"CREATE OR REPLACE TEMP TABLE broken AS {query}")
        count = int(database.value("SELECT count(*) FROM broken"))
        rows = database.rows(f"SELECT * FROM broken ORDER BY place LIMIT {MOST_EXAMPLES}") if count else []
        source = database.tables[check.table].source
        where = "line" if source.has_lines else "row"
        told = [check.message.format(**{"where": where, **row}) for row in rows]
        positions = [int(row["place"]) for row in rows]
        faults.add(
            source.file, check.column, check.breaks, count, positions, told.__getitem__, has_lines=source.has_lines
        )
    database.execute("DROP TABLE IF EXISTS broken")


def parts_of_gross(database: LogDatabase) -> list[str]:
    """Return the parts between shelf price and payment that the trips have."""
    return [part for part in PARTS if database.has("trips", part)]


def _applies(check: Check, database: LogDatabase, manifest: LogManifest) -> bool:
    conditions = {
        "parts of gross": bool(parts_of_gross(database)),
        "no parts of gross": not parts_of_gross(database),
        "start or end": bool(manifest.start or manifest.end),
    }
    if check.table not in database.tables:
        return False
    for need in check.needs:
        table, _, column = need.partition(".")
        if not conditions.get(need, database.has(table, *([column] if column else []))):
            return False
    return True


def _words(database: LogDatabase, manifest: LogManifest) -> dict[str, str]:
    """Return what stands for the words in braces of the queries, which depend on what the source has."""
    parts = parts_of_gross(database)
    has_customers = database.has("customers")
    known = "SELECT customer_id FROM trips WHERE customer_id IS NOT NULL"
    if has_customers:
        known += " UNION ALL SELECT customer_id FROM customers"
    days = {"start": manifest.start, "end": manifest.end}
    return {
        "parts": " + ".join(f"coalesce({part}, 0)" for part in parts),
        "tolerance": str(1 + len(parts)),
        **{name: "NULL" if day is None else f"DATE '{day}'" for name, day in days.items()},
        "known": f"({known})",
        "known_words": "trips or customers" if has_customers else "trips",
        "valid_to": "valid_to" if database.has("status_history", "valid_to") else "CAST(NULL AS DATE)",
    }
