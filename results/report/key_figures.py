"""Key figures with their intervals: those of a comparison, and those of one run.

Serves strategists and finance.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ..kpis import KPIS
from .parts import Cell, DataTable
from .wording import Wording

BETTER_LOW = ("benefit_cost", "benefit_cost_share", "points_liability")
"""KPIs of which less is better; of the number of paid members and the top tier's share neither is."""
NEITHER = ("paid_members", "top_tier_share")


def is_certain(row: pd.Series) -> bool:
    """Return whether the simultaneous interval of a difference leaves out zero."""
    return bool(row["simultaneous_low"] > 0 or row["simultaneous_high"] < 0)


def key_figures(table: pd.DataFrame, wording: Wording, scenario: str, today: str) -> DataTable:
    """Return one scenario's figures: a row a KPI, today's value, and each policy's difference with its interval."""
    own = table[table["scenario"] == scenario]
    policies = [name for name in dict.fromkeys(own["policy"]) if name != today]
    rows = []
    for kpi in dict.fromkeys(own["kpi"]):
        lines = own[own["kpi"] == kpi].set_index("policy")
        unit = KPIS[kpi].unit
        cells = [Cell(wording.text(KPIS[kpi].title), is_number=False),
                 Cell(wording.figure(float(lines.loc[today, "value"]), unit))]  # fmt: skip
        for policy in policies:
            row = lines.loc[policy]
            cells.append(Cell(_told(row, wording), tone_of(kpi, row)))
        rows.append(cells)
    note = wording.text(
        "Differences to {today}, paired by shopper, with the interval that holds with 95 % for all of them together. "
        "A mark stands where it leaves out zero: ▲ better, ▼ worse, ◆ neither.", today=today,
    )  # fmt: skip
    return DataTable(wording.text("Key figures in {scenario}", scenario=scenario),
                     [wording.text("Key figure"), today, *policies], rows, note)  # fmt: skip


def run_figures(kpis: Mapping[str, float], wording: Wording) -> DataTable:
    """Return the figures of one run with what each is."""
    rows = [
        [Cell(wording.text(kpi.title), is_number=False), Cell(wording.figure(float(kpis[name]), kpi.unit)),
         Cell(wording.text(kpi.meaning), is_number=False)]
        for name, kpi in KPIS.items() if name in kpis
    ]  # fmt: skip
    note = wording.text(
        "One run has no intervals: they come from independent replications, which `memberlab compare` lives."
    )
    heads = [wording.text("Key figure"), wording.text("Value"), wording.text("Meaning")]
    return DataTable(wording.text("Key figures"), heads, rows, note)


def tone_of(kpi: str, row: pd.Series) -> str:
    """Return good or bad for a certain difference, empty for one that is not certain or neither."""
    if kpi in NEITHER or not is_certain(row):
        return ""
    rises = row["simultaneous_low"] > 0
    return "good" if rises != (kpi in BETTER_LOW) else "bad"


def _told(row: pd.Series, wording: Wording) -> str:
    kpi = str(row["kpi"])
    unit = KPIS[kpi].unit
    interval = wording.interval(float(row["simultaneous_low"]), float(row["simultaneous_high"]), unit)
    mark = {"good": " ▲", "bad": " ▼"}.get(tone_of(kpi, row), " ◆" if is_certain(row) else "")
    return f"{wording.difference(float(row['difference']), unit)}{mark}\n{interval}"
