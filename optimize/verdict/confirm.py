"""Confirmation: the shortlist and the incumbent once more, on fresh seeds; only these figures are reported.

Serves honesty. The best of many noisy figures is partly luck; on populations that the search never saw, that luck is
gone, and what is left of the search's figure shows how much it was.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from memberlab.policies import Policy
from memberlab.results import CONFIDENCE, KPIS, Uplift
from memberlab.sim import regions_of

from ..break_even import DECISIVE_ASSUMPTION, own_value
from ..comparison import Arm, Runs, live_arms
from ..execution import Progress
from ..ledger import EvaluationLedger, WorldKey
from ..search import Estimate, Figures, Values, best_values, counted_by_replication, estimate_of, goals_of
from ..study import Plan, assumptions_digest

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
    aims: Mapping[str, Uplift]
    """Objectives as the study counts them: the same as overall, unless it counts by worst case, regret and the like."""
    by_world: Values = field(default_factory=dict[str, NDArray[np.float64]])
    """Every KPI in every world (shape of each: scenarios x replications)."""


def confirm(
    plan: Plan,
    ledger: EvaluationLedger,
    executor: Executor,
    policies: Sequence[Policy],
    *,
    replications: int,
    attrition_effect: float | None = None,
    comparisons: int | None = None,
    warm_up_folder: Path | None = None,
    progress: Progress | None = None,
) -> list[Confirmed]:
    """Return the incumbent and `policies` on fresh seeds, in that order; what the ledger holds is not done again.

    With `attrition_effect` all of them are lived under that value from launch on. Warm-ups that stand in
    `warm_up_folder` are used again; without it they are simulated anew and thrown away.

    The intervals of the weighted mean are 95 % for all policies and objectives together (Bonferroni), or for as many
    `comparisons` as are given. Scenarios may share shoppers and draws, so their errors are added as if they always
    went together: an upper bound, whatever they share.
    """
    arms = [plan.incumbent, *policies]
    for done, replication in enumerate(range(FRESH, FRESH + replications), start=1):
        with _folder(warm_up_folder) as folder:
            _confirm_once(plan, ledger, executor, arms, replication, attrition_effect, folder)
        if progress is not None:
            progress(done, replications)
    together = comparisons or comparisons_of(plan, len(policies))
    keys = keys_under(plan, attrition_effect)
    found = [_confirmed(plan, ledger, keys, policy, replications, together) for policy in arms]
    if plan.study.robustness.criterion == "mean":
        return found
    values = [_held_out_values(plan, ledger, keys, policy, replications) for policy in arms]
    aims = _aims(plan, values, together)
    return [replace(one, aims={**one.overall, **own}) for one, own in zip(found, aims, strict=True)]


def values_held_out(
    plan: Plan, ledger: EvaluationLedger, policies: Sequence[Policy], replications: int
) -> list[dict[str, NDArray[np.float64]]]:
    """Return every KPI of confirmed policies in every world held out (shape of each: scenarios x replications).

    Raises LookupError for one that was not confirmed.
    """
    return [_held_out_values(plan, ledger, plan.scenario_keys, policy, replications) for policy in policies]


def _held_out_values(
    plan: Plan, ledger: EvaluationLedger, keys: Sequence[WorldKey], policy: Policy, replications: int
) -> dict[str, NDArray[np.float64]]:
    """Return every KPI of a confirmed policy in every world (shape of each: scenarios x replications)."""
    table, digest = np.zeros((len(KPIS), len(keys), replications)), policy.digest()
    for place, key in enumerate(keys):
        for number in range(replications):
            record = ledger.figures(digest, key, FRESH + number)
            if record is None:
                raise LookupError(f"{policy.name} was not confirmed in {plan.scenarios[place].name}")
            table[:, place, number] = [record["kpis"][kpi][1] for kpi in KPIS]
    return dict(zip(KPIS, table, strict=True))


def _aims(plan: Plan, policies: Sequence[Values], comparisons: int) -> list[dict[str, Uplift]]:
    """Return each policy's objectives as the study counts them, against those of the first, the incumbent.

    Differences are paired by replication; intervals are Student's, for so many comparisons at once (Bonferroni).
    """
    goals = goals_of(plan.study)
    best = best_values(goals, policies) if goals.robustness.criterion == "regret" else {}
    found: list[dict[str, Uplift]] = [{} for _ in policies]
    for objective in goals.objectives:
        figures = [
            counted_by_replication(values, plan.weights, objective, goals.robustness, best) for values in policies
        ]
        for row, own in enumerate(figures):
            found[row][objective.kpi] = paired(objective.kpi, figures[0], own, comparisons)
    return found


def paired(kpi: str, before: NDArray[np.float64], after: NDArray[np.float64], comparisons: int) -> Uplift:
    """Return the difference of two rows of replications with its Student interval, for so many comparisons at once."""
    differences = after - before
    quantile = float(special.stdtrit(len(differences) - 1, 1 - (1 - CONFIDENCE) / 2 / comparisons))
    half = quantile * float(differences.std(ddof=1)) / float(np.sqrt(len(differences)))
    mean = float(differences.mean())
    return Uplift(kpi, float(before.mean()), float(after.mean()), mean, mean - half, mean + half)


def comparisons_of(plan: Plan, policies: int) -> int:
    """Return how many intervals hold together when so many policies are confirmed."""
    return max(1, policies * len(plan.study.objectives))


def keys_under(plan: Plan, attrition_effect: float | None) -> tuple[WorldKey, ...]:
    """Return the keys of the plan's scenarios in the ledger, lived under that attrition effect from launch on.

    Where it is the scenario's own value the life is the same, and so is the key.
    """
    return tuple(
        key
        if attrition_effect is None or attrition_effect == own_value([scenario])
        else WorldKey(key.scenario, assumptions_digest(scenario.assumptions, {DECISIVE_ASSUMPTION: attrition_effect}))
        for scenario, key in zip(plan.scenarios, plan.scenario_keys, strict=True)
    )


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    """Give the folder for warm-ups: the one that is kept, or one for the time being."""
    if kept is not None:
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="memberlab-") as folder:
        yield Path(folder)


def _confirm_once(
    plan: Plan,
    ledger: EvaluationLedger,
    executor: Executor,
    arms: Sequence[Policy],
    replication: int,
    attrition_effect: float | None,
    folder: Path,
) -> None:
    """Compare those arms with the incumbent whose figures on one fresh replication the ledger does not hold yet."""
    names = [scenario.name for scenario in plan.scenarios]
    keys = dict(zip(names, keys_under(plan, attrition_effect), strict=True))
    assumptions = None if attrition_effect is None else {DECISIVE_ASSUMPTION: attrition_effect}
    digests = [policy.digest() for policy in arms]
    missing = [
        policy
        for policy, digest in zip(arms, digests, strict=True)
        if any(ledger.figures(digest, key, replication) is None for key in keys.values())
    ]
    if not missing:
        return
    others = [policy for policy in missing if policy is not plan.incumbent]
    for arm in _compared(plan, executor, [plan.incumbent, *others], replication, assumptions, folder):
        digest, key = arm.policy.digest(), keys[arm.scenario.name]
        if ledger.figures(digest, key, replication) is None:
            shoppers = sum(region.count for region in regions_of(arm.scenario))
            ledger.record_figures(digest, key, replication, _recorded(arm, shoppers))


def _compared(
    plan: Plan,
    executor: Executor,
    arms: Sequence[Policy],
    replication: int,
    assumptions: Mapping[str, float] | None,
    folder: Path,
) -> Iterator[Arm]:
    """Yield the arms of one fresh replication; scenarios with the same population are compared together."""
    for resident in dict.fromkeys(plan.residents):
        worlds = [world for world, lives in zip(plan.scenarios, plan.residents, strict=True) if lives == resident]
        run = Runs(executor, folder, 1, replication, plan.incumbent, resident)
        yield from live_arms(run, arms, worlds, assumptions=assumptions)


def _recorded(arm: Arm, shoppers: int) -> dict[str, Any]:
    """Return an arm's figures for the ledger: value, difference and its standard error by KPI, and the bridge."""
    margin = float(special.stdtrit(max(shoppers - 1, 1), 0.5 + CONFIDENCE / 2))
    kpis = {
        uplift.kpi: [uplift.baseline, uplift.value, uplift.difference, (uplift.high - uplift.low) / 2 / margin]
        for uplift in arm.uplifts
    }
    return {"shoppers": shoppers, "kpis": kpis, "bridge": arm.bridge}


def _confirmed(
    plan: Plan, ledger: EvaluationLedger, keys: Sequence[WorldKey], policy: Policy, replications: int, comparisons: int
) -> Confirmed:
    records, digest = [], policy.digest()
    for key in keys:
        found = [ledger.figures(digest, key, FRESH + number) for number in range(replications)]
        records.append([record for record in found if record is not None])
    by_scenario = {
        scenario.name: {kpi: _uplift(kpi, rows, 1) for kpi in KPIS}
        for scenario, rows in zip(plan.scenarios, records, strict=True)
    }
    figures: dict[str, Estimate] = {}
    overall: dict[str, Uplift] = {}
    by_world = {kpi: np.array([[row["kpis"][kpi][1] for row in rows] for rows in records]) for kpi in KPIS}
    for kpi in KPIS:
        figures[kpi] = estimate_of(by_world[kpi], plan.weights)
        parts = [_uplift(kpi, rows, comparisons) for rows in records]
        overall[kpi] = weighted_uplift(parts, plan.weights)
    for bound in goals_of(plan.study).bounds_from_today:
        before, after = (np.array([[row["kpis"][bound.kpi][at] for row in rows] for rows in records]) for at in (0, 1))
        figures[bound.figure] = estimate_of(bound.held(after, before), plan.weights)
    bridge = {
        line: round(
            sum(
                w * np.mean([row["bridge"][line] for row in rows])
                for w, rows in zip(plan.weights, records, strict=True)
            )
        )
        for line in records[0][0]["bridge"]
    }
    return Confirmed(policy, by_scenario, overall, figures, bridge, overall, by_world)


def _uplift(kpi: str, rows: Sequence[Mapping[str, Any]], comparisons: int) -> Uplift:
    """Return the uplift in one scenario from its replications, which are independent populations.

    The interval holds for `comparisons` uplifts at once (Bonferroni).
    """
    before, after, differences, errors = np.array([row["kpis"][kpi] for row in rows]).T
    freedom = sum(max(row["shoppers"] - 1, 1) for row in rows)
    quantile = float(special.stdtrit(freedom, 1 - (1 - CONFIDENCE) / 2 / comparisons))
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
