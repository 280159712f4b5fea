"""The bound that spares a visit its basket: no basket, fee or redemption can make buying more attractive than it
says.
"""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import pytest

from memberlab.policies import Policy, load_policy
from memberlab.sim import ENROLLED, GUEST_STATE, MEMBER, World, warm_up

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
    {"points.activities": {"challenge": {"steps": [{"spend": 900, "points": 90}]}}},
]


@pytest.mark.parametrize("rival", [False, True])
@pytest.mark.parametrize(
    "policy",
    [
        full_policy(),
        full_policy().with_(GENEROUS),
        load_policy("no-programme"),
        *(full_policy().with_(changes) for changes in SMALL_PRINT),
    ],
)
def test_no_basket_beats_the_bound(policy: Policy, rival: bool) -> None:
    rules: Any = importlib.import_module("memberlab.sim.visit")
    goods_rules: Any = importlib.import_module("memberlab.sim.points")
    world: Any = World.resume(warm_up(small_scenario(), incumbent=full_policy(), population=brisk_population()), policy)
    world.run(world.launch + 40)
    terms, programme, behaviour, market = (
        world._table.terms,
        world._table.programme[0],
        world._behaviour[0],
        world._market[0],
    )
    order: Any = importlib.import_module("memberlab.sim.order").new_order()[0]
    draws = np.random.default_rng(5)
    tight = np.inf
    checked = 0
    for shopper in world.shoppers[(world.shoppers["status"] & ENROLLED) != 0][:150]:
        state = 2 * shopper["tier"] + bool(shopper["status"] & MEMBER)
        assert state < GUEST_STATE
        own = terms[state]
        bound = rules.highest_utility(shopper, own, programme, behaviour, market, rival)
        for list_value in np.exp(draws.normal(np.log(20_000), 1.5, 20)).astype(int) + 1:
            goods = int(list_value) - int(list_value) * int(own["discount"]) // 10_000
            redeemable = goods_rules.redeemable_value(shopper, goods, programme)
            for fee in (0, int(programme["shipping_fee"])):
                for paid_by_points in {0, redeemable}:
                    order["list_value"], order["goods"], order["shipping_fee"] = list_value, goods, fee
                    order["paid_by_points"] = paid_by_points
                    order["points"] = goods_rules.points_earned(order, own, programme)
                    utility = rules.buying_utility(shopper, own, programme, behaviour, market, order, rival, world.day)
                    assert utility <= bound
                    tight = min(tight, bound - utility)
                    checked += 1
    assert checked > 3000
    is_loose = policy.points is not None and bool(policy.points.earn.each_order or policy.points.earn.rounding)
    assert tight < 1.0 or is_loose  # a bound that is never near would spare nothing
