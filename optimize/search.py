"""The search: waves of proposals, each tried by the same shoppers in every scenario, recorded evaluation by evaluation.

Serves the strategist's question "what would be better". All policies go on from the same warm-ups with the same random
numbers; those of every scenario and replication are simulated once and kept in the study's folder.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from pathlib import Path

from memberlab.policies import DocumentError, Policy, Problem

from .arms import ArmResult, WarmUp, merge_arms, prepare_warm_ups, replication_seeds, submit_arm
from .evaluations import EvaluationLedger
from .goals import Figures, figures_of, goals_of
from .plan import Plan
from .progress import Progress
from .proposals import Known, first_points, next_points
from .space import Point

MOST_IN_FLIGHT = 64
"""Evaluations handed to the workers and not yet recorded."""
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


def search(
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
        for done in run.evaluate(candidates):
            if progress is not None:
                progress(len(tried) + done, budget.policies)
        tried += [Tried(candidate, run.figures(candidate)) for candidate in candidates]
        wave += 1
    return tried


class _Search:
    """What stays the same from wave to wave."""

    def __init__(self, plan: Plan, ledger: EvaluationLedger, executor: Executor, folder: Path) -> None:
        self.plan, self.ledger, self.executor = plan, ledger, executor
        self.space, self.goals = plan.space, goals_of(plan.study)
        self.warm_ups: list[tuple[WarmUp, ...]] = [
            prepare_warm_ups(
                executor, folder, scenario, replication_seeds(scenario, plan.study.search.replications),
                incumbent=plan.incumbent, population=population,
            )
            for scenario, population in zip(plan.scenarios, plan.residents, strict=True)
        ]  # fmt: skip

    def candidates(self, wave: int, tried: Sequence[Tried]) -> list[Candidate]:
        """Return all candidates of a wave, from the ledger or newly proposed and recorded there."""
        points = self.ledger.points(wave)
        if points is None:
            points = self._propose(wave, tried)
            self.ledger.record_points(wave, points)
        first = [] if tried else [Candidate(0, self.space.point_of(self.plan.incumbent), self.plan.incumbent)]
        number = len(tried) + len(first)
        return first + [self._candidate(number + place, point) for place, point in enumerate(points)]

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
            self.space, self.goals, known, count=study.search.wave, seed=study.seed, wave=wave, taken=taken
        )

    def _is_exact(self, point: Point) -> bool:
        return self.space.policy(point, self.plan.incumbent.name).digest() == self.plan.incumbent.digest()

    def _candidate(self, number: int, point: Point) -> Candidate:
        name = f"{self.plan.incumbent.name[:LONGEST_STEM].rstrip('-')}-{number:04d}"
        try:
            return Candidate(number, point, self.space.policy(point, name))
        except DocumentError as error:
            values = ", ".join(f"{address} {value}" for address, value in self.space.values(point).items())
            head = Problem(str(self.plan.file), None, "levers", f"allow an invalid policy, at {values}; narrow them")
            raise DocumentError([head, *error.problems]) from None

    def evaluate(self, candidates: Sequence[Candidate]) -> Iterator[int]:
        """Simulate and record what the ledger does not hold yet; yield the number of candidates done, as it grows."""
        tasks = list(self._tasks(candidates))
        missing = Counter(candidate.number for candidate, *_ in tasks)
        yield len(candidates) - len(missing)
        groups = (
            submit_arm(self.executor, warm_up, candidate.policy, keep_shoppers=False) for candidate, _, warm_up in tasks
        )
        for place, parts in as_completed_groups(groups):
            candidate, key, warm_up = tasks[place]
            self.ledger.record_sums(candidate.policy.digest(), key, warm_up.seed, merge_arms(parts).sums)
            missing[candidate.number] -= 1
            if missing[candidate.number] == 0:
                del missing[candidate.number]
                yield len(candidates) - len(missing)

    def _tasks(self, candidates: Sequence[Candidate]) -> Iterator[tuple[Candidate, str, WarmUp]]:
        for candidate in candidates:
            digest = candidate.policy.digest()
            for key, warm_ups in zip(self.plan.scenario_keys, self.warm_ups, strict=True):
                for warm_up in warm_ups:
                    if self.ledger.sums(digest, key, warm_up.seed) is None:
                        yield candidate, key, warm_up

    def figures(self, candidate: Candidate) -> Figures:
        """Return the figures of a candidate from the ledger."""
        digest = candidate.policy.digest()
        sums = [
            [self.ledger.sums(digest, key, warm_up.seed) for warm_up in warm_ups]
            for key, warm_ups in zip(self.plan.scenario_keys, self.warm_ups, strict=True)
        ]
        return figures_of([[one for one in row if one is not None] for row in sums], self.plan.weights)


def as_completed_groups(groups: Iterable[list[Future[ArmResult]]]) -> Iterator[tuple[int, list[ArmResult]]]:
    """Yield the place and the results of each group of futures when all of it is done.

    Groups are submitted as they are drawn, a limited number ahead. When the reader stops early, what has not begun is
    cancelled.
    """
    in_flight: dict[int, list[Future[ArmResult]]] = {}
    source = enumerate(groups)
    more = True
    try:
        while more or in_flight:
            if more and len(in_flight) < MOST_IN_FLIGHT:
                place, futures = next(source, (-1, []))
                more = place >= 0
                in_flight |= {place: futures} if more else {}
            for place in [place for place, futures in in_flight.items() if all(future.done() for future in futures)]:
                yield place, [future.result() for future in in_flight.pop(place)]
            if in_flight and (not more or len(in_flight) >= MOST_IN_FLIGHT):
                wait([f for futures in in_flight.values() for f in futures if not f.done()], None, FIRST_COMPLETED)
    finally:
        for futures in in_flight.values():
            for future in futures:
                future.cancel()
