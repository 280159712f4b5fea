"""The bridge from list value to contribution margin: by month on one sheet, by tier on the next.

Serves finance's first question. Lines that never moved are left out; every total is a formula over the lines above it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from .book import Book, state_named
from .page import Page, Place

MONTHS_A_PAGE = 13


def write_bridge(book: Book) -> None:
    """Write the bridge by month, with a sum over the months at the right."""
    page, table = book.pages["Bridge"], book.tables["bridge"]
    row = page.heading("From list value to contribution margin, by month", [
        f"{book.books.currency}. Income is positive, what is given away or spent is negative; bold lines are the sum "
        "of all lines above them.",
        "Blue figures come from the run's ledger, black ones are formulas. Lines that never moved are left out.",
    ])  # fmt: skip
    wide: Any = table.pivot_table(index="line", columns="month", values="amount", aggfunc="sum", sort=False)
    lines = _lines(table)
    columns = {month: 1 + place for place, month in enumerate(book.months)}
    last = 1 + len(book.months)
    page.widths(34, *[13.5] * len(book.months), 15)
    page.header(row, ["Line", *book.months, "Total"], freeze=1)
    page.print_wide(1 + len(book.months) // MONTHS_A_PAGE)
    amounts = {line: [wide.at[line, month] for month in columns] for line, _, _ in lines}
    places = _write_lines(page, row + 1, lines, amounts, last)
    for line, place in places.items():
        book.places[f"bridge {line}"] = place


def write_bridge_by_tier(book: Book) -> None:
    """Write the bridge of the whole period by tier and paid membership, and tie it to the bridge by month."""
    page, table = book.pages["Bridge by tier"], book.tables["bridge_by_state"]
    row = page.heading("From list value to contribution margin, by tier and paid membership", [
        f"{book.books.currency}, whole period. Signs as in the bridge. A state is that of the day on which something "
        "was booked; 'guest' are first orders.",
        "The rise of the points liability in a state contains points that members took along when they moved.",
    ])  # fmt: skip
    states = book.states(table)
    wide: Any = table.pivot_table(index="line", columns=["tier", "paid_membership"], values="amount", aggfunc="sum")
    lines = _lines(book.tables["bridge"])
    last = 1 + len(states)
    page.widths(34, *[15] * len(states), 16)
    page.header(row, ["Line", *map(state_named, states), "Total"], freeze=1)
    amounts = {
        line: [int(wide.at[line, state]) if line in wide.index and pd.notna(wide.at[line, state]) else 0
               for state in states]
        for line, _, _ in lines
    }  # fmt: skip
    places = _write_lines(page, row + 1, lines, amounts, last)
    for line, title, is_total in lines:
        if is_total:
            rule = f"{title}: the bridge by month = the bridge by tier"
            book.check(rule, book.places[f"bridge {line}"], places[line])


def _lines(table: pd.DataFrame) -> list[tuple[str, str, bool]]:
    """Return name, title and whether it is a total of each line that moved, in the order of the bridge."""
    moved = table.groupby("line", sort=False)["amount"].apply(lambda amounts: bool(amounts.abs().sum()))
    first = table.drop_duplicates("line")
    return [
        (str(line), str(title), bool(is_total))
        for line, title, is_total in zip(first["line"], first["title"], first["is_total"], strict=True)
        if is_total or moved[line]
    ]


def _write_lines(
    page: Page, row: int, lines: Sequence[tuple[str, str, bool]], amounts: dict[str, list[int]], last: int
) -> dict[str, Place]:
    """Write the lines from `row` on, with the sum of each in column `last`; return these sums by line."""
    places: dict[str, Place] = {}
    total_row, first = None, row
    for line, title, is_total in lines:
        page.put(row, 0, title, "text total" if is_total else "text")
        for place, cents in enumerate(amounts[line], start=1):
            if is_total:
                _write_total(page, row, place, total_row, first)
            else:
                page.money(row, place, int(cents))
        if is_total:
            places[line] = _write_total(page, row, last, total_row, first)
            total_row, first = row, row + 1
        else:
            places[line] = page.sum_across(row, last, 1, last - 1, "money formula")
        row += 1
    return places


def _write_total(page: Page, row: int, column: int, total_row: int | None, first: int) -> Place:
    """Write a running total: the one before it and the sum of the lines since."""
    if total_row is None:
        return page.sum_down(row, column, first, row - 1)
    before = page.at(total_row, column)
    if first > row - 1:
        return page.add(row, column, [(1, before)])
    lines = page.values
    value = round(before.value + sum(lines.get((one, column), 0) for one in range(first, row)), 6)
    cells = f"{before.here}+SUM({page.at(first, column).here}:{page.at(row - 1, column).here})"
    return page.formula(row, column, cells, value, "money total")
