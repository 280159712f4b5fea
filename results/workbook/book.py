"""The workbook as its sheets see it: the pages by name, the run's tables, and the checks that sheets hand in.

Serves the sheets. A check compares two cells that were reached by different ways; the sheet of checks writes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from memberlab.scenarios import Scenario

from ..finance.books import RunBooks
from .page import Page, Place


@dataclass(frozen=True, slots=True)
class LiveCheck:
    """Two cells that must be equal, and what each of them is."""

    rule: str
    left: Place
    right: Place

    @property
    def holds(self) -> bool:
        """Return whether both are the same amount, to the cent."""
        return bool(round(self.left.value - self.right.value, 2) == 0)


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that the sheets share."""

    books: RunBooks
    tables: dict[str, pd.DataFrame]
    months: tuple[pd.Timestamp, ...]
    """The months of the statements, all of the books or a part of them."""
    scenario: Scenario | None
    """The scenario of the run, where its document is at hand."""
    pages: dict[str, Page]
    checks: list[LiveCheck] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    """Cells that other sheets refer to, by name."""

    @property
    def is_whole(self) -> bool:
        """Return whether the statements are of all months, so that shoppers' accounts tie out to them."""
        return self.months == self.books.months

    def check(self, rule: str, left: Place, right: Place) -> None:
        """Hand in a check."""
        self.checks.append(LiveCheck(rule, left, right))

    def states(self, table: pd.DataFrame) -> list[tuple[str, bool]]:
        """Return the tiers with and without paid membership that a table has, in its order; without totals."""
        pairs = zip(table["tier"], table["paid_membership"], strict=True)
        return list(dict.fromkeys((str(tier), bool(paid)) for tier, paid in pairs if tier != "all"))


def rows_of(table: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows of a table, its columns as attributes."""
    yield from table.itertuples(index=False)


def state_named(state: tuple[str, bool]) -> str:
    """Return a tier's name, with `+ paid` for its paid members."""
    tier, is_paid = state
    name = {"-": "everybody"}.get(tier, tier)
    return f"{name} + paid" if is_paid else name
