"""Coupons and donations for points, and points offers on days of the calendar, recomputed by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from memberlab.policies import DocumentError, Policy, load_policy, told
from memberlab.sim import Outcome, Snapshot, World

from .worlds import LAUNCH_MONTH, days_with, let_baskets_be, let_buy, quiet_snapshot

POINTS = {"earn": {"points": 0, "per": 1}, "redeem": {"points": 100, "value": 1}, "maximum_share": "0 %"}
COUPON = {"value": 30, "minimum_spend": 120, "valid_days": 10}
VOUCHER = {"points": 300, "coupons": 2}


def policy(**changes: object) -> Policy:
    named = {address.replace("__", "."): value for address, value in changes.items()}
    return load_policy("no-programme").with_({"currency": "CNY", "points": POINTS, **named})


def vouchers(**changes: object) -> Policy:
    return policy(coupons={**COUPON, **changes}, points__rewards={"voucher": VOUCHER})


def buyers(arm: Policy, count: int, balance: int) -> Snapshot:
    """Return a launch morning on which the shoppers will order once each, one after the other, a day each."""
    snapshot = quiet_snapshot(arm, count)
    for shopper in range(count):
        let_buy(snapshot, shopper, snapshot.day + shopper)
        snapshot.shoppers["lots"][shopper][LAUNCH_MONTH - 1] = balance
    snapshot.shoppers["points_balance"] = balance
    let_baskets_be(snapshot, 20_000)
    return snapshot


def lived(snapshot: Snapshot, days: int = 60) -> Outcome:
    """Return the outcome of `days` days, the same from both drivers and after a stop."""
    outcome = World.resume(snapshot).run(snapshot.day + days)
    again = World.resume(snapshot).run(snapshot.day + days, day_by_day=True)
    assert again.digest() == outcome.digest()
    assert again.cards.tobytes() == outcome.cards.tobytes()
    stopped = World.resume(snapshot)
    stopped.run(snapshot.day + min(4, days - 1))
    rest = World.resume(stopped.snapshot()).run(snapshot.day + days)
    assert rest.cards.tobytes() == outcome.cards.tobytes()
    assert (rest.shoppers["points_balance"] == outcome.shoppers["points_balance"]).all()
    return outcome


# coupons


def test_points_buy_coupons_which_pay_later_orders() -> None:
    """Both shoppers take two coupons on their first day; the first uses one on day 9, the second comes too late."""
    snapshot = buyers(vouchers(), 2, 700)
    world = World.resume(snapshot)
    world.run(snapshot.day + 2)
    later = world.snapshot()
    assert later.cards["coupons_left"].tolist() == [2, 2]
    assert later.shoppers["points_balance"].tolist() == [400, 400]
    let_buy(later, 0, snapshot.day + 9)
    let_buy(later, 1, snapshot.day + 11)  # bought on day 1, good for ten days: the last is day 10
    later.shoppers["points_balance"] = later.shoppers["lots"] = 0
    end = World.resume(later).run(snapshot.day + 30)
    start = snapshot.day
    assert days_with(end, "coupon_discount") == {start + 9: 3_000}
    assert days_with(end, "coupons_redeemed") == {start + 9: 1}
    assert days_with(end, "coupons_expired") == {start + 10: 1, start + 11: 2}
    assert end.cards["coupons_left"].tolist() == [0, 0]


def test_coupons_for_points_are_counted_and_cost_nothing_until_used() -> None:
    outcome = lived(buyers(vouchers(), 5, 700), 6)
    assert outcome.total("rewards_taken") == 5
    assert outcome.total("coupons_issued") == outcome.total("coupons_claimed") == 10
    assert outcome.total("points_redeemed") == 1_500
    assert outcome.total("rewards_cost") == outcome.total("coupon_discount") == 0
    assert all(outcome.shoppers["benefit_cost"] == 0)
    assert all(result.holds for result in outcome.identities())


def test_coupons_bought_on_many_days_stay_apart_and_roll_forward() -> None:
    """Two coupons a day and one used: a fifth day's join the fourth's; none is lost or used twice."""
    snapshot = buyers(vouchers(), 1, 30_000)
    snapshot.shoppers["visit_gap"] = 1e-6
    outcome = lived(snapshot, 20)
    assert outcome.total("coupons_claimed") == 2 * outcome.total("orders") > 30
    assert outcome.total("coupons_redeemed") == outcome.total("orders") - 1  # none at the first
    left = outcome.total("coupons_claimed") - outcome.total("coupons_redeemed") - outcome.total("coupons_expired")
    assert outcome.cards["coupons_left"].tolist() == [left] == outcome.cards["coupons"].sum(axis=1).tolist()


def test_coupons_are_chosen_at_their_face_value() -> None:
    """Two coupons of 30 are worth 60 for points worth 3; a share is worth that share of a usual basket, of 200."""
    for worth, better in ((59.99, True), (60.01, False)):
        mug = {"points": 300, "cost": 4, "value": worth}
        rewards = {"mug": mug, "voucher": VOUCHER}
        outcome = lived(buyers(policy(coupons=COUPON, points__rewards=rewards), 3, 300), 5)
        assert (outcome.total("coupons_claimed") == 6) is better
        share = {"share": "15 %", "minimum_spend": 120, "valid_days": 10}
        outcome = lived(buyers(policy(coupons=share, points__rewards=rewards), 3, 300), 5)
        assert (outcome.total("coupons_claimed") == 6) is better


# charity


def test_a_donation_has_its_own_line() -> None:
    trees = {"points": 300, "charity": True, "cost": 5, "value": 8}
    outcome = lived(buyers(policy(points__rewards={"trees": trees}), 10, 700), 12)
    assert outcome.total("donations") == 5_000
    assert (outcome.total("rewards_taken"), outcome.total("rewards_cost")) == (10, 0)
    assert outcome.shoppers["benefit_cost"].tolist() == [500] * 10
    assert all(result.holds for result in outcome.identities())


# days


def test_the_lottery_is_played_on_its_days_only() -> None:
    prize = {"pen": {"chance": "100 %", "cost": 1, "value": 2}}
    arm = policy(points__lottery={"points": 150, "when": "01-03 and 1 day after, 6 monthly", "prizes": prize})
    snapshot = quiet_snapshot(arm, 200)
    for shopper in range(200):
        let_buy(snapshot, shopper, snapshot.day + shopper % 40)
    snapshot.shoppers["lots"][:, LAUNCH_MONTH - 1] = snapshot.shoppers["points_balance"] = 150
    world: Any = World.resume(snapshot)
    world._behaviour["lottery_play"] = 1.0
    outcome = world.run(snapshot.day + 60)
    days = [2, 3, 5, 36]  # 3, 4 and 6 January, 6 February
    assert days_with(outcome, "lottery_plays") == {snapshot.day + day: 5 for day in days}
    assert outcome.total("prizes_won") == 20


def test_a_bonus_event_recurs_with_the_calendar() -> None:
    mug = {"points": 300, "cost": 4, "value": 9}
    events = [{"when": "3..4 monthly", "price": "80 %"}, {"when": "01-04", "price": "50 %"}]
    arm = policy(points__rewards={"mug": mug}, points__price_events=events)
    outcome = lived(buyers(arm, 36, 700), 40)
    asked = [700 - balance for balance in outcome.shoppers["points_balance"]]
    expected = [300] * 36
    expected[2], expected[3] = 240, 150  # 3 and 4 January: of two events the lower price
    expected[33] = expected[34] = 240  # 3 and 4 February
    assert asked == expected


# what is refused, told and warned of


FILE = """\
name: plan
currency: CNY
coupons: {value: 30, minimum_spend: 120}
points:
  earn: {points: 1, per: 1}
  redeem: {points: 1000, value: 10}
  rewards:
    voucher: {points: 300, coupons: 1}
    trees: {points: 300, charity: true, cost: 5, value: 8}
  lottery:
    points: 10
    when: 12 monthly
    prizes: {pen: {chance: 5 %, cost: 1, value: 2}}
  price_events:
    - {when: 11-11 and 3 days before, price: 80 %}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "address", "wrong"),
    [
        ("coupons: {value: 30, minimum_spend: 120}\n", "\n", 8, "points.rewards.voucher.coupons", "nowhere what a"),
        ("coupons: 1}", "coupons: 1, cost: 3}", 8, "points.rewards.voucher.cost", "the coupon says"),
        ("coupons: 1}", "coupons: 1, value: 3}", 8, "points.rewards.voucher.value", "the coupon says"),
        ("coupons: 1}", "coupons: 1, charity: true}", 8, "points.rewards.voucher.charity", "cannot be both"),
        ("coupons: 1}", "coupons: 0}", 8, "points.rewards.voucher.coupons", "write"),
        ("cost: 5, ", "", 9, "points.rewards.trees", "missing"),
        (", value: 8", "", 9, "points.rewards.trees", "missing"),
        ("when: 12 monthly", "when: birthday", 12, "points.lottery.when", "is a member's own day"),
        ("11-11 and 3 days before", "tier upgrade and 2 days after", 15, "points.price_events.0.when", "own day"),
        ("when: 11-11 and 3 days before", "when: 11-31", 15, "points.price_events.0.when", "is no date"),
        ("when: 11-11", "first_day: 2026-11-11, when: 11-11", 15, "points.price_events.0.first_day", "unknown key"),
    ],
)  # fmt: skip
def test_contradictions_are_refused_with_file_and_line(
    tmp_path: Path, old: str, new: str, line: int, address: str, wrong: str
) -> None:
    assert FILE.count(old) == 1
    path = tmp_path / "plan.yaml"
    path.write_text(FILE)
    assert load_policy(path).points is not None
    path.write_text(FILE.replace(old, new))
    with pytest.raises(DocumentError) as error:
        load_policy(path)
    problem = error.value.problems[0]
    assert wrong in problem.message
    assert (problem.line, (problem.field or "").startswith(address)) == (line, True)


def test_they_are_told_and_written_back(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(FILE)
    plan = load_policy(path)
    path.write_text(plan.to_yaml())
    assert load_policy(path) == plan
    sentences = told(plan)
    assert "300 points buy voucher, 1 coupon." in sentences
    assert "300 points buy trees, a donation of 5 CNY, worth 8 CNY to the giver." in sentences
    assert "10 points play the lottery once, on 12 monthly, with chances of 5 % for pen, worth 2 CNY." in sentences
    assert "On 11-11 and 3 days before whatever points buy costs 80 % of its points." in sentences
