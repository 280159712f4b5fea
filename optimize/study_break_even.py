"""What a study's confirmed policies would bring under other values of the decisive assumption, on the same fresh seeds.

Serves the recommendation: it is shown at several attrition effects, with the value at which its margin turns. All arms
are lived under the changed value from launch on; what is finished is in the ledger.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from memberlab.policies import Policy
from memberlab.results import Uplift

from .break_even import BreakEven, find_break_even, own_value, values_shown
from .confirm import Confirmed, comparisons_of, confirm
from .evaluations import EvaluationLedger
from .plan import Plan
from .progress import Progress, Steps
from .recommend import Recommendation, Standing

MOST_REPLICATIONS_OF_OTHERS = 4
"""Fresh populations on which the policies that are not recommended are tried under other values, at most."""


@dataclass(frozen=True)
class Tested:
    """The confirmed policies under several attrition effects."""

    shown: Mapping[float, Confirmed]
    """The policy that the report is about, by attrition effect in rising order; empty where there is none."""
    own: float | None
    """The attrition effect that all scenarios assume; None where they differ."""
    break_evens: Mapping[str, BreakEven]
    """By name of each confirmed policy but the incumbent, against which the margins are. That of the policy shown is
    searched on all fresh populations, the others are read between the values shown."""
    replications_of_others: int
    """Fresh populations behind those that were not searched."""


def try_values(
    plan: Plan, ledger: EvaluationLedger, executor: Executor, found: Recommendation, progress: Progress | None = None
) -> Tested:
    """Return all confirmed policies under the values shown, and their break-evens against the incumbent."""
    own = own_value(plan.scenarios)
    fresh = plan.study.confirmation.replications
    few = min(MOST_REPLICATIONS_OF_OTHERS, fresh)
    subject = found.trade_off if found.chosen is found.standings[0] else found.chosen
    policies = [one.confirmed.policy for one in found.standings[1:]]
    values = values_shown(own)
    steps = Steps(len(values) * (bool(policies) + (subject is not None)), progress)
    together = comparisons_of(plan, len(found.standings) - 1)
    with tempfile.TemporaryDirectory(prefix="memberlab-") as folder:
        run = _Trials(plan, ledger, executor, Path(folder), together, steps)
        by_value = {value: run.under(value, policies, few) for value in values} if policies else {}
        shown = {value: run.under(value, [subject.confirmed.policy], fresh)[0] for value in values} if subject else {}
        break_evens = {
            policy.name: find_break_even({value: row[place].overall["margin"] for value, row in by_value.items()}, own)
            for place, policy in enumerate(policies)
        }
        if subject is not None:
            break_evens[subject.confirmed.policy.name] = run.searched(subject, shown, own, fresh)
    return Tested(shown, own, break_evens, few)


@dataclass(frozen=True, slots=True)
class _Trials:
    """What stays the same from value to value."""

    plan: Plan
    ledger: EvaluationLedger
    executor: Executor
    folder: Path
    comparisons: int
    steps: Steps

    def under(self, value: float, policies: Iterable[Policy], replications: int) -> list[Confirmed]:
        """Return `policies` against the incumbent under an attrition effect, on the first fresh replications."""
        _, *found = confirm(
            self.plan, self.ledger, self.executor, list(policies), replications=replications, attrition_effect=value,
            comparisons=self.comparisons, warm_up_folder=self.folder,
        )  # fmt: skip
        self.steps.step()
        return found

    def searched(
        self, subject: Standing, shown: Mapping[float, Confirmed], own: float | None, replications: int
    ) -> BreakEven:
        """Return the break-even of one policy, searched to the tolerance."""

        def margin_at(value: float) -> Uplift:
            self.steps.plan(1)
            return self.under(value, [subject.confirmed.policy], replications)[0].overall["margin"]

        return find_break_even({value: one.overall["margin"] for value, one in shown.items()}, own, margin_at)
