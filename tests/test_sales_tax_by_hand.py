"""Sales tax, recomputed by hand: what of orders, returns and fees is handed on, and whether points are earned on it."""

from __future__ import annotations

import pytest

from memberlab.policies import Policy, give_back, load_policy, told
from memberlab.results import bridge_totals, margin_bridge
from memberlab.scenarios import customers_of
from memberlab.sim import MEMBER, Outcome, Snapshot, World

from .worlds import LAUNCH_MONTH, brisk_population, let_buy, opening, quiet_snapshot, small_scenario

POINTS = {"earn": {"points": 3, "per": 20}, "redeem": {"points": 100, "value": 1}, "expected_redemption": "100 %"}
TAX = "13 %"


def policy(**changes: object) -> Policy:
    base = load_policy("no-programme").with_(
        {"currency": "CNY", "shipping": {"fee": 9.99, "free_from": 260}, "member_discount": "7 %", "points": POINTS}
    )
    return base.with_({address.replace("__", "."): value for address, value in changes.items()})


def buyers(arm: Policy, count: int, balance: int = 0, **changes: object) -> Snapshot:
    """Return a snapshot whose shoppers order one after the other, a day each."""
    snapshot = quiet_snapshot(arm, count, **changes)
    for shopper in range(count):
        let_buy(snapshot, shopper, snapshot.day + shopper)
        snapshot.shoppers["lots"][shopper][LAUNCH_MONTH - 1] = balance
    snapshot.shoppers["points_balance"] = balance
    return snapshot


def lived(snapshot: Snapshot, days: int) -> Outcome:
    return World.resume(snapshot).run(snapshot.day + days)


def tax_in(cents: int) -> int:
    return cents * 13 // 113


def test_a_world_without_sales_tax_hands_nothing_on() -> None:
    assert lived(buyers(policy(), 20), 25).total("sales_tax") == 0


def test_the_tax_is_that_in_what_is_paid_in_money_for_goods_and_delivery() -> None:
    outcome = lived(buyers(policy(), 25, balance=4_000, sales_tax=TAX), 25)
    daily = {name: outcome.ledger[name].sum(axis=1) for name in ("gmv", "points_paid", "shipping_charged", "sales_tax")}
    paid = daily["gmv"] - daily["points_paid"] + daily["shipping_charged"]
    assert daily["sales_tax"].tolist() == [tax_in(int(cents)) for cents in paid]
    assert outcome.total("points_paid") > 0 < outcome.total("shipping_charged")


def test_the_cost_of_goods_is_a_share_of_list_value_without_tax() -> None:
    outcome = lived(buyers(policy(), 1, sales_tax=TAX), 5)
    share = round(6_000 / 1.13)  # gross margin 40 %
    assert outcome.total("cost_of_goods") == outcome.total("list_value") * share // 10_000


def test_the_bridge_takes_the_tax_off_before_net_revenue() -> None:
    outcome = lived(buyers(policy(), 25, sales_tax=TAX), 25)
    lines = {line.name: line.amount for line in margin_bridge(bridge_totals(outcome))}
    assert lines["sales_tax"] == -outcome.total("sales_tax") < 0
    assert lines["net_revenue"] == lines["gmv"] + lines["shipping_charged"] - outcome.total("sales_tax")
    assert lines["margin"] + lines["points_provision"] * -1 == outcome.closing.margin
    assert all(result.holds for result in outcome.identities())


def test_the_tax_of_returned_goods_comes_back_and_that_of_delivery_does_not() -> None:
    snapshot = buyers(policy(points=None), 30, sales_tax=TAX, returns={"share": "100 %", "days": 1})
    outcome = lived(snapshot, 40)
    assert outcome.total("returns") == 30
    fees = outcome.total("shipping_charged")
    assert fees > 0
    assert outcome.total("sales_tax") == pytest.approx(fees * 13 / 113, abs=30)  # a cent of rounding an order


def test_the_tax_of_a_fee_is_owed_as_the_fee_is_earned() -> None:
    arm = policy(membership={"fee": 149, "months": 12})
    snapshot = quiet_snapshot(arm, 1, sales_tax=TAX)
    member = snapshot.shoppers[0]
    member["status"] |= MEMBER
    member["fee_paid"], member["term_end"] = 14_900, snapshot.day + 365
    days = opening(snapshot, LAUNCH_MONTH + 4) - snapshot.day
    outcome = lived(snapshot, days)
    earned = 14_900 * days // 365
    assert outcome.total("fees_earned") == earned
    assert outcome.total("sales_tax") == tax_in(earned) > 0


def test_points_can_be_earned_on_amounts_without_tax() -> None:
    for base, net in (({"tax": False}, True), ({"shipping": True}, False), ({"shipping": True, "tax": False}, True)):
        arm = policy(points__earn__base=base, points__earn__per=1)
        outcome = lived(buyers(arm, 25, sales_tax=TAX), 25)
        names = ("gmv", "shipping_charged", "points_issued")
        for goods, fee, points in zip(*(outcome.ledger[name].sum(axis=1).tolist() for name in names), strict=True):
            paid = goods + (fee if "shipping" in base else 0)
            assert points == (paid * 100 // 113 if net else paid) // 100 * 3


def test_the_give_back_is_on_amounts_without_tax_too() -> None:
    scenario = small_scenario(sales_tax=TAX)
    shopper = customers_of(scenario, brisk_population()).median
    earn = {"points": 1, "per": 0.1}
    with_tax = give_back(policy(points__earn=earn), shopper)
    without = give_back(policy(points__earn={**earn, "base": {"tax": False}}), shopper)
    assert without.points == pytest.approx(with_tax.points / 1.13, rel=1e-3)


def test_a_member_is_told_that_tax_earns_none() -> None:
    assert "paid for goods, without sales tax, earns" in " ".join(told(policy(points__earn__base={"tax": False})))
    assert "sales tax" not in " ".join(told(policy()))
