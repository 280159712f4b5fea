"""Finance in a report: the bridge, benefit cost by tier, and the points liability with its ageing.

Serves finance. Everything comes from the books that a run keeps, as `memberlab finance` shows them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from ..finance.books import RunBooks
from ..finance.statements import statements_of
from .benefit_chart import benefit_chart, benefit_table, costs_of
from .bridge_chart import bridge_chart, bridge_of, bridge_table
from .figure_style import COLOURS, figure
from .parts import Cell, Chart, DataTable, Section
from .wording import Wording, to_translate


def finance_sections(books: Sequence[RunBooks], wording: Wording) -> list[Section]:
    """Return the bridge, benefit cost and liability of every arm, scenario by scenario; nothing without books."""
    if not books:
        return []
    statements = {(one.scenario, one.arm): statements_of(one) for one in books}
    scenarios = list(dict.fromkeys(one.scenario for one in books))
    bridge_parts: list[DataTable | Chart] = []
    benefit_parts: list[DataTable | Chart] = []
    liability_parts: list[DataTable | Chart] = []
    for scenario in scenarios:
        own = {arm: tables for (name, arm), tables in statements.items() if name == scenario}
        bridges = {arm: bridge_of(tables["bridge"]) for arm, tables in own.items()}
        bridge_parts += [_in(scenario, bridge_chart(bridges, wording, f"bridge-{scenario}"), wording, scenarios),
                         bridge_table(bridges, wording)]  # fmt: skip
        for arm, tables in own.items():
            costs = costs_of(tables["benefits"])
            if len(costs):
                chart = benefit_chart(costs, wording, f"benefits-{scenario}-{arm}", arm)
                benefit_parts += [_in(scenario, chart, wording, scenarios), benefit_table(costs, wording, arm)]
        chart = liability_chart(own, wording, f"liability-{scenario}")
        if chart is not None:
            liability_parts.append(_in(scenario, chart, wording, scenarios))
            liability_parts += [roll_forward(tables["points"], wording, arm) for arm, tables in own.items()
                                if tables["points"]["issued"].sum()]  # fmt: skip
    found = [Section("bridge", wording.text("Margin bridge"), (), bridge_parts)]
    if benefit_parts:
        found.append(Section("benefits", wording.text("Benefit cost by tier"), (), benefit_parts))
    if liability_parts:
        found.append(Section("liability", wording.text("Points liability"), (), liability_parts))
    return found


def liability_chart(own: Mapping[str, Mapping[str, pd.DataFrame]], wording: Wording, name: str) -> Chart | None:
    """Return the points liability month by month under every policy; None where nobody owes points."""
    held = {arm: tables["points"] for arm, tables in own.items() if tables["points"]["closing_value"].abs().sum()}
    if not held:
        return None
    traces = [
        {
            "type": "scatter", "mode": "lines+markers", "name": arm, "marker": {"symbol": place},
            "line": {"color": COLOURS[place]}, "x": [str(month) for month in table["month"]],
            "y": [float(cents) / 100 for cents in table["closing_value"]],
        }
        for place, (arm, table) in enumerate(held.items())
    ]  # fmt: skip
    ends = ", ".join(
        f"{arm} {wording.figure(float(table['closing_value'].iloc[-1]), 'money')}" for arm, table in held.items()
    )
    return Chart(name, wording.text("What outstanding points are expected to cost"),
                 wording.text("Lines by month end. At the end: {ends}.", ends=ends),
                 figure(traces, y=wording.currency, yaxis={"rangemode": "tozero"}))  # fmt: skip


def roll_forward(points: pd.DataFrame, wording: Wording, arm: str) -> DataTable:
    """Return the roll-forward of the points and of their expected cost over the whole run."""
    rows = []
    for title, column, sign in (
        (to_translate("Opening"), "opening", 1),
        (to_translate("Issued"), "issued", 1),
        (to_translate("Given back for returns"), "given_back", 1),
        (to_translate("Redeemed"), "redeemed", -1),
        (to_translate("Expired"), "expired", -1),
        (to_translate("Clawed back"), "clawed_back", -1),
        (to_translate("Converted at cut-over"), "converted", 1),
        (to_translate("Remeasured"), "remeasured", 1),
        (to_translate("Devalued"), "devalued", -1),
        (to_translate("Closing"), "closing", 1),
    ):
        count = _whole(points[column], column) if column in points else None
        cents = _whole(points[f"{column}_value"], column)
        if column in ("opening", "closing") or count or cents:
            rows.append([Cell(wording.text(title), is_number=False),
                         Cell("" if count is None else wording.figure(float(sign * count), "count")),
                         Cell(wording.figure(float(sign * cents), "money"))])  # fmt: skip
    heads = [wording.text("Movement"), wording.text("Points"), wording.text("Expected cost")]
    return DataTable(wording.text("Points roll-forward under {policy}", policy=arm), heads, rows)


def _whole(by_month: pd.Series, column: str) -> float:
    """Return a movement of the whole run: balances of its first or last month, sums of all others."""
    return float({"opening": by_month.iloc[0], "closing": by_month.iloc[-1]}.get(column, by_month.sum()))


def _in(scenario: str, chart: Chart, wording: Wording, scenarios: Sequence[str]) -> Chart:
    """Return the chart with its scenario in the title, where there are several."""
    if len(scenarios) == 1:
        return chart
    title = wording.text("{title}, {scenario}", title=chart.title, scenario=scenario)
    return Chart(chart.name, title, chart.alternative, chart.figure, chart.note)
