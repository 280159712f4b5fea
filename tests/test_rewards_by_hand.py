"""What points buy beside orders, recomputed by hand: catalogue, stock, lottery, credits that come by themselves."""

from __future__ import annotations

import numpy as np
import pytest

from memberlab.policies import DocumentError, Policy, load_policy
from memberlab.results import shopper_measures
from memberlab.sim import Outcome, Purpose, Snapshot, World, keyed_uniforms, merge_regions

from .worlds import LAUNCH_MONTH, brisk_population, days_with, let_buy, quiet_snapshot, small_scenario

POINTS = {"earn": {"points": 0, "per": 1}, "redeem": {"points": 100, "value": 1}, "maximum_share": "0 %"}
MUG = {"points": 300, "cost": 4, "value": 9}


def policy(**changes: object) -> Policy:
    named = {address.replace("__", "."): value for address, value in changes.items()}
    return load_policy("no-programme").with_({"currency": "CNY", "points": POINTS, **named})


def buyers(arm: Policy, count: int, balance: int) -> Snapshot:
    """Return a launch morning on which the shoppers will order once each, one after the other, a day each."""
    snapshot = quiet_snapshot(arm, count)
    for shopper in range(count):
        let_buy(snapshot, shopper, snapshot.day + shopper)
        snapshot.shoppers["lots"][shopper][LAUNCH_MONTH - 1] = balance
    snapshot.shoppers["points_balance"] = balance
    return snapshot


def lived(snapshot: Snapshot, days: int = 60, **how: bool) -> Outcome:
    return World.resume(snapshot).run(snapshot.day + days, **how)


# the catalogue


def test_members_take_a_reward_and_the_shop_pays_its_cost() -> None:
    outcome = lived(buyers(policy(points__rewards={"mug": MUG}), 10, 700))
    assert outcome.total("rewards_taken") == 10  # one an order
    assert outcome.total("points_redeemed") == 3_000
    assert outcome.total("rewards_cost") == 4_000
    assert outcome.shoppers["points_balance"].tolist() == [400] * 10
    assert outcome.shoppers["benefit_cost"].tolist() == [400] * 10


def test_who_has_too_few_points_or_does_not_care_takes_none() -> None:
    assert lived(buyers(policy(points__rewards={"mug": MUG}), 10, 299)).total("rewards_taken") == 0
    snapshot = buyers(policy(points__rewards={"mug": MUG}), 10, 700)
    snapshot.shoppers["redemption_inertia"] = -60
    assert lived(snapshot).total("rewards_taken") == 0


def test_members_choose_what_is_worth_most_beyond_its_points() -> None:
    rewards = {
        "mug": MUG,  # 9 for points worth 3
        "scarf": {"points": 500, "cost": 8, "value": 14},  # 14 for 5
        "watch": {"points": 900, "cost": 20, "value": 99},  # too dear for this balance
        "pin": {"points": 100, "cost": 1, "value": 0.5},  # worth less than its points
    }
    outcome = lived(buyers(policy(points__rewards=rewards), 5, 700))
    assert outcome.total("rewards_cost") == 5 * 800
    assert outcome.total("points_redeemed") == 5 * 500


def test_a_reward_that_is_worth_less_than_its_points_is_left() -> None:
    outcome = lived(buyers(policy(points__rewards={"mug": {**MUG, "value": 2.99}}), 5, 700))
    assert outcome.total("rewards_taken") == 0


def test_a_tier_has_a_price_of_its_own() -> None:
    tiers = {"low": {"threshold": 0}, "gold": {"threshold": 10**6}}
    arm = policy(tiers=tiers, points__rewards={"mug": {**MUG, "tier_points": {"gold": 120}}})
    snapshot = buyers(arm, 6, 700)
    snapshot.shoppers["tier"][3:] = 1
    snapshot.shoppers["month_spend"][3:, 11] = snapshot.shoppers["window_spend"][3:] = 10**8
    assert lived(snapshot).shoppers["points_balance"].tolist() == [400] * 3 + [580] * 3


def test_in_an_event_rewards_cost_fewer_points() -> None:
    event = {"when": "2026-01-03..2026-01-04", "price": "80 %"}
    outcome = lived(buyers(policy(points__rewards={"mug": MUG}, points__price_events=[event]), 6, 700))
    assert outcome.shoppers["points_balance"].tolist() == [400, 400, 460, 460, 400, 400]


# stock


def test_a_reward_ends_when_its_stock_is_out() -> None:
    outcome = lived(buyers(policy(points__rewards={"mug": {**MUG, "stock": 4}}), 10, 700))
    start = outcome.first_day
    assert days_with(outcome, "rewards_taken") == {start + day: 1 for day in range(4)}
    assert days_with(outcome, "rewards_sold_out") == {start + 3: 1}
    assert outcome.shoppers["points_balance"].tolist() == [400] * 4 + [700] * 6


def crowd(stock: int, **changes: object) -> Snapshot:
    """Return a launch morning of shoppers who come often and meet each other at the shelves."""
    arm = policy(points__earn__points=3, points__rewards={"mug": {**MUG, "stock": stock}, "pin": {**MUG, "value": 8}})
    snapshot = quiet_snapshot(arm, 200, **changes)
    for shopper in range(200):
        let_buy(snapshot, shopper, snapshot.day + shopper % 30)
    snapshot.shoppers["visit_gap"], snapshot.shoppers["redemption_inertia"] = 15, 0
    return snapshot


def test_stock_gives_the_same_bits_with_both_drivers_and_after_a_stop() -> None:
    snapshot = crowd(150)
    straight, other = lived(snapshot, 200), lived(snapshot, 200, day_by_day=True)
    assert straight.total("rewards_sold_out") == 1
    assert straight.total("rewards_taken") > 150
    assert straight.digest() == other.digest()
    world = World.resume(snapshot)
    for stop in (3, 20, 31):
        world.run(snapshot.day + stop)
        world = World.resume(world.snapshot())
    assert world.run(snapshot.day + 200).shoppers["lots"].tobytes() == straight.shoppers["lots"].tobytes()


def test_each_region_has_its_part_of_the_stock() -> None:
    arm = policy(points__earn__points=9, points__rewards={"mug": {**MUG, "stock": 25}})
    scenario = small_scenario(regions=3, assumptions={"redemption_inertia_mean": 1})
    outcomes = []
    for region in range(3):
        world = World(arm, scenario, region=region, population=brisk_population())
        outcomes.append(world.run(world.launch))
    assert [outcome.total("rewards_taken") for outcome in outcomes] == [8, 8, 9]
    assert merge_regions(outcomes).total("rewards_sold_out") == 3


def test_a_new_policy_fills_the_shelves_anew() -> None:
    world = World.resume(crowd(20))
    world.run(world.launch + 60)
    assert int(world._market["rewards_left"][0, 0]) == 0
    other = world.fork(world.policy.with_({"points.rewards.mug.stock": 7}))
    assert other.run(world.launch + 200).total("rewards_sold_out") == 1


# the lottery


def test_a_play_costs_points_and_wins_one_prize_or_none() -> None:
    prizes = {"car": {"chance": "10 %", "cost": 900, "value": 1000}, "pen": {"chance": "35 %", "cost": 1, "value": 2}}
    arm = policy(points__lottery={"points": 150, "prizes": prizes})
    snapshot = buyers(arm, 300, 200)
    snapshot.shoppers["next_visit"] = snapshot.due[:] = snapshot.day + 2
    snapshot.shoppers["base_logit"] = -60  # nobody has to order to play
    outcome = lived(snapshot)
    plays = keyed_uniforms(snapshot.seed, range(300), snapshot.day + 2, Purpose.LOTTERY_PLAY) < 0.05
    drawn = keyed_uniforms(snapshot.seed, range(300), snapshot.day + 2, Purpose.LOTTERY_PRIZE)
    cars, pens = plays & (drawn < 0.10), plays & (drawn >= 0.10) & (drawn < 0.45)
    assert outcome.total("lottery_plays") == plays.sum() > 5
    assert outcome.total("points_redeemed") == 150 * plays.sum()
    assert outcome.total("prizes_won") == (cars | pens).sum() > 0
    assert outcome.total("prizes_cost") == 90_000 * cars.sum() + 100 * pens.sum()
    assert outcome.shoppers["benefit_cost"].tolist() == (90_000 * cars + 100 * pens).tolist()


# credits that come by themselves

AUTOMATIC = {"points": 100, "credit": 5}


def test_a_balance_becomes_a_credit_by_itself_and_pays_the_next_order() -> None:
    arm = policy(points__earn={"points": 1, "per": 1}, points__automatic=AUTOMATIC, points__maximum_share="100 %")
    snapshot = buyers(arm, 8, 0)
    world = World.resume(snapshot)
    outcome = world.run(snapshot.day + 8)
    issued, goods = outcome.total("points_issued"), outcome.shoppers["gmv"]
    assert outcome.shoppers["points_balance"].tolist() == (goods // 100 % 100).tolist()
    assert outcome.cards["credit"].tolist() == (goods // 10_000 * 500).tolist()
    assert outcome.total("points_redeemed") == (goods // 10_000 * 100).sum() > 0
    assert outcome.total("points_paid") == outcome.total("credits_paid") == 0
    assert outcome.closing.credits == outcome.total("credits_granted") == int(outcome.cards["credit"].sum())
    # what is left in points is owed at its expected cost, the credits in full
    left = issued - outcome.total("points_redeemed")
    assert outcome.closing_liability == left * 500 * 8_000 // (100 * 10_000) + outcome.closing.credits
    measures = shopper_measures(outcome, arm)
    assert measures[:, 5].sum() == pytest.approx(outcome.closing_liability, abs=1)

    later = world.snapshot()
    credits = later.cards["credit"].copy()
    for shopper in range(8):
        let_buy(later, shopper, later.day + shopper)
    outcome = World.resume(later).run(later.day + 8)
    assert outcome.total("credits_paid") == credits.sum()
    assert outcome.shoppers["benefit_cost"].tolist() == credits.tolist()
    earned = outcome.shoppers["gmv"] - credits
    assert outcome.total("points_issued") == (earned // 100).sum()  # what credits pay earns nothing


def test_a_credit_is_owed_under_the_next_policy_too() -> None:
    arm = policy(points__earn={"points": 1, "per": 1}, points__automatic=AUTOMATIC)
    snapshot = buyers(arm, 8, 0)
    world = World.resume(snapshot)
    owed = world.run(snapshot.day + 8).closing.credits
    next_arm = world.fork(load_policy("no-programme"))
    for shopper in range(8):
        next_arm.shoppers["next_visit"][shopper] = next_arm._due[shopper] = next_arm.day + 1
    outcome = next_arm.run(next_arm.day + 2)
    assert outcome.opening_liability >= owed > 0
    assert outcome.total("credits_paid") == owed
    assert outcome.closing.credits == 0


def test_a_returned_order_gives_its_credit_back() -> None:
    arm = policy(points__earn={"points": 1, "per": 1}, points__automatic=AUTOMATIC)
    snapshot = quiet_snapshot(arm, 4, returns={"share": "100 %", "days": 2})
    snapshot.cards["credit"] = 700
    for shopper in range(4):
        let_buy(snapshot, shopper, snapshot.day)
    outcome = lived(snapshot, 10)
    assert outcome.total("refunds") == outcome.total("gmv") - 2_800
    assert outcome.total("credits_paid") == 0  # paid, and paid back
    granted = outcome.total("credits_granted")
    assert int(outcome.cards["credit"].sum()) == 2_800 + granted


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"points__rewards": {f"r{n}": MUG for n in range(9)}}, "points.rewards"),
        (
            {"points__lottery": {"points": 5, "prizes": {"a": {"chance": "101 %", "cost": 1, "value": 1}}}},
            "chance: 101 % is above 100 %; write 100 % or less",
        ),
        (
            {"points__lottery": {"points": 5, "prizes": {
                "a": {"chance": "60 %", "cost": 1, "value": 1}, "b": {"chance": "60 %", "cost": 1, "value": 1}}}},
            "points.lottery.prizes: the chances come to 120 %; write chances of 100 % at most together",
        ),
        ({"points__rewards": {"mug": {**MUG, "tier_points": {"gold": 1}}}}, "tier_points.gold: there is no tier"),
        (
            {"points__price_events": [{"when": "2026-02-01..2026-01-01", "price": "80 %"}]},
            "points.price_events.0.when: 2026-02-01..2026-01-01 is empty",
        ),
        (
            {"points__earn__points": 20, "points__automatic": {"points": 100, "credit": 5}},
            "points.automatic: its credits give back 100 % of what is paid; write more points or a smaller credit",
        ),
    ],
)  # fmt: skip
def test_what_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(DocumentError, match=message.replace(".", r"\.")):
        policy(**changes)


def test_a_goodwill_for_rewards_grows_with_their_worth() -> None:
    cheap = lived(buyers(policy(points__rewards={"mug": MUG}), 5, 700))
    dear = lived(buyers(policy(points__rewards={"mug": {**MUG, "value": 60}}), 5, 700))
    assert (np.asarray(dear.shoppers["goodwill"]) > cheap.shoppers["goodwill"]).all()
