"""The tables of a planned pilot: tidy, with every column documented.

Serves whoever works on with a plan. Money is cents a shopper, counts are pieces a shopper, shares go from 0 to 1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .plan import PilotPlan
from .replays import METHODS
from .verification import Rate

if TYPE_CHECKING:
    import pandas as pd

PILOT_TABLES: Mapping[str, Mapping[str, str]] = {
    "plan": {
        "kpi": "the figure asked for",
        "unit": "money (cents), count (pieces) or share (0 to 1); sums are told for a shopper",
        "weeks": "how long the pilot runs",
        "split": "asked for, even, small hold-out (a tenth with the incumbent) or cheapest for its power",
        "share": "share of the pilot's shoppers who get the candidate",
        "method": "plain: difference of the arms; adjusted: the same adjusted by spend in the year before (CUPED)",
        "baseline": "the figure under the incumbent",
        "effect": "the effect to detect",
        "effect_error": "its standard error in the pool, where it is the simulated one; 0 where it was asked for",
        "relative_effect": "the effect as a share of the baseline's size; empty where that is 0",
        "incumbent_deviation": "standard deviation of one shopper's part in the figure, in the hold-out",
        "candidate_deviation": "the same under the candidate",
        "correlation": "of one shopper's part with prior spend, under the incumbent",
        "saved": "share of the shoppers that the adjustment saves",
        "shoppers": "needed in both arms together",
        "candidate_shoppers": "of them, under the candidate",
        "hold_out_shoppers": "of them, staying with the incumbent",
        "shoppers_error": "relative standard error of the shoppers needed: what is simulated is an estimate",
        "power": "with the customers there are; empty where no limit was named",
        "smallest_effect": "that these customers can see with the power asked for; empty where no limit was named",
        "too_short": "whether it ends before half a year is over (no verdict)",
        "recommended": "whether it is the pilot that is replayed",
    },
    "replay-summary": {
        "method": "plain or adjusted, as in the plan",
        "replays": "pilots played",
        "candidate_shoppers": "under the candidate in each",
        "hold_out_shoppers": "in the hold-out of each",
        "truth": "effect of the candidate on the pool, every shopper their own twin",
        "mean": "mean of the estimates",
        "mean_error": "its Monte-Carlo standard error",
        "bias": "mean less truth",
        "deviation": "standard deviation of the estimates",
        "skewness": "skewness of the estimates",
        "shoppers_for_normality": "shoppers an arm should have by the rule of 355 times the squared skewness",
        "coverage": "share of the intervals (level 1 - alpha) that hold the truth",
        "planned_effect": "the effect to detect",
        "planned_power": "power that the plan promises at that effect",
        "power_at_planned": "share of replays that see a difference when the truth is that effect",
        "expected_power": "power that the plan promises at the effect as simulated",
        "power_as_simulated": "share of replays that see a difference",
        "false_alarms": "share of placebos (the incumbent in both arms) that see a difference",
        "alarms_below": "of all placebos, those that see a loss",
        "alarms_above": "of all placebos, those that see a gain",
        "exaggeration": "mean size of the estimates that were called different over the true size (type M)",
        "wrong_sign": "share of these with the wrong sign (type S)",
        "trusted": "whether false alarms and coverage are as they should be; if not, it is too small",
    },
    "replays": {
        "replay": "number of the replay",
        "arm": "candidate: as simulated; placebo: the incumbent in both arms, with the same shoppers",
        "method": "plain or adjusted",
        "estimate": "the difference that the pilot shows",
        "error": "the standard error that it would report",
        "low": "lower end of its interval of level 1 - alpha",
        "high": "upper end",
        "detected": "whether it calls the arms different",
    },
    "looks": {
        "weeks": "week of the look",
        "bound": "standard errors beyond which a difference counts in that week; empty: none counts yet",
        "alarms_by_week": "share of placebos called different up to then, with the usual bound every week",
        "alarms_within_bounds": "the same under the weekly bounds",
    },
    "attrition": {
        "kpi": "retention or margin",
        "unit": "as in the plan",
        "weeks": "how long the pilot runs",
        "attrition_effect": "the assumption, in both arms from launch on",
        "baseline": "the figure under the incumbent",
        "effect": "what the candidate does to it",
        "from_attrition": "the part that an attrition effect of 0 does not bring",
        "from_attrition_error": "its standard error in the pool, paired by shopper",
        "power_of_effect": "of the recommended pilot, run that long, to call the arms different",
        "power_of_attrition": "of the same to call the difference other than at an attrition effect of 0",
        "shoppers_for_effect": "needed to call the arms different with the power asked for",
        "shoppers_for_attrition": "needed to tell the attrition effect from 0; empty where that part is not certain",
    },
    "smallest-attrition-effect": {
        "kpi": "retention or margin",
        "weeks": "how long the pilot runs",
        "from_nothing": "least attrition effect at which the arms are called different with the power asked for",
        "from_no_attrition": "least attrition effect that is told from 0 with that power; empty: none up to 0.85",
    },
}  # fmt: skip
"""Every table by file name, and the meaning of its columns in their order."""


def pilot_tables(plan: PilotPlan) -> dict[str, pd.DataFrame]:
    """Return the tables of a plan by name; those of attrition are left out where it was."""
    import pandas as pd

    rows = {
        "plan": _plan(plan), "looks": _looks(plan), "replay-summary": _summary(plan), "attrition": _attrition(plan),
        "smallest-attrition-effect": [
            {"kpi": one.kpi, "weeks": one.weeks, "from_nothing": one.from_nothing,
             "from_no_attrition": one.from_no_attrition}
            for one in plan.smallest_seen
        ],
    }  # fmt: skip
    tables = {name: pd.DataFrame(found, columns=[*PILOT_TABLES[name]]) for name, found in rows.items() if found}
    return {name: replays_table(plan) if name == "replays" else tables[name]
            for name in PILOT_TABLES if name == "replays" or name in tables}  # fmt: skip


def _plan(plan: PilotPlan) -> list[dict[str, Any]]:
    figure, rows = plan.question.figure, []
    for row in plan.rows:
        candidate, hold_out = row.arms
        rows.append({
            "kpi": figure.name, "unit": figure.unit, "weeks": row.weeks, "split": row.split, "share": row.share,
            "method": row.method, "baseline": row.baseline, "effect": row.effect, "effect_error": row.effect_error,
            "relative_effect": row.relative_effect, "incumbent_deviation": row.spread.incumbent**0.5,
            "candidate_deviation": row.spread.candidate**0.5, "correlation": row.correlation, "saved": row.saved,
            "shoppers": row.shoppers, "candidate_shoppers": candidate, "hold_out_shoppers": hold_out,
            "shoppers_error": row.shoppers_error, "power": row.power, "smallest_effect": row.smallest_effect,
            "too_short": row.is_too_short, "recommended": row is plan.choice.row,
        })  # fmt: skip
    return rows


def _summary(plan: PilotPlan) -> list[dict[str, Any]]:
    rows = []
    for one in plan.verified:
        known: dict[str, Any] = {
            "candidate_shoppers": plan.replays.candidate_shoppers, "hold_out_shoppers": plan.replays.incumbent_shoppers,
            "bias": one.bias, "trusted": one.is_trusted(plan.question.certainty.alpha),
        }  # fmt: skip
        values = {name: known[name] if name in known else getattr(one, name) for name in PILOT_TABLES["replay-summary"]}
        rows.append({name: value.value if isinstance(value, Rate) else value for name, value in values.items()})
    return rows


def _looks(plan: PilotPlan) -> list[dict[str, Any]]:
    if plan.looks is None:
        return []
    looks = plan.looks
    return [
        {"weeks": week, "bound": float(looks.bounds[place]) if math.isfinite(looks.bounds[place]) else None,
         "alarms_by_week": looks.alarms_by_week[place], "alarms_within_bounds": looks.alarms_within_bounds[place]}
        for place, week in enumerate(looks.weeks)
    ]  # fmt: skip


def _attrition(plan: PilotPlan) -> list[dict[str, Any]]:
    from memberlab.results import KPIS

    rows = []
    for point in plan.attrition:
        values: dict[str, Any] = {"unit": KPIS[point.kpi].unit}
        rows.append({name: values.get(name, getattr(point, name, None)) for name in PILOT_TABLES["attrition"]})
    return rows


def replays_table(plan: PilotPlan) -> pd.DataFrame:
    """Return what every replay found: a row for each replay, arm and method."""
    import numpy as np
    import pandas as pd

    pieces = []
    for arm, found in (("candidate", plan.replays.as_simulated), ("placebo", plan.replays.placebo)):
        half, seen = found.half_width(plan.question.certainty.alpha), found.detected(plan.question.certainty.alpha)
        for place, method in enumerate(METHODS):
            estimate = found.estimate[:, place]
            pieces.append(pd.DataFrame({
                "replay": np.arange(len(estimate)), "arm": arm, "method": method, "estimate": estimate,
                "error": found.error[:, place], "low": estimate - half[:, place], "high": estimate + half[:, place],
                "detected": seen[:, place],
            }))  # fmt: skip
    return pd.concat(pieces, ignore_index=True)
