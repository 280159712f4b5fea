"""Who pays for whom: unit economics by tier, paid members by use, and shoppers by prior spend and enrolment.

Serves whoever prices the membership. Figures a shopper come from shoppers' own accounts over the whole run; means over
groups, lifetime value and payback are formulas over them.
"""

from __future__ import annotations

import pandas as pd

from ..finance.people_statements import DISCOUNT_RATE
from .book import Book, rows_of, state_named
from .page import Page, Place

UNIT = ("Shoppers", "Orders", "GMV", "Margin before benefits", "Benefit cost", "Margin", "Retention", "Lifetime value",
        "Payback, months", "Margin beyond the twin")  # fmt: skip
SHOPPERS, BEFORE, BENEFIT, MARGIN, RETENTION = 2, 5, 6, 7, 8


def write_unit_economics(book: Book) -> None:
    """Write figures a shopper and year by state, their mean over all, and paid members by decile of use."""
    page, table = book.pages["Unit economics"], book.tables["unit_economics"]
    row = page.heading("Unit economics by tier and paid membership", [
        f"{book.books.currency} a shopper and year, by the state at the end of the run; whole run.",
        "Margin is before less benefit cost. Lifetime value = margin x (1 + d) / (1 + d - retention), d the yearly "
        "discount rate (Gupta and Lehmann, 2003).",
        "Payback: months of margin before benefits that pay a year's benefits.",
    ])  # fmt: skip
    page.widths(22, 10, *[14] * 10)
    page.put(row, 0, "Yearly discount rate", "label")
    rate = page.put(row, 2, DISCOUNT_RATE, "share")
    row += 2
    page.header(row, ["Tier", "Paid", *UNIT], freeze=2)
    states = table[~table["tier"].isin(["all", "paid"])]
    first = row + 1
    for place, one in enumerate(rows_of(states), start=first):
        page.put(place, 0, state_named((str(one.tier), False)), "text")
        page.put(place, 1, "yes" if one.paid_membership else "no", "text")
        page.put(place, SHOPPERS, int(one.shoppers), "count")
        page.put(place, 3, float(one.orders), "decimal")
        for column, cents in ((4, one.revenue), (BEFORE, one.margin_before_benefits), (BENEFIT, one.benefit_cost)):
            page.money(place, column, float(cents))
        page.put(place, RETENTION, None if pd.isna(one.retention) else float(one.retention), "share")
        page.money(place, 11, 0.0 if pd.isna(one.incremental_margin) else float(one.incremental_margin))
        _write_results(page, place, rate, "formula")
    last = first + len(states) - 1
    named = {str(one.tier): one for one in rows_of(table)}
    for place, (name, told) in enumerate((("all", "All shoppers"), ("paid", "Paid members")), start=last + 1):
        if name in named:
            _write_mean(page, place, told, (first, last), only_paid=name == "paid")
            kept = named[name].retention
            page.put(place, RETENTION, None if pd.isna(kept) else float(kept), "share total")
            _write_results(page, place, rate, "total")
    everybody = last + 1
    if book.is_whole:
        years = len(book.months) / 12
        mean, count = page.at(everybody, MARGIN), page.at(everybody, SHOPPERS)
        page.put(last + 4, 0, "Margin of all shoppers over the run", "text")
        whole = page.formula(last + 4, MARGIN, f"{mean.here}*{count.here}*{len(book.months)}/12",
                             mean.value * count.value * years, "money formula")  # fmt: skip
        book.check("Margin of unit economics x shoppers x years = margin of the bridge", whole,
                   book.places["bridge margin"])  # fmt: skip
    if len(book.tables["heavy_users"]):
        _write_heavy_users(book, page, last + 6)


def _write_results(page: Page, row: int, rate: Place, ending: str) -> None:
    """Write margin, lifetime value and payback of a row as formulas."""
    before, benefit = page.at(row, BEFORE), page.at(row, BENEFIT)
    margin = page.add(row, MARGIN, [(1, before), (-1, benefit)], f"money {ending}")
    kept, grown = page.at(row, RETENTION), 1 + float(rate.value)
    page.formula(
        row, 9, f"{margin.here}*(1+{rate.ref})/(1+{rate.ref}-{kept.here})",
        float(margin.value) * grown / (grown - float(kept.value)), f"money {ending}",
    )  # fmt: skip
    months = 12 * float(benefit.value) / float(before.value) if before.value > 0 else "never"
    page.formula(row, 10, f'IF({before.here}>0,12*{benefit.here}/{before.here},"never")', months, f"decimal {ending}")


def _write_mean(page: Page, row: int, told: str, rows: tuple[int, int], *, only_paid: bool) -> None:
    """Write the mean over states, weighted by shoppers, as formulas."""
    first, last = rows
    page.put(row, 0, told, "text total")
    page.put(row, 1, "yes" if only_paid else "", "text total")

    def cells(column: int) -> str:
        return f"{page.at(first, column).here}:{page.at(last, column).here}"

    flags = f'({cells(1)}="yes")*' if only_paid else ""
    chosen = [one for one in range(first, last + 1) if not only_paid or page.texts[one, 1] == "yes"]
    counts = {one: page.at(one, SHOPPERS).value for one in chosen}
    number = page.formula(row, SHOPPERS, f"SUMPRODUCT({flags}{cells(SHOPPERS)})", sum(counts.values()), "count total")
    for column, kind in ((3, "decimal total"), (4, "money total"), (BEFORE, "money total"), (BENEFIT, "money total"),
                         (11, "money total")):  # fmt: skip
        mean = sum(page.at(one, column).value * count for one, count in counts.items()) / (number.value or 1)
        weighted = f"SUMPRODUCT({flags}{cells(SHOPPERS)}*{cells(column)})"
        page.formula(row, column, f"IF({number.here}=0,0,{weighted}/{number.here})", mean, kind)


def _write_heavy_users(book: Book, page: Page, row: int) -> None:
    """Write what a paid member pays and costs by decile of orders: where the heavy user's loss is seen."""
    table = book.tables["heavy_users"]
    page.put(row, 0, "Paid members by decile of orders, a member", "section")
    names = ["Decile", "", "Members", "Orders", "GMV", "Fee of the running term", "Benefit cost over the run",
             "Fee less benefit cost", "Margin over the run"]  # fmt: skip
    page.header(row + 1, names)
    for place, one in enumerate(rows_of(table), start=row + 2):
        page.put(place, 0, int(one.use_decile), "count")
        page.put(place, 2, int(one.members), "count")
        page.put(place, 3, float(one.orders), "decimal")
        for column, cents in ((4, one.gmv), (5, one.fee), (6, one.benefit_cost), (8, one.margin)):
            page.money(place, column, float(cents))
        page.add(place, 7, [(1, page.at(place, 5)), (-1, page.at(place, 6))], "money formula")


def write_shoppers(book: Book) -> None:
    """Write shoppers by decile of prior spend and by month of enrolment, with sums that tie out to the bridge."""
    page = book.pages["Shoppers"]
    row = page.heading("Shoppers by prior spend and by month of enrolment", [
        f"{book.books.currency}, whole run, from shoppers' own accounts. Decile 10 spent most in the 12 months before; "
        "0 had spent nothing.",
        "Incremental margin is margin less that of the same shoppers under the twin; a unit of benefit is one of "
        "benefit cost beyond the twin's.",
    ])  # fmt: skip
    page.widths(22, *[15] * 9)
    has_twin = book.books.twin is not None
    twins = ["Margin of the twin", "Benefit cost of the twin", "Incremental margin", "Incremental margin a unit of "
             "benefit"] if has_twin else []  # fmt: skip
    page.header(row, ["Decile of prior spend", "Shoppers", "Orders", "GMV", "Margin", "Benefit cost", *twins], freeze=1)
    end = _write_groups(page, row + 1, book.tables["deciles"], "prior_decile", twins=has_twin)
    if book.is_whole:
        book.check("Margin of shoppers' accounts = margin of the bridge", page.at(end, 4), book.places["bridge margin"])
        book.check("Benefit cost of shoppers' accounts = all benefits", page.at(end, 5), book.places["benefits"])
        book.check("GMV of shoppers' accounts = GMV of the bridge", page.at(end, 3), book.places["bridge gmv"])
    page.put(end + 2, 0, "By month of enrolment", "section")
    page.header(end + 3, ["Enrolled", "Shoppers", "Orders", "GMV", "Margin", "Benefit cost"])
    below = _write_groups(page, end + 4, book.tables["cohorts"], "enrolled", twins=False)
    book.check("Shoppers by enrolment = shoppers by prior spend", page.at(below, 1), page.at(end, 1))
    book.check("Margin by enrolment = margin by prior spend", page.at(below, 4), page.at(end, 4))


def _write_groups(page: Page, first: int, table: pd.DataFrame, group: str, *, twins: bool) -> int:
    """Write a row a group and their sums, and return the row of the sums."""
    for row, one in enumerate(rows_of(table), start=first):
        name = getattr(one, group)
        page.put(row, 0, str(name) if isinstance(name, str) else int(name), "text")
        page.put(row, 1, int(one.shoppers), "count")
        page.put(row, 2, int(one.orders), "count")
        for column, cents in ((3, one.gmv), (4, one.margin), (5, one.benefit_cost)):
            page.money(row, column, int(cents))
        if twins:
            page.money(row, 6, int(one.twin_margin))
            page.money(row, 7, int(one.twin_benefit_cost))
            _write_increment(page, row, "formula")
    end = first + len(table)
    page.put(end, 0, "All", "text total")
    for column in (1, 2):
        page.sum_down(end, column, first, end - 1, "count total")
    for column in (3, 4, 5, *((6, 7) if twins else ())):
        page.sum_down(end, column, first, end - 1)
    if twins:
        _write_increment(page, end, "total")
    return end


def _write_increment(page: Page, row: int, ending: str) -> None:
    margin, benefit, twin, twin_benefit = (page.at(row, column) for column in (4, 5, 6, 7))
    gained = page.add(row, 8, [(1, margin), (-1, twin)], f"money {ending}")
    more = round(benefit.value - twin_benefit.value, 6)
    formula = f"IF({benefit.here}={twin_benefit.here},0,{gained.here}/({benefit.here}-{twin_benefit.here}))"
    page.formula(row, 9, formula, gained.value / more if more else 0.0, f"decimal {ending}")
