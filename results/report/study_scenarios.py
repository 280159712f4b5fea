"""What a search says by scenario: differences, worst case and regret, and how the policies stand to the limits.

Serves strategists and finance.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..kpis import KPIS
from .parts import Cell, DataTable, Group, Part, Section
from .relative_figures import change_told, figure_told, gain_told, interval_told, plain_told, title_of
from .stored_study import StoredStudy
from .study_figures import labelled
from .wording import Wording, with_minus


def scenarios_section(study: StoredStudy, wording: Wording) -> Section | None:
    """Return every confirmed policy by scenario with its regret, and by every criterion over scenarios."""
    table = study.table("by-scenario")
    if not len(table):
        return None
    near = table["policy"].isin([study.today, study.shown])
    parts: list[Part] = [_scenario_table(study, table[near], wording)]
    if not near.all():
        rest = _scenario_table(study, table[~near], wording)
        parts.append(Group(wording.text("The other confirmed policies by scenario"), [rest]))
    criteria = study.table("robustness")
    if len(criteria):
        tables = [_criteria_table(study, criteria[criteria["kpi"] == kpi], wording, kpi) for kpi in study.objectives]
        parts.append(
            Group(wording.text("By every criterion over scenarios: worst, tail, regret, as good as today"), tables)
        )
    return Section("scenarios", wording.text("Scenario by scenario"), (), parts)


def _scenario_table(study: StoredStudy, table: pd.DataFrame, wording: Wording) -> DataTable:
    """Return a row a policy and scenario: each objective's difference, its interval and the regret."""
    rows = []
    for (name, scenario), lines in table.groupby(["policy", "scenario"], sort=False):
        own = lines.set_index("kpi")
        cells = [Cell(f"{labelled(study, wording, str(name))}, {scenario}", is_number=False)]
        for kpi in study.objectives:
            line: Any = own.loc[kpi]
            base = float(line["baseline"])
            missed = change_told(wording, kpi, float(line["regret"]), base).lstrip("+")
            regret = wording.text("regret {regret}", regret=missed)
            if name == study.today:
                cells.append(Cell(f"{figure_told(wording, kpi, base)}\n{regret}"))
                continue
            worst = "*" if line["is_worst"] else ""
            change = change_told(wording, kpi, float(line["difference"]), base)
            interval = interval_told(wording, kpi, float(line["low"]), float(line["high"]), base)
            cells.append(Cell(f"{change}{worst}\n{interval}\n{regret}"))
        rows.append(cells)
    heads = [wording.text("Policy and scenario"), *(title_of(wording, kpi) for kpi in study.objectives)]
    note = wording.text("Regret: what is missed in that scenario against the best confirmed policy that keeps the "
                        "limits; 0 is the best. Intervals are 95 % each. * the policy's worst case: the scenario in "
                        "which it gains least.")  # fmt: skip
    return DataTable(wording.text("Differences to {today} by scenario", today=study.today), heads, rows, note)


def _criteria_table(study: StoredStudy, table: pd.DataFrame, wording: Wording, kpi: str) -> DataTable:
    """Return one objective of every policy by each criterion over scenarios."""
    words = {
        "mean": wording.text("mean"), "worst": wording.text("worst scenario"),
        "cvar": wording.text("mean of the worst part"), "regret": wording.text("largest regret"),
        "satisficing": wording.text("scenarios as good as today"),
    }  # fmt: skip
    criteria = list(dict.fromkeys(table["criterion"]))
    rows = []
    for name in dict.fromkeys(table["policy"]):
        own = table[table["policy"] == name].set_index("criterion")
        cells = [Cell(labelled(study, wording, str(name)), is_number=False)]
        for one in criteria:
            value = float(own.loc[one, "value"])
            cells.append(Cell(wording.figure(value, "share") if one == "satisficing"
                              else figure_told(wording, kpi, value)))  # fmt: skip
        rows.append(cells)
    caption = wording.text("{figure} over scenarios, by every criterion", figure=title_of(wording, kpi))
    chosen = [str(one) for one in table.loc[table["is_study"], "criterion"].drop_duplicates()]
    note = wording.text("The study chooses by: {criterion}.",
                        criterion=wording.text(", ").join(words.get(one, one) for one in chosen))  # fmt: skip
    return DataTable(caption, [wording.text("Policy"), *(words.get(one, str(one)) for one in criteria)], rows, note)


def limits_section(study: StoredStudy, wording: Wording) -> Section | None:
    """Return which limits bind, the room of each policy, and what another limit would allow."""
    table = study.table("limits")
    if not len(table):
        return None
    sentences = [
        _limit_said(own.iloc[0], wording) for _, own in table.groupby(["limit", "bound"], sort=False)
    ]  # fmt: skip
    near = table["policy"].isin([study.today, study.shown])
    parts: list[Part] = [_rooms(study, table[near], wording)]
    if not near.all():
        parts.append(Group(wording.text("The room of the other confirmed policies"), [
            _rooms(study, table[~near], wording)]))  # fmt: skip
    return Section("limits", wording.text("Which limits bind"), sentences, parts)


def _rooms(study: StoredStudy, table: pd.DataFrame, wording: Wording) -> DataTable:
    """Return how far inside the limits policies are."""
    rows = []
    for _, row in table.iterrows():
        kpi = str(row["kpi"])
        tight = wording.text("tight") if row["is_tight"] else wording.text("room")
        errors = "" if pd.isna(row["room_errors"]) else with_minus(f"{float(row['room_errors']):+.1f}")
        rows.append([
            Cell(f"{labelled(study, wording, str(row['policy']))}: {_limit_told(row, wording)}", is_number=False),
            Cell(figure_told(wording, kpi, float(row["figure"]))), Cell(_step(wording, kpi, float(row["room"]), "+")),
            Cell(errors), Cell(wording.text("missed") if float(row["room"]) < 0 else tight, is_number=False),
        ])  # fmt: skip
    heads = [
        wording.text("Policy and limit"), wording.text("Figure"), wording.text("Room"),
        wording.text("Room in standard errors"), wording.text("Verdict"),
    ]  # fmt: skip
    return DataTable(wording.text("How far inside the limits each policy is"), heads, rows,
                     wording.text("Tight: less room than two standard errors."))  # fmt: skip


def _limit_told(row: pd.Series, wording: Wording) -> str:
    kpi, bound = str(row["kpi"]), float(row["bound"])
    told = figure_told(wording, kpi, bound)
    if row["relation"] == "at_most":
        return wording.text("{figure} at most {bound}", figure=title_of(wording, kpi), bound=told)
    return wording.text("{figure} at least {bound}", figure=title_of(wording, kpi), bound=told)


def _limit_said(row: pd.Series, wording: Wording) -> str:
    """Return whether a limit binds, and what moving it would allow."""
    said = wording.text("{limit}: {broken} policies of the search break it, {only} of them no other limit.",
                        limit=_limit_told(row, wording), broken=int(row["broken_by"]),
                        only=int(row["only_this"]))  # fmt: skip
    if pd.isna(row["nearest_policy"]):
        idle = wording.text("None of these would be better than what is kept, so the limit costs nothing.")
        return wording.joined(said, idle)
    kpi = str(row["kpi"])
    return wording.joined(said, wording.text(
        "It binds: moving it by {step} would allow {policy}, whose smallest gain is {gain} by the search's estimate; "
        "confirm that before you believe it.", step=_step(wording, kpi, float(row["nearest_relax_by"])),
        policy=str(row["nearest_policy"]), gain=gain_told(wording, float(row["nearest_gain"])),
    ))  # fmt: skip


def _step(wording: Wording, kpi: str, value: float, sign: str = "") -> str:
    """Return a distance in a KPI's unit."""
    if KPIS[kpi].unit == "share":
        shown = plain_told(wording, 100 * value)
        return wording.text("{points} pp", points=f"{sign}{shown}" if value > 0 else shown)
    return wording.difference(value, KPIS[kpi].unit) if sign else wording.figure(value, KPIS[kpi].unit)
