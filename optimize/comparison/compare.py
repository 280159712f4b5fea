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
from memberlab.results import CONFIDENCE, KPIS, paired_uplift, uplift_across_worlds
from memberlab.scenarios import Population, Scenario, fail_if_incumbent_does_not_fit
from memberlab.sim import fail_if_migration_does_not_fit, fail_if_policy_does_not_fit

from ..break_even import MARGIN, arms_at_values_shown, break_evens
from ..execution import Progress, SerialExecutor, Steps, working_folder
from ..lives import ArmResult, BooksAsked, WarmUp, merge_arms, prepare_warm_ups, replication_seeds, submit_arm
from .compared import tables_of
from .comparison import Arm, Comparison
from .joint_statistics import joint_statistics
from .over_scenarios import fill_weights
from .precision import Looks, Precision, confidence_a_look, looks_at

if TYPE_CHECKING:
    from memberlab.results import RunBooks

    from ..evidence import Vector


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
    tables: bool = False,
    weights: Mapping[str, float] | None = None,
    until: Sequence[Precision] = (),
    progress: Progress | None = None,
) -> Comparison:
    """Return the comparison of all policies with the first, in every scenario, over independent replications.

    `incumbent` and `population` replace those of every scenario. With `break_even` every arm but the first carries the
    attrition effect from which its margin pays, which takes about four times as long. With an `ensemble` of assumptions
    each replication lives, warm-up and all, under a vector of its own, and intervals are taken across these worlds; no
    break-even is looked for. With `books` every arm carries those of its first replication, for finance; with `tables`
    the comparison has its breakdowns, curves and flows. `weights` are probabilities of scenarios by name; those without
    one share the rest evenly. With `until`, replications are doubled until every precision is reached, at most to
    `replications`. Raises DocumentError when a policy does not fit a scenario, two policies share a name or weights do
    not come to 1, ValueError for fewer than one replication, or for more or fewer vectors than replications.
    """
    if replications < 1:
        raise ValueError(f"replications ({replications}) must be at least 1")
    if ensemble and len(ensemble) != replications:
        raise ValueError(f"an ensemble of {len(ensemble)} vectors goes with as many replications, not {replications}")
    if ensemble and (until or tables):
        raise ValueError("an ensemble's intervals are across its worlds; leave out until and tables")
    fail_if_not_comparable(policies, scenarios, incumbent)
    shares = fill_weights([scenario.name for scenario in scenarios], weights or {})
    looks = looks_at(replications) if until else (replications,)
    confidence = confidence_a_look(looks)
    wanted = break_even and len(policies) > 1 and not ensemble
    steps = Steps(len(scenarios) * len(policies), progress)
    if wanted:
        steps.plan(sum(arms_at_values_shown(scenario, policies) for scenario in scenarios))
    with working_folder(executor) as folder:
        run = Runs(executor or SerialExecutor(), folder, looks[0], first_replication, incumbent, population,
                   tuple(ensemble))  # fmt: skip
        lived = lived_arms(run, policies, scenarios, steps=steps, books=books, tables=tables)
        arms = arms_of(lived, policies, scenarios, across_worlds=bool(ensemble), confidence=confidence)
        for size in looks[1:]:
            if widest(until, arms) <= 1:
                break
            steps.plan(len(arms))
            more = replace(
                run, replications=size - run.replications, first_replication=first_replication + run.replications
            )
            for key, results in lived_arms(more, policies, scenarios, steps=steps, tables=tables).items():
                lived[key] += results
            run = replace(run, replications=size)
            arms = arms_of(lived, policies, scenarios, confidence=confidence)
        joint = joint_statistics(
            [(scenario.name, [policy.name for policy in policies]) for scenario in scenarios], lived,
            {(place // len(policies), place % len(policies)): arm.uplifts for place, arm in enumerate(arms)},
            confidence=confidence, across_worlds=bool(ensemble), weights=shares,
        )  # fmt: skip
        if wanted:
            narrower = joint.share_of_width(CONFIDENCE)
            arms = [one for scenario in scenarios for one in _with_break_evens(run, scenario, arms, narrower, steps)]
    return Comparison(
        run.replications, tuple(arms), across_worlds=bool(ensemble), joint=joint,
        looks=Looks(tuple(until), looks, run.replications, widest(until, arms)) if until else None,
        breakdowns=tables_of(lived, policies, scenarios, incumbent) if tables else {},
    )  # fmt: skip


def widest(until: Sequence[Precision], arms: Sequence[Arm]) -> float:
    """Return by how many times the widest interval is wider than asked; 1 and less where every one is reached."""
    found = [one.excess(arm.uplift(one.kpi)) for one in until for arm in arms]
    return max(found, default=0.0)


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
) -> list[Arm]:
    """Return all arms, scenario by scenario, each held against the first policy; every arm is a step.

    `assumptions` by name replace those of the scenarios from launch on, in all arms.
    """
    lived = lived_arms(run, policies, scenarios, assumptions=assumptions, steps=steps)
    return arms_of(lived, policies, scenarios, across_worlds=bool(run.ensemble))


def lived_arms(
    run: Runs,
    policies: Sequence[Policy],
    scenarios: Sequence[Scenario],
    *,
    assumptions: Mapping[str, float] | None = None,
    steps: Steps | None = None,
    books: bool = False,
    tables: bool = False,
) -> dict[tuple[int, int], list[ArmResult]]:
    """Return what came of every scenario and policy, by their places, replication by replication.

    With `books` the first replication keeps them; there the other policies wait for the first one, whose shoppers are
    their twins. With `tables` every replication keeps its history.
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
                    asked=_books_asked(warm_up, p) if books and number == 0 else None, keep_history=tables,
                )
                for number, warm_up in enumerate(warm_ups[s])
            ]  # fmt: skip
            pending.append((s, p, lives))
    results: dict[tuple[int, int], list[ArmResult]] = {}
    for s, p, futures in pending:
        results[s, p] = [merge_arms([future.result() for future in regions]) for regions in futures]
        if steps is not None:
            steps.step()
    return results


def arms_of(
    lived: Mapping[tuple[int, int], list[ArmResult]], policies: Sequence[Policy], scenarios: Sequence[Scenario], *,
    across_worlds: bool = False, confidence: float = CONFIDENCE,
) -> list[Arm]:  # fmt: skip
    """Return the arms, scenario by scenario, each held against the first policy; intervals hold with `confidence`."""
    return [
        replace(
            _arm(policy, scenario, lived[s, 0], lived[s, p], across_worlds=across_worlds, confidence=confidence),
            books=_books(lived[s, p][0], lived[s, 0][0] if p else None),
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


def _with_break_evens(run: Runs, scenario: Scenario, arms: Sequence[Arm], narrower: float, steps: Steps) -> list[Arm]:
    """Return the arms of one scenario, all but the first with their break-even; its intervals are of 95 % for all
    values alike, `narrower` than those of one look among several.
    """
    first, *others = (arm for arm in arms if arm.scenario is scenario)
    policies = [arm.policy for arm in (first, *others)]
    margins = [arm.uplift(MARGIN).scaled(narrower) for arm in others]
    found = break_evens(run.executor, run.warm_ups(scenario), policies, scenario, margins, steps)
    return [first, *(replace(arm, break_even=one) for arm, one in zip(others, found, strict=True))]


def fail_if_not_comparable(
    policies: Sequence[Policy], scenarios: Sequence[Scenario], incumbent: Policy | None = None
) -> None:
    """Raise DocumentError for policies that do not fit a scenario or cannot take over from its incumbent, and for those
    that share a name, as scenarios must not either.
    """
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
                elif policy.digest() != old.digest():
                    fail_if_migration_does_not_fit(policy, old)
            except DocumentError as fault:
                problems.extend(problem for problem in fault.problems if problem not in problems)
    if problems:
        raise DocumentError(tuple(problems))


def _arm(
    policy: Policy, scenario: Scenario, baseline: list[ArmResult], results: list[ArmResult], *, across_worlds: bool,
    confidence: float,
) -> Arm:  # fmt: skip
    before = [result.measures for result in baseline if result.measures is not None]
    after = [result.measures for result in results if result.measures is not None]
    uplifts = tuple(
        uplift_across_worlds(kpi, before, after) if across_worlds
        else paired_uplift(kpi, before, after, confidence=confidence)
        for kpi in KPIS.values()
    )  # fmt: skip
    bridge = {name: round(sum(r.bridge[name] for r in results) / len(results)) for name in results[0].bridge}
    return Arm(policy, scenario, uplifts, bridge)
