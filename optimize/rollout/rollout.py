"""A rollout over independent populations: what one experiment would have seen of each arm in each stage, what was true,
how often the stop rule fires, and what it costs or saves.

Serves strategists before they write to the first shopper. A shopper is in the same arm in every replication; what the
shopper is like, and does, is another draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from memberlab.policies import DocumentError, Policy, load_policy
from memberlab.results import FIGURES, Sight
from memberlab.scenarios import LoadedRollout, Population, Rollout, Scenario, rollout_problems
from memberlab.sim import calendar_of, fail_if_policy_does_not_fit, migration_problems

from ..execution import Progress, SerialExecutor, Steps, working_folder
from ..lives import prepare_warm_ups, replication_seeds
from .runs import RolloutLife, live_rollout

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Seen:
    """One figure of an arm in a window, means over replications; cents or orders a shopper.

    `difference` is arm less hold-out, `half` half of the 95 % interval that a single experiment of this size has;
    `truth` is what the policy did to the arm's shoppers, and `covered` the share of replications whose interval holds
    their truth. `spill` is what the rollout did to the hold-out.
    """

    figure: str
    shoppers: float
    held: float
    mean: float
    held_mean: float
    difference: float
    half: float
    truth: float
    covered: float
    spill: float


@dataclass(frozen=True, slots=True)
class StageRow:
    """An arm in a stage: `first` and `end` are days from 0, of the first replication in which it was seen, `times` in
    how many it was.
    """

    arm: str
    stage: str
    first: int
    end: int
    times: int
    figures: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class WeekRow:
    """An arm's pilot from its first day to the morning of `day`, from 0."""

    arm: str
    day: int
    figures: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class StopRow:
    """How often an arm is stopped: `days` from 0 by replication, None where it is not.

    `wrongly` counts those in which the truth on that day was on the good side of the limit; `saved` is the margin of
    the whole shop with the rule less that without it, in cents, mean of the replications in which any arm is stopped;
    None where none is.
    """

    arm: str
    days: tuple[int | None, ...]
    wrongly: int


@dataclass(frozen=True, slots=True)
class RolloutResult:
    """All replications of a rollout in one scenario."""

    rollout: Rollout
    policies: tuple[Policy, ...]
    """Those of the arms, in order."""
    incumbent: Policy
    scenario: Scenario
    replications: int
    stages: tuple[StageRow, ...]
    weeks: tuple[WeekRow, ...]
    stops: tuple[StopRow, ...]
    totals: dict[str, dict[str, float]]
    """Means of each figure of the whole shop over the horizon by world, in cents or orders: "rollout", "today's
    policy", and "without the rule", which is the rollout where the rule does not fire."""
    saved: float | None
    """Margin with the rule less without it, in cents, mean of the replications in which it fires; None without one."""
    shoppers: tuple[float, ...]
    """In each arm at the end, today's policy first, mean over replications."""
    bridges: tuple[dict[str, int], ...]
    """The margin bridge of each arm in cents, today's policy first, mean over replications."""

    @property
    def table(self) -> pd.DataFrame:
        """Return what is seen and true by arm, stage and figure, a shopper; money in cents, days from 1."""
        import pandas as pd

        return pd.DataFrame([
            {"arm": row.arm, "stage": row.stage, "first_day": row.first + 1, "last_day": row.end,
             "replications": row.times, **_columns(seen)}
            for row in self.stages for seen in row.figures
        ])  # fmt: skip

    @property
    def weekly(self) -> pd.DataFrame:
        """Return the pilot week by week, cumulated from its first day; columns as in `table`."""
        import pandas as pd

        return pd.DataFrame([
            {"arm": row.arm, "until_day": row.day, **_columns(seen)} for row in self.weeks for seen in row.figures
        ])  # fmt: skip


def _columns(seen: Seen) -> dict[str, object]:
    return {
        "figure": seen.figure, "unit": FIGURES[seen.figure][1], "shoppers": seen.shoppers, "held_out": seen.held,
        "mean": seen.mean, "held_out_mean": seen.held_mean, "difference": seen.difference,
        "low": seen.difference - seen.half, "high": seen.difference + seen.half, "truth": seen.truth,
        "intervals_that_hold_the_truth": seen.covered, "spill_over": seen.spill,
    }  # fmt: skip


def fail_if_rollout_does_not_fit(loaded: LoadedRollout, scenario: Scenario, incumbent: Policy) -> None:
    """Raise DocumentError with everything that is wrong with a rollout in a scenario, before anything is simulated."""
    calendar = calendar_of(scenario)
    problems = rollout_problems(loaded, scenario, incumbent, calendar.end - calendar.launch)
    for name, policy in zip(loaded.rollout.arms, loaded.policies, strict=True):
        if policy.digest() != incumbent.digest():
            problems += [
                loaded.problem(("arms", name, "policy"), f"{policy.name} {address}: {message}")
                for address, message in migration_problems(policy, incumbent)
            ]
    for policy in (*loaded.policies, incumbent):
        try:
            fail_if_policy_does_not_fit(policy, scenario)
        except DocumentError as fault:
            told = {problem.message for problem in problems}
            problems += [problem for problem in fault.problems if problem.message not in told]
    if problems:
        raise DocumentError(problems)


def roll_out(
    loaded: LoadedRollout,
    scenario: Scenario,
    *,
    replications: int = 1,
    executor: Executor | None = None,
    incumbent: Policy | None = None,
    population: Population | None = None,
    progress: Progress | None = None,
) -> RolloutResult:
    """Return what comes of a rollout in a scenario, over independent replications.

    Raises DocumentError when it does not fit, or when an arm would have no shoppers; ValueError for fewer than one
    replication.
    """
    if replications < 1:
        raise ValueError(f"replications ({replications}) must be at least 1")
    today = incumbent or load_policy(scenario.incumbent)
    fail_if_rollout_does_not_fit(loaded, scenario, today)
    workers = executor or SerialExecutor()
    steps = Steps(replications, progress)
    seeds = replication_seeds(scenario, replications)
    with working_folder(executor) as folder:
        warm_ups = prepare_warm_ups(
            workers, folder, scenario, seeds, incumbent=incumbent, population=population
        )  # fmt: skip
        pending = [
            workers.submit(live_rollout, warm_up.snapshots, loaded.rollout, loaded.policies) for warm_up in warm_ups
        ]
        lives = []
        for future in pending:
            lives.append(future.result())
            steps.step()
    return _result(loaded, scenario, today, lives)


def _result(
    loaded: LoadedRollout, scenario: Scenario, incumbent: Policy, lives: Sequence[RolloutLife]
) -> RolloutResult:  # fmt: skip
    rollout, names = loaded.rollout, list(loaded.rollout.arms)
    stages = []
    order = list(dict.fromkeys(step.stage for step in rollout.schedule))
    for stage in order:
        for number, name in enumerate(names, start=1):
            rows = [one for life in lives for one in life.stages if (one.arm, one.stage) == (number, stage)]
            if rows:
                stages.append(
                    StageRow(name, stage, rows[0].first, max(row.end for row in rows), len(rows),
                             _seen([row.sight for row in rows]))
                )  # fmt: skip
    days = [one.day for one in lives[0].weeks if one.arm == 1]
    weeks = []
    for arm, name in enumerate(names, start=1):
        for day in days:
            sights = [one.sight for life in lives for one in life.weeks if one.arm == arm and one.day == day]
            weeks.append(WeekRow(name, day, _seen(sights)))
    without = [life.totals.get("without the rule", life.totals["rollout"]) for life in lives]
    worlds = {
        "rollout": [life.totals["rollout"] for life in lives],
        "today's policy": [life.totals["today's policy"] for life in lives],
        "without the rule": without,
    }
    fired = [place for place, life in enumerate(lives) if life.stops]
    saved = [lives[place].totals["rollout"]["margin"] - without[place]["margin"] for place in fired]
    bridges = [
        {name: round(sum(life.bridges[arm][name] for life in lives) / len(lives)) for name in lives[0].bridges[arm]}
        for arm in range(len(names) + 1)
    ]
    return RolloutResult(
        rollout=rollout,
        policies=loaded.policies,
        incumbent=incumbent,
        scenario=scenario,
        replications=len(lives),
        stages=tuple(stages),
        weeks=tuple(weeks),
        stops=tuple(_stop_row(rollout, number, name, lives) for number, name in enumerate(names, start=1)),
        totals={
            world: {figure: float(np.mean([one[figure] for one in totals])) for figure in FIGURES}
            for world, totals in worlds.items()
        },
        saved=float(np.mean(saved)) if saved else None,
        shoppers=tuple(float(mean) for mean in np.mean([life.shoppers for life in lives], axis=0)),
        bridges=tuple(bridges),
    )


def _stop_row(rollout: Rollout, number: int, name: str, lives: Sequence[RolloutLife]) -> StopRow:
    stops = [next((stop for stop in life.stops if stop.arm == number), None) for life in lives]
    wrongly = 0
    if (rule := rollout.stop) is not None:
        unit = 1 if FIGURES[rule.measure][1] == "count" else 100
        for stop in stops:
            if stop is not None and rule.below is not None:
                wrongly += stop.true >= unit * float(rule.below)
            elif stop is not None and rule.above is not None:
                wrongly += stop.true <= unit * float(rule.above)
    return StopRow(name, tuple(None if stop is None else stop.day for stop in stops), wrongly)


def _seen(sights: Sequence[Sight]) -> tuple[Seen, ...]:
    """Return every figure of the same window in all replications."""
    seen = [sight.seen() for sight in sights]
    differences, halves = np.array([one[0] for one in seen]), np.array([one[1] for one in seen])
    truths = np.array([sight.gained.means for sight in sights])
    covered = (np.abs(differences - truths) <= halves).mean(axis=0)
    half = np.sqrt((halves**2).mean(axis=0))
    return tuple(
        Seen(
            figure=figure,
            shoppers=float(np.mean([sight.arm.count for sight in sights])),
            held=float(np.mean([sight.held.count for sight in sights])),
            mean=float(np.mean([sight.arm.means[place] for sight in sights])),
            held_mean=float(np.mean([sight.held.means[place] for sight in sights])),
            difference=float(differences[:, place].mean()),
            half=float(half[place]),
            truth=float(truths[:, place].mean()),
            covered=float(covered[place]),
            spill=float(np.mean([sight.spill.means[place] for sight in sights])),
        )
        for place, figure in enumerate(FIGURES)
    )  # fmt: skip
