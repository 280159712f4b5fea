"""The bound that spares a visit its basket: no basket, fee or redemption can make buying more attractive than it
says.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

import numpy as np
import pytest

from memberlab.policies import Policy, load_policy
from memberlab.sim import ENROLLED, GUEST_STATE, MEMBER, Snapshot, World, warm_up

from .worlds import brisk_population, full_policy, small_scenario

GENEROUS = {
    "points": {
        "earn": {"points": 30, "per": 1},
        "redeem": {"points": 100, "value": 1},
        "minimum": 0,
        "expiry": "never",
    },
    "tiers.diamond.discount": "60 %",
    "tiers.diamond.earn_multiplier": 3,
}


SMALL_PRINT: list[dict[str, object]] = [
    {"points.earn.base": {"before_discounts": True}},
    {"points.earn.base": {"shipping": True, "points_paid": True}, "shipping.fee": 80},
    {"points.earn.rounding": "up", "points.earn.per": 50, "points.earn.points": 40},
    {"points.earn.each_order": 5000},
]
OFFERS = {
    "coupons": {"share": "25 %", "minimum_spend": 60, "a_month": 2},
    "categories": {"slow-brands": {"discount": "30 %", "earn_multiplier": 4}},
    "points.earn": {"points": 5, "per": 1},
}


POOL = {**OFFERS, "special_price_pool": {"units": 9, "price": 200, "discount": "45 %"}}


@cache
def launch() -> Snapshot:
    scenario = small_scenario(categories={"slow-brands": {"share": "25 %"}}, assumptions={"coupon_take_up": 1})
    return warm_up(scenario, incumbent=full_policy(), population=brisk_population())


@pytest.mark.parametrize("shoppers", [50, pytest.param(150, marks=pytest.mark.slow)])
@pytest.mark.parametrize("rival", [False, True])
@pytest.mark.parametrize(
    "policy",
    [
        full_policy(),
        full_policy().with_(GENEROUS),
        full_policy().with_(OFFERS),
        full_policy().with_(POOL),
        load_policy("no-programme"),
        *(full_policy().with_(changes) for changes in SMALL_PRINT),
    ],
    ids=["full", "generous", "offers", "pool", "none", "base", "loop", "rounding", "each order"],
)
def test_no_basket_beats_the_bound(policy: Policy, rival: bool, shoppers: int) -> None:
    visit: Any = importlib.import_module("memberlab.sim.visit")
    pricing: Any = importlib.import_module("memberlab.sim.pricing")
    paying: Any = importlib.import_module("memberlab.sim.points")
    world: Any = World.resume(launch(), policy)
    world.run(world.launch + 10)
    p, b, m = world._table.programme[0], world._behaviour[0], world._market[0]
    o: Any = importlib.import_module("memberlab.sim.order").new_order()[0]
    draws = np.random.default_rng(5)
    tight = np.inf
    checked = 0
    for number in np.flatnonzero(world.shoppers["status"] & ENROLLED)[:shoppers]:
        s, c = world.shoppers[number], world.cards[number * int(p["keeps_cards"])]
        state = 2 * s["tier"] + bool(s["status"] & MEMBER)
        assert state < GUEST_STATE
        t = world._table.terms[state]
        bound = visit.highest_utility(s, c, t, p, b, m, rival)
        key = np.uint64(draws.integers(2**63))
        for list_value in np.exp(draws.normal(np.log(20_000), 1.5, 20)).astype(int) + 1:
            o["list_value"] = list_value
            if p["has_offers"]:
                pricing.look_for_offers(c, t, p, o, key)
            extra = int(p["pool_discount"]) - int(t["discount"]) if p["has_pool"] else 0
            extra = min(int(list_value), int(p["pool_price"])) * max(0, extra) // 10_000
            o["special_extra"] = o["special_discount"] = extra
            pricing.price(o, t, p, m, world.day)
            redeemable = paying.redeemable_value(s, int(o["goods"]), p)
            for fee in (0, int(p["shipping_fee"])):
                for paid_by_points in {0, redeemable}:
                    o["shipping_fee"], o["paid_by_points"] = fee, paid_by_points
                    points = paying.points_earned(o, t, p)
                    points += points * int(o["category_points"]) // 10_000
                    o["points"] = points
                    utility = visit.buying_utility(s, c, t, p, b, m, o, rival, world.day)
                    assert utility <= bound
                    tight = min(tight, bound - utility)
                    checked += 1
    assert checked > 25 * shoppers
    is_loose = policy.points is not None and bool(policy.points.earn.each_order or policy.points.earn.rounding)
    assert tight < 1.0 or is_loose  # a bound that is never near would spare nothing
