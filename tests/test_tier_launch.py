"""Launching other rules for tiers: the history that members bring along, and that a new ladder moves nobody's mood."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from memberlab.policies import load_policy, same_ladder
from memberlab.sim import ENROLLED, Snapshot, World, warm_up

from .standing import dates_with, policy
from .worlds import LAUNCH_MONTH, brisk_population, opening, quiet_snapshot, small_scenario

INCUMBENT = policy({}).with_({"qualification": None})
LAUNCHES = [
    {"basis": "orders"},
    {"basis": "points"},
    {"basis": "activity", "months": 6},
    {"basis": "tenure", "window": "lifetime"},
    {"basis": "growth", "growth": {"spend": 1, "order": 10}, "window": "membership year"},
    {"months": 3},
    {"window": "quarter", "promotion": "instant"},
]
POINTS = {"earn": {"points": 1, "per": 1}, "redeem": {"points": 1000, "value": 10}}


@pytest.fixture(scope="module")
def launch() -> Snapshot:
    return warm_up(small_scenario(), incumbent=INCUMBENT, population=brisk_population())


@pytest.mark.parametrize("rules", LAUNCHES, ids=str)
def test_a_launch_with_another_basis_moves_members_and_nobodys_mood(rules: dict[str, object], launch: Snapshot) -> None:
    arm = policy(rules, points=POINTS, tiers__silver__threshold=3, tiers__gold__threshold=40)
    assert not same_ladder(arm, INCUMBENT)
    outcome = World.resume(launch, arm).run(launch.day + 1)
    enrolled = launch.shoppers["status"] & ENROLLED != 0
    tiers = outcome.shoppers["tier"][enrolled]
    assert (tiers != launch.shoppers["tier"][enrolled]).any()
    if rules.get("window") != "quarter":
        assert tiers.any()
    assert outcome.total("demotions") == 0
    if rules.get("promotion") != "instant":
        assert outcome.total("promotions") == 0
    stayed_away = outcome.shoppers["last_order_day"] < launch.day
    before, after = launch.shoppers["goodwill"][stayed_away], outcome.shoppers["goodwill"][stayed_away]
    days = launch.day - launch.shoppers["settled_day"][stayed_away]  # goodwill of these days may have been settled
    assert (np.abs(after) <= np.abs(before)).all()
    assert (np.abs(after) >= np.abs(before * np.exp(-(days + 1) / 120)) - 1e-6).all()


def test_spend_is_brought_along_to_the_cent(launch: Snapshot) -> None:
    arm = policy({"months": 5})
    world = World.resume(launch, arm)
    enrolled = launch.shoppers["status"] & ENROLLED != 0
    last_five = [(LAUNCH_MONTH - age) % 12 for age in range(1, 6)]
    spent = np.where(enrolled, launch.shoppers["month_spend"][:, last_five].sum(axis=1), 0)
    assert spent.any()
    assert world.cards["window_value"].tolist() == spent.tolist()
    assert world.cards["month_value"][:, last_five].sum(axis=1).tolist() == spent.tolist()


def test_orders_and_tenure_are_worked_out(launch: Snapshot) -> None:
    """A member's orders by month are not known, but all of them are, and so is the own mean order."""
    shoppers = launch.shoppers
    enrolled = shoppers["status"] & ENROLLED != 0
    orders = World.resume(launch, policy({"basis": "orders", "window": "lifetime"})).cards["window_value"]
    assert orders[enrolled].tolist() == (100 * shoppers["orders"][enrolled]).tolist()
    tenure = World.resume(launch, policy({"basis": "tenure", "window": "lifetime"})).cards["window_value"]
    starts = [opening(launch, month) for month in range(LAUNCH_MONTH)]
    expected = [100 * sum(first <= start for start in starts) for first in shoppers["first_order_day"][enrolled]]
    assert tenure[enrolled].tolist() == expected


def test_care_on_the_same_ladder_is_no_new_ladder() -> None:
    """An arm that adds an observation goes on with what members have spent, and demotes as before, only later."""
    arm = INCUMBENT.with_({"qualification": {"observation": {"days": 10}}})
    assert same_ladder(arm, INCUMBENT)
    snapshot = quiet_snapshot(INCUMBENT, 1)
    record = snapshot.shoppers[0]
    record["tier"] = 1
    record["window_spend"] = record["month_spend"][1] = 60_000  # counts until the review of February
    outcome = World.resume(snapshot, arm).run(snapshot.day + 100)
    february = datetime.date(2026, 3, 1)
    assert dates_with(outcome, "observations") == {february: 1}
    assert dates_with(outcome, "demotions") == {february + datetime.timedelta(days=10): 1}
    assert outcome.shoppers["goodwill"][0] < 0


def test_a_policy_with_tiers_on_the_card_can_be_replaced_by_one_without(launch: Snapshot) -> None:
    on_card = warm_up(small_scenario(), incumbent=policy({"basis": "orders"}), population=brisk_population())
    for arm in (load_policy("no-programme"), INCUMBENT):
        outcome = World.resume(on_card, arm).run(on_card.day + 90)
        assert outcome.total("orders") > 0
        assert not outcome.shoppers["tier"][outcome.shoppers["status"] & ENROLLED == 0].any()
