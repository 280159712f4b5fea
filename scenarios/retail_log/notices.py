"""What the import notices of a sound log: a sentence, and examples by place and hashed customer.

Serves the observations and the data report.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from ..calibration.log_table import MOST_EXAMPLES
from .database import LogDatabase


@dataclass(frozen=True, slots=True)
class Notice:
    """One observation: which check made it, the sentence, and at most 20 examples."""

    check: str
    message: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """First and last day of a log."""

    first: datetime.date
    last: datetime.date

    @property
    def days(self) -> int:
        """Length, days."""
        return (self.last - self.first).days + 1


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: `1 day`, `1,200 days`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def examples_of(database: LogDatabase, query: str, text: str) -> tuple[str, ...]:
    """Return the rows of a query in words, at most 20; `{at}` is the place of a row of trips in its file."""
    source = database.tables["trips"].source
    rows = database.rows(f"{query} LIMIT {MOST_EXAMPLES}")
    name = Path(source.file).name
    where = f"{name}:" if source.has_lines else f"{name} row "
    return tuple(text.format(at=f"{where}{row['place']}" if "place" in row else "", **row) for row in rows)
