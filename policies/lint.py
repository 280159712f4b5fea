"""The linter: what a policy can have wrong though it parses, what that costs, and how it is mended.

Serves `memberlab lint` and the pull request. Each rule is one function from a policy and its customers to findings; the
list at the end names them all. Amounts are what shoppers who change nothing would get or lose in a year.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from .amounts import counted, listed, money, percent, rounded
from .campaign_lint import CAMPAIGN_RULES
from .finding import Finding, Rule, Severity
from .give_back import give_back
from .membership import Membership
from .membership_benefits import TierPerk
from .membership_lint import MEMBERSHIP_RULES
from .migration_lint import MIGRATION_RULES
from .offers_lint import cap_that_never_binds, coupon_takes_the_margin
from .points_lint import POINTS_RULES
from .policy import Policy
from .promise import promise
from .service_lint import answer_out_of_hours, service_lost
from .shared_benefits_lint import (
    early_access_lost,
    members_have_it_already,
    paying_later_above_margin,
    pool_without_advantage,
    protection_of_little,
    refund_for_nothing,
    registration_without_cap,
    reward_above_first_margin,
)
from .tier_content_lint import TIER_CONTENT_RULES
from .tier_rights import rights_of
from .tiers import Tier
from .tiers_lint import TIER_RULES, unreachable_tier, way_up
from .typical_shopper import Customers


def lint(policy: Policy, customers: Customers) -> list[Finding]:
    """Return all findings about *policy*, the gravest first, within a severity in the order of the rules."""
    found = [finding for rule in RULES for finding in rule(policy, customers)]
    return sorted(found, key=lambda finding: -finding.severity)


def dominated_tier(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find tiers that promise nothing beyond the tier below."""
    for level, ((lower, below), (name, tier)) in enumerate(pairwise(policy.tiers.items()), start=1):
        if _terms(policy, level) == _terms(policy, level - 1) and not _lost(below, tier, policy):
            yield Finding(
                "dominated-tier", Severity.WARNING, f"tiers.{name}",
                f"promises what {lower} promises already",
                f"{way_up(below, tier, policy)} is rewarded with nothing",
                f"raise its discount or its earn_multiplier, or drop the tier {name}",
            )  # fmt: skip


def benefit_lost(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find benefits that a tier has and the next higher one lacks."""
    shopper = customers.heavy
    for level, ((lower, below), (name, tier)) in enumerate(pairwise(policy.tiers.items()), start=1):
        change = give_back(policy, shopper, level).total - give_back(policy, shopper, level - 1).total
        for field in _lost(below, tier, policy):
            effect = f"{rounded(abs(change) * shopper.spend, policy)} a year {'more' if change >= 0 else 'less'}"
            yield Finding(
                "benefit-lost", Severity.WARNING, f"tiers.{name}.{field}",
                f"{_written(tier, field, policy)} is worse than {lower}'s {_written(below, field, policy)}",
                f"a promotion to {name} takes a benefit away; all in all a heavy shopper gets {effect}",
                f"write {_written(below, field, policy)} or better",
            )  # fmt: skip


def unused_discount(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find discounts that a larger one, which everybody there has, always covers up."""
    offers = [(f"tiers.{name}.discount", tier.discount) for name, tier in policy.tiers.items()]
    if policy.membership is not None:
        offers.append(("membership.discount", policy.membership.discount))
    for address, discount in offers:
        if 0 < discount <= policy.member_discount:
            yield Finding(
                "unused-discount", Severity.WARNING, address,
                f"{percent(discount)} never applies: everybody has member_discount {percent(policy.member_discount)}, "
                "and the largest counts",
                "the benefit is promised and worth 0",
                f"write more than {percent(policy.member_discount)}, or 0 %",
            )  # fmt: skip


def gives_more_than_it_earns(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find tiers and memberships that give back more than the gross margin of the goods."""
    margin = customers.gross_margin / 10_000
    names = list(policy.tiers) or [""]
    for level, name in enumerate(names):
        for is_member in (False, True) if policy.membership is not None else (False,):
            worst = max(give_back(policy, one, level, is_member=is_member).borne for one in customers.typical)
            if worst > margin:
                whom = listed([*([name] if name else []), *(["paid members"] if is_member else [])]) or "everybody"
                everybodys = "member_discount" if policy.member_discount else "points"
                address = "membership" if is_member else f"tiers.{name}" if name else everybodys
                yield Finding(
                    "gives-more-than-it-earns", Severity.ERROR, address,
                    f"{worst:.1%} of list value goes back to {whom}, the gross margin is {margin:.1%}",
                    f"every {money(10_000, policy)} of list value loses {rounded((worst - margin) * 10_000, policy)} "
                    "before delivery and payment",
                    "lower the discount, the earn rate or the multipliers until less than the margin is given back",
                )  # fmt: skip
                break


def free_delivery_of_nothing(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find free delivery, thresholds and vouchers where delivery is free for everybody as soon or sooner."""
    free_from = policy.shipping.free_from if policy.shipping.fee else 0
    holders: dict[str, Tier | Membership] = {f"tiers.{name}": tier for name, tier in policy.tiers.items()}
    if policy.membership is not None:
        holders["membership"] = policy.membership
    for address, holder in holders.items():
        threshold = holder.free_shipping_from
        fields = {
            "free_shipping": holder.free_shipping and free_from == 0,
            "free_shipping_from": threshold is not None and free_from is not None and threshold >= free_from,
            "free_shipping_vouchers": holder.free_shipping_vouchers is not None and free_from == 0,
        }
        for field in (field for field, is_worth_nothing in fields.items() if is_worth_nothing):
            since = "" if not free_from else f" from {money(free_from, policy)} on"
            yield Finding(
                "free-delivery-of-nothing", Severity.NOTE, f"{address}.{field}",
                f"delivery is free of charge for everybody already{since}",
                "the benefit is promised and worth 0",
                f"write a lower amount, or leave {field} out" if free_from else
                f"write a shipping.fee, or leave {field} out",
            )  # fmt: skip


RULES: tuple[Rule, ...] = (
    gives_more_than_it_earns,
    *MEMBERSHIP_RULES,
    coupon_takes_the_margin,
    benefit_lost,
    dominated_tier,
    unused_discount,
    unreachable_tier,
    *POINTS_RULES,
    free_delivery_of_nothing,
    *TIER_RULES,
    *TIER_CONTENT_RULES,
    cap_that_never_binds,
    answer_out_of_hours,
    service_lost,
    *CAMPAIGN_RULES,
    reward_above_first_margin,
    registration_without_cap,
    pool_without_advantage,
    early_access_lost,
    protection_of_little,
    paying_later_above_margin,
    refund_for_nothing,
    members_have_it_already,
    *MIGRATION_RULES,
)
"""Every rule of the linter."""


def _terms(policy: Policy, level: int) -> tuple[object, ...]:
    """Return what a tier comes to, leaving out multipliers without points and free delivery that is everybody's."""
    terms = promise(policy, level)
    multiplier = terms.earn_multiplier if policy.points is not None else 100
    free_from = terms.free_shipping_from if policy.shipping.fee else 0
    vouchers = terms.tier_vouchers if policy.shipping.fee else None
    rights = rights_of(policy, list(policy.tiers)[level])
    return terms.discount, multiplier, free_from, vouchers, terms.coupons_a_month, terms.tier_perks, rights


def _lost(below: Tier, tier: Tier, policy: Policy) -> list[str]:
    """Return the fields in which a tier is worse than the one below it."""
    fields = ["discount", "free_shipping", "coupons_a_month"]
    if policy.points is not None:
        fields.append("earn_multiplier")
    lost = [field for field in fields if getattr(tier, field) < getattr(below, field)]
    if not tier.free_shipping:
        threshold, vouchers = below.free_shipping_from, below.free_shipping_vouchers
        if threshold is not None and (tier.free_shipping_from is None or tier.free_shipping_from > threshold):
            lost.append("free_shipping_from")
        if vouchers is not None and vouchers.a_year > (tier.free_shipping_vouchers or vouchers).a_year * (
            tier.free_shipping_vouchers is not None
        ):
            lost.append("free_shipping_vouchers")
    lost += [f"perks.{name}" for name, perk in below.perks.items() if _is_less(tier.perks.get(name), perk)]
    return lost


def _is_less(perk: TierPerk | None, below: TierPerk) -> bool:
    """Return whether a perk is worth less than that of the tier below, or is had for fewer days without an order."""
    if perk is None:
        return True
    days, days_below = perk.active_days, below.active_days
    is_shorter = days is not None and (days_below is None or days < days_below)
    return is_shorter or perk.perceived_value < below.perceived_value


def _perk_written(perk: TierPerk, policy: Policy) -> str:
    """Return what a perk is to a member: `5 CNY a month for 90 days after an order`."""
    days = "" if perk.active_days is None else f" for {counted(perk.active_days, 'day')} after an order"
    return f"{money(perk.perceived_value, policy)} a month{days}"


def _written(tier: Tier, field: str, policy: Policy) -> str:
    """Return a tier's value as files write it."""
    if field.startswith("perks."):
        perk = tier.perks.get(field.removeprefix("perks."))
        return "none" if perk is None else _perk_written(perk, policy)
    value = tier.model_dump()[field]
    if field == "free_shipping_vouchers":
        vouchers = tier.free_shipping_vouchers
        return "none" if vouchers is None else f"{vouchers.count} a {vouchers.per}"
    if value is None:
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)
