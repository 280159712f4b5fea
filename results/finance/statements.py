"""All statements of a run, or of a part of its months, by name.

Serves the command, the workbook and the budget. Every statement is a tidy table with the columns of the catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from memberlab.policies import DocumentError, Problem

from . import fee_statements, margin_statements, people_statements, points_statements
from .books import RunBooks
from .breakage import breakage
from .catalogue import CATALOGUE
from .checks import checks
from .contract_liability import contract_cohorts, contract_liability
from .journal import journal
from .redemption_statement import redemption


@dataclass(frozen=True, slots=True)
class Period:
    """Months from `first` to `last`, both within the books; given as YYYY-MM, None for the first or last there is."""

    first: str | None = None
    last: str | None = None


def statements_of(books: RunBooks, period: Period | None = None) -> dict[str, pd.DataFrame]:
    """Return every statement by name, in the order of the catalogue.

    With a `period` flows are those of its months, balances those of its month ends; statements about people (deciles,
    cohorts, unit economics, heavy users), redemption, breakage and checks are always of the whole run, because accounts
    are read at its end. Raises DocumentError for a period outside the books.
    """
    lines = margin_statements.lines_by_state(books)
    accounts = people_statements.accounts_after_provision(books)
    triangle = points_statements.triangle(books)
    cohorts, flows = contract_cohorts(books, triangle)
    by_month = margin_statements.benefits_by_month(lines, has_twin=books.twin is not None)
    chosen = months_of(books, period)
    tables = {
        "bridge": margin_statements.bridge(lines, books.months),
        "bridge_by_state": margin_statements.bridge_by_state(lines),
        "benefits_by_month": by_month,
        "deciles": people_statements.deciles(accounts, books),
        "cohorts": people_statements.cohorts(accounts, books),
        "unit_economics": people_statements.unit_economics(accounts, books),
        "heavy_users": people_statements.heavy_users(accounts, books),
        "points": points_statements.points(books),
        "ageing": points_statements.ageing(books),
        "triangle": triangle,
        "redemption": redemption(books, triangle),
        "contract_liability": contract_liability(books, flows),
        "contract_cohorts": cohorts,
        "fees": fee_statements.fees(books),
        "sponsors": fee_statements.sponsors(books),
        "breakage": breakage(triangle),
        "journal": journal(lines, books),
    }
    tables["checks"] = checks(books, tables)
    for name, table in tables.items():
        if ("month" in table.columns and name != "ageing") or (name == "ageing" and period is not None):
            tables[name] = table[table["month"].isin(chosen)].reset_index(drop=True)
    tables["benefits"] = margin_statements.benefits(tables["benefits_by_month"], books, chosen)
    return {one.name: in_order(tables[one.name][list(one.columns)], books) for one in CATALOGUE}


def in_order(table: pd.DataFrame, books: RunBooks) -> pd.DataFrame:
    """Return a table whose tiers are in the order of the policy, guests before and totals after them."""
    if "tier" not in table.columns:
        return table
    order = {name: place for place, name in enumerate(["guest", "-", *books.policy.tiers, "paid", "all"])}
    keys = [name for name in ("month", "tier", "paid_membership") if name in table.columns]
    return table.sort_values(
        keys,
        ignore_index=True,
        kind="stable",
        key=lambda column: column.map(order) if column.name == "tier" else column,
    )


def months_of(books: RunBooks, period: Period | None) -> tuple[pd.Timestamp, ...]:
    """Return the months of the books that a period holds. Raises DocumentError for one outside, or back to front."""
    if period is None:
        return books.months
    first, last = (_month(text) for text in (period.first, period.last))
    first, last = first or books.months[0], last or books.months[-1]
    told = f"the run has {books.months[0]:%Y-%m} to {books.months[-1]:%Y-%m}"
    for month in (first, last):
        if month not in books.months:
            raise DocumentError((Problem(books.arm, None, "", f"{month:%Y-%m} is outside the books; {told}"),))
    if last < first:
        raise DocumentError((Problem(books.arm, None, "", f"{last:%Y-%m} is before {first:%Y-%m}; {told}"),))
    return tuple(month for month in books.months if first <= month <= last)


def _month(text: str | None) -> pd.Timestamp | None:
    if text is None:
        return None
    try:
        return pd.Timestamp(pd.to_datetime(text, format="%Y-%m"))
    except ValueError:
        raise DocumentError((Problem(text, None, "", "is no month; write for example 2026-03"),)) from None
