"""Confirmation: the shortlist and the incumbent once more, on fresh seeds; only these figures are reported.

Serves honesty. The best of many noisy figures is partly luck; on populations that the search never saw, that luck is
gone, and what is left of the search's figure shows how much it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from scipy import stats

from memberlab.policies import Policy
from memberlab.results import CONFIDENCE, KPIS, Uplift
from memberlab.sim import regions_of

from .compare import Arm, compare
from .evaluations import EvaluationLedger
from .goals import Estimate, Figures, estimate_of
from .plan import Plan
from .search import Progress

FRESH = 1_000_000
"""Number of the first fresh replication; those of the search begin at 0."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """One policy on fresh seeds, held against the incumbent: the same shoppers, the same draws."""

    policy: Policy
    by_scenario: Mapping[str, Mapping[str, Uplift]]
    """Uplifts by scenario and KPI, with 95 % intervals paired by shopper."""
    overall: Mapping[str, Uplift]
    """Uplifts of the weighted mean over scenarios by KPI; their intervals hold for all policies and objectives."""
    figures: Figures
    """Weighted means over scenarios by KPI, with the error between replications."""
    bridge: Mapping[str, int]
    """Weighted mean over scenarios of the margin bridge, in cents."""


def confirm(
    plan: Plan,
    ledger: EvaluationLedger,
    executor: Executor,
    policies: Sequence[Policy],
    *,
    replications: int,
    progress: Progress | None = None,
) -> list[Confirmed]:
    """Return the incumbent and `policies` on fresh seeds, in that order; what the ledger holds is not done again.

    The intervals of the weighted mean are 95 % for all policies and objectives together (Bonferroni). Scenarios may
    share shoppers and draws, so their errors are added as if they always went together: an upper bound, whatever they
    share.
    """
    arms = [plan.incumbent, *policies]
    for done, replication in enumerate(range(FRESH, FRESH + replications), start=1):
        _confirm_once(plan, ledger, executor, arms, replication)
        if progress is not None:
            progress(done, replications)
    comparisons = max(1, len(policies) * len(plan.study.objectives))
    return [_confirmed(plan, ledger, policy, replications, comparisons) for policy in arms]


def _confirm_once(
    plan: Plan, ledger: EvaluationLedger, executor: Executor, arms: Sequence[Policy], replication: int
) -> None:
    """Compare all arms on one fresh replication and record the figures, unless the ledger holds them."""
    keys = dict(zip([scenario.name for scenario in plan.scenarios], plan.scenario_keys, strict=True))
    cells = product(arms, keys.values())
    if all(ledger.figures(policy.digest(), key, replication) is not None for policy, key in cells):
        return
    for arm in _compared(plan, executor, arms, replication):
        shoppers = sum(region.count for region in regions_of(arm.scenario))
        ledger.record_figures(arm.policy.digest(), keys[arm.scenario.name], replication, _recorded(arm, shoppers))


def _compared(plan: Plan, executor: Executor, arms: Sequence[Policy], replication: int) -> Iterator[Arm]:
    """Yield the arms of one fresh replication; scenarios with the same population are compared together."""
    for resident in dict.fromkeys(plan.residents):
        worlds = [world for world, lives in zip(plan.scenarios, plan.residents, strict=True) if lives == resident]
        yield from compare(
            arms, worlds, replications=1, executor=executor, incumbent=plan.incumbent, population=resident,
            first_replication=replication,
        ).arms  # fmt: skip


def _recorded(arm: Arm, shoppers: int) -> dict[str, Any]:
    """Return an arm's figures for the ledger: value, difference and its standard error by KPI, and the bridge."""
    margin = float(stats.t.ppf(0.5 + CONFIDENCE / 2, max(shoppers - 1, 1)))
    kpis = {
        uplift.kpi: [uplift.baseline, uplift.value, uplift.difference, (uplift.high - uplift.low) / 2 / margin]
        for uplift in arm.uplifts
    }
    return {"shoppers": shoppers, "kpis": kpis, "bridge": arm.bridge}


def _confirmed(plan: Plan, ledger: EvaluationLedger, policy: Policy, replications: int, comparisons: int) -> Confirmed:
    records = []
    for key in plan.scenario_keys:
        found = [ledger.figures(policy.digest(), key, FRESH + number) for number in range(replications)]
        records.append([record for record in found if record is not None])
    by_scenario = {
        scenario.name: {kpi: _uplift(kpi, rows, 1) for kpi in KPIS}
        for scenario, rows in zip(plan.scenarios, records, strict=True)
    }
    figures: dict[str, Estimate] = {}
    overall: dict[str, Uplift] = {}
    for kpi in KPIS:
        figures[kpi] = estimate_of(np.array([[row["kpis"][kpi][1] for row in rows] for rows in records]), plan.weights)
        parts = [_uplift(kpi, rows, comparisons) for rows in records]
        overall[kpi] = weighted_uplift(parts, plan.weights)
    bridge = {
        line: round(
            sum(
                w * np.mean([row["bridge"][line] for row in rows])
                for w, rows in zip(plan.weights, records, strict=True)
            )
        )
        for line in records[0][0]["bridge"]
    }
    return Confirmed(policy, by_scenario, overall, figures, bridge)


def _uplift(kpi: str, rows: Sequence[Mapping[str, Any]], comparisons: int) -> Uplift:
    """Return the uplift in one scenario from its replications, which are independent populations.

    The interval holds for `comparisons` uplifts at once (Bonferroni).
    """
    before, after, differences, errors = np.array([row["kpis"][kpi] for row in rows]).T
    freedom = sum(max(row["shoppers"] - 1, 1) for row in rows)
    quantile = float(stats.t.ppf(1 - (1 - CONFIDENCE) / 2 / comparisons, freedom))
    half = quantile * float(np.sqrt(np.square(errors).sum())) / len(rows)
    difference = float(differences.mean())
    return Uplift(kpi, float(before.mean()), float(after.mean()), difference, difference - half, difference + half)


def weighted_uplift(parts: Sequence[Uplift], weights: Sequence[float]) -> Uplift:
    """Return the weighted mean of uplifts; half-widths are averaged too, which bounds the error of parts that may hang
    together in any way.
    """
    table = np.array([[part.baseline, part.value, part.difference, part.low, part.high] for part in parts])
    baseline, value, difference, low, high = (float(figure) for figure in np.asarray(weights) @ table)
    return Uplift(parts[0].kpi, baseline, value, difference, low, high)
