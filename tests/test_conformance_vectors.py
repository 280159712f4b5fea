"""The vectors that vendors' documentation states, each lived through in the simulation.

Source: reference/programme-mechanics.md, "Conformance vectors".
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import pytest

from memberlab.policies import Customers, Policy, Severity, TypicalShopper, lint, load_policy
from memberlab.sim import Outcome, Snapshot, World, calendar_of

from .worlds import LAUNCH_MONTH, days_with, let_baskets_be, let_buy, quiet_snapshot


def points_policy(points: Mapping[str, object], **changes: object) -> Policy:
    earn = {"earn": {"points": 1, "per": 1}, "redeem": {"points": 100, "value": 1}}
    rules = {"currency": "CNY", "points": {**earn, **points}, **changes}
    return load_policy("no-programme").with_(rules)


def one_order(arm: Policy, goods: int, *, balance: int = 0, date: str = "2026-01-22", **market: object) -> Outcome:
    """Return the life after one order of `goods` cents on a date by a shopper who owns `balance` points."""
    snapshot = quiet_snapshot(arm, 1, **market)
    let_baskets_be(snapshot, goods)
    let_buy(snapshot, 0, day_of(snapshot, date))
    snapshot.shoppers["lots"][0][LAUNCH_MONTH - 1] = snapshot.shoppers["points_balance"][0] = balance
    world = World.resume(snapshot)
    return world.run(world.end)


def day_of(snapshot: Snapshot, date: str) -> int:
    return (datetime.date.fromisoformat(date) - calendar_of(snapshot.scenario).start).days


@pytest.mark.parametrize(
    ("points", "per", "goods", "earned"), [(1, 10, 10_500, 10), (10, 2, 700, 30), (10, 2, 799, 30), (1, 10, 999, 0)]
)
def test_105_at_1_per_10_gives_10_and_7_at_10_per_2_gives_30(points: int, per: int, goods: int, earned: int) -> None:
    rates = {"earn": {"points": points, "per": per}, "redeem": {"points": 1000, "value": 1}}
    outcome = one_order(points_policy(rates), goods)
    assert outcome.total("gmv") == goods
    assert outcome.total("points_issued") == earned


@pytest.mark.parametrize(
    ("expiry", "earned", "gone"),
    [
        ({"end_of": "month"}, "2026-01-22", "2026-02-01"),  # midnight 1 February
        ({"end_of": "year"}, "2026-01-22", "2027-01-01"),  # midnight 1 January
        ({"months": 1, "end_of": "day"}, "2026-01-31", "2026-03-01"),  # end of 28 February
        ({"months": 1, "end_of": "month"}, "2026-01-22", "2026-03-01"),  # end of February
    ],
)
def test_points_are_gone_at_the_stated_midnight(expiry: object, earned: str, gone: str) -> None:
    outcome = one_order(points_policy({"expiry": expiry}), 10_000, date=earned)
    start = outcome.start - datetime.timedelta(days=outcome.first_day)
    dates = {
        str(start + datetime.timedelta(days=day)): points
        for day, points in days_with(outcome, "points_expired").items()
    }
    assert dates == {gone: 100}


def test_a_month_from_31_january_ends_on_29_february_in_a_leap_year() -> None:
    arm = points_policy({"expiry": {"months": 1, "end_of": "day"}})
    outcome = one_order(arm, 10_000, date="2028-01-31", start="2028-01-01")
    (gone,) = days_with(outcome, "points_expired")
    assert outcome.start + datetime.timedelta(days=gone - outcome.first_day) == datetime.date(2028, 3, 1)


@pytest.mark.parametrize("how", [{"maximum_share": "40 %"}, {"maximum_share": "55 %", "step": 20}])
def test_20_of_50_points_at_2_each_leave_60_to_pay_and_30_points(how: dict[str, object]) -> None:
    redeem = {"points": 1, "value": 2, **({"step": how["step"]} if "step" in how else {})}
    points = {"earn": {"points": 0, "per": 1}, "redeem": redeem, "maximum_share": how["maximum_share"]}
    outcome = one_order(points_policy(points), 10_000, balance=50)
    assert outcome.total("points_redeemed") == 20
    assert outcome.total("gmv") - outcome.total("points_paid") == 6_000
    assert outcome.shoppers["points_balance"].tolist() == [30]


def test_lots_are_consumed_by_earliest_expiry_never_expiring_last_then_oldest() -> None:
    """Points of orders never expire; those of check-ins, earned later, do: they are used first."""
    arm = points_policy({"activities": {"check_in": 40, "expire_after_days": 60}, "maximum_share": "90 %"})
    snapshot = quiet_snapshot(arm, 1, assumptions={"check_in": 0.8})
    let_baskets_be(snapshot, 10_000)
    world = World.resume(snapshot)
    for day in (0, 35, 40):  # orders of 100 on three days of two months: 100 points each, and perhaps a check-in
        later = world.snapshot()
        let_buy(later, 0, snapshot.day + day, pays_with_points=False)
        world = World.resume(later)
        outcome = world.run(snapshot.day + day + 1)
    lots, months = outcome.cards["lot_points"][0].tolist(), outcome.shoppers["lots"][0]
    check_ins = lots[: lots.index(300)]
    assert lots[len(check_ins)] == 300  # one lot that never expires, behind those that do
    assert set(check_ins) == {40}
    days = outcome.cards["lot_days"][0].tolist()
    assert days[: len(check_ins)] == sorted(days[: len(check_ins)])
    later = world.snapshot()
    let_baskets_be(later, 40 * len(check_ins) + 150)
    later.shoppers["basket_scale"] /= 0.9
    let_buy(later, 0, later.day)
    outcome = World.resume(later).run(later.day + 1)
    spent = outcome.total("points_redeemed") - outcome.total("check_in_points")
    after = outcome.cards["lot_points"][0].tolist()
    assert outcome.total("points_redeemed") > 40 * len(check_ins) + 100
    never = after[outcome.cards["lot_days"][0].tolist().index(max(outcome.cards["lot_days"][0]))]
    assert never == 300 - (spent - 40 * len(check_ins)) + outcome.total("points_issued") - outcome.total(
        "check_in_points"
    )
    # of those that never expire the oldest went first: January's are used up, February's are touched
    assert int(months[LAUNCH_MONTH]) >= 100
    assert outcome.shoppers["lots"][0][LAUNCH_MONTH] == 0
    assert outcome.shoppers["lots"][0][LAUNCH_MONTH + 1] > 0


def test_a_negative_balance_after_a_claw_back_is_absorbed_by_the_next_credit() -> None:
    arm = points_policy({"returns": {"claw_back": "may_go_negative", "points_paid": "lost"}})
    snapshot = quiet_snapshot(arm, 1, returns={"share": "100 %", "days": 1})
    let_baskets_be(snapshot, 10_000)
    let_buy(snapshot, 0, snapshot.day)
    world = World.resume(snapshot)
    world.run(snapshot.day + 1)  # 100 points, and the goods are on their way back
    later = world.snapshot()
    later.shoppers["points_balance"] = later.shoppers["lots"][0][LAUNCH_MONTH] = 30  # 70 are spent meanwhile
    later.market["return_share"] = 0
    let_buy(later, 0, later.day + 5, pays_with_points=False)
    later.due[:] = later.day  # the office comes first
    world = World.resume(later)
    outcome = world.run(later.day + 1)
    assert (outcome.closing.points, outcome.total("points_clawed_back")) == (-70, 100)
    outcome = world.run(later.day + 6)
    assert outcome.total("points_issued") == 100
    assert outcome.closing.points == outcome.shoppers["points_balance"][0] == 30


def test_an_automatic_redemption_of_100_points_makes_what_needs_a_balance_of_100_unreachable() -> None:
    arm = points_policy(
        {
            "automatic": {"points": 100, "credit": 0.5},
            "rewards": {"mug": {"points": 100, "cost": 1, "value": 2}, "pin": {"points": 99, "cost": 1, "value": 2}},
        }
    )
    typical = tuple(TypicalShopper(name, orders, 24_000, 6.25) for name, orders in (("l", 1), ("m", 3), ("h", 15)))
    found = [one for one in lint(arm, Customers(typical, 1_200_000, 4_000)) if one.rule == "balance-never-reached"]
    assert [(one.address, one.severity) for one in found] == [("points.rewards.mug.points", Severity.ERROR)]
    assert "100 points become a credit as soon as they are there" in found[0].message


def test_an_automatic_redemption_of_100_points_makes_a_tier_at_balance_100_unreachable() -> None:
    """The linter says so and names the mend, and in the simulation nobody reaches the tier."""
    typical = tuple(TypicalShopper(name, orders, 24_000, 6.25) for name, orders in (("l", 1), ("m", 3), ("h", 15)))
    customers = Customers(typical, 1_200_000, 4_000)
    for threshold, is_reached in ((100, False), (99, True)):
        tiers = {"basic": {"threshold": 0}, "gold": {"threshold": threshold, "discount": "5 %"}}
        balance = {"basis": "balance", "promotion": "instant"}
        arm = points_policy({"automatic": {"points": 100, "credit": 0.5}}, tiers=tiers, qualification=balance)
        found = [one for one in lint(arm, customers) if one.rule == "unreachable-tier"]
        assert [one.address for one in found] == ([] if is_reached else ["tiers.gold.threshold"])
        if found:
            assert found[0].severity == Severity.ERROR
            assert found[0].mend.startswith("write less than 100, more than 100 in points.automatic.points")
        outcomes = [one_order(arm, goods, date="2026-01-22") for goods in (9_900, 10_000, 25_000)]
        assert [outcome.total("promotions") for outcome in outcomes] == [int(is_reached), 0, 0]
