"""Uplift by a group of shoppers (prior-spend decile, tier, segment) with its intervals.

Serves strategists.
"""

from __future__ import annotations

import pandas as pd

from .figure_style import figure, mark_of, zero_line
from .parts import Cell, Chart, DataTable
from .wording import Wording


def uplift_chart(table: pd.DataFrame, group: str, wording: Wording, name: str, title: str) -> Chart:
    """Return the difference in contribution margin for a shopper of each group; `table` holds one scenario."""
    own = table[table["kpi"] == "margin"].copy()
    for end in ("low", "high"):
        own[f"{end}_each"] = own[end] / own["shoppers"]
    labels = {str(value): _named(str(value), wording) for value in dict.fromkeys(own[group])}
    traces = []
    policies = {str(policy): rows for policy, rows in own.groupby("policy", sort=False)}
    for place, (policy, rows) in enumerate(policies.items(), start=1):
        traces.append({
            "type": "scatter", "mode": "markers", "name": policy, "marker": mark_of(place, 9),
            "x": [labels[str(value)] for value in rows[group]],
            "y": [float(cents) / 100 for cents in rows["difference_each"]],
            "error_y": {
                "type": "data", "symmetric": False,
                "array": [float(cents) / 100 for cents in rows["high_each"] - rows["difference_each"]],
                "arrayminus": [float(cents) / 100 for cents in rows["difference_each"] - rows["low_each"]],
            },
            "customdata": [wording.difference(float(cents), "money") for cents in rows["difference_each"]],
            "hovertemplate": "%{x}: %{customdata}<extra>" + policy + "</extra>",
        })  # fmt: skip
    best, worst = own.iloc[int(own["difference_each"].argmax())], own.iloc[int(own["difference_each"].argmin())]
    rows_of = [
        [Cell(label, is_number=False),
         *(Cell(_told(rows[rows[group].astype(str) == value], wording)) for rows in policies.values())]
        for value, label in labels.items()
    ]  # fmt: skip
    return Chart(
        name, title,
        wording.text("Dots with 95 % intervals for each group. A shopper of group {best} brings most ({most} under "
                     "{policy}), one of group {worst} least ({least} under {other}).",
                     best=labels[str(best[group])], policy=best["policy"],
                     most=wording.difference(float(best["difference_each"]), "money"),
                     worst=labels[str(worst[group])], other=worst["policy"],
                     least=wording.difference(float(worst["difference_each"]), "money")),
        figure(traces, x=title, y=wording.text("{currency} of margin a shopper", currency=wording.currency),
               shapes=[zero_line()], scattermode="group", xaxis={"type": "category"}, showlegend=len(traces) > 1),
        table=DataTable(wording.text("Margin a shopper"), [title, *policies], rows_of),
    )  # fmt: skip


def _told(rows: pd.DataFrame, wording: Wording) -> str:
    if rows.empty:
        return ""
    row = rows.iloc[0]
    return (
        f"{wording.difference(float(row['difference_each']), 'money')}\n"
        f"{wording.interval(float(row['low_each']), float(row['high_each']), 'money')}"
    )


def _named(group: str, wording: Wording) -> str:
    return {"no spend": wording.text("no spend"), "no order yet": wording.text("no order yet")}.get(group, group)
