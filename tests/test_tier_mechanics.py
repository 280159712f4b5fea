"""Every mechanic of tiers in a small living world: it changes something, by the same bits however the world is run."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from memberlab.policies import Policy, load_policy
from memberlab.sim import ENROLLED, MEMBER, Snapshot, World, read_snapshot, warm_up

from .worlds import brisk_population, full_policy, small_scenario

QUALIFICATIONS: dict[str, dict[str, object]] = {
    "orders": {"qualification": {"basis": "orders", "months": 6}, "tiers.silver.threshold": 2,
               "tiers.gold.threshold": 4, "tiers.diamond.threshold": 8},
    "growth": {"qualification": {"basis": "growth", "growth": {"spend": 1, "order": 20, "activity": 1, "month": 5,
                                                               "point": 0.1}}},
    "quarters": {"qualification": {"window": "quarter", "promotion": "instant", "review": "period end",
                                   "kept": "next period end", "grace_days": 7}},
    "membership year": {"qualification": {"window": "membership year", "review": "period end", "grace_days": 5}},
    "care": {"qualification": {
        "observation": {"days": 30, "make_up_spend": 200}, "demotion": "one level",
        "soft_landing": {"months": 3, "discount": "90 %"},
        "sprint": {"within": "30 %", "spend": 200, "days": 14, "points": 500}}},
    "invitation": {"tiers.black": {"threshold": "never", "discount": "8 %", "free_shipping": True,
                                   "invitation": {"value": 3000, "after_months": 2, "share": "50 %"}}},
    "granted": {"membership.grants_tier": "gold"},
}  # fmt: skip

MEASURES = {
    "quarters": ("promotions", "demotions"),
    "care": ("observations", "tiers_saved", "soft_landings", "sprints", "sprints_won", "points_for_sprints",
             "landing_discount", "demotions"),
    "invitation": ("invitations",),
}  # fmt: skip
"""Measures that a mechanic has to move in a life of 18 months."""


def arm_of(name: str) -> Policy:
    return full_policy().with_(QUALIFICATIONS[name])


@pytest.fixture(scope="module")
def launch() -> Snapshot:
    return warm_up(small_scenario(), incumbent=full_policy(), population=brisk_population())


@pytest.mark.parametrize("name", QUALIFICATIONS)
def test_a_mechanic_happens_and_both_drivers_and_a_stop_give_the_same_bits(
    name: str, launch: Snapshot, tmp_path: Path
) -> None:
    arm = arm_of(name)
    world = World.resume(launch, arm)
    outcome = world.run(world.end)
    assert outcome.digest() != World.resume(launch).run(world.end).digest()
    assert [measure for measure in MEASURES.get(name, ()) if outcome.total(measure) == 0] == []
    assert all(result.holds for result in outcome.identities())
    other = World.resume(launch, arm)
    assert other.run(other.end, day_by_day=True).digest() == outcome.digest()
    stopped = World.resume(launch, arm)
    stopped.run(launch.day + 200)
    stopped.save(tmp_path / "world.npz")
    resumed = World.resume(read_snapshot(tmp_path / "world.npz"))
    later = resumed.run(resumed.end)
    for field in ("tier", "status", "goodwill", "points_balance", "lots", "window_spend"):
        assert (later.shoppers[field] == outcome.shoppers[field]).all(), field
    assert (later.cards == outcome.cards).all()
    if arm.qualification is None or arm.qualification.window == "rolling":
        assert (outcome.cards["month_value"].sum(axis=1) == outcome.cards["window_value"]).all()
        assert (outcome.cards["month_orders"].sum(axis=1) == outcome.cards["window_orders"]).all()


def test_a_warm_up_under_rules_of_the_card_is_the_same_by_both_drivers() -> None:
    arm = arm_of("care")
    worlds = [World(arm, small_scenario(), population=brisk_population()) for _ in range(2)]
    first, second = (
        world.run(400, day_by_day=day_by_day) for world, day_by_day in zip(worlds, (True, False), strict=True)
    )
    assert first.digest() == second.digest()
    assert (first.cards == second.cards).all()


def test_no_basket_beats_the_bound_with_a_task(launch: Snapshot) -> None:
    rules: Any = importlib.import_module("memberlab.sim.visit")
    places: Any = importlib.import_module("memberlab.sim.soft_landing")
    world: Any = World.resume(launch, arm_of("care").with_({"qualification.sprint.within": "100 %"}))
    world.run(launch.day + 40)
    world.run(world.day + 24)
    table, behaviour, market = world._table, world._behaviour[0], world._market[0]
    programme = table.programme[0]
    order: Any = importlib.import_module("memberlab.sim.order").new_order()[0]
    with_task = 0
    draws = np.random.default_rng(7)
    for shopper, kept in zip(world.shoppers, world.cards, strict=True):
        card = kept.copy()
        if shopper["status"] & ENROLLED == 0:
            continue
        state = 2 * int(shopper["tier"]) + bool(shopper["status"] & MEMBER)
        own = table.terms[places.terms_of(shopper, card, programme, np.uint64(state))]
        card["task_until"] = world.day + draws.integers(1, 30)
        bound = rules.highest_utility(shopper, card, own, programme, behaviour, market, False)
        with_task += card["task_left"] > 0
        for list_value in np.exp(draws.normal(np.log(20_000), 1.5, 8)).astype(int) + 1:
            order["list_value"], order["goods"] = list_value, list_value - list_value * int(own["discount"]) // 10_000
            order["shipping_fee"] = order["paid_by_points"] = order["points"] = 0
            args = (shopper, card, own, programme, behaviour, market, order, False, world.day)
            assert rules.buying_utility(*args) <= bound
    assert with_task > 50


def test_defaults_written_out_are_the_rules_without_a_qualification(launch: Snapshot) -> None:
    plain = load_policy("four-tiers-simple")
    written = plain.with_({"qualification": {"basis": "spend", "window": "rolling", "months": 12}})
    outcomes = [World.resume(launch, arm).run(launch.day + 200) for arm in (plain, written)]
    assert outcomes[0].digest() == outcomes[1].digest()
