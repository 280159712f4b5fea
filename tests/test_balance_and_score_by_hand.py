"""Tiers by the balance of points, and the membership's gate by score, recomputed by hand."""

from __future__ import annotations

import datetime

import pytest

from memberlab.policies import Customers, Policy, TypicalShopper, lint, load_policy, told
from memberlab.sim import Snapshot, World

from .memberships import FOR_SURE, KEEN, members
from .standing import dates_with, policy
from .worlds import LAUNCH_MONTH, days_with, let_baskets_be, let_buy, quiet_snapshot

POINTS = {"earn": {"points": 1, "per": 1}, "redeem": {"points": 2, "value": 1}, "maximum_share": "50 %"}
CUSTOMERS = Customers(
    tuple(TypicalShopper(name, orders, 24_000, 6.25) for name, orders in (("l", 1), ("m", 3), ("h", 15))),
    rare_spend=1_200_000, gross_margin=4_000,
)  # fmt: skip


def by_balance(**rules: object) -> Policy:
    return policy(
        {"basis": "balance", **rules}, points=POINTS, tiers__gold__threshold=10**6, tiers__silver__discount="0 %"
    )


def owning(arm: Policy, balances: list[int]) -> Snapshot:
    """Return launch morning of members with these balances, all earned in the month before."""
    snapshot = quiet_snapshot(arm, len(balances))
    snapshot.shoppers["points_balance"] = balances
    snapshot.shoppers["lots"][:, LAUNCH_MONTH - 1] = balances
    return snapshot


def test_the_balance_of_the_day_decides_at_a_review() -> None:
    snapshot = owning(by_balance(), [599, 600, 700])
    assert World.resume(snapshot).run(snapshot.day + 1).shoppers["tier"].tolist() == [0, 1, 1]


def test_points_used_up_cost_the_tier_at_the_next_review() -> None:
    snapshot = owning(by_balance(), [700, 700])
    let_baskets_be(snapshot, 40_000)
    let_buy(snapshot, 0, snapshot.day + 40)
    outcome = World.resume(snapshot).run(snapshot.day + 70)
    assert outcome.total("points_redeemed") == 400  # 200 yuan, half of the order; the other half earns 200
    assert outcome.shoppers["points_balance"].tolist() == [500, 700]
    assert dates_with(outcome, "demotions") == {datetime.date(2026, 3, 1): 1}
    assert outcome.shoppers["tier"].tolist() == [0, 1]


def test_a_member_rises_at_once_by_the_points_of_an_order() -> None:
    snapshot = owning(by_balance(promotion="instant"), [0, 0])
    let_baskets_be(snapshot, 60_000)
    let_buy(snapshot, 0, snapshot.day + 5)
    outcome = World.resume(snapshot).run(snapshot.day + 20)
    assert days_with(outcome, "promotions") == {snapshot.day + 5: 1}
    assert World.resume(snapshot).run(snapshot.day + 20, day_by_day=True).digest() == outcome.digest()
    # points that are pending first are no balance: the member rises on the day on which they enter it
    pending = by_balance(promotion="instant").with_({"points.returns": {"pending_days": 9}})
    snapshot = owning(pending, [0, 0])
    let_baskets_be(snapshot, 60_000)
    let_buy(snapshot, 0, snapshot.day + 5)
    assert days_with(World.resume(snapshot).run(snapshot.day + 20), "promotions") == {snapshot.day + 14: 1}


def test_the_linter_knows_the_most_that_can_be_saved_up() -> None:
    base = load_policy("four-tiers-simple").with_({"qualification": {"basis": "balance"}})
    assert "unreachable-tier" not in {one.rule for one in lint(base, CUSTOMERS)}
    found = lint(base.with_({"tiers.diamond.threshold": 10**7}), CUSTOMERS)
    assert ("unreachable-tier", "tiers.diamond.threshold") in {(one.rule, one.address) for one in found}


# the gate by score


def scored(score: int, **rules: object) -> Policy:
    """Return 88VIP without tiers: 88 with the score, else 888."""
    qualification = {"basis": "growth", "growth": {"spend": 1, "social": 20}, **rules}
    membership = {"fee": 888, "gate": {"fee": 88, "score": score}}
    changes = {"currency": "CNY", "qualification": qualification, "membership": membership}
    return load_policy("no-programme").with_(changes)


def test_the_score_sets_the_fee_at_renewal() -> None:
    """Shoppers 0 and 2 have the score of 1,000 on the day of renewal, 3 had it until the end of December."""
    snapshot = members(scored(1000), [100] * 4, FOR_SURE)
    for shopper, value in enumerate([100_000, 99_999, 150_000]):
        snapshot.cards["month_value"][shopper, (LAUNCH_MONTH - 1) % 12] = value
        snapshot.cards["window_value"][shopper] = value
    snapshot.cards["month_value"][3, LAUNCH_MONTH % 12] = snapshot.cards["window_value"][3] = 100_000
    until = snapshot.day + 300
    outcome = World.resume(snapshot).run(until)
    assert outcome.shoppers["fee_paid"].tolist() == [88_00, 888_00, 88_00, 888_00]
    assert days_with(outcome, "fees_billed") == {snapshot.day + 265: 2 * 88_00 + 2 * 888_00}
    assert World.resume(snapshot).run(until, day_by_day=True).digest() == outcome.digest()
    world = World.resume(snapshot)
    world.run(snapshot.day + 100)
    resumed = World.resume(world.snapshot()).run(until)
    assert (resumed.shoppers["fee_paid"] == outcome.shoppers["fee_paid"]).all()


@pytest.mark.parametrize(("goods", "fee"), [(100_000, 88_00), (99_900, 888_00)])
def test_who_orders_enough_joins_at_the_lower_fee(goods: int, fee: int) -> None:
    snapshot = quiet_snapshot(scored(1000), 100, assumptions=KEEN)
    let_baskets_be(snapshot, goods)
    for shopper in range(100):
        let_buy(snapshot, shopper, snapshot.day + shopper % 5)
    outcome = World.resume(snapshot).run(snapshot.day + 6)
    assert outcome.total("joins") > 0
    assert outcome.total("fees_billed") == fee * outcome.total("joins")


def test_a_score_is_brought_along_to_its_launch() -> None:
    plain = scored(1000).with_({"qualification": None, "membership.gate": {"fee": 88, "spend": 1000}})
    snapshot = quiet_snapshot(plain, 2)
    snapshot.shoppers["month_spend"][:, LAUNCH_MONTH - 1] = snapshot.shoppers["window_spend"] = [70_000, 0]
    world = World.resume(snapshot, scored(1000))
    assert world.cards["window_value"].tolist() == [70_000, 0]


def test_the_score_is_told_and_linted() -> None:
    assert (
        "Who has a score of 1,000 growth points or more pays 88 CNY; the score is the growth value (1 for each CNY "
        "paid and 20 for a social contribution) of the last 12 calendar months."
    ) in told(scored(1000))
    spend_only = scored(12_001).with_({"qualification.growth.social": 0})
    for arm, rule in ((spend_only, "gate-for-nobody"), (scored(0), "gate-for-everybody")):
        assert rule in {one.rule for one in lint(arm, CUSTOMERS)}
    assert "gate-for-nobody" not in {one.rule for one in lint(scored(12_001), CUSTOMERS)}  # social is not known
