"""Every mechanic that a policy need not have, as the changes that switch it on in the full rule set.

Serves the benchmark of what each mechanic costs a visit, and the tests that every mechanic changes something. A
mechanic adds its entry: its name, and changes by dotted address to the policy of `reference_world.full_scenario`.
"""

from __future__ import annotations

from collections.abc import Mapping

CONTACT: Mapping[str, object] = {"channels": {"sms": {"cost": 0.05}}}

MECHANICS: dict[str, Mapping[str, object]] = {
    "coupons": {"coupons": {"value": 20, "minimum_spend": 150, "a_month": 1}},
    "member prices on a category": {"categories": {"slow-brands": {"discount": "10 %", "earn_multiplier": 3}}},
    "stacking cap": {"stacking.most": "5 %"},
    "campaign": {"campaigns.sale": {"when": "12..14 monthly", "discount": "5 %"}},
    "campaign budget": {
        "campaigns.capped": {"when": "20..22 monthly", "discount": "5 %", "budget": {"money": 1_000}},
    },
    "campaign messages": {
        "contact": CONTACT,
        "campaigns.told": {"when": "first monday", "discount": "5 %", "message": "sms"},
    },
    "own days": {
        "contact": CONTACT,
        "campaigns.birthday": {"when": "birthday and 6 days before", "bonus_points": 100, "message": "sms"},
        "campaigns.win-back": {
            "when": "90 silent days and 14 days after",
            "amount_off": 20,
            "minimum_spend": 100,
            "message": "sms",
        },
    },
    "challenge": {"campaigns.challenge": {"when": "always", "challenge": {"one": {"spend": 500, "points": 100}}}},
    "gift ladder": {
        "campaigns.ladder": {
            "when": "lunar 8-15 and 7 days before",
            "gifts": {"cake": {"spend": 200, "cost": 12, "value": 30}},
        },
    },
    "targets": {
        "campaigns.best": {
            "when": "06-01..06-20",
            "discount": "6 %",
            "to": {"tiers": "silver, gold", "stages": "active", "spend": "high", "predicted": "50 %"},
        },
    },
    "events": {"campaigns.live": {"when": "last friday", "event": {"cost": 1000, "reach": "10 %"}}},
    "balanced discount": {
        "campaigns.balanced": {"when": "always", "discount": "2 %", "balance": {"margin": "30 %", "most": "5 %"}},
    },
}
"""Changes to the policy by name of the mechanic."""


def everything() -> dict[str, object]:
    """Return the changes that switch every mechanic on at once."""
    return {address: value for changes in MECHANICS.values() for address, value in changes.items()}
