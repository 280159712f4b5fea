"""Every mechanic that a policy need not have, as the changes that switch it on in the full rule set.

Serves the benchmark of what each mechanic costs a visit, and the tests that every mechanic changes something. A
mechanic adds its entry: its name, and changes by dotted address to the policy of `reference_world.full_scenario`.
"""

from __future__ import annotations

from collections.abc import Mapping

MECHANICS: dict[str, Mapping[str, object]] = {
    "service-desk": {
        "service": {
            "shifts": {"day": {"starts": 8, "ends": 24, "agents": 20}}, "hourly_cost": 30,
            "promises": {"diamond": {"minutes": 30, "priority": 1}}, "make_good": {"minor": 5, "serious": 20},
        },
    },
    "referral": {"referral": {"referrer": {"points": 500}, "friend": {"credit": 10}, "pending_days": 7}},
    "special-price-pool": {
        "special_price_pool": {"units": 1000, "price": 99, "discount": "30 %", "opens": 8,
                               "early_access": {"gold": 1, "diamond": 3}},
    },
    "trial-before-buy": {"trial_before_buy": {"cost": 12, "from_tier": "gold"}},
    "instalments": {"instalments": {"months": 3, "monthly_cost": "0.5 %", "minimum_order": 300}},
    "price-protection": {"price_protection": {"days": 30}},
}  # fmt: skip
"""Changes to the policy by name of the mechanic."""
