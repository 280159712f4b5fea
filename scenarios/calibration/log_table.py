"""A transaction log as it stands in its file, before anything is believed: for the checks, which must name rows.

CSV values stay text, so that a message can show what was written; Parquet values keep their types.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray

from memberlab.policies import DocumentError, Problem

MOST_EXAMPLES = 20
"""Rows named for one kind of fault; the rest is counted."""

_SUFFIXES = (".csv", ".parquet")


@dataclass(frozen=True)
class LogTable:
    """The rows of a log with their places: `lines` are lines of a text file from 1, None for a table without lines."""

    file: str
    frame: pd.DataFrame
    lines: NDArray[np.int64] | None
    sha256: str
    faults: tuple[Problem, ...] = field(default=())
    """Rows that could not be read as rows."""

    def place(self, row: int) -> str:
        """Return how a message calls a row: `line 7` in a text file, `row 5` (from 0) in a table."""
        return f"row {row}" if self.lines is None else f"line {self.lines[row]}"

    def examples(self, rows: Sequence[int], column: str, message: Callable[[int], str], summary: str) -> list[Problem]:
        """Return a problem a row, for at most 20 of `rows`; when there are more, one that counts them all comes
        first.
        """
        shown = [int(row) for row in rows[:MOST_EXAMPLES]]
        if self.lines is None:
            found = [Problem(self.file, None, f"{column} (row {row})".strip(), message(row)) for row in shown]
        else:
            found = [Problem(self.file, int(self.lines[row]), column, message(row)) for row in shown]
        if len(rows) > MOST_EXAMPLES:
            count = f"{len(rows):,} rows {summary}; the first {MOST_EXAMPLES} are shown"
            found.insert(0, Problem(self.file, None, column, count))
        return found


def read_table(path: str | Path) -> LogTable:
    """Read a CSV (comma, UTF-8, header) or Parquet file whole.

    Raise DocumentError for a file that is missing, empty, of another kind, or that cannot be read as a table.
    """
    file = str(path)
    content = _bytes_of(Path(path), file)
    digest = hashlib.sha256(content).hexdigest()
    if file.lower().endswith(".parquet"):
        return LogTable(file, _parquet_frame(content, file), None, digest)
    return _csv_table(content, file, digest)


def table_of(frame: pd.DataFrame, name: str) -> LogTable:
    """Return a data frame as a log table called `name`; its digest is that of its CSV text."""
    text = frame.to_csv(index=False)
    return LogTable(name, frame.reset_index(drop=True), None, hashlib.sha256(text.encode()).hexdigest())


def refusal(file: str, message: str, line: int | None = None) -> DocumentError:
    """Return the error of a file that cannot be used."""
    return DocumentError([Problem(file, line, "", message)])


def _bytes_of(path: Path, file: str) -> bytes:
    fail_if_no_table(path, file)
    try:
        return path.read_bytes()
    except OSError as error:
        raise refusal(file, f"cannot be read: {error.strerror or error}") from None


def fail_if_no_table(path: Path, file: str) -> None:
    """Raise DocumentError where a path is no file, of a kind that is not read, or empty."""
    if path.is_dir():
        raise refusal(file, "is a folder; give the path of a .csv or .parquet file in it")
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        raise refusal(file, "no such file; give the path of a transaction log (.csv or .parquet)") from None
    except (OSError, ValueError) as error:
        raise refusal(file, f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if path.suffix.lower() not in _SUFFIXES:
        raise refusal(file, f"'{path.suffix}' is not a kind of log that is read; save it as .csv or .parquet")
    if not size:
        raise refusal(file, "the file is empty; write a header and one row a purchase")


def _parquet_frame(content: bytes, file: str) -> pd.DataFrame:
    try:
        table = pyarrow.parquet.read_table(io.BytesIO(content))
    except (pa.ArrowException, OSError) as error:
        raise refusal(file, f"is not a Parquet file that can be read ({first_line(error)})") from None
    fail_if_twice([str(name) for name in table.column_names], file, None)
    frame: pd.DataFrame = table.to_pandas(date_as_object=False)
    return frame.reset_index(drop=True)


def _csv_table(content: bytes, file: str, digest: str) -> LogTable:
    header = header_of(_text_head(content, file), file)
    broken: list[tuple[int, int]] = []

    def skip(row: Any) -> str:
        broken.append((int(row.number), int(row.actual_columns)))
        return "skip"

    try:
        table = pyarrow.csv.read_csv(
            io.BytesIO(content),
            read_options=pyarrow.csv.ReadOptions(use_threads=False, skip_rows=0),
            parse_options=pyarrow.csv.ParseOptions(ignore_empty_lines=False, invalid_row_handler=skip),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={name: pa.string() for name in header}, strings_can_be_null=False
            ),
        )
    except pa.ArrowException as error:
        raise refusal(file, f"cannot be read as a table of commas ({first_line(error)})") from None
    frame: pd.DataFrame = table.to_pandas()
    lines = np.setdiff1d(np.arange(2, len(frame) + len(broken) + 2), [line for line, _ in broken])
    if content.count(b"\n") > len(frame) + len(broken) + 1:
        lines = lines + _line_breaks_before(frame)
    filled = np.asarray((frame != "").any(axis=1), dtype=bool) if len(frame) else np.zeros(0, dtype=bool)
    return LogTable(
        file,
        frame[filled].reset_index(drop=True),
        lines[: len(frame)][filled],
        digest,
        tuple(ragged_rows(broken, len(header), file)),
    )


def _line_breaks_before(frame: pd.DataFrame) -> NDArray[np.int64]:
    """Return how many line breaks stand inside quoted values above each row."""
    inside = np.zeros(len(frame), dtype=np.int64)
    for column in frame.columns:
        inside += frame[column].str.count("\n").to_numpy(dtype=np.int64)
    return np.concatenate([[0], np.cumsum(inside)])[: len(frame)]


def ragged_rows(broken: Iterable[tuple[int, int]], columns: int, file: str) -> list[Problem]:
    """Return a problem for each row (line, number of columns) that has another number of columns than the header."""
    rows = list(broken)
    message = (
        "has {} columns where the header has {}; write one value a column, with a value that holds a comma in quotes"
    )
    found = [Problem(file, line, "", message.format(count, columns)) for line, count in rows[:MOST_EXAMPLES]]
    if len(rows) > MOST_EXAMPLES:
        found.insert(0, Problem(file, None, "", f"{len(rows):,} rows have another number of columns than the header"))
    return found


def _text_head(content: bytes, file: str) -> str:
    """Return the first line; raise DocumentError where the file is not UTF-8."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refusal(file, "the text is UTF-16; save it as UTF-8", 1)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise refusal(
            file, f"byte 0x{content[error.start]:02X} is not UTF-8 text; save the file as UTF-8", line
        ) from None
    return re.split(rb"\r\n|\n|\r", content, maxsplit=1)[0].decode("utf-8-sig")


def header_of(line: str, file: str) -> list[str]:
    """Return the names of the columns from the first line; raise DocumentError where they are none, or twice."""
    try:
        names = next(csv.reader([line]), [])
    except csv.Error as error:
        raise refusal(file, f"the header cannot be read ({error}); write the names of the columns", 1) from None
    if not any(name.strip() for name in names):
        raise refusal(file, "the first line is empty; write the names of the columns there", 1)
    if len(names) == 1 and (other := next((mark for mark in ";\t|" if mark in line), None)):
        raise refusal(file, f"the columns are separated by {other!r}; save the file with commas", 1)
    fail_if_twice(names, file, 1)
    return names


def fail_if_twice(names: list[str], file: str, line: int | None) -> None:
    """Raise DocumentError where a column stands twice."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        message = f"the header names {', '.join(map(repr, twice))} twice; keep one column of each name"
        raise refusal(file, message, line)


def first_line(error: BaseException) -> str:
    """Return the first line of a library's message."""
    return str(error).strip().split("\n", 1)[0]
