"""Points: the roll-forward in points and money, their ageing, and the triangle of issue cohorts.

Serves whoever answers for what is owed to members. Each month opens with the close of the one before, by formula.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from .book import Book, rows_of
from .page import Page

FLOWS = (
    ("issued", 1), ("given_back", 1), ("redeemed", -1), ("expired", -1), ("clawed_back", -1), ("converted", 1),
)  # fmt: skip
TITLES = ("Issued", "Given back for returns", "Redeemed", "Expired", "Clawed back", "Converted")
VALUES = ("remeasured", "issued", "given_back", "redeemed", "expired", "clawed_back", "converted")
CLOSING, VALUE, VALUE_CLOSING, AGAIN, ASTRAY = 8, 10, 18, 19, 20


def write_points(book: Book) -> None:
    """Write the roll-forward by month, in points and in money, and compute its money anew from the policy's terms."""
    page, table = book.pages["Points"], book.tables["points"]
    row = page.heading("Points roll-forward, in points and in money", [
        f"Left in points, right in {book.books.currency} at expected cost: face value x expected redemption (see "
        "Assumptions). Closing is opening and all movements; each month opens with the close of the month before.",
        "Redeemed, expired and clawed back are positive and taken off; converted is what a cut-over added. Remeasured: "
        "points brought forward, valued by the new policy instead of the former; and points owed, by a devaluation in "
        "the month.",
    ])  # fmt: skip
    page.widths(10, *[13] * 8, 3, *[14] * 11)
    names = ["Month", "Opening", *TITLES, "Closing", None, "Opening", "Remeasured", *TITLES, "Closing",
             "Closing, computed anew", "Difference"]  # fmt: skip
    page.header(row, names, freeze=1)
    first = row + 1
    for place, one in enumerate(rows_of(table), start=first):
        page.put(place, 0, one.month, "month")
        if place == first:
            page.put(place, 1, int(one.opening), "count")
            page.money(place, VALUE, int(one.opening_value))
        else:
            page.add(place, 1, [(1, page.at(place - 1, CLOSING))], "count formula")
            page.add(place, VALUE, [(1, page.at(place - 1, VALUE_CLOSING))], "money formula")
        for column, (name, _) in enumerate(FLOWS, start=2):
            page.put(place, column, int(getattr(one, name)), "count")
        for column, name in enumerate(VALUES, start=VALUE + 1):
            lost = int(one.devalued_value) if name == "remeasured" else 0
            page.money(place, column, int(getattr(one, f"{name}_value")) + lost)
        terms = [(1, page.at(place, 1)), *((sign, page.at(place, 2 + n)) for n, (_, sign) in enumerate(FLOWS))]
        page.add(place, CLOSING, terms, "count total")
        worth = [(1, page.at(place, VALUE)), (1, page.at(place, VALUE + 1))]
        worth += [(sign, page.at(place, VALUE + 2 + n)) for n, (_, sign) in enumerate(FLOWS)]
        page.add(place, VALUE_CLOSING, worth)
        _write_anew(book, page, place, one.month)
    last = first + len(table) - 1
    _write_sums(page, first, last)
    _tie_out(book, page, first, last)


def _write_anew(book: Book, page: Page, row: int, month: pd.Timestamp) -> None:
    """Compute the closing value from the closing points, whole cents, fractions dropped."""
    is_devalued = book.books.promised_in(month) is not book.books.policy
    value_of_points = "point value after" if is_devalued else "point value"
    points, value = page.at(row, CLOSING), page.at(row, VALUE_CLOSING)
    pays, worth, rate = (book.places[name] for name in (value_of_points, "points that pay", "expected redemption"))
    exact = points.value * pays.value / worth.value * rate.value if worth.value else 0.0
    anew = page.formula(
        row, AGAIN, f"IF({worth.ref}=0,0,INT(ROUND({points.here}*{pays.ref}/{worth.ref}*{rate.ref}*100,4))/100)",
        int(round(exact * 100, 4) // 1) / 100, "money formula",
    )  # fmt: skip
    page.add(row, ASTRAY, [(1, value), (-1, anew)], "money formula")


def _write_sums(page: Page, first: int, last: int) -> None:
    row = last + 1
    page.put(row, 0, "Sum", "text total")
    for column in range(2, 2 + len(FLOWS)):
        page.sum_down(row, column, first, last, "count total")
    for column in range(VALUE + 1, VALUE_CLOSING):
        page.sum_down(row, column, first, last)
    cells = f"{page.at(first, ASTRAY).here}:{page.at(last, ASTRAY).here}"
    astray = sum(abs(page.at(one, ASTRAY).value) for one in range(first, last + 1))
    page.formula(row, ASTRAY, f"SUMPRODUCT(ABS({cells}))", round(astray, 6), "money total")


def _tie_out(book: Book, page: Page, first: int, last: int) -> None:
    """Hand in the checks of the roll-forward, and its cells for other sheets."""
    nothing = page.money(last + 3, ASTRAY, 0, "money formula")
    page.put(last + 3, AGAIN, "must be", "text")
    book.check("Money of each month's closing points, computed anew = the roll-forward in money",
               page.at(last + 1, ASTRAY), nothing)  # fmt: skip
    book.places["points closing"] = page.at(last, CLOSING)
    book.places["points redeemed"] = page.at(last + 1, 4)
    book.places["provision opening"] = page.at(first, VALUE)
    book.places["provision closing"] = page.at(last, VALUE_CLOSING)
    for place, one in enumerate(book.months, start=first):
        book.places[f"redeemed {one:%Y-%m}"] = page.at(place, 4)


def write_ageing(book: Book) -> None:
    """Write the points of the last month end by the month in which they can be used last."""
    page, table = book.pages["Ageing"], book.tables["ageing"]
    end = book.months[-1]
    row = page.heading(f"Points by month of expiry, at the end of {end:%Y-%m}", [
        f"Value in {book.books.currency} at expected cost. Pending points cannot be used yet; a debt is negative.",
    ])  # fmt: skip
    page.widths(24, 14, 16, 16, 14)
    page.header(row, ["Last month of use", "Kind", "Points", "Value", "Share of points"], freeze=1)
    rows = table[table["month"] == end]
    first, total = row + 1, row + 1 + len(rows)
    for place, one in enumerate(rows_of(rows), start=first):
        page.put(place, 0, "-" if pd.isna(one.last_month) else f"{one.last_month:%Y-%m}", "text")
        page.put(place, 1, str(one.kind), "text")
        page.put(place, 2, int(one.points), "count")
        page.money(place, 3, int(one.value))
        share = int(one.points) / int(rows["points"].sum()) if rows["points"].sum() else 0.0
        cells = page.at(place, 2).here, page.at(total, 2).here
        page.formula(place, 4, f"IF({cells[1]}=0,0,{cells[0]}/{cells[1]})", share, "share formula")
    page.put(total, 0, "All points", "text total")
    page.put(total, 1, "", "text total")
    points = page.sum_down(total, 2, first, total - 1, "count total")
    value = page.sum_down(total, 3, first, total - 1)
    page.sum_down(total, 4, first, total - 1, "share total")
    book.check("Points of the ageing = closing points of the roll-forward", points, book.places["points closing"])
    book.check("Value of the ageing = closing value of the roll-forward", value, book.places["provision closing"])


def write_cohorts(book: Book) -> None:
    """Write the triangle: points redeemed by month of issue and month of use, with what became of the rest."""
    page, table = book.pages["Cohorts"], book.tables["triangle"]
    row = page.heading("Issue cohorts: points redeemed by month", [
        "A row is the month in which points entered balances, a column the month in which they were used.",
        "Left at the end = brought forward + entered + moved in - redeemed - expired - clawed back.",
    ])  # fmt: skip
    months = book.months
    ends = ["Brought forward", "Entered", "Moved in", "Redeemed", "Expired", "Clawed back", "Left at the end"]
    page.widths(11, *[9.5] * len(months), *[12] * len(ends))
    page.header(row, ["Issued", *months, *ends], freeze=1)
    page.print_wide(1 + len(months) // 20)
    cohorts = sorted(set(table["cohort"]))
    first, side = row + 1, 1 + len(months)
    used: Any = table.pivot_table(index="cohort", columns="month", values="redeemed", aggfunc="sum", fill_value=0)
    sums: Any = table.groupby("cohort")[["entered", "moved_in", "expired", "clawed_back"]].sum()
    opening: Any = table[table["month"] == months[0]].set_index("cohort")["opening"]
    for place, cohort in enumerate(cohorts, start=first):
        page.put(place, 0, cohort, "month")
        for column, month in enumerate(months, start=1):
            points = int(used.at[cohort, month]) if month in used.columns else 0
            if points or month >= cohort:
                page.put(place, column, points, "count")
        page.put(place, side, int(opening.get(cohort, 0)), "count")
        page.put(place, side + 1, int(sums.at[cohort, "entered"]), "count")
        page.put(place, side + 2, int(sums.at[cohort, "moved_in"]), "count")
        page.sum_across(place, side + 3, 1, side - 1, "count formula")
        page.put(place, side + 4, int(sums.at[cohort, "expired"]), "count")
        page.put(place, side + 5, int(sums.at[cohort, "clawed_back"]), "count")
        signs = (1, 1, 1, -1, -1, -1)
        page.add(place, side + 6, [(sign, page.at(place, side + n)) for n, sign in enumerate(signs)], "count formula")
    total = first + len(cohorts)
    page.put(total, 0, "All", "text total")
    for column in range(1, side + 7):
        page.sum_down(total, column, first, total - 1, "count total")
    book.check("Points redeemed by all cohorts = points redeemed in the roll-forward", page.at(total, side + 3),
               book.places["points redeemed"])  # fmt: skip
    for column, month in enumerate(months, start=1):
        book.check(f"Points redeemed by all cohorts in {month:%Y-%m} = the roll-forward", page.at(total, column),
                   book.places[f"redeemed {month:%Y-%m}"])  # fmt: skip
    left = table[table["month"] == months[-1]].set_index("cohort")["closing"]
    page.put(total + 1, 0, "Lots at the last month end", "text")
    lots = page.put(total + 1, side + 6, int(left.sum()), "count")
    book.check("Points left of all cohorts = lots at the last month end", page.at(total, side + 6), lots)
