"""Instant refunds, recomputed by hand: whose goods are lost by them, where that is booked, and whom they please."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from memberlab.policies import (
    Customers,
    DocumentError,
    Policy,
    Severity,
    TypicalShopper,
    differences,
    lint,
    load_model_text,
    load_policy,
)
from memberlab.results import bridge_totals, margin_bridge
from memberlab.scenarios import customers_of, load_scenario
from memberlab.sim import ASSUMPTIONS, MEMBER, Outcome, Purpose, Snapshot, World, keyed_uniforms

from .worlds import days_with, let_baskets_be, let_buy, quiet_snapshot

RETURNS: dict[str, object] = {"share": "100 %", "days": 1, "resale": "60 %", "handling": 3, "refund_days": 7}
LOSS = 0.1
SHOPPERS = 400
ORDER, BACK = 3, 4
"""Days after launch on which everybody orders, and on which the goods come back."""


def policy(**changes: object) -> Policy:
    """Return four tiers that differ in nothing, without points and delivery fees."""
    tiers = {name: {"threshold": 100 * level} for level, name in enumerate(("ordinary", "silver", "gold", "diamond"))}
    base = load_policy("no-programme").with_({"currency": "CNY", "tiers": tiers})
    return base.with_({address.replace("__", "."): value for address, value in changes.items()})


def buyers(arm: Policy, count: int = SHOPPERS, *, loss: float = LOSS, **changes: object) -> Snapshot:
    """Return a launch morning on which each shopper will order once, all on the same day, and send the goods back."""
    assumptions = {"membership_consideration": 0, "instant_refund_loss": loss}
    snapshot = quiet_snapshot(arm, count, **{"returns": RETURNS, "assumptions": assumptions, **changes})
    for shopper in range(count):
        let_buy(snapshot, shopper, snapshot.day + ORDER)
    return snapshot


def lived(snapshot: Snapshot, days: int = 10, **how: bool) -> Outcome:
    return World.resume(snapshot).run(snapshot.day + days, **how)


def in_tiers(snapshot: Snapshot, status: int = 0) -> Outcome:
    """Let everybody order, stand in one of the four tiers on the next morning, and send the goods back."""
    if status & MEMBER:
        snapshot.shoppers["status"] |= MEMBER
        snapshot.shoppers["term_end"] = snapshot.day + 300
    world = World.resume(snapshot)
    world.run(snapshot.day + BACK)
    world.shoppers["tier"] = tiers()
    return world.run(snapshot.day + BACK + 1)


def tiers() -> NDArray[np.int_]:
    return np.arange(SHOPPERS) % 4


def never_back(snapshot: Snapshot, day: int, count: int = SHOPPERS) -> NDArray[np.bool_]:
    """Return whose goods do not come back if an order of `day` is refunded at once."""
    return keyed_uniforms(snapshot.seed, range(count), day, Purpose.GOODS_NEVER_BACK) < LOSS


def recovered(list_value: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what the shop recovers of orders in cents: 60 % of a cost of 60 %."""
    return list_value * 6_000 // 10_000 * 6_000 // 10_000


# what it costs


def test_the_goods_that_never_come_back_are_a_cost_of_the_benefit_and_nothing_else_changes() -> None:
    snapshot = buyers(policy(instant_refund={}))
    outcome, without = lived(snapshot), lived(buyers(policy()))
    lost = np.where(never_back(snapshot, snapshot.day + ORDER), recovered(outcome.shoppers["gmv"]), 0)
    assert 20 < (lost > 0).sum() < 60
    assert outcome.shoppers["benefit_cost"].tolist() == lost.tolist()
    assert (without.shoppers["margin"] - outcome.shoppers["margin"]).tolist() == lost.tolist()
    assert days_with(outcome, "instant_refunds") == {snapshot.day + BACK: lost.sum()}
    assert days_with(outcome, "refunded_at_once") == {snapshot.day + BACK: SHOPPERS}
    assert all(result.holds for result in outcome.identities())
    # what is booked on which day is that of the return without it, the recovery of the goods before the loss included
    for measure in ("returns", "refunds", "returned_goods", "return_handling"):
        assert days_with(outcome, measure) == days_with(without, measure)
    assert without.total("instant_refunds") == without.total("refunded_at_once") == 0


def test_the_bridge_has_the_loss_on_a_line_of_its_own() -> None:
    outcome, without = lived(buyers(policy(instant_refund={}))), lived(buyers(policy()))
    here, there = ({line.name: line.amount for line in margin_bridge(bridge_totals(one))} for one in (outcome, without))
    assert here["instant_refunds"] == here["margin"] - there["margin"] == -outcome.total("instant_refunds") < 0
    assert there["instant_refunds"] == 0
    assert here["net_revenue"] == there["net_revenue"]


@pytest.mark.parametrize("loss", [0, 0.02, 0.10])
def test_the_share_lost_is_the_assumption(loss: float) -> None:
    snapshot = buyers(policy(instant_refund={}), loss=loss)
    lots = keyed_uniforms(snapshot.seed, range(SHOPPERS), snapshot.day + ORDER, Purpose.GOODS_NEVER_BACK)
    outcome = lived(snapshot)
    assert outcome.total("instant_refunds") == recovered(outcome.shoppers["gmv"])[lots < loss].sum()


def test_goods_that_are_worth_nothing_cannot_be_lost() -> None:
    outcome = lived(buyers(policy(instant_refund={}), returns={**RETURNS, "resale": "0 %"}))
    assert outcome.total("refunded_at_once") == SHOPPERS
    assert outcome.total("instant_refunds") == 0


def test_orders_that_come_back_together_are_lost_one_by_one() -> None:
    """Six orders are on their way back, and the card keeps four apart."""
    orders, count = 6, 60
    snapshot = quiet_snapshot(
        policy(instant_refund={}), count, returns={**RETURNS, "days": 120},
        assumptions={"membership_consideration": 0, "instant_refund_loss": LOSS},
    )  # fmt: skip
    let_baskets_be(snapshot, 10_000)
    lost = booked = returns = 0
    for _ in range(orders):
        for shopper in range(count):
            let_buy(snapshot, shopper, snapshot.day)
        lost += never_back(snapshot, snapshot.day, count).sum()
        world = World.resume(snapshot)
        outcome = world.run(snapshot.day + 1)
        booked, returns = booked + outcome.total("instant_refunds"), returns + outcome.total("returns")
        snapshot = world.snapshot()
    outcome = lived(snapshot, 130)
    assert returns + outcome.total("returns") < orders * count  # some came back together
    assert booked + outcome.total("instant_refunds") == lost * 3_600 > 0
    assert (outcome.cards["return_lost"] == 0).all()


# for whom


@pytest.mark.parametrize(
    ("promise", "status", "first_tier"),
    [({"from_tier": "gold"}, 0, 2), ({"members": True}, 0, 9), ({"members": True}, MEMBER, 0), ({}, 0, 0),
     ({"from_tier": "diamond", "members": True}, 0, 3), ({"from_tier": "diamond", "members": True}, MEMBER, 0)],
)  # fmt: skip
def test_it_is_for_those_to_whom_it_is_promised_on_the_day_of_the_return(
    promise: dict[str, object], status: int, first_tier: int
) -> None:
    snapshot = buyers(policy(membership={"fee": 99}, instant_refund=promise))
    outcome = in_tiers(snapshot, status)
    entitled = tiers() >= first_tier
    lost = never_back(snapshot, snapshot.day + ORDER) & entitled
    assert outcome.total("refunded_at_once") == entitled.sum()
    assert outcome.total("instant_refunds") == recovered(outcome.shoppers["gmv"])[lost].sum()
    assert (outcome.shoppers["goodwill"] > 0).tolist() == entitled.tolist()


def test_finance_sees_the_loss_by_tier() -> None:
    snapshot = buyers(policy(instant_refund={"from_tier": "silver"}))
    outcome = in_tiers(snapshot)
    lost = np.where(never_back(snapshot, snapshot.day + ORDER), recovered(outcome.shoppers["gmv"]), 0)
    by_state = outcome.ledger["instant_refunds"].sum(axis=0)
    assert by_state[0] == 0
    assert [by_state[2 * tier] for tier in (1, 2, 3)] == [lost[tiers() == tier].sum() for tier in (1, 2, 3)]
    rows = outcome.daily[outcome.daily["measure"] == "instant_refunds"]
    assert rows["value"].sum() == by_state.sum() > 0


def test_goods_on_their_way_are_refunded_as_the_policy_of_the_day_says() -> None:
    snapshot = buyers(policy())
    world = World.resume(snapshot)
    world.run(snapshot.day + BACK)
    arm = world.fork(policy(instant_refund={}))
    outcome = arm.run(snapshot.day + 10)
    assert outcome.total("refunded_at_once") == SHOPPERS
    lost = never_back(snapshot, snapshot.day + ORDER)
    assert (outcome.shoppers["benefit_cost"] > 0).tolist() == lost.tolist()


# what it is to a member


@pytest.mark.parametrize("days", [0, 1, 3, 7, 30])
def test_it_pleases_by_the_wait_that_it_spares(days: int) -> None:
    snapshot = buyers(policy(instant_refund={}), 5, returns={**RETURNS, "refund_days": days})
    goodwill = lived(snapshot).shoppers["goodwill"]
    assert goodwill.tolist() == pytest.approx([0.03 * min(1, days / 7)] * 5)
    assert (lived(buyers(policy(), 5)).shoppers["goodwill"] == 0).all()


def test_goodwill_from_before_has_faded_by_then() -> None:
    snapshot = buyers(policy(instant_refund={}), 1)
    snapshot.shoppers["goodwill"] = 0.5
    faded = 0.5 * math.exp(-BACK / assumed("goodwill_memory"))
    assert float(lived(snapshot).shoppers["goodwill"][0]) == pytest.approx(faded + 0.03, rel=1e-5)


def assumed(name: str) -> float:
    return next(assumption.default for assumption in ASSUMPTIONS if assumption.name == name)


def test_whoever_has_gone_before_the_return_is_refunded_and_not_pleased() -> None:
    snapshot = buyers(policy(instant_refund={}), 2)
    snapshot.shoppers["lifetime_left"][0] = ORDER + 0.5
    outcome = lived(snapshot)
    assert outcome.total("refunded_at_once") == 2
    assert outcome.shoppers["goodwill"].tolist() == pytest.approx([0, 0.03])


def test_whoever_paid_with_points_alone_had_no_money_to_wait_for() -> None:
    points = {"earn": {"points": 10, "per": 1}, "redeem": {"points": 100, "value": 1}}
    snapshot = buyers(policy(points=points, instant_refund={}), 2)
    let_baskets_be(snapshot, 10_000)
    snapshot.shoppers["points_balance"] = snapshot.shoppers["lots"][:, 11] = [10_000, 0]
    outcome = lived(snapshot)
    assert outcome.total("refunds") == outcome.total("refunds_in_points") == 10_000
    # paying with points has pleased on the day of the order
    assert outcome.shoppers["goodwill"].tolist() == pytest.approx([assumed("reward_goodwill"), 0.03])


# where it changes nothing


def test_the_days_of_a_refund_alone_change_nothing() -> None:
    slow, prompt = (buyers(policy(), 50, returns={**RETURNS, "refund_days": days}) for days in (30, 0))
    assert lived(slow, 60).digest() == lived(prompt, 60).digest()


def test_where_nothing_comes_back_the_promise_changes_nothing() -> None:
    with_promise, without = (buyers(arm, 50, returns=None) for arm in (policy(instant_refund={}), policy()))
    assert lived(with_promise, 60).digest() == lived(without, 60).digest()


def customers(refund_days: int | None) -> Customers:
    typical = TypicalShopper("typical", 3, 24_000, 6.25)
    return Customers((typical, typical, typical), 1_200_000, 4_000, refund_days)


@pytest.mark.parametrize(
    ("refund_days", "severity"), [(None, Severity.NOTE), (0, Severity.WARNING), (1, None), (7, None)]
)
def test_the_linter_warns_where_it_has_no_effect(refund_days: int | None, severity: Severity | None) -> None:
    arm = load_policy("four-tiers-simple").with_({"instant_refund": {"from_tier": "gold"}})
    found = [one for one in lint(arm, customers(refund_days)) if one.rule == "refund-for-nothing"]
    assert [one.severity for one in found] == ([] if severity is None else [severity])


def test_the_linter_knows_the_wait_from_the_scenario() -> None:
    baseline = load_scenario("baseline")
    assert customers_of(baseline).refund_days is None
    assert customers_of(baseline.with_({"returns": {"share": "8 %"}})).refund_days == 0
    assert customers_of(baseline.with_({"returns": {"share": "8 %", "refund_days": 9}})).refund_days == 9
    assert customers_of(baseline.with_({"returns": {"share": "0 %", "refund_days": 9}})).refund_days is None


def test_a_tier_with_instant_refunds_is_no_dominated_one() -> None:
    base = load_policy("four-tiers-simple")
    same = base.with_({"tiers.gold.discount": "2 %", "tiers.gold.earn_multiplier": 1.2})
    better = same.with_({"instant_refund": {"from_tier": "gold"}})
    rules = [{one.rule for one in lint(arm, customers(7))} for arm in (same, better)]
    assert "dominated-tier" in rules[0] - rules[1]


# bits, and what is refused


def test_both_drivers_and_a_stop_give_the_same_bits() -> None:
    snapshot = buyers(policy(instant_refund={"from_tier": "silver"}), 60, returns={**RETURNS, "days": 30})
    snapshot.shoppers["visit_gap"] = 6
    straight, other = lived(snapshot, 200), lived(snapshot, 200, day_by_day=True)
    assert straight.total("refunded_at_once") > 100
    assert straight.digest() == other.digest()
    world = World.resume(snapshot)
    for stop in (5, 45, 130):
        world.run(snapshot.day + stop)
        world = World.resume(world.snapshot())
    stopped = world.run(snapshot.day + 200)
    assert stopped.cards.tobytes() == straight.cards.tobytes()
    assert (stopped.shoppers["goodwill"] == straight.shoppers["goodwill"]).all()


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("four-tiers-simple", {"from_tier": "golden"},
         r"instant_refund\.from_tier: there is no tier 'golden'; write one of the policy's tiers \(ordinary, silver"),
        ("no-programme", {"from_tier": "gold"},
         r"instant_refund\.from_tier: there is no tier 'gold'; the policy has none; write a tiers section"),
        ("no-programme", {"members": True}, r"instant_refund\.members: there is no paid membership"),
        ("no-programme", {"member": True}, r"instant_refund\.member: unknown key 'member', did you mean 'members'"),
    ],
)  # fmt: skip
def test_promises_to_nobody_are_refused(name: str, change: dict[str, Any], message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        load_policy(name).with_({"instant_refund": change})


def test_a_promise_to_nobody_is_told_with_its_line() -> None:
    text = "name: mine\ncurrency: CNY\ninstant_refund:\n  from_tier: gold\n  members: true\n"
    with pytest.raises(DocumentError) as caught:
        load_model_text(Policy, text, "mine.yaml")
    assert [str(problem).split(";")[0] for problem in caught.value.problems] == [
        "mine.yaml:4 instant_refund.from_tier: there is no tier 'gold'",
        "mine.yaml:5 instant_refund.members: there is no paid membership",
    ]


def test_a_promise_to_everybody_is_written_back_and_is_a_difference() -> None:
    before = load_policy("four-tiers-simple")
    after = before.with_({"instant_refund": {}})
    assert load_model_text(Policy, after.to_yaml(), "after").instant_refund == after.instant_refund is not None
    (new,), (dropped,) = differences(before, after), differences(after, before)
    assert str(new).startswith("instant_refund is new: as by default. The refund of returned goods")
    assert dropped.words == "is dropped; it was as by default"
    (narrower,) = differences(after, before.with_({"instant_refund": {"from_tier": "gold"}}))
    assert (narrower.change.address, narrower.words) == ("instant_refund.from_tier", "is new: gold")
