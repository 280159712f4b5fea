"""Uplift by a group of shoppers (prior-spend decile, tier, segment) with its intervals.

Serves strategists.
"""

from __future__ import annotations

import pandas as pd

from .figure_style import COLOURS, figure
from .parts import Chart
from .wording import Wording


def uplift_chart(table: pd.DataFrame, group: str, wording: Wording, name: str, title: str) -> Chart:
    """Return the difference in contribution margin for a shopper of each group; `table` holds one scenario."""
    own = table[table["kpi"] == "margin"]
    traces = []
    for number, (policy, rows) in enumerate(own.groupby("policy", sort=False)):
        each = rows["difference_each"] / 100
        size = (rows["difference_each"] / rows["difference"]).where(rows["difference"] != 0, 0.0) / 100
        traces.append({
            "type": "scatter", "mode": "markers", "name": str(policy),
            "marker": {"color": COLOURS[(number + 1) % len(COLOURS)], "symbol": number, "size": 9},
            "x": [str(value) for value in rows[group]], "y": [float(value) for value in each],
            "error_y": {
                "type": "data", "symmetric": False,
                "array": [float(value) for value in (rows["high"] - rows["difference"]) * size],
                "arrayminus": [float(value) for value in (rows["difference"] - rows["low"]) * size],
            },
            "hovertemplate": "%{x}: %{y:,.2f}<extra>" + str(policy) + "</extra>",
        })  # fmt: skip
    best = own.loc[own["difference_each"].idxmax()]
    return Chart(
        name, title,
        wording.text("Dots with 95 % intervals for each group. Most is gained from {group} under {policy}: {gain} a "
                     "shopper.", group=str(best[group]), policy=best["policy"],
                     gain=wording.difference(float(best["difference_each"]), "money")),
        figure(traces, x=title, y=wording.text("{currency} of margin a shopper", currency=wording.currency),
               shapes=[{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0, "y1": 0,
                        "line": {"width": 1, "color": "#999999"}}],
               scattermode="group", xaxis={"type": "category"}),
    )  # fmt: skip
