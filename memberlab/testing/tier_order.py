"""Whether a promotion can leave a member worse off: each tier held against the one below, in closed form.

Serves the contract. A tier is worse off if it gives less of a typical shopper's spend back (discounts, points,
delivery, partners' content: `give_back`), with or without the paid membership, or fewer coupons a month.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from memberlab.policies import Customers, Policy
    from memberlab.scenarios import Scenario

ROUNDING = 1e-9
"""Parts of spend below which a difference is one of floating point."""


def worse_off(policy: Policy, customers: Customers, scenario: Scenario) -> list[str]:
    """Return one line for each tier that gives a typical shopper less than the tier below."""
    from memberlab.policies import give_back, money, promise

    lines = []
    states = {"": False} | ({" with the paid membership": True} if policy.membership is not None else {})
    for level, (below, tier) in enumerate(pairwise(policy.tiers), start=1):
        for words, is_member in states.items():
            coupons = [promise(policy, at, is_member=is_member).coupons_a_month for at in (level - 1, level)]
            if coupons[1] < coupons[0]:
                lines.append(f"{tier} is worse off than {below}{words}: {coupons[1]} coupons a month, not {coupons[0]}")
            for shopper in customers.typical:
                lower, upper = (give_back(policy, shopper, at, is_member=is_member).total for at in (level - 1, level))
                if upper >= lower - ROUNDING:
                    continue
                lost = (lower - upper) * shopper.spend
                lines.append(
                    f"{tier} is worse off than {below}{words}: of what a {shopper.name} shopper spends in "
                    f"{scenario.name}, {upper:.2%} comes back in {tier} and {lower:.2%} in {below}; a promotion "
                    f"costs this shopper {money(round(lost / 100) * 100, policy)} a year"
                )
                break
    return lines
