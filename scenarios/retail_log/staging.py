"""One table of a source, read into typed columns beside the places of its rows, with every value that is unreadable.

Serves the import: the checks that hold rows beside each other work on what is staged here, whatever its size. Customers
still have the source's ids, so that messages can name them; the staged files are gone when the import ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet
from numpy.typing import NDArray

from memberlab.policies import Problem

from ..calibration.log_columns import meant
from ..calibration.log_table import MOST_EXAMPLES
from .faults import Faults
from .manifest import LogManifest
from .schema import DAY_OF_MOMENT, Column, Table
from .source_table import Block, Progress, SourceTable
from .values import Values, as_text, empty_fault_of, fault_of, read_values

PLACE = "place"
"""Column of a staged table: line or row in the source."""

PERSONAL = re.compile(
    r"(^|_)(first|last|full|sur|user)?_?(name|e?mail|phone|mobile|tel|address|street|city|zip|postcode|birth\w*|dob|"
    r"gender|sex|age|ip|card_?(number|no)|iban|passport)($|_)",
    re.IGNORECASE,
)
"""Names of columns that look personal; no personal column is needed, and none is kept."""


@dataclass(frozen=True, slots=True)
class StagedTable:
    """A table as typed Parquet with the places of its rows."""

    table: Table
    source: SourceTable
    path: Path
    columns: tuple[str, ...]
    """Columns of the schema that the source has."""
    dropped: tuple[str, ...]
    """Columns of the source that are not kept."""
    rows: int
    fractions: int
    """Amounts with fractions of a cent, which were rounded."""
    has_times: bool

    @property
    def name(self) -> str:
        """Name of the table."""
        return self.table.name

    def has(self, *columns: str) -> bool:
        """Return whether the source has all these columns."""
        return all(column in self.columns for column in columns)


def looks_personal(column: str) -> bool:
    """Return whether a column's name says that it describes a person."""
    return PERSONAL.search(column.strip().replace(" ", "_").replace("-", "_")) is not None


def match_columns(table: Table, source: SourceTable) -> tuple[dict[str, Column], list[Problem]]:
    """Return the schema's columns by the source's names, and a problem for each required one that is missing."""
    present = source.columns()
    found: dict[str, Column] = {}
    problems = []
    line = 1 if source.has_lines else None
    for column in table.columns:
        names = [name for name in (column.name, *column.also) if name in present]
        if names:
            found[names[0]] = column
        if len(names) > 1:
            message = f"'{names[0]}' and '{names[1]}' are two names of one column; keep one"
            problems.append(Problem(source.file, line, names[1], message))
        elif not names and column.required:
            guess = next((other for name in column.also if (other := meant(name, present))), None)
            guess = meant(column.name, present) or guess
            mend = f"rename '{guess}'" if guess else f"the columns are {', '.join(present)}"
            shown = "' or '".join((column.name, *column.also))
            problems.append(Problem(source.file, line, column.name, f"the column '{shown}' is missing; {mend}"))
    return found, problems


def stage(
    table: Table, source: SourceTable, manifest: LogManifest, folder: Path, faults: Faults, progress: Progress
) -> StagedTable | list[Problem]:
    """Read a source into `folder`, add the faults of its values to `faults`, and return the staged table; a list of
    problems when its columns are not those of the table.
    """
    matched, problems = match_columns(table, source)
    if problems:
        return problems
    path = folder / f"{table.name}.parquet"
    reader = _Reader(table, source, manifest, matched, faults)
    writer: pyarrow.parquet.ParquetWriter | None = None
    try:
        for block in source.blocks(list(matched), progress):
            rows = reader.read(block)
            writer = writer or pyarrow.parquet.ParquetWriter(path, rows.schema, compression="lz4")
            writer.write_batch(rows)
        if writer is None:
            empty = Block(
                pa.RecordBatch.from_pylist([], pa.schema([(name, pa.string()) for name in matched])), np.zeros(0, int)
            )
            rows = reader.read(empty)
            writer = pyarrow.parquet.ParquetWriter(path, rows.schema)
    finally:
        if writer is not None:
            writer.close()
    dropped = tuple(name for name in source.columns() if name not in matched)
    columns = tuple(column.name for column in matched.values())
    if not reader.rows and not source.faults:
        mend = "write one row a receipt" if table.required else "leave the table out where there is nothing to tell"
        return [Problem(source.file, None, "", f"there is a header but no row; {mend}")]
    if source.faults:
        return source.faults
    return StagedTable(table, source, path, columns, dropped, reader.rows, reader.fractions, reader.has_times)


class _Reader:
    """Reads the blocks of one table and counts what it has seen."""

    def __init__(
        self, table: Table, source: SourceTable, manifest: LogManifest, matched: dict[str, Column], faults: Faults
    ) -> None:
        self.table = table
        self.source = source
        self.manifest = manifest
        self.matched = matched
        self.faults = faults
        self.rows = 0
        self.fractions = 0
        self.has_times = False

    def read(self, block: Block) -> pa.RecordBatch:
        """Return a block as typed columns with the places of its rows."""
        columns: dict[str, pa.Array] = {PLACE: pa.array(block.places, pa.int64())}
        for name, column in self.matched.items():
            written = block.rows.column(name)
            values = read_values(column, written, self.manifest)
            self._note(column, name, written, values, block)
            self.fractions += values.fractions
            columns[column.name] = values.array
            if column.kind == "moment":
                days = pc.floor_temporal(values.array, unit="day")
                self.has_times |= bool(pc.any(pc.not_equal(days, values.array)).as_py())
                columns[DAY_OF_MOMENT[column.name]] = days.cast(pa.date32())
        if self.table.name == "trips":
            _complete_trips(columns, block)
        if self.table.name == "exposures":
            control = columns.get("control", pa.nulls(block.rows.num_rows, pa.bool_()))
            columns["control"] = control.fill_null(False)
        self._note_negative(columns, block)
        self.rows += block.rows.num_rows
        return pa.RecordBatch.from_pydict(columns)

    def _note(self, column: Column, name: str, written: pa.Array, values: Values, block: Block) -> None:
        """Note values that cannot be read, and empty ones where a value must stand."""
        if pc.any(values.bad).as_py():
            bad = np.flatnonzero(np.asarray(values.bad))
            shown = as_text(written.take(pa.array(bad[:MOST_EXAMPLES]))).to_pylist()
            self._add(name, "cannot be read", bad, block, lambda i: fault_of(column, (shown[i] or "").strip()))
        if column.filled and values.array.null_count:
            empty = np.flatnonzero(np.asarray(pc.and_not(pc.is_null(values.array), values.bad)))
            self._add(name, "are empty", empty, block, lambda _: empty_fault_of(column))

    def _note_negative(self, columns: dict[str, pa.Array], block: Block) -> None:
        """Note negative values where none may be; on a return amounts may be negative like its net amount."""
        returned = columns.get("is_return", pa.scalar(False))
        for name, column in self.matched.items():
            if column.sign == "not negative":
                values = columns[column.name]
                negative = pc.and_not(pc.less(values, 0), returned).fill_null(False)
                rows = np.flatnonzero(np.asarray(negative))
                if not len(rows):
                    continue
                shown = values.take(pa.array(rows[:MOST_EXAMPLES])).to_pylist()
                scale = 100 if column.kind == "money" else 1
                told = [f"{value / scale:g} is negative; write a positive amount" for value in shown]
                self._add(name, "are negative", rows, block, told.__getitem__)

    def _add(self, name: str, check: str, rows: NDArray[np.int64], block: Block, message: Callable[[int], str]) -> None:
        positions = block.places[rows[:MOST_EXAMPLES]].tolist()
        self.faults.add(
            self.source.file, name, check, len(rows), positions, message,
            has_lines=self.source.has_lines,
        )  # fmt: skip


def _complete_trips(columns: dict[str, pa.Array], block: Block) -> None:
    """Number receipts without an id by their row, and take negative amounts as returns where nothing else is said."""
    numbered = pc.binary_join_element_wise("row", columns[PLACE].cast(pa.string()), "-")
    columns["trip_id"] = pc.coalesce(columns.get("trip_id", pa.nulls(block.rows.num_rows, pa.string())), numbered)
    negative = pc.less(columns["net_amount"], 0).fill_null(False)
    columns["is_return"] = pc.coalesce(columns.get("is_return", pa.nulls(block.rows.num_rows, pa.bool_())), negative)
