"""Points, recomputed by hand: each lot's last day, first in first out, and what one order redeems and earns.

The shoppers of a quiet world own lots that the test has put there and do nothing by themselves, so every movement can
be told in advance.
"""

from __future__ import annotations

import pytest

from memberlab.policies import Policy, load_policy
from memberlab.sim import MEMBER, Outcome, Snapshot, World

from .worlds import LAUNCH_MONTH, days_with, let_buy, opening, quiet_snapshot

POINTS = {
    "earn": {"points": 3, "per": 2},
    "redeem": {"points": 700, "value": 9},
    "minimum": 500,
    "maximum_share": "37.5 %",
    "expiry": {"months": 6},
}

Lots = dict[int, int]
"""Points of one shopper by month of earning, in months from the start of the warm-up."""


def policy(**changes: object) -> Policy:
    base = load_policy("no-programme").with_({"currency": "CNY", "points": POINTS})
    return base.with_({address.replace("__", "."): value for address, value in changes.items()})


def put_lots(snapshot: Snapshot, owned: list[Lots]) -> None:
    """Give each shopper its lots; the ring of lots has one place for each month."""
    for shopper, lots in enumerate(owned):
        record = snapshot.shoppers[shopper]
        for month, points in lots.items():
            record["lots"][month % len(record["lots"])] = points
        record["points_balance"] = sum(lots.values())


def lots_of(outcome: Outcome, shopper: int, last_month: int) -> Lots:
    """Return a shopper's lots that are not empty, by month; `last_month` is the one now running."""
    ring = outcome.shoppers["lots"][shopper]
    months = range(last_month - len(ring) + 1, last_month + 1)
    return {month: int(ring[month % len(ring)]) for month in months if ring[month % len(ring)]}


def one_of_each_age(oldest: int) -> list[Lots]:
    """Return a shopper for every age of a lot, and one who owns lots of all ages."""
    alone = [{LAUNCH_MONTH - age: 1000 + age} for age in range(1, oldest + 1)]
    return [*alone, {month: points for lots in alone for month, points in lots.items()}]


def fail_unless_expired_by(snapshot: Snapshot, arm: Policy, owned: list[Lots], goes_at: dict[int, int]) -> None:
    """Compare balances and ledger, month by month, with lots that go when the month `goes_at[month earned]` opens."""
    world = World.resume(snapshot, arm)
    expected_expiry: dict[int, int] = {}
    for lots in owned:
        for month, points in lots.items():
            day = opening(snapshot, goes_at[month])
            expected_expiry[day] = expected_expiry.get(day, 0) + points
    for month in range(LAUNCH_MONTH, LAUNCH_MONTH + 27):
        outcome = world.run(opening(snapshot, month) + 1)
        for shopper, lots in enumerate(owned):
            left = {earned: points for earned, points in lots.items() if month < goes_at[earned]}
            assert lots_of(outcome, shopper, month) == left, (shopper, month)
            assert outcome.shoppers["points_balance"][shopper] == sum(left.values())
    assert days_with(outcome, "points_expired") == expected_expiry
    assert outcome.closing.points == 0


@pytest.mark.parametrize("months", [1, 2, 6, 12, 23, 24])
def test_a_lot_of_month_m_is_gone_when_month_m_plus_n_plus_1_opens(months: int) -> None:
    arm = policy(points__expiry__months=months)
    owned = one_of_each_age(months)
    snapshot = quiet_snapshot(arm, len(owned), horizon__months=30)
    put_lots(snapshot, owned)
    fail_unless_expired_by(
        snapshot, arm, owned, {LAUNCH_MONTH - age: LAUNCH_MONTH - age + months + 1 for age in range(25)}
    )


@pytest.mark.parametrize(("before", "after"), [(24, 6), (12, 11), (6, 24), (1, 2)])
def test_a_new_policy_applies_its_own_expiry_to_old_lots(before: int, after: int) -> None:
    owned = one_of_each_age(before)
    snapshot = quiet_snapshot(policy(points__expiry__months=before), len(owned), horizon__months=30)
    put_lots(snapshot, owned)
    goes_at = {LAUNCH_MONTH - age: max(LAUNCH_MONTH, LAUNCH_MONTH - age + after + 1) for age in range(1, before + 1)}
    fail_unless_expired_by(snapshot, policy(points__expiry__months=after), owned, goes_at)


def test_without_a_points_scheme_everything_is_forfeited_on_launch_morning() -> None:
    owned = one_of_each_age(24)
    snapshot = quiet_snapshot(policy(points__expiry="never"), len(owned), horizon__months=30)
    put_lots(snapshot, owned)
    goes_at = {LAUNCH_MONTH - age: LAUNCH_MONTH for age in range(25)}
    fail_unless_expired_by(snapshot, load_policy("no-programme"), owned, goes_at)


def test_points_that_never_expire_are_kept_for_ten_years() -> None:
    arm = policy(points__expiry="never")
    owned = one_of_each_age(24)
    snapshot = quiet_snapshot(arm, len(owned), horizon__months=120)
    put_lots(snapshot, owned)
    world = World.resume(snapshot)
    for month in (LAUNCH_MONTH + 1, LAUNCH_MONTH + 30, LAUNCH_MONTH + 119):
        outcome = world.run(opening(snapshot, month) + 1)
        assert outcome.shoppers["points_balance"].tolist() == [sum(lots.values()) for lots in owned]
        assert outcome.total("points_expired") == 0


def test_points_that_never_expired_count_as_the_oldest_when_a_policy_lets_points_expire() -> None:
    start = quiet_snapshot(policy(points__expiry="never"), 1, horizon__months=40)
    put_lots(start, [{LAUNCH_MONTH - 24: 400, LAUNCH_MONTH - 3: 30, LAUNCH_MONTH - 1: 5}])
    world = World.resume(start)
    world.run(opening(start, LAUNCH_MONTH + 10))
    later = world.fork(policy(points__expiry__months=12))
    outcome = later.run(opening(start, LAUNCH_MONTH + 10) + 1)  # the lot of month 9 is 13 months old
    assert days_with(outcome, "points_expired") == {opening(start, LAUNCH_MONTH + 10): 430}
    outcome = later.run(opening(start, LAUNCH_MONTH + 13))
    assert outcome.shoppers["points_balance"].tolist() == [0]


# one order


def buyers(count: int, lots: Lots, **changes: object) -> tuple[Snapshot, Policy]:
    """Return a snapshot whose shoppers own the same lots and come one after the other, a day each."""
    arm = policy(**changes)
    snapshot = quiet_snapshot(arm, count)
    put_lots(snapshot, [lots] * count)
    for shopper in range(count):
        let_buy(snapshot, shopper, snapshot.day + shopper)
    return snapshot, arm


def taken_first_in_first_out(lots: Lots, points: int) -> Lots:
    left = {}
    for month in sorted(lots):
        taken = min(points, lots[month])
        points -= taken
        if lots[month] > taken:
            left[month] = lots[month] - taken
    return left


@pytest.mark.parametrize("expiry", [{"months": 6}, {"months": 24}, "never"])
def test_an_order_redeems_the_oldest_points_first_and_earns_on_what_is_paid(expiry: object) -> None:
    lots = {LAUNCH_MONTH - 6: 800, LAUNCH_MONTH - 5: 1, LAUNCH_MONTH - 2: 2000, LAUNCH_MONTH - 1: 30_000}
    snapshot, arm = buyers(30, lots, points__expiry=expiry)
    outcome = World.resume(snapshot, arm).run(opening(snapshot, LAUNCH_MONTH + 1))
    redeemed_of_all = []
    for shopper in range(30):
        day = outcome.ledger[shopper]
        goods, paid, redeemed, issued = (
            int(day[name].sum()) for name in ("gmv", "points_paid", "points_redeemed", "points_issued")
        )
        assert paid == min(sum(lots.values()) * 900 // 700, goods * 3750 // 10_000) > 0
        assert redeemed == -(-paid * 700 // 900)  # the fewest points that pay for it
        assert issued == (goods - paid) // 200 * 3
        left = taken_first_in_first_out(lots, redeemed)
        assert lots_of(outcome, shopper, LAUNCH_MONTH) == {**left, LAUNCH_MONTH: issued}
        redeemed_of_all.append(redeemed)
    assert min(redeemed_of_all) > 801  # the case is one: several lots are touched
    assert max(redeemed_of_all) > 2801


def test_points_of_the_running_month_are_used_last() -> None:
    first, arm = buyers(10, {LAUNCH_MONTH - 1: 6000})
    for shopper in range(10):
        let_buy(first, shopper, first.day + shopper, pays_with_points=False)
    world = World.resume(first, arm)
    earned = lots_by_shopper(world.run(first.day + 10))
    second = world.snapshot()
    for shopper in range(10):
        let_buy(second, shopper, second.day + shopper)
    outcome = World.resume(second, arm).run(second.day + 10)
    taken = []
    for shopper in range(10):
        row = outcome.ledger[shopper]
        redeemed, issued = int(row["points_redeemed"].sum()), int(row["points_issued"].sum())
        left = taken_first_in_first_out(earned[shopper], redeemed)
        assert lots_of(outcome, shopper, LAUNCH_MONTH) == {**left, LAUNCH_MONTH: left.get(LAUNCH_MONTH, 0) + issued}
        taken.append(redeemed)
    assert min(taken) < 6000 < max(taken)  # some orders reach into the running month, and some do not


def lots_by_shopper(outcome: Outcome) -> list[Lots]:
    return [lots_of(outcome, shopper, LAUNCH_MONTH) for shopper in range(len(outcome.shoppers))]


def test_a_balance_pays_for_a_small_part_in_full_and_leaves_nothing() -> None:
    snapshot, arm = buyers(10, {LAUNCH_MONTH - 2: 499, LAUNCH_MONTH - 1: 1})
    outcome = World.resume(snapshot, arm).run(snapshot.day + 10)
    assert days_with(outcome, "points_paid") == {snapshot.day + day: 500 * 900 // 700 for day in range(10)}
    # 642 cents cost 500 points: 499.3 rounded up
    assert days_with(outcome, "points_redeemed") == {snapshot.day + day: 500 for day in range(10)}


@pytest.mark.parametrize(("balance", "redeems"), [(499, False), (500, True)])
def test_points_can_be_used_from_the_minimum_balance(balance: int, redeems: bool) -> None:
    snapshot, arm = buyers(5, {LAUNCH_MONTH - 1: balance})
    outcome = World.resume(snapshot, arm).run(snapshot.day + 10)
    assert outcome.total("orders") == 5
    assert len(days_with(outcome, "points_paid")) == (5 if redeems else 0)


def test_whoever_does_not_care_for_points_keeps_them() -> None:
    snapshot, arm = buyers(5, {LAUNCH_MONTH - 1: 9000})
    for shopper in range(5):
        let_buy(snapshot, shopper, snapshot.day + shopper, pays_with_points=False)
    outcome = World.resume(snapshot, arm).run(snapshot.day + 10)
    assert outcome.total("orders") == 5
    assert outcome.total("points_redeemed") == 0


def test_points_earned_on_any_day_of_a_month_live_to_the_opening_after_n_full_months() -> None:
    snapshot, arm = buyers(31, {}, points__expiry__months=2)  # launch is on January 1st
    outcome = World.resume(snapshot, arm).run(opening(snapshot, LAUNCH_MONTH + 3) + 1)
    assert outcome.total("points_issued") > 0
    assert days_with(outcome, "points_expired") == {opening(snapshot, LAUNCH_MONTH + 3): outcome.total("points_issued")}


def test_a_balance_stops_at_what_an_account_can_hold() -> None:
    generous = {"earn": {"points": 10**6, "per": 0.01}, "redeem": {"points": 10**9, "value": 0.01}, "minimum": 10**9}
    snapshot, arm = buyers(2, {LAUNCH_MONTH - 1: 700}, points=generous)
    outcome = World.resume(snapshot, arm).run(snapshot.day + 2)
    assert outcome.shoppers["points_balance"].tolist() == [2_000_000_000] * 2
    assert outcome.total("points_issued") == 2 * (2_000_000_000 - 700)


@pytest.mark.parametrize(
    ("multipliers", "percent"), [((1, 1), 100), ((1.5, 1), 150), ((1.5, 3), 450), ((1.25, 1.1), 137)]
)
def test_multipliers_of_tier_and_membership_multiply(multipliers: tuple[float, float], percent: int) -> None:
    tier, membership = multipliers
    snapshot, arm = buyers(
        8, {}, tiers={"low": {"threshold": 0, "earn_multiplier": tier}, "high": {"threshold": 10**6}},
        membership={"fee": 100, "earn_multiplier": membership},
    )  # fmt: skip
    snapshot.shoppers["status"] |= MEMBER if membership != 1 else 0
    snapshot.shoppers["term_end"][:] = snapshot.day + 300
    outcome = World.resume(snapshot, arm).run(snapshot.day + 8)
    goods = days_with(outcome, "gmv")
    assert days_with(outcome, "points_issued") == {
        day: cents // 200 * 3 * percent // 100 for day, cents in goods.items()
    }
