"""Price protection, recomputed by hand: which falls of a price are refunded, to the cent, on which day, and which are
not.
"""

from __future__ import annotations

import pytest

from memberlab.policies import Policy, load_policy
from memberlab.sim import MEMBER, Outcome, Purpose, Snapshot, World, keyed_uniforms, warm_up

from .worlds import (
    LAUNCH_MONTH,
    brisk_population,
    days_with,
    full_policy,
    let_buy,
    opening,
    quiet_snapshot,
    small_scenario,
)

SURE = {"membership_consideration": 0, "price_protection_take_up": 1}
CUT = {"name": "cut", "from_month": 2, "prices": 0.8}


def policy(days: int = 30, **changes: object) -> Policy:
    base = load_policy("four-tiers-simple").with_({"points": None, "price_protection": {"days": days}})
    return base.with_({address.replace("__", "."): value for address, value in changes.items()})


def morning(arm: Policy, shoppers: int = 1, **changes: object) -> Snapshot:
    return quiet_snapshot(arm, shoppers, **{"assumptions": SURE, **changes})


def lived(snapshot: Snapshot, days: int) -> Outcome:
    world = World.resume(snapshot)
    return world.run(world.day + days)


def order_before(snapshot: Snapshot, days: int) -> int:
    """Let the shopper order so many days before the second month of the horizon opens; return that day."""
    february = opening(snapshot, LAUNCH_MONTH + 1)
    let_buy(snapshot, 0, february - days)
    return february


@pytest.mark.parametrize("refund", ["100 %", "50 %"])
def test_a_fall_of_market_prices_is_refunded_on_the_first_of_the_month(refund: str) -> None:
    snapshot = morning(policy(price_protection__refund=refund), shocks=[CUT])
    february = order_before(snapshot, 10)
    outcome = lived(snapshot, 60)
    paid, list_value = outcome.total("gmv"), outcome.total("list_value")
    difference = paid - int(list_value * 0.8 + 0.5)
    expected = difference if refund == "100 %" else difference // 2
    assert days_with(outcome, "price_protection") == {february: expected}
    assert days_with(outcome, "price_refunds") == {february: 1}
    assert outcome.shoppers["benefit_cost"][0] == expected + outcome.total("shipping_waived_by_threshold")
    assert all(result.holds for result in outcome.identities())


@pytest.mark.parametrize(("days", "is_refunded"), [(9, False), (10, True), (11, True)])
def test_a_fall_after_the_last_protected_day_is_not(days: int, is_refunded: bool) -> None:
    snapshot = morning(policy(days), shocks=[CUT])
    order_before(snapshot, 10)
    assert lived(snapshot, 60).total("price_refunds") == int(is_refunded)


def test_a_higher_tier_makes_the_latest_order_cheaper() -> None:
    snapshot = morning(policy())
    february = order_before(snapshot, 5)
    # silver by what was bought in December; gold on 1 February by this order
    record = snapshot.shoppers[0]
    record["tier"], record["window_spend"], record["month_spend"][LAUNCH_MONTH - 1] = 1, 700_00, 700_00
    record["basket_scale"] = 30_000
    outcome = lived(snapshot, 60)
    assert outcome.shoppers["tier"][0] == 2
    list_value = outcome.total("list_value")
    assert outcome.total("gmv") == list_value - list_value * 200 // 10_000
    refund = list_value * 400 // 10_000 - list_value * 200 // 10_000
    assert days_with(outcome, "price_protection") == {february: refund}


def test_joining_the_paid_membership_is_seen_on_the_last_protected_day() -> None:
    arm = policy(12, membership={"fee": 99, "discount": "5 %"})
    snapshot = morning(arm)
    let_buy(snapshot, 0, snapshot.day + 3)
    world = World.resume(snapshot)
    world.run(snapshot.day + 8)
    list_value = world.run(snapshot.day + 8).total("list_value")
    joined = world.snapshot()
    joined.shoppers["status"] |= MEMBER
    joined.shoppers["term_end"] = world.day + 300
    outcome = World.resume(joined).run(snapshot.day + 30)
    assert days_with(outcome, "price_protection") == {snapshot.day + 15: list_value * 500 // 10_000}


def test_who_does_not_notice_gets_nothing_and_does_not_ask_later() -> None:
    changes = {"assumptions": {**SURE, "price_protection_take_up": 0.3}}
    shoppers = 40
    snapshot = quiet_snapshot(policy(60), shoppers, shocks=[CUT], **changes)
    february = opening(snapshot, LAUNCH_MONTH + 1)
    for shopper in range(shoppers):
        let_buy(snapshot, shopper, february - 3)
    outcome = lived(snapshot, 150)
    lots = keyed_uniforms(snapshot.seed, range(shoppers), february, Purpose.PRICE_PROTECTION)
    assert days_with(outcome, "price_refunds") == {february: int((lots < 0.3).sum())}


def test_only_the_latest_order_is_protected() -> None:
    snapshot = morning(policy(40), shocks=[CUT])
    february = order_before(snapshot, 20)
    world = World.resume(snapshot)
    world.run(february - 10)
    halfway = world.snapshot()
    let_buy(halfway, 0, february - 5)
    outcome = World.resume(halfway).run(february + 40)
    list_value = outcome.total("list_value")
    assert list_value != halfway.cards["protected_list"][0] > 0
    assert outcome.total("price_protection") == outcome.total("gmv") - int(list_value * 0.8 + 0.5)


def test_a_cut_of_market_prices_leaves_the_cost_of_goods() -> None:
    plain, cut = (morning(policy(), shocks=shocks) for shocks in ([], [CUT]))
    results = []
    for snapshot in (plain, cut):
        let_buy(snapshot, 0, opening(snapshot, LAUNCH_MONTH + 1) + 3)
        snapshot.shoppers["basket_scale"] = 10_000  # far above free delivery, so that nothing is added to reach it
        results.append(lived(snapshot, 60))
    assert results[1].total("list_value") == pytest.approx(0.8 * results[0].total("list_value"), abs=1)
    assert results[1].total("cost_of_goods") == pytest.approx(results[0].total("cost_of_goods"), abs=1)


# the whole world


@pytest.fixture(scope="module")
def protected() -> Snapshot:
    scenario = small_scenario(shocks=[{"name": "sale", "from_month": 3, "until_month": 8, "prices": 0.9}])
    arm = full_policy().with_({"price_protection": {"days": 45}})
    return warm_up(scenario, incumbent=arm, population=brisk_population())


def test_both_drivers_and_a_snapshot_give_the_same_bits(protected: Snapshot) -> None:
    worlds = [World.resume(protected) for _ in range(2)]
    one, other = (world.run(world.end, day_by_day=mode) for world, mode in zip(worlds, (True, False), strict=True))
    assert one.digest() == other.digest()
    assert one.total("price_refunds") > 20
    halted = World.resume(protected)
    halted.run(protected.day + 50)
    again = World.resume(halted.snapshot())
    again.run(again.end)
    assert again.cards.tobytes() == one.cards.tobytes()
    assert (again.shoppers["goodwill"] == one.shoppers["goodwill"]).all()
