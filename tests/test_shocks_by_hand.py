"""Shocks to the market, recomputed by hand: when each is on, how it grows and fades, what it moves and what it leaves.

Costs are tried with every mechanic that buys something; who finds goods missing, and which newcomers come, are the
keyed draws, which the tests repeat.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest

from memberlab.policies import load_policy
from memberlab.scenarios import Shock, Span, span_of
from memberlab.sim import TRAITS_DAY, Outcome, Purpose, Snapshot, World, keyed_uniforms, regions_of, warm_up

from .worlds import brisk_population, campaigning, days_with, let_buy, quiet_snapshot, small_scenario

PLAIN = load_policy("four-tiers-simple")
START = datetime.date(2026, 1, 1)


def span(**times: object) -> Span:
    return span_of(Shock.model_validate({"name": "shock", **times}), START, 18)


def dates(one: Span) -> list[str]:
    return [str(day) for day in (one.first, one.full, one.fading, one.over)]


# when a shock is on


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ({"from_month": 3}, ["2026-03-01", "2026-03-01", "2027-07-01", "2027-07-01"]),
        ({"from_month": 2, "until_month": 3}, ["2026-02-01", "2026-02-01", "2026-04-01", "2026-04-01"]),
        ({"from_date": "2026-01-31", "lasts_months": 1}, ["2026-01-31", "2026-01-31", "2026-02-28", "2026-02-28"]),
        ({"from_date": "2026-05-10", "until_date": "2026-05-10"}, ["2026-05-10"] * 2 + ["2026-05-11"] * 2),
        (
            {"from_date": "2026-05-10", "lasts_days": 30, "ramp_days": 9, "recovery_days": 4},
            ["2026-05-10", "2026-05-19", "2026-06-09", "2026-06-13"],
        ),
        (
            {"from_month": 1, "until_month": 4, "ramp_months": 2, "recovery_months": 3},
            ["2026-01-01", "2026-03-01", "2026-05-01", "2026-08-01"],
        ),
        ({"from_month": 17, "ramp_months": 12}, ["2027-05-01", "2028-05-01", "2028-05-01", "2028-05-01"]),
    ],
)
def test_the_days_of_a_shock(times: Mapping[str, object], expected: list[str]) -> None:
    assert dates(span(**times)) == expected


def test_a_shock_grows_and_fades_in_a_straight_line() -> None:
    one = span(from_date="2026-03-10", lasts_days=5, ramp_days=3, recovery_days=4)
    sizes = [one.size_on(datetime.date(2026, 3, 9) + datetime.timedelta(days=number)) for number in range(12)]
    assert sizes == pytest.approx([0, 0.25, 0.5, 0.75, 1, 1, 0.8, 0.6, 0.4, 0.2, 0, 0])


# what the market is on each day


def market_of(snapshot: Snapshot, days: int) -> dict[str, list[float]]:
    """Return what the rules read of the market on each day from launch on."""
    world = World.resume(snapshot)
    found: dict[str, list[float]] = {}
    for day in range(snapshot.day, snapshot.day + days):
        world.live(day + 1)
        market = world.compiled[2]
        for field in market.dtype.names or ():
            found.setdefault(field, []).append(market[field][0])
    return found


def test_shocks_grow_overlap_and_fade_on_the_market() -> None:
    """The first grows over the 2nd to 4th of January and fades over three days from the 8th; the second is on from the
    4th to the 9th.
    """
    shocks = [
        {"name": "one", "from_date": "2026-01-02", "until_date": "2026-01-07", "ramp_days": 3, "recovery_days": 3,
         "visits": 0.6, "baskets": 1.4, "prices": 0.8, "price_sensitivity": 3, "cost_of_goods": 1.2,
         "shipping_cost": 1.5, "payment_cost": 2, "wages": 1.4, "gift_prices": 1.8, "partner_prices": 0.6,
         "message_prices": 5, "referrals": 0, "staff": 0.2, "missing_goods": "20 %", "minor_failures": "40 %",
         "serious_failures": "8 %", "questions": "4 %"},
        {"name": "two", "from_date": "2026-01-04", "until_date": "2026-01-09", "visits": 0.5, "baskets": 2,
         "price_sensitivity": 0.5, "missing_goods": "10 %", "minor_failures": "50 %"},
    ]  # fmt: skip
    failures = {"minor": "10 %", "serious": "1 %", "questions": "2 %"}
    snapshot = quiet_snapshot(PLAIN, 1, shocks=shocks, failures=failures)
    market = market_of(snapshot, 12)
    grown = [0, 0.25, 0.5, 0.75, 1, 1, 1, 0.75, 0.5, 0.25, 0, 0]
    other = [0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0]

    def times(whole: float, second: float = 1.0) -> list[float]:
        return [(1 + part * (whole - 1)) * (second if on else 1) for part, on in zip(grown, other, strict=True)]

    def share(usual: float, whole: float, second: float = 0.0) -> list[float]:
        return [1 - (1 - usual) * (1 - part * whole) * (1 - second * on) for part, on in zip(grown, other, strict=True)]

    expected: dict[str, list[float]] = {
        "attendance": times(0.6, 0.5),  # the year is flat, and no shock brings more
        "basket_factor": [a * b for a, b in zip(times(1.4, 2), times(0.8), strict=True)],
        "price_level": times(0.8),
        "price_sensitivity": times(3, 0.5),
        "cost_share": [round(6000 * a / b) for a, b in zip(times(1.2), times(0.8), strict=True)],
        "shipping_cost": [round(800 * one) for one in times(1.5)],
        "payment_share": [round(60 * one) for one in times(2)],
        "payment_fixed": [round(5 * one) for one in times(2)],
        **{
            name: [round(10_000 * one) for one in times(whole)]
            for name, whole in (("wages", 1.4), ("gift_prices", 1.8), ("partner_prices", 0.6), ("message_prices", 5))
        },
        "referral_level": times(0),
        "staff": times(0.2),
        "missing_goods": share(0, 0.2, 0.1),
        "minor_failures": share(0.1, 0.4, 0.5),
        "serious_failures": share(0.01, 0.08),
        "questions": share(0.02, 0.04),
        "usual_minor_failures": [0.1] * 12,
        "usual_serious_failures": [0.01] * 12,
    }
    for field, values in expected.items():
        assert market[field] == pytest.approx(values, abs=1e-12), field


# costs, each on its own line of the ledger


COSTLY: dict[str, object] = {
    "tiers.silver.welcome_gift": {"cost": 7, "value": 20},
    "tiers.ordinary.perks": {"radio": {"cost": 1.5, "perceived_value": 3, "sponsor_share": "40 %"}},
    "membership.perks": {"video": {"cost": 2, "sponsor_share": "25 %"}},
    "membership.welcome_gift": {"cost": 5, "perceived_value": 9},
    "membership.reminder": {"days": 20, "cost": 0.3},
    "membership.fee": 29,
    "membership.months": 3,
    "points.expiry": {"months": 2, "reminder": {"days": 10, "channel": "sms", "cost": 0.05}},
    "points.minimum": 0,
    "points.rewards": {"mug": {"points": 150, "cost": 3, "value": 9}},
    "points.lottery": {"points": 50, "prizes": {"pen": {"chance": "50 %", "cost": 1, "value": 2}}},
    "service": {"shifts": {"day": {"starts": 9, "ends": 17, "agents": 1}}, "hourly_cost": 2,
                "contact_hours": {"starts": 9, "ends": 21}, "handling": {"question": 5, "minor": 10, "serious": 25}},
    "campaigns": {
        "cake": {"when": "12..20 monthly", "gifts": {"cake": {"spend": 50, "cost": 2, "value": 5}}, "message": "sms"},
        "goal": {"when": "always", "challenge": {"one": {"spend": 100, "cost": 4, "value": 9}}},
        "festival": {"when": "15 monthly", "gift": {"cost": 1, "value": 2}},
    },
}  # fmt: skip

LINES: dict[str, tuple[str, ...]] = {
    "shipping_cost": ("shipping_cost",),
    "gift_prices": ("campaign_gifts", "gifts_without_order", "rewards_cost", "prizes_cost", "tier_welcome_gifts",
                    "welcome_gifts"),
    "partner_prices": ("partner_content", "partner_content_sponsored", "tier_content", "tier_content_sponsored"),
    "message_prices": ("messages", "reminder_cost", "renewal_reminders"),
}  # fmt: skip
"""The lines of the ledger that each price moves, whose amounts it multiplies exactly."""

MEMOS = ("partner_content_sponsored", "tier_content_sponsored")
NEAR: dict[str, tuple[str, float]] = {
    "cost_of_goods": ("cost_of_goods", 1.25), "payment_cost": ("payment_cost", 2), "wages": ("service_labour", 2),
}  # fmt: skip
"""Lines that are rounded order by order, or day by day."""


@cache
def busy_launch() -> Snapshot:
    scenario = small_scenario(
        population__shoppers=200, warm_up={"months": 3}, horizon={"months": 9}, failures={"questions": "30 %"},
        assumptions={"lottery_play": 0.5, "membership_consideration": 0.5},
    )  # fmt: skip
    return warm_up(scenario, population=brisk_population())


@cache
def busy(shock: tuple[tuple[str, object], ...] = ()) -> Outcome:
    """Return the busy market under a shock from its first day on, with the warm-up that all have."""
    start = busy_launch()
    shocks = [{"name": "shock", "from_month": 1, **dict(shock)}] if shock else []
    policy = campaigning().with_({"campaigns": {}}).with_(COSTLY)
    world = World.resume(dataclasses.replace(start, scenario=start.scenario.with_({"shocks": shocks})), policy)
    return world.run(world.day + 200)


def moved(outcome: Outcome) -> set[str]:
    calm = busy().ledger
    return {name for name in calm.dtype.names or () if not np.array_equal(calm[name], outcome.ledger[name])}


@pytest.mark.parametrize("key", LINES)
def test_a_price_moves_its_own_lines_and_nothing_else(key: str) -> None:
    dear = busy(((key, 2),))
    assert moved(dear) == set(LINES[key])
    for line in LINES[key]:
        assert dear.total(line) == 2 * busy().total(line) > 0
    paid = sum(busy().total(line) for line in LINES[key] if line not in MEMOS)
    assert busy().shoppers["margin"].sum() - dear.shoppers["margin"].sum() == paid
    benefits = 0 if key == "shipping_cost" else paid
    assert dear.shoppers["benefit_cost"].sum() - busy().shoppers["benefit_cost"].sum() == benefits
    assert all(result.holds for result in dear.identities())


@pytest.mark.parametrize("key", NEAR)
def test_a_cost_moves_its_own_line_to_the_cent_of_each_order_or_day(key: str) -> None:
    line, times = NEAR[key]
    dear = busy(((key, times),))
    assert moved(dear) == {line}
    assert dear.total(line) == pytest.approx(times * busy().total(line), abs=2 * max(200, busy().total("orders")))
    more = dear.total(line) - busy().total(line)
    assert busy().shoppers["margin"].sum() - dear.shoppers["margin"].sum() == more > 0
    assert np.array_equal(dear.shoppers["benefit_cost"], busy().shoppers["benefit_cost"])
    assert all(result.holds for result in dear.identities())


def test_a_shock_of_all_ones_changes_nothing() -> None:
    ones: dict[str, object] = {
        "until_date": "2026-03-20", "ramp_days": 10, "recovery_months": 1, "visits": 1, "baskets": 1, "prices": 1,
        "price_sensitivity": 1, "cost_of_goods": 1, "shipping_cost": 1, "payment_cost": 1, "wages": 1,
        "gift_prices": 1, "partner_prices": 1, "message_prices": 1, "newcomers": 1, "referrals": 1, "staff": 1,
        "missing_goods": "0 %",
    }  # fmt: skip
    same = busy(tuple(ones.items()))
    assert moved(same) == set()
    assert np.array_equal(same.shoppers, busy().shoppers)


# the service desk


def test_half_the_staff_works_and_is_paid_for_half_the_hours() -> None:
    """Three agents at half: the first works all of 8 hours, the second half of them, the third none."""
    desk = {
        "shifts": {"day": {"starts": 9, "ends": 17, "agents": 3}}, "hourly_cost": 10,
        "contact_hours": {"starts": 9, "ends": 10}, "handling": {"question": 5, "minor": 10, "serious": 25},
    }  # fmt: skip
    short = {"name": "flu", "from_date": "2026-01-03", "lasts_days": 2, "staff": 0.5, "wages": 1.1}
    snapshot = quiet_snapshot(PLAIN.with_({"service": desk}), 1, shocks=[short])
    world = World.resume(snapshot)
    outcome = world.run(snapshot.day + 5)
    hours = [24, 24, 12, 12, 24]
    wages = [1000, 1000, 1100, 1100, 1000]
    assert [outcome.ledger["service_labour"][day].sum() for day in range(5)] == [
        hour * wage for hour, wage in zip(hours, wages, strict=True)
    ]


# the shop is down


def test_nobody_orders_while_the_shop_is_down() -> None:
    """Not even who is new or prompted; a first order waits for the shopper's next visit."""
    snapshot = buyers(3, visits=0)
    snapshot.shoppers["status"][1] = 0
    snapshot.shoppers["visit_gap"][1] = 1e-9  # comes on every day
    outcome = World.resume(snapshot).run(snapshot.day + 5)
    assert days_with(outcome, "visits") == dict.fromkeys((snapshot.day + 3, snapshot.day + 4), 1)
    assert days_with(outcome, "first_orders") == {snapshot.day + 3: 1}


# goods out of stock


def buyers(count: int, first_order: bool = False, **shock: object) -> Snapshot:
    """Return launch morning of shoppers who all order on the third day, when a shock is on."""
    shocks = [{"name": "empty", "from_date": "2026-01-03", "lasts_days": 1, **shock}]
    kept = {"membership_consideration": 0, "stock_out_kept": 0.6, "stock_out": 0.08}
    snapshot = quiet_snapshot(PLAIN, count, shocks=shocks, assumptions=kept)
    for shopper in range(count):
        let_buy(snapshot, shopper, snapshot.day + 2)
    if first_order:
        snapshot.shoppers["status"] = 0
    return snapshot


@pytest.mark.parametrize("first_order", [False, True])
def test_who_finds_goods_missing_and_leaves(first_order: bool) -> None:
    snapshot = buyers(200, first_order, missing_goods="30 %")
    outcome = World.resume(snapshot).run(snapshot.day + 3)
    day = snapshot.day + 2
    meets = keyed_uniforms(snapshot.seed, range(200), day, Purpose.STOCK_OUT) < 0.3
    leaves = meets & (keyed_uniforms(snapshot.seed, range(200), day, Purpose.STOCK_OUT_CHOICE) >= 0.6)
    assert 10 < leaves.sum() < meets.sum()
    assert outcome.shoppers["orders"].tolist() == (~leaves).astype(int).tolist()
    assert days_with(outcome, "stock_outs") == {day: meets.sum()}
    assert days_with(outcome, "orders_lost_to_stock_outs") == {day: leaves.sum()}
    assert outcome.shoppers["goodwill"] == pytest.approx(np.where(meets, -0.08, 0.0), abs=1e-7)


# failures beyond the usual


def test_a_failure_beyond_the_usual_hurts() -> None:
    """Without usual failures nothing makes up for it: a serious one costs twice 0.08."""
    snapshot = buyers(100, serious_failures="25 %")
    outcome = World.resume(snapshot).run(snapshot.day + 3)
    fails = keyed_uniforms(snapshot.seed, range(100), snapshot.day + 2, Purpose.FAILURE) < 0.25
    assert days_with(outcome, "order_failures") == {snapshot.day + 2: fails.sum()}
    assert outcome.shoppers["goodwill"] == pytest.approx(np.where(fails, -0.16, 0.0), abs=1e-7)


# newcomers and referrals


NEW: dict[str, Any] = {"population__shoppers": 1_000, "warm_up": {"months": 1}, "horizon": {"months": 10}, "season": {}}


def arrivals(**changes: object) -> np.ndarray[Any, Any]:
    """Return the first visits of everybody, as drawn before the warm-up, in the order of numbers."""
    scenario = small_scenario(**{**NEW, **changes})
    worlds = [World(PLAIN, scenario, population=brisk_population(), region=one.number) for one in regions_of(scenario)]
    return np.concatenate([world.shoppers["next_visit"].astype(int) for world in worlds])


def test_fewer_newcomers_come_and_those_who_do_come_when_they_would_have() -> None:
    """February and March of the horizon are days 62 to 120 after a warm-up of one month."""
    usual = arrivals()
    dry = arrivals(shocks=[{"name": "dry", "from_month": 2, "until_month": 3, "newcomers": 0.4}])
    seed = small_scenario(**NEW).seed
    within = (usual >= 62) & (usual < 62 + 59)
    stays_away = within & (keyed_uniforms(seed, range(1_000), TRAITS_DAY, Purpose.NEWCOMER_COMES) >= 0.4)
    assert 20 < stays_away.sum() < within.sum()
    assert np.array_equal(dry[~stays_away], usual[~stays_away])
    assert (dry[stays_away] > 10_000).all()  # never


def test_more_newcomers_are_more_shoppers_who_come_while_the_shock_is_on() -> None:
    """Of 300 in ten months, 59 of whose 304 days bring three times as many: 300 x 59 / 304 x 2 more, 116."""
    wave = [{"name": "wave", "from_month": 2, "until_month": 3, "newcomers": 3}]
    usual, viral = arrivals(), arrivals(shocks=wave)
    assert len(viral) == len(usual) + 116
    assert np.array_equal(viral, arrivals(shocks=wave, regions=4))

    def within(days: np.ndarray[Any, Any]) -> int:
        return int(((days >= 62) & (days < 62 + 59)).sum())

    # nobody else is more or less than chance: 1 in 10,000 false alarms at four standard deviations of 3 x 58
    assert within(viral) - within(usual) == pytest.approx(116, abs=4 * np.sqrt(3 * 58))
    calm = quiet_snapshot(PLAIN, 300, word_of_mouth={"reserve": 100}, shocks=wave)
    assert len(calm.shoppers) == 400 + round(300 * 0.3 * 59 / 546 * 2)


def test_a_wave_of_referrals() -> None:
    """A rate of 2 % with a level of 50 refers for certain, one of 0 never."""
    counted = []
    for level in (50, 0):
        snapshot = quiet_snapshot(
            PLAIN, 100, word_of_mouth={"reserve": 100}, assumptions={"referral_rate": 0.02},
            shocks=[{"name": "talk", "from_date": "2026-01-03", "lasts_days": 1, "referrals": level}],
        )  # fmt: skip
        for shopper in range(200):
            let_buy(snapshot, shopper, snapshot.day + 2)
        outcome = World.resume(snapshot).run(snapshot.day + 4)
        counted.append((outcome.total("orders"), outcome.total("referrals")))
    assert counted == [(200, 200), (200, 0)]


# pairing


EVERYTHING = [
    {"name": "wave", "from_date": "2026-01-10", "lasts_days": 40, "ramp_days": 10, "recovery_days": 20,
     "newcomers": 2.5, "visits": 1.4, "missing_goods": "15 %", "minor_failures": "10 %"},
    {"name": "drought", "from_month": 4, "newcomers": 0.3, "visits": 0.8, "prices": 1.1, "cost_of_goods": 1.2},
]  # fmt: skip


def test_arms_under_shocks_share_their_draws() -> None:
    """A placebo differs in nothing, and another policy moves neither who comes nor when they may come."""
    scenario = small_scenario(population__shoppers=200, warm_up={"months": 2}, horizon={"months": 6}, shocks=EVERYTHING)
    start = warm_up(scenario, population=brisk_population())
    outcomes = []
    for policy in (PLAIN, PLAIN.with_({"name": "placebo"}), load_policy("no-programme")):
        world = World.resume(start, policy)
        outcomes.append(world.run(world.end))
    own, placebo, none = outcomes
    assert np.array_equal(own.ledger, placebo.ledger)
    assert np.array_equal(own.shoppers, placebo.shoppers)
    assert own.ledger["stock_outs"].sum() > 0 and own.total("gmv") != none.total("gmv")
    came = (own.shoppers["first_order_day"] >= start.day) & (none.shoppers["first_order_day"] >= start.day)
    assert came.sum() > 20
    lost = own.total("orders_lost_to_stock_outs") + none.total("orders_lost_to_stock_outs")
    differs = own.shoppers["first_order_day"][came] != none.shoppers["first_order_day"][came]
    assert differs.sum() == 0 and lost > 0  # a stock-out is the same draw in both


def test_candidate_days_hold_the_largest_product_of_season_and_shocks() -> None:
    """The season's 1.3 of November times 1.4 is the bound; a shock that grows before it and one below 1 stay under it.

    On 31 October 7 of 10 days of growing are over: 1.1 times 1 + 7/11 of 0.4.
    """
    shocks = [
        {"name": "peak", "from_date": "2026-10-25", "until_date": "2026-11-30", "ramp_days": 10, "visits": 1.4},
        {"name": "slump", "from_month": 12, "visits": 0.5},
    ]
    scenario = small_scenario(population__shoppers=1, warm_up={"months": 1}, horizon={"months": 12}, shocks=shocks)
    world = World(PLAIN, scenario, population=brisk_population())
    attendance = []
    while world.day < world.end:
        world.live(world.day + 1)
        attendance.append(float(world.compiled[2]["attendance"][0]))
    day = {date: (datetime.date.fromisoformat(date) - datetime.date(2025, 12, 1)).days for date in (
        "2026-01-01", "2026-10-31", "2026-11-05", "2026-12-01")}  # fmt: skip
    bound = 1.3 * 1.4
    assert max(attendance) == pytest.approx(1.0)
    assert attendance[day["2026-01-01"]] == pytest.approx(0.9 / bound)
    assert attendance[day["2026-10-31"]] == pytest.approx(1.1 * (1 + 0.4 * 7 / 11) / bound)
    assert attendance[day["2026-11-05"]] == pytest.approx(1.0)
    assert attendance[day["2026-12-01"]] == pytest.approx(1.2 * 0.5 / bound)
