"""The special-price pool, recomputed by hand: who may buy when, what a unit costs, how long stock lasts, who goes away
empty-handed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from memberlab.policies import DocumentError, Policy, load_policy
from memberlab.sim import Outcome, Snapshot, World, warm_up

from .worlds import LAUNCH_MONTH, brisk_population, days_with, full_policy, let_buy, opening, quiet_snapshot
from .worlds import small_scenario as small

POOL: dict[str, object] = {"units": 3, "price": 40, "discount": "30 %", "opens": 8, "early_access": {"diamond": 3}}
SURE = {"membership_consideration": 0, "special_price_interest": 0.6}


def policy(**changes: object) -> Policy:
    base = load_policy("four-tiers-simple").with_({"points": None, "special_price_pool": POOL})
    return base.with_({address.replace("__", "."): value for address, value in changes.items()})


def morning(arm: Policy, shoppers: int) -> Snapshot:
    return quiet_snapshot(arm, shoppers, assumptions=SURE)


def orders_of(snapshot: Snapshot, buyers: dict[int, list[int]], days: int, tiers: list[int] | None = None) -> Outcome:
    """Let shoppers order for certain on days counted from launch, and live `days` on."""
    world: Any = World.resume(snapshot)
    outcome: Outcome = world.run(world.day + 1)
    for day in range(1, days):
        if tiers is not None:
            world.shoppers["tier"] = tiers
        for shopper in buyers.get(day, []):
            world.shoppers["base_logit"][shopper], world.shoppers["visit_gap"][shopper] = 60, 1e12
            world.shoppers["next_visit"][shopper] = world._due[shopper] = world.day
        outcome = world.run(world.day + 1)
    return outcome


def test_units_are_sold_while_stock_lasts_from_the_opening_day() -> None:
    crowd = list(range(40))
    snapshot = morning(policy(), 40)
    first = snapshot.day
    outcome = orders_of(snapshot, dict.fromkeys((6, 7, 8), crowd), 12)
    # the 8th of the month is day 7: 60 % of 40 orders want a unit, and there are 3
    assert days_with(outcome, "special_price_units") == {first + 7: 3}
    assert days_with(outcome, "special_price_sold_out") == {first + 7: 1}
    missed = days_with(outcome, "special_price_missed")
    assert set(missed) == {first + 7, first + 8}
    assert 10 < missed[first + 7] + 3 < 35
    assert outcome.cards["pool_units"].sum() == 3


def test_a_unit_costs_its_special_price_in_place_of_the_standing_discount() -> None:
    snapshot = morning(policy(special_price_pool={**POOL, "units": 100, "opens": 1, "early_access": {}}), 30)
    snapshot.shoppers["basket_scale"] = 8000  # every basket is worth more than a unit
    outcome = orders_of(snapshot, {2: list(range(30))}, 3, tiers=[2] * 30)  # gold: 4 % off
    bought = outcome.cards["pool_units"] == 1
    assert 8 < bought.sum() < 28
    per_unit = 40_00 * (3000 - 400) // 10_000
    gold = outcome.ledger[:, 4]
    assert int(gold["special_price_discount"].sum()) == per_unit * bought.sum()
    assert outcome.total("list_value") - outcome.total("tier_discount") - outcome.total(
        "special_price_discount"
    ) == outcome.total("gmv")


def test_a_higher_tier_may_buy_before_the_others() -> None:
    arm = policy(special_price_pool={**POOL, "units": 500})
    snapshot = morning(arm, 60)
    tiers = [3] * 30 + [0] * 30
    everybody = list(range(60))
    outcome = orders_of(snapshot, {3: everybody, 4: everybody, 5: everybody}, 7, tiers)
    sold = outcome.ledger["special_price_units"].sum(axis=1)
    assert sold[3] == 0  # the 4th: too early for all; diamond may buy from the 5th
    assert 8 < sold[4] < 30
    assert outcome.ledger["special_price_units"][:, 0].sum() == 0
    assert outcome.ledger["special_price_units"][:, 6].sum() == sold.sum() == outcome.cards["pool_units"].sum()
    assert outcome.total("special_price_missed") == 0  # who may not buy yet misses nothing
    assert outcome.cards["pool_units"].max() == 1


def test_each_member_gets_so_many_a_month_and_again_in_the_next() -> None:
    arm = policy(special_price_pool={**POOL, "units": 500, "opens": 1, "early_access": {}, "each": 2})
    snapshot = morning(arm, 20)
    month = opening(snapshot, LAUNCH_MONTH + 1) - snapshot.day
    outcome = orders_of(snapshot, {day: list(range(20)) for day in range(2, 20)}, 21)
    assert outcome.total("special_price_units") == 40  # all 20 have wanted two by now
    later = orders_of(
        snapshot, {day: list(range(20)) for day in [*range(2, 20), *range(month, month + 18)]}, month + 19
    )
    assert later.total("special_price_units") == 80


def test_unsold_units_are_withdrawn_and_the_next_month_has_its_own() -> None:
    snapshot = morning(policy(special_price_pool={**POOL, "units": 5, "opens": 2, "early_access": {}}), 1)
    world = World.resume(snapshot)
    left = []
    for _ in range(40):
        world.run(world.day + 1)
        left.append(int(world.snapshot().market["pool_left"][0]))
    assert left == [0] + [5] * 30 + [0] + [5] * 8


def test_who_misses_a_unit_is_disappointed() -> None:
    snapshot = morning(policy(special_price_pool={**POOL, "units": 1, "opens": 1, "early_access": {}}), 12)
    outcome = orders_of(snapshot, {1: list(range(12))}, 2)
    missed = outcome.total("special_price_missed")
    assert missed > 0
    assert outcome.shoppers["goodwill"].sum() == pytest.approx(-0.02 * missed, abs=1e-6)


def test_another_shopper_comes_first_every_day() -> None:
    """With one unit a month and everybody wanting it, it does not go to the same few."""
    arm = policy(special_price_pool={**POOL, "units": 1, "opens": 1, "early_access": {}})
    lucky = set()
    for seed in range(12):
        snapshot = quiet_snapshot(arm, 50, assumptions=SURE, seed=seed)
        for shopper in range(50):
            let_buy(snapshot, shopper, snapshot.day)
        world = World.resume(snapshot)
        lucky |= set(np.flatnonzero(world.run(world.day + 1).cards["pool_units"]).tolist())
    assert len(lucky) >= 8
    assert max(lucky) > 25


# the whole world


LIMITED: dict[str, object] = {
    "special_price_pool": {"units": 25, "price": 90, "discount": "50 %", "opens": 5, "each": 2,
                           "early_access": {"gold": 1, "diamond": 3}},
}  # fmt: skip


@pytest.fixture(scope="module")
def limited() -> Snapshot:
    return warm_up(small(), incumbent=full_policy().with_(LIMITED), population=brisk_population())


def test_both_drivers_give_the_same_bits(limited: Snapshot) -> None:
    worlds = [World.resume(limited) for _ in range(2)]
    one, other = (world.run(world.end, day_by_day=mode) for world, mode in zip(worlds, (True, False), strict=True))
    assert one.digest() == other.digest()
    assert one.cards.tobytes() == other.cards.tobytes()
    months = one.total("special_price_sold_out")
    assert 5 < months < 18
    assert one.total("special_price_units") >= 25 * months


def test_a_snapshot_keeps_the_stock(limited: Snapshot) -> None:
    straight = World.resume(limited)
    straight.run(limited.day + 8)
    halted = World.resume(straight.snapshot())
    assert 0 < int(halted.snapshot().market["pool_left"][0]) < 25
    ends = []
    for world in (straight, halted):
        world.run(world.end)
        ends.append(world.snapshot())
    assert ends[0].market["pool_left"] == ends[1].market["pool_left"]
    assert ends[0].cards.tobytes() == ends[1].cards.tobytes()
    assert (ends[0].shoppers["goodwill"] == ends[1].shoppers["goodwill"]).all()


def test_regions_share_the_units_out_and_none_goes_without() -> None:
    arm = full_policy().with_(LIMITED)
    stock = []
    for region in range(2):
        world: Any = World(arm, small(regions=2), region=region, population=brisk_population())
        stock.append(world._shared.units)
    assert stock == [12, 13]
    with pytest.raises(DocumentError, match=r"special_price_pool\.units: the 2 regions of small-world would each need"):
        World(arm.with_({"special_price_pool.units": 1}), small(regions=2), population=brisk_population())
