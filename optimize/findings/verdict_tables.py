"""The tables that say how far to trust a recommendation: criteria, shrinkage, limits, other values, each change.

Serves analysts, the report, the terminal and JSON, which all show these same rows. `study_catalogue.py` has the meaning
of every column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd
from scipy import special

from memberlab.results import CONFIDENCE, KPIS, Uplift, margin_bridge

from ..verdict import Allowed, Binding, Confirmed, Standing, changed_addresses, least_gain
from .catalogue import STUDY_TABLES
from .study_run import StudyResult
from .summary import estimated, shown
from .tables import by_value_table, importance_table, own_uplift, pareto_table, role_of, scenario_table, search_table


def study_tables(result: StudyResult) -> dict[str, pd.DataFrame]:
    """Return every table of a study by name, as `study_catalogue.CATALOGUE` describes them."""
    return {
        "pareto": pareto_table(result),
        "by-scenario": scenario_table(result),
        "robustness": robustness_table(result),
        "shrinkage": shrinkage_table(result),
        "lever-importance": importance_table(result),
        "limits": limits_table(result),
        "recommendation-by-value": recommendation_table(result),
        "margin-by-attrition-effect": by_value_table(result),
        "changed-levers": changed_levers_table(result),
        "simplest": simplest_table(result),
        "bridge": bridge_table(result),
        "search": search_table(result),
    }


def bridge_table(result: StudyResult) -> pd.DataFrame:
    """Return the margin bridge of every confirmed policy, line by line."""
    return _frame("bridge", (
        {
            "policy": standing.confirmed.policy.name, "role": role_of(standing, result), "line": line.name,
            "title": line.title, "amount": line.amount, "is_total": line.is_total,
        }
        for standing in result.recommendation.standings
        for line in margin_bridge(standing.confirmed.bridge)
    ))  # fmt: skip


def robustness_table(result: StudyResult) -> pd.DataFrame:
    """Return the confirmed policies' objectives by every criterion over scenarios."""
    roles = {one.confirmed.policy.name: role_of(one, result) for one in result.recommendation.standings}
    own = result.goals.robustness.criterion
    return _frame("robustness", (
        {
            "policy": one.policy, "role": roles[one.policy], "kpi": one.kpi, "unit": KPIS[one.kpi].unit,
            "criterion": one.criterion, "is_study": one.criterion == own, "more_is_better": one.more_is_better,
            "reference": one.reference, "baseline": one.figure.baseline, "value": one.figure.value,
            "difference": one.figure.difference, "low": one.figure.low, "high": one.figure.high,
        }
        for one in sorted(result.criteria, key=lambda one: list(roles).index(one.policy))
    ))  # fmt: skip


def shrinkage_table(result: StudyResult) -> pd.DataFrame:
    """Return the search's estimates beside the figures held out, and how much of them was luck."""
    return _frame("shrinkage", shrinkages(result))


def shrinkages(result: StudyResult) -> Iterator[dict[str, Any]]:
    """Give the rows of the table `shrinkage`."""
    for standing in result.recommendation.standings[1:]:
        one = standing.confirmed
        for objective in result.goals.objectives:
            own = own_uplift(one, objective.kpi, result)
            was = estimated(one.policy, objective.kpi, result)
            luck, error = objective.sign * (was - own.difference), error_of(own)
            yield {
                "policy": one.policy.name, "role": role_of(standing, result), "kpi": objective.kpi,
                "unit": KPIS[objective.kpi].unit, "search_difference": was, "difference": own.difference,
                "low": own.low, "high": own.high, "flattered_by": luck,
                "flattered_errors": luck / error if error > 0 else None,
            }  # fmt: skip


def limits_table(result: StudyResult) -> pd.DataFrame:
    """Return the room that each confirmed policy leaves to each limit, and what another limit would allow."""
    return _frame("limits", (
        {
            "limit": one.bound.name, "kpi": one.bound.kpi, "relation": "at_most" if one.bound.sign > 0 else "at_least",
            "bound": one.bound.limit, "policy": policy, "figure": figures[policy], "error": error, "room": room,
            "room_errors": room / error if error > 0 else None, "is_tight": one.is_tight(policy), "binds": one.binds,
            "broken_by": one.broken_by, "only_this": one.only_this, "best_kept_gain": one.best_kept,
            **_allowed("nearest", one.nearest), **_allowed("best", one.best),
        }
        for one in result.bindings
        for figures in [_figures(one, result)]
        for policy, room, error in one.rooms
    ))  # fmt: skip


def recommendation_table(result: StudyResult) -> pd.DataFrame:
    """Return every confirmed policy under every value of what nobody knows, and which of them the rule takes there."""
    return _frame("recommendation-by-value", (
        {
            "assumption": choice.name, "value": value, "is_own": value == choice.own,
            "policy": standing.confirmed.policy.name, "is_recommended": standing is found.chosen,
            "verdict": found.verdict.name.lower(), "feasible": standing.feasible, "on_front": standing.on_front,
            "least_gain": least_gain(standing.confirmed, result.goals), "kpi": objective.kpi,
            "unit": KPIS[objective.kpi].unit, **_difference(standing, objective.kpi),
        }
        for choice in result.choices
        for value, found in choice.choices.items()
        for standing in found.standings
        for objective in result.goals.objectives
    ))  # fmt: skip


def changed_levers_table(result: StudyResult) -> pd.DataFrame:
    """Return what each change of the policy shown does to each objective, the least useful change first."""
    done = result.simplification
    subject = shown(result)
    if subject is None:
        return _frame("changed-levers", ())
    policy = subject.confirmed.policy
    effects = {one.address: one for one in done.changes}
    changes = {one.address: one for one in result.plan.incumbent.diff(policy)}
    kept = done.kept if done.simplest is not None else tuple(changes)
    order = [*(one.address for one in done.changes), *(one for one in changes if one not in effects)]
    return _frame("changed-levers", (
        {
            "policy": policy.name, "address": address, "before": str(changes[address].before),
            "after": str(changes[address].after), "kpi": objective.kpi, "unit": KPIS[objective.kpi].unit,
            "effect": (known.effects or {}).get(objective.kpi) if known else None,
            "keeps_limits": known.keeps_limits if known else None, "in_simplest": address in kept,
        }
        for address in order
        for known in [effects.get(address)]
        for objective in result.goals.objectives
    ))  # fmt: skip


def simplest_table(result: StudyResult) -> pd.DataFrame:
    """Return the policy shown beside the simplest that is as good, on the populations held out."""
    subject, simplest = shown(result), result.simplification.simplest
    if subject is None:
        return _frame("simplest", ())
    best = subject.confirmed

    def rows() -> Iterator[dict[str, object]]:
        for one in (best, *([] if simplest is None else [simplest])):
            for objective in result.goals.objectives:
                whole, own = own_uplift(best, objective.kpi, result), own_uplift(one, objective.kpi, result)
                error, lost = error_of(whole), objective.sign * (whole.difference - own.difference)
                yield {
                    "policy": one.policy.name, "changes": len(changed_addresses(result.plan.incumbent, one.policy)),
                    "kpi": objective.kpi, "unit": KPIS[objective.kpi].unit, "difference": own.difference,
                    "low": own.low, "high": own.high, "error": error,
                    "loss_errors": lost / error if error > 0 else None,
                }  # fmt: skip

    return _frame("simplest", rows())


def error_of(own: Uplift) -> float:
    """Return the standard error of a difference from the interval of that difference alone."""
    return own.half_width / float(special.ndtri(0.5 + CONFIDENCE / 2))


def _difference(standing: Standing, kpi: str) -> dict[str, float]:
    uplift = standing.confirmed.overall[kpi]
    return {"baseline": uplift.baseline, "difference": uplift.difference, "low": uplift.low, "high": uplift.high}


def _figures(binding: Binding, result: StudyResult) -> Mapping[str, float]:
    confirmed: list[Confirmed] = [one.confirmed for one in result.recommendation.standings]
    return {one.policy.name: one.figures[binding.bound.kpi].mean for one in confirmed}


def _allowed(prefix: str, found: Allowed | None) -> dict[str, object]:
    return {
        f"{prefix}_policy": found and found.policy,
        f"{prefix}_relax_by": found and found.relax_by,
        f"{prefix}_gain": found and found.least_gain,
    }


def _frame(name: str, rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(STUDY_TABLES[name].columns))
