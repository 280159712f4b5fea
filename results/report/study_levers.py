"""What a search says of levers: what each change of the recommended policy does, and which levers decide at all.

Serves strategists.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from .figure_style import COLOURS, MUTED, figure
from .parts import Cell, Chart, DataTable, Group, Part, Section
from .policy_changes import changes_table
from .relative_figures import NO_BREAK, change_told, interval_told, title_of
from .stored_study import StoredStudy
from .wording import Wording

MOST_BARS = 20
"""Levers drawn at most: those with the largest part in any objective."""


def changes_section(study: StoredStudy, wording: Wording) -> Section | None:
    """Return what changes for members, what each change does, and the simplest policy that is as good."""
    name = study.shown
    policy = None if name is None else study.policy(name)
    if name is None or policy is None:
        return None
    parts = [changes_table(study.incumbent, policy, wording)]
    changed = study.table("changed-levers")
    if len(changed) and changed["effect"].notna().any():
        parts.append(_effects_table(study, changed, wording))
    simplest = _simplest_table(study, wording)
    if simplest is not None:
        parts.append(simplest)
    return Section("changes", wording.text("What changes for members"), (), parts)


def _effects_table(study: StoredStudy, changed: pd.DataFrame, wording: Wording) -> DataTable:
    """Return a row a change: what it does to each objective, and whether the simplest policy still makes it."""
    rows = []
    for address in dict.fromkeys(changed["address"]):
        own = changed[changed["address"] == address].set_index("kpi")
        first = own.iloc[0]
        cells = [Cell(str(address), is_number=False), Cell(_kept_together(first["before"])),
                 Cell(_kept_together(first["after"]))]  # fmt: skip
        for kpi in study.objectives:
            effect = own.loc[kpi, "effect"]
            told = "" if pd.isna(effect) else change_told(wording, kpi, float(effect), study.today_in_search[kpi])
            cells.append(Cell(told))
        cells.append(Cell(wording.text("yes") if first["in_simplest"] else wording.text("undone"), is_number=False))
        rows.append(cells)
    heads = [wording.text("Lever"), study.today, wording.text("New"),
             *(title_of(wording, kpi) for kpi in study.objectives), wording.text("In the simplest policy")]  # fmt: skip
    note = wording.text("The policy against itself without that one change, on the search's populations; the least "
                        "useful change first. Empty where it would be no valid policy without it.")  # fmt: skip
    return DataTable(wording.text("What each change does"), heads, rows, note)


def _simplest_table(study: StoredStudy, wording: Wording) -> DataTable | None:
    """Return the simplest policy as good as the one shown, beside it; None where there is none."""
    table = study.table("simplest")
    names = list(dict.fromkeys(table["policy"])) if len(table) else []
    if len(names) < 2:
        return None
    rows = []
    for name in names:
        own = table[table["policy"] == name].set_index("kpi")
        cells = [Cell(str(name), is_number=False), Cell(str(int(own["changes"].iloc[0])))]
        for kpi in study.objectives:
            line: Any = own.loc[kpi]
            interval = interval_told(wording, kpi, float(line["low"]), float(line["high"]), _today(study, kpi))
            cells.append(
                Cell(f"{change_told(wording, kpi, float(line['difference']), _today(study, kpi))}\n{interval}")
            )
        rows.append(cells)
    heads = [wording.text("Policy"), wording.text("Levers changed"),
             *(title_of(wording, kpi) for kpi in study.objectives)]  # fmt: skip
    note = wording.text("As good: within one standard error in every objective, on the populations held out; intervals "
                        "are 95 % each. The simplest policy is in simplest-policy.yaml.")  # fmt: skip
    return DataTable(wording.text("The simplest policy that is as good"), heads, rows, note)


def levers_section(study: StoredStudy, wording: Wording) -> Section | None:
    """Return which levers decide each objective and which way, as bars and as a table."""
    table = study.table("lever-importance")
    if not len(table):
        return None
    parts: list[Part] = [_importance_chart(study, table[table["kpi"] == kpi], wording, kpi) for kpi in study.objectives]
    figures = _importance_table(study, table, wording)
    parts.append(Group(figures.caption, [figures]))
    return Section("levers", wording.text("Which levers decide"), [
        wording.text("Importance is each lever's part in what sets the best policies apart, over everything that was "
                     "tried; what chance alone gives is marked.")], parts)  # fmt: skip


def _importance_chart(study: StoredStudy, own: pd.DataFrame, wording: Wording, kpi: str) -> Chart:
    """Return bars by importance; the pattern says which way more of the lever moves the figure."""
    drawn = own.sort_values("importance", ascending=False).head(MOST_BARS)
    ways = (
        ("raises", wording.text("more of it raises the figure"), COLOURS[0], ""),
        ("lowers", wording.text("more of it lowers the figure"), COLOURS[1], "/"),
        ("", wording.text("no direction told from noise"), MUTED, "."),
    )
    told = drawn["told"].fillna("").astype(str)
    traces = []
    for way, name, colour, pattern in ways:
        rows = drawn[told == way]
        if len(rows):
            traces.append({
                "type": "bar", "orientation": "h", "name": name,
                "marker": {"color": colour, "pattern": {"shape": pattern}},
                "y": [str(lever) for lever in rows["lever"]], "x": [100 * float(one) for one in rows["importance"]],
                "text": [_slope(study, wording, kpi, row) for _, row in rows.iterrows()], "textposition": "outside",
                "hovertemplate": "%{y}: %{x:.0f} %<br>%{text}<extra></extra>", "cliponaxis": False,
            })  # fmt: skip
    floor = 100 * float(own["noise_floor"].iloc[0])
    first = drawn.iloc[0]
    return Chart(
        f"levers-{kpi}", wording.text("What decides {figure}", figure=title_of(wording, kpi)),
        wording.text("Bars by importance; {lever} has the longest with {share}. Levers to the left of the dashed line, "
                     "{floor}, may be chance. Beside a bar: what the lever's highest value changes against its lowest.",
                     lever=str(first["lever"]), share=wording.figure(float(first["importance"]), "share"),
                     floor=wording.figure(floor / 100, "share")),
        figure(traces, x=wording.text("Importance, %"), height=130 + 30 * len(drawn),
               xaxis={"range": [0, 1.35 * max(floor, 100 * float(drawn["importance"].max()))]},
               yaxis={"autorange": "reversed", "categoryorder": "array",
                      "categoryarray": [str(lever) for lever in drawn["lever"]]},
               shapes=[{"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": floor, "x1": floor,
                        "line": {"width": 2, "dash": "dash", "color": MUTED}}]),
    )  # fmt: skip


def _importance_table(study: StoredStudy, table: pd.DataFrame, wording: Wording) -> DataTable:
    """Return the same figures as a table."""
    rows = []
    for lever in dict.fromkeys(table["lever"]):
        own = table[table["lever"] == lever].set_index("kpi")
        cells = [Cell(str(lever), is_number=False)]
        for kpi in study.objectives:
            line: Any = own.loc[kpi]
            share = wording.figure(float(line["importance"]), "share")
            is_noise = float(line["importance"]) <= float(line["noise_floor"])
            cells += [Cell(wording.text("{share} (chance)", share=share) if is_noise else share),
                      Cell(_slope(study, wording, kpi, line))]  # fmt: skip
        rows.append(cells)
    heads = [wording.text("Lever")]
    for kpi in study.objectives:
        heads += [title_of(wording, kpi), wording.text("lowest to highest")]
    note = wording.text(
        "Importance by PED-ANOVA; chance: what a lever without effect exceeds in one case of twenty. Lowest to "
        "highest: the fitted change of the figure over the lever's range, all others held still; empty where noise "
        "cannot be told from it."
    )
    return DataTable(wording.text("Levers, their importance and direction"), heads, rows, note)


def _slope(study: StoredStudy, wording: Wording, kpi: str, row: Any) -> str:
    """Return what the lever's highest value changes against its lowest, empty where noise cannot be told from it."""
    if pd.isna(row["effect"]) or pd.isna(row["told"]):
        return ""
    return change_told(wording, kpi, float(row["effect"]), study.today_in_search[kpi])


def _kept_together(value: object) -> str:
    """Return a lever's value that no line breaks."""
    return str(value).replace(" ", NO_BREAK)


def _today(study: StoredStudy, kpi: str) -> float:
    return study.figure(study.today, kpi)
