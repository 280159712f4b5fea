"""The staged tables of an import as a database that works within a limit of memory and spills to disk beyond it.

Serves the checks, the observations and the writing of the imported tables. DuckDB (Raasveldt and Mühleisen, 2019) sorts
and groups out of core, which a stream of Arrow batches alone would have to be taught.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from .staging import StagedTable

MEMORY = "1GB"
"""Memory that the database may use before it spills to disk."""

HASH_LENGTH = 20
"""Hexadecimal digits kept of a hash: 80 bits, so that ten million customers share one with chance 4e-11."""


def quoted(value: object) -> str:
    """Return a value as an SQL string."""
    return "'" + str(value).replace("'", "''") + "'"


class LogDatabase:
    """Staged tables by name, and `hashed(id)`, which is how the imported log calls a customer."""

    def __init__(self, folder: Path, salt: str, staged: Iterable[StagedTable]) -> None:
        self.tables = {table.name: table for table in staged}
        self.sales_money: tuple[str, ...] = ()
        """Amounts of the view `sales`; known when that is defined."""
        self.connection = duckdb.connect(":memory:")
        self.connection.execute(f"SET memory_limit = '{MEMORY}'")
        self.connection.execute(f"SET temp_directory = {quoted(folder / 'spill')}")
        self.connection.execute("SET preserve_insertion_order = false")
        self.connection.execute("SET enable_progress_bar = false")
        self.connection.execute(f"CREATE MACRO hashed(id) AS left(sha256({quoted(salt)} || id), {HASH_LENGTH})")
        for table in self.tables.values():
            self.connection.execute(f"CREATE VIEW {table.name} AS SELECT * FROM read_parquet({quoted(table.path)})")

    def has(self, table: str, *columns: str) -> bool:
        """Return whether the source has a table with all these columns."""
        return table in self.tables and self.tables[table].has(*columns)

    def execute(self, query: str) -> None:
        """Run a statement."""
        self.connection.execute(query)

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Return the rows of a query, by column name."""
        result = self.connection.execute(query)
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def row(self, query: str) -> dict[str, Any]:
        """Return the first row of a query."""
        return self.rows(query)[0]

    def value(self, query: str) -> Any:
        """Return the one value of a query."""
        return next(iter(self.row(query).values()))

    def close(self) -> None:
        """Give back memory and files."""
        self.connection.close()
