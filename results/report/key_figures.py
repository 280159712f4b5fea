"""Key figures of a comparison with their intervals, and the two sentences that sum them up.

Serves strategists and finance.
"""

from __future__ import annotations

import pandas as pd

from ..kpis import KPIS
from .parts import Cell, DataTable
from .wording import Wording

BETTER_LOW = ("benefit_cost", "benefit_cost_share", "points_liability")
"""KPIs of which less is better; of the number of paid members and the top tier's share neither is."""
NEITHER = ("paid_members", "top_tier_share")
VERDICT = ("gmv", "retention", "margin")


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
            cells.append(Cell(_told(row, wording), _tone(kpi, row)))
        rows.append(cells)
    note = wording.text(
        "Differences to {today}, paired by shopper, with the interval that holds with 95 % for all of them together. "
        "A mark stands where it leaves out zero: ▲ better, ▼ worse.", today=today,
    )  # fmt: skip
    return DataTable(wording.text("Key figures in {scenario}", scenario=scenario),
                     [wording.text("Key figure"), today, *policies], rows, note)  # fmt: skip


def verdict_of(table: pd.DataFrame, wording: Wording, today: str) -> list[str]:
    """Return what each policy certainly changes in every scenario, in words."""
    said = []
    for policy in dict.fromkeys(table["policy"]):
        if policy == today:
            continue
        parts = [
            _everywhere(table[(table["policy"] == policy) & (table["kpi"] == kpi)], kpi, wording) for kpi in VERDICT
        ]
        said.append(wording.text("{policy} against {today}: {parts}.", policy=policy, today=today,
                                 parts=wording.text("; ").join(parts)))  # fmt: skip
    return said


def _everywhere(rows: pd.DataFrame, kpi: str, wording: Wording) -> str:
    """Return what happens to one KPI over the scenarios."""
    unit, title = KPIS[kpi].unit, wording.text(KPIS[kpi].title)
    low, high = (wording.difference(float(getattr(rows["difference"], end)()), unit) for end in ("min", "max"))
    size = low if low == high else wording.text("{low} to {high}", low=low, high=high)
    if (rows["simultaneous_low"] > 0).all():
        return wording.text("{figure} rises in every scenario ({size})", figure=title, size=size)
    if (rows["simultaneous_high"] < 0).all():
        return wording.text("{figure} falls in every scenario ({size})", figure=title, size=size)
    certain = [str(row["scenario"]) for _, row in rows.iterrows() if is_certain(row)]
    if not certain:
        return wording.text("{figure} shows no certain change ({size})", figure=title, size=size)
    return wording.text("{figure} changes for certain only in {scenarios} ({size})", figure=title, size=size,
                        scenarios=wording.text(", ").join(certain))  # fmt: skip


def _told(row: pd.Series, wording: Wording) -> str:
    unit = KPIS[str(row["kpi"]) if "kpi" in row else ""].unit
    interval = wording.interval(float(row["simultaneous_low"]), float(row["simultaneous_high"]), unit)
    mark = {"good": " ▲", "bad": " ▼"}.get(_tone(str(row["kpi"]), row), "")
    return f"{wording.difference(float(row['difference']), unit)}{mark}\n{interval}"


def _tone(kpi: str, row: pd.Series) -> str:
    """Return good or bad for a certain difference, empty for one that is not certain or neither."""
    if kpi in NEITHER or not is_certain(row):
        return ""
    rises = row["simultaneous_low"] > 0
    return "good" if rises != (kpi in BETTER_LOW) else "bad"
