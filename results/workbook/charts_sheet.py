"""The sheet of charts: the margin bridge as a waterfall, and what is owed for points month by month.

Serves whoever opens the workbook to look before reading. Charts are the spreadsheet's own and draw cells: what stands
beside them are formulas over the other sheets, so they move with every figure. Colours are those of all pictures.
"""

from __future__ import annotations

from typing import Any

from xlsxwriter.workbook import Workbook

from ..picture_style import COLOURS
from .book import Book
from .page import Page, Place

HEADS = ("Line", "Amount", "Stands on", "Total", "Adds", "Takes", "Runs to")
SIZE = {"width": 860, "height": 420}
BESIDE = 8
"""Column in which the charts begin."""
ROWS_OF_A_CHART = 23


def write_charts(book: Book, workbook: Workbook) -> None:
    """Write the cells that the charts draw, and the charts beside them."""
    page = book.pages["Charts"]
    row = page.heading("Charts", [
        f"{book.books.currency}, whole period. The cells on the left are formulas over the other sheets, and the "
        "charts draw these cells.",
    ])  # fmt: skip
    page.widths(34, *[14] * (len(HEADS) - 1))
    page.header(row, HEADS, freeze=1)
    last = _write_steps(book, page, row + 1)
    page.chart(row, BESIDE, _waterfall(book, workbook, row + 1, last))
    if "liability first" in book.places:
        page.chart(row + ROWS_OF_A_CHART, BESIDE, _liability(book, workbook))


def _write_steps(book: Book, page: Page, row: int) -> int:
    """Write a row a line of the bridge: its amount, and the parts of its bar; return the last row."""
    table = book.tables["bridge"]
    totals = set(table.loc[table["is_total"], "line"])
    titles = dict(zip(table["line"], table["title"], strict=True))
    lines = [name.removeprefix("bridge ") for name in book.places if name.startswith("bridge ")]
    before = None
    for place, line in enumerate(lines, start=row):
        source = book.places[f"bridge {line}"]
        page.put(place, 0, titles[line], "text")
        amount = page.formula(place, 1, source.ref, source.value, "money formula")
        before = _write_parts(page, place, amount, before, is_total=line in totals)
    return row + len(lines) - 1


def _write_parts(page: Page, row: int, amount: Place, before: Place | None, *, is_total: bool) -> Place:
    """Write on what a bar stands and how high it is as a total, a rise or a fall; return where the next one begins.

    Below zero nothing can be stacked: bars then stand on zero.
    """
    ran = 0.0 if before is None else before.value
    start = "0" if before is None else before.here
    running = amount.value if is_total else round(ran + amount.value, 2)
    end = page.formula(row, 6, amount.here if is_total else f"{start}+{amount.here}", running, "money formula")
    base = 0.0 if is_total else max(0.0, min(ran, running))
    parts = (
        (f"MAX(0,MIN({start},{end.here}))" if not is_total else "0", base),
        (amount.here if is_total else "0", amount.value if is_total else 0.0),
        ("0" if is_total else f"MAX(0,{amount.here})", 0.0 if is_total else max(0.0, amount.value)),
        ("0" if is_total else f"MAX(0,-{amount.here})", 0.0 if is_total else max(0.0, -amount.value)),
    )
    for column, (formula, value) in enumerate(parts, start=2):
        page.formula(row, column, formula, value, "money formula")
    return end


def _waterfall(book: Book, workbook: Workbook, first: int, last: int) -> Any:
    chart = workbook.add_chart({"type": "column", "subtype": "stacked"})
    for column, colour in ((2, None), (3, COLOURS["total"]), (4, COLOURS["up"]), (5, COLOURS["down"])):
        fill = {"none": True} if colour is None else {"color": colour}
        chart.add_series({
            "name": ["Charts", first - 1, column], "categories": ["Charts", first, 0, last, 0],
            "values": ["Charts", first, column, last, column], "fill": fill, "border": {"none": True}, "gap": 40,
        })  # fmt: skip
    chart.set_title({"name": "From list value to contribution margin"})
    chart.set_y_axis({"name": book.books.currency, "num_format": "#,##0", "major_gridlines": {"visible": True}})
    chart.set_x_axis({"num_font": {"rotation": -45}})
    chart.set_legend({"position": "bottom", "delete_series": [0]})
    chart.set_size(SIZE)
    return chart


def _liability(book: Book, workbook: Workbook) -> Any:
    """Draw the contract liability beside the provision, each with a line and a marker of its own."""
    first, last = (book.places[f"liability {end}"].row for end in ("first", "closing"))
    chart = workbook.add_chart({"type": "line"})
    for title, column, colour, marker, dash in (
        ("Contract liability", 4, COLOURS["total"], "circle", "solid"),
        ("Provision", 9, COLOURS["down"], "square", "dash"),
    ):
        chart.add_series({
            "name": title, "categories": ["Contract liability", first, 0, last, 0],
            "values": ["Contract liability", first, column, last, column],
            "line": {"color": colour, "width": 2.25, "dash_type": dash},
            "marker": {"type": marker, "size": 6, "fill": {"color": colour}, "border": {"color": colour}},
        })  # fmt: skip
    chart.set_title({"name": "What is owed for points at each month's end"})
    chart.set_x_axis({"num_format": "yyyy-mm", "text_axis": True})
    chart.set_y_axis({"name": book.books.currency, "num_format": "#,##0", "min": 0})
    chart.set_legend({"position": "bottom"})
    chart.set_size(SIZE)
    return chart
