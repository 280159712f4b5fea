"""The tables of a study: the confirmed policies, the same by scenario, and everything that the search tried.

Serves analysts who go on in a spreadsheet or a notebook.
"""

from __future__ import annotations

import pandas as pd
from scipy import special

from memberlab.results import CONFIDENCE, KPIS, Role, Uplift

from ..break_even import margin_rows
from ..search import Estimate
from ..verdict import Confirmed, Standing, least_gain, weighted_uplift
from .catalogue import STUDY_TABLES
from .study_run import StudyResult
from .summary import estimated


def pareto_table(result: StudyResult) -> pd.DataFrame:
    """Return the confirmed policies, a row each: fresh figures, differences with intervals, and the levers' values.

    Money is in cents, shares are 0 to 1; `_search_difference` is what the search had estimated. The probabilities are
    those of `Odds`, over the replications held out.
    """
    rows = []
    aims = [objective.kpi for objective in result.goals.objectives]
    kpis = dict.fromkeys([*aims, *(bound.kpi for bound in result.goals.bounds)])
    for standing, odds in zip(result.recommendation.standings, result.odds, strict=True):
        one = standing.confirmed
        row: dict[str, object] = {
            "policy": one.policy.name, "role": role_of(standing, result),
            "feasible": standing.feasible, "on_front": standing.on_front,
            "probability_feasible": odds.feasible, "probability_dominated": odds.dominated,
            "probability_on_front": odds.on_front, "probability_beats_incumbent": odds.beats_incumbent,
            "share_of_weightings": odds.weightings, "is_knee": odds.is_knee,
            "least_gain": least_gain(one, result.goals),
            "certain_least_gain": least_gain(one, result.goals, certain=True),
            "changes": len(result.plan.incumbent.diff(one.policy)),
        }  # fmt: skip
        for kpi in kpis:
            uplift = one.overall[kpi]
            low, high = value_interval(one.figures[kpi], kpi, result)
            row |= {kpi: uplift.value, f"{kpi}_error": one.figures[kpi].error}
            row |= {f"{kpi}_value_low": low, f"{kpi}_value_high": high, f"{kpi}_difference": uplift.difference}
            row |= {f"{kpi}_low": uplift.low, f"{kpi}_high": uplift.high}
            own = own_uplift(one, kpi, result)
            row |= {f"{kpi}_own_low": own.low, f"{kpi}_own_high": own.high}
            row[f"{kpi}_search_difference"] = estimated(one.policy, kpi, result)
        row |= _break_even_columns(one.policy.name, result)
        rows.append(row | {address: str(one.policy.value_at(address)) for address in result.plan.study.levers})
    return pd.DataFrame(rows)


def value_interval(figure: Estimate, kpi: str, result: StudyResult) -> tuple[float, float]:
    """Return the interval of a figure itself, 95 % for all confirmed policies and objectives together.

    That of a share ends at 0 and 1.
    """
    replications = result.plan.study.confirmation.replications
    together = len(result.recommendation.standings) * len(result.goals.objectives)
    half = figure.error * float(special.stdtrit(replications - 1, 1 - (1 - CONFIDENCE) / 2 / together))
    low, high = figure.mean - half, figure.mean + half
    return (max(0.0, low), min(1.0, high)) if KPIS[kpi].unit == "share" else (low, high)


def own_uplift(confirmed: Confirmed, kpi: str, result: StudyResult) -> Uplift:
    """Return a policy's difference over all scenarios with the 95 % interval of this difference alone."""
    return weighted_uplift([uplifts[kpi] for uplifts in confirmed.by_scenario.values()], result.plan.weights)


def _break_even_columns(policy: str, result: StudyResult) -> dict[str, object]:
    """Return the break-even columns of a confirmed policy; numbers only where there is one crossing."""
    found = result.tested.break_evens.get(policy)
    if found is None:  # the incumbent
        return {"attrition_effect": result.tested.own, "break_even": None, "break_even_low": None,
                "break_even_high": None, "break_even_told": ""}  # fmt: skip
    only = found.crossings[0] if len(found.crossings) == 1 else None
    return {
        "attrition_effect": found.own,
        "break_even": only and only.value,
        "break_even_low": only and only.low,
        "break_even_high": only and only.high,
        "break_even_told": str(found),
    }


def by_value_table(result: StudyResult) -> pd.DataFrame:
    """Return the margin of every confirmed policy against the incumbent by attrition effect; money in cents."""
    return pd.DataFrame([
        {"policy": name, "searched": found.refined, **row}
        for name, found in result.tested.break_evens.items()
        for row in margin_rows(found)
    ])  # fmt: skip


def importance_table(result: StudyResult) -> pd.DataFrame:
    """Return each lever's importance for each objective (parts of 1), its direction, and the noise of both."""
    rows = [
        {
            "lever": one.lever, "kpi": one.kpi, "importance": one.share, "noise_floor": one.floor,
            "direction": one.direction, "effect": one.slope, "effect_error": one.slope_error,
            "effect_floor": one.sure_from, "told": {True: "raises", False: "lowers", None: ""}[one.raises],
        }
        for one in result.importances
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(STUDY_TABLES["lever-importance"].columns))


def regret(result: StudyResult, scenario: str, kpi: str, value: float) -> float:
    """Return by how much a value misses the best of the policies that keep the limits, in the scenario; 0 for the best.

    For a KPI that is no objective more counts as better.
    """
    sign = next((one.sign for one in result.goals.objectives if one.kpi == kpi), 1)
    kept = [one.confirmed.by_scenario[scenario] for one in result.recommendation.standings if one.feasible]
    best = max((sign * uplifts[kpi].value for uplifts in kept), default=sign * value)
    return max(0.0, best - sign * value)


def scenario_table(result: StudyResult) -> pd.DataFrame:
    """Return the confirmed policies by scenario: one row for each policy, scenario and KPI, with 95 % intervals."""
    signs = {one.kpi: one.sign for one in result.goals.objectives}
    return pd.DataFrame([
        {
            "policy": standing.confirmed.policy.name, "role": role_of(standing, result), "scenario": scenario,
            "kpi": kpi, "unit": KPIS[kpi].unit, "baseline": uplift.baseline, "value": uplift.value,
            "difference": uplift.difference,
            "low": uplift.low, "high": uplift.high, "regret": regret(result, scenario, kpi, uplift.value),
            "is_worst": scenario == worst_of(standing, kpi, signs.get(kpi, 1)),
        }
        for standing in result.recommendation.standings
        for scenario, uplifts in standing.confirmed.by_scenario.items()
        for kpi, uplift in uplifts.items()
    ])  # fmt: skip


def worst_of(standing: Standing, kpi: str, sign: int) -> str:
    """Return the scenario in which a policy gains least on the incumbent; `sign` is 1 where more is better."""
    by_scenario = standing.confirmed.by_scenario
    return min(by_scenario, key=lambda name: sign * by_scenario[name][kpi].difference)


def search_table(result: StudyResult) -> pd.DataFrame:
    """Return all policies of the search with the figures it saw; they are estimates, and those of the best flatter."""
    rows = []
    kept = {one.candidate.number for one in result.kept}
    for one in result.tried:
        number = one.candidate.number
        row: dict[str, object] = {"number": number, "policy": one.candidate.policy.name, "keeps_limits": number in kept}
        for kpi, figure in one.figures.items():
            row |= {kpi: figure.mean, f"{kpi}_error": figure.error}
        policy = one.candidate.policy
        rows.append(row | {address: str(policy.value_at(address)) for address in result.plan.study.levers})
    return pd.DataFrame(rows)


def role_of(standing: Standing, result: StudyResult) -> Role:
    """Return the role of a confirmed policy, as tables and picture name it."""
    found = result.recommendation
    if standing is found.standings[0]:
        return "incumbent"
    if standing is found.chosen:
        return "recommended"
    if not standing.feasible:
        return "infeasible"
    return "front" if standing.on_front else "other"
