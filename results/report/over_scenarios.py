"""All scenarios together: the mean, the worst case and the regret of every policy, and each scenario's margin.

Serves strategists who do not know which of the worlds will come.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ..kpis import KPIS, Unit
from .figure_style import figure, mark_of, zero_line
from .key_figures import is_certain
from .parts import Cell, Chart, DataTable, Section
from .wording import Wording

TOLD = ("margin", "gmv", "retention")


def over_scenarios_section(
    table: pd.DataFrame | None, comparison: pd.DataFrame, weights: Mapping[str, float], wording: Wording, today: str
) -> list[Section]:
    """Return the section; empty with a single scenario."""
    scenarios = list(dict.fromkeys(comparison["scenario"]))
    if table is None or not len(table) or len(scenarios) < 2:
        return []
    shares = {name: float(weights.get(name, 1 / len(scenarios))) for name in scenarios}
    told = wording.text(", ").join(f"{name} {wording.figure(share, 'share')}" for name, share in shares.items())
    said = wording.text("Scenarios count by their weights: {weights}.", weights=told)
    return [
        Section("scenarios", wording.text("Over all scenarios"), [said],
                [_chart(comparison, wording, today), _regret(table, wording, today)])
    ]  # fmt: skip


def _chart(comparison: pd.DataFrame, wording: Wording, today: str) -> Chart:
    own = comparison[(comparison["kpi"] == "margin") & (comparison["policy"] != today)]
    traces = []
    for place, (policy, rows) in enumerate(own.groupby("policy", sort=False), start=1):
        traces.append({
            "type": "scatter", "mode": "markers", "name": str(policy), "marker": mark_of(place, 10),
            "y": [str(name) for name in rows["scenario"]], "x": [float(cents) / 100 for cents in rows["difference"]],
            "error_x": {"type": "data", "symmetric": False,
                        "array": [float(c) / 100 for c in rows["simultaneous_high"] - rows["difference"]],
                        "arrayminus": [float(c) / 100 for c in rows["difference"] - rows["simultaneous_low"]]},
            "customdata": [wording.difference(float(cents), "money") for cents in rows["difference"]],
            "hovertemplate": "%{y}: %{customdata}<extra>" + str(policy) + "</extra>",
        })  # fmt: skip
    count = int(sum(is_certain(row) for _, row in own.iterrows()))
    scenarios = own["scenario"].nunique()
    heads = [wording.text("Scenario"), *(str(trace["name"]) for trace in traces)]
    rows_of = [
        [Cell(str(scenario), is_number=False), *(Cell(
            f"{wording.difference(float(row['difference']), 'money')}\n"
            f"{wording.interval(float(row['simultaneous_low']), float(row['simultaneous_high']), 'money')}")
            for _, row in rows.iterrows())]
        for scenario, rows in own.groupby("scenario", sort=False)
    ]  # fmt: skip
    title = wording.text("Difference of the contribution margin by scenario")
    return Chart(
        "margin-by-scenario", title,
        wording.text("Dots with the 95 % intervals that hold for all differences together; {count} of {all} leave out "
                     "zero.", count=count, all=len(own)),
        figure(traces, x=wording.currency, height=150 + 34 * scenarios, shapes=[zero_line(upright=True)],
               yaxis={"type": "category", "autorange": "reversed"}, scattermode="group", showlegend=len(traces) > 1),
        table=DataTable(title, heads, rows_of),
    )  # fmt: skip


def _regret(table: pd.DataFrame, wording: Wording, today: str) -> DataTable:
    rows = []
    each: Iterable[Any] = table.itertuples()
    for row in each:
        if row.kpi not in TOLD:
            continue
        unit, title = KPIS[row.kpi].unit, wording.text(KPIS[row.kpi].title)
        is_today = row.policy == today
        rows.append([
            Cell(wording.text("{policy}: {figure}", policy=row.policy, figure=title), is_number=False),
            Cell("-" if is_today else wording.difference(row.difference, unit)),
            Cell("-" if is_today else wording.interval(row.simultaneous_low, row.simultaneous_high, unit)),
            Cell("-" if is_today else f"{wording.difference(row.worst_difference, unit)}\n{row.worst_scenario}"),
            Cell(_lost(row.regret, unit, wording)),
            Cell(f"{_lost(row.most_regret, unit, wording)}\n{row.regret_scenario}" if row.most_regret > 0 else "0"),
        ])  # fmt: skip
    heads = [wording.text("Policy and figure"), wording.text("Mean difference"), wording.text("95 % interval"),
             wording.text("Worst scenario"), wording.text("Regret"), wording.text("Most regret")]  # fmt: skip
    note = wording.text(
        "Regret: what is lost against the best policy of each scenario, mean by the scenarios' weights; 0 is never "
        "beaten."
    )
    return DataTable(wording.text("Mean, worst case and regret"), heads, rows, note)


def _lost(amount: float, unit: Unit, wording: Wording) -> str:
    """Return a regret, which has no sign."""
    return wording.difference(amount, unit).lstrip("+") if amount > 0 else "0"
