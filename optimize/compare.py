"""Comparing policies: the same shoppers, from one shared warm-up, with the same random numbers, under each promise.

Serves the strategist's question "what if", and the last word of the search. The first policy named is the one that the
others are compared with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from memberlab.policies import DocumentError, Policy, Problem, load_policy
from memberlab.results import KPIS, Uplift, paired_uplift, uplift_across_worlds
from memberlab.scenarios import Population, Scenario, fail_if_incumbent_does_not_fit
from memberlab.sim import fail_if_policy_does_not_fit

from .arms import ArmResult, BooksAsked, WarmUp, merge_arms, prepare_warm_ups, replication_seeds, submit_arm
from .break_even import MARGIN, BreakEven
from .break_even_rows import BREAK_EVEN_COLUMNS, MARGIN_COLUMNS, break_even_rows, margin_rows
from .evidence import Vector
from .execution import working_folder
from .executor import SerialExecutor
from .margin_runs import arms_at_values_shown, break_evens
from .progress import Progress, Steps

if TYPE_CHECKING:
    import pandas as pd

    from memberlab.results import RunBooks


@dataclass(frozen=True, slots=True)
class Arm:
    """One policy in one scenario: its uplifts against the first policy, and its bridge in cents, mean of
    replications.
    """

    policy: Policy
    scenario: Scenario
    uplifts: tuple[Uplift, ...]
    bridge: dict[str, int]
    break_even: BreakEven | None = None
    """Where the margin turns; None for the first policy, and where it was not asked for."""
    books: RunBooks | None = None
    """The first replication's books, with the first policy's shoppers as twins; None where they were not asked for."""

    def uplift(self, kpi: str) -> Uplift:
        """Return the uplift of a KPI by name."""
        return next(one for one in self.uplifts if one.kpi == kpi)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All arms, scenario by scenario, in the order of the policies given."""

    replications: int
    arms: tuple[Arm, ...]
    across_worlds: bool = False
    """Whether each replication had assumptions of its own, and intervals are taken across them."""

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

    @property
    def margin_table(self) -> pd.DataFrame:
        """Return the margin's uplift by attrition effect: a row for each scenario, policy and value; money in cents.

        `is_own` marks the scenario's own value. Empty where no break-even was asked for.
        """
        import pandas as pd

        rows = [
            {"scenario": arm.scenario.name, "policy": arm.policy.name, **row}
            for arm in self.arms if arm.break_even is not None for row in margin_rows(arm.break_even)
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=["scenario", "policy", *MARGIN_COLUMNS])

    @property
    def break_even_table(self) -> pd.DataFrame:
        """Return the break-even values: a row for each scenario, policy and crossing, one without where there is none.

        `pays` names the outcome and `told` says it; an interval that reaches beyond the values looked at has no end.
        """
        import pandas as pd

        rows = [
            {"scenario": arm.scenario.name, "policy": arm.policy.name, **row}
            for arm in self.arms if arm.break_even is not None for row in break_even_rows(arm.break_even)
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=["scenario", "policy", *BREAK_EVEN_COLUMNS])

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
    break_even: bool = False,
    ensemble: Sequence[Vector] = (),
    books: bool = False,
    progress: Progress | None = None,
) -> Comparison:
    """Return the comparison of all policies with the first, in every scenario, over independent replications.

    `incumbent` and `population` replace those of every scenario. With `break_even` every arm but the first carries the
    attrition effect from which its margin pays, which takes about four times as long. With an `ensemble` of assumptions
    each replication lives, warm-up and all, under a vector of its own, and intervals are taken across these worlds; no
    break-even is looked for. With `books` every arm carries those of its first replication, for finance. Raises
    DocumentError when a policy does not fit a scenario or two policies share a name, ValueError for fewer than one
    replication, or for more or fewer vectors than replications.
    """
    if replications < 1:
        raise ValueError(f"replications ({replications}) must be at least 1")
    if ensemble and len(ensemble) != replications:
        raise ValueError(f"an ensemble of {len(ensemble)} vectors goes with as many replications, not {replications}")
    fail_if_not_comparable(policies, scenarios, incumbent)
    wanted = break_even and len(policies) > 1 and not ensemble
    steps = Steps(len(scenarios) * len(policies), progress)
    if wanted:
        steps.plan(sum(arms_at_values_shown(scenario, policies) for scenario in scenarios))
    with working_folder(executor) as folder:
        run = Runs(executor or SerialExecutor(), folder, replications, first_replication, incumbent, population,
                   tuple(ensemble))  # fmt: skip
        arms = live_arms(run, policies, scenarios, steps=steps, books=books)
        if wanted:
            arms = [one for scenario in scenarios for one in _with_break_evens(run, scenario, arms, steps)]
    return Comparison(replications, tuple(arms), across_worlds=bool(ensemble))


@dataclass(frozen=True, slots=True)
class Runs:
    """What all arms of a comparison share: who does the work, where warm-ups are kept, which replications, and what
    replaces every scenario's incumbent and population.
    """

    executor: Executor
    folder: Path
    replications: int
    first_replication: int = 0
    incumbent: Policy | None = None
    population: Population | None = None
    ensemble: tuple[Vector, ...] = ()

    def warm_ups(self, scenario: Scenario) -> tuple[WarmUp, ...]:
        """Return the warm-ups of a scenario, simulated when they are asked for the first time."""
        seeds = replication_seeds(scenario, self.replications, first=self.first_replication)
        if not self.ensemble:
            return self._prepared(scenario, seeds)
        worlds = [scenario.with_({"assumptions": {**scenario.assumptions, **vector}}) for vector in self.ensemble]
        return tuple(self._prepared(world, (seed,))[0] for world, seed in zip(worlds, seeds, strict=True))

    def _prepared(self, scenario: Scenario, seeds: tuple[int, ...]) -> tuple[WarmUp, ...]:
        return prepare_warm_ups(
            self.executor, self.folder, scenario, seeds, incumbent=self.incumbent, population=self.population
        )


def live_arms(
    run: Runs,
    policies: Sequence[Policy],
    scenarios: Sequence[Scenario],
    *,
    assumptions: Mapping[str, float] | None = None,
    steps: Steps | None = None,
    books: bool = False,
) -> list[Arm]:
    """Return all arms, scenario by scenario, each held against the first policy; every arm is a step.

    `assumptions` by name replace those of the scenarios from launch on, in all arms. With `books` the first replication
    keeps them; there the other policies wait for the first one, whose shoppers are their twins.
    """
    warm_ups = [run.warm_ups(scenario) for scenario in scenarios]
    pending: list[tuple[int, int, list[list[Future[ArmResult]]]]] = []
    for p, policy in enumerate(policies):
        if books and p == 1:
            for _, _, lives in pending:
                for future in lives[0]:
                    future.result()
        for s in range(len(scenarios)):
            lives = [
                submit_arm(
                    run.executor, warm_up, policy, assumptions=assumptions,
                    asked=_books_asked(warm_up, p) if books and number == 0 else None,
                )
                for number, warm_up in enumerate(warm_ups[s])
            ]  # fmt: skip
            pending.append((s, p, lives))
    results: dict[tuple[int, int], list[ArmResult]] = {}
    for s, p, futures in pending:
        results[s, p] = [merge_arms([future.result() for future in regions]) for regions in futures]
        if steps is not None:
            steps.step()
    return [
        replace(
            _arm(policy, scenario, results[s, 0], results[s, p], across_worlds=bool(run.ensemble)),
            books=_books(results[s, p][0], results[s, 0][0] if p else None),
        )
        for s, scenario in enumerate(scenarios)
        for p, policy in enumerate(policies)
    ]


def _books_asked(warm_up: WarmUp, place: int) -> list[BooksAsked]:
    """Return the books asked of a policy by its place: the first notes its order days beside the warm-up's regions."""
    days = [path.with_suffix(".orders.npy") for path in warm_up.snapshots]
    return [BooksAsked(own_days=path) if place == 0 else BooksAsked(twin_days=path) for path in days]


def _books(result: ArmResult, twin: ArmResult | None) -> RunBooks | None:
    """Return the tables of an arm's books, if it kept any."""
    if result.books is None:
        return None
    from memberlab.results import books_of  # here, because it needs pandas and few comparisons keep books

    return books_of(result.books, None if twin is None else twin.books)


def _with_break_evens(run: Runs, scenario: Scenario, arms: Sequence[Arm], steps: Steps) -> list[Arm]:
    """Return the arms of one scenario, all but the first with their break-even."""
    first, *others = (arm for arm in arms if arm.scenario is scenario)
    policies = [arm.policy for arm in (first, *others)]
    margins = [arm.uplift(MARGIN) for arm in others]
    found = break_evens(run.executor, run.warm_ups(scenario), policies, scenario, margins, steps)
    return [first, *(replace(arm, break_even=one) for arm, one in zip(others, found, strict=True))]


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
        old = incumbent or load_policy(scenario.incumbent)
        for policy in [*policies, old]:
            try:
                fail_if_policy_does_not_fit(policy, scenario)
                if policy is old:
                    fail_if_incumbent_does_not_fit(scenario, old)
            except DocumentError as fault:
                problems.extend(problem for problem in fault.problems if problem not in problems)
    if problems:
        raise DocumentError(tuple(problems))


def _arm(
    policy: Policy, scenario: Scenario, baseline: list[ArmResult], results: list[ArmResult], *, across_worlds: bool
) -> Arm:
    before = [result.measures for result in baseline if result.measures is not None]
    after = [result.measures for result in results if result.measures is not None]
    uplift_of = uplift_across_worlds if across_worlds else paired_uplift
    uplifts = tuple(uplift_of(kpi, before, after) for kpi in KPIS.values())
    bridge = {name: round(sum(r.bridge[name] for r in results) / len(results)) for name in results[0].bridge}
    return Arm(policy, scenario, uplifts, bridge)
