"""Every mechanic that a policy need not have, as the changes that switch it on in the full rule set.

Serves the benchmark of what each mechanic costs a visit, and the tests that every mechanic changes something. A
mechanic adds its entry: its name, and changes by dotted address to the policy of `reference_world.full_scenario`.
"""

from __future__ import annotations

from collections.abc import Mapping

MECHANICS: dict[str, Mapping[str, object]] = {
    "coupons": {"coupons": {"value": 20, "minimum_spend": 150, "a_month": 1}},
    "member prices on a category": {"categories": {"slow-brands": {"discount": "10 %", "earn_multiplier": 3}}},
    "monthly plan and trial": {
        "membership.plans": {"monthly": {"fee": 12, "months": 1}},
        "membership.trial": {"days": 30},
        "membership.introductory_fee": 79,
    },
    "gift cards": {"membership.gift_card": {"fee": 99, "months": 12}},
    "reminders and refunds": {
        "membership.reminder": {"days": 7, "cost": 0.05},
        "membership.cancellation": {"refund": "pro-rata", "money_back_days": 14},
        "membership.save_offer": "20 %",
    },
    "membership allowances": {
        "membership.free_shipping": False,
        "membership.free_shipping_vouchers": {"count": 2, "per": "month"},
        "membership.discount_cap": {"amount": 30, "per": "month"},
        "membership.points_cap": {"points": 2000, "per": "year"},
    },
    "partner content": {"membership.perks": {"video": {"cost": 2, "perceived_value": 5, "sponsor_share": "25 %"}}},
    "stacking cap": {"stacking.most": "5 %"},
}
"""Changes to the policy by name of the mechanic."""


def everything() -> dict[str, object]:
    """Return the changes that switch every mechanic on at once."""
    return {address: value for changes in MECHANICS.values() for address, value in changes.items()}
