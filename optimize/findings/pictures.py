"""The pictures of a study: its front, the margin bridge, what the levers do, and what other values would recommend.

Serves reports and slides; what is drawn is what the tables say.
"""

from __future__ import annotations

from pathlib import Path

from memberlab.results import (
    KPIS,
    AlongValues,
    LeverBar,
    ParetoPoint,
    importance_picture,
    margin_bridge_picture,
    pareto_picture,
    recommendation_picture,
    relative_change,
)

from ..break_even import DECISIVE_ASSUMPTION
from ..verdict import ChoiceByValue, Verdict, least_gain
from .blocks import change
from .study_run import StudyResult
from .summary import break_even_of, held_at, label, named, shown
from .tables import role_of

TITLES = {
    DECISIVE_ASSUMPTION: "attrition effect",
    "rival_reaction": "share of our give-back that the rival matches",
}


def draw_pictures(folder: Path, result: StudyResult) -> None:
    """Draw the pictures of a study into a folder; those without anything to show are left out."""
    _draw_front(folder, result)
    _draw_bridge(folder, result)
    if result.importances:
        _draw_levers(folder, result)
    if result.choices:
        _draw_recommendation(folder, result)


def _told(result: StudyResult) -> str:
    subject = shown(result)
    return "" if subject is None else f"{label(subject, result)} {break_even_of(subject, result)}"


def _draw_front(folder: Path, result: StudyResult) -> None:
    kpis = [one.kpi for one in result.goals.objectives]
    incumbent = result.tried[0].figures
    dots = [
        {kpi: relative_change(kpi, one.figures[kpi].mean - incumbent[kpi].mean, incumbent[kpi].mean) for kpi in kpis}
        for one in result.kept
    ]
    points = []
    for standing in result.recommendation.standings:
        one, role = standing.confirmed, role_of(standing, result)
        number = one.policy.name.rpartition("-")[2].lstrip("0")
        mark = {"incumbent": "incumbent", "recommended": f"recommended ({number})"}.get(role, number)
        points.append(ParetoPoint(mark, role, one.overall))
    worlds = ", ".join(scenario.name for scenario in result.plan.scenarios)
    title = f"Against {result.plan.incumbent.name}: mean over {worlds}, fresh seeds,\n{held_at(result)}"
    pareto_picture(points, dots, kpis, folder / "pareto.png", f"{title}\n{_told(result)}".rstrip())


def _draw_bridge(folder: Path, result: StudyResult) -> None:
    subject, told = shown(result), _told(result)
    bridges = {result.plan.incumbent.name: result.recommendation.standings[0].confirmed.bridge}
    if subject is not None:
        kept = result.recommendation.verdict is Verdict.KEEP
        bridges[subject.confirmed.policy.name if kept else named(result)] = subject.confirmed.bridge
    notes = [f"The margins hold {held_at(result)}, which no order log can tell.", *([f"{told}."] if told else [])]
    margin_bridge_picture(bridges, folder / "margin-bridge.png", result.plan.scenarios[0].currency, notes=notes)


def _draw_levers(folder: Path, result: StudyResult) -> None:
    baselines = result.tried[0].figures
    panels = {}
    for objective in result.goals.objectives:
        found = [one for one in result.importances if one.kpi == objective.kpi]
        bars = [
            LeverBar(
                one.lever, 100 * one.share, one.raises,
                "" if one.raises is None else change(one.kpi, one.slope, baselines[one.kpi].mean),
            )
            for one in found
        ]  # fmt: skip
        panels[KPIS[objective.kpi].title] = (100 * found[0].floor, bars)
    note = (
        f"PED-ANOVA over {len(result.tried)} policies. Beside a bar: fitted change of the figure from the lever's "
        "lowest value to its highest, all others held still, where it is told from noise."
    )
    importance_picture(panels, folder / "lever-importance.png", "Which levers decide, and which way", notes=[note])


def _draw_recommendation(folder: Path, result: StudyResult) -> None:
    title = f"What would be recommended in place of {result.plan.incumbent.name}, by what nobody knows"
    panels = [_along(choice, result) for choice in result.choices]
    notes = [choice.told for choice in result.choices]
    recommendation_picture(panels, folder / "recommendation-by-value.png", title, notes=notes)


def _along(choice: ChoiceByValue, result: StudyResult) -> AlongValues:
    incumbent, *others = (one.confirmed.policy.name for one in result.recommendation.standings)
    gains: dict[str, list[float]] = {name: [] for name in others}
    taken: list[str | None] = []
    for found in choice.choices.values():
        for standing in found.standings[1:]:
            gains[standing.confirmed.policy.name].append(100 * least_gain(standing.confirmed, result.goals))
        name = found.chosen.confirmed.policy.name
        taken.append(None if name == incumbent else name)
    return AlongValues(TITLES[choice.name], list(choice.choices), choice.own, gains, taken)
