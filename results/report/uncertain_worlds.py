"""What reports over many drawn worlds share: the row of all worlds, the figures that vary, and what is worth to know.

Serves the reports of `memberlab discover` and `memberlab global-sensitivity`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ..kpis import Unit
from .figures_told import FACTOR, axis_title
from .parts import Chart
from .row_chart import IntervalRow, row_chart
from .wording import Wording

ABOUT = ("case", "base", "digest", "baseline", "value", "difference", "low", "high", "loses", "learning", "inside")
"""Columns of the cases that are no figure that varies."""


def all_worlds(worlds: pd.DataFrame) -> pd.Series:
    """Return the row over all worlds."""
    return worlds[worlds["world"] == "all"].iloc[0]


def factors_of(cases: pd.DataFrame) -> list[str]:
    """Return the figures that vary between cases, by address."""
    return [str(column) for column in cases.columns if column not in ABOUT]


def worths_chart(worths: Sequence[Any], unit: Unit, wording: Wording) -> Chart:
    """Return what knowing each figure before deciding is worth; an entry is a name, the value and its interval."""
    ordered = sorted(worths, key=lambda one: -one[1])[:12]
    factor = FACTOR[unit]
    rows = [
        IntervalRow(str(name), value * factor, low * factor, high * factor, 0,
                    f"{name}: {wording.figure(value, unit)}")
        for name, value, low, high in ordered
    ]  # fmt: skip
    most = max(*(row.high for row in rows), *(row.place for row in rows), 1e-9)
    name, value, *_ = ordered[0]
    said = (
        wording.text("Knowing {figure} before deciding would be worth most: {amount}.", figure=name,
                     amount=wording.figure(value, unit)) if value > 0 else
        wording.text("Knowing none of these figures would change the decision.")
    )  # fmt: skip
    return Chart(
        "worth-of-knowing", wording.text("What knowing a figure before deciding would be worth"), said,
        row_chart(rows, [(wording.text("with its 95 % interval"), "circle")], x=axis_title(unit, wording), low=0.0,
                  high=most),
    )  # fmt: skip
