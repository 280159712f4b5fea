"""Share-of-wallet headroom: its size, its mean, and what it does to one shopper; and fact 26 by its protocol."""

from __future__ import annotations

import importlib
import importlib.util
import math
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from memberlab.policies import load_policy
from memberlab.scenarios import load_population, population_names
from memberlab.sim import EVERYBODY, World

from .worlds import brisk_population, let_baskets_be, let_buy, quiet_snapshot, small_scenario

FILE = Path(__file__).parents[1] / "examples" / "heavy_and_light_buyers.py"
HALF = {"earn": {"points": 1, "per": 1}, "redeem": {"points": 100, "value": 1}, "minimum": 0}


def drawn(exponent: float, **changes: Any) -> NDArray[np.void]:
    scenario = small_scenario(population__shoppers=5_000, assumptions={"headroom": exponent}, **changes)
    world = World(load_policy("no-programme"), scenario, population=brisk_population())
    return world.shoppers


def base_spend(shoppers: NDArray[np.void]) -> NDArray[np.float64]:
    conversion = 1 / (1 + np.exp(-shoppers["base_logit"].astype(float)))
    return np.asarray((1 - np.exp(-1 / shoppers["visit_gap"].astype(float))) * conversion * shoppers["basket_scale"])


def of(shoppers: NDArray[np.void]) -> NDArray[np.float64]:
    return np.asarray(shoppers["response"] / (1 + np.exp(shoppers["base_logit"].astype(float))))


def test_without_headroom_every_response_is_that_of_the_conversion() -> None:
    plain = drawn(0)
    conversion = 1 / (1 + np.exp(-plain["base_logit"].astype(float)))
    np.testing.assert_allclose(plain["response"], 1 / (1 - conversion), rtol=1e-6)
    others = [name for name in plain.dtype.names or () if name != "response"]
    assert (drawn(0.7)[others] == plain[others]).all()


@pytest.mark.parametrize("exponent", [0.3, 0.7, 1.0])
def test_headroom_falls_with_spend_to_its_power_and_is_capped(exponent: float) -> None:
    shoppers = drawn(exponent)
    spend, headroom = base_spend(shoppers), of(shoppers)
    assert headroom.max() == pytest.approx(1.5)
    heavy = headroom < 1.499
    assert 0.1 < heavy.mean() < 0.9
    slope, _ = np.polyfit(np.log(spend[heavy]), np.log(headroom[heavy]), 1)
    assert slope == pytest.approx(-exponent, abs=0.002)
    assert spend[~heavy].max() < spend[heavy].min() * 1.001


@pytest.mark.parametrize("name", population_names())
@pytest.mark.parametrize("exponent", [0.3, 0.7, 1.0])
def test_its_mean_over_spend_is_one(name: str, exponent: float) -> None:
    """Summed up over 400,000 shoppers drawn by another generator; heavy tails leave an error of some percent."""
    sizes: Any = importlib.import_module("memberlab.sim.headroom")
    population = load_population(name)
    rho = population.frequency_spend_correlation
    draws = np.random.default_rng(4)
    frequency, other = draws.normal(size=(2, 400_000))
    spend = rho * frequency + math.sqrt(1 - rho * rho) * other
    headroom = sizes.headroom(population, frequency, spend, exponent)
    base = sizes.base_spend(population.purchases.r, population.spend, frequency, spend)
    assert np.average(headroom, weights=base) == pytest.approx(1, abs=0.02)


def test_a_shopper_has_the_same_headroom_in_every_region_split() -> None:
    scenario = small_scenario(assumptions={"headroom": 0.7})
    whole = World(load_policy("no-programme"), scenario).shoppers
    split = scenario.with_({"regions": 3})
    parts = [World(load_policy("no-programme"), split, region=region).shoppers for region in range(3)]
    assert np.concatenate(parts)["response"].tobytes() == whole["response"].tobytes()


@pytest.mark.parametrize("exponent", [0.0, 0.7])
def test_life_runs_out_more_slowly_by_the_attrition_effect_times_headroom(exponent: float) -> None:
    """Forty days under a discount of 5 %, which earns the whole effect of 0.15."""
    policy = load_policy("no-programme").with_({"currency": "CNY", "member_discount": "5 %"})
    snapshot = quiet_snapshot(policy, 2, assumptions={"membership_consideration": 0, "headroom": exponent})
    snapshot.shoppers["base_logit"], snapshot.shoppers["response"] = 0.0, [3.0, 1.0]  # headroom 1.5 and 0.5
    snapshot.shoppers["lifetime_left"] = 100.0
    snapshot.shoppers["next_visit"] = snapshot.due[:] = snapshot.day + 40
    snapshot.shoppers["visit_gap"] = 1e12
    snapshot.shoppers["base_logit"] = 0.0
    kernel: Any = importlib.import_module("memberlab.sim.kernel")
    world: Any = World.resume(snapshot)
    table = world._table
    kernel.settle_everyone(
        world.shoppers, world.cards, table.terms, table.programme, world._behaviour, world._market,
        EVERYBODY, snapshot.day + 40, world._hashed_seed, 0,
    )  # fmt: skip
    headroom = [1.5, 0.5] if exponent else [1.0, 1.0]
    expected = [100 - 40 * math.exp(-0.15 * share) for share in headroom]
    assert world.shoppers["lifetime_left"].tolist() == pytest.approx(expected)


@pytest.mark.parametrize("exponent", [0.0, 0.7])
def test_a_reward_pleases_by_headroom(exponent: float) -> None:
    """Points pay half of the basket, which pleases in full: 0.15 times headroom."""
    policy = load_policy("no-programme").with_({"currency": "CNY", "points": {**HALF, "maximum_share": "50 %",
                                                "expiry": "never", "expected_redemption": "80 %"}})  # fmt: skip
    snapshot = quiet_snapshot(policy, 1, assumptions={"membership_consideration": 0, "headroom": exponent})
    let_baskets_be(snapshot, 10_000)
    let_buy(snapshot, 0, snapshot.day)
    snapshot.shoppers["points_balance"] = snapshot.shoppers["lots"][:, 11] = 5_000
    snapshot.shoppers["base_logit"] = 2.0
    snapshot.shoppers["response"] = 60.0
    outcome = World.resume(snapshot).run(snapshot.day + 1)
    assert (outcome.total("orders"), outcome.total("points_paid")) == (1, 5_000)
    share = 60 / (1 + math.exp(2.0)) if exponent else 1.0
    assert outcome.shoppers["goodwill"][0] == pytest.approx(0.15 * share)


# fact 26


def _example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("heavy_and_light_buyers", FILE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["china-coffee-house", "us-marketplace"])
def test_heavy_buyers_redeem_most_and_grow_least(scenario: str) -> None:
    """Heavy buyers grow less than moderate ones; without headroom most, and all together by nearly as much."""
    example = _example()
    usual = example.growth_by_third(scenario, example.WITHOUT)
    with_headroom = example.growth_by_third(scenario, {})
    assert usual.heavy > usual.moderate
    assert with_headroom.heavy < with_headroom.moderate
    assert with_headroom.heavy_redeemed > 50
    assert with_headroom.everybody == pytest.approx(usual.everybody, rel=0.2)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["china-coffee-house", "us-marketplace"])
def test_without_goodwill_from_rewards_the_whole_effect_stays(scenario: str) -> None:
    """Price and attrition effect are what the mean over spend is made for."""
    example = _example()
    plain = {"reward_goodwill": 0.0}
    usual = example.growth_by_third(scenario, plain)
    moved = example.growth_by_third(scenario, {**plain, **example.WITHOUT})
    assert moved.everybody == pytest.approx(usual.everybody, rel=0.1)
