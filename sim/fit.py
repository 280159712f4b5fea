"""Whether a policy and a scenario belong together, asked before anything is simulated.

Serves the world and whoever starts one: a yuan policy in a dollar market would give figures that mean nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from memberlab.policies import DocumentError, Membership, Policy, Problem
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
    problems += [
        Problem(policy.name, None, field, f"{what} above {LARGEST_HOLDING // 100:,} does not fit; write less")
        for field, what, cents in _kept_in_32_bits(policy.membership)
        if cents > LARGEST_HOLDING
    ]
    if scenario.population.price_level > LARGEST_PRICE_LEVEL:
        level = (
            f"{scenario.population.price_level} is above {LARGEST_PRICE_LEVEL:,}, beyond which sums of cents overflow"
        )
        problems.append(Problem(scenario.name, None, "population.price_level", f"{level}; write less"))
    problems += shifts_without_agents(policy, scenario)
    pool = policy.special_price_pool
    if pool is not None and pool.units < scenario.regions:
        few = f"the {scenario.regions} regions of {scenario.name} would each need one; write {scenario.regions} or more"
        problems.append(Problem(policy.name, None, "special_price_pool.units", few))
    if policy.referral is not None and scenario.word_of_mouth is None:
        nobody = f"scenario {scenario.name} has nobody who could be referred"
        problems.append(
            Problem(policy.name, None, "referral", f"{nobody}; write word_of_mouth: {{reserve: 1000}} there")
        )
    end = calendar_of(scenario).end
    if end > LAST_DAY:
        problems.append(
            Problem(scenario.name, None, "horizon.months", f"the scenario has {end} days, the most is {LAST_DAY}")
        )
    if problems:
        raise DocumentError(tuple(problems))


def shifts_without_agents(policy: Policy, scenario: Scenario) -> list[Problem]:
    """Return a problem for each shift that has fewer agents than the scenario has regions, each with its own desk."""
    shifts = {} if policy.service is None else policy.service.shifts
    few = f"of {scenario.name} would each need an agent, and a region shares none"
    return [
        Problem(policy.name, None, f"service.shifts.{name}.agents",
                f"the {scenario.regions} regions {few}; write {scenario.regions} or more, or fewer regions there")
        for name, shift in shifts.items() if shift.agents < scenario.regions
    ]  # fmt: skip


def _kept_in_32_bits(membership: Membership | None) -> Iterator[tuple[str, str, int]]:
    """Yield the amounts that are kept for each member, in cents, with address and name."""
    if membership is None:
        return
    yield "membership.fee", "a fee", membership.fee
    for name, plan in membership.plans.items():
        yield f"membership.plans.{name}.fee", "a fee", plan.fee
    if membership.gift_card is not None:
        yield "membership.gift_card.fee", "a fee", membership.gift_card.fee
    if membership.discount_cap is not None:
        yield "membership.discount_cap.amount", "a cap", membership.discount_cap.amount
