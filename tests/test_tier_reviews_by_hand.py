"""Demotion with care, recomputed by hand: observation and make-up task, soft landing, sprints, invitations."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from memberlab.sim import TRAITS_DAY, Purpose, World, keyed_uniforms

from .standing import dates_with, last_months, policy, put_value
from .worlds import LAUNCH_MONTH, let_buy, opening, quiet_snapshot

JANUARY, FEBRUARY, MARCH, APRIL = (datetime.date(2026, month, 1) for month in range(1, 5))
POINTS = {"earn": {"points": 1, "per": 1}, "redeem": {"points": 1000, "value": 10}, "minimum": 10**9}


@pytest.mark.parametrize(
    ("rules", "changes", "tiers"),
    [
        ({}, {}, [0, 0]),
        ({"demotion": "one level"}, {}, [1, 0]),
        ({"demotion": "none"}, {}, [2, 2]),
        ({}, {"tiers__silver__never_demoted": True}, [1, 1]),
        ({"demotion": "one level"}, {"tiers__gold__never_demoted": True}, [2, 2]),
    ],
    ids=str,
)
def test_a_member_falls_as_far_as_the_policy_says(
    rules: dict[str, object], changes: dict[str, object], tiers: list[int]
) -> None:
    arm = policy({"months": 6, **rules}, **changes)
    snapshot = quiet_snapshot(arm, 1)
    put_value(snapshot, 0, {LAUNCH_MONTH - 6: 150_000}, 2)  # counts at the launch and not a month later
    world = World.resume(snapshot)
    found = []
    for month in (1, 2):
        found.append(int(world.run(opening(snapshot, LAUNCH_MONTH + month) + 1).shoppers["tier"][0]))
    assert found == tiers
    outcome = world.run(opening(snapshot, LAUNCH_MONTH + 3))
    steps = 2 - tiers[1]
    if steps:
        last_fall = FEBRUARY if tiers[0] == tiers[1] else MARCH
        assert max(dates_with(outcome, "demotions")) == last_fall
        assert sum(dates_with(outcome, "demotions").values()) == (1 if tiers[0] == tiers[1] else 2)


def test_a_member_is_observed_for_30_days_and_then_falls() -> None:
    arm = policy({"observation": {"days": 30}})
    snapshot = quiet_snapshot(arm, 1)
    put_value(snapshot, 0, last_months(70_000, 1), 1)
    world = World.resume(snapshot)
    outcome = world.run(snapshot.day + 120)
    assert dates_with(outcome, "observations") == {FEBRUARY: 1}
    assert dates_with(outcome, "demotions") == {FEBRUARY + datetime.timedelta(days=30): 1}
    assert outcome.shoppers["goodwill"].tolist() == pytest.approx([-2.25 * 0.08])


@pytest.mark.parametrize(("spend_needed", "is_saved"), [(1, True), (10**6, False)])
def test_the_make_up_task_saves_the_tier_for_its_months(spend_needed: int, is_saved: bool) -> None:
    arm = policy({"observation": {"days": 30, "make_up_spend": spend_needed, "safe_months": 2}})
    snapshot = quiet_snapshot(arm, 1)
    put_value(snapshot, 0, last_months(70_000, 1), 1)
    put_day = opening(snapshot, LAUNCH_MONTH + 1) + 10  # 11 February
    let_buy(snapshot, 0, put_day)
    snapshot.shoppers["basket_scale"] = 1_000  # a small basket that does not earn silver by itself
    outcome = World.resume(snapshot).run(snapshot.day + 160)
    assert 0 < outcome.total("gmv") < 60_000
    if is_saved:
        saved = datetime.date(2026, 2, 11)
        assert dates_with(outcome, "tiers_saved") == {saved: 1}
        # safe until 11 April, so the review of May begins the next observation
        assert dates_with(outcome, "observations") == {FEBRUARY: 1, datetime.date(2026, 5, 1): 1}
        assert dates_with(outcome, "demotions") == {datetime.date(2026, 5, 31): 1}
    else:
        assert outcome.total("tiers_saved") == 0
        assert dates_with(outcome, "demotions") == {datetime.date(2026, 3, 3): 1}


def test_an_order_that_earns_the_tier_again_ends_the_observation() -> None:
    arm = policy({"observation": {"days": 30}})
    snapshot = quiet_snapshot(arm, 1)
    put_value(snapshot, 0, {**last_months(70_000, 1), LAUNCH_MONTH - 1: 59_999}, 1)
    let_buy(snapshot, 0, opening(snapshot, LAUNCH_MONTH + 1) + 10)
    outcome = World.resume(snapshot).run(snapshot.day + 150)
    assert dates_with(outcome, "tiers_saved") == {datetime.date(2026, 2, 11): 1}
    assert outcome.total("demotions") == 0


# soft landing


def test_a_soft_landing_keeps_part_of_the_old_benefits_for_three_months() -> None:
    """Gold has 4 %, twice the points and free delivery; half of the discount and of the extra points is kept."""
    arm = policy({"soft_landing": {"months": 3}}, points=POINTS)
    snapshot = quiet_snapshot(arm, 4)
    days = [opening(snapshot, LAUNCH_MONTH + 1) - 1, opening(snapshot, LAUNCH_MONTH + 1),
            opening(snapshot, LAUNCH_MONTH + 4) - 1, opening(snapshot, LAUNCH_MONTH + 4)]  # fmt: skip
    for shopper, day in enumerate(days):
        put_value(snapshot, shopper, last_months(150_000, 1), 2)
        let_buy(snapshot, shopper, day)
    outcome = World.resume(snapshot).run(snapshot.day + 130)
    assert dates_with(outcome, "demotions") == dates_with(outcome, "soft_landings") == {FEBRUARY: 4}
    ledger = outcome.ledger
    in_gold, first, last, after = (ledger[day - snapshot.day] for day in days)
    list_values = [int(rows["list_value"].sum()) for rows in (in_gold, first, last, after)]
    assert in_gold["tier_discount"].sum() == list_values[0] * 400 // 10_000
    for rows, value in ((first, list_values[1]), (last, list_values[2])):
        assert rows["landing_discount"].sum() == value * 200 // 10_000
        assert rows["tier_discount"].sum() == rows["shipping_charged"].sum() == 0
        paid = value - value * 200 // 10_000
        assert rows["points_issued"].sum() == paid // 100 * 150 // 100
    assert after["landing_discount"].sum() == after["tier_discount"].sum() == 0
    assert after["shipping_charged"].sum() == 1000
    assert after["points_issued"].sum() == list_values[3] // 100
    assert outcome.total("landing_discount") == int(first["landing_discount"].sum() + last["landing_discount"].sum())


def test_the_larger_of_what_is_kept_and_what_the_lower_tier_has_applies() -> None:
    arm = policy({"demotion": "one level", "soft_landing": {"months": 3, "discount": "25 %", "free_shipping": False}})
    snapshot = quiet_snapshot(arm, 1)
    put_value(snapshot, 0, last_months(150_000, 1), 2)
    let_buy(snapshot, 0, opening(snapshot, LAUNCH_MONTH + 1) + 3)
    outcome = World.resume(snapshot).run(snapshot.day + 50)
    assert outcome.total("landing_discount") == 0  # a quarter of 4 % is less than silver's 2 %
    assert outcome.total("tier_discount") == outcome.total("list_value") * 200 // 10_000
    assert outcome.total("shipping_charged") == 1000


# sprints


def test_a_sprint_is_offered_to_members_close_to_the_next_tier_and_pays_points() -> None:
    sprint = {"within": "10 %", "spend": 100, "days": 14, "points": 700}
    arm = policy({"sprint": sprint}, points=POINTS)
    snapshot = quiet_snapshot(arm, 4)
    for shopper, value in enumerate((54_000, 53_999, 54_000, 54_000)):  # silver begins at 600.00
        put_value(snapshot, shopper, {LAUNCH_MONTH - 1: value})
    # one orders enough on the last day, one too late, one not at all
    let_buy(snapshot, 0, snapshot.day + 13)
    let_buy(snapshot, 2, snapshot.day + 14)
    outcome = World.resume(snapshot).run(snapshot.day + 20)
    assert dates_with(outcome, "sprints") == {JANUARY: 3}
    assert dates_with(outcome, "sprints_won") == {datetime.date(2026, 1, 14): 1}
    assert outcome.total("points_for_sprints") == 700
    earned = outcome.shoppers["gmv"] // 100
    assert outcome.shoppers["points_balance"].tolist() == (earned + np.array([700, 0, 0, 0])).tolist()
    assert outcome.total("points_issued") == int(earned.sum()) + 700
    assert outcome.shoppers["goodwill"].tolist() == pytest.approx([0.15, 0, 0, 0])


def test_who_narrowly_misses_a_sprint_is_disappointed() -> None:
    arm = policy({"sprint": {"within": "10 %", "spend": 10**6, "days": 14, "points": 1}}, points=POINTS)
    snapshot = quiet_snapshot(arm, 2)
    for shopper in (0, 1):
        put_value(snapshot, shopper, {LAUNCH_MONTH - 1: 54_000})
    world = World.resume(snapshot)
    world.run(snapshot.day + 1)
    world.cards = world.cards.copy()
    world.cards["task_left"] = [30 * 10**6, 30 * 10**6 + 1]  # of 10^8 cents: 70 % done, and a cent less
    outcome = world.run(snapshot.day + 20)
    assert outcome.shoppers["goodwill"].tolist() == pytest.approx([-0.03, 0])
    assert outcome.cards["task"].tolist() == [0, 0]


def test_a_task_pulls_those_on_pace() -> None:
    """The pull is that of a tier: largest where the own spend of a year comes to what is left in the days left."""
    arm = policy({"sprint": {"within": "100 %", "spend": 100, "days": 14, "points": 1}}, points=POINTS)
    calm = {"assumptions": {"membership_consideration": 0, "tier_pressure": 0, "goal_gradient": 0, "task_pull": 0.4}}
    count = 400
    orders = []
    for pace in (1.0, 30.0, 0.03):
        snapshot = quiet_snapshot(arm, count, **calm)
        for shopper in range(count):
            put_value(snapshot, shopper, {LAUNCH_MONTH - 1: 59_000})
            let_buy(snapshot, shopper, snapshot.day + 4)
        snapshot.shoppers["month_spend"][:, LAUNCH_MONTH - 1] = pace * 10_000 / 10 * 365
        snapshot.shoppers["window_spend"] = snapshot.shoppers["month_spend"].sum(axis=1)
        snapshot.shoppers["base_logit"], snapshot.shoppers["response"] = 0.0, 2.0
        orders.append(World.resume(snapshot).run(snapshot.day + 5).total("orders"))
    assert orders[1] == pytest.approx(orders[2], abs=1)
    assert orders[0] > orders[1] + 0.1 * count


# invitations


BLACK = {"threshold": "never", "discount": "9 %"}


def test_the_office_invites_a_share_of_those_long_enough_in_the_tier_below() -> None:
    invitation = {"value": 2000, "after_months": 2, "share": "30 %"}
    arm = policy({}, tiers__black={**BLACK, "invitation": invitation})
    count = 60
    snapshot = quiet_snapshot(arm, count)
    for shopper in range(count):
        value = 200_000 if shopper % 2 else 199_999
        put_value(snapshot, shopper, {LAUNCH_MONTH - 4: value}, 2)
    snapshot.cards["tier_since"] = snapshot.day
    snapshot.cards["tier_since"][:20] = snapshot.day - 70
    outcome = World.resume(snapshot).run(opening(snapshot, LAUNCH_MONTH + 7))
    drawn = keyed_uniforms(snapshot.seed, range(count), TRAITS_DAY, Purpose.INVITATION) < 0.3
    asked = drawn & (np.arange(count) % 2 == 1)
    assert 3 < asked.sum() < 20
    assert outcome.shoppers["tier"].tolist() == np.where(asked, 3, 2).tolist()
    early, late = int(asked[:20].sum()), int(asked[20:].sum())
    assert dates_with(outcome, "invitations") == {JANUARY: early, MARCH: late}
    assert outcome.total("demotions") == 0


def test_an_invited_member_who_no_longer_holds_the_value_falls() -> None:
    arm = policy({}, tiers__black={**BLACK, "invitation": {"value": 2000}})
    snapshot = quiet_snapshot(arm, 1)
    put_value(snapshot, 0, {**last_months(100_000, 2), LAUNCH_MONTH - 1: 160_000}, 2)
    outcome = World.resume(snapshot).run(snapshot.day + 200)
    assert dates_with(outcome, "invitations") == {JANUARY: 1}
    assert dates_with(outcome, "demotions") == {MARCH: 1}
    assert outcome.shoppers["tier"].tolist() == [2]


def test_a_tier_of_the_paid_membership_only_is_passed_over_both_ways() -> None:
    vip, black = {"threshold": "never", "discount": "5 %"}, {**BLACK, "invitation": {"value": 2000}}
    arm = policy({"demotion": "one level"}, tiers__vip=vip, tiers__black=black,
                 membership={"fee": 99, "grants_tier": "vip"})  # fmt: skip
    snapshot = quiet_snapshot(arm, 1)
    put_value(snapshot, 0, {**last_months(100_000, 2), LAUNCH_MONTH - 1: 160_000}, 2)
    world = World.resume(snapshot)
    assert world.run(snapshot.day + 1).shoppers["tier"].tolist() == [4]
    outcome = world.run(snapshot.day + 200)
    assert dates_with(outcome, "demotions") == {MARCH: 1}
    assert outcome.shoppers["tier"].tolist() == [2]
