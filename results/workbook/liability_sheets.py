"""What is owed: the contract liability for points beside the plain provision, and deferred membership fees.

Serves whoever signs the balance sheet. Allocation and revenue of each cohort are computed anew in the sheet, by
relative stand-alone selling prices and in proportion to the points used (IFRS 15.76 and B46; ASC 606-10-32-31,
606-10-55-48).
"""

from __future__ import annotations

from typing import Any

from ..finance.ifrs15 import allocated, recognised
from .book import Book, rows_of
from .page import Page, Place

SUMS = (2, 3, 5)


def write_liability(book: Book) -> None:
    """Write the contract liability by month beside the provision, and the cohorts behind its end."""
    page, table = book.pages["Contract liability"], book.tables["contract_liability"]
    row = page.heading("Contract liability for points (IFRS 15, ASC 606), beside the plain provision", [
        f"{book.books.currency}. Each month's price is allocated to goods and points by stand-alone selling prices; it "
        "becomes revenue as points are used, against a new estimate each month, breakage in proportion.",
        "The true-up is the part of revenue that follows from the new estimate. The provision is the expected cost of "
        "points outstanding, without reward credits, which stand beside at face value.",
    ])  # fmt: skip
    page.widths(18, *[15] * 10)
    page.header(row, ["Month", "Opening", "Allocated to points", "Revenue recognised", "Closing", "Of revenue: true-up",
                      "Current", "Non-current", "Reward credits", "Provision", "Closing less provision"],
                freeze=1)  # fmt: skip
    first = row + 1
    for place, one in enumerate(rows_of(table), start=first):
        page.put(place, 0, one.month, "month")
        _open(page, place, first, int(one.opening), 4)
        page.money(place, 2, int(one.allocated))
        page.money(place, 3, int(one.revenue))
        closing = page.add(place, 4, [(1, page.at(place, 1)), (1, page.at(place, 2)), (-1, page.at(place, 3))])
        page.money(place, 5, int(one.true_up))
        current = page.money(place, 6, int(one.current))
        page.add(place, 7, [(1, closing), (-1, current)], "money formula")
        page.money(place, 8, int(one.credits))
        provision = page.money(place, 9, int(one.expected_cost))
        page.add(place, 10, [(1, closing), (-1, provision)], "money formula")
    last = first + len(table) - 1
    if int(table["closing"].abs().sum()):
        book.places["liability first"], book.places["liability closing"] = page.at(first, 4), page.at(last, 4)
    page.put(last + 1, 0, "Sum", "text total")
    for column in SUMS:
        page.sum_down(last + 1, column, first, last)
    book.check("Provision beside the contract liability = closing value of the points roll-forward", page.at(last, 9),
               book.places["provision closing"])  # fmt: skip
    total = _write_cohorts(book, page, last + 6)
    book.check("Contract liability of all issue cohorts = the closing contract liability", total, page.at(last, 4))
    if "bridge points_provision" in book.places:
        credits = _credits(book, page, last + 2)
        opening = book.places["provision opening"]
        page.put(last + 3, 0, "Rise of provision and reward credits", "text")
        rise = page.add(last + 3, 9, [(1, page.at(last, 9)), (-1, opening), (1, credits)], "money formula")
        page.put(last + 4, 0, "Rise of the points liability in the bridge", "text")
        bridge = page.add(last + 4, 9, [(-1, book.places["bridge points_provision"])], "money formula")
        book.check("Rise of provision and credits = rise of the points liability in the bridge", rise, bridge)


def _credits(book: Book, page: Page, row: int) -> Place:
    """Write the rise of reward credits over the period."""
    balances = book.books.balances.groupby("month")["credits"].sum()
    before = [month for month in balances.index if month < book.months[0]]
    rise = int(balances.get(book.months[-1], 0)) - (int(balances[before[-1]]) if before else 0)
    page.put(row, 0, "Rise of reward credits", "text")
    return page.money(row, 8, rise)


def _open(page: Page, row: int, first: int, opening: int, closing: int) -> None:
    """Write a month's opening: a figure in the first month, then the close of the month before."""
    if row == first:
        page.money(row, 1, opening)
    else:
        page.add(row, 1, [(1, page.at(row - 1, closing))], "money formula")


def _write_cohorts(book: Book, page: Page, row: int) -> Place:
    """Write the cohorts of the last month end, allocation and revenue as formulas, and return the liability of all."""
    table = book.tables["contract_cohorts"]
    rows = table[table["month"] == book.months[-1]]
    page.put(row, 0, f"Issue cohorts at the end of {book.months[-1]:%Y-%m}", "section")
    page.header(row + 1, ["Issued", "Price of the month", "Stand-alone price of the points", "Allocated",
                          "Points redeemed", "Points expected in all", "Recognised", "Liability"])  # fmt: skip
    first, end = row + 2, row + 2 + len(rows)
    for place, one in enumerate(rows_of(rows), start=first):
        page.put(place, 0, one.cohort, "month")
        page.money(place, 1, int(one.price))
        page.money(place, 2, int(one.stand_alone_price))
        page.put(place, 4, int(one.redeemed), "count")
        page.put(place, 5, int(one.expected), "count")
        part = _write_allocation(page, place, one)
        done = _write_recognised(page, place, one, part)
        page.add(place, 7, [(1, part), (-1, done)], "money formula")
    page.put(end, 0, "All cohorts", "text total")
    for column in (1, 2, 3, 6, 7):
        page.sum_down(end, column, first, end - 1)
    for column in (4, 5):
        page.sum_down(end, column, first, end - 1, "count total")
    return page.at(end, 7)


def _write_allocation(page: Page, row: int, one: Any) -> Place:
    """Write the price allocated to a cohort's points: a formula, or a figure where cohorts were put together.

    Those brought forward begin with their provision, since the sales behind them are not in the run.
    """
    price, points, told = int(one.price), int(one.stand_alone_price), int(one.allocated)
    if not price or allocated(price, max(0, price), points) != told:
        return page.money(row, 3, told)
    cells = page.at(row, 1).here, page.at(row, 2).here
    formula = f"IF({cells[0]}+{cells[1]}<=0,0,ROUND({cells[0]}*{cells[1]}/(MAX(0,{cells[0]})+{cells[1]}),2))"
    return page.formula(row, 3, formula, told / 100, "money formula")


def _write_recognised(page: Page, row: int, one: Any, part: Place) -> Place:
    """Write the revenue of a cohort to date: its allocation in proportion to the points used of those expected."""
    redeemed, expected, told = int(one.redeemed), int(one.expected), int(one.recognised)
    if recognised(int(one.allocated), redeemed, expected) != told:
        return page.money(row, 6, told)
    used, whole = page.at(row, 4).here, page.at(row, 5).here
    formula = f"IF({used}>={whole},{part.here},ROUND({part.here}*{used}/{whole},2))"
    return page.formula(row, 6, formula, told / 100, "money formula")


def write_fees(book: Book) -> None:
    """Write the roll-forward of deferred membership fees, and what sponsors bear of partners' content."""
    page, table = book.pages["Fees"], book.tables["fees"]
    row = page.heading("Deferred membership fees", [
        f"{book.books.currency}. A fee is billed when a term begins and earned day by day; what is not yet earned is "
        "deferred. Current is what will be earned within 12 months if no term is ended.",
    ])  # fmt: skip
    page.widths(18, *[16] * 7)
    page.header(
        row, ["Month", "Opening", "Billed", "Earned", "Refunded", "Closing", "Current", "Non-current"], freeze=1
    )
    first = row + 1
    for place, one in enumerate(rows_of(table), start=first):
        page.put(place, 0, one.month, "month")
        _open(page, place, first, int(one.opening), 5)
        for column, cents in ((2, one.billed), (3, one.earned), (4, one.refunded)):
            page.money(place, column, int(cents))
        signs = ((1, 1), (1, 2), (-1, 3), (-1, 4))
        closing = page.add(place, 5, [(sign, page.at(place, column)) for sign, column in signs])
        later = page.money(place, 7, int(one.non_current))
        page.add(place, 6, [(1, closing), (-1, later)], "money formula")
    last = first + len(table) - 1
    page.put(last + 1, 0, "Sum", "text total")
    for column in (2, 3, 4):
        page.sum_down(last + 1, column, first, last)
    owed = int(book.books.balances.loc[book.books.balances["month"] == book.months[-1], "deferred"].sum())
    page.put(last + 2, 0, "Not yet earned by running terms", "text")
    terms = page.money(last + 2, 5, owed)
    book.check("Closing deferred fees = what running terms have not yet earned", page.at(last, 5), terms)
    if "bridge fees_earned" in book.places:
        book.check("Fees earned = membership fees earned in the bridge", page.at(last + 1, 3),
                   book.places["bridge fees_earned"])  # fmt: skip
    book.places["fees opening"], book.places["fees closing"] = page.at(first, 1), page.at(last, 5)
    if len(book.tables["sponsors"]):
        _write_sponsors(book, page, last + 5)


def _write_sponsors(book: Book, page: Page, row: int) -> None:
    """Write the cost of partners' content by benefit and month, the sponsors' part and the shop's."""
    page.put(row, 0, "Sponsors' share of partners' content", "section")
    page.header(row + 1, ["Month", "Gross", "Borne by sponsors", "Net"])
    sums = book.tables["sponsors"].groupby("month", as_index=False)[["gross", "sponsored"]].sum()
    for place, one in enumerate(rows_of(sums), start=row + 2):
        page.put(place, 0, one.month, "month")
        gross, borne = page.money(place, 1, int(one.gross)), page.money(place, 2, int(one.sponsored))
        page.add(place, 3, [(1, gross), (-1, borne)], "money formula")
    end = row + 2 + len(sums)
    page.put(end, 0, "Sum", "text total")
    for column in (1, 2, 3):
        page.sum_down(end, column, row + 2, end - 1)
