"""Every mechanic that a policy need not have, as the changes that switch it on in the full rule set.

Serves the benchmark of what each mechanic costs a visit, and the tests that every mechanic changes something. A
mechanic adds its entry: its name, and changes by dotted address to the policy of `reference_world.full_scenario`.
"""

from __future__ import annotations

from collections.abc import Mapping

MECHANICS: dict[str, Mapping[str, object]] = {
    "tiers by orders": {
        "qualification.basis": "orders",
        "tiers.silver.threshold": 2,
        "tiers.gold.threshold": 4,
        "tiers.diamond.threshold": 8,
    },
    "growth value": {
        "qualification.basis": "growth",
        "qualification.growth": {"spend": 1, "order": 20, "activity": 1, "month": 5, "point": 0.1},
    },
    "tiers at once, kept to the end of the next quarter": {
        "qualification.window": "quarter",
        "qualification.promotion": "instant",
        "qualification.review": "period end",
        "qualification.kept": "next period end",
        "qualification.grace_days": 7,
    },
    "tiers of a membership year": {
        "qualification.window": "membership year",
        "qualification.review": "period end",
    },
    "observation and make-up task": {"qualification.observation": {"days": 30, "make_up_spend": 200}},
    "soft landing": {"qualification.soft_landing": {"months": 3}},
    "sprints": {"qualification.sprint": {"within": "30 %", "spend": 200, "days": 14, "points": 500}},
    "tier by invitation": {
        "tiers.black": {
            "threshold": "never",
            "discount": "8 %",
            "earn_multiplier": 3,
            "free_shipping": True,
            "invitation": {"value": 3000, "after_months": 2, "share": "50 %"},
        },
    },
    "tier by paid membership": {"membership.grants_tier": "gold"},
    "coupons": {"coupons": {"value": 20, "minimum_spend": 150, "a_month": 1}},
    "member prices on a category": {"categories": {"slow-brands": {"discount": "10 %", "earn_multiplier": 3}}},
    "stacking cap": {"stacking.most": "5 %"},
}
"""Changes to the policy by name of the mechanic."""


def everything() -> dict[str, object]:
    """Return the changes that switch every mechanic on at once."""
    return {address: value for changes in MECHANICS.values() for address, value in changes.items()}
