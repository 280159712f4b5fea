"""Kinds of expiry, recomputed by hand: the day on which each lot is gone, and what keeps it."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from memberlab.policies import DocumentError, Policy, load_policy
from memberlab.sim import Outcome, Snapshot, World, calendar_of

from .worlds import days_with, let_buy, opening, quiet_snapshot

POINTS = {"earn": {"points": 1, "per": 1}, "redeem": {"points": 100, "value": 1}}
Date = datetime.date


def policy(expiry: object, **changes: object) -> Policy:
    named = {address.replace("__", "."): value for address, value in changes.items()}
    points = {"currency": "CNY", "points": {**POINTS, "expiry": expiry}}
    return load_policy("no-programme").with_({**points, **named})


def day_of(snapshot: Snapshot, date: str) -> int:
    return (Date.fromisoformat(date) - calendar_of(snapshot.scenario).start).days


def date_of(snapshot: Snapshot, day: int) -> str:
    return calendar_of(snapshot.scenario).date_of(day).isoformat()


def earned_on(arm: Policy, dates: list[str], *, pays_with_points: bool = False, **changes: object) -> Snapshot:
    """Return a launch morning, 1 January 2026, of one shopper for each date, who orders then and never again."""
    snapshot = quiet_snapshot(arm, len(dates), **changes)
    for shopper, date in enumerate(dates):
        let_buy(snapshot, shopper, day_of(snapshot, date), pays_with_points=pays_with_points)
    return snapshot


def gone_on(arm: Policy, earned: str, **changes: object) -> str:
    """Return the date on which points earned on a date are gone: all of them, on one day."""
    snapshot = earned_on(arm, [earned], pays_with_points=False, **changes)
    world = World.resume(snapshot)
    outcome = world.run(world.end)
    ((day, points),) = days_with(outcome, "points_expired").items()
    assert points == outcome.total("points_issued") > 0
    assert outcome.closing.points == 0
    return date_of(snapshot, day)


@pytest.mark.parametrize(
    ("expiry", "earned", "gone"),
    [
        ({"end_of": "month"}, "2026-01-22", "2026-02-01"),
        ({"end_of": "year"}, "2026-01-22", "2027-01-01"),
        ({"end_of": "quarter"}, "2026-02-22", "2026-04-01"),
        ({"months": 1}, "2026-01-22", "2026-03-01"),
        ({"months": 1, "end_of": "quarter"}, "2026-03-31", "2026-07-01"),
        ({"months": 3, "end_of": "year"}, "2026-10-01", "2028-01-01"),
        ({"months": 1, "end_of": "day"}, "2026-01-31", "2026-03-01"),
        ({"months": 1, "end_of": "day"}, "2026-01-15", "2026-02-16"),
        ({"months": 12, "end_of": "day"}, "2026-02-28", "2027-03-01"),
        ({"days": 1}, "2026-01-22", "2026-01-24"),
        ({"days": 90}, "2026-01-22", "2026-04-23"),
        ({"dates": ["06-30", "12-31"]}, "2026-01-22", "2026-07-01"),
        ({"dates": ["12-31", "03-14"]}, "2026-03-14", "2026-03-15"),
        ({"dates": ["12-31", "03-14"]}, "2026-03-15", "2027-01-01"),
        ({"dates": ["03-14"]}, "2026-03-15", "2027-03-15"),
        ({"inactivity": {"days": 30}}, "2026-01-22", "2026-02-22"),
    ],
)
def test_points_are_gone_at_midnight(expiry: object, earned: str, gone: str) -> None:
    assert gone_on(policy(expiry), earned, horizon__months=26) == gone


def test_a_leap_year_gives_a_day_more() -> None:
    arm = policy({"months": 1, "end_of": "day"})
    assert gone_on(arm, "2028-01-31", start="2028-01-01") == "2028-03-01"
    assert gone_on(arm, "2028-01-28", start="2028-01-01") == "2028-02-29"


@pytest.mark.parametrize(
    "expiry",
    [
        {"end_of": "quarter"}, {"months": 2, "end_of": "day"}, {"days": 45}, {"dates": ["02-10"]},
        {"inactivity": {"days": 45}}, {"months": 1, "reminder": {"days": 10, "cost": 0.2}},
    ],
)  # fmt: skip
def test_both_drivers_and_a_stop_give_the_same_bits(expiry: object) -> None:
    dates = [f"2026-{month:02}-{day:02}" for month in (1, 2, 3) for day in (1, 9, 10, 11, 28)]
    arm = policy(expiry, points__activities={"check_in": 3})
    snapshot = earned_on(arm, dates, pays_with_points=True)
    snapshot.shoppers["visit_gap"] = 20
    ends = []
    for day_by_day, stops in ((False, []), (True, []), (False, [13, 40, 41, 77])):
        world = World.resume(snapshot)
        for stop in stops:
            world.run(snapshot.day + stop)
            world = World.resume(world.snapshot())
            world.cards = world.cards.copy()
        outcome = world.run(snapshot.day + 300, day_by_day=day_by_day)
        # accounts start anew with each opening of the books
        fields = [name for name in outcome.shoppers.dtype.names or () if name not in BOOKS]
        ends.append(([outcome.shoppers[name].tobytes() for name in fields], outcome.cards.tobytes()))
    assert ends[0] == ends[1]
    assert ends[0][0] == ends[2][0]
    assert ends[0][1] == ends[2][1]


BOOKS = ("gmv", "margin", "benefit_cost", "orders")


# inactivity


def two_orders(arm: Policy, first: str, second: str, *, pays_with_points: bool) -> tuple[Snapshot, Outcome]:
    snapshot = earned_on(arm, [first])
    world = World.resume(snapshot)
    world.run(day_of(snapshot, first) + 1)
    later = world.snapshot()
    let_buy(later, 0, day_of(snapshot, second), pays_with_points=pays_with_points)
    world = World.resume(later)
    return snapshot, world.run(world.end)


@pytest.mark.parametrize(
    ("reset_by", "gone"), [("earning", "2026-03-12"), ("both", "2026-03-12"), ("redeeming", "2026-02-11")]
)
def test_an_order_starts_the_time_without_activity_again(reset_by: str, gone: str) -> None:
    arm = policy({"inactivity": {"days": 40, "reset_by": reset_by}})
    snapshot, outcome = two_orders(arm, "2026-01-01", "2026-01-30", pays_with_points=False)
    assert [date_of(snapshot, day) for day in days_with(outcome, "points_expired")] == [gone]


def test_paying_with_points_counts_where_it_is_stated() -> None:
    arm = policy({"inactivity": {"days": 40, "reset_by": "redeeming"}}, points__maximum_share="1 %")
    snapshot, outcome = two_orders(arm, "2026-01-01", "2026-01-30", pays_with_points=True)
    assert outcome.total("points_redeemed") > 0
    assert [date_of(snapshot, day) for day in days_with(outcome, "points_expired")] == ["2026-03-12"]


# tiers


TIERS = {"low": {"threshold": 0}, "gold": {"threshold": 100}}


@pytest.mark.parametrize(
    ("expiry", "extension", "gone"),
    [
        ({"months": 2}, {"gold": 3}, "2026-07-01"),
        ({"months": 2}, {"low": 3}, "2026-04-01"),
        ({"months": 2}, {"gold": "never"}, None),
        ({"months": 2, "end_of": "quarter"}, {"gold": 3}, "2026-07-01"),
        ({"months": 3, "end_of": "quarter"}, {"gold": 3}, "2026-10-01"),
    ],
)
def test_a_tier_keeps_points_longer(expiry: dict[str, object], extension: object, gone: str | None) -> None:
    arm = policy({**expiry, "extension": extension}, tiers=TIERS)
    snapshot = earned_on(arm, ["2026-01-22"], horizon__months=36)
    snapshot.shoppers["tier"] = 1
    snapshot.shoppers["month_spend"][:, 11] = snapshot.shoppers["window_spend"] = 10_000
    world = World.resume(snapshot)
    outcome = world.run(opening(snapshot, 12 + 11))  # the order's own spend keeps the tier for a year
    assert [date_of(snapshot, day) for day in days_with(outcome, "points_expired")] == ([gone] if gone else [])
    if gone is None:  # demoted in the second year: what is older than two months goes
        outcome = world.run(world.end)
        assert days_with(outcome, "points_expired") == {opening(snapshot, 12 + 14): outcome.total("points_issued")}


# lots to the day


def test_lots_are_used_by_earliest_expiry() -> None:
    arm = policy({"days": 100}, points__maximum_share="0.5 %")
    snapshot = earned_on(arm, ["2026-01-05"])
    world = World.resume(snapshot)
    world.run(day_of(snapshot, "2026-01-06"))
    issued = [int(world.shoppers["points_balance"][0])]
    for date in ("2026-01-20", "2026-02-03"):
        later = world.snapshot()
        let_buy(later, 0, day_of(snapshot, date), pays_with_points=date == "2026-02-03")
        world = World.resume(later)
        outcome = world.run(day_of(snapshot, date) + 1)
        issued.append(outcome.total("points_issued"))
    spent = outcome.total("points_redeemed")
    assert 0 < spent < issued[0]
    outcome = world.run(world.end)
    by_date = {date_of(snapshot, day): points for day, points in days_with(outcome, "points_expired").items()}
    assert by_date == {"2026-04-16": issued[0] - spent, "2026-05-01": issued[1], "2026-05-15": issued[2]}


def test_more_lots_than_a_card_holds_join_the_last_one() -> None:
    arm = policy({"days": 200}, points__activities={"check_in": 7})
    snapshot = quiet_snapshot(arm, 1, assumptions={"check_in": 0.8, "membership_consideration": 0})
    snapshot.shoppers["next_visit"] = snapshot.due[:] = snapshot.day
    snapshot.shoppers["visit_gap"], snapshot.shoppers["base_logit"] = 0.4, -60
    world = World.resume(snapshot)
    outcome = world.run(snapshot.day + 60)
    assert outcome.total("points_issued") > 20 * 7
    held = outcome.cards["lot_points"][0]
    assert held.sum() == outcome.total("points_issued") == outcome.closing.points
    assert (held > 0).all()
    assert (np.diff(outcome.cards["lot_days"][0]) > 0).all()


@pytest.mark.parametrize("expiry", [{"days": 90}, {"months": 3, "end_of": "day"}])
def test_a_balance_taken_over_lives_as_if_earned_at_the_end_of_its_months(expiry: object) -> None:
    snapshot = quiet_snapshot(policy({"months": 12}), 1)
    snapshot.shoppers["lots"][0][[7, 10, 11]] = 100, 20, 3  # August, November, December 2025
    snapshot.shoppers["points_balance"] = 123
    world = World.resume(snapshot, policy(expiry))
    outcome = world.run(world.end)
    by_date = {date_of(snapshot, day): points for day, points in days_with(outcome, "points_expired").items()}
    december = "2026-04-01"
    assert by_date == {"2026-01-01": 100, "2026-03-01": 20, december: 3}


def test_points_are_handed_over_from_days_to_months() -> None:
    snapshot = earned_on(policy({"days": 400}), ["2026-01-05"])
    world = World.resume(snapshot)
    world.run(opening(snapshot, 13))
    arm = world.fork(policy({"months": 2}))
    outcome = arm.run(arm.end)
    assert [date_of(snapshot, day) for day in days_with(outcome, "points_expired")] == ["2026-04-01"]


# reminders


@pytest.mark.parametrize(
    ("expiry", "reminded"),
    [
        ({"months": 1}, "2026-02-19"), ({"days": 30}, "2026-02-12"), ({"dates": ["03-31"]}, "2026-03-22"),
        ({"inactivity": {"days": 50}}, "2026-03-04"), ({"end_of": "quarter"}, "2026-03-22"),
    ],
)  # fmt: skip
def test_a_reminder_goes_out_some_days_before_and_costs_a_message(expiry: dict[str, object], reminded: str) -> None:
    arm = policy({**expiry, "reminder": {"days": 10, "channel": "sms", "cost": 0.25}})
    snapshot = earned_on(arm, ["2026-01-22"])
    world = World.resume(snapshot)
    outcome = world.run(opening(snapshot, 12 + 6))
    assert [date_of(snapshot, day) for day in days_with(outcome, "reminders")] == [reminded]
    assert outcome.total("reminder_cost") == 25
    assert outcome.shoppers["benefit_cost"].tolist() == [25]


def test_some_of_those_reminded_come() -> None:
    arm = policy({"months": 1, "reminder": {"days": 5, "channel": "app", "cost": 0}})
    snapshot = earned_on(arm, ["2026-01-22"] * 400, assumptions={"reminder_visit_app": 0.2})
    world = World.resume(snapshot)
    outcome = world.run(opening(snapshot, 16))
    visits = days_with(outcome, "visits")
    reminded = day_of(snapshot, "2026-02-24")
    assert set(visits) & set(range(reminded + 20)) == {day_of(snapshot, "2026-01-22"), reminded}
    assert 50 < visits[reminded] < 115  # 400 x 0.2, and three standard deviations
    assert days_with(outcome, "reminders")[reminded] == 400


# what is refused


@pytest.mark.parametrize(
    ("expiry", "message"),
    [
        ({"months": 3, "days": 90}, "months and days are different kinds of expiry; write one of"),
        ({"reminder": {"days": 5}}, "no kind of expiry is given; write one of months, end_of, days, dates"),
        ({"end_of": "day"}, "end_of: day needs months"),
        ({"months": 14, "end_of": "year"}, "14 months to the end of the year can be more than 24; write 13 months or"),
        ({"months": 20, "extension": {"gold": 5}}, "months and extension come to 25, the most is 24"),
        ({"days": 9, "extension": {"gold": 5}}, "an extension in months does not go with days"),
        ({"months": 2, "extension": {"glod": 5}}, "extension.glod: there is no tier 'glod'; write one of low, gold"),
        ({"dates": ["02-29"]}, "'02-29' is not a day of every year; write month-day, such as 12-31"),
    ],
)
def test_what_is_refused(expiry: object, message: str) -> None:
    with pytest.raises(DocumentError, match=message.replace(".", r"\.")):
        policy(expiry, tiers=TIERS)
