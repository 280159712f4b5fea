"""What the linter finds about coupons, categories and stacking.

Serves `memberlab lint`.
"""

from __future__ import annotations

from collections.abc import Iterator

from .amounts import money, percent
from .finding import Finding, Severity
from .policy import Policy
from .promise import points_back, promise
from .typical_shopper import Customers


def coupon_takes_the_margin(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find an order at the coupon's minimum on which discounts, coupon and points are worth more than the margin."""
    coupons, margin = policy.coupons, customers.gross_margin / 10_000
    if coupons is None:
        return
    for level, name in enumerate(list(policy.tiers) or [""]):
        terms = promise(policy, level, is_member=policy.membership is not None)
        if not terms.coupons_a_month:
            continue
        spend = max(coupons.minimum_spend, 1)
        before = 0.0 if _excludes_coupons(policy) else terms.discount / 10_000
        coupon = coupons.value / spend if coupons.value else coupons.share / 10_000
        paid = (1 - before) * (1 - coupon)
        if policy.stacking.most is not None:
            paid = max(paid, 1 - policy.stacking.most / 10_000)
        given = 1 - paid + paid * points_back(policy, terms.earn_multiplier)
        if given > margin:
            worth = money(coupons.value, policy) if coupons.value else percent(coupons.share)
            whom = f"members of {name}" if name else "members"
            loss = round((given - margin) * spend / (1 - before))
            yield Finding(
                "coupon-takes-the-margin", Severity.ERROR, "coupons",
                f"{worth} off from {money(coupons.minimum_spend, policy)}, with discount and points: {given:.1%} of "
                f"list value goes back to {whom}, the gross margin is {margin:.1%}",
                f"the smallest order with a coupon loses {money(loss, policy)} before delivery and payment",
                "raise coupons.minimum_spend, lower the coupon, or write stacking.most or stacking.exclusive",
            )  # fmt: skip
            return


def cap_that_never_binds(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find a cap on all reductions that they cannot reach together."""
    most, coupons = policy.stacking.most, policy.coupons
    if most is None:
        return
    discounts = [promise(policy, level, is_member=policy.membership is not None).discount
                 for level in range(max(1, len(policy.tiers)))]  # fmt: skip
    left = 1 - max(discounts) / 10_000
    left *= 1 - max((category.discount for category in policy.categories.values()), default=0) / 10_000
    if coupons is not None:
        left *= 1 - (coupons.value / coupons.minimum_spend if coupons.value else coupons.share / 10_000)
    if (1 - left) * 10_000 <= most:
        yield Finding(
            "cap-that-never-binds", Severity.NOTE, "stacking.most",
            f"{percent(most)} is more than all reductions can take off together ({1 - left:.1%})",
            "the limit protects no margin",
            f"write less than {1 - left:.1%}, or leave it out",
        )  # fmt: skip


def _excludes_coupons(policy: Policy) -> bool:
    return any({"standing", "coupon"} <= set(group) for group in policy.stacking.exclusive)
