"""A table of a source as a stream of blocks with their places in the file, so that any size is read in bounded memory.

Serves the import. A first reading takes the digest and sees that the text is UTF-8; a second gives the rows. CSV values
stay text, so that a message can show what was written; Parquet values keep their types.
"""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray

from memberlab.policies import Problem

from ..calibration.log_table import fail_if_no_table, fail_if_twice, first_line, header_of, ragged_rows, refusal

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much is done and how much there is."""

BLOCK_BYTES = 8 << 20
BLOCK_ROWS = 1 << 17


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a table in a row; `places` are lines from 1 of a text file, or rows from 0 of another."""

    rows: pa.RecordBatch
    places: NDArray[np.int64]


@dataclass(slots=True)
class SourceTable:
    """A table to be imported: a CSV or Parquet file, or a data frame that an adapter has made."""

    table: str
    """Name of the table in the schema."""
    file: str
    """How messages call it."""
    path: Path | None = None
    frame: pd.DataFrame | None = None
    sha256: str = ""
    """Digest of the file; known after `inspect` where it is not given."""
    faults: list[Problem] = field(default_factory=list)
    """Rows that could not be read as rows; known after the last block."""
    has_quotes: bool = False

    @property
    def has_lines(self) -> bool:
        """Whether rows have lines, as those of a text file."""
        return self.path is not None and self.path.suffix.lower() == ".csv"

    @property
    def size(self) -> int:
        """Bytes of the file, 0 for a data frame."""
        return 0 if self.path is None else self.path.stat().st_size

    def inspect(self, progress: Progress) -> None:
        """Read the file once: take its digest, see that it can be read.

        Raise DocumentError for a file that is missing, empty, of another kind, or not UTF-8.
        """
        if self.path is None:
            return
        fail_if_no_table(self.path, self.file)
        digest, decode = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
        done = lines = 0
        with self.path.open("rb") as file:
            while content := file.read(1 << 20):
                digest.update(content)
                if self.has_lines:
                    self._fail_if_not_text(content, decode, lines, first=not done)
                    self.has_quotes |= b'"' in content
                    lines += content.count(b"\n")
                done += len(content)
                progress(f"looking at {self.path.name}", done, self.size)
        if self.has_lines:
            self._fail_if_not_text(b"", decode, lines, first=False)
        self.sha256 = digest.hexdigest()

    def _fail_if_not_text(self, content: bytes, decode: codecs.IncrementalDecoder, lines: int, *, first: bool) -> None:
        if first and content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise refusal(self.file, "the text is UTF-16; save it as UTF-8", 1)
        try:
            decode.decode(content, final=not content)
        except UnicodeDecodeError as error:
            line = lines + error.object.count(b"\n", 0, error.start) + 1
            message = f"byte 0x{error.object[error.start]:02X} is not UTF-8 text; save the file as UTF-8"
            raise refusal(self.file, message, line) from None

    def columns(self) -> list[str]:
        """Return the names of the columns; raise DocumentError for a header that cannot be used."""
        if self.frame is not None:
            return [str(name) for name in self.frame.columns]
        assert self.path is not None
        if self.has_lines:
            with self.path.open("rb") as file:
                head = file.readline(1 << 20).split(b"\r")[0].rstrip(b"\n")
            return header_of(head.decode("utf-8-sig"), self.file)
        try:
            names = [str(name) for name in pyarrow.parquet.read_schema(self.path).names]
        except (pa.ArrowException, OSError) as error:
            message = f"is not a Parquet file that can be read ({first_line(error)})"
            raise refusal(self.file, message) from None
        fail_if_twice(names, self.file, None)
        return names

    def blocks(self, wanted: list[str], progress: Progress) -> Iterator[Block]:
        """Yield the rows with the columns `wanted`, in the order of the file; empty lines are passed over."""
        if self.frame is not None:
            yield from self._frame_blocks(wanted)
        elif self.has_lines:
            yield from self._text_blocks(wanted, progress)
        else:
            yield from self._parquet_blocks(wanted, progress)

    def _frame_blocks(self, wanted: list[str]) -> Iterator[Block]:
        assert self.frame is not None
        for start in range(0, len(self.frame), BLOCK_ROWS):
            part = self.frame[wanted].iloc[start : start + BLOCK_ROWS]
            yield Block(pa.RecordBatch.from_pandas(part, preserve_index=False), np.arange(start, start + len(part)))

    def _parquet_blocks(self, wanted: list[str], progress: Progress) -> Iterator[Block]:
        assert self.path is not None
        done = 0
        try:
            file = pyarrow.parquet.ParquetFile(self.path)
            for batch in file.iter_batches(BLOCK_ROWS, columns=wanted):
                yield Block(batch.select(wanted), np.arange(done, done + batch.num_rows))
                done += batch.num_rows
                progress(f"reading {self.path.name}", done, file.metadata.num_rows)
        except (pa.ArrowException, OSError) as error:
            raise refusal(self.file, f"cannot be read as a table ({first_line(error)})") from None

    def _text_blocks(self, wanted: list[str], progress: Progress) -> Iterator[Block]:
        assert self.path is not None
        header = self.columns()
        broken: list[tuple[int, int]] = []
        numbering = _Numbering(broken, self.has_quotes)
        try:
            with self.path.open("rb") as raw, pyarrow.csv.open_csv(
                raw,
                read_options=pyarrow.csv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES),
                parse_options=pyarrow.csv.ParseOptions(
                    ignore_empty_lines=False,
                    newlines_in_values=self.has_quotes,
                    invalid_row_handler=numbering.skip,
                ),
                convert_options=pyarrow.csv.ConvertOptions(
                    column_types={name: pa.string() for name in header}, strings_can_be_null=False
                ),
            ) as reader:  # fmt: skip
                for batch in reader:
                    lines = numbering.lines_of(batch)
                    filled = _filled(batch)
                    yield Block(batch.select(wanted).filter(filled), lines[np.asarray(filled)])
                    progress(f"reading {self.path.name}", raw.tell(), self.size)
        except pa.ArrowException as error:
            raise refusal(self.file, f"cannot be read as a table of commas ({first_line(error)})") from None
        self.faults = ragged_rows(broken, len(header), self.file)


class _Numbering:
    """Lines of the rows of a text, block by block, past rows that were skipped and line breaks inside values."""

    def __init__(self, broken: list[tuple[int, int]], has_quotes: bool) -> None:
        self.broken = broken
        self.has_quotes = has_quotes
        self.next_row = 2
        self.passed = 0
        self.inside = 0

    def skip(self, row: Any) -> str:
        """Note a row with another number of columns than the header, and skip it."""
        self.broken.append((int(row.number), int(row.actual_columns)))
        return "skip"

    def lines_of(self, batch: pa.RecordBatch) -> NDArray[np.int64]:
        count = batch.num_rows
        ahead = [row for row, _ in self.broken[self.passed :]]
        numbers = np.arange(self.next_row, self.next_row + count + len(ahead))
        numbers = numbers[~np.isin(numbers, ahead)][:count]
        if count:
            self.next_row = int(numbers[-1]) + 1
            self.passed += int(np.searchsorted(ahead, self.next_row))
        if not self.has_quotes:
            return numbers
        breaks = np.zeros(count, dtype=np.int64)
        for column in batch.columns:
            breaks += np.asarray(pc.count_substring(column, "\n"), dtype=np.int64)
        lines: NDArray[np.int64] = numbers + self.inside + np.r_[0, np.cumsum(breaks)][:count]
        self.inside += int(breaks.sum())
        return lines


def _filled(batch: pa.RecordBatch) -> pa.Array:
    filled = pa.array(np.zeros(batch.num_rows, dtype=bool))
    for column in batch.columns:
        filled = pc.or_(filled, pc.not_equal(column, ""))
    return filled
