"""Coupons, member prices on categories and stacking in plain language.

Serves `memberlab explain`.
"""

from __future__ import annotations

from .amounts import counted, listed, money, percent
from .categories import CategoryTerms
from .coupons import Coupons
from .policy import Policy
from .quantities import MultiplierNotation
from .stacking import OFFERS, Stacking

NAMES = {
    "standing": "the discount of member, tier or membership", "category": "member prices", "campaign": "campaigns",
    "coupon": "coupons",
}  # fmt: skip


def offers_told(policy: Policy) -> list[str]:
    """Return what the policy says about prices beside the standing discount, as sentences."""
    sentences = [_category(name, category) for name, category in policy.categories.items()]
    if policy.coupons is not None:
        sentences += _coupons(policy.coupons, policy)
    return [*sentences, *_stacking(policy.stacking)]


def _category(name: str, category: CategoryTerms) -> str:
    benefits = [f"{percent(category.discount)} off list prices"] if category.discount else []
    if category.earn_multiplier != 100:
        benefits.append(f"{MultiplierNotation().write(category.earn_multiplier)} times the points")
    whom = listed([*category.tiers, *(["paid"] if category.paid_members_only else [])])
    return f"On {name}, {f'{whom} members' if whom else 'members'} get {listed(benefits)}."


def _coupons(coupons: Coupons, policy: Policy) -> list[str]:
    worth = money(coupons.value, policy) if coupons.value else percent(coupons.share)
    least = f" from a spend of {money(coupons.minimum_spend, policy)}" if coupons.minimum_spend else ""
    days = counted(coupons.valid_days, "day")
    sentences = [f"A coupon takes {worth} off an order{least} and can be used for {days} from the first of its month."]
    if coupons.a_month:
        sentences.append(f"Every member gets {counted(coupons.a_month, 'coupon')} a month.")
    if coupons.most_used_a_month is not None:
        sentences.append(f"A member can use {counted(coupons.most_used_a_month, 'coupon')} a month at most.")
    return sentences


def _stacking(stacking: Stacking) -> list[str]:
    sentences = [
        f"Of {listed([NAMES[kind] for kind in group])}, only the one that takes off most applies to an order."
        for group in stacking.exclusive
    ]
    if stacking.sequence() != OFFERS:
        sentences.append(f"Prices come down in this order: {listed([NAMES[kind] for kind in stacking.sequence()])}.")
    if stacking.most is not None:
        sentences.append(f"All reductions together take at most {percent(stacking.most)} off an order's list value.")
    return sentences
