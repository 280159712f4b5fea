"""What each benefit costs, by tier and paid membership, and what of it was paid on orders that happen anyway.

Serves whoever has to defend the cost of the programme, benefit by benefit.
"""

from __future__ import annotations

import pandas as pd

from memberlab.sim import MONEY_LINES, Account

from .book import Book, rows_of, state_named
from .page import Page

SPLIT = (("anyway", "On orders made anyway"), ("incremental", "On incremental orders"),
         ("not_on_orders", "Not on orders"))  # fmt: skip
WAIVED = {line.name for line in MONEY_LINES if line.account is Account.FEE_NOT_CHARGED}


def write_benefits(book: Book) -> None:
    """Write the cost of each benefit by state with its total, its split by the twin, and ratios as formulas."""
    page, table = book.pages["Benefits"], book.tables["benefits"]
    twin = book.books.twin
    about = f"Orders made anyway are those that the same shopper makes on the same day under {twin} as well."
    row = page.heading("Benefit cost by benefit and tier", [
        f"{book.books.currency}, whole period. A cost is positive here. Shipping waived is a benefit that no line of "
        "the bridge has, because the fee was never charged.",
        about if twin else "Without a twin it cannot be told what was paid on orders that would have happened anyway "
        "(run or compare with a second policy).",
    ])  # fmt: skip
    states = book.states(table)
    last = 1 + len(states)
    split = SPLIT if twin else ()
    titles = ["Benefit", *map(state_named, states), "Total", *(title for _, title in split), "Share of GMV",
              "Cost an order"]  # fmt: skip
    page.widths(32, *[14] * len(states), 15, *[15] * len(split), 12, 12)
    page.header(row, titles, freeze=1)
    rows = {str(name): part for name, part in table.groupby("benefit", sort=False)}
    names = [(str(one.benefit), str(one.title)) for one in rows_of(table.drop_duplicates("benefit"))]
    order = {line.name: place for place, line in enumerate(MONEY_LINES)}
    names = sorted((one for one in names if rows[one[0]]["cost"].any()), key=lambda one: order.get(one[0], len(order)))
    first = row + 1
    for place, (name, title) in enumerate(names):
        _write_benefit(page, first + place, title, rows[name], states, split)
    total, gmv, orders, members = (first + len(names) + number for number in range(4))
    page.put(total, 0, "All benefits", "text total")
    for column in range(1, last + 1 + len(split)):
        page.sum_down(total, column, first, total - 1)
    _write_sizes(book, page, states, (gmv, orders, members))
    _write_ratios(page, (first, total), (gmv, orders, members), last, len(split), len(book.months))
    if twin:
        terms = [(1, page.at(total, last + 1 + place)) for place in range(len(split))]
        whole = page.add(total + 8, last, terms, "money formula")
        page.put(total + 8, 0, "On orders made anyway + incremental + not on orders", "text")
        book.check("Benefits made anyway, incremental and not on orders add up to all benefits",
                   page.at(total, last), whole)  # fmt: skip
    book.places["benefits"] = page.at(total, last)
    waived = [(1, page.at(first + place, last)) for place, (name, _) in enumerate(names) if name in WAIVED]
    spent = [(-1, book.places[f"bridge {name}"]) for name, _ in names if f"bridge {name}" in book.places]
    if spent:
        page.put(total + 7, 0, "The same from the bridge's lines, with shipping waived", "text")
        again = page.add(total + 7, last, [*spent, *waived], "money formula")
        book.check("All benefits = benefit lines of the bridge + shipping waived", page.at(total, last), again)


def _write_benefit(
    page: Page, row: int, title: str, part: pd.DataFrame, states: list[tuple[str, bool]],
    split: tuple[tuple[str, str], ...],
) -> None:  # fmt: skip
    page.put(row, 0, title, "text")
    costs = {(str(one.tier), bool(one.paid_membership)): int(one.cost) for one in rows_of(part) if one.tier != "all"}
    for column, state in enumerate(states, start=1):
        page.money(row, column, costs.get(state, 0))
    page.sum_across(row, len(states) + 1, 1, len(states), "money formula")
    whole = part[part["tier"] == "all"].iloc[0]
    for place, (name, _) in enumerate(split):
        page.money(row, len(states) + 2 + place, int(whole[name]))


def _write_sizes(book: Book, page: Page, states: list[tuple[str, bool]], at: tuple[int, int, int]) -> None:
    """Write GMV, orders and mean shoppers of each state below the benefits."""
    table = book.tables["benefits"]
    keyed = {(str(one.tier), bool(one.paid_membership)): one for one in rows_of(table) if one.tier != "all"}
    gmv, orders, members = at
    for row, title in ((gmv, "GMV"), (orders, "Orders"), (members, "Shoppers, mean of month ends")):
        page.put(row, 0, title, "text")
    for column, state in enumerate(states, start=1):
        one = keyed[state]
        page.money(gmv, column, int(one.gmv))
        page.put(orders, column, int(one.orders), "count")
        page.put(members, column, 0.0 if pd.isna(one.members) else float(one.members), "decimal")
    last = len(states) + 1
    page.sum_across(gmv, last, 1, last - 1, "money formula")
    page.sum_across(orders, last, 1, last - 1, "count formula")
    page.sum_across(members, last, 1, last - 1, "decimal formula")
    if "bridge gmv" in book.places and len(states) == len(book.states(book.tables["bridge_by_state"])):
        book.check("GMV of the benefits' states = GMV of the bridge", page.at(gmv, last), book.places["bridge gmv"])


def _write_ratios(
    page: Page, rows: tuple[int, int], sizes: tuple[int, int, int], last: int, split: int, months: int
) -> None:
    """Write the share of GMV and the cost an order of each benefit, and the ratios of each state, as formulas."""
    (first, total), (gmv, orders, members) = rows, sizes
    for row in range(first, total + 1):
        ending = "total" if row == total else "formula"
        _ratio(page, (row, last + 1 + split), (row, last), (gmv, last), f"share {ending}")
        _ratio(page, (row, last + 2 + split), (row, last), (orders, last), f"money {ending}")
    ratios = (("Share of GMV", gmv, 1, "share formula"), ("Cost an order", orders, 1, "money formula"),
              ("Cost a shopper and month", members, months, "money formula"))  # fmt: skip
    for place, (title, size, divided, kind) in enumerate(ratios, start=members + 1):
        page.put(place, 0, title, "text")
        for column in range(1, last + 1):
            _ratio(page, (place, column), (total, column), (size, column), kind, divided)


def _ratio(
    page: Page, at: tuple[int, int], top: tuple[int, int], bottom: tuple[int, int], kind: str, divided: int = 1
) -> None:
    """Write one cell over another, and over a number; 0 where there is nothing to divide by."""
    above, below = page.at(*top), page.at(*bottom)
    more = "" if divided == 1 else f"/{divided}"
    value = above.value / below.value / divided if below.value else 0.0
    page.formula(*at, f"IF({below.here}=0,0,{above.here}/{below.here}{more})", value, kind)
