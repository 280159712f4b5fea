"""What an order earns, recomputed by hand: base, rounding, points for each order, caps, and redemption in steps.

Every shopper of a quiet world orders once on a day of their own, so each day of the ledger is one order.
"""

from __future__ import annotations

import pytest

from memberlab.policies import DocumentError, Policy, load_policy, told
from memberlab.sim import Outcome, Snapshot, World

from .worlds import LAUNCH_MONTH, days_with, let_buy, quiet_snapshot

POINTS = {"earn": {"points": 3, "per": 20}, "redeem": {"points": 100, "value": 1}, "expected_redemption": "100 %"}
SHIPPING = {"fee": 9.99, "free_from": 260}


def policy(**changes: object) -> Policy:
    base = load_policy("no-programme").with_(
        {"currency": "CNY", "shipping": SHIPPING, "member_discount": "7 %", "points": POINTS}
    )
    return base.with_({address.replace("__", "."): value for address, value in changes.items()})


def buyers(arm: Policy, count: int, balance: int = 0) -> Snapshot:
    """Return a snapshot whose shoppers come one after the other, a day each, and never again."""
    snapshot = quiet_snapshot(arm, count)
    for shopper in range(count):
        let_buy(snapshot, shopper, snapshot.day + shopper)
        snapshot.shoppers["lots"][shopper][LAUNCH_MONTH - 1] = balance
    snapshot.shoppers["points_balance"] = balance
    return snapshot


def orders_of(arm: Policy, count: int = 25, balance: int = 0) -> list[dict[str, int]]:
    snapshot = buyers(arm, count, balance)
    outcome = World.resume(snapshot, arm).run(snapshot.day + count)
    names = outcome.ledger.dtype.names or ()
    return [{name: int(outcome.ledger[name][day].sum()) for name in names} for day in range(count)]


def test_goods_after_discounts_earn_and_remainders_drop() -> None:
    for order in orders_of(policy()):
        assert order["points_issued"] == order["gmv"] // 2000 * 3 > 0


def test_goods_can_earn_at_list_prices() -> None:
    orders = orders_of(policy(points__earn__base={"before_discounts": True}))
    assert [order["points_issued"] for order in orders] == [order["list_value"] // 2000 * 3 for order in orders]
    assert any(order["list_value"] // 2000 != order["gmv"] // 2000 for order in orders)


def test_the_delivery_fee_can_earn() -> None:
    orders = orders_of(policy(points__earn__base={"shipping": True}, points__earn__per=1))
    for order in orders:
        assert order["points_issued"] == (order["gmv"] + order["shipping_charged"]) // 100 * 3
    assert {order["shipping_charged"] for order in orders} == {0, 999}


def test_what_points_pay_can_earn_again() -> None:
    for order in orders_of(policy(points__earn__base={"points_paid": True}), balance=4_000):
        assert order["points_paid"] == 4_000
        assert order["points_issued"] == order["gmv"] // 2000 * 3
    for order in orders_of(policy(), balance=4_000):
        assert order["points_issued"] == (order["gmv"] - 4_000) // 2000 * 3


@pytest.mark.parametrize("rounding", ["down", "nearest", "up"])
def test_the_rounding_is_the_one_that_is_stated(rounding: str) -> None:
    orders = orders_of(policy(points__earn__rounding=rounding, points__earn__per=1.5))
    more = {"down": 0, "nearest": 75, "up": 149}[rounding]
    assert [order["points_issued"] for order in orders] == [3 * ((order["gmv"] + more) // 150) for order in orders]
    assert len({order["gmv"] % 150 > 75 for order in orders}) == 2


def test_each_order_can_earn_a_number_of_its_own() -> None:
    for order in orders_of(policy(points__earn__each_order=17)):
        assert order["points_issued"] == order["gmv"] // 2000 * 3 + 17


# caps


def two_orders(arm: Policy, days: tuple[int, int]) -> Outcome:
    """Return a run in which one shopper orders on two days of January and February."""
    snapshot = quiet_snapshot(arm, 1)
    let_buy(snapshot, 0, snapshot.day + days[0])
    world = World.resume(snapshot)
    world.run(snapshot.day + days[0] + 1)
    later = world.snapshot()
    let_buy(later, 0, snapshot.day + days[1])
    return World.resume(later).run(snapshot.day + days[1] + 1)


def first_and_second(arm: Policy, days: tuple[int, int]) -> tuple[int, int, int]:
    """Return what the first order earned, what the second earned, and what a cap cut from the second."""
    outcome = two_orders(arm, days)
    first = int(outcome.opening.points)
    return first, outcome.total("points_issued"), outcome.total("points_capped")


@pytest.mark.parametrize(
    ("period", "days", "second_is_cut"),
    [
        ("month", (3, 20), True),
        ("month", (3, 35), False),
        ("year", (3, 35), True),
        ("year", (3, 364), True),
        ("year", (3, 366), False),
        ("lifetime", (3, 366), True),
        ("day", (3, 4), False),
    ],
)
def test_a_cap_holds_for_its_period(period: str, days: tuple[int, int], second_is_cut: bool) -> None:
    free = policy(points__earn__per=1)
    uncut = first_and_second(free, days)
    cap = uncut[0] + 5
    first, second, capped = first_and_second(free.with_({"points.earn.caps": {period: cap}}), days)
    assert first == uncut[0]
    assert second == (5 if second_is_cut else min(uncut[1], cap))
    assert capped == uncut[1] - second


@pytest.mark.parametrize(("excess", "earned"), [("capped", 40), ("refused", 0)])
def test_excess_is_cut_or_the_whole_credit_refused_and_never_lost_from_the_report(excess: str, earned: int) -> None:
    arm = policy(points__earn__per=1, points__earn__caps={"day": 40, "excess": excess})
    for order in orders_of(arm):
        would_earn = order["gmv"] // 100 * 3
        assert would_earn > 40
        assert order["points_issued"] == earned
        assert order["points_capped"] == would_earn - earned


def test_caps_without_a_cap_are_refused() -> None:
    with pytest.raises(DocumentError, match=r"points\.earn\.caps: there is no cap; write day, month, year or lifetime"):
        policy(points__earn__caps={"excess": "refused"})


# redemption


def test_points_pay_in_steps() -> None:
    orders = orders_of(policy(points__redeem__step=250), balance=4_321)
    assert {order["points_redeemed"] for order in orders} == {4_250}
    assert {order["points_paid"] for order in orders} == {4_250}
    orders = orders_of(policy(points__redeem__step=250, points__maximum_share="10 %"), balance=4_321)
    assert len({order["points_redeemed"] for order in orders}) > 3
    for order in orders:
        assert order["points_redeemed"] == min(4_321, order["gmv"] // 10) // 250 * 250
        assert order["points_paid"] == order["points_redeemed"]


def test_in_an_event_points_buy_more() -> None:
    event = {"when": "2026-01-05..2026-01-07", "price": "80 %"}
    snapshot = buyers(policy(points__price_events=[event]), 10, 4_001)
    outcome = World.resume(snapshot).run(snapshot.day + 10)
    for day in range(10):
        paid, redeemed = (int(outcome.ledger[name][day].sum()) for name in ("points_paid", "points_redeemed"))
        assert (paid, redeemed) == ((5_001, 4_001) if 4 <= day <= 6 else (4_001, 4_001))


def test_an_event_goes_on_after_a_snapshot() -> None:
    event = {"when": "2026-01-05..2026-01-07", "price": "80 %"}
    snapshot = buyers(policy(points__price_events=[event]), 10, 4_001)
    world = World.resume(snapshot)
    world.run(snapshot.day + 6)
    outcome = World.resume(world.snapshot()).run(snapshot.day + 10)
    assert outcome.total("points_paid") == 5_001 + 3 * 4_001


def test_a_frozen_balance_is_usable_again_after_the_next_order() -> None:
    arm = policy(points__freeze={"after_days": 60})
    snapshot = buyers(arm, 3, 1_000)
    snapshot.shoppers["last_order_day"] = [snapshot.day - 60, snapshot.day - 60, snapshot.day + 2 - 60]
    world = World.resume(snapshot, arm)
    outcome = world.run(snapshot.day + 3)
    # the second comes 61 days after the last order
    assert list(days_with(outcome, "points_redeemed")) == [snapshot.day, snapshot.day + 2]
    assert days_with(outcome, "frozen_balances") == {snapshot.day + 1: 1}
    later = world.snapshot()
    let_buy(later, 1, later.day + 10)
    again = World.resume(later, arm).run(later.day + 11)
    assert days_with(again, "points_redeemed").keys() == {later.day + 10}


def test_a_freeze_is_told_and_can_be_changed_by_address() -> None:
    arm = policy(points__freeze={"after_days": 60}).with_({"points.freeze.after_days": 90})
    assert arm.value_at("points.freeze.after_days") == 90
    assert "After 90 days without an order the balance is frozen until the next order." in told(arm)
