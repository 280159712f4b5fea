"""Planning a pilot: shoppers, weeks and hold-out for an effect, tried on shoppers whose true effect is known.

Serves whoever has to decide on a candidate by experiment, before the experiment is paid for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

from memberlab.policies import DocumentError, Policy, Problem
from memberlab.results import KPIS
from memberlab.scenarios import Population, Scenario

from ..break_even import DECISIVE_ASSUMPTION, own_value
from ..comparison import fail_if_not_comparable
from ..execution import Progress, SerialExecutor, Steps, working_folder
from ..lives import WarmUp, prepare_warm_ups, replication_seeds
from .arms import PilotArm, collect_pilot_arms, submit_pilot_arm
from .attrition import KPIS_TRIED, VALUES_TRIED, AttritionPoint, SmallestSeen, attrition_points, smallest_seen
from .interference import interferences
from .looks import WeeklyLooks, weekly_looks
from .plan_rows import PilotChoice, PlanRow, choose, effect_at, plan_rows
from .question import PilotQuestion, fail_if_pilot_does_not_fit, taking_part
from .replays import Replays, batches_of, replay_pilot
from .twin_outcomes import TwinOutcomes, columns_of, lived_by
from .verification import Verified, verify_pilot

FEWEST_IN_POOL = 50
"""Shoppers of the segment that the pool needs."""


@dataclass(frozen=True, slots=True)
class PilotPlan:
    """The plan of a pilot, what its replays found, and which attrition effect it can see."""

    question: PilotQuestion
    incumbent: Policy
    candidate: Policy
    scenario: Scenario
    replications: int
    outcomes: tuple[TwinOutcomes, ...]
    """The figure asked for at each duration, for all shoppers of the pool."""
    rows: tuple[PlanRow, ...]
    choice: PilotChoice
    replays: Replays
    verified: tuple[Verified, ...]
    """By method: plain, adjusted."""
    attrition: tuple[AttritionPoint, ...]
    """By figure, duration and attrition effect; empty where it was left out."""
    smallest_seen: tuple[SmallestSeen, ...]
    """By figure and duration, for a pilot with as many shoppers as the recommended one."""
    interferences: tuple[str, ...]
    looks: WeeklyLooks | None = None
    """What looking at it every week does; None where that was left out."""

    @property
    def pool(self) -> int:
        """Return how many shoppers the pool holds."""
        return len(self.outcomes[0].prior_spend)

    @property
    def lived(self) -> TwinOutcomes:
        """Return the outcomes at the duration that is recommended."""
        return next(one for one in self.outcomes if one.weeks == self.choice.row.weeks)


def plan_pilot(
    incumbent: Policy,
    candidate: Policy,
    scenario: Scenario,
    question: PilotQuestion,
    *,
    replications: int = 8,
    attrition: bool = True,
    peeking: bool = False,
    executor: Executor | None = None,
    population: Population | None = None,
    progress: Progress | None = None,
) -> PilotPlan:
    """Return the plan of a pilot of `candidate` among shoppers who lived under `incumbent` so far.

    Shoppers of `replications` independent populations are the pool that the pilot's are drawn from. With `attrition`
    the arms are lived under each attrition effect as well, five times the work; with `peeking` the pilot is also looked
    at every week. Raises DocumentError for documents that do not fit each other or the question, ValueError for a
    duration beyond the horizon, an unknown segment, or fewer than one replication.
    """
    if replications < 1:
        raise ValueError(f"replications ({replications}) must be at least 1")
    fail_if_not_comparable([incumbent, candidate], [scenario], incumbent)
    fail_if_pilot_does_not_fit(question, incumbent, scenario)
    workers = executor or SerialExecutor()
    own = own_value([scenario]) or 0.0
    values = sorted({*VALUES_TRIED, own}) if attrition else [own]
    steps = Steps(replications + 2 * len(values) + batches_of(question.replays) + 3 * peeking, progress)
    with working_folder(executor) as folder:
        warm_ups = _warm_ups(workers, folder, scenario, incumbent, population, replications, steps)
        arms = _live(workers, warm_ups, (incumbent, candidate), question, values, own, steps)
        kpis = tuple(dict.fromkeys([question.kpi, *(KPIS_TRIED if attrition else ())]))
        by_value = {value: _outcomes(kpis, question, incumbent, pair) for value, pair in arms.items()}
        outcomes = by_value[own][question.kpi]
        rows, choice = _planned(question, outcomes, candidate)
        weekly = _live_weekly(workers, warm_ups, (incumbent, candidate), question, choice, steps) if peeking else ()
    lived = next(one for one in outcomes if one.weeks == choice.row.weeks)
    found = replay_pilot(lived, _arms(choice), question.replays, seed=scenario.seed, executor=workers, steps=steps)
    looks = None
    if weekly:
        looks = weekly_looks(
            weekly, _arms(choice), [effect_at(question, one) for one in weekly], question.certainty.alpha,
            question.replays, seed=scenario.seed, executor=workers,
        )  # fmt: skip
        steps.step()
    points, seen = _attrition(by_value, choice, question) if attrition else ((), ())
    return PilotPlan(
        question, incumbent, candidate, scenario, replications, outcomes, rows, choice, found,
        verify_pilot(lived, found, choice.row.effect, question.certainty), points, seen,
        interferences(scenario, incumbent, candidate), looks,
    )  # fmt: skip


def _planned(
    question: PilotQuestion, outcomes: Sequence[TwinOutcomes], candidate: Policy
) -> tuple[tuple[PlanRow, ...], PilotChoice]:
    """Return the plan's rows and the choice; a candidate that leaves nothing to plan is a faulty document."""
    try:
        rows = plan_rows(question, outcomes)
        return rows, choose(question, rows)
    except ValueError as fault:
        raise DocumentError((Problem(candidate.name, None, "", str(fault)),)) from None


def _arms(choice: PilotChoice) -> tuple[int, int]:
    candidate = min(max(round(choice.shoppers * choice.row.share), 2), choice.shoppers - 2)
    return candidate, choice.shoppers - candidate


def _warm_ups(
    executor: Executor, folder: Path, scenario: Scenario, incumbent: Policy, population: Population | None,
    replications: int, steps: Steps,
) -> tuple[WarmUp, ...]:  # fmt: skip
    """Return the warm-ups of all replications; each is a step."""
    seeds = replication_seeds(scenario, replications)
    found = prepare_warm_ups(executor, folder, scenario, seeds, incumbent=incumbent, population=population)
    for _ in seeds:
        steps.step()
    return found


Pair = tuple[list[PilotArm], list[PilotArm]]
"""The arms of all replications under the incumbent and under the candidate."""


def _live(
    executor: Executor, warm_ups: Sequence[WarmUp], policies: tuple[Policy, Policy], question: PilotQuestion,
    values: Sequence[float], own: float, steps: Steps,
) -> dict[float, Pair]:  # fmt: skip
    """Return both arms by attrition effect; each policy at each value is a step."""
    columns = _columns(question)
    pending = {
        (value, place): submit_pilot_arm(
            executor, warm_ups, policy, question.weeks, columns, None if value == own else {DECISIVE_ASSUMPTION: value}
        )
        for value in values
        for place, policy in enumerate(policies)
    }
    lived = {}
    for place, futures in pending.items():
        lived[place] = collect_pilot_arms(futures)
        steps.step()
    return {value: (lived[value, 0], lived[value, 1]) for value in values}


def _live_weekly(
    executor: Executor, warm_ups: Sequence[WarmUp], policies: tuple[Policy, Policy], question: PilotQuestion,
    choice: PilotChoice, steps: Steps,
) -> tuple[TwinOutcomes, ...]:  # fmt: skip
    """Return the outcomes of the recommended pilot after each of its weeks; each policy is a step."""
    weekly = replace(question, weeks=tuple(range(1, choice.row.weeks + 1)))
    columns = _columns(question)
    pending = [submit_pilot_arm(executor, warm_ups, policy, weekly.weeks, columns) for policy in policies]
    arms = []
    for futures in pending:
        arms.append(collect_pilot_arms(futures))
        steps.step()
    return _outcomes([question.kpi], weekly, policies[0], (arms[0], arms[1]))[question.kpi]


def _columns(question: PilotQuestion) -> tuple[str, ...]:
    return columns_of([question.figure, *(KPIS[name] for name in KPIS_TRIED)])


def _outcomes(
    kpis: Sequence[str], question: PilotQuestion, incumbent: Policy, pair: Pair
) -> Mapping[str, tuple[TwinOutcomes, ...]]:
    """Return the outcomes of each figure, for those who are in the segment."""
    columns = _columns(question)
    arms = [
        [_of_segment(question, incumbent, arm, one) for arm, one in zip(pair[0], side, strict=True)] for side in pair
    ]
    count = sum(len(arm.opening) for arm in arms[0])
    if count < FEWEST_IN_POOL:
        raise DocumentError((
            Problem(incumbent.name, None, "", f"segment {question.segment} has {count} shoppers in all replications, "
                    f"too few to tell how they vary; {FEWEST_IN_POOL} are needed: name more shoppers, replications, or "
                    "another segment"),
        ))  # fmt: skip
    return {name: lived_by(KPIS[name], columns, question.weeks, arms[0], arms[1]) for name in kpis}


def _of_segment(question: PilotQuestion, incumbent: Policy, told_by: PilotArm, arm: PilotArm) -> PilotArm:
    who = taking_part(question, incumbent, told_by)
    return PilotArm(arm.readings[:, :, who], arm.opening[who], arm.launch)


def _attrition(
    by_value: Mapping[float, Mapping[str, tuple[TwinOutcomes, ...]]], choice: PilotChoice, question: PilotQuestion
) -> tuple[tuple[AttritionPoint, ...], tuple[SmallestSeen, ...]]:
    """Return the pilot's power by attrition effect, and the smallest that it sees in each figure."""
    share, certainty = choice.row.share, question.certainty
    points: list[AttritionPoint] = []
    seen = []
    for kpi in KPIS_TRIED:
        lived = [(value, by_value[value][kpi]) for value in sorted(by_value)]
        found = attrition_points(kpi, lived, choice.shoppers, share, certainty)
        points += found
        for week in question.weeks:
            at_week = [point for point in found if point.weeks == week]
            seen.append(smallest_seen(at_week, choice.shoppers, share, certainty))
    return tuple(points), tuple(seen)
