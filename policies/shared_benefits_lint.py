"""Lint rules of referral, limited stock, price protection, paying later and instant refunds: promises that
cost more than they bring, or bring nothing.

Serves the linter, which lists them. Amounts are those of typical shoppers who change nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from .amounts import money, percent
from .finding import Finding, Severity
from .policy import Policy
from .promise import granted_level, promise
from .referral import Reward
from .tier_rights import entitlements
from .typical_shopper import Customers


def reward_above_first_margin(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find referral rewards that cost more than the rewarded orders of a median friend earn."""
    referral = policy.referral
    if referral is None:
        return
    cost = _worth(policy, referral.referrer) + _worth(policy, referral.friend)
    basket = max(customers.median.basket, referral.minimum_order)
    earned = basket * customers.gross_margin / 10_000
    if cost > earned:
        what = "a registration" if referral.rewarded == "registration" else "each rewarded order"
        severity = Severity.WARNING if referral.rewarded == "first-purchase" else Severity.ERROR
        yield Finding(
            "reward-above-first-margin", severity, "referral",
            f"both sides together get {money(round(cost), policy)} for {what}, and a median friend's order earns a "
            f"gross margin of {money(round(earned), policy)}",
            "friends who order once are bought at a loss, and it pays to refer oneself under another name",
            f"write rewards of {money(round(earned), policy)} or less in all, or a higher minimum_order",
        )  # fmt: skip


def registration_without_cap(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find rewards for registrations without a cap, which bring registrations and no orders."""
    referral = policy.referral
    if referral is None or referral.rewarded != "registration" or referral.yearly_cap is not None:
        return
    cost = money(_worth(policy, referral.referrer) + _worth(policy, referral.friend), policy)
    yield Finding(
        "registration-without-cap", Severity.WARNING, "referral.yearly_cap",
        "every registration is rewarded, without a cap and before anything is bought",
        f"each costs {cost} whether or not an order follows",
        "write a yearly_cap, or reward first-purchase",
    )  # fmt: skip


def pool_without_advantage(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find tiers whose standing discount is as good as the pool's special price."""
    pool = policy.special_price_pool
    if pool is None:
        return
    for level, name in enumerate(policy.tiers):
        standing = promise(policy, level).discount
        if standing >= pool.discount:
            yield Finding(
                "pool-without-advantage", Severity.WARNING, "special_price_pool.discount",
                f"{percent(pool.discount)} off is no better than {name}'s standing {percent(standing)}",
                "the units are announced to a tier that gains nothing by them",
                f"write more than {percent(standing)}",
            )  # fmt: skip
            return


def early_access_lost(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find tiers that may buy later than the tier below."""
    pool = policy.special_price_pool
    if pool is None:
        return
    for lower, name in pairwise(policy.tiers):
        below, days = pool.early_access.get(lower, 0), pool.early_access.get(name, 0)
        if days < below:
            yield Finding(
                "early-access-lost", Severity.WARNING, f"special_price_pool.early_access.{name}",
                f"{name} may buy {days} days before the others, {lower} {below}",
                f"a promotion to {name} takes a benefit away; while stock lasts, {lower} empties it first",
                f"write {below} or more",
            )  # fmt: skip


def protection_of_little(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find price protection too short to see the first of a month, when standing discounts change, for most orders."""
    protection = policy.price_protection
    if protection is None or protection.days >= 7:
        return
    yield Finding(
        "protection-of-little", Severity.NOTE, "price_protection.days",
        f"{protection.days} days reach the first of a month, when tiers and market prices change, for one order in "
        f"{30 // protection.days}",
        "the promise is made to all and kept to few",
        "write 7 days or more, or drop it",
    )  # fmt: skip


def paying_later_above_margin(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find trials and instalments of which a use costs more than the gross margin of the order."""
    margin, basket = customers.gross_margin, customers.median.basket
    trial, instalments = policy.trial_before_buy, policy.instalments
    if trial is not None and trial.cost > max(basket, trial.minimum_order) * margin / 10_000:
        least = money(round(trial.cost * 10_000 / margin) if margin else trial.cost, policy)
        yield Finding(
            "paying-later-above-margin", Severity.WARNING, "trial_before_buy.minimum_order",
            f"a trial costs {money(trial.cost, policy)}, more than the goods of a median order earn",
            "each trial of such an order loses money before delivery and payment",
            f"write {least} or more",
        )  # fmt: skip
    if instalments is not None and instalments.months * instalments.monthly_cost >= margin:
        share = instalments.months * instalments.monthly_cost
        yield Finding(
            "paying-later-above-margin", Severity.ERROR, "instalments.months",
            f"{instalments.months} months cost {percent(share)} of the amount, the gross margin is {percent(margin)}",
            "every order that is paid in instalments loses money",
            "write fewer months, or find cheaper finance and a lower monthly_cost",
        )  # fmt: skip


def refund_for_nothing(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find instant refunds where nothing comes back, or where nobody waits for the money without them."""
    if policy.instant_refund is None:
        return
    if customers.refund_days is None:
        yield Finding(
            "refund-for-nothing", Severity.NOTE, "instant_refund",
            "no goods come back in this scenario, so there is nothing to refund",
            "the benefit is promised and worth 0 here",
            "hold the policy against a scenario with a returns section",
        )  # fmt: skip
    elif customers.refund_days == 0:
        yield Finding(
            "refund-for-nothing", Severity.WARNING, "instant_refund",
            "in this scenario everybody has the money on the day of the return (returns.refund_days is 0)",
            "it pleases nobody, and goods that are refunded before they are back are lost now and then",
            "write returns.refund_days in the scenario if shoppers do wait there, or drop instant_refund",
        )  # fmt: skip


def members_have_it_already(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find promises to paid members that every tier of a paid member carries anyway."""
    for section, promised in entitlements(policy).items():
        lowest = granted_level(policy)
        if promised.members and promised.from_tier in list(policy.tiers)[: lowest + 1]:
            holder = list(policy.tiers)[lowest]
            yield Finding(
                "members-have-it-already", Severity.NOTE, f"{section}.members",
                f"every paid member is in {holder} or above, where it is promised from {promised.from_tier} on",
                "members: true is worth 0",
                "write a higher from_tier, or leave members out",
            )  # fmt: skip


def _worth(policy: Policy, reward: Reward) -> int:
    """Return the cents that a reward is worth, points at face value."""
    points = policy.points
    return reward.credit + (0 if points is None else reward.points * points.redeem.value // points.redeem.points)
