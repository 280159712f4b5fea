"""A policy in plain language, as a member would be told it, one sentence a promise.

Serves `memberlab explain`, and whoever has to approve a programme without reading YAML.
"""

from __future__ import annotations

from .amounts import counted, listed, money, percent, times
from .campaigns_in_words import campaigns_told
from .membership import Membership
from .membership_words import membership_told
from .migration_in_words import migration_told
from .offers_in_words import offers_told
from .perks_in_words import tier_perks_told
from .points_in_words import points_in_words
from .policy import Policy
from .service_in_words import pay_later_told, pool_told, protection_told, referral_told, refund_told, service_told
from .tiers import Tier
from .tiers_in_words import how_reached, how_tiers_end, what_counts

__all__ = ["delivery", "listed", "money", "percent", "told"]


def told(policy: Policy) -> list[str]:
    """Return the promises of *policy* as sentences, in the order in which a shopper meets them."""
    sentences = [delivery(policy)]
    if policy.member_discount:
        sentences.append(f"Whoever has ordered once gets {percent(policy.member_discount)} off list prices.")
    if policy.tiers:
        sentences.append(f"{what_counts(policy)}:")
        sentences += [f"- {_tier(name, tier, policy)}" for name, tier in policy.tiers.items()]
        sentences += how_tiers_end(policy)
        sentences += tier_perks_told(policy)
    if policy.points is not None:
        sentences += points_in_words(policy.points, policy)
    if policy.membership is not None:
        membership = policy.membership
        sentences += membership_told(membership, _benefits(membership, policy), policy)
    if sum([bool(policy.member_discount), bool(policy.tiers), policy.membership is not None]) > 1:
        sentences.append("Discounts of member, tier and membership are not added up: the largest one applies.")
    sentences += offers_told(policy)
    sentences += campaigns_told(policy)
    sentences += service_told(policy, lambda cents: money(cents, policy))
    sentences += referral_told(policy, lambda cents: money(cents, policy), counted)
    sentences += pool_told(policy, lambda cents: money(cents, policy), percent)
    sentences += protection_told(policy, percent)
    sentences += pay_later_told(policy, lambda cents: money(cents, policy))
    sentences += refund_told(policy)
    sentences += migration_told(policy)
    if len(sentences) == 1:
        sentences.append("There is no programme: no discounts, no tiers, no points, no paid membership.")
    return sentences


def delivery(policy: Policy) -> str:
    """Return what delivery costs."""
    shipping = policy.shipping
    if shipping.fee == 0 or shipping.free_from == 0:
        return "Delivery is free of charge."
    fee = f"Delivery costs {money(shipping.fee, policy)} an order"
    return f"{fee}." if shipping.free_from is None else f"{fee} and is free from {money(shipping.free_from, policy)}."


def _tier(name: str, tier: Tier, policy: Policy) -> str:
    return f"{name}, {how_reached(name, tier, policy)}: {_benefits(tier, policy) or 'no benefit of its own'}."


def _benefits(terms: Tier | Membership, policy: Policy) -> str:
    """Return what a tier or a membership carries, in words; empty if nothing."""
    carried = []
    if terms.discount:
        carried.append(f"{percent(terms.discount)} off list prices")
    if policy.points is not None and terms.earn_multiplier != 100:
        carried.append(f"{times(terms.earn_multiplier)} times the points")
    if terms.free_shipping:
        carried.append("free delivery")
    if terms.free_shipping_from is not None:
        carried.append(f"free delivery from {money(terms.free_shipping_from, policy)}")
    if isinstance(terms, Tier) and (vouchers := terms.free_shipping_vouchers) is not None:
        carried.append(f"{_deliveries(vouchers.count)} a {vouchers.per}")
    if terms.coupons_a_month:
        carried.append(f"{counted(terms.coupons_a_month, 'coupon')} a month")
    if isinstance(terms, Tier):
        carried += terms.perks
    if isinstance(terms, Tier) and terms.welcome_gift is not None:
        carried.append(f"a welcome gift worth {money(terms.welcome_gift.value, policy)}")
    return listed(carried)


def _deliveries(count: int) -> str:
    return "1 free delivery" if count == 1 else f"{count:,} free deliveries"
