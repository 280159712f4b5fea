"""What can be wrong with how tiers are reached, kept and lost, though the policy parses.

Serves the linter, with rules for every basis and window.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .amounts import counted, money, rounded
from .finding import Finding, Rule, Severity
from .give_back import qualifying_value, years_counted
from .policy import Policy
from .promise import promise
from .qualification import Qualification
from .tiers import UNREACHABLE, Tier
from .tiers_in_words import value_in_words
from .typical_shopper import Customers


def unreachable_tier(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find tiers that next to nobody reaches within the window."""
    most = most_value(policy, customers)
    basis = (policy.qualification or Qualification()).basis
    is_spend = basis == "spend"
    for name, tier in policy.tiers.items():
        is_invited = tier.invitation is not None
        value = tier.invitation.value if tier.invitation is not None else tier.threshold
        if most is None or value == UNREACHABLE or value <= most or becomes_a_credit(policy, value):
            continue
        where = f"tiers.{name}.invitation.value" if is_invited else f"tiers.{name}.threshold"
        years = years_counted(policy)
        time = "in a year" if years == 1 else f"in {years:g} years" if years > 1 else f"in {12 * years:g} months"
        limit = rounded(most, policy) if is_spend else value_in_words(int(most) // 100 * 100, policy)
        does = f"spend {time}" if is_spend else f"come to {time}" if basis != "balance" else "can save up"
        thing = "spend" if is_spend else "value"
        yield Finding(
            "unreachable-tier", Severity.WARNING, where,
            f"{value_in_words(value, policy)} is more than 999 in 1,000 ordering shoppers {does}",
            f"its benefits move nobody: the {thing} of 1 in 1,000 begins at {limit}",
            f"write less than {limit}, or drop the tier",
        )  # fmt: skip


def most_value(policy: Policy, customers: Customers) -> float | None:
    """Return what one in a thousand shoppers exceeds in a window, as thresholds are kept; None where it is not known.

    Nothing is known of visits, check-ins and social contributions before the simulation.
    """
    rules = policy.qualification or Qualification()
    weights = rules.weights()
    if weights["activity"] or weights["social"]:
        return None
    if rules.basis == "spend":
        return customers.rare_spend * years_counted(policy)
    usual = customers.median
    rare = replace(usual, name="rare", orders=customers.rare_spend / usual.basket)
    return qualifying_value(policy, rare, promise(policy, 0))


def becomes_a_credit(policy: Policy, value: int) -> bool:
    """Return whether *value* (hundredths) is a balance that the automatic reward takes away, another rule's finding."""
    rules, points = policy.qualification, policy.points
    if rules is None or rules.basis != "balance" or points is None or points.automatic is None:
        return False
    return value >= 100 * points.automatic.points


def way_up(below: Tier, tier: Tier, policy: Policy) -> str:
    """Return what a member does to get from one tier to the next, for the money line of a finding."""
    if tier.threshold == UNREACHABLE:
        return "who is invited or pays for the tier"
    difference = value_in_words(tier.threshold - below.threshold, policy)
    is_spend = (policy.qualification or Qualification()).basis == "spend"
    return f"a spend of {difference} more" if is_spend else f"{difference} more"


def tier_that_nobody_reaches(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find tiers that neither a threshold nor an invitation nor the paid membership leads to."""
    granted = None if policy.membership is None else policy.membership.grants_tier
    for name, tier in policy.tiers.items():
        invited = tier.invitation is not None and tier.invitation.share > 0
        if tier.threshold == UNREACHABLE and not invited and name != granted:
            yield Finding(
                "no-way-to-the-tier", Severity.ERROR, f"tiers.{name}.threshold",
                "no threshold leads to it, nobody is invited and no membership grants it",
                "its benefits are promised to nobody",
                f"write a threshold, an invitation, or membership.grants_tier: {name}",
            )  # fmt: skip


def review_that_never_demotes(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find what is to follow a demotion where no review can ever demote."""
    rules = policy.qualification
    if rules is None or rules.demotion == "none":
        return
    followers = {"observation": rules.observation, "soft_landing": rules.soft_landing}
    steps = [f"qualification.{name}" for name, section in followers.items() if section is not None]
    steps += ["qualification.demotion"] if rules.demotion == "one level" else []
    above_lowest = list(policy.tiers.values())[1:]
    reason = ""
    if rules.window == "lifetime" and all(tier.invitation is None for tier in above_lowest):
        reason = "what a whole life has counted never falls"
    elif all(tier.never_demoted for tier in above_lowest):
        reason = "every tier above the lowest is never_demoted"
    for step in steps if reason else []:
        yield Finding(
            "review-never-demotes", Severity.WARNING, step,
            f"can never happen: {reason}",
            "it is promised and costs nothing, and the upper tiers only fill",
            "write a rolling window, or leave it out",
        )  # fmt: skip


def soft_landing_of_nothing(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find a soft landing that keeps nothing after any demotion."""
    if policy.qualification is None or policy.qualification.soft_landing is None:
        return
    falls = [(lost, level) for lost in range(1, len(policy.tiers)) for level in range(lost)]
    if all(promise(policy, level, fallen_from=lost) == promise(policy, level) for lost, level in falls):
        yield Finding(
            "soft-landing-of-nothing", Severity.WARNING, "qualification.soft_landing",
            "keeps nothing that the lower tier does not have anyway",
            "the benefit is promised and worth 0",
            "keep a larger share of discount or points, or leave it out",
        )  # fmt: skip


def sprint_above_its_margin(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find a sprint whose points are worth more than the goods bought for it earn."""
    rules, points = policy.qualification, policy.points
    if rules is None or rules.sprint is None or points is None:
        return
    worth = rules.sprint.points * points.redeem.value / points.redeem.points
    margin = rules.sprint.spend * customers.gross_margin / 10_000
    if worth > margin:
        yield Finding(
            "sprint-above-its-margin", Severity.WARNING, "qualification.sprint.points",
            f"{counted(rules.sprint.points)} are worth {rounded(worth, policy)}, the gross margin of a spend of "
            f"{money(rules.sprint.spend, policy)} is {rounded(margin, policy)}",
            f"each sprint that is won loses {rounded(worth - margin, policy)}, even if all of the spend is new",
            "pay fewer points, or ask for a larger spend",
        )  # fmt: skip


def granted_tier_of_everybody(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find a paid membership that grants the tier which everybody has."""
    if policy.membership is not None and policy.membership.grants_tier == next(iter(policy.tiers), ""):
        yield Finding(
            "grants-the-lowest-tier", Severity.WARNING, "membership.grants_tier",
            f"{policy.membership.grants_tier} is everybody's from the first order",
            "the benefit is promised and worth 0",
            "write a higher tier, or leave it out",
        )  # fmt: skip


def welcome_gift_above_its_margin(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find welcome gifts that cost more than the spend that first reaches the tier earns."""
    basis = (policy.qualification or Qualification()).basis
    for level, (name, tier) in enumerate(policy.tiers.items()):
        if tier.welcome_gift is None or (level > 0 and (basis != "spend" or tier.threshold == UNREACHABLE)):
            continue
        spend = customers.median.basket if level == 0 else tier.threshold
        what = "a median first order" if level == 0 else "the spend that reaches the tier"
        margin = spend * customers.gross_margin / 10_000
        cost = tier.welcome_gift.cost
        if cost > margin:
            yield Finding(
                "welcome-gift-above-its-margin", Severity.WARNING, f"tiers.{name}.welcome_gift.cost",
                f"{money(cost, policy)} is more than the gross margin of {what}, {rounded(margin, policy)}",
                f"whoever reaches the tier and buys no more loses the shop {rounded(cost - margin, policy)}",
                "write a cheaper gift, or give it in a higher tier",
            )  # fmt: skip


TIER_RULES: tuple[Rule, ...] = (
    tier_that_nobody_reaches,
    review_that_never_demotes,
    soft_landing_of_nothing,
    sprint_above_its_margin,
    granted_tier_of_everybody,
    welcome_gift_above_its_margin,
)
"""The rules that are added to the linter's list."""
