"""Coupons, categories and stacking of a policy as flat numbers.

Serves the programme table; the rules that read these numbers stand in pricing.py and coupons.py.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import OFFERS, Policy, promise
from memberlab.scenarios import Scenario

from .shopper import GUEST_STATE, STATES


def compile_offers(policy: Policy, scenario: Scenario, programme: NDArray[np.void], terms: NDArray[np.void]) -> None:
    """Write what can change the price of an order beside the standing discount into `programme` and `terms`."""
    stacking, coupons = policy.stacking, policy.coupons
    programme["offer_order"][0] = [OFFERS.index(kind) for kind in stacking.sequence()]
    for number, group in enumerate(stacking.exclusive, start=1):
        for kind in group:
            programme["offer_group"][0, OFFERS.index(kind)] = number
    programme["most_discount"] = 10_000 if stacking.most is None else stacking.most
    programme["has_offers"] = bool(coupons or policy.categories or policy.campaigns or stacking.most is not None)
    if coupons is not None:
        programme["has_coupons"] = 1
        programme["coupon_value"], programme["coupon_share"] = coupons.value, coupons.share
        programme["coupon_minimum"], programme["coupon_days"] = coupons.minimum_spend, coupons.valid_days
        used = coupons.most_used_a_month
        programme["coupons_used_a_month"] = np.iinfo(np.int8).max if used is None else used
        share = coupons.value / coupons.minimum_spend if coupons.value else coupons.share / 10_000
        programme["least_by_coupon"] = 1 - share
    programme["categories"] = len(scenario.categories) if policy.categories else 0
    left = 10_000
    for place, category in enumerate(scenario.categories.values()):
        programme["category_power"][0, place] = left / category.share - 1
        left -= category.share
    terms["least_by_category"] = 1.0
    for state in range(STATES):
        if state != GUEST_STATE:
            _state(policy, list(scenario.categories), state // 2, state % 2 == 1, terms[state])


def _state(policy: Policy, places: list[str], level: int, is_member: bool, terms: np.void) -> None:
    """Write what members of one tier and membership state get."""
    terms["coupons"] = promise(policy, level, is_member=is_member).coupons_a_month
    replaced = is_member and policy.membership is not None and policy.membership.replaces_tiers
    names = [] if replaced else list(policy.tiers)
    left, points = 1.0, 0
    for name, category in policy.categories.items():
        place = places.index(name)
        tier = names[min(level, len(names) - 1)] if names else ""
        if (category.tiers and tier not in category.tiers) or (category.paid_members_only and not is_member):
            continue
        terms["category_discount"][place] = category.discount
        terms["category_points"][place] = category.earn_multiplier - 100
        left = min(left, 1 - category.discount / 10_000)
        points = max(points, category.earn_multiplier - 100)
    terms["least_by_category"] = left
    terms["most_category_points"] = points
