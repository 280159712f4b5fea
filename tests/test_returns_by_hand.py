"""Returns, recomputed by hand: when goods come back, what is refunded and recovered, and what becomes of points."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from memberlab.policies import Policy, load_policy
from memberlab.results import bridge_totals, margin_bridge
from memberlab.sim import Outcome, Snapshot, World

from .worlds import LAUNCH_MONTH, days_with, let_buy, quiet_snapshot

POINTS = {"earn": {"points": 10, "per": 1}, "redeem": {"points": 100, "value": 1}}
RETURNS = {"share": "100 %", "days": 14, "resale": "60 %", "handling": 3}


def policy(returns: object = None, **changes: object) -> Policy:
    points = {**POINTS, **({"returns": returns} if returns else {})}
    named = {address.replace("__", "."): value for address, value in changes.items()}
    return load_policy("no-programme").with_({"currency": "CNY", "points": points, **named})


def buyers(arm: Policy, count: int, balance: int = 0, returns: object = RETURNS, **changes: Any) -> Snapshot:
    """Return a launch morning on which each of the shoppers will order once, all on the third day."""
    snapshot = quiet_snapshot(arm, count, returns=returns, **changes)
    for shopper in range(count):
        let_buy(snapshot, shopper, snapshot.day + 3)
        snapshot.shoppers["lots"][shopper][LAUNCH_MONTH - 1] = balance
    snapshot.shoppers["points_balance"] = balance
    return snapshot


def lived(snapshot: Snapshot, days: int = 60, **how: bool) -> Outcome:
    world = World.resume(snapshot)
    return world.run(snapshot.day + days, **how)


def test_a_world_without_returns_has_none() -> None:
    assert lived(buyers(policy(), 20, returns=None)).total("returns") == 0


def test_goods_come_back_within_the_days_and_the_money_goes() -> None:
    snapshot = buyers(policy(points=None), 500)
    outcome = lived(snapshot)
    days = days_with(outcome, "returns")
    assert set(days) == set(range(snapshot.day + 4, snapshot.day + 18))  # each of the 14 days after the order
    assert outcome.total("returns") == outcome.total("orders") == 500
    assert outcome.total("refunds") == outcome.total("gmv")
    costs = outcome.total("cost_of_goods")
    assert costs * 60 // 100 - 500 <= -outcome.total("returned_goods") <= costs * 60 // 100  # each one rounded down
    assert outcome.total("return_handling") == 500 * 300
    assert (outcome.shoppers["window_spend"] == 0).all()
    assert (outcome.shoppers["gmv"] > 0).all()  # GMV counts what was sold


@pytest.mark.parametrize("resale", ["0 %", "35 %", "100 %"])
def test_the_cost_of_goods_is_recovered_as_far_as_they_can_be_sold_again(resale: str) -> None:
    outcome = lived(buyers(policy(), 1, returns={**RETURNS, "resale": resale}))
    share = int(resale.removesuffix(" %"))
    assert -outcome.total("returned_goods") == outcome.total("cost_of_goods") * share // 100


def test_the_share_is_that_of_the_scenario_and_padded_orders_come_back_more_often() -> None:
    arm = policy(shipping={"fee": 9, "free_from": 260})
    snapshot = buyers(arm, 4_000, returns={"share": "8 %", "padded": "40 %"}, assumptions={"padding_debt": 0})
    outcome = lived(snapshot)
    padded = outcome.shoppers["window_spend"] != 0  # not yet returned
    assert 0.08 < 1 - padded.mean() < 0.2
    plain = lived(buyers(arm, 4_000, returns={"share": "8 %", "padded": "0 %"}))
    assert plain.total("returns") == pytest.approx(320, abs=3.5 * np.sqrt(320 * 0.92))
    assert outcome.total("returns") > plain.total("returns") + 50
    assert outcome.total("gmv") == plain.total("gmv")


def test_the_bridge_ties_out_with_returns() -> None:
    arm = policy({"claw_back": "may_go_negative"})
    outcome = lived(buyers(arm, 50, balance=500))
    lines = {line.name: line.amount for line in margin_bridge(bridge_totals(outcome))}
    net = lines["gmv"] + lines["points_paid"] + lines["points_paid_back"] + lines["refunds"]
    assert lines["net_revenue"] == net + lines["refunds_in_points"] + lines["shipping_charged"] == 0
    # what is lost are payments, handling and the goods that were not recovered
    lost = outcome.total("cost_of_goods") + outcome.total("returned_goods") + outcome.total("return_handling")
    assert lines["margin"] == -lost - outcome.total("shipping_cost") - outcome.total("payment_cost")
    assert outcome.shoppers["benefit_cost"].tolist() == [0] * 50


# points that paid


@pytest.mark.parametrize("points_paid", ["given_back", "lost"])
def test_points_that_paid_come_back_or_not_as_stated(points_paid: str) -> None:
    outcome = lived(buyers(policy({"points_paid": points_paid}), 10, balance=500))
    assert outcome.total("points_paid") == 10 * 500
    assert outcome.total("refunds") == outcome.total("gmv") - 5_000
    given_back = 5_000 if points_paid == "given_back" else 0
    assert outcome.total("points_given_back") == given_back
    assert outcome.total("refunds_in_points") == -outcome.total("points_paid_back") == given_back
    assert outcome.closing.points == given_back


# points that were earned


def test_points_of_a_returned_order_are_taken_back() -> None:
    outcome = lived(buyers(policy(), 10))
    assert outcome.total("points_clawed_back") == outcome.total("points_issued") > 0
    assert days_with(outcome, "points_clawed_back").keys() == days_with(outcome, "returns").keys()
    assert outcome.closing.points == 0


def one_who_spends_before_the_return(claw_back: str) -> tuple[Outcome, int, int]:
    """Return a run in which the points of an order are spent before it comes back, what they were, and what is left.

    The second order is not returned, because the market changes its mind between the two.
    """
    arm = policy({"claw_back": claw_back, "points_paid": "lost"}, points__maximum_share="0.2 %")
    snapshot = buyers(arm, 1, returns={"share": "100 %", "days": 1})
    world = World.resume(snapshot)
    world.run(snapshot.day + 4)
    later = world.snapshot()
    earned = int(later.shoppers["points_balance"][0])
    later.market["return_share"] = 0
    # spent elsewhere, so that the balance no longer holds what the order earned
    later.shoppers["points_balance"] = 100
    later.shoppers["lots"][:] = 0
    later.shoppers["lots"][0][LAUNCH_MONTH] = 100
    let_buy(later, 0, later.day + 9, pays_with_points=False)
    world = World.resume(later)
    return world.run(later.day + 10), earned, 100


def test_a_debt_is_settled_by_the_next_credit() -> None:
    outcome, earned, left = one_who_spends_before_the_return("may_go_negative")
    first_day, last_day = outcome.first_day, outcome.first_day + 9
    assert days_with(outcome, "points_clawed_back") == {first_day: earned}
    issued = days_with(outcome, "points_issued")
    assert issued.keys() == {last_day}
    # the balance went to minus (earned - 100), and the next credit takes that part first
    assert outcome.closing.points == left - earned + issued[last_day]
    assert int(outcome.shoppers["points_balance"][0]) == max(0, issued[last_day] - (earned - left))
    assert int(outcome.cards["points_debt"][0]) == max(0, earned - left - issued[last_day])


def test_within_the_balance_no_debt_arises() -> None:
    outcome, _, left = one_who_spends_before_the_return("within_balance")
    assert outcome.total("points_clawed_back") == left
    assert int(outcome.shoppers["points_balance"][0]) == outcome.total("points_issued")


def test_pending_points_only_leaves_a_balance_alone() -> None:
    outcome, _, left = one_who_spends_before_the_return("pending_only")
    assert outcome.total("points_clawed_back") == 0
    assert int(outcome.shoppers["points_balance"][0]) == left + outcome.total("points_issued")


# pending points


def test_pending_points_are_owed_but_cannot_be_used_until_their_day() -> None:
    snapshot = buyers(policy({"pending_days": 20}), 1, returns=None)
    world = World.resume(snapshot)
    outcome = world.run(snapshot.day + 23)
    issued = outcome.total("points_issued")
    assert issued > 0
    assert outcome.shoppers["points_balance"].tolist() == [0]
    assert outcome.closing.points == issued
    assert world.run(snapshot.day + 24).shoppers["points_balance"].tolist() == [issued]


def test_pending_points_of_a_returned_order_never_reach_the_balance() -> None:
    snapshot = buyers(policy({"pending_days": 15, "claw_back": "pending_only"}), 40)
    outcome = lived(snapshot)
    assert outcome.total("points_clawed_back") == outcome.total("points_issued") > 0
    assert outcome.closing.points == 0
    assert (outcome.cards["pending_parts"] == 0).all()


def test_more_pending_parts_than_a_card_keeps_wait_with_the_last() -> None:
    arm = policy({"pending_days": 30})
    snapshot = quiet_snapshot(arm, 1)
    world = World.resume(snapshot)
    for day in range(9):
        later = world.snapshot()
        let_buy(later, 0, snapshot.day + day)
        world = World.resume(later)
        outcome = world.run(snapshot.day + day + 1)
    held = outcome.cards["pending_parts"][0]
    assert (held > 0).all()
    assert held.sum() == outcome.cards["pending_points"][0] == outcome.closing.points
    assert outcome.cards["pending_days"][0].tolist() == [snapshot.day + day + 30 for day in (0, 1, 2, 3, 4, 8)]
    outcome = world.run(snapshot.day + 39)
    assert outcome.shoppers["points_balance"][0] == held.sum()


def test_pending_points_are_handed_over_to_a_policy_that_knows_none() -> None:
    snapshot = buyers(policy({"pending_days": 40}), 1, returns=None)
    world = World.resume(snapshot)
    issued = world.run(snapshot.day + 31).total("points_issued")
    same = world.fork(policy())
    assert same.run(snapshot.day + 50).shoppers["points_balance"].tolist() == [issued]
    dropped = world.fork(policy(points=None))
    outcome = dropped.run(snapshot.day + 70)
    assert outcome.total("points_expired") == issued
    assert outcome.closing.points == 0


@pytest.mark.parametrize("claw_back", ["pending_only", "within_balance", "may_go_negative"])
def test_both_drivers_and_a_stop_give_the_same_bits(claw_back: str) -> None:
    arm = policy({"pending_days": 5, "claw_back": claw_back}, points__expiry={"days": 60})
    snapshot = buyers(arm, 60, balance=800, returns={"share": "50 %", "days": 30})
    snapshot.shoppers["visit_gap"] = 6
    straight, other = lived(snapshot, 300), lived(snapshot, 300, day_by_day=True)
    assert straight.total("returns") > 300
    assert straight.digest() == other.digest()
    assert straight.cards.tobytes() == other.cards.tobytes()
    world = World.resume(snapshot)
    for stop in (11, 45, 130):
        world.run(snapshot.day + stop)
        world = World.resume(world.snapshot())
    stopped = world.run(snapshot.day + 300)
    assert stopped.cards.tobytes() == straight.cards.tobytes()
    assert stopped.shoppers["lots"].tobytes() == straight.shoppers["lots"].tobytes()
