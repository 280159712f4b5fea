"""A sheet that remembers what stands in its cells, so that every formula carries the value that it will have.

Serves the sheets of the workbook. Readers that do not calculate (previews, pandas) show the value kept beside a
formula; a spreadsheet calculates it anew, and a test holds both against each other. Money comes in as cents and stands
in currency units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_rowcol_to_cell

from .formats import Formats

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

Number = float | int
A3 = 8
LETTERS, BOLD, LINE_HEIGHT = 1.15, 1.25, 13
"""Letters of running text that fit into one unit of a column's width, units for a letter of a head, and the height of a
line in points.
"""


@dataclass(frozen=True, slots=True)
class Place:
    """One cell: its page, row and column, counted from 0."""

    page: Page
    row: int
    column: int

    @property
    def here(self) -> str:
        """Return its address within the sheet: `C5`."""
        return str(xl_rowcol_to_cell(self.row, self.column))

    @property
    def ref(self) -> str:
        """Return its address from any sheet: `'Bridge'!$C$5`."""
        return f"'{self.page.name}'!{xl_rowcol_to_cell(self.row, self.column, row_abs=True, col_abs=True)}"

    @property
    def value(self) -> Number:
        """Return the number in it; 0 for an empty cell."""
        return self.page.values.get((self.row, self.column), 0)


class Page:
    """One sheet: writes cells, keeps their numbers, and knows how it is printed."""

    def __init__(self, sheet: Worksheet, name: str, formats: Formats, footer: str) -> None:
        self.name = name
        self.formats = formats
        self.values: dict[tuple[int, int], Number] = {}
        self.texts: dict[tuple[int, int], str] = {}
        self._widths: dict[int, float] = {}
        self._lines: dict[int, int] = {}
        self._sheet = sheet
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(A3)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer(f"&L&8{footer}&C&8&A&R&8Page &P of &N")

    def heading(self, title: str, notes: Sequence[str] = ()) -> int:
        """Write the title and notes on top, and return the row below them, with one left free."""
        self._sheet.write_string(0, 0, title, self.formats["title"])
        for row, note in enumerate(notes, start=1):
            self._sheet.write_string(row, 0, note, self.formats["note"])
        return len(notes) + 2

    def widths(self, *widths: float) -> None:
        """Set the widths of the first columns, in characters."""
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)
            self._widths[column] = width

    def header(self, row: int, labels: Sequence[object], *, freeze: int | None = None) -> None:
        """Write the head of a table; with `freeze` it stays in sight and on every printed page, and so do the first
        columns.
        """
        for column, label in enumerate(labels):
            if label is not None:
                kind = "head" if isinstance(label, str) else "head month"
                self._write(row, column, label, kind)
        told = [(label, self._widths.get(column, 10)) for column, label in enumerate(labels) if isinstance(label, str)]
        self._sheet.set_row(row, LINE_HEIGHT * max(ceil(len(label) * BOLD / width) for label, width in told) + 4)
        if freeze is not None:
            self._sheet.freeze_panes(row + 1, freeze)
            self._sheet.repeat_rows(row)

    def put(self, row: int, column: int, value: object, kind: str) -> Place:
        """Write a text, a month or a number as it is; a wrapped text makes its row as high as it needs."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            self.values[row, column] = value
        elif isinstance(value, str):
            self.texts[row, column] = value
            if kind == "wrapped":
                lines = ceil(len(value) / (LETTERS * self._widths.get(column, 10)))
                self._lines[row] = max(lines, self._lines.get(row, 1))
                self._sheet.set_row(row, LINE_HEIGHT * self._lines[row] + 2)
        self._write(row, column, value, kind)
        return Place(self, row, column)

    def money(self, row: int, column: int, cents: Number, kind: str = "money") -> Place:
        """Write an amount of cents in currency units."""
        return self.put(row, column, cents / 100, kind)

    def formula(self, row: int, column: int, formula: str, value: Number | bool | str, kind: str) -> Place:
        """Write a formula with the value that it has."""
        if not isinstance(value, str):
            self.values[row, column] = value
        self._sheet.write_formula(row, column, f"={formula}", self.formats[kind], value)
        return Place(self, row, column)

    def sum_down(self, row: int, column: int, first: int, last: int, kind: str = "money total") -> Place:
        """Write the sum of the rows `first` to `last` of the column; 0 where there are none."""
        if last < first:
            return self.formula(row, column, "0", 0, kind)
        cells = f"SUM({Place(self, first, column).here}:{Place(self, last, column).here})"
        return self.formula(row, column, cells, self._sum(first, last, column, column), kind)

    def sum_across(self, row: int, column: int, first: int, last: int, kind: str = "money total") -> Place:
        """Write the sum of the columns `first` to `last` of the row."""
        cells = f"SUM({Place(self, row, first).here}:{Place(self, row, last).here})"
        return self.formula(row, column, cells, self._sum(row, row, first, last), kind)

    def add(self, row: int, column: int, terms: Sequence[tuple[int, Place]], kind: str = "money total") -> Place:
        """Write the sum of single cells, each with its sign."""
        told, value = "", 0.0
        for sign, place in terms:
            address = place.here if place.page is self else place.ref
            told += ("+" if sign > 0 else "-") + address
            value += sign * place.value
        return self.formula(row, column, told.removeprefix("+"), _clean(value), kind)

    def at(self, row: int, column: int) -> Place:
        """Return a cell of this page."""
        return Place(self, row, column)

    def chart(self, row: int, column: int, chart: Any) -> None:
        """Put a chart with its upper left corner on a cell."""
        self._sheet.insert_chart(row, column, chart)

    def print_wide(self, pages: int) -> None:
        """Print over so many pages side by side, each with the first column."""
        self._sheet.fit_to_pages(pages, 0)
        self._sheet.repeat_columns(0)

    def link(self, row: int, column: int, page: str, told: str) -> None:
        """Write a link to another sheet."""
        self._sheet.write_url(row, column, f"internal:'{page}'!A1", self.formats["link"], told)

    def mark_truth(self, row: int, column: int, last: int) -> None:
        """Colour TRUE green and FALSE red in a column."""
        for criterion, kind in ((True, "true"), (False, "false")):
            told = {"type": "cell", "criteria": "==", "value": str(criterion).upper(), "format": self.formats[kind]}
            self._sheet.conditional_format(row, column, last, column, told)

    def breaks_before(self, *rows: int) -> None:
        """Begin a new printed page at each of these rows."""
        self._sheet.set_h_pagebreaks(list(rows))

    def _sum(self, first: int, last: int, left: int, right: int) -> Number:
        cells = [(row, column) for row in range(first, last + 1) for column in range(left, right + 1)]
        return _clean(sum(self.values.get(cell, 0) for cell in cells))

    def _write(self, row: int, column: int, value: Any, kind: str) -> None:
        shown = self.formats[kind]
        if value is None or value != value:  # noqa: PLR0124 - not a number
            self._sheet.write_blank(row, column, None, shown)
        elif isinstance(value, bool | str):
            self._sheet.write_string(row, column, str(value), shown)
        elif isinstance(value, int | float):
            self._sheet.write_number(row, column, value, shown)
        else:
            self._sheet.write_datetime(row, column, value.to_pydatetime(), shown)


def _clean(value: Number) -> Number:
    """Return a sum without the last bits of floats; means keep what counts when they are multiplied by many."""
    return value if isinstance(value, int) else round(value, 10)
