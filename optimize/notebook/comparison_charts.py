"""The charts of a comparison: every difference with its interval, and the steps from one margin to the other.

Serves `Comparison.chart` and `Run.chart`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from memberlab.results import KPIS, axis_scale, margin_bridge, relative_change, written_difference

from .look import COLOURS, GAIN, LOSS, TOTAL, layout

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from ..comparison import Comparison


def differences_chart(comparison: Comparison) -> Figure:
    """Return each policy's differences from the first with the intervals that hold at once, relative to the first.

    Shares are in percentage points, other figures in percent; filled marks are certain.
    """
    from plotly.graph_objects import Figure

    traces = []
    arms = [arm for arm in comparison.arms if comparison.verdict(arm) is not None]
    for number, arm in enumerate(arms):
        place = arm.scenario.name, arm.policy.name
        shown = [one for one in arm.uplifts if one.baseline or KPIS[one.kpi].unit == "share"]
        values, below, above, told = [], [], [], []
        for one in shown:
            low, high = comparison.joint.band(*place, one)
            middle, least, most = (relative_change(one.kpi, end, one.baseline) for end in (one.difference, low, high))
            values.append(middle)
            below.append(middle - least)
            above.append(most - middle)
            told.append(" to ".join(written_difference(KPIS[one.kpi], end) for end in (low, high)))
        certain = [comparison.joint.is_certain(*place, one) for one in shown]
        name = arm.policy.name if len(comparison.scenarios) == 1 else f"{arm.policy.name}, {arm.scenario.name}"
        colour = COLOURS[number % len(COLOURS)]
        traces.append({
            "type": "scatter", "mode": "markers", "name": name, "x": values,
            "y": [KPIS[one.kpi].title for one in shown], "customdata": told,
            "error_x": {"type": "data", "symmetric": False, "array": above, "arrayminus": below, "color": colour},
            "marker": {"size": 10, "color": colour, "symbol": ["circle" if one else "circle-open" for one in certain]},
            "hovertemplate": "%{y}: %{x:+.2f}<br>%{customdata}<extra>" + name + "</extra>",
        })  # fmt: skip
    first = comparison.arms[0].policy.name
    return Figure(data=traces, layout=layout(
        f"Differences from {first}; filled marks are certain", height=460,
        xaxis={"title": {"text": "percent; percentage points for shares"}, "zeroline": True},
        yaxis={"autorange": "reversed"}, scattermode="group",
    ))  # fmt: skip


def bridge_chart(
    before: Mapping[str, int], after: Mapping[str, int] | None, currency: str, names: tuple[str, str] = ("", "")
) -> Figure:
    """Return the bridge from list value to margin; with `after` the steps from one policy's margin to the other's."""
    from plotly.graph_objects import Figure

    lines = margin_bridge(before)
    if after is None:
        steps = [(line.title, line.amount, "total" if line.is_total else "relative") for line in lines]
        steps = [one for one in steps if one[1]]
        title = f"From list value to contribution margin, {names[0]}"
    else:
        moved = {line.name: line.amount for line in margin_bridge(after)}
        changes = [(line.title, moved[line.name] - line.amount, "relative") for line in lines if not line.is_total]
        steps = [(f"Margin under {names[0]}", lines[-1].amount, "absolute"), *(one for one in changes if one[1]),
                 (f"Margin under {names[1]}", moved["margin"], "total")]  # fmt: skip
        title = f"From the margin of {names[0]} to that of {names[1]}"
    unit, told = axis_scale(max((abs(amount) for _, amount, _ in steps), default=0), currency)
    trace = {
        "type": "waterfall", "orientation": "h", "measure": [one[2] for one in steps],
        "y": [one[0] for one in steps], "x": [one[1] / unit for one in steps],
        "text": [f"{one[1] / 100:,.0f}" for one in steps], "hovertemplate": "%{y}: %{text}<extra></extra>",
        "increasing": {"marker": {"color": GAIN}}, "decreasing": {"marker": {"color": LOSS}},
        "totals": {"marker": {"color": TOTAL}}, "connector": {"line": {"color": "rgba(128,128,128,.5)"}},
    }  # fmt: skip
    axis: dict[str, object] = {"title": {"text": told}}
    if after is not None and len(steps) > 2:  # the margins are far longer than what lies between them
        axis["range"] = _around([amount / unit for _, amount, _ in steps])
    return Figure(data=[trace], layout=layout(
        title, height=140 + 28 * len(steps), xaxis=axis, yaxis={"autorange": "reversed"}, showlegend=False,
    ))  # fmt: skip


def _around(steps: list[float]) -> list[float]:
    """Return the part of the axis in which the steps between two margins lie."""
    run = [steps[0]]
    for one in steps[1:-1]:
        run.append(run[-1] + one)
    room = (max(run) - min(run)) * 0.3 or abs(steps[0]) * 0.01
    return [min(run) - room, max(run) + room]
