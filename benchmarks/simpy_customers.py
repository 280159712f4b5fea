"""Who and what the SimPy model is made of: its draws, its customers and what each tier promises them.

Serves simpy_shoppers.py, which turns the engine's snapshot into these objects before the clock is started.
"""

from __future__ import annotations

import random
from typing import Any

from memberlab.sim import LAPSED
from memberlab.sim.programme_table import TIER_DISCOUNT

FIELDS = ("base_logit", "basket_scale", "next_visit", "redemption_inertia", "response", "tier", "visit_gap")
"""What an object takes over from the engine's record as it is."""


class RandomDraws:
    """Draws from `random`, without an address."""

    keyed = False

    def __init__(self, seed: int) -> None:
        generator = random.Random(seed)
        self.gap = self.purchase = self.redemption = generator.random
        self.gammavariate = generator.gammavariate


class Shopper:
    """One customer; amounts are cents, points in points, days since the start of the warm-up."""

    __slots__ = (
        *FIELDS, "benefit_cost", "gmv", "last_order_day", "leaves_on", "lots", "margin", "month_spend", "number",
        "orders", "points", "window_spend",
    )  # fmt: skip

    def __init__(self, number: int, record: dict[str, Any]) -> None:
        self.number = number
        for field in FIELDS:
            setattr(self, field, record[field])
        self.leaves_on = -1.0 if record["status"] & LAPSED else record["settled_day"] + record["lifetime_left"]
        self.points, self.window_spend = record["points_balance"], record["window_spend"]
        self.lots, self.month_spend = list(record["lots"]), list(record["month_spend"])
        self.gmv = self.margin = self.benefit_cost = self.orders = 0
        self.last_order_day = record["last_order_day"]

    @property
    def has_left(self) -> bool:
        """Return whether the shopper is known to have left."""
        return self.leaves_on < 0


class Tier:
    """What a tier promises, and the most that its prices can move a shopper."""

    __slots__ = ("discount", "earn_multiplier", "free_from", "lift", "pull", "pull_with_points")

    def __init__(self, terms: Any, price_response: float) -> None:
        assert terms["discount"] == 0 or terms["discount_kind"] == TIER_DISCOUNT
        self.discount, self.earn_multiplier = int(terms["discount"]), int(terms["earn_multiplier"])
        self.free_from, self.lift = int(terms["free_shipping_from"]), float(terms["basket_lift"])
        self.pull = -price_response * float(terms["log_price_floor"])
        self.pull_with_points = -price_response * float(terms["log_price_floor_with_points"])
