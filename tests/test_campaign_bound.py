"""The bound of a visit with campaigns on: no basket is more attractive than bound and campaign pull say."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest
from numba import njit

from memberlab.sim import ENROLLED, MEMBER, Snapshot, World, warm_up

from .worlds import brisk_population, full_policy, small_scenario

DEEP: dict[str, object] = {"when": "always", "discount": "35 %"}
AMOUNT: dict[str, object] = {"when": "always", "amount_off": 60, "minimum_spend": 100}
POINTS: dict[str, object] = {"when": "always", "points_multiplier": 5, "bonus_points": 800, "minimum_spend": 50}
GIFTS: dict[str, object] = {
    "when": "always",
    "gifts": {"s": {"spend": 80, "cost": 4, "value": 70}, "l": {"spend": 300, "cost": 9, "value": 200}},
    "challenge": {"one": {"spend": 5000, "points": 5}},
}


OTHER_OFFERS = {
    "coupons": {"share": "25 %", "minimum_spend": 60, "a_month": 2},
    "categories": {"slow-brands": {"discount": "30 %", "earn_multiplier": 4}},
}


def calling(rule: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that calls a rule of cards, which is compiled only where something compiled calls it."""

    def call(s: Any, c: Any, t: Any, p: Any, b: Any, m: Any, o: Any, day: Any, key: Any) -> Any:
        return rule(s, c, t, p, b, m, o, day, key)

    return call


@cache
def launch() -> Snapshot:
    scenario = small_scenario(categories={"slow-brands": {"share": "25 %"}}, assumptions={"coupon_take_up": 1})
    return warm_up(scenario, incumbent=full_policy(), population=brisk_population())


@cache
def compiled_search() -> Any:
    offers: Any = importlib.import_module("memberlab.sim.campaigns")
    return njit(calling(offers.find_campaigns))


@pytest.mark.parametrize("shoppers", [40, pytest.param(120, marks=pytest.mark.slow)])
@pytest.mark.parametrize("rival", [False, True])
@pytest.mark.parametrize(
    "campaigns",
    [{"a": DEEP}, {"a": AMOUNT}, {"a": POINTS}, {"a": GIFTS}, {"a": DEEP, "b": AMOUNT, "c": POINTS, "d": GIFTS}],
)
@pytest.mark.parametrize("others", [{}, OTHER_OFFERS], ids=["alone", "with coupons and member prices"])
def test_no_basket_beats_the_bound(
    campaigns: Mapping[str, object], others: Mapping[str, object], rival: bool, shoppers: int
) -> None:
    rules: Any = importlib.import_module("memberlab.sim.visit")
    goods_rules: Any = importlib.import_module("memberlab.sim.points")
    pricing: Any = importlib.import_module("memberlab.sim.pricing")
    offers: Any = importlib.import_module("memberlab.sim.campaigns")
    find_campaigns = compiled_search()
    keys: Any = importlib.import_module("memberlab.sim.keyed_random")
    world: Any = World.resume(launch(), full_policy().with_({"campaigns": campaigns, **others}))
    world.run(world.launch + 40)
    terms, p, b, m = world._table.terms, world._table.programme[0], world._behaviour[0], world._market[0]
    o: Any = importlib.import_module("memberlab.sim.order").new_order()[0]
    draws = np.random.default_rng(5)
    tight, checked, pulls = np.inf, 0, 0.0
    for i in np.flatnonzero(world.shoppers["status"] & ENROLLED)[:shoppers]:
        s, c = world.shoppers[i], world.cards[i]
        t = terms[2 * s["tier"] + bool(s["status"] & MEMBER)]
        key = np.uint64(keys.shopper_key(world._hashed_seed, int(i)))
        pull = find_campaigns(s, c, t, p, b, m, o, world.day, key)
        pulls += pull
        bound = rules.highest_utility(s, c, t, p, b, m, rival) + pull
        for list_value in np.exp(draws.normal(np.log(20_000), 1.5, 20)).astype(int) + 1:
            o["list_value"] = list_value
            pricing.look_for_offers(c, t, p, o, key)
            pricing.price(o, t, p, m, world.day)
            redeemable = goods_rules.redeemable_value(s, int(o["goods"]), p)
            for fee in (0, int(p["shipping_fee"])):
                for paid_by_points in {0, redeemable}:
                    o["shipping_fee"], o["paid_by_points"] = fee, paid_by_points
                    points = goods_rules.points_earned(o, t, p)
                    points += points * int(o["category_points"]) // 10_000
                    o["points"] = points + offers.campaign_points(p, o, points)
                    utility = rules.buying_utility(s, c, t, p, b, m, o, rival, world.day)
                    assert utility <= bound
                    tight = min(tight, bound - utility)
                    checked += 1
    assert checked > 25 * shoppers
    assert pulls > 0
    assert tight < 1.0 or len(campaigns) > 1 or others  # a bound that is never near would spare nothing


def test_no_visit_is_turned_away_that_its_own_campaigns_could_make_an_order() -> None:
    """What all campaigns together could do is asked first; it must never be less than what those for the shopper do."""
    find_campaigns = compiled_search()
    keys: Any = importlib.import_module("memberlab.sim.keyed_random")
    campaigns = {
        "a": {"when": "always", "discount": "3 %", "to": {"tiers": "gold, diamond"}},
        "b": {"when": "always", "points_multiplier": 2},
    }  # so small that the quick question is as sharp as the bound
    world: Any = World.resume(launch(), full_policy().with_({"campaigns": campaigns, **OTHER_OFFERS}))
    world.run(world.launch + 40)
    terms, p, b, m = world._table.terms, world._table.programme[0], world._behaviour[0], world._market[0]
    o: Any = importlib.import_module("memberlab.sim.order").new_order()[0]
    pulls = set()
    for i in np.flatnonzero(world.shoppers["status"] & ENROLLED)[:400]:
        s, c = world.shoppers[i], world.cards[i]
        t = terms[2 * s["tier"] + bool(s["status"] & MEMBER)]
        key = np.uint64(keys.shopper_key(world._hashed_seed, int(i)))
        o["shortfall"] = 0.0
        pull = find_campaigns(s, c, t, p, b, m, o, world.day, key)
        pulls.add(round(pull, 6))
        for part in (0.5, 1 - 1e-9):
            o["shortfall"] = part * pull
            assert find_campaigns(s, c, t, p, b, m, o, world.day, key) == pull
        o["shortfall"] = 100.0
        assert find_campaigns(s, c, t, p, b, m, o, world.day, key) == 0.0
        assert o["campaigns"] == 0 or c["credit"] > 0 or c["waits_until"] > 0
    assert len(pulls) > 20
