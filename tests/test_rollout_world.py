"""Shoppers of several arms in one world: each lives to the cent as where everybody is under that policy, moves between
the arms are in the books, and what a policy limits is divided.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from memberlab.policies import DocumentError, Policy, load_policy
from memberlab.results import bridge_totals
from memberlab.scenarios import Rollout
from memberlab.sim import (
    ENROLLED,
    LEDGER,
    MEMBER,
    Outcome,
    RolloutWorld,
    Snapshot,
    World,
    arms_drawn,
    is_held_out,
    points_liability,
    warm_up,
)

from .worlds import CAMPAIGNS, CONTACT, full_policy, small_scenario

SHARED = ("member-day", "live", "balanced", "best")
"""Campaigns whose budget, cost, depth or target hangs on what others do."""


def rollout(arms: int = 1, **parts: Any) -> Rollout:
    share = {1: "100 %", 2: "50 %"}[arms]
    named = {f"arm{number}": {"policy": "any", "share": share} for number in range(1, arms + 1)}
    return Rollout.model_validate({"name": "trial", "arms": named, **parts})


PILOT = {"day": 1, "share": "50 %"}
RAMPED: dict[str, Any] = {
    "hold_out": "10 %", "pilot": {"day": 11, "share": "20 %", "weeks": 2},
    "ramps": [{"day": 40, "to": "60 %", "weeks": 3}], "launch": {"day": 70},
}  # fmt: skip
"""No stage begins on the first of a month."""


def lived(
    snapshot: Snapshot, plan: Rollout, *policies: Policy, day_by_day: bool = False, until: int | None = None
) -> RolloutWorld:
    world = RolloutWorld(snapshot, plan, policies)
    world.live(world.end if until is None else until, day_by_day=day_by_day)
    return world


def whole(snapshot: Snapshot, policy: Policy | None = None) -> Outcome:
    world = World.resume(snapshot, policy)
    return world.run(world.end)


def together(outcomes: tuple[Outcome, ...]) -> NDArray[np.void]:
    total = np.zeros_like(outcomes[0].ledger)
    for measure in LEDGER.names or ():
        total[measure] = sum(outcome.ledger[measure] for outcome in outcomes)
    return total


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    """Return launch morning of a shop with tiers and a paid membership."""
    return warm_up(small_scenario(population__shoppers=500, horizon__months=4), incumbent=full_policy())


@pytest.fixture(scope="module")
def today(snapshot: Snapshot) -> Outcome:
    return whole(snapshot)


GENEROUS = full_policy().with_({
    "tiers.silver.discount": "4 %", "tiers.gold.discount": "9 %", "tiers.silver.threshold": 400,
    "membership.fee": 49, "shipping.free_from": 299,
})  # fmt: skip
"""A candidate whose ladder moves members at once, and whose threshold of free delivery rises."""


def campaigning_alone() -> Policy:
    """Return a policy on cards whose campaigns ask nothing of other shoppers."""
    campaigns = {
        name: {key: value for key, value in campaign.items() if key != "budget"}
        for name, campaign in CAMPAIGNS.items() if isinstance(campaign, dict) and name not in SHARED
    }  # fmt: skip
    return full_policy().with_({"contact": CONTACT, "campaigns": campaigns})


@pytest.mark.parametrize("day_by_day", [False, True])
def test_a_launch_of_everybody_is_the_arm_of_a_comparison_to_the_bit(snapshot: Snapshot, day_by_day: bool) -> None:
    everybody = rollout(pilot={"day": 1, "share": "100 %"})
    nobody, all_of_them = lived(snapshot, everybody, GENEROUS, day_by_day=day_by_day).outcomes()
    arm = whole(snapshot, GENEROUS)
    assert np.array_equal(all_of_them.ledger, arm.ledger)
    assert np.array_equal(all_of_them.shoppers, arm.shoppers)
    assert bridge_totals(all_of_them) == bridge_totals(arm)
    assert nobody.total("visits") == 0
    assert len(nobody.shoppers) == 0


@pytest.mark.parametrize("candidate", ["generous", "campaigns"])
def test_in_half_a_pilot_each_lives_as_where_everybody_is_under_that_policy(
    snapshot: Snapshot, today: Outcome, candidate: str
) -> None:
    policy = GENEROUS if candidate == "generous" else campaigning_alone()
    world = lived(snapshot, rollout(pilot=PILOT), policy)
    world.earn_fees()
    tried = world.lanes == 1
    assert 200 < tried.sum() < 300
    assert np.array_equal(world.shoppers[tried], whole(snapshot, policy).shoppers[tried])
    assert np.array_equal(world.shoppers[~tried], today.shoppers[~tried])


def test_three_policies_at_once_leave_each_other_alone(snapshot: Snapshot, today: Outcome) -> None:
    other = load_policy("no-programme").with_({"currency": "CNY"})
    world = lived(snapshot, rollout(2, pilot=PILOT), GENEROUS, other)
    world.earn_fees()
    for number, outcome in enumerate((today, whole(snapshot, GENEROUS), whole(snapshot, other))):
        inside = world.lanes == number
        assert inside.sum() > 100
        assert np.array_equal(world.shoppers[inside], outcome.shoppers[inside])


@pytest.mark.parametrize("parts", [{"pilot": PILOT}, RAMPED], ids=["launch day", "within months"])
def test_a_placebo_changes_nothing(snapshot: Snapshot, today: Outcome, parts: dict[str, Any]) -> None:
    world = lived(snapshot, rollout(**parts), full_policy().with_({}).model_copy(update={"name": "same"}))
    outcomes = world.outcomes()
    assert np.array_equal(world.shoppers, today.shoppers)
    sums, alone = together(outcomes), today.ledger
    memo = {"fees_of_month_before", "tax_of_month_before", "fees_earned", "sales_tax"}  # posted on the day of the move
    for measure in set(LEDGER.names or ()) - memo:
        assert np.array_equal(sums[measure], alone[measure]), measure
    assert sums["fees_earned"].sum() == alone["fees_earned"].sum()


def test_a_ramp_within_months_is_the_same_day_by_day_and_leaves_the_hold_out_alone(
    snapshot: Snapshot, today: Outcome
) -> None:
    plan = rollout(**RAMPED)
    one, other = (lived(snapshot, plan, GENEROUS, day_by_day=way) for way in (False, True))
    for left, right in zip(one.outcomes(), other.outcomes(), strict=True):
        assert np.array_equal(left.ledger, right.ledger)
        assert np.array_equal(left.shoppers, right.shoppers)
    held = is_held_out(plan, 0, 500)
    assert np.array_equal(one.shoppers[held], today.shoppers[held])
    assert not np.array_equal(one.shoppers[~held], today.shoppers[~held])
    assert (one.lanes == 1).sum() == 500 - held.sum()


def test_shoppers_join_once_and_stay(snapshot: Snapshot) -> None:
    world = RolloutWorld(snapshot, rollout(**RAMPED), [GENEROUS])
    inside = np.zeros(500, bool)
    for day, share in ((11, 2000), (40, 3333), (47, 4666), (54, 6000), (70, 9000)):
        world.live(world.launch + day)
        assert (world.lanes[inside] == 1).all()
        inside = world.lanes == 1
        assert np.array_equal(inside, world.places < share)
    assert (world.joined[inside] >= world.launch + 10).all()


def test_moves_are_in_the_books_of_both_arms(snapshot: Snapshot, today: Outcome) -> None:
    """Points that move are worth in the new books what they were in the old ones, and the arm bears the difference."""
    dearer = GENEROUS.with_({"points.expected_redemption": "40 %"})
    outcomes = lived(snapshot, rollout(**RAMPED), dearer).outcomes()
    stayed, moved = outcomes
    assert stayed.opening_liability + moved.opening_liability == pytest.approx(today.opening_liability, abs=20)
    assert moved.opening.points > 0
    assert moved.opening_liability == pytest.approx(points_liability(full_policy(), moved.opening.points), abs=20)
    provision = sum(bridge_totals(outcome)["points_provision"] for outcome in outcomes)
    owed = sum(outcome.closing_liability for outcome in outcomes)
    assert provision == pytest.approx(owed - today.opening_liability, abs=20)
    assert all(identity.holds for outcome in outcomes for identity in outcome.identities())


def test_an_identity_notices_a_move_that_is_not_in_the_books(snapshot: Snapshot) -> None:
    world = lived(snapshot, rollout(pilot=PILOT), GENEROUS)
    arm = world.arms[1]
    arm.moved = replace(arm.moved, points=arm.moved.points - 1)
    with pytest.raises(RuntimeError, match="points_roll_forward"):
        world.outcomes()


def test_within_a_month_members_change_over_in_the_morning(snapshot: Snapshot) -> None:
    """Under a policy without any of it, memberships end with a refund and points are forfeited on that day; tiers too
    are those of the new ladder.
    """
    bare = load_policy("no-programme").with_({"currency": "CNY"})
    world = RolloutWorld(snapshot, rollout(pilot={"day": 11, "share": "50 %"}), [bare])
    world.live(world.launch + 10)
    before = world.shoppers.copy()
    world.live(world.launch + 11)
    inside = world.lanes == 1
    assert (before["status"][inside] & MEMBER).any()
    assert not (world.shoppers["status"][inside] & MEMBER).any()
    assert before["points_balance"][inside].sum() > 0
    assert world.shoppers["points_balance"][inside].sum() == 0
    world.live(world.end)
    _, arm = world.outcomes()
    day = np.flatnonzero(arm.ledger["fees_refunded"].sum(axis=1))
    assert day.tolist() == [10]
    generous = RolloutWorld(snapshot, rollout(pilot={"day": 11, "share": "50 %"}), [GENEROUS])
    generous.live(generous.launch + 10)
    spend = generous.shoppers["window_spend"].copy()
    rises = (spend >= 40_000) & (spend < 60_000) & (generous.shoppers["tier"] == 0)
    generous.live(generous.launch + 11)
    inside = (generous.lanes == 1) & (generous.shoppers["status"] & ENROLLED != 0)
    assert (rises & inside).sum() > 3
    assert (generous.shoppers["tier"][rises & inside] == 1).all()
    assert (generous.shoppers["tier"][rises & ~inside] == 0).all()


def test_a_cohort_is_used_to_the_threshold_that_it_has_known(snapshot: Snapshot) -> None:
    world = lived(snapshot, rollout(**RAMPED), GENEROUS)
    days = sorted(cohort.threshold_rose - world.launch for cohort in world.arms[1].cohorts)
    assert days == [10, 39, 46, 53, 69]
    assert {cohort.used_free_from for cohort in world.arms[1].cohorts} == {19_900}
    assert all(cohort.used_free_from == 0 for cohort in world.arms[0].cohorts)


def test_a_stopped_arm_goes_back_with_its_books(snapshot: Snapshot, today: Outcome) -> None:
    world = RolloutWorld(snapshot, rollout(**RAMPED), [GENEROUS])
    world.live(world.launch + 60)
    assert (world.lanes == 1).sum() > 200
    world.stop(1, goes_back=True)
    world.live(world.end)
    assert (world.lanes == 0).all()
    stayed, stopped = world.outcomes()
    assert len(stopped.shoppers) == stopped.closing.points == stopped.closing.deferred_fees == 0
    assert stopped.total("orders") > 0
    assert stopped.ledger["visits"][60:].sum() == 0
    assert stayed.opening_liability + stopped.opening_liability == pytest.approx(today.opening_liability, abs=20)


def test_who_comes_back_to_a_higher_threshold_does_not_remind_others_of_it() -> None:
    """A stopped arm had free delivery from 49; only its own shoppers miss that afterwards, and they do so sorely."""
    sorely = {"threshold_loss": 2.5, "threshold_memory": 1000}
    scenario = small_scenario(population__shoppers=2000, horizon__months=6, warm_up__months=3, assumptions=sorely)
    morning = warm_up(scenario, incumbent=full_policy())
    plan = rollout(pilot=PILOT, hold_out="50 %")
    world = RolloutWorld(morning, plan, [full_policy().with_({"shipping.free_from": 49})])
    world.live(world.launch + 20)
    world.stop(1, goes_back=True)
    world.live(world.end)
    world.earn_fees()
    assert {cohort.used_free_from for cohort in world.arms[0].cohorts} == {0, 4_900}
    held = is_held_out(plan, 0, 2000)
    assert np.array_equal(world.shoppers[held], whole(morning).shoppers[held])


def test_a_budget_is_divided_by_shoppers(snapshot: Snapshot) -> None:
    limited = full_policy().with_({"campaigns": {
        "days": {"when": "always", "discount": "10 %", "budget": {"units": 40}},
    }})  # fmt: skip
    _, arm = lived(snapshot, rollout(pilot=PILOT), limited).outcomes()
    everybody = whole(snapshot, limited)
    assert everybody.campaigns["units"].tolist() == [40]
    assert arm.campaigns["units"].tolist() == [40 * len(arm.shoppers) // 500]


DESK: dict[str, object] = {
    "hourly_cost": 30, "contact_hours": {"starts": 8, "ends": 22},
    "shifts": {"day": {"starts": 9, "ends": 12, "agents": 1}},
}  # fmt: skip


def test_all_arms_write_to_one_desk() -> None:
    """Half a shop under the same promises and half under others wait in one line, whose labour is all posted."""
    served = full_policy().with_({"service": DESK})
    scenario = small_scenario(population__shoppers=400, horizon__months=2, warm_up__months=3,
                              failures={"minor": "20 %", "serious": "5 %", "questions": "40 %"})  # fmt: skip
    morning = warm_up(scenario, incumbent=served)
    alone = whole(morning)
    assert alone.total("tickets_answered") > 100
    placebo = lived(morning, rollout(**RAMPED | {"launch": None}), served)
    sums = together(placebo.outcomes())
    for measure in ("tickets_answered", "wait_minutes", "orders"):
        assert np.array_equal(sums[measure], alone.ledger[measure]), measure
    assert np.array_equal(sums["service_labour"].sum(axis=1), alone.ledger["service_labour"].sum(axis=1))
    for field in ("goodwill", "gmv", "orders", "status"):
        assert np.array_equal(placebo.shoppers[field], alone.shoppers[field]), field
    other = served.with_({"tiers.silver.discount": "6 %"})
    everybody = lived(morning, rollout(pilot={"day": 1, "share": "100 %"}), other).outcomes()[1]
    assert np.array_equal(everybody.ledger, whole(morning, other).ledger)


def test_a_shopper_is_in_the_same_arm_under_every_seed_of_the_rest() -> None:
    plan = rollout(2, pilot=PILOT, hold_out="20 %")
    drawn = arms_drawn(plan, 0, 4000)
    assert set(drawn.tolist()) == {1, 2}
    assert abs((drawn == 1).mean() - 0.5) < 0.03
    assert abs(is_held_out(plan, 0, 4000).mean() - 0.2) < 0.03
    assert np.array_equal(arms_drawn(plan, 1000, 500), drawn[1000:1500])
    assert not np.array_equal(arms_drawn(rollout(2, pilot=PILOT, seed=2), 0, 4000), drawn)


ELIGIBLE: list[tuple[Mapping[str, object], str]] = [
    ({"customers": "newcomers"}, "(s['status'] & 1) == 0"),
    ({"tiers": "gold, diamond"}, "((s['status'] & 1) == 1) & (s['tier'] >= 2)"),
    ({"orders_from": 3}, "orders >= 3"),
    ({"stages": "silent, lost"}, "((s['status'] & 1) == 1) & (day - s['last_order_day'] > 90)"),
    ({"spend_from": "80 %"}, "((s['status'] & 1) == 1) & (s['window_spend'] >= np.quantile("
                             "s['window_spend'][(s['status'] & 1) == 1], 0.8, method='higher'))"),
]  # fmt: skip


@pytest.mark.parametrize(("segment", "expected"), ELIGIBLE, ids=[str(next(iter(one))) for one, _ in ELIGIBLE])
def test_only_the_eligible_take_part(snapshot: Snapshot, segment: Mapping[str, object], expected: str) -> None:
    world = RolloutWorld(snapshot, rollout(pilot={"day": 1, "share": "100 %"}, eligible=segment), [GENEROUS])
    s, orders, day = snapshot.shoppers, snapshot.shoppers["orders"], snapshot.day
    who = eval(expected, {"s": s, "orders": orders, "day": day, "np": np})
    world.live(world.launch + 1)
    assert 0 < who.sum() < 500
    assert (who == (world.lanes == 1)).mean() >= 0.996  # of equal spends at the quantile one is chosen


def test_an_arm_without_shoppers_is_refused(snapshot: Snapshot) -> None:
    nobody = rollout(pilot={"day": 1, "share": "0.01 %"})
    world = RolloutWorld(snapshot, nobody, [GENEROUS])
    with pytest.raises(DocumentError, match=r"arms.arm1: the arm has no shoppers in the pilot: 500 of 500"):
        world.live(world.end)
