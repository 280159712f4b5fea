"""What a points currency can have wrong though it parses.

Serves the linter. Amounts are what shoppers who change nothing would get or lose in a year.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from .amounts import counted, money, percent, rounded
from .expiry import LONGEST_LIFE
from .finding import Finding, Rule, Severity
from .give_back import can_ever_pay, first_reward, give_back, months_of_life, tier_of
from .points_in_orders import points_an_order
from .policy import Policy
from .promise import points_back, promise, worth_of_a_point
from .tiers import UNREACHABLE
from .typical_shopper import Customers


def reward_out_of_reach(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find points that expire before the median shopper can get the first reward."""
    points, shopper = policy.points, customers.median
    if points is None or points.expiry is None or first_reward(policy) == 0:
        return
    level = tier_of(policy, shopper)
    each = points_an_order(policy, shopper, promise(policy, level))
    if each > 0 and not can_ever_pay(policy, shopper, each):
        first, months = first_reward(policy), months_of_life(policy, shopper)
        collected = int(each * shopper.orders * months / 12)
        needed = math.ceil(first / (each * shopper.orders) * 12)
        longer = f"let points live {needed} months, or " if needed <= LONGEST_LIFE else ""
        face = each * shopper.orders * worth_of_a_point(policy)
        what = "a minimum" if first == points.minimum else "a first reward"
        address = "points.expiry.months" if points.expiry.months is not None else "points.expiry"
        yield Finding(
            "reward-out-of-reach", Severity.WARNING, address,
            f"a median shopper ({shopper.orders:g} orders a year) collects {counted(collected)} in "
            f"{months:.3g} months and needs {counted(first)}",
            f"points of {rounded(face, policy)} a year are promised to that shopper and expire unused",
            f"{longer}write {what} of {counted(collected)} or less",
        )  # fmt: skip


def earns_on_points(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find points that are earned again on what points pay: a loop."""
    if policy.points is None or not policy.points.earn.counts.points_paid:
        return
    highest = max(promise(policy, level).earn_multiplier for level in range(max(1, len(policy.tiers))))
    back = points_back(policy, highest)
    if back > 0:
        yield Finding(
            "earns-on-points", Severity.WARNING, "points.earn.base.points_paid",
            "the part of an order that points pay earns points again",
            f"whoever uses all points gets {back / (1 - back):.2%} of what was paid in place of {back:.2%}"
            if back < 1 else "whoever uses all points never pays again",
            "leave points_paid out",
        )  # fmt: skip


def event_beats_the_margin(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find events in which points are worth so much that more goes back than the goods earn."""
    points = policy.points
    if points is None:
        return
    margin, shopper = customers.gross_margin / 10_000, customers.heavy
    parts = give_back(policy, shopper, tier_of(policy, shopper))
    for number, event in enumerate(points.price_events):
        worst = parts.borne + parts.points * (10_000 / event.price - 1)
        if parts.borne <= margin < worst:
            yield Finding(
                "event-beats-the-margin", Severity.ERROR, f"points.price_events.{number}.price",
                f"at {percent(event.price)} of their price points give a heavy shopper {worst:.1%} of list value back, "
                f"the gross margin is {margin:.1%}",
                f"every {money(10_000, policy)} of list value loses {rounded((worst - margin) * 10_000, policy)}, as "
                "far as points were saved up for it",
                "write a higher price",
            )  # fmt: skip


def balance_never_reached(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find what needs a balance that the automatic reward never lets a member have."""
    if policy.points is None or policy.points.automatic is None:
        return
    most = policy.points.automatic.points
    for address, needed in balances_needed(policy):
        if needed >= most:
            is_tier = address.startswith("tiers.")
            yield Finding(
                "unreachable-tier" if is_tier else "balance-never-reached", Severity.ERROR, address,
                f"needs a balance of {counted(needed)}, but {counted(most)} become a credit as soon as they are there",
                "it is promised and nobody can ever have it",
                f"write less than {most:,}, more than {needed:,} in points.automatic.points, or drop one of the two",
            )  # fmt: skip


def balances_needed(policy: Policy) -> Iterator[tuple[str, int]]:
    """Yield what needs a balance of points: address and points. Tiers do where the basis is the balance."""
    points = policy.points
    if points is None:
        return
    for name, reward in points.rewards.items():
        yield f"points.rewards.{name}.points", reward.points
    if points.lottery is not None:
        yield "points.lottery.points", points.lottery.points
    if points.minimum:
        yield "points.minimum", points.minimum
    if policy.qualification is not None and policy.qualification.basis == "balance":
        for name, tier in policy.tiers.items():
            if tier.invitation is not None:
                yield f"tiers.{name}.invitation.value", tier.invitation.value // 100
            elif 0 < tier.threshold < UNREACHABLE:
                yield f"tiers.{name}.threshold", tier.threshold // 100
        gate = None if policy.membership is None else policy.membership.gate
        if gate is not None and gate.score:
            yield "membership.gate.score", gate.score // 100


def reward_dearer_than_money(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find rewards that are worth less to a member than the money that their points would pay."""
    points = policy.points
    if points is None or points.maximum_share == 0:
        return
    for name, reward in points.rewards.items():
        pays = reward.points * worth_of_a_point(policy)
        worth = reward.worth(policy.coupons)
        if worth is not None and worth < pays:
            yield Finding(
                "reward-dearer-than-money", Severity.WARNING, f"points.rewards.{name}.points",
                f"{counted(reward.points)} pay {rounded(pays, policy)} of an order and buy what is worth "
                f"{money(worth, policy)}",
                "nobody takes it, save where a tier has a lower price or points pay no orders",
                f"write {counted(int(worth / worth_of_a_point(policy)))} or less",
            )  # fmt: skip


def lottery_gives_more_than_it_takes(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find a lottery whose prizes cost more on average than the points of a play are worth."""
    points = policy.points
    if points is None or points.lottery is None:
        return
    cost = sum(prize.chance * prize.cost for prize in points.lottery.prizes.values()) / 10_000
    worth = points.lottery.points * worth_of_a_point(policy)
    if cost > worth:
        yield Finding(
            "lottery-gives-more-than-it-takes", Severity.WARNING, "points.lottery.points",
            f"a play costs points worth {rounded(worth, policy)}, and prizes of {rounded(cost, policy)} on average",
            f"every play costs {rounded(cost - worth, policy)} more than the points it uses up",
            f"write {counted(math.ceil(cost / worth_of_a_point(policy)))} or more",
        )  # fmt: skip


POINTS_RULES: tuple[Rule, ...] = (
    reward_out_of_reach,
    earns_on_points,
    event_beats_the_margin,
    balance_never_reached,
    reward_dearer_than_money,
    lottery_gives_more_than_it_takes,
)
"""The rules about points."""
