"""Whether a policy and a scenario belong together, asked before anything is simulated.

Serves the world and whoever starts one: a yuan policy in a dollar market would give figures that mean nothing.
"""

from __future__ import annotations

from memberlab.policies import DocumentError, Policy, Problem
from memberlab.scenarios import Scenario

from .calendar import calendar_of
from .shopper import LARGEST_HOLDING, LAST_DAY

LARGEST_PRICE_LEVEL = 1_000_000
"""Units of a scenario's currency for one of the population's; beyond it, sums over many shoppers leave 64 bits."""


def fail_if_policy_does_not_fit(policy: Policy, scenario: Scenario) -> None:
    """Raise DocumentError when currencies differ or the scenario is longer than a world can be."""
    problems = []
    if policy.currency is not None and policy.currency != scenario.currency:
        problems.append(
            Problem(policy.name, None, "currency",
                    f"{policy.currency} does not fit scenario {scenario.name}, which is in {scenario.currency}")
        )  # fmt: skip
    for name in policy.categories:
        if name not in scenario.categories:
            there = ", ".join(scenario.categories) or "none"
            problems.append(
                Problem(policy.name, None, f"categories.{name}",
                        f"scenario {scenario.name} has no such category of goods, it has {there}; "
                        f"add categories.{name}: {{share: ...}} to it")
            )  # fmt: skip
    if policy.membership is not None and policy.membership.fee > LARGEST_HOLDING:
        most = f"{LARGEST_HOLDING // 100:,}"
        problems.append(Problem(policy.name, None, "membership.fee", f"a fee above {most} does not fit; write less"))
    if scenario.population.price_level > LARGEST_PRICE_LEVEL:
        level = (
            f"{scenario.population.price_level} is above {LARGEST_PRICE_LEVEL:,}, beyond which sums of cents overflow"
        )
        problems.append(Problem(scenario.name, None, "population.price_level", f"{level}; write less"))
    end = calendar_of(scenario).end
    if end > LAST_DAY:
        problems.append(
            Problem(scenario.name, None, "horizon.months", f"the scenario has {end} days, the most is {LAST_DAY}")
        )
    if problems:
        raise DocumentError(tuple(problems))
