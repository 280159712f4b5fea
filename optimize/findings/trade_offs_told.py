"""Trade-offs in words and rows: what a point of one figure costs in another.

Serves the report of a study and `memberlab study tradeoffs`, which must say the same. Works from the table, so that the
folder of a finished study is enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from memberlab.results import KPIS, written_difference

if TYPE_CHECKING:
    import pandas as pd

PREFERRED = "retention"
"""The figure whose price is asked for first."""
TRADE_OFF_NOTE = (
    "Only policies that keep every limit and are beaten in both figures by no other are in a row. Intervals are 95 %, "
    "paired by the populations held out; a price in brackets has none, because the two policies are not surely apart "
    "in what is bought."
)
"""What a table of prices needs to be understood."""


def bought_in(table: pd.DataFrame) -> list[str]:
    """Return the figures whose price is known, retention first."""
    names = list(dict.fromkeys(str(name) for name in table["bought"]))
    return sorted(names, key=lambda name: name != PREFERRED)


def unit_told(table: pd.DataFrame, kpi: str) -> str:
    """Return what a price is told for: `1 point of retention`, `1 % more GMV`, `1 point less of benefit cost`."""
    title = KPIS[kpi].title
    words = title if title.isupper() else title[:1].lower() + title[1:]
    less = bool((table.loc[table["bought"] == kpi, "sign"] < 0).any())
    if KPIS[kpi].unit == "share":
        return f"1 point {'less ' if less else ''}of {words}"
    return f"1 % {'less' if less else 'more'} {words}"


def trade_off_rows(table: pd.DataFrame, bought: str) -> tuple[Sequence[str], list[Sequence[str]]]:
    """Return heads and rows of what is given up for `bought`, row by row of neighbours."""
    heads = ("from", "to", KPIS[bought].title, "paid with", "given up", f"for {unit_told(table, bought)}")
    rows: list[Sequence[str]] = []
    for one in _records(table, bought):
        paid = KPIS[str(one["paid"])]
        rows.append((
            str(one["less"]), str(one["more"]), _told(bought, one, "gain"), paid.title, _told(paid.name, one, "cost"),
            price_told(paid.name, one),
        ))  # fmt: skip
    return heads, rows


def _records(table: pd.DataFrame, bought: str) -> list[dict[str, Any]]:
    rows = table[table["bought"] == bought].to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def price_told(paid: str, row: dict[str, Any]) -> str:
    """Return a price with its interval; in brackets where there is none."""
    middle = written_difference(KPIS[paid], row["rate"])
    if row["rate_low"] is None or row["rate_low"] != row["rate_low"]:
        return f"[{middle}]"
    low, high = (written_difference(KPIS[paid], row[f"rate_{end}"]) for end in ("low", "high"))
    return f"{middle} ({low} to {high})"


def local_prices(table: pd.DataFrame, bought: str, name: str) -> list[str]:
    """Return in sentences what more and less of `bought` is worth at the recommended policy, called `name`."""
    said, here = [], _records(table, bought)
    for row in here:
        paid = KPIS[str(row["paid"])]
        title = paid.title if paid.title.isupper() else paid.title[:1].lower() + paid.title[1:]
        if row["role"] == "from recommended":
            said.append(f"From {name}, {unit_told(table, bought)} costs {title} {price_told(paid.name, row)}.")
        elif row["role"] == "to recommended":
            said.append(f"At {name}, {unit_told(table, bought)} has cost {title} {price_told(paid.name, row)}.")
    if here and not said:
        said.append(f"{name} is in no row for {KPIS[bought].title.lower()}: another policy has more of both figures.")
    return said


def _told(kpi: str, row: dict[str, Any], name: str) -> str:
    middle = written_difference(KPIS[kpi], row[name])
    if row[f"{name}_low"] is None or row[f"{name}_low"] != row[f"{name}_low"]:
        return middle
    low, high = (written_difference(KPIS[kpi], row[f"{name}_{end}"]) for end in ("low", "high"))
    return f"{middle} ({low} to {high})"


def trade_off_section(table: pd.DataFrame, name: str) -> tuple[str, Sequence[str], list[Sequence[str]], list[str]]:
    """Return heading, heads, rows and notes of the first figure's prices; empty rows where nothing is traded."""
    names = bought_in(table)
    if not names:
        return "", (), [], []
    heads, rows = trade_off_rows(table, names[0])
    return (
        f"What {unit_told(table, names[0])} costs",
        heads,
        rows,
        [*local_prices(table, names[0], name), TRADE_OFF_NOTE],
    )
