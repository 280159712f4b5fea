"""Break-evens as plain rows: the margin's uplift value by value, and the values at which it turns.

Serves analysts who go on in a spreadsheet, and programs that read JSON. Money is in cents.
"""

from __future__ import annotations

from typing import Any

from .break_even import DECISIVE_ASSUMPTION, BreakEven

MARGIN_COLUMNS = (DECISIVE_ASSUMPTION, "is_own", "baseline", "value", "difference", "low", "high")
"""Columns of a margin's difference, value by value of the attrition effect."""

BREAK_EVEN_COLUMNS = ("own_attrition_effect", "pays", "break_even", "low", "high", "pays_above", "told")
"""Columns of a break-even."""


def margin_rows(found: BreakEven) -> list[dict[str, Any]]:
    """Return a row for each value of the attrition effect that is shown."""
    rows = []
    for value, uplift in found.margins.items():
        figures = (uplift.baseline, uplift.value, uplift.difference, uplift.low, uplift.high)
        rows.append(dict(zip(MARGIN_COLUMNS, (value, value == found.own, *figures), strict=True)))
    return rows


def break_even_rows(found: BreakEven) -> list[dict[str, Any]]:
    """Return a row for each crossing, or one without a value where there is none."""
    crossings: list[tuple[object, ...]] = [(one.value, one.low, one.high, one.rising) for one in found.crossings]
    if not crossings:
        crossings = [(None, None, None, None)]
    outcome = found.pays.name.lower()
    return [dict(zip(BREAK_EVEN_COLUMNS, (found.own, outcome, *one, str(found)), strict=True)) for one in crossings]
