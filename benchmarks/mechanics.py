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
    "tiers by balance": {"qualification.basis": "balance", "qualification.promotion": "instant"},
    "gate by score": {
        "qualification.basis": "growth",
        "qualification.growth": {"spend": 1, "activity": 1},
        "membership.gate": {"fee": 59, "score": 1000},
    },
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
    "points: base and rounding": {
        "points.earn.base": {"before_discounts": True, "shipping": True}, "points.earn.rounding": "nearest",
    },
    "points: caps": {"points.earn.caps": {"month": 2_000, "year": 9_000}},
    "points: activities": {"points.activities": {"check_in": 2, "review": 50, "share": 10, "profile": 100}},
    "points: pending": {"points.returns": {"pending_days": 15}},
    "points: expiry to the day": {"points.expiry": {"days": 180}},
    "points: expiry by inactivity": {"points.expiry": {"inactivity": {"days": 180}}},
    "points: expiry by quarter": {"points.expiry": {"months": 9, "end_of": "quarter"}},
    "points: expiry on dates": {"points.expiry": {"dates": ["06-30", "12-31"]}},
    "points: reminders": {"points.expiry.reminder": {"days": 20, "channel": "app", "cost": 0.01}},
    "points: freeze": {"points.freeze": {"after_days": 200}},
    "points: steps": {"points.redeem.step": 500},
    "points: price event": {
        "points.price_events": [{"when": "11-01..11-11", "price": "80 %"}],
    },
    "points: rewards": {"points.rewards": {"mug": {"points": 400, "cost": 2, "value": 9}}},
    "points: reward in stock": {"points.rewards": {"mug": {"points": 400, "cost": 2, "value": 9, "stock": 500}}},
    "points: coupons as rewards": {
        "coupons": {"value": 20, "minimum_spend": 150}, "points.rewards": {"voucher": {"points": 300, "coupons": 1}},
    },
    "points: charity": {"points.rewards": {"trees": {"points": 200, "charity": True, "cost": 2, "value": 5}}},
    "points: lottery on days": {
        "points.lottery": {
            "points": 100, "when": "12..14 monthly", "prizes": {"pen": {"chance": "10 %", "cost": 1, "value": 3}},
        },
    },
    "points: lottery": {
        "points.lottery": {"points": 100, "prizes": {"pen": {"chance": "10 %", "cost": 1, "value": 3}}},
    },
    "points: devaluation": {"points.devaluation": {"on": "2026-05-01", "announced_days": 40, "value": 7}},
    "points: automatic": {"points.automatic": {"points": 500, "credit": 4}},
    "points: stamp card": {
        "points.earn": {"points": 0, "per": 1, "each_order": 1}, "points.automatic": {"points": 10, "credit": 20},
        "points.stamp_card": {"head_start": 2},
    },
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
    "tier delivery": {
        "shipping.free_from": 399, "tiers.silver.free_shipping": False, "tiers.silver.free_shipping_from": 150,
        "tiers.ordinary.free_shipping_vouchers": {"count": 1, "per": "month"},
        "tiers.silver.free_shipping_vouchers": {"count": 12, "per": "year"},
    },
    "partner content": {"membership.perks": {"video": {"cost": 2, "perceived_value": 5, "sponsor_share": "25 %"}}},
    "tier content": {
        "tiers.gold.perks": {"video": {"cost": 2, "perceived_value": 5, "sponsor_share": "25 %"}},
        "tiers.diamond.perks": {
            "video": {"cost": 2, "perceived_value": 5, "sponsor_share": "25 %"},
            "music": {"cost": 1, "perceived_value": 3, "active_days": 90},
        },
    },
    "stacking cap": {"stacking.most": "5 %"},
    "service desk": {
        "service": {
            "shifts": {"day": {"starts": 8, "ends": 24, "agents": 20}},
            "hourly_cost": 30,
            "promises": {"diamond": {"minutes": 30, "priority": 1}},
            "make_good": {"minor": 5, "serious": 20},
        },
    },
    "welcome gifts of tiers": {
        "tiers.ordinary.welcome_gift": {"cost": 2, "value": 5}, "tiers.gold.welcome_gift": {"cost": 20, "value": 60},
    },
    "campaign": {"campaigns": {"sale": {"when": "12..14 monthly", "discount": "5 %"}}},
    "campaign budget": {
        "campaigns": {"sale": {"when": "12..14 monthly", "discount": "5 %", "budget": {"money": 1_000_000}}}
    },
    "campaign messages": {
        "contact": {"channels": {"sms": {"cost": 0.05}}},
        "campaigns": {"sale": {"when": "12..14 monthly", "discount": "5 %", "message": "sms"}},
    },
    "own days": {
        "contact": {"channels": {"sms": {"cost": 0.05}}},
        "campaigns": {
            "birthday": {"when": "birthday and 6 days before", "bonus_points": 100, "message": "sms"},
            "win-back": {"when": "90 silent days and 14 days after", "amount_off": 20, "minimum_spend": 100,
                         "message": "sms"},
        },
    },
    "challenge and gifts": {
        "campaigns": {
            "challenge": {"when": "always", "challenge": {"one": {"spend": 500, "points": 100}}},
            "ladder": {"when": "always", "gifts": {"cake": {"spend": 400, "cost": 12, "value": 30}}},
        }
    },
    "gifts without an order": {
        "campaigns": {
            "new-year": {"when": "01-01", "to": {"tiers": "gold, diamond"}, "gift": {"cost": 9, "value": 30},
                         "budget": {"money": 5_000}},
            "cake": {"when": "birthday", "gift": {"cost": 6, "value": 25}},
        }
    },
    "every so many reviews": {
        "points.activities": {"review": 50},
        "campaigns": {"reviewers": {"when": "every 1 reviews and 7 days after", "discount": "5 %"}},
    },
    "newcomer tasks": {
        "points.activities": {"profile": 100},
        "campaigns": {
            "second-order": {"when": "first order and 30 days after", "bonus_points": 200},
            "first-month": {"when": "always", "to": {"stages": "new"},
                            "challenge": {"one": {"spend": 300, "points": 100}}},
        },
    },
    "events": {"campaigns": {"live": {"when": "last friday", "event": {"cost": 1000, "reach": "10 %"}}}},
    "balanced discount": {
        "campaigns": {
            "all": {"when": "always", "discount": "2 %", "balance": {"margin": "30 %", "most": "5 %"}},
        }
    },
    "referral": {"referral": {"referrer": {"points": 500}, "friend": {"credit": 10}, "pending_days": 7}},
    "special-price pool": {
        "special_price_pool": {"units": 1000, "price": 99, "discount": "30 %", "opens": 8,
                               "early_access": {"gold": 1, "diamond": 3}},
    },
    "trial before buying": {"trial_before_buy": {"cost": 12, "from_tier": "gold"}},
    "instalments": {"instalments": {"months": 3, "monthly_cost": "0.5 %", "minimum_order": 300}},
    "price protection": {"price_protection": {"days": 30}},
    "instant refund": {"instant_refund": {"from_tier": "gold"}},
}  # fmt: skip
"""Changes to the policy by name of the mechanic."""


ALTERNATIVES = frozenset(
    {
        "tiers by orders", "tiers of a membership year", "points: expiry by inactivity", "points: expiry by quarter",
        "points: expiry on dates", "points: automatic", "points: stamp card", "points: reward in stock",
        "points: lottery on days", "membership allowances",
    }
)  # fmt: skip
"""Mechanics that stand in place of another one of the list."""


MARKET: dict[str, Mapping[str, object]] = {
    "service desk": {"failures": {"minor": "5 %", "serious": "1 %", "questions": "8 %"}},
    "referral": {"word_of_mouth": {"reserve": 1000}},
    "instant refund": {"returns": {"share": "10 %", "refund_days": 7}},
}
"""What the market must have for a mechanic to happen, as changes to the scenario of `reference_world.full_scenario`."""


def everything() -> dict[str, object]:
    """Return the changes that switch every mechanic on at once, save those that stand in place of another."""
    everything: dict[str, object] = {}
    for changes in (changes for name, changes in MECHANICS.items() if name not in ALTERNATIVES):
        for address, value in changes.items():
            before = everything.get(address)
            both = isinstance(before, Mapping) and isinstance(value, Mapping)
            everything[address] = {**before, **value} if both else value
    return everything
