"""What the paid membership of a policy can have wrong though it parses: fees, gates, plans, trials and allowances.

Serves the linter. Amounts are what shoppers who change nothing would get or lose in a year.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from .amounts import counted, money, percent, rounded
from .finding import Finding, Rule, Severity
from .give_back import fees_paid_by_vouchers, give_back, share_with_fee, tier_of
from .membership import Membership, Plan, term_days
from .points_in_orders import points_an_order
from .policy import Policy
from .promise import promise
from .tiers_in_words import value_in_words
from .tiers_lint import becomes_a_credit, most_value
from .typical_shopper import Customers

NEVER_REACHED = 0.999
"""Share of what would be used without an allowance from which the allowance does not bind."""


def fee_below_its_benefits(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find a membership fee that a heavy shopper's benefits exceed, partners' content with them."""
    if policy.membership is None:
        return
    shopper, fee = customers.heavy, policy.membership.lowest_fee
    level = tier_of(policy, shopper)
    gained = give_back(policy, shopper, level, is_member=True).borne - give_back(policy, shopper, level).borne
    worth = gained * shopper.spend + _partner_cost(policy.membership)
    if worth > fee:
        a_year = "" if fee == policy.membership.fee else ", the least that a year costs,"
        yield Finding(
            "fee-below-its-benefits", Severity.WARNING, "membership.fee",
            f"{money(fee, policy)}{a_year} buys a heavy shopper ({shopper.orders:g} orders a year) benefits of "
            f"{rounded(worth, policy)}",
            f"each such member costs {rounded(worth - fee, policy)} a year more than the fee brings, unless more is "
            "bought",
            f"write {rounded(worth, policy)} or more, or make sure by `memberlab compare` that members buy more",
        )  # fmt: skip


def membership_without_benefits(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find a membership that changes no term in any tier and carries nothing else."""
    membership = policy.membership
    if membership is None or membership.perks:
        return
    levels = range(max(1, len(policy.tiers)))
    if all(promise(policy, level) == promise(policy, level, is_member=True) for level in levels):
        yield Finding(
            "membership-without-benefits", Severity.ERROR, "membership",
            f"costs {money(membership.fee, policy)} and changes nothing in any tier",
            "who buys it is misled, and asks for the fee back",
            "give it a discount, an earn_multiplier above 1 or free_shipping, or drop it",
        )  # fmt: skip


def membership_worse_than_a_tier(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find a membership that takes the place of a tier which gives a heavy shopper more."""
    membership, shopper = policy.membership, customers.heavy
    if membership is None or not membership.replaces_tiers:
        return
    for level, name in enumerate(policy.tiers):
        own, paid = (
            give_back(policy, shopper, level, is_member=is_member).without_content for is_member in (False, True)
        )
        if own > paid:
            yield Finding(
                "membership-worse-than-a-tier", Severity.WARNING, "membership.replaces_tiers",
                f"a heavy shopper gets {own:.1%} of list value back in {name} and {paid:.1%} as a paid member",
                f"who pays in {name} loses {rounded((own - paid) * shopper.spend, policy)} a year beside the fee",
                "raise the membership's benefits above the tier's, or write replaces_tiers: false",
            )  # fmt: skip


def trial_longer_than_the_term(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find a free trial that lasts longer than a term that is paid."""
    membership = policy.membership
    if membership is None or membership.trial is None:
        return
    shortest = min(membership.all_plans, key=lambda plan: plan.months)
    term = term_days(shortest.months)
    if membership.trial.days > term:
        given = shortest.fee * membership.trial.days / term
        yield Finding(
            "trial-longer-than-the-term", Severity.WARNING, "membership.trial.days",
            f"{counted(membership.trial.days, 'day')} are free, and a paid term has {term}",
            f"each trial gives away fees of {rounded(given, policy)}",
            f"write {term} days or fewer",
        )  # fmt: skip


def gate_for_everybody(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find a lower fee that everybody gets, or next to nobody."""
    membership = policy.membership
    if membership is None or membership.gate is None:
        return
    gate = membership.gate
    most = most_value(policy, customers) if gate.score else None
    if 0 in {gate.spend, gate.score} or (policy.tiers and gate.tier == next(iter(policy.tiers))):
        yield Finding(
            "gate-for-everybody", Severity.WARNING, "membership.gate",
            f"everybody passes and pays {money(gate.fee, policy)}, nobody {money(membership.fee, policy)}",
            f"each member pays {money(membership.fee - gate.fee, policy)} less than the fee",
            f"write a higher tier, spend or score, or a fee of {money(gate.fee, policy)} and no gate",
        )  # fmt: skip
    elif gate.spend is not None and gate.spend > customers.rare_spend:
        yield Finding(
            "gate-for-nobody", Severity.WARNING, "membership.gate.spend",
            f"{money(gate.spend, policy)} is more than 999 in 1,000 ordering shoppers spend in a year",
            "the lower fee moves nobody",
            f"write less than {rounded(customers.rare_spend, policy)}, or drop the gate",
        )  # fmt: skip
    elif gate.score is not None and most is not None and most < gate.score and not becomes_a_credit(policy, gate.score):
        yield Finding(
            "gate-for-nobody", Severity.WARNING, "membership.gate.score",
            f"{value_in_words(gate.score, policy)} is more than 999 in 1,000 ordering shoppers come to",
            "the lower fee moves nobody",
            f"write less than {value_in_words(int(most) // 100 * 100, policy)}, or drop the gate",
        )  # fmt: skip


def plan_without_advantage(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find a longer plan that costs more a month than a shorter one."""
    if policy.membership is None:
        return
    named: list[tuple[str, Plan]] = [("", policy.membership.all_plans[0]), *policy.membership.plans.items()]
    for (shorter, short), (longer, long) in pairwise(sorted(named, key=lambda entry: entry[1].months)):
        if long.fee * short.months > short.fee * long.months:
            even = short.fee * long.months // short.months
            yield Finding(
                "plan-without-advantage", Severity.WARNING,
                f"membership.plans.{longer}.fee" if longer else "membership.fee",
                f"{money(long.fee, policy)} for {counted(long.months, 'month')} is more a month than "
                f"{shorter or 'the membership itself'}",
                f"who takes it pays {rounded(long.fee - even, policy)} more and is bound for longer",
                f"write {money(even, policy)} or less",
            )  # fmt: skip


def gift_cheaper_than_the_fee(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find gift cards that cost less a month than the membership itself, so that people give them to themselves."""
    membership = policy.membership
    if membership is None or membership.gift_card is None:
        return
    card = membership.gift_card
    regular = min(plan.fee * card.months // plan.months for plan in membership.all_plans)
    if card.fee < regular:
        yield Finding(
            "gift-cheaper-than-the-fee", Severity.WARNING, "membership.gift_card.fee",
            f"{money(card.fee, policy)} for {counted(card.months, 'month')} is less than a member pays: "
            f"{rounded(regular, policy)}",
            f"whoever buys it for their own use pays {rounded(regular - card.fee, policy)} less",
            f"write {money(regular, policy)} or more",
        )  # fmt: skip


def allowance_that_never_binds(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find vouchers and caps that next to nobody uses up."""
    membership = policy.membership
    if membership is None:
        return
    for field, used, allowed in _uses(policy, membership, customers):
        if used <= allowed:
            yield Finding(
                "allowance-never-binds", Severity.NOTE, f"membership.{field}",
                "999 in 1,000 ordering shoppers never use it up",
                "it saves the shop nothing and makes the promise harder to understand",
                "write less, or leave it out" if field != "free_shipping_vouchers" else
                "write fewer, or free_shipping: true",
            )  # fmt: skip


def perk_dearer_than_its_worth(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find partners' content that costs the shop more than it is worth to a member of average taste."""
    if policy.membership is None:
        return
    for name, perk in policy.membership.perks.items():
        if perk.net_cost > perk.perceived_value:
            yield Finding(
                "perk-dearer-than-its-worth", Severity.NOTE, f"membership.perks.{name}",
                f"costs {money(perk.net_cost, policy)} a month after the partner's "
                f"{percent(perk.sponsor_share)} and is worth {money(perk.perceived_value, policy)} to a member",
                f"a lower fee would please members more: {money(12 * perk.net_cost, policy)} a year",
                "negotiate the cost, write its perceived_value, or drop it",
            )  # fmt: skip


MEMBERSHIP_RULES: tuple[Rule, ...] = (
    membership_without_benefits,
    fee_below_its_benefits,
    membership_worse_than_a_tier,
    trial_longer_than_the_term,
    gate_for_everybody,
    plan_without_advantage,
    gift_cheaper_than_the_fee,
    allowance_that_never_binds,
    perk_dearer_than_its_worth,
)
"""The linter's rules about the paid membership."""


def _partner_cost(membership: Membership) -> int:
    """Return what partners' content of one member costs in a year, in cents."""
    return 12 * sum(perk.net_cost for perk in membership.perks.values())


def _uses(policy: Policy, membership: Membership, customers: Customers) -> Iterator[tuple[str, float, float]]:
    """Yield each allowance with what the 1 shopper in 1,000 who spends most would use of it, and what it allows."""
    shopper = replace(customers.heavy, name="rare", orders=customers.rare_spend / customers.heavy.basket)
    without, terms = promise(policy), promise(policy, is_member=True)
    if membership.free_shipping_vouchers is not None:
        spared = fees_paid_by_vouchers(policy, shopper, terms)
        unlimited = policy.shipping.fee * share_with_fee(shopper, terms)
        yield "free_shipping_vouchers", NEVER_REACHED * unlimited, spared
    if membership.discount_cap is not None:
        extra = max(0, terms.discount - without.discount) / 10_000
        yield "discount_cap", extra * shopper.spend, membership.discount_cap.a_year
    if membership.points_cap is not None:
        share = max(0.0, 1 - without.earn_multiplier / max(1, terms.earn_multiplier))
        extra_points = points_an_order(policy, shopper, terms) * share * shopper.orders
        yield "points_cap", extra_points, membership.points_cap.a_year
