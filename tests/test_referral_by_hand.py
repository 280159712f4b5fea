"""Word of mouth and its rewards, recomputed by hand: who comes when, who is credited what and when, and who is left.

Content shoppers of a quiet world refer for certain; the day on which a friend comes is the keyed draw, which the test
repeats.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from memberlab.policies import DocumentError, Policy, load_policy
from memberlab.sim import ENROLLED, TRAITS_DAY, Outcome, Purpose, Snapshot, World, keyed_uniforms, warm_up

from .worlds import brisk_population, days_with, full_policy, let_buy, quiet_snapshot, small_scenario

CALM = {"membership_consideration": 0, "referred_likeness": 0, "referred_basket": 0}
REWARD: dict[str, object] = {"referrer": {"credit": 20}, "friend": {"credit": 8, "points": 70}, "pending_days": 5}
POINTS = {"earn": {"points": 0, "per": 1}, "redeem": {"points": 100, "value": 1}}


def policy(**changes: object) -> Policy:
    base = load_policy("no-programme").with_({"currency": "CNY", "points": POINTS, "referral": REWARD})
    return base.with_({address.replace("__", "."): value for address, value in changes.items()})


def morning(arm: Policy, shoppers: int = 3, reserve: int = 3) -> Snapshot:
    """Return launch morning; the reserve is spread over the numbers, so with as many of each every second is of it."""
    snapshot = quiet_snapshot(arm, shoppers, word_of_mouth={"reserve": reserve}, assumptions=CALM)
    friends = places_of_reserve(shoppers, reserve)
    snapshot.shoppers["status"][friends], snapshot.shoppers["visit_gap"][friends] = 0, 1e12
    return snapshot


def places_of_reserve(shoppers: int, reserve: int) -> list[int]:
    total = shoppers + reserve
    return [n for n in range(total) if (n + 1) * reserve // total > n * reserve // total]


def let_refer(snapshot: Snapshot, shopper: int, day: int) -> None:
    """Let a shopper order on `day` and refer a friend: at a goodwill of 20 that is certain."""
    let_buy(snapshot, shopper, day, pays_with_points=False)
    snapshot.shoppers["goodwill"][shopper] = 20


def arrival(snapshot: Snapshot, friend: int, day: int) -> int:
    """Return the day on which a friend orders who was referred on `day`."""
    (u,) = keyed_uniforms(snapshot.seed, range(friend, friend + 1), TRAITS_DAY, Purpose.REFERRAL_DELAY)
    return day + 1 + int(-math.log(u) * 7)


def lived(snapshot: Snapshot, days: int, arm: Policy | None = None) -> Outcome:
    world = World.resume(snapshot, arm)
    return world.run(world.day + days)


def test_a_friend_comes_orders_and_both_are_rewarded_after_the_pending_days() -> None:
    snapshot = morning(policy())
    assert places_of_reserve(3, 3) == [1, 3, 5]
    let_refer(snapshot, 0, snapshot.day)
    comes = arrival(snapshot, 1, snapshot.day)
    outcome = lived(snapshot, 90)
    assert days_with(outcome, "referrals") == {snapshot.day: 1}
    assert days_with(outcome, "first_orders") == days_with(outcome, "referred_first_orders") == {comes: 1}
    assert days_with(outcome, "referral_rewards") == {comes + 5: 28_00}
    assert days_with(outcome, "referral_points") == days_with(outcome, "points_issued") == {comes + 5: 70}
    assert outcome.shoppers["points_balance"].tolist() == [0, 70, 0, 0, 0, 0]
    costs = outcome.shoppers["benefit_cost"].tolist()
    assert [costs[0], costs[1]] == [20_00, 8_00]
    assert all(result.holds for result in outcome.identities())


def test_the_longer_a_friend_lives_while_the_referrer_stays() -> None:
    snapshot = morning(policy())
    let_refer(snapshot, 0, snapshot.day)
    comes = arrival(snapshot, 1, snapshot.day)
    world: Any = World.resume(snapshot)
    world.run(comes + 30)
    stretched = 1e9 * math.exp(0.20)
    assert world.shoppers["lifetime_left"][1] == pytest.approx(stretched, rel=1e-6)
    # the referrer is found to have left at the next visit, and the friend lives on without
    world.shoppers["lifetime_left"][0], world.shoppers["goodwill"][0] = 0.001, 0
    world.shoppers["next_visit"][0] = world._due[0] = world.day + 2
    before = world.run(world.day + 2).shoppers["lifetime_left"][1]
    after = world.run(world.day + 1).shoppers["lifetime_left"][1]
    assert after / before == pytest.approx(math.exp(-0.20), rel=1e-6)
    assert world.cards["first_friend"][0] == 0


def test_a_referral_pleases_the_referrer() -> None:
    snapshot = morning(policy())
    let_refer(snapshot, 0, snapshot.day)
    outcome = lived(snapshot, 1)
    assert outcome.shoppers["goodwill"][0] == pytest.approx(20.10, abs=1e-5)


@pytest.mark.parametrize(("cap", "rewarded"), [(None, 3), (2, 2), (1, 1)])
def test_a_cap_keeps_referrers_within_so_many_rewards_a_year(cap: int | None, rewarded: int) -> None:
    arm = policy(referral={**REWARD, **({} if cap is None else {"yearly_cap": cap}), "pending_days": 0})
    snapshot = morning(arm)
    world: Any = World.resume(snapshot)
    for _ in range(3):
        world.shoppers["goodwill"][0] = 20
        world.shoppers["base_logit"][0], world.shoppers["visit_gap"][0] = 60, 1e12
        world.shoppers["next_visit"][0] = world._due[0] = world.day
        world.run(world.day + 1)
    outcome = world.run(snapshot.day + 90)
    assert outcome.total("referred_first_orders") == 3
    assert outcome.total("referral_rewards") == rewarded * 20_00 + 3 * 8_00


def test_every_purchase_is_rewarded_so_many_times() -> None:
    arm = policy(referral={**REWARD, "rewarded": "every-purchase", "purchases": 4, "pending_days": 3})
    snapshot = morning(arm, shoppers=3, reserve=1)
    assert places_of_reserve(3, 1) == [3]
    snapshot.shoppers["base_logit"][3], snapshot.shoppers["visit_gap"][3] = 60, 2.0
    let_refer(snapshot, 0, snapshot.day)
    outcome = lived(snapshot, 120)
    orders = [day for day in days_with(outcome, "orders") if day > snapshot.day]
    assert len(orders) > 10
    assert days_with(outcome, "referral_rewards") == {day + 3: 28_00 for day in orders[:4]}


def test_an_order_below_the_minimum_earns_no_reward() -> None:
    snapshot = morning(policy(referral={**REWARD, "minimum_order": 1_000_000}))
    let_refer(snapshot, 0, snapshot.day)
    outcome = lived(snapshot, 90)
    assert outcome.total("referred_first_orders") == 1
    assert outcome.total("referral_rewards") == outcome.total("referral_points") == 0


def test_a_registration_is_rewarded_before_the_first_order_is_made() -> None:
    snapshot = morning(policy(referral={**REWARD, "rewarded": "registration", "pending_days": 0}))
    let_refer(snapshot, 0, snapshot.day)
    comes = arrival(snapshot, 1, snapshot.day)
    outcome = lived(snapshot, 90)
    assert days_with(outcome, "referral_rewards") == {comes: 28_00}
    assert outcome.shoppers["points_balance"][1] == 70


def test_the_reserve_comes_in_order_and_when_it_is_used_up_referrals_are_in_vain() -> None:
    snapshot = morning(policy(), shoppers=4, reserve=2)
    assert (reserve := places_of_reserve(4, 2)) == [2, 5]
    for shopper in (0, 1, 3):
        let_refer(snapshot, shopper, snapshot.day)
    outcome = lived(snapshot, 90)
    assert outcome.total("referrals") == 3
    assert outcome.total("referrals_in_vain") == 1
    assert (outcome.cards["referrer"][reserve] - 1).tolist() == [0, 1]
    assert (outcome.shoppers["first_order_day"][reserve] >= 0).all()


def test_people_talk_without_a_programme_too() -> None:
    snapshot = morning(load_policy("no-programme"))
    let_refer(snapshot, 0, snapshot.day)
    outcome = lived(snapshot, 90)
    assert outcome.total("referred_first_orders") == 1
    assert outcome.total("referral_rewards") == outcome.total("referral_points") == 0


def test_a_reward_makes_referrals_likelier_in_proportion() -> None:
    """Twice the usual rate where the reward is worth a usual basket (q1 = 1), counted over many orders."""
    counts = []
    for credit in (0, 80):
        arm = policy(referral={**REWARD, "referrer": {"credit": credit}})
        snapshot = quiet_snapshot(arm, 1500, word_of_mouth={"reserve": 1}, assumptions={**CALM, "referral_rate": 0.02})
        spend = snapshot.population.spend
        snapshot.shoppers["basket_scale"] = 8000 / spend.shape  # a usual basket of 80
        for shopper in range(1500):
            let_buy(snapshot, shopper, snapshot.day)
        counts.append(lived(snapshot, 1).total("referrals"))
    expected = np.array([0.02, 0.04]) * 1500
    assert (np.abs(np.array(counts) - expected) < 4 * np.sqrt(expected)).all()
    assert counts[1] > 1.4 * counts[0]


def test_who_gives_a_reward_needs_somebody_who_can_be_referred() -> None:
    with pytest.raises(DocumentError, match=r"referral: scenario small-world has nobody who could be referred"):
        World(full_policy().with_({"referral": REWARD}), small_scenario(), population=brisk_population())


# the whole world


@pytest.fixture(scope="module")
def lively() -> Snapshot:
    scenario = small_scenario(word_of_mouth={"reserve": 900}, assumptions={"referral_rate": 0.02})
    return warm_up(scenario, incumbent=full_policy().with_({"referral": REWARD}), population=brisk_population())


def test_both_drivers_give_the_same_bits(lively: Snapshot) -> None:
    worlds = [World.resume(lively) for _ in range(2)]
    one, other = (world.run(world.end, day_by_day=mode) for world, mode in zip(worlds, (True, False), strict=True))
    assert one.digest() == other.digest()
    assert one.cards.tobytes() == other.cards.tobytes()
    assert one.total("referred_first_orders") > 50
    assert one.total("referrals_in_vain") == 0


def test_pending_rewards_survive_a_snapshot(lively: Snapshot) -> None:
    straight = World.resume(lively)
    while len(straight.snapshot().rewards) == 0:
        straight.run(straight.day + 1)
    halted = World.resume(straight.snapshot())
    assert len(halted.snapshot().rewards) > 0
    ends = []
    for world in (straight, halted):
        world.run(world.end)
        ends.append(world.snapshot())
    for field in ("goodwill", "next_visit", "lifetime_left", "points_balance"):
        assert (ends[0].shoppers[field] == ends[1].shoppers[field]).all()
    assert ends[0].rewards.tobytes() == ends[1].rewards.tobytes()


def test_nobody_of_the_reserve_has_come_without_a_referral(lively: Snapshot) -> None:
    outcome = World.resume(lively).run(lively.day + 200)
    referred = outcome.cards["referrer"] > 0
    reserve = np.zeros(len(outcome.cards), bool)
    reserve[places_of_reserve(600, 900)] = True
    came = (outcome.shoppers["status"] & ENROLLED) != 0
    assert not (reserve & came & ~referred).any()
    assert not (referred & ~reserve).any()
    assert (referred & came).any()
