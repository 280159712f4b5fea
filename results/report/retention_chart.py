"""Retention curves of every policy in one scenario, with the interval of the difference to today's policy.

Serves strategists.
"""

from __future__ import annotations

import pandas as pd

from .figure_style import COLOURS, figure
from .parts import Chart
from .wording import Wording


def retention_chart(table: pd.DataFrame, wording: Wording, name: str) -> Chart:
    """Return the share that still orders by month after launch; `table` holds one scenario."""
    own = table[table["curve"] == "still ordering"]
    traces = []
    for number, (policy, rows) in enumerate(own.groupby("policy", sort=False)):
        colour = COLOURS[number % len(COLOURS)]
        months = [int(month) for month in rows["month"]]
        traces.append({
            "type": "scatter", "mode": "lines+markers", "name": str(policy), "line": {"color": colour},
            "marker": {"symbol": number}, "x": months, "y": [100 * value for value in rows["value"]],
            "error_y": {
                "type": "data", "symmetric": False, "thickness": 1, "width": 2,
                "array": [100 * (high - mean) for high, mean in zip(rows["high"], rows["difference"], strict=True)],
                "arrayminus": [100 * (mean - low) for low, mean in zip(rows["low"], rows["difference"], strict=True)],
            },
            "hovertemplate": "%{x}: %{y:.1f} %<extra>" + str(policy) + "</extra>",
        })  # fmt: skip
    last = own[own["month"] == own["month"].max()]
    ends = ", ".join(f"{row.policy} {wording.figure(row.value, 'share')}" for row in last.itertuples())
    return Chart(
        name, wording.text("Who still orders"),
        wording.text("Lines that fall month by month. In the last month the share is: {ends}.", ends=ends),
        figure(traces, x=wording.text("Month after launch"), y=wording.text("% of shoppers"),
               yaxis={"rangemode": "tozero"}),
        wording.text("Bars show the 95 % interval of the difference to the first policy."),
    )  # fmt: skip
