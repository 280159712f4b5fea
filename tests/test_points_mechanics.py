"""Every mechanic of points in a living market: it changes something, its lines are used, and its bits do not depend on
how the world is carried on.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache

import pytest

from memberlab.sim import Outcome, Snapshot, World, warm_up

from .worlds import brisk_population, full_policy, small_scenario

LINES = {
    "points: caps": "points_capped",
    "points: activities": "check_in_points review_points share_points profile_points",
    "points: reminders": "reminders reminder_cost",
    "points: freeze": "frozen_balances",
    "points: rewards": "rewards_taken rewards_cost",
    "points: reward in stock": "rewards_taken rewards_cost",
    "points: coupons as rewards": "coupons_issued coupons_redeemed coupon_discount",
    "points: charity": "rewards_taken donations",
    "points: lottery on days": "lottery_plays",
    "points: lottery": "lottery_plays prizes_won prizes_cost",
    "points: automatic": "credits_granted credits_paid",
}
"""Ledger lines that only the mechanic uses."""

MECHANICS: Mapping[str, Mapping[str, object]] = {
    name: changes
    for name, changes in importlib.import_module("benchmarks.mechanics").MECHANICS.items()
    if name.startswith("points: ")
} | {
    "expiry by inactivity": {"points.expiry": {"inactivity": {"days": 180}}},
    "expiry by quarter": {"points.expiry": {"months": 9, "end_of": "quarter"}},
    "expiry on dates": {"points.expiry": {"dates": ["06-30", "12-31"]}},
}


@cache
def launch() -> Snapshot:
    scenario = small_scenario(population__shoppers=250, horizon__months=14, returns={"share": "8 %", "days": 14})
    return warm_up(scenario, incumbent=full_policy(), population=brisk_population())


@cache
def lived(name: str, *, day_by_day: bool = False) -> Outcome:
    world = World.resume(launch(), full_policy().with_(MECHANICS.get(name, {})))
    return world.run(world.end, day_by_day=day_by_day)


@pytest.mark.parametrize("name", MECHANICS)
def test_a_mechanic_changes_something_and_uses_its_lines(name: str) -> None:
    outcome, usual = lived(name), lived("")
    assert outcome.digest() != usual.digest()
    for line in LINES.get(name, "").split():
        assert usual.total(line) == 0
        assert outcome.total(line) > 0, line


@pytest.mark.parametrize("name", MECHANICS)
def test_day_by_day_gives_the_same_bits(name: str) -> None:
    straight, other = lived(name), lived(name, day_by_day=True)
    assert straight.digest() == other.digest()
    assert straight.cards.tobytes() == other.cards.tobytes()


@pytest.mark.parametrize("name", MECHANICS)
def test_a_world_that_is_put_down_and_taken_up_gives_the_same_bits(name: str) -> None:
    world = World.resume(launch(), full_policy().with_(MECHANICS[name]))
    for day in (17, 60, 200, 301):
        world.run(launch().day + day)
        world = World.resume(world.snapshot())
    outcome, straight = world.run(world.end), lived(name)
    assert outcome.cards.tobytes() == straight.cards.tobytes()
    for field in ("points_balance", "lots", "goodwill", "window_spend", "tier", "last_order_day"):
        assert outcome.shoppers[field].tobytes() == straight.shoppers[field].tobytes(), field


def test_the_market_has_returns() -> None:
    outcome = lived("")
    assert 0.05 < outcome.total("returns") / outcome.total("orders") < 0.12
    assert min(outcome.total(line) for line in ("refunds", "points_clawed_back", "points_given_back")) > 0
