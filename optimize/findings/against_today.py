"""The policy that a study shows beside today's, lived once more on the populations held out, with books and flows.

Serves the report of a search: the ledger of evaluations keeps figures and bridges, but nothing that finance reads.
"""

from __future__ import annotations

from concurrent.futures import Executor

from ..comparison import Comparison, compare
from ..execution import Progress
from ..study import Plan
from ..verdict import FRESH, MOST_REPLICATIONS
from .study_run import StudyResult
from .summary import shown


def against_today(result: StudyResult, executor: Executor, progress: Progress | None = None) -> Comparison | None:
    """Return today's policy and the one shown, with books and tables; None where no other policy is shown.

    They live as in the confirmation: the same shoppers with the same draws, in at most as many populations as other
    values of what nobody knows are tried on. `progress` counts arms.
    """
    subject, plan = shown(result), result.plan
    if subject is None or subject.confirmed.policy.digest() == plan.incumbent.digest():
        return None
    return compare(
        [plan.incumbent, subject.confirmed.policy], plan.scenarios, replications=lived_again(plan), executor=executor,
        incumbent=plan.incumbent, population=plan.residents[0] if plan.only_population else None,
        first_replication=FRESH, books=True, tables=True,
        weights={one.name: weight for one, weight in zip(plan.scenarios, plan.weights, strict=True)}, progress=progress,
    )  # fmt: skip


def lived_again(plan: Plan) -> int:
    """Return in how many of the populations held out the policy shown is lived again beside today's."""
    return min(plan.study.confirmation.replications, MOST_REPLICATIONS)
