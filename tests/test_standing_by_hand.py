"""What counts towards a tier, recomputed by hand: every basis, every window, and promotion at once."""

from __future__ import annotations

import datetime
import importlib
import math
from typing import Any

import pytest

from memberlab.policies import load_policy
from memberlab.sim import MEMBER, World

from .standing import dates_with, last_months, policy, put_value
from .worlds import LAUNCH_MONTH, let_buy, opening, quiet_snapshot

POINTS = {"earn": {"points": 1, "per": 1}, "redeem": {"points": 1000, "value": 10}, "minimum": 10**9}
GROWTH = {"spend": 1, "order": 10, "activity": 2, "social": 0, "month": 5, "point": 0.5}
OUT_OF_REACH = {"tiers__silver__threshold": 10**7, "tiers__gold__threshold": 10**8}


@pytest.mark.parametrize(
    ("basis", "weights"),
    [
        ({"basis": "spend", "months": 11}, {"gmv": 1}),
        ({"basis": "orders"}, {"orders": 100}),
        ({"basis": "activity"}, {"visits": 100}),
        ({"basis": "points"}, {"points_issued": 100}),
        (
            {"basis": "growth", "growth": GROWTH},
            {"gmv": 1, "orders": 1000, "visits": 200, "months": 500, "points_issued": 50},
        ),
        ({"basis": "tenure", "window": "lifetime"}, {"months": 100}),
        ({"basis": "social"}, {}),
    ],
    ids=lambda value: str(value.get("basis")) if isinstance(value, dict) else "",
)
def test_every_basis_counts_what_it_says(basis: dict[str, object], weights: dict[str, int]) -> None:
    """Over three months a shopper comes every few days and sometimes orders; thresholds are kept in hundredths."""
    arm = policy(basis, points=POINTS, **OUT_OF_REACH)
    snapshot = quiet_snapshot(arm, 1)
    record = snapshot.shoppers[0]
    record["next_visit"] = snapshot.due[0] = snapshot.day
    record["visit_gap"], record["base_logit"] = 4, 0
    outcome = World.resume(snapshot).run(opening(snapshot, LAUNCH_MONTH + 3) + 1)
    happened = {measure: outcome.total(measure) for measure in ("gmv", "orders", "visits", "points_issued")}
    happened["months"] = 3  # the first order was on 1 January, and it is 1 April
    assert 3 < happened["orders"] < happened["visits"] - 3
    expected = sum(weight * happened[measure] for measure, weight in weights.items())
    assert outcome.cards["window_value"].tolist() == [expected]


def test_tenure_counts_whole_calendar_months_since_the_first_order() -> None:
    arm = policy({"basis": "tenure", "window": "lifetime"}, tiers__silver__threshold=3, tiers__gold__threshold=100)
    snapshot = quiet_snapshot(arm, 2)
    snapshot.shoppers["first_order_day"][1] += 14  # 15 January
    outcome = World.resume(snapshot).run(snapshot.day + 300)
    april, may = datetime.date(2026, 4, 1), datetime.date(2026, 5, 1)
    assert dates_with(outcome, "promotions") == {april: 1, may: 1}
    assert outcome.total("demotions") == 0


@pytest.mark.parametrize("months", [1, 3, 7, 12])
def test_a_rolling_window_of_months_counts_an_order_for_as_many_reviews(months: int) -> None:
    arm = policy({"months": months}, tiers__silver__threshold=1, tiers__gold__threshold=10**6)
    snapshot = quiet_snapshot(arm, 1)
    let_buy(snapshot, 0, opening(snapshot, LAUNCH_MONTH + 2) - 1)
    world = World.resume(snapshot)
    for month in range(LAUNCH_MONTH, LAUNCH_MONTH + 16):
        outcome = world.run(opening(snapshot, month) + 1)
        in_silver = LAUNCH_MONTH + 2 <= month < LAUNCH_MONTH + 2 + months
        assert outcome.shoppers["tier"].tolist() == [int(in_silver)], month


def test_twelve_rolling_months_of_spend_on_the_card_are_the_window_without_a_card() -> None:
    """A flag that changes nothing lets the tiers be kept on the card: the same life must follow, to the bit."""
    plain = load_policy("four-tiers-simple")
    noted = plain.with_({"tiers.ordinary.never_demoted": True})
    without, on_card = (World(arm, quiet_snapshot(plain, 1).scenario.with_({"population.shoppers": 300, "season": {}}))
                        for arm in (plain, noted))  # fmt: skip
    first, second = without.run(without.end), on_card.run(on_card.end)
    assert first.total("demotions") > 20 < first.total("promotions")
    for measure in first.ledger.dtype.names or ():
        assert first.total(measure) == second.total(measure), measure
    assert (second.cards["window_value"] == first.shoppers["window_spend"]).all()


def test_a_tier_asks_for_orders_besides_the_spend() -> None:
    arm = policy({}, tiers__silver__threshold=1, tiers__silver__orders=2, tiers__gold__threshold=10**6,
                 tiers__gold__orders=2)  # fmt: skip
    snapshot = quiet_snapshot(arm, 2)
    for shopper in (0, 1):
        let_buy(snapshot, shopper, snapshot.day + 3)
    snapshot.cards["month_orders"][1, (LAUNCH_MONTH - 3) % 12] = snapshot.cards["window_orders"][1] = 1
    world = World.resume(snapshot)
    assert world.run(opening(snapshot, LAUNCH_MONTH + 1) + 1).shoppers["tier"].tolist() == [0, 1]
    outcome = world.run(opening(snapshot, LAUNCH_MONTH + 10) + 1)
    assert outcome.shoppers["tier"].tolist() == [0, 0]  # the order of ten months before the launch has gone
    assert outcome.cards["window_orders"].tolist() == [1, 1]


# windows


def test_a_year_and_a_membership_year_begin_anew() -> None:
    year = policy({"window": "year"}, tiers__silver__threshold=1, tiers__gold__threshold=10**6)
    membership = year.with_({"qualification": {"window": "membership year", "review": "period end"}})
    for arm, reset in ((year, datetime.date(2027, 1, 1)), (membership, datetime.date(2027, 1, 15))):
        snapshot = quiet_snapshot(arm, 1)
        snapshot.shoppers["first_order_day"] += 14  # 15 January 2026
        let_buy(snapshot, 0, snapshot.day + 40)
        world = World.resume(snapshot)
        day = snapshot.day + (reset - datetime.date(2026, 1, 1)).days
        before, after = world.run(day), world.run(day + 1)
        spent = before.total("gmv")
        assert spent > 0
        assert (before.cards["window_value"][0], before.cards["last_value"][0]) == (spent, 0)
        assert (after.cards["window_value"][0], after.cards["last_value"][0]) == (0, spent)
        assert after.shoppers["tier"].tolist() == [1]  # the last period's spend keeps it for a year


def test_a_review_on_the_anniversary_promotes_and_demotes_then_and_not_before() -> None:
    arm = policy({"review": "anniversary"})
    snapshot = quiet_snapshot(arm, 2, horizon__months=18)
    snapshot.shoppers["first_order_day"] += 59  # 1 March 2026
    put_value(snapshot, 0, {LAUNCH_MONTH - 1: 70_000}, 0)
    put_value(snapshot, 1, last_months(70_000, 3), 1)
    let_buy(snapshot, 0, snapshot.day + 300)
    outcome = World.resume(snapshot).run(snapshot.day + 500)
    first = datetime.date(2027, 3, 1)
    assert dates_with(outcome, "demotions") == {first: 1}
    assert dates_with(outcome, "promotions") == {}  # by then the spend of December 2025 has gone


# promotion at once


def test_a_member_rises_with_the_order_that_reaches_the_threshold() -> None:
    arm = policy({"promotion": "instant"}, tiers__silver__threshold=1, tiers__gold__threshold=10**6)
    snapshot = quiet_snapshot(arm, 1)
    let_buy(snapshot, 0, snapshot.day + 5)
    snapshot.shoppers["visit_gap"] = 1 / 36  # and comes again the next day
    outcome = World.resume(snapshot).run(snapshot.day + 7)
    assert outcome.ledger["orders"].sum(axis=1).tolist() == [0, 0, 0, 0, 0, 1, 1]
    assert dates_with(outcome, "promotions") == {datetime.date(2026, 1, 6): 1}
    assert outcome.ledger["orders"][5, 0] == outcome.ledger["orders"][6, 2] == 1  # ordinary, then silver
    second = int(outcome.ledger["list_value"][6].sum())
    assert outcome.total("tier_discount") == second * 200 // 10_000
    assert outcome.shoppers["goodwill"][0] == pytest.approx(0.08 * 2.718281828 ** (-1 / 150), rel=1e-5)


def test_a_visit_that_reaches_the_threshold_promotes_the_next_morning() -> None:
    arm = policy({"basis": "activity", "promotion": "instant"}, tiers__silver__threshold=1, tiers__gold__threshold=9)
    snapshot = quiet_snapshot(arm, 1)
    let_buy(snapshot, 0, snapshot.day + 5)
    snapshot.shoppers["base_logit"] = -60  # comes and looks
    outcome = World.resume(snapshot).run(snapshot.day + 20)
    assert outcome.total("visits") == 1
    assert outcome.total("orders") == 0
    assert dates_with(outcome, "promotions") == {datetime.date(2026, 1, 7): 1}


STANDING: Any = importlib.import_module("memberlab.sim.standing")


KERNEL: Any = importlib.import_module("memberlab.sim.compiled").kernel


def act_and_share(shoppers: Any, cards: Any, programme: Any, market: Any, day: int) -> None:
    STANDING.add_activity(shoppers[0], cards[0], programme[0], market[0], 3, day)
    STANDING.add_social(shoppers[0], cards[0], programme[0], market[0], 2, day)


contribute = KERNEL(act_and_share)


def test_other_families_can_count_activities_and_contributions() -> None:
    arm = policy({"basis": "growth", "growth": {"activity": 7, "social": 50}, "promotion": "instant"})
    snapshot = quiet_snapshot(arm, 1)
    world: Any = World.resume(snapshot)
    world.run(snapshot.day + 3)
    world.cards = world.cards.copy()
    records = world.shoppers, world.cards, world._table.programme, world._market
    contribute(*records, world.day)
    assert world.cards["window_value"][0] == 100 * (3 * 7 + 2 * 50)
    assert world.cards["month_value"][0].sum() == world.cards["window_value"][0]
    for _ in range(5):
        contribute(*records, world.day)
    assert world.cards["office_day"][0] == world.day + 1  # 726 growth points: silver, tomorrow


# the pull of the next tier


PULL: Any = importlib.import_module("memberlab.sim.tier_pull")


def pull_of_tier(shoppers: Any, cards: Any, programme: Any, behaviour: Any, market: Any, day: int) -> Any:
    return PULL.tier_pressure(shoppers[0], cards[0], programme[0], behaviour[0], market[0], day)


pull = KERNEL(pull_of_tier)


@pytest.mark.parametrize(
    ("rules", "date", "ahead"),
    [
        ({"months": 6}, datetime.date(2026, 3, 1), 90 / 182.5),
        ({"window": "year"}, datetime.date(2026, 3, 1), 90 / 60),
        ({"window": "quarter"}, datetime.date(2026, 3, 20), 12 / 79),
        ({"window": "month", "promotion": "instant"}, datetime.date(2026, 3, 31), 1 / 31),
        ({"window": "lifetime"}, datetime.date(2026, 4, 11), 90 / 101),
        ({"window": "membership year", "review": "period end"}, datetime.date(2026, 12, 12), 20 / 346),
    ],
    ids=str,
)
def test_the_next_tier_pulls_by_the_pace_in_its_window(
    rules: dict[str, object], date: datetime.date, ahead: float
) -> None:
    """40 % of silver is there; the pace is what comes in the days ahead, over what is missing (default: 90 days)."""
    snapshot = quiet_snapshot(policy(rules), 1)
    world: Any = World.resume(snapshot)
    day = snapshot.day + (date - datetime.date(2026, 1, 1)).days
    world.run(day)
    world.cards["window_value"] = 24_000
    pace = 0.4 / 0.6 * ahead
    expected = 0.2 * math.exp(-(math.log(pace) ** 2) / 0.72) * 0.4
    records = world.shoppers, world.cards, world._table.programme, world._behaviour, world._market
    assert pull(*records, day) == pytest.approx(expected)


# tiers granted by paid membership


def test_a_paid_member_has_the_granted_tier_while_the_term_runs() -> None:
    arm = policy({}, membership={"fee": 99, "grants_tier": "gold"}).with_({"qualification": None})
    snapshot = quiet_snapshot(arm, 2)
    snapshot.shoppers["status"][0] |= MEMBER
    snapshot.shoppers["term_end"][0] = snapshot.day + 200
    for shopper in (0, 1):
        let_buy(snapshot, shopper, snapshot.day + 10)
    outcome = World.resume(snapshot).run(snapshot.day + 20)
    assert outcome.shoppers["tier"].tolist() == [0, 0]
    member, other = outcome.ledger[10, 1], outcome.ledger[10, 0]
    assert member["tier_discount"] == member["list_value"] * 400 // 10_000 > 0
    assert (member["shipping_charged"], other["shipping_charged"]) == (0, 1000)
    assert other["tier_discount"] == 0
