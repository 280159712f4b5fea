"""What a study's confirmed policies would bring under other values of the decisive assumption, on the same fresh seeds.

Serves the recommendation: it is shown at several attrition effects, with the value at which its margin turns. All arms
are lived under the changed value from launch on; what is finished is in the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path

from memberlab.policies import Policy
from memberlab.results import Uplift

from ..break_even import MARGIN, BreakEven, MarginUplift, find_break_even, own_value, values_shown
from ..execution import Progress, Steps
from ..ledger import EvaluationLedger
from ..study import Plan
from .confirm import Confirmed, comparisons_of, confirm
from .recommend import Recommendation

MOST_REPLICATIONS = 8
"""Fresh populations by which other attrition effects are tried, at most."""


@dataclass(frozen=True)
class Tested:
    """The confirmed policies under several attrition effects."""

    shown: Mapping[float, Confirmed]
    """The policy that the report is about, by attrition effect in rising order; empty where there is none."""
    own: float | None
    """The attrition effect that all scenarios assume; None where they differ."""
    break_evens: Mapping[str, BreakEven]
    """By name of each confirmed policy but the incumbent, against which the margins are. That of the policy shown is
    searched, the others are read between the values shown."""
    by_value: Mapping[float, Sequence[Confirmed]] = field(default_factory=dict[float, Sequence[Confirmed]])
    """All confirmed policies, the incumbent first, by attrition effect in rising order."""


def try_values(
    plan: Plan,
    ledger: EvaluationLedger,
    executor: Executor,
    found: Recommendation,
    warm_up_folder: Path | None = None,
    progress: Progress | None = None,
) -> Tested:
    """Return all confirmed policies under the values shown, and their break-evens against the incumbent.

    They are lived by the same fresh populations as the confirmation, whose warm-ups may stand in `warm_up_folder`.
    """
    own = own_value(plan.scenarios)
    policies = [one.confirmed.policy for one in found.standings[1:]]
    if not policies:
        return Tested({}, own, {})
    steps = Steps(len(values_shown(own)), progress)
    run = _Trials(plan, ledger, executor, warm_up_folder, comparisons_of(plan, len(policies)), steps)
    by_value = {value: run.under(value, policies) for value in values_shown(own)}
    subject = found.trade_off if found.chosen is found.standings[0] else found.chosen
    shown: dict[float, Confirmed] = {}
    break_evens = {}
    for place, policy in enumerate(policies):
        lives = {value: row[place + 1] for value, row in by_value.items()}
        search = None
        if subject is not None and policy is subject.confirmed.policy:
            shown, search = lives, run.margin_of(policy)
        margins = {value: one.overall[MARGIN] for value, one in lives.items()}
        break_evens[policy.name] = find_break_even(margins, own, search)
    return Tested(shown, own, break_evens, by_value)


@dataclass(frozen=True, slots=True)
class _Trials:
    """What stays the same from value to value."""

    plan: Plan
    ledger: EvaluationLedger
    executor: Executor
    folder: Path | None
    comparisons: int
    steps: Steps

    def under(self, value: float, policies: Sequence[Policy]) -> list[Confirmed]:
        """Return the incumbent and `policies` against it under an attrition effect, on the fresh populations."""
        found = confirm(
            self.plan, self.ledger, self.executor, policies,
            replications=min(self.plan.study.confirmation.replications, MOST_REPLICATIONS), attrition_effect=value,
            comparisons=self.comparisons, warm_up_folder=self.folder,
        )  # fmt: skip
        self.steps.step()
        return found

    def margin_of(self, policy: Policy) -> MarginUplift:
        """Return a function that simulates one policy's margin uplift under a value."""

        def margin_at(value: float) -> Uplift:
            self.steps.plan(1)
            return self.under(value, [policy])[1].overall[MARGIN]

        return margin_at
