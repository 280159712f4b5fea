"""What a benchmark hands over: tables of figures and the marks that they are judged by.

Serves the terminal, the JSON file and docs/benchmarks.md, which show the same tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """One table; `note` says in a sentence or two what was measured."""

    title: str
    note: str
    columns: tuple[str, ...]
    rows: list[list[Cell]]


@dataclass(frozen=True, slots=True)
class Mark:
    """One figure against its mark; `at_least`: more is better; `measured` is None where it was left out."""

    name: str
    measured: float | None
    limit: float
    unit: str
    at_least: bool = False

    @property
    def verdict(self) -> str:
        """Return pass, MISS, or not measured."""
        if self.measured is None:
            return "not measured"
        met = self.measured >= self.limit if self.at_least else self.measured <= self.limit
        return "pass" if met else "MISS"

    @property
    def row(self) -> list[Cell]:
        """Return name, measured figure, mark and verdict."""
        sign = ">=" if self.at_least else "<="
        return [self.name, self.measured, f"{sign} {self.limit:g} {self.unit}", self.verdict]


@dataclass(slots=True)
class Figures:
    """All that one run of the benchmarks has found."""

    machine: dict[str, str]
    command: str
    tables: list[Table] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        """Return everything as plain data for a JSON file."""
        return {
            "machine": self.machine,
            "command": self.command,
            "marks": [
                {"name": mark.name, "measured": mark.measured, "limit": mark.limit, "unit": mark.unit,
                 "at_least": mark.at_least, "verdict": mark.verdict}
                for mark in self.marks
            ],
            "tables": [
                {"title": table.title, "note": table.note,
                 "rows": [dict(zip(table.columns, row, strict=True)) for row in table.rows]}
                for table in self.tables
            ],
        }  # fmt: skip


def written(cell: Cell) -> str:
    """Return a cell as text: three digits that count, thousands apart, a dash for nothing."""
    if cell is None:
        return "-"
    if isinstance(cell, float):
        digits = 0 if abs(cell) >= 100 else 1 if abs(cell) >= 10 else 2 if abs(cell) >= 1 else 3
        return f"{cell:,.{digits}f}"
    return f"{cell:,}" if isinstance(cell, int) else cell
