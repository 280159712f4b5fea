"""Comparing policies: the same shoppers, from one shared warm-up, with the same random numbers, under each promise.

Serves the strategist's question "what if", and the last word of the search. The first policy named is the one that the
others are compared with.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from memberlab.policies import DocumentError, Policy, Problem, load_policy
from memberlab.results import KPIS, Uplift, paired_uplift
from memberlab.scenarios import Population, Scenario
from memberlab.sim import fail_if_policy_does_not_fit

from .arms import ArmResult, WarmUp, merge_arms, prepare_warm_ups, replication_seeds, simulate_arm
from .executor import SerialExecutor

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Arm:
    """One policy in one scenario: its uplifts against the first policy, and its bridge in cents, mean of
    replications.
    """

    policy: Policy
    scenario: Scenario
    uplifts: tuple[Uplift, ...]
    bridge: dict[str, int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All arms, scenario by scenario, in the order of the policies given."""

    replications: int
    arms: tuple[Arm, ...]

    @property
    def table(self) -> pd.DataFrame:
        """Return the figures as a tidy table: one row for each scenario, policy and KPI; money in cents."""
        import pandas as pd

        rows = []
        for arm in self.arms:
            for uplift in arm.uplifts:
                rows.append({
                    "scenario": arm.scenario.name, "policy": arm.policy.name, "kpi": uplift.kpi,
                    "unit": KPIS[uplift.kpi].unit, "baseline": uplift.baseline, "value": uplift.value,
                    "difference": uplift.difference, "low": uplift.low, "high": uplift.high,
                })  # fmt: skip
        return pd.DataFrame(rows)

    def arm(self, policy: str, scenario: str) -> Arm:
        """Return the arm of a policy and a scenario by name. Raises KeyError with both names."""
        for arm in self.arms:
            if arm.policy.name == policy and arm.scenario.name == scenario:
                return arm
        raise KeyError(f"no arm of policy {policy} in scenario {scenario}")


def compare(
    policies: Sequence[Policy],
    scenarios: Sequence[Scenario],
    *,
    replications: int = 1,
    executor: Executor | None = None,
    incumbent: Policy | None = None,
    population: Population | None = None,
    first_replication: int = 0,
    progress: Progress | None = None,
) -> Comparison:
    """Return the comparison of all policies with the first, in every scenario, over independent replications.

    `incumbent` and `population` replace those of every scenario. Raises DocumentError when a policy does not fit a
    scenario or two policies share a name, ValueError for fewer than one replication.
    """
    if replications < 1:
        raise ValueError(f"replications ({replications}) must be at least 1")
    fail_if_not_comparable(policies, scenarios, incumbent)
    workers = executor or SerialExecutor()
    with tempfile.TemporaryDirectory(prefix="memberlab-") as folder:
        pending: list[tuple[int, int, list[list[Future[ArmResult]]]]] = []
        for s, scenario in enumerate(scenarios):
            seeds = replication_seeds(scenario, replications, first=first_replication)
            warm_ups = prepare_warm_ups(
                workers, Path(folder), scenario, seeds, incumbent=incumbent, population=population
            )
            for p, policy in enumerate(policies):
                pending.append((s, p, [submit_arm(workers, warm_up, policy) for warm_up in warm_ups]))
        results: dict[tuple[int, int], list[ArmResult]] = {}
        for done, (s, p, futures) in enumerate(pending, start=1):
            results[s, p] = [merge_arms([future.result() for future in regions]) for regions in futures]
            if progress is not None:
                progress(done, len(pending))
    arms = [
        _arm(policy, scenario, results[s, 0], results[s, p])
        for s, scenario in enumerate(scenarios)
        for p, policy in enumerate(policies)
    ]
    return Comparison(replications, tuple(arms))


def submit_arm(
    executor: Executor, warm_up: WarmUp, policy: Policy, *, keep_shoppers: bool = True
) -> list[Future[ArmResult]]:
    """Submit one policy for every region of a replication, in order."""
    return [executor.submit(simulate_arm, path, policy, keep_shoppers) for path in warm_up.snapshots]


def fail_if_not_comparable(
    policies: Sequence[Policy], scenarios: Sequence[Scenario], incumbent: Policy | None = None
) -> None:
    """Raise DocumentError for policies that do not fit a scenario, and for policies or scenarios that share a name."""
    problems = []
    for kind, documents in (("policy", policies), ("scenario", scenarios)):
        names = [document.name for document in documents]
        for name in sorted({name for name in names if names.count(name) > 1}):
            problems.append(Problem(name, None, "name", f"two of the {kind} documents are called {name}; rename one"))
    for scenario in scenarios:
        for policy in [*policies, incumbent or load_policy(scenario.incumbent)]:
            try:
                fail_if_policy_does_not_fit(policy, scenario)
            except DocumentError as fault:
                problems.extend(problem for problem in fault.problems if problem not in problems)
    if problems:
        raise DocumentError(tuple(problems))


def _arm(policy: Policy, scenario: Scenario, baseline: list[ArmResult], results: list[ArmResult]) -> Arm:
    before = [result.measures for result in baseline if result.measures is not None]
    after = [result.measures for result in results if result.measures is not None]
    uplifts = tuple(paired_uplift(kpi, before, after) for kpi in KPIS.values())
    bridge = {name: round(sum(r.bridge[name] for r in results) / len(results)) for name in results[0].bridge}
    return Arm(policy, scenario, uplifts, bridge)
