"""What the picture of a planned pilot shows, taken from the plan.

Serves `memberlab pilot --out`.
"""

from __future__ import annotations

from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from memberlab.optimize import PilotPlan, PilotWords
    from memberlab.results import Curve

NOTE_WIDTH = 190
"""Characters of a line under the picture."""

POINTS = 120
"""Of each line."""

READING = 1
"""Place of the reading that is recommended: adjusted by prior spend."""


def draw_pilot(path: Path, plan: PilotPlan, words: PilotWords) -> None:
    """Draw the pilot that is recommended, its power by size at every duration, and what it sees of attrition."""
    from memberlab.optimize import figure_of_pilot
    from memberlab.results import ReplayedPilot, pilot_picture

    figure, verified = plan.question.figure, plan.verified[READING]
    factor = 0.01 if figure.unit == "share" else 100.0 if figure.unit == "money" else 1.0
    unit = {"share": ", percentage points", "money": f", {plan.scenario.currency}", "count": ""}[figure.unit]
    replayed = ReplayedPilot(
        f"{figure_of_pilot(figure)}{unit}",
        plan.replays.as_simulated.estimate[:, READING] / factor,
        plan.replays.placebo.estimate[:, READING] / factor,
        plan.replays.truth / factor,
        verified.power_as_simulated.value,
        verified.false_alarms.value,
    )
    title = (
        f"{plan.candidate.name} against {plan.incumbent.name} in {plan.scenario.name}: {plan.choice.row.weeks} weeks, "
        f"{plan.replays.candidate_shoppers:,} + {plan.replays.incumbent_shoppers:,} shoppers, "
        f"{verified.replays:,} replays"
    )
    notes = [line for told in (words.recommendation, *words.attrition) for line in wrap(told, NOTE_WIDTH)]
    pilot_picture(
        path, replayed, _power(plan), plan.question.certainty.power, plan.choice.shoppers, _attrition(plan), title,
        notes=notes,
    )  # fmt: skip


def _power(plan: PilotPlan) -> list[Curve]:
    """Return the power by shoppers for each duration at the recommended split, with and without adjustment."""
    from memberlab.optimize import power_of
    from memberlab.results import Curve

    rows = [row for row in plan.rows if row.split == plan.choice.row.split]
    needed = [row.shoppers for row in rows] + [plan.choice.shoppers]
    sizes = np.geomspace(max(10.0, min(needed) / 20), max(needed) * 4, POINTS)
    curves = []
    for row in rows:
        power = [power_of(row.spread, int(size), row.share, row.effect, plan.question.certainty) for size in sizes]
        curves.append(Curve(f"{row.weeks} weeks", sizes, np.array(power), dashed=row.method == "plain"))
    return curves


def _attrition(plan: PilotPlan) -> list[Curve]:
    """Return the power to tell the attrition effect from 0, for each figure and each duration from the plan's on."""
    from memberlab.optimize import attrition_power
    from memberlab.results import KPIS, Curve

    curves = []
    for kpi in dict.fromkeys(one.kpi for one in plan.attrition):
        for week in plan.question.weeks:
            if week < plan.choice.row.weeks:
                continue
            points = [one for one in plan.attrition if one.kpi == kpi and one.weeks == week]
            values = np.linspace(points[0].attrition_effect, points[-1].attrition_effect, POINTS)
            power = np.array([
                attrition_power(points, float(value), plan.choice.shoppers, plan.choice.row.share,
                                plan.question.certainty)
                for value in values
            ])  # fmt: skip
            curves.append(Curve(f"{KPIS[kpi].title}, {week} weeks", values, power))
    return curves
