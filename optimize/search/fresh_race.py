"""The race of a study: its best policies on populations that the search never saw, round by round, from the ledger.

Serves the confirmation, which then needs to try only those that are left, on populations held out from both.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path

from memberlab.policies import Policy

from ..execution import Progress, Steps
from ..ledger import EvaluationLedger
from ..study import Plan
from .goals import Goals, heats_from, values_of
from .race import Heats, RaceResult, race, rounds_of
from .trials import Trials

RACED = 500_000
"""Number of the race's first replication; those of the search begin at 0, those held out at 1,000,000."""
REPLICATIONS_AT_ONCE = 4
"""Replications whose warm-ups are kept at the same time."""


def race_policies(
    plan: Plan,
    ledger: EvaluationLedger,
    executor: Executor,
    policies: Sequence[Policy],
    goals: Goals,
    *,
    progress: Progress | None = None,
) -> RaceResult:
    """Return who of `policies` is left after the race; what the ledger holds is not lived again.

    The incumbent lives all rounds beside them, out of competition.
    """
    budget = plan.study.race
    rounds = rounds_of(budget.start, budget.replications)
    steps = Steps(rounds[0] if policies else 0, progress)
    lived = 0

    def live(places: Sequence[int], replications: int) -> Heats:
        nonlocal lived
        if lived:
            steps.plan(replications - lived)
        chosen = [policies[place] for place in places]
        lives = [plan.incumbent, *chosen]
        while lived < replications:
            count = min(REPLICATIONS_AT_ONCE, replications - lived)
            _live(plan, ledger, executor, lives, RACED + lived, count)
            lived += count
            for _ in range(count):
                steps.step()
        return heats_of(plan, ledger, executor, chosen, goals, replications)

    return race(live, len(policies), rounds)


def _live(
    plan: Plan, ledger: EvaluationLedger, executor: Executor, policies: Sequence[Policy], first: int, count: int
) -> None:
    """Let the policies live a few replications and record them; the warm-ups are thrown away."""
    with tempfile.TemporaryDirectory(prefix="memberlab-", ignore_cleanup_errors=True) as folder:
        trials = Trials(plan, ledger, executor, Path(folder))
        if not trials.are_done(policies, count, first=first):
            for _ in trials.live(policies, trials.block(count, first=first)):
                pass


def heats_of(
    plan: Plan,
    ledger: EvaluationLedger,
    executor: Executor,
    policies: Sequence[Policy],
    goals: Goals,
    replications: int,
) -> Heats:
    """Return what the ledger holds of the policies in the race's first so many replications."""
    trials = Trials(plan, ledger, executor, Path())
    values = [values_of(trials.sums(policy, replications, first=RACED)) for policy in policies]
    asks_today = bool(goals.bounds_from_today)
    today = values_of(trials.sums(plan.incumbent, replications, first=RACED)) if asks_today else None
    return heats_from(values, plan.weights, goals, today)
