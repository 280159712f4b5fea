"""The search: waves of proposals, each tried by the same shoppers in every scenario, recorded evaluation by evaluation.

Serves the strategist's question "what would be better". All policies go on from the same warm-ups with the same random
numbers; those of every scenario and replication are simulated once and kept in the study's folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from memberlab.policies import DocumentError, Policy, Problem

from ..execution import Progress
from ..ledger import EvaluationLedger
from ..study import Plan, Point, sampler_for
from .goals import Figures, Values, best_values, figures_of, goals_of, values_of
from .proposals import Known, first_points, next_points
from .trials import Block, Trials

LONGEST_STEM = 56


@dataclass(frozen=True, slots=True)
class Candidate:
    """One policy of the search; number 0 is the incumbent."""

    number: int
    point: Point | None
    """Its place in the space; for an incumbent that is not in it the nearest, or None."""
    policy: Policy


@dataclass(frozen=True, slots=True)
class Tried:
    """A candidate with its figures: weighted means over scenarios, on the seeds of the search."""

    candidate: Candidate
    figures: Figures


def run_search(
    plan: Plan, ledger: EvaluationLedger, executor: Executor, warm_up_folder: Path, *, progress: Progress | None = None
) -> list[Tried]:
    """Return all policies tried, in the order of proposal, the incumbent first; what the ledger holds is not redone.

    `progress` is called with the number of policies done and planned. Fewer than planned are tried when the levers have
    no more values. Raises DocumentError when a proposal is no valid policy.
    """
    run = _Search(plan, ledger, executor, warm_up_folder)
    budget = plan.study.search
    tried: list[Tried] = []
    wave = 0
    while len(tried) < budget.policies:
        candidates = run.candidates(wave, tried)[: budget.policies - len(tried)]
        if not candidates:
            break
        for done in run.trials.live([one.policy for one in candidates], run.block):
            if progress is not None:
                progress(len(tried) + done, budget.policies)
        tried = run.with_figures([*(one.candidate for one in tried), *candidates], tried)
        wave += 1
    return tried


def recorded(plan: Plan, ledger: EvaluationLedger) -> list[Tried]:
    """Return the policies that the ledger holds in full, in the order of proposal; nothing is simulated."""
    run = _Search(plan, ledger, Executor(), Path())
    found = [Candidate(0, plan.space.point_of(plan.incumbent), plan.incumbent)]
    wave = 0
    while (points := ledger.points(wave)) is not None:
        found += [run.candidate(len(found) + place, point) for place, point in enumerate(points)]
        wave += 1
    done = [one for one in found if run.trials.are_done([one.policy], plan.study.search.replications)]
    return run.with_figures(done, []) if done else []


class _Search:
    """What stays the same from wave to wave."""

    def __init__(self, plan: Plan, ledger: EvaluationLedger, executor: Executor, folder: Path) -> None:
        self.plan, self.ledger = plan, ledger
        self.space, self.goals = plan.space, goals_of(plan.study)
        self.trials = Trials(plan, ledger, executor, folder)

    @cached_property
    def block(self) -> Block:
        """Return the warm-ups of all scenarios and replications, simulated where they are not kept yet."""
        return self.trials.block(self.plan.study.search.replications)

    def candidates(self, wave: int, tried: Sequence[Tried]) -> list[Candidate]:
        """Return all candidates of a wave, from the ledger or newly proposed and recorded there."""
        points = self.ledger.points(wave)
        if points is None:
            points = self._propose(wave, tried)
            self.ledger.record_points(wave, points)
        first = [] if tried else [Candidate(0, self.space.point_of(self.plan.incumbent), self.plan.incumbent)]
        number = len(tried) + len(first)
        return first + [self.candidate(number + place, point) for place, point in enumerate(points)]

    def _propose(self, wave: int, tried: Sequence[Tried]) -> list[Point]:
        study = self.plan.study
        taken = {one.candidate.point for one in tried if one.candidate.point is not None and one.candidate.number > 0}
        incumbent = self.space.point_of(self.plan.incumbent)
        if incumbent is not None and self._is_exact(incumbent):
            taken |= {incumbent}
        if wave == 0:
            return first_points(self.space, study.search.start - 1, study.seed, taken)
        known = [Known(one.candidate.point, one.figures) for one in tried if one.candidate.point is not None]
        return next_points(
            self.space, self.goals, known, count=study.search.wave, seed=study.seed, wave=wave, taken=taken,
            sampler=sampler_for(study.search.sampler, study.search.policies),
        )  # fmt: skip

    def _is_exact(self, point: Point) -> bool:
        return self.space.policy(point, self.plan.incumbent.name).digest() == self.plan.incumbent.digest()

    def candidate(self, number: int, point: Point) -> Candidate:
        """Return the policy at a point, under its number."""
        name = f"{self.plan.incumbent.name[:LONGEST_STEM].rstrip('-')}-{number:04d}"
        try:
            return Candidate(number, point, self.space.policy(point, name))
        except DocumentError as error:
            values = ", ".join(f"{address} {value}" for address, value in self.space.values(point).items())
            head = Problem(str(self.plan.file), None, "levers", f"allow an invalid policy, at {values}; narrow them")
            raise DocumentError([head, *error.problems]) from None

    def _today(self) -> Values:
        """Return the incumbent's KPIs in every world of the search."""
        return values_of(self.trials.sums(self.plan.incumbent, self.plan.study.search.replications))

    def with_figures(self, candidates: Sequence[Candidate], tried: Sequence[Tried]) -> list[Tried]:
        """Return candidates with their figures from the ledger; those `tried` keep theirs.

        Regret is against the best of all that were tried, so it is counted again.
        """
        regrets = self.goals.robustness.criterion == "regret"
        fresh = candidates if regrets else candidates[len(tried) :]
        values = [values_of(self.trials.sums(one.policy, self.plan.study.search.replications)) for one in fresh]
        best = best_values(self.goals, values) if regrets else {}
        today = self._today() if self.goals.bounds_from_today else None
        found = [
            Tried(one, figures_of(table, self.plan.weights, self.goals, best, today))
            for one, table in zip(fresh, values, strict=True)
        ]
        return found if regrets else [*tried, *found]
