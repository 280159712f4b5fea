"""A study from plan to recommendation: search, race on fresh seeds, confirmation on seeds held out, break-even.

Serves the command line and the Python face. Everything finished is in the ledger, so that the same call goes on where
an earlier one was stopped, with the same result.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..execution import Progress
from ..ledger import EvaluationLedger
from ..search import (
    CONFIRMATION_CAUTION,
    SEARCH_CAUTION,
    Goals,
    Known,
    LeverImportance,
    Odds,
    RaceResult,
    Tried,
    front_odds,
    goals_of,
    heats_from,
    heats_of,
    lever_importances,
    promising,
    race_policies,
    run_search,
    shortlist,
)
from ..study import Plan
from ..verdict import (
    MOST_NEAREST,
    Binding,
    ChoiceByValue,
    Counted,
    Reacted,
    Recommendation,
    Simplification,
    Tested,
    binding_limits,
    choices_by_value,
    confirm,
    count_all,
    nearest_of,
    recommend,
    simplify,
    try_reactions,
    try_values,
    values_held_out,
)

WARM_UPS = "warm-ups"

StageProgress = Callable[[str, int, int], None]
"""Called with `searching`, `racing`, `confirming`, `testing`, `reacting` or `simplifying`, and what is done and planned
of it."""


@dataclass(frozen=True)
class StudyResult:
    """Everything that a study found."""

    plan: Plan
    goals: Goals
    tried: Sequence[Tried]
    """All policies of the search, the incumbent first, with their figures on the search's seeds."""
    raced: Sequence[Tried]
    """Those that started in the race."""
    race: RaceResult
    """Who of them was left; places are those of `raced`."""
    shortlist: Sequence[Tried]
    """Those that were confirmed."""
    recommendation: Recommendation
    tested: Tested
    """The confirmed policies under other attrition effects, and their break-evens."""
    odds: Sequence[Odds]
    """What chance leaves open about each confirmed policy, the incumbent first."""
    importances: Sequence[LeverImportance]
    """Each lever's part in each objective, over everything tried."""
    criteria: Sequence[Counted]
    """The confirmed policies by every criterion over scenarios."""
    bindings: Sequence[Binding]
    """How each limit binds."""
    choices: Sequence[ChoiceByValue]
    """What would be recommended under other attrition effects and reactions of the rival."""
    reacted: Reacted
    """The confirmed policies under several reactions of the rival."""
    simplification: Simplification
    """What is left when changes that bring nothing are taken back."""
    seconds: Mapping[str, float]
    """Time that each stage took in this call."""

    @property
    def kept(self) -> list[Tried]:
        """Return the policies that kept all limits in the search, at half a standard error."""
        return [one for one in self.tried if self.goals.is_feasible(one.figures, SEARCH_CAUTION)]


def run_study(
    plan: Plan,
    ledger: EvaluationLedger,
    folder: Path,
    executor: Executor,
    *,
    progress: StageProgress | None = None,
    reactions: bool = True,
    simpler: bool = True,
) -> StudyResult:
    """Return what the study finds; warm-ups are kept in `folder`, everything finished in `ledger`.

    With `reactions` the choice is made again under several reactions of the rival, where a scenario has one; with
    `simpler` changes of the policy shown are taken back to find a simpler one that is as good.
    """
    goals, seconds = goals_of(plan.study), {}
    warm_ups = folder / WARM_UPS
    warm_ups.mkdir(exist_ok=True)
    started = time.monotonic()
    tried = run_search(plan, ledger, executor, warm_ups, progress=_of_stage(progress, "searching"))
    seconds["search"] = time.monotonic() - started
    raced = shortlist_of(tried, goals, plan)
    outcome = race_policies(
        plan, ledger, executor, [one.candidate.policy for one in raced], goals, progress=_of_stage(progress, "racing")
    )
    seconds["race"] = time.monotonic() - started - seconds["search"]
    listed = []
    if outcome.standing:
        heats = heats_of(plan, ledger, executor, [plan.incumbent], goals, outcome.heats.replications)
        baseline = list(heats.gains[0].mean(axis=0))
        listed = [raced[place] for place in best_of(outcome, baseline, plan.study.confirmation.shortlist)]
    if not listed and goals.bounds:
        listed = nearest_of(tried, goals, MOST_NEAREST)
    with tempfile.TemporaryDirectory(prefix="memberlab-", ignore_cleanup_errors=True) as kept:
        fresh = Path(kept)
        confirmed = confirm(
            plan, ledger, executor, [one.candidate.policy for one in listed],
            replications=plan.study.confirmation.replications, warm_up_folder=fresh,
            progress=_of_stage(progress, "confirming"),
        )  # fmt: skip
        seconds["confirmation"] = time.monotonic() - started - sum(seconds.values())
        found = recommend(confirmed, goals)
        tested = try_values(plan, ledger, executor, found, fresh, _of_stage(progress, "testing"))
        seconds["break-even"] = time.monotonic() - started - sum(seconds.values())
        reacted = Reacted()
        if reactions:
            reacted = try_reactions(plan, ledger, executor, found, fresh, _of_stage(progress, "reacting"))
        seconds["rival"] = time.monotonic() - started - sum(seconds.values())
        simplified = simplify(
            plan, ledger, executor, found, goals, (warm_ups, fresh), _of_stage(progress, "simplifying"),
            simulate=simpler,
        )  # fmt: skip
        seconds["simplification"] = time.monotonic() - started - sum(seconds.values())
    policies = [one.policy for one in confirmed]
    values = values_held_out(plan, ledger, policies, plan.study.confirmation.replications)
    keeps = [one.feasible for one in found.standings]
    criteria = count_all(
        {policy.name: one for policy, one in zip(policies, values, strict=True)}, keeps, plan.weights, goals
    )  # fmt: skip
    heats = heats_from(values, plan.weights, goals, values[0])
    odds = front_odds(heats, keeps, plan.study.seed)
    known = [Known(one.candidate.point, one.figures) for one in tried if one.candidate.point is not None]
    importances = lever_importances(plan.space, goals, known, plan.study.seed)
    seconds["total"] = time.monotonic() - started
    return StudyResult(
        plan, goals, tried, raced, outcome, listed, found, tested, odds, importances, criteria,
        binding_limits(tried, confirmed, goals), choices_by_value(found, tested, reacted, goals), reacted, simplified,
        seconds,
    )  # fmt: skip


def shortlist_of(tried: Sequence[Tried], goals: Goals, plan: Plan) -> list[Tried]:
    """Return the policies of the search that stand for the best of those that probably keep the limits."""
    incumbent, *others = tried
    known = [Known(one.candidate.point, one.figures) for one in others if one.candidate.point is not None]
    count, baseline = plan.study.race.shortlist, goals.gains(incumbent.figures)
    return [others[row] for row in promising(plan.space, goals, known, baseline, count, plan.study.seed)]


def best_of(outcome: RaceResult, baseline: Sequence[float], count: int) -> list[int]:
    """Return at most `count` places of the race that keep the limits there and stand for the best of those left.

    `baseline` are the incumbent's gains in the race.
    """
    heats = outcome.heats
    means, excesses = heats.gains.mean(axis=1), heats.excesses
    errors = excesses.std(axis=1, ddof=1) / np.sqrt(heats.replications)
    keeps = np.all(excesses.mean(axis=1) + CONFIRMATION_CAUTION * errors <= 0, axis=1)
    rows = [row for row, kept in enumerate(keeps) if kept]
    chosen = shortlist([list(means[row]) for row in rows], baseline, count)
    return [outcome.standing[rows[place]] for place in chosen]


def _of_stage(progress: StageProgress | None, stage: str) -> Progress:
    def told(done: int, total: int) -> None:
        if progress is not None:
            progress(stage, done, total)

    return told
