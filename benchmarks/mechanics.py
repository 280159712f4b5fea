"""Every mechanic that a policy need not have, as the changes that switch it on in the full rule set.

Serves the benchmark of what each mechanic costs a visit, and the tests that every mechanic changes something. A
mechanic adds its entry: its name, and changes by dotted address to the policy of `reference_world.full_scenario`.
"""

from __future__ import annotations

from collections.abc import Mapping

MECHANICS: dict[str, Mapping[str, object]] = {
    "points: base and rounding": {
        "points.earn.base": {"before_discounts": True, "shipping": True}, "points.earn.rounding": "nearest",
    },
    "points: caps": {"points.earn.caps": {"month": 2_000, "year": 9_000}},
    "points: activities": {"points.activities": {"check_in": 2, "review": 50, "share": 10, "profile": 100}},
    "points: challenge": {"points.activities": {"challenge": {"steps": [{"spend": 300, "points": 60}]}}},
    "points: pending": {"points.returns": {"pending_days": 15}},
    "points: expiry to the day": {"points.expiry": {"days": 180}},
    "points: expiry by inactivity": {"points.expiry": {"inactivity": {"days": 180}}},
    "points: expiry by quarter": {"points.expiry": {"months": 9, "end_of": "quarter"}},
    "points: expiry on dates": {"points.expiry": {"dates": ["06-30", "12-31"]}},
    "points: reminders": {"points.expiry.reminder": {"days": 20, "channel": "app", "cost": 0.01}},
    "points: freeze": {"points.freeze": {"after_days": 200}},
    "points: steps": {"points.redeem.step": 500},
    "points: price event": {
        "points.price_events": [{"first_day": "2026-11-01", "last_day": "2026-11-11", "price": "80 %"}],
    },
    "points: rewards": {"points.rewards": {"mug": {"points": 400, "cost": 2, "value": 9}}},
    "points: reward in stock": {"points.rewards": {"mug": {"points": 400, "cost": 2, "value": 9, "stock": 500}}},
    "points: lottery": {
        "points.lottery": {"points": 100, "prizes": {"pen": {"chance": "10 %", "cost": 1, "value": 3}}},
    },
    "points: automatic": {"points.automatic": {"points": 500, "credit": 4}},
}  # fmt: skip
"""Changes to the policy by name of the mechanic."""
