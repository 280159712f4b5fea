"""The sheet of checks: every pair of figures that must be equal, and whether it is.

Serves whoever signs. Above stand checks between cells of this workbook, calculated by the spreadsheet; below those of
the run and the statements, with both sides as the lab found them.
"""

from __future__ import annotations

from .book import Book, rows_of
from .page import Place


def write_checks(book: Book) -> Place:
    """Write all checks, and return the cell that is TRUE when each of them is."""
    page, table = book.pages["Checks"], book.tables["checks"]
    row = page.heading("Checks", [
        "A check is TRUE when both sides are equal, to the cent and to the point. Change a figure of a statement, and "
        "the checks that it takes part in turn FALSE.",
    ])  # fmt: skip
    page.widths(90, 22, 22, 20, 20, 10)
    page.put(row, 0, "All checks hold", "label")
    overall = row
    row += 2
    page.put(row, 0, "Between cells of this workbook", "section")
    page.header(row + 1, ["What must be equal", "Left side is", "Right side is", "Left", "Right", "Holds"])
    first = row + 2
    for place, check in enumerate(book.checks, start=first):
        page.put(place, 0, check.rule, "text")
        sides = []
        for column, side in ((1, check.left), (2, check.right)):
            page.put(place, column, f"{side.page.name}!{side.here}", "text")
            sides.append(page.formula(place, column + 2, side.ref, side.value, "decimal formula"))
        page.formula(place, 5, f"ROUND({sides[0].here}-{sides[1].here},2)=0", check.holds, "truth")
    last = first + len(book.checks) - 1
    row = last + 2
    page.put(row, 0, "Of the run and of its statements, both sides as the lab found them (cents, points, counts)",
             "section")  # fmt: skip
    page.header(row + 1, ["What must be equal", "Check", "", "Left", "Right", "Holds"])
    begin = row + 2
    for place, one in enumerate(rows_of(table), start=begin):
        page.put(place, 0, str(one.rule), "wrapped")
        page.put(place, 1, str(one.name), "text")
        left, right = page.put(place, 3, int(one.left), "count"), page.put(place, 4, int(one.right), "count")
        page.formula(place, 5, f"{left.here}={right.here}", bool(one.left == one.right), "truth")
    end = begin + len(table) - 1
    for top, bottom in ((overall, overall), (first, last), (begin, end)):
        page.mark_truth(top, 5, bottom)
    ranges = ",".join(
        f"{page.at(one, 5).here}:{page.at(other, 5).here}" for one, other in ((first, last), (begin, end))
    )
    truths = [bool(page.at(one, 5).value) for one in (*range(first, last + 1), *range(begin, end + 1))]
    return page.formula(overall, 5, f"AND({ranges})", all(truths), "truth")
