"""A comparison over all its scenarios: the mean by probability weights, the worst case, and the regret of each policy.

Serves the strategist who does not know which scenario will come. Scenarios with a common seed have the same shoppers,
so their differences are correlated, and the interval of the mean says so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from memberlab.policies import DocumentError, Problem
from memberlab.results import KPIS, JointErrors, Uplift

from .joint_statistics import JointStatistics

if TYPE_CHECKING:
    import pandas as pd

MORE_IS_BETTER = ("gmv", "orders", "average_order_value", "retention", "margin")
"""KPIs of which a worst case and a regret are told."""

Uplifts = Mapping[tuple[str, str], Sequence[Uplift]]


def fill_weights(names: Sequence[str], given: Mapping[str, float]) -> dict[str, float]:
    """Return the probability weight of each scenario: as given; the others share the rest evenly.

    Raises DocumentError for a weight that is no probability, and where they do not come to 1.
    """
    problems = [
        Problem(name, None, "weight", f"{weight:g} is no probability; write a number above 0 and at most 1")
        for name, weight in given.items() if not 0 < weight <= 1
    ]  # fmt: skip
    problems += [
        Problem(name, None, "weight", f"no scenario is called {name}; there are {', '.join(names)}")
        for name in given if name not in names
    ]  # fmt: skip
    if problems:
        raise DocumentError(tuple(problems))
    rest, others = 1 - math.fsum(given.values()), [name for name in names if name not in given]
    if (others and rest <= 1e-9) or (not others and abs(rest) > 1e-9):
        told = " + ".join(f"{weight:g}" for weight in given.values())
        left = f", so nothing is left for {', '.join(others)}" if others else ""
        message = f"the weights {told} come to {1 - rest:g}{left}; write probabilities that come to 1 together"
        raise DocumentError((Problem("scenarios", None, "weight", message),))
    return {name: given.get(name, rest / len(others) if others else 0.0) for name in names}


def over_scenarios(uplifts: Uplifts, weights: Mapping[str, float], joint: JointStatistics) -> pd.DataFrame:
    """Return the table `over_scenarios`: a row for each policy and KPI. `uplifts` are by scenario and policy.

    Without joint errors, as across worlds, there are no intervals.
    """
    import pandas as pd

    policies = list(dict.fromkeys(policy for _, policy in uplifts))
    errors = joint.errors
    rows: list[dict[str, Any]] = []
    for number, policy in enumerate(policies):
        for place, kpi in enumerate(KPIS):
            by_scenario = {name: {one: uplifts[name, one][place] for one in policies} for name in weights}
            own = {name: ones[policy] for name, ones in by_scenario.items()}
            mean = {
                field: math.fsum(weights[name] * getattr(one, field) for name, one in own.items())
                for field in ("baseline", "value", "difference")
            }  # fmt: skip
            deviation = 0.0 if number == 0 else math.nan if errors is None else _deviation(errors, policy, kpi, weights)
            alone, together = deviation * joint.pointwise, deviation * joint.simultaneous
            rows.append({
                "policy": policy, "kpi": kpi, "unit": KPIS[kpi].unit, **mean,
                "low": mean["difference"] - alone, "high": mean["difference"] + alone,
                "simultaneous_low": mean["difference"] - together,
                "simultaneous_high": mean["difference"] + together,
                **(_robustness(by_scenario, policy, weights) if kpi in MORE_IS_BETTER else NOT_TOLD),
            })  # fmt: skip
    return pd.DataFrame(rows)


NOT_TOLD: Mapping[str, object] = {
    "worst_scenario": None, "worst_difference": math.nan, "regret": math.nan, "most_regret": math.nan,
    "regret_scenario": None,
}  # fmt: skip


def _deviation(errors: JointErrors, policy: str, kpi: str, weights: Mapping[str, float]) -> float:
    return math.sqrt(max(0.0, errors.variance_of_mean(policy, kpi, weights)))


def _robustness(
    by_scenario: Mapping[str, Mapping[str, Uplift]], policy: str, weights: Mapping[str, float]
) -> dict[str, object]:
    """Return the worst case of a policy and its regret."""
    worst = min(by_scenario, key=lambda name: by_scenario[name][policy].difference)
    regret = {name: max(one.value for one in ones.values()) - ones[policy].value for name, ones in by_scenario.items()}
    most = max(regret, key=lambda name: regret[name])
    return {
        "worst_scenario": worst, "worst_difference": by_scenario[worst][policy].difference,
        "regret": math.fsum(weights[name] * one for name, one in regret.items()),
        "most_regret": regret[most], "regret_scenario": most if regret[most] > 0 else None,
    }  # fmt: skip
