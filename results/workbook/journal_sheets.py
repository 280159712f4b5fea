"""Double entry: the journal by month, and the trial balance that adds it up account by account.

Serves auditors: the margin and the liabilities are reached here by another way than in the bridge.
"""

from __future__ import annotations

from ..finance.chart_of_accounts import ACCOUNTS, DEFERRED_FEES, POINTS_LIABILITY
from .book import Book, rows_of
from .page import Page, Place

DEBIT, CREDIT = 5, 6


def write_journal(book: Book) -> None:
    """Write every entry with both of its sides."""
    page, table = book.pages["Journal"], book.tables["journal"]
    row = page.heading("Journal", [
        f"{book.books.currency}. Each line of the ledger is booked once a month, on two sides.",
        "Shipping that is waived has no entry: nobody is charged and nothing is owed.",
    ])  # fmt: skip
    page.widths(10, 34, 10, 40, 11, 17, 17)
    page.header(row, ["Month", "Entry", "Account", "Account's title", "Kind", "Debit", "Credit"], freeze=2)
    for place, one in enumerate(rows_of(table), start=row + 1):
        page.put(place, 0, one.month, "month")
        page.put(place, 1, str(one.title), "text")
        page.put(place, 2, int(one.account), "count account")
        page.put(place, 3, str(one.account_title), "text")
        page.put(place, 4, str(one.kind), "text")
        page.money(place, DEBIT, int(one.debit))
        page.money(place, CREDIT, int(one.credit))
    first, end = row + 1, row + 1 + len(table)
    page.put(end, 0, "Sum", "text total")
    for column in range(1, DEBIT):
        page.put(end, column, "", "text total")
    debit, credit = (page.sum_down(end, column, first, end - 1) for column in (DEBIT, CREDIT))
    book.check("Debits of the journal = its credits", debit, credit)
    _write_trial_balance(book, first, end - 1)


def _write_trial_balance(book: Book, first: int, last: int) -> None:
    """Write the sums of each account by SUMIF over the journal, and tie margin and liabilities to other sheets."""
    page, journal = book.pages["Trial balance"], book.pages["Journal"]
    table = book.tables["journal"]
    row = page.heading("Trial balance of the period", [
        f"{book.books.currency}. Sums over the journal by account. A balance is credits less debits: positive for "
        "revenue and for what is owed, negative for expense and for what is owned.",
    ])  # fmt: skip
    page.widths(10, 46, 12, 18, 18, 18)
    page.header(row, ["Account", "Title", "Kind", "Debit", "Credit", "Balance"], freeze=2)

    def column(place: int) -> str:
        return f"'{journal.name}'!{_fixed(journal, first, place)}:{_fixed(journal, last, place)}"

    begin = row + 1
    used = [account for account in ACCOUNTS if (table["account"] == account.number).any()]
    places: dict[int, Place] = {}
    for place, account in enumerate(used, start=begin):
        number = page.put(place, 0, account.number, "count account")
        page.put(place, 1, account.title, "text")
        page.put(place, 2, account.kind, "text")
        rows = table[table["account"] == account.number]
        sides = []
        for side, name in ((3, "debit"), (4, "credit")):
            formula = f"SUMIF({column(2)},{number.here},{column(DEBIT if side == 3 else CREDIT)})"
            sides.append(page.formula(place, side, formula, int(rows[name].sum()) / 100, "money formula"))
        places[account.number] = page.add(place, 5, [(1, sides[1]), (-1, sides[0])], "money formula")
    end = begin + len(used)
    page.put(end, 0, "Sum", "text total")
    for place in (1, 2):
        page.put(end, place, "", "text total")
    for place in (3, 4, 5):
        page.sum_down(end, place, begin, end - 1)
    _write_result(book, page, (begin, end))
    _tie_liabilities(book, page, places, end + 3)


def _write_result(book: Book, page: Page, rows: tuple[int, int]) -> None:
    begin, end = rows
    kinds, balances = (f"{page.at(begin, place).here}:{page.at(end - 1, place).here}" for place in (2, 5))
    chosen = [one for one in range(begin, end) if page.texts[one, 2] in ("revenue", "expense")]
    value = round(sum(page.at(one, 5).value for one in chosen), 6)
    page.put(end + 1, 1, "Result: revenue less expense", "label")
    result = page.formula(end + 1, 5, f'SUMIF({kinds},"revenue",{balances})+SUMIF({kinds},"expense",{balances})', value,
                          "money total")  # fmt: skip
    book.check("Revenue less expense of the journal = margin of the bridge", result, book.places["bridge margin"])


def _tie_liabilities(book: Book, page: Page, places: dict[int, Place], row: int) -> None:
    if DEFERRED_FEES.number in places:
        page.put(row, 1, "Rise of deferred fees, from Fees", "text")
        rise = page.add(row, 5, [(1, book.places["fees closing"]), (-1, book.places["fees opening"])], "money formula")
        book.check("Deferred fees in the trial balance = their rise in the roll-forward", places[DEFERRED_FEES.number],
                   rise)  # fmt: skip
    if POINTS_LIABILITY.number in places and "bridge points_provision" in book.places:
        page.put(row + 1, 1, "Rise of the points liability, from the bridge", "text")
        rise = page.add(row + 1, 5, [(-1, book.places["bridge points_provision"])], "money formula")
        book.check("Points liability in the trial balance = its rise in the bridge", places[POINTS_LIABILITY.number],
                   rise)  # fmt: skip


def _fixed(page: Page, row: int, column: int) -> str:
    return page.at(row, column).ref.rpartition("!")[2]
