"""The margins of policies in one scenario at any value of the attrition effect, simulated from shared warm-ups.

Serves comparisons. Both arms of a difference are lived under the same value from launch on, by the same shoppers with
the same random numbers as the arms under the scenario's own value.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor

from memberlab.policies import Policy
from memberlab.results import KPIS, Uplift, paired_uplift
from memberlab.scenarios import Scenario

from ..execution import Steps
from ..lives import WarmUp, merge_arms, submit_arm
from .break_even import DECISIVE_ASSUMPTION, MARGIN, BreakEven, find_break_even, own_value, values_shown


def arms_at_values_shown(scenario: Scenario, policies: Sequence[Policy]) -> int:
    """Return how many arms a break-even takes at the values shown, beside those under the scenario's own value."""
    return len(policies) * (len(values_shown(own_value([scenario]))) - 1)


def break_evens(
    executor: Executor,
    warm_ups: Sequence[WarmUp],
    policies: Sequence[Policy],
    scenario: Scenario,
    margins: Sequence[Uplift],
    steps: Steps,
) -> list[BreakEven]:
    """Return the break-even of each policy but the first against the first, in order.

    `margins` are their margin uplifts at the scenario's own attrition effect, in cents; those are not simulated again.
    Every arm is a step; those at the values shown must be planned, what the search asks for is added to the plan.
    """
    own = own_value([scenario])
    by_value = {
        value: list(margins) if value == own else margin_uplifts(executor, warm_ups, policies, value, steps)
        for value in values_shown(own)
    }
    found = []
    for place, policy in enumerate(policies[1:]):

        def margin_at(value: float, policy: Policy = policy) -> Uplift:
            steps.plan(2)
            return margin_uplifts(executor, warm_ups, [policies[0], policy], value, steps)[0]

        found.append(find_break_even({value: row[place] for value, row in by_value.items()}, own, margin_at))
    return found


def margin_uplifts(
    executor: Executor, warm_ups: Sequence[WarmUp], policies: Sequence[Policy], value: float, steps: Steps
) -> list[Uplift]:
    """Return the margin uplifts of all policies but the first against the first, in cents, at one attrition effect."""
    assumed = {DECISIVE_ASSUMPTION: value}
    pending = [
        [submit_arm(executor, warm_up, policy, assumptions=assumed) for warm_up in warm_ups] for policy in policies
    ]
    tables = []
    for lives in pending:
        results = [merge_arms([future.result() for future in regions]) for regions in lives]
        tables.append([result.measures for result in results if result.measures is not None])
        steps.step()
    return [paired_uplift(KPIS[MARGIN], tables[0], after) for after in tables[1:]]
