"""The workbook of a run's statements: all sheets in the order of reading, written to one file, whole or not at all.

Serves finance. The sheets are filled in the order in which their formulas need each other's cells.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import xlsxwriter

from memberlab.policies import DocumentError, Problem
from memberlab.scenarios import Scenario

from ..finance.books import RunBooks
from .benefit_sheet import write_benefits
from .book import Book
from .bridge_sheets import write_bridge, write_bridge_by_tier
from .charts_sheet import write_charts
from .checks_sheet import write_checks
from .economics_sheets import write_shoppers, write_unit_economics
from .formats import formats_of
from .front_sheets import CONTENTS, write_assumptions, write_cover, write_policy
from .journal_sheets import write_journal
from .liability_sheets import write_fees, write_liability
from .page import Page
from .points_sheets import write_ageing, write_cohorts, write_points

TABS = {"Cover": "#33475B", "Checks": "#2E8B57", "Policy": "#7F8C99", "Assumptions": "#7F8C99"}


def write_workbook(
    path: Path, books: RunBooks, tables: Mapping[str, pd.DataFrame], scenario: Scenario | None = None
) -> tuple[str, ...]:
    """Write the statements `tables` of `books` (as of `statements_of`) to `path`, an .xlsx file.

    Returns the rules of its checks that do not hold: none, unless the lab is at fault.

    `scenario` is the run's own, for its terms and assumptions; without it the defaults are shown. Raises DocumentError
    for a path that is no .xlsx file or cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise _fault(path, "is no name of an Excel file; write a name that ends in .xlsx")
    if path.is_dir():
        raise _fault(path, "is a folder; name a file that ends in .xlsx")
    if not path.absolute().parent.is_dir():
        raise _fault(path, f"cannot be written: there is no folder {path.parent}")
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        broken = _write(temporary, books, dict(tables), scenario)
        temporary.replace(path)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as fault:
        raise _fault(path, f"cannot be written: {getattr(fault, 'strerror', None) or fault}") from None
    finally:
        temporary.unlink(missing_ok=True)
    return broken


def _write(path: Path, books: RunBooks, tables: dict[str, pd.DataFrame], scenario: Scenario | None) -> tuple[str, ...]:
    with xlsxwriter.Workbook(str(path)) as workbook:
        title = books.policy.title or books.policy.name
        workbook.set_properties({"title": f"Statements: {title}", "comments": "Made by memberlab"})
        workbook.set_calc_mode("auto")
        formats = formats_of(workbook)
        footer = f"{books.policy.name} in {books.scenario}, {books.currency}"
        pages = {}
        for name in ("Cover", *(name for name, _ in CONTENTS)):
            sheet = workbook.add_worksheet(name)
            sheet.set_tab_color(TABS.get(name, "#0173B2"))
            pages[name] = Page(sheet, name, formats, footer)
        months = tuple(pd.Timestamp(month) for month in tables["bridge"]["month"].drop_duplicates())
        book = Book(books, tables, months, scenario, pages)
        for write in (write_policy, write_assumptions, write_bridge, write_bridge_by_tier, write_benefits,
                      write_unit_economics, write_shoppers, write_points, write_ageing, write_cohorts, write_liability,
                      write_fees, write_journal):  # fmt: skip
            write(book)
        write_charts(book, workbook)
        write_cover(book, write_checks(book))
    return tuple(check.rule for check in book.checks if not check.holds)


def _fault(path: Path, message: str) -> DocumentError:
    return DocumentError((Problem(str(path), None, "", message),))
