"""A search's result as a notebook shows it: the summary in sentences, the confirmed policies, and where they lie.

Serves `StudyResult._repr_html_` and `StudyResult.chart`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from memberlab.policies import html_card
from memberlab.results import KPIS, relative_change, written

from ..findings import role_of, summary
from .look import COLOURS, layout

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from ..findings import StudyResult


def study_card(result: StudyResult) -> str:
    """Return the result as HTML: what is recommended and why, and each confirmed policy with its levers."""
    aims = [one.kpi for one in result.goals.objectives]
    levers = list(result.plan.study.levers)
    rows = []
    for standing in result.recommendation.standings:
        one = standing.confirmed
        figures = [written(one.overall[kpi].value, KPIS[kpi].unit) for kpi in aims]
        rows.append([one.policy.name, role_of(standing, result), *figures,
                     *(str(one.policy.value_at(address)) for address in levers)])  # fmt: skip
    heads = ["policy", "role", *(KPIS[kpi].title for kpi in aims), *levers]
    note = f"{len(result.tried)} policies tried; the table is of populations held out. Money in "
    note += f"{result.plan.scenarios[0].currency}."
    return html_card(f"Search {result.plan.study.name}", summary(result), heads, rows, [note])


def study_chart(result: StudyResult) -> Figure:
    """Return everything tried and what was confirmed, by the first two objectives, against today's policy."""
    from plotly.graph_objects import Figure

    aims = [one.kpi for one in result.goals.objectives]
    across, up = aims[0], aims[1] if len(aims) > 1 else aims[0]
    today = result.tried[0]

    def change(kpi: str, value: float) -> float:
        return relative_change(kpi, value - today.figures[kpi].mean, today.figures[kpi].mean)

    tried = {
        "type": "scatter", "mode": "markers", "name": "tried, the search's estimate",
        "x": [change(across, one.figures[across].mean) for one in result.tried],
        "y": [change(up, one.figures[up].mean) for one in result.tried],
        "text": [one.candidate.policy.name for one in result.tried],
        "marker": {"size": 6, "color": COLOURS[6], "opacity": 0.6},
    }  # fmt: skip
    standings = result.recommendation.standings
    confirmed = [standing.confirmed for standing in standings]
    fresh = {
        "type": "scatter", "mode": "markers", "name": "confirmed on fresh populations",
        "x": [relative_change(across, one.overall[across].difference, one.overall[across].baseline)
              for one in confirmed],
        "y": [relative_change(up, one.overall[up].difference, one.overall[up].baseline) for one in confirmed],
        "text": [f"{one.policy.name}, {role_of(standing, result)}"
                 for one, standing in zip(confirmed, standings, strict=True)],
        "marker": {"size": 11, "color": COLOURS[0], "line": {"width": 1, "color": "white"}},
    }  # fmt: skip
    for trace in (tried, fresh):
        trace["hovertemplate"] = "%{text}<br>%{x:+.2f}, %{y:+.2f}<extra></extra>"
    return Figure(data=[tried, fresh], layout=layout(
        f"Policies against {result.plan.incumbent.name}", height=460, xaxis={"title": {"text": _axis(across)}},
        yaxis={"title": {"text": _axis(up)}},
    ))  # fmt: skip


def _axis(kpi: str) -> str:
    unit = "percentage points" if KPIS[kpi].unit == "share" else "%"
    return f"{KPIS[kpi].title}, change in {unit}"
