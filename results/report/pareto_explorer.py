"""The Pareto explorer: the confirmed policies on axes of the reader's choice, and the policy behind each point.

Serves strategists. What is chosen with the mouse in a chart can be chosen with the keyboard beside it (limits as
sliders, policies as buttons); each role has a shape of its own, so nothing hangs on colour. Without JavaScript, and in
print, the table and the policies are still there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..kpis import KPIS
from ..pareto_picture import relative_change
from .figure_style import COLOURS
from .parts import Fragment, Section
from .policy_changes import changes_table
from .relative_figures import title_of, unit_of
from .stored_study import StoredStudy
from .study_figures import change_of, figures_table, interval_of, labelled, role_told, senses_of
from .wording import Wording

SYMBOLS = {"incumbent": "x", "recommended": "star", "front": "circle", "other": "square", "infeasible": "triangle-down"}
"""Shape of each role."""
ROLE_COLOURS = {
    "incumbent": "#999999", "recommended": COLOURS[1], "front": COLOURS[0], "other": COLOURS[5],
    "infeasible": COLOURS[3],
}  # fmt: skip
CHANGES = "changes"
"""The axis that counts changed levers; it has no interval."""


def explorer_section(study: StoredStudy, wording: Wording) -> Section:
    """Return the section with the explorer."""
    sentences = [
        wording.text("Each point is a policy that was confirmed on populations held out; its arms are intervals that "
                     "hold with 95 % for all policies and objectives together. Choose the axes, narrow the choice by "
                     "dragging over points or with the sliders, and open a policy to see what it promises."),
    ]  # fmt: skip
    content = {
        "words": explorer_words(wording), "axes": _axes(study, wording), "policies": _policies(study, wording),
        "objectives": [title_of(wording, kpi) for kpi in study.objectives], "first": study.shown or study.today,
        "data": _data(study, wording),
    }  # fmt: skip
    return Section("explorer", wording.text("Pareto explorer"), sentences,
                   [Fragment("pareto_explorer.html.j2", content)])  # fmt: skip


def explorer_words(wording: Wording) -> dict[str, str]:
    """Return everything that the explorer says; `{shown}` and `{all}` are filled in by its script."""
    return {
        "across": wording.text("Across"), "up": wording.text("Upwards"), "drag": wording.text("Select by dragging"),
        "close_up": wording.text("Leave out today's policy"), "everything": wording.text("Show all policies"),
        "narrow": wording.text("Narrow the choice"),
        "at_least": wording.text("at least"), "at_most": wording.text("at most"),
        "shown": wording.text("{shown} of {all} policies shown", shown="{shown}", all="{all}"),
        "scatter": wording.text("Confirmed policies, changes against today's policy"),
        "scatter_told": wording.text("The same figures stand in the table below, policy by policy."),
        "parallel": wording.text("All figures of each policy side by side"),
        "parallel_told": wording.text("A line for each policy found, between the lowest and the highest of them on "
                                      "every figure, changes against today's policy."),
        "table": wording.text("Confirmed policies"), "policy": wording.text("Policy"), "role": wording.text("Role"),
        "changed": wording.text("Levers changed"), "kept": wording.text("Keeps the limits"),
        "copy": wording.text("Copy the policy"), "copied": wording.text("Copied"),
        "download": wording.text("Download the policy"), "yaml": wording.text("The policy as a file"),
        "points": wording.text("pp"),
        "gone": wording.text("This folder does not tell this policy to the letter; run the study again."),
        "tried": wording.text("tried in the search, within the limits"), "behind": wording.text("The policy behind it"),
    }  # fmt: skip


def _axes(study: StoredStudy, wording: Wording) -> list[dict[str, Any]]:
    """Return what can stand on an axis; `sense` is 1 where more is better, -1 where less is, 0 for neither."""
    more = senses_of(study)
    axes = [
        {"key": kpi, "title": title_of(wording, kpi), "unit": unit_of(wording, kpi),
         "label": wording.text("{figure}: change against today, {unit}", figure=title_of(wording, kpi),
                               unit=unit_of(wording, kpi)),
         "sense": more.get(kpi, 0)}
        for kpi in study.kpis
    ]  # fmt: skip
    return [*axes, {"key": CHANGES, "title": wording.text("Levers changed"), "unit": "",
                    "label": wording.text("Levers changed against today"), "sense": -1}]  # fmt: skip


def _policies(study: StoredStudy, wording: Wording) -> list[dict[str, Any]]:
    """Return each confirmed policy: its row of the table, its figures, its levers and its file."""
    found = []
    for name in study.pareto.index:
        policy = study.policy(str(name))
        row: Any = study.pareto.loc[name]
        levers = None
        if policy is not None and name != study.today:
            levers = changes_table(study.incumbent, policy, wording)
        found.append({
            "name": str(name), "label": labelled(study, wording, str(name)),
            "role": role_told(wording, str(row["role"])),
            "cells": [(change_of(study, wording, str(name), kpi), interval_of(study, wording, str(name), kpi))
                      for kpi in study.objectives],
            "changes": int(row["changes"]), "kept": wording.figure(float(row["probability_feasible"]), "share"),
            "figures": figures_table(study, wording, str(name)),
            "levers": levers,
            "yaml": None if policy is None else policy.to_yaml(),
        })  # fmt: skip
    return found


def _data(study: StoredStudy, wording: Wording) -> dict[str, Any]:
    """Return what the script draws: points with intervals, the search's dots, shapes and words."""
    points = []
    for name in study.pareto.index:
        row: Any = study.pareto.loc[name]
        role = str(row["role"])
        figures = {kpi: _place(study, row, kpi) for kpi in study.kpis}
        figures[CHANGES] = [float(row["changes"])] * 3
        short = wording.text("today") if name == study.today else study.number(str(name))
        points.append({"name": str(name), "short": short, "role": role, "figures": figures,
                       "roleTold": role_told(wording, role)})  # fmt: skip
    roles = list(dict.fromkeys(str(role) for role in study.pareto["role"]))
    return {
        "points": points, "axes": _axes(study, wording), "tried": _tried(study), "words": explorer_words(wording),
        "roles": [{"role": role, "told": role_told(wording, role), "symbol": SYMBOLS.get(role, "circle"),
                   "colour": ROLE_COLOURS.get(role, COLOURS[0])} for role in roles],
        "first": study.shown or study.today,
    }  # fmt: skip


def _place(study: StoredStudy, row: Any, kpi: str) -> Sequence[float]:
    """Return a policy's change of a KPI and the ends of its interval, as the axes show them."""
    base = study.figure(study.today, kpi)
    return [
        round(relative_change(kpi, float(row[f"{kpi}_{end}"]), base), 4) for end in ("difference", "low", "high")
    ]  # fmt: skip


def _tried(study: StoredStudy) -> dict[str, list[float]]:
    """Return the search's estimates of what kept the limits, by KPI; empty where the folder does not say what did."""
    table = study.table("search")
    if "keeps_limits" not in table:
        return {}
    first, kept = table.iloc[0], table[table["keeps_limits"]]
    return {
        kpi: [
            round(relative_change(kpi, float(value) - float(first[kpi]), float(first[kpi])), 3) for value in kept[kpi]
        ]
        for kpi in study.kpis
        if kpi in KPIS
    }
