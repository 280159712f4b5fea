"""What comes before the figures: cover with conventions, the policy in words, and what is assumed.

Serves the reader who has only the file.
"""

from __future__ import annotations

from memberlab.policies import in_force, told
from memberlab.sim import ASSUMPTIONS

from ..finance.books import RunBooks
from .book import Book
from .page import Page, Place

CONVENTIONS = (
    ("Currency", "All amounts are in {currency}, in whole units with cents; prices are those that shoppers pay."),
    ("Signs", "In the bridge, income is positive, and what is given away or spent negative. On the sheet of benefits a "
              "cost is positive. What is owed is positive on the sheets of liabilities."),
    ("Points", "Points are whole numbers. Their value in money is face value x expected redemption, unless said "
               "otherwise."),
    ("Months", "A month is written 2026-03. Balances are those of its last evening."),
    ("Blue and black", "A blue figure comes out of the simulation. A black one is a formula: click and follow it."),
    ("Tiers", "A tier's column holds what was booked while the shopper was in it; 'guest' are first orders; '+ paid' "
              "are members with a running paid membership."),
    ("Twin", "The same shoppers, with the same chances, under another policy: {twin}."),
    ("Rounding", "Every amount is a whole number of cents. Checks compare to the cent; nothing is rounded away."),
)  # fmt: skip

CONTENTS = (
    ("Policy", "what members are promised, in words"),
    ("Assumptions", "the terms and assumptions behind the figures, with sources"),
    ("Charts", "the margin bridge and what is owed for points, drawn"),
    ("Bridge", "from list value to contribution margin, by month"),
    ("Bridge by tier", "the same by tier and paid membership"),
    ("Benefits", "what each benefit costs, by tier, and what of it was paid anyway"),
    ("Unit economics", "a shopper's year by tier and for paid members; paid members by use"),
    ("Shoppers", "margin and benefit cost by prior spend and by month of enrolment"),
    ("Points", "roll-forward in points and in money"),
    ("Ageing", "points outstanding by month of expiry"),
    ("Cohorts", "points redeemed by month of issue and month of use"),
    ("Contract liability", "IFRS 15 / ASC 606, beside the plain provision"),
    ("Fees", "deferred membership fees, and sponsors' shares"),
    ("Journal", "every entry with both sides"),
    ("Trial balance", "the journal by account"),
    ("Checks", "what must be equal, and whether it is"),
)
"""The sheets after the cover, with what each is for."""


def write_cover(book: Book, all_hold: Place) -> None:
    """Write what the file is of, whether its checks hold, its conventions and a list of its sheets."""
    page, books = book.pages["Cover"], book.books
    title = books.policy.title or books.policy.name
    row = page.heading(f"Statements of a simulated programme: {title}", [
        "Made by memberlab, a simulator. Nothing here has happened; figures are those of a virtual market.",
    ])  # fmt: skip
    page.widths(24, 118)
    facts = [
        ("Policy", books.policy.name), ("Scenario", books.scenario), ("Seed", str(books.seed)),
        ("Period", f"{book.months[0]:%Y-%m} to {book.months[-1]:%Y-%m} ({len(book.months)} months)"),
        ("Currency", books.currency), ("Twin", books.twin or "none"),
        ("Shoppers", f"{int(books.accounts['shoppers'].sum()):,}"),
    ]  # fmt: skip
    for place, (name, value) in enumerate(facts, start=row):
        page.put(place, 0, name, "label")
        page.put(place, 1, value, "text")
    row += len(facts) + 1
    page.put(row, 0, "All checks hold", "label")
    page.formula(row, 1, all_hold.ref, all_hold.value, "truth left")
    page.mark_truth(row, 1, row)
    row += 2
    page.put(row, 0, "How to read it", "section")
    twin = f"{books.twin}" if books.twin else "none in this run"
    for place, (name, text) in enumerate(CONVENTIONS, start=row + 1):
        page.put(place, 0, name, "label top")
        page.put(place, 1, text.format(currency=books.currency, twin=twin), "wrapped")
    row += len(CONVENTIONS) + 2
    page.put(row, 0, "Sheets", "section")
    for place, (name, text) in enumerate(CONTENTS, start=row + 1):
        page.link(place, 0, name, name)
        page.put(place, 1, text, "text")


def write_policy(book: Book) -> None:
    """Write the policy in plain language, a sentence a row."""
    page, policy = book.pages["Policy"], book.books.policy
    notes = [policy.description] if policy.description else []
    row = page.heading(policy.title or policy.name, notes)
    page.widths(140)
    for place, sentence in enumerate(told(policy), start=row):
        page.put(place, 0, sentence, "wrapped")


def write_assumptions(book: Book) -> None:
    """Write the policy's terms that formulas refer to, the scenario's, and every assumption about shoppers."""
    page = book.pages["Assumptions"]
    row = page.heading("Terms and assumptions", [
        "Formulas of other sheets refer to the terms. Assumptions about shoppers are those under which the run was "
        "lived; most cannot be learnt from an order log.",
    ])  # fmt: skip
    page.widths(28, 12, 12, 14, 22, 8, 60, 60)
    page.header(row, ["Term", "Value", "Unit", "", "", "", "What it is", "Source"], freeze=1)
    row = _write_terms(book, page, row + 1)
    page.put(row + 1, 0, "About shoppers", "section")
    page.header(row + 2, ["Assumption", "Value", "Default", "Range", "Unit", "Grade", "What it is", "Source"])
    given = {} if book.scenario is None else book.scenario.assumptions
    for place, one in enumerate(ASSUMPTIONS, start=row + 3):
        page.put(place, 0, one.name, "text")
        page.put(place, 1, float(given.get(one.name, one.default)), "general")
        page.put(place, 2, float(one.default), "general")
        page.put(place, 3, f"{one.low:g} to {one.high:g}", "text")
        page.put(place, 4, one.unit, "wrapped")
        page.put(place, 5, one.grade, "text")
        page.put(place, 6, one.meaning, "wrapped")
        page.put(place, 7, one.source, "wrapped")
    if book.scenario is None:
        page.put(
            row + 3 + len(ASSUMPTIONS), 0, "The scenario's document is not at hand; values are the defaults.", "note"
        )


def _write_terms(book: Book, page: Page, row: int) -> int:
    """Write the terms of policy and scenario, and return the row below them."""
    books, world = book.books, book.scenario
    points = books.policy.points
    value, worth = points.worth if points is not None else (0, 0)
    rate = points.expected_redemption / 10_000 if points is not None else 0.0
    source = books.policy.source or "the policy"
    terms: list[tuple[str, str, float, str, str, str, str]] = [
        ("points that pay", "Points that pay the value below", worth, "count", "points", "rate of redemption", source),
        ("point value", "Value that these points pay", value / 100, "money", books.currency, "rate of redemption",
         source),
        *_devalued(books, source),
        ("expected redemption", "Expected redemption", rate, "share", "of points",
         "share of issued points that will ever be used; the rest is breakage", source),
        ("sales tax", "Sales tax", books.sales_tax / 10_000, "share", "of net price",
         "handed on to the state; in prices", "the scenario"),
    ]  # fmt: skip
    if world is not None:
        where = world.source or "the scenario"
        terms += [
            ("gross margin", "Gross margin", world.gross_margin / 10_000, "share", "of list value",
             "list value less cost of goods, both without sales tax", where),
            ("shipping cost", "Shipping cost", world.shipping_cost / 100, "money", f"{books.currency} an order",
             "the shop's cost of a delivery", where),
            ("payment share", "Payment cost", world.payment.share / 10_000, "share", "of what is paid",
             f"and {world.payment.fixed / 100:.2f} a payment", where),
        ]  # fmt: skip
    for place, (name, title, number, kind, unit, meaning, origin) in enumerate(terms, start=row):
        page.put(place, 0, title, "text")
        book.places[name] = page.put(place, 1, number, kind)
        page.put(place, 2, unit, "text")
        page.put(place, 6, meaning, "wrapped")
        page.put(place, 7, origin, "wrapped")
    return row + len(terms)


def _devalued(books: RunBooks, source: str) -> list[tuple[str, str, float, str, str, str, str]]:
    """Return the value of points after a devaluation, where the policy has one."""
    points = books.policy.points
    if points is None or points.devaluation is None:
        return []
    after = in_force(books.policy, points.devaluation.on).points
    value = 0 if after is None else after.worth[0]
    told = f"rate of redemption from {points.devaluation.on} on"
    return [("point value after", "Value that these points pay after the devaluation", value / 100, "money",
             books.currency, told, source)]  # fmt: skip
