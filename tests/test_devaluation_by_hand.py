"""A devaluation of points, recomputed by hand: news, rush, the morning on which points lose value, distrust, books."""

from __future__ import annotations

import datetime
import math
from functools import lru_cache

import numpy as np
import pytest

from memberlab.policies import Policy, in_force, load_policy
from memberlab.results import books_of, lived_books, statements_of
from memberlab.sim import (
    Outcome,
    Purpose,
    Snapshot,
    World,
    keyed_uniforms,
    merge_regions,
    points_liability,
    trace,
    warm_up,
)

from .worlds import (
    LAUNCH_MONTH,
    brisk_population,
    days_with,
    let_baskets_be,
    let_buy,
    opening,
    quiet_snapshot,
    small_scenario,
)

POINTS = {"earn": {"points": 0, "per": 1}, "redeem": {"points": 100, "value": 1}, "expected_redemption": "80 %"}
CUT = {"on": "2026-03-01", "announced_days": 30, "value": 0.4}
SILENT = {"devaluation_visit": 0, "devaluation_distrust": 0, "membership_consideration": 0}
EVE, MORNING = 58, 59
"""Days after launch: the last of the old value, and the first of the new one."""


def policy(devaluation: object = CUT, **changes: object) -> Policy:
    points = {**POINTS, **({"devaluation": devaluation} if devaluation else {}), **changes}
    return load_policy("no-programme").with_({"currency": "CNY", "points": points})


def owners(arm: Policy, count: int, balance: int, **assumptions: float) -> Snapshot:
    """Return a launch morning of shoppers who each own `balance` points, have baskets of 100, and never come."""
    snapshot = quiet_snapshot(arm, count, assumptions={**SILENT, **assumptions})
    let_baskets_be(snapshot, 100_00)
    snapshot.shoppers["points_balance"] = balance
    snapshot.shoppers["lots"][:, LAUNCH_MONTH - 1] = balance
    return snapshot


def lived(snapshot: Snapshot, days: int = 90) -> Outcome:
    return World.resume(snapshot).run(snapshot.day + days)


def test_the_liability_falls_on_the_morning_by_what_points_no_longer_buy() -> None:
    snapshot = owners(policy(), 3, 333)
    before, after = lived(snapshot, MORNING), lived(snapshot, MORNING + 1)
    assert (before.closing.points, after.closing.points) == (999, 999)
    assert (
        (before.closing_liability, after.closing_liability) == (999 * 80 // 100, 999 * 40 * 80 // 10_000) == (799, 319)
    )
    assert (before.liability_devalued, after.liability_devalued) == (0, 799 - 319)
    assert days_with(lived(snapshot), "points_devalued") == {snapshot.day + MORNING: 999}
    assert before.opening_liability == 799


def test_without_one_nothing_loses_value() -> None:
    outcome = lived(owners(policy(None), 3, 333))
    assert (outcome.total("points_devalued"), outcome.liability_devalued, outcome.closing_liability) == (0, 0, 799)


def test_points_pay_less_from_that_day_on() -> None:
    snapshot = owners(policy(), 2, 1_000)
    let_buy(snapshot, 0, snapshot.day + EVE)
    let_buy(snapshot, 1, snapshot.day + MORNING)
    assert days_with(lived(snapshot), "points_paid") == {snapshot.day + EVE: 10_00, snapshot.day + MORNING: 4_00}


def test_rewards_ask_more_from_that_day_on() -> None:
    rewards = {"mug": {"points": 300, "cost": 2, "value": 50}}
    cut = {"on": "2026-03-01", "reward_prices": 1.5}
    snapshot = owners(policy(cut, rewards=rewards, maximum_share="0 %"), 2, 1_000)
    let_buy(snapshot, 0, snapshot.day + EVE)
    let_buy(snapshot, 1, snapshot.day + MORNING)
    outcome = lived(snapshot)
    assert days_with(outcome, "points_redeemed") == {snapshot.day + EVE: 300, snapshot.day + MORNING: 450}
    assert outcome.liability_devalued == 0  # a point still pays what it did


@pytest.mark.parametrize(
    ("day", "announced", "is_rush"), [(EVE, 30, True), (29, 30, True), (28, 30, False), (EVE, 0, False)]
)
def test_between_news_and_loss_members_rush_to_redeem(day: int, announced: int, is_rush: bool) -> None:
    snapshot = owners(policy({**CUT, "announced_days": announced}), 1_500, 1_000, devaluation_rush=3.0)
    for shopper in range(1_500):
        let_buy(snapshot, shopper, snapshot.day + day)
    snapshot.shoppers["redemption_inertia"] = -1.5
    outcome = lived(snapshot, day + 1)
    rush = 3.0 * 0.6 * math.exp(-(MORNING - day) / 30) if is_rush else 0.0
    chance = 1 / (1 + math.exp(1.5 - 1.2 * math.log(10 / (0.10 * 100)) - rush))
    draws = keyed_uniforms(snapshot.seed, range(1_500), snapshot.day + day, Purpose.REDEMPTION)
    assert (outcome.shoppers["points_balance"] == 0).tolist() == (draws < chance).tolist()


def test_news_brings_some_who_have_points_to_use() -> None:
    snapshot = owners(policy({**CUT, "announced_days": 20}, minimum=500), 800, 1_000, devaluation_visit=0.5)
    snapshot.shoppers["points_balance"][:200] = snapshot.shoppers["lots"][:200, LAUNCH_MONTH - 1] = 499
    told = snapshot.day + MORNING - 20
    hears = keyed_uniforms(snapshot.seed, range(800), told, Purpose.DEVALUATION_NEWS) < 0.5 * 0.6
    when = told + (keyed_uniforms(snapshot.seed, range(800), told, Purpose.DEVALUATION_VISIT_DAY) * 20).astype(int)
    comes = hears & (np.arange(800) >= 200)
    outcome = lived(snapshot)
    assert outcome.total("visits") == outcome.total("prompted_visits") == comes.sum() > 100
    expected = {int(day): int(count) for day, count in zip(*np.unique(when[comes], return_counts=True), strict=True)}
    assert days_with(outcome, "visits") == expected


def test_who_loses_trusts_less() -> None:
    snapshot = owners(policy({**CUT, "announced_days": 0}), 3, 0, devaluation_distrust=0.34)
    for shopper, balance in enumerate((0, 2_500, 100_000)):
        snapshot.shoppers["points_balance"][shopper] = snapshot.shoppers["lots"][shopper, LAUNCH_MONTH - 1] = balance
    lost = 0.6 * 25 / 50  # of half a basket
    goodwill = lived(snapshot, MORNING + 1).shoppers["goodwill"]
    assert goodwill == pytest.approx([0, -0.34 * lost, -0.34], rel=1e-6)


def test_a_policy_that_is_launched_after_the_day_opens_with_the_lower_value() -> None:
    late = policy({**CUT, "on": "2025-06-01"})
    snapshot = owners(policy(None), 1, 1_000)
    outcome = World.resume(snapshot, late).run(snapshot.day + 10)
    assert (outcome.opening_liability, outcome.closing_liability, outcome.total("points_devalued")) == (800, 320, 0)


def test_a_saved_world_tells_nobody_twice() -> None:
    snapshot = owners(policy(), 400, 1_000, devaluation_visit=0.5)
    whole = lived(snapshot)
    world = World.resume(snapshot)
    halves = [world.run(snapshot.day + 45), World.resume(world.snapshot()).run(snapshot.day + 90)]
    assert whole.total("prompted_visits") == sum(half.total("prompted_visits") for half in halves) > 0


@lru_cache
def busy() -> tuple[Snapshot, Policy, Outcome]:
    """Return a lively market of two regions in which points lose value in the fourth month."""
    arm = load_policy("four-tiers-simple").with_(
        {"points.devaluation": {"on": "2026-04-01", "announced_days": 45, "value": 0.77}, "points.redeem.points": 100,
         "points.redeem.value": 1})  # fmt: skip
    scenario = small_scenario(population__shoppers=160, horizon__months=6, regions=2)
    starts = [warm_up(scenario, incumbent=arm, region=region, population=brisk_population()) for region in (0, 1)]
    outcomes = []
    for start in starts:
        world = World.resume(start, arm)
        world.keep_books()
        outcomes.append(world.run(world.end))
    return starts[0], arm, merge_regions(outcomes)


def test_statements_see_it_to_the_cent() -> None:
    _, arm, outcome = busy()
    assert all(identity.holds for identity in outcome.identities())
    tables = statements_of(books_of(lived_books(outcome)))
    assert tables["checks"]["holds"].all()
    row = tables["points"].set_index("month").loc["2026-04-01"].astype("int64").to_dict()
    owed, new = int(row["opening"]), in_force(arm, datetime.date(2026, 4, 1))
    lost = points_liability(arm, owed) - points_liability(new, owed)
    assert -int(row["devalued_value"]) == lost == outcome.liability_devalued > 0
    assert (tables["points"]["devalued_value"] != 0).sum() == 1
    assert int(row["opening"]) == outcome.total("points_devalued") > 0


def test_a_life_is_traced_across_it() -> None:
    start, arm, _ = busy()
    shopper = int(np.argmax(start.shoppers["points_balance"]))
    (life,) = trace(start, [arm], shopper, until=opening(start, LAUNCH_MONTH + 5))
    assert life.is_the_full_runs
