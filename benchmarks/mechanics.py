"""Every mechanic that a policy need not have, as the changes that switch it on in the full rule set.

Serves the benchmark of what each mechanic costs a visit, and the tests that every mechanic changes something. A
mechanic adds its entry: its name, and changes by dotted address to the policy of `reference_world.full_scenario`.
"""

from __future__ import annotations

from collections.abc import Mapping

MECHANICS: dict[str, Mapping[str, object]] = {
    "coupons": {"coupons": {"value": 20, "minimum_spend": 150, "a_month": 1}},
    "member prices on a category": {"categories": {"slow-brands": {"discount": "10 %", "earn_multiplier": 3}}},
    "stacking cap": {"stacking.most": "5 %"},
    "service desk": {
        "service": {
            "shifts": {"day": {"starts": 8, "ends": 24, "agents": 20}}, "hourly_cost": 30,
            "promises": {"diamond": {"minutes": 30, "priority": 1}}, "make_good": {"minor": 5, "serious": 20},
        },
    },
}  # fmt: skip
"""Changes to the policy by name of the mechanic."""


def everything() -> dict[str, object]:
    """Return the changes that switch every mechanic on at once."""
    return {address: value for changes in MECHANICS.values() for address, value in changes.items()}
