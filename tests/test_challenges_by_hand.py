"""Spend goals of a month and newcomer tasks, recomputed by hand: what is reached when, and how far a goal pulls."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from memberlab.policies import DocumentError, Policy, load_policy
from memberlab.sim import ENROLLED, Outcome, Purpose, Snapshot, World, keyed_uniforms

from .worlds import LAUNCH_MONTH, days_with, let_baskets_be, let_buy, quiet_snapshot

POINTS = {"earn": {"points": 0, "per": 1}, "redeem": {"points": 100, "value": 1}}
STEPS = {
    "low": {"spend": 100, "points": 5}, "middle": {"spend": 300, "points": 20}, "high": {"spend": 5000, "points": 9},
}  # fmt: skip


def policy(campaigns: Mapping[str, object], **points: object) -> Policy:
    return load_policy("no-programme").with_(
        {"currency": "CNY", "points": {**POINTS, **points}, "campaigns": campaigns}
    )


def goals(**changes: object) -> Policy:
    return policy({"goals": {"when": "always", "challenge": STEPS, **changes}})


def visitors(arm: Policy, count: int) -> Snapshot:
    """Return a launch morning on which each of the shoppers will come and order once, on the fifth day."""
    snapshot = quiet_snapshot(arm, count)
    for shopper in range(count):
        let_buy(snapshot, shopper, snapshot.day + 5)
    return snapshot


def lived(snapshot: Snapshot, days: int) -> Outcome:
    """Return the outcome of `days` days, the same from both drivers and after a stop."""
    outcome = World.resume(snapshot).run(snapshot.day + days)
    assert World.resume(snapshot).run(snapshot.day + days, day_by_day=True).digest() == outcome.digest()
    stopped = World.resume(snapshot)
    stopped.run(snapshot.day + 3)
    rest = World.resume(stopped.snapshot()).run(snapshot.day + days)
    assert (rest.shoppers["points_balance"] == outcome.shoppers["points_balance"]).all()
    return outcome


def test_reaching_a_step_earns_its_points_once_a_month() -> None:
    snapshot = visitors(goals(), 40)
    world = World.resume(snapshot)
    outcome = world.run(snapshot.day + 6)
    spend = outcome.shoppers["month_spend"][:, LAUNCH_MONTH % 12]
    expected = 5 * (spend >= 10_000) + 20 * (spend >= 30_000) + 9 * (spend >= 500_000)
    assert outcome.shoppers["points_balance"].tolist() == expected.tolist()
    assert len(set(expected)) == 3
    for day in (20, 35):  # the same month again, and the next one
        later = world.snapshot()
        before = later.shoppers["month_spend"][:, (LAUNCH_MONTH + (day > 31)) % 12].copy() * (day <= 31)
        for shopper in range(40):
            let_buy(later, shopper, snapshot.day + day)
        world = World.resume(later)
        outcome = world.run(snapshot.day + day + 1)
        after = before + outcome.shoppers["gmv"]
        steps = ((10_000, 5), (30_000, 20), (500_000, 9))
        won = sum(points * ((before < spend) & (spend <= after)) for spend, points in steps)
        assert outcome.total("challenge_points") == won.sum() == outcome.total("points_issued")
        assert outcome.total("campaign_points") == 0


def test_the_next_step_pulls_whom_the_campaign_is_for() -> None:
    """Half of the shoppers are close to a step; only the pull of the challenge differs between the worlds."""
    orders = []
    for pull, arm in ((0, goals()), (0.4, goals()), (0.4, goals(to={"stages": "lost"}))):
        snapshot = visitors(arm, 3_000)
        snapshot.shoppers["base_logit"] = -60
        world: Any = World.resume(snapshot)
        world._behaviour["challenge_pull"] = pull
        world.run(snapshot.day + 1)
        world.shoppers["base_logit"] = -1
        world.shoppers["month_spend"][:1500, LAUNCH_MONTH % 12] = world.shoppers["window_spend"][:1500] = 9_900
        orders.append((world.run(snapshot.day + 6).shoppers["orders"] > 0).reshape(2, 1500).sum(axis=1))
    near, far = np.array(orders).T.tolist()
    assert near[1] > near[0] + 50
    assert far[1] == far[0]
    assert near[2] == near[0]


def test_a_challenge_of_points_is_no_activity(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(policy({}, activities={"check_in": 5}).to_yaml().replace("check_in: 5", "challenge: {}"))
    with pytest.raises(DocumentError, match=r"plan.yaml:\d+ points.activities.challenge: unknown key"):
        load_policy(path)


# newcomers


TASKS = {
    "second-order": {"when": "first order and 7 days after", "bonus_points": 200},
    "first-month": {"when": "always", "to": {"stages": "new"}, "challenge": {"one": {"spend": 300, "points": 100}}},
}


def test_newcomer_tasks() -> None:
    """Shopper 0 is new with the first order; 1 is a member who has bought for long; 2 orders again within a week."""
    snapshot = quiet_snapshot(policy(TASKS), 3)
    let_baskets_be(snapshot, 31_000)
    for shopper in range(3):
        let_buy(snapshot, shopper, snapshot.day + 5)
    snapshot.shoppers["status"][0] &= ~ENROLLED
    snapshot.shoppers["first_order_day"] = snapshot.day - np.array([1, 300, 1])
    snapshot.shoppers["last_order_day"] = snapshot.day - 1
    snapshot.shoppers["first_order_day"][0] = snapshot.shoppers["last_order_day"][0] = -1
    outcome = World.resume(snapshot).run(snapshot.day + 12)
    assert outcome.shoppers["points_balance"].tolist() == [100, 0, 300]
    assert outcome.total("challenge_points") == 200
    assert outcome.total("goals_reached") == 2


# reviews


def test_every_second_review() -> None:
    reviewed = {"activities": {"review": 1}}
    campaign = {"when": "every 2 reviews and 3 days after", "discount": "10 %"}
    snapshot = quiet_snapshot(
        policy({"thanks": campaign}, **reviewed), 1, assumptions={"reviewing": 0.3, "forward_buying": 0}
    )
    let_buy(snapshot, 0, snapshot.day + 1)
    snapshot.shoppers["visit_gap"] = 1e-6  # orders every day
    outcome = lived(snapshot, 40)
    open_until, reviews, expected = -1, 0, []
    for day in range(1, 40):
        if day <= open_until:
            expected.append(day)
        if keyed_uniforms(snapshot.seed, range(1), snapshot.day + day, Purpose.REVIEW)[0] < 0.3:
            reviews += 1
            open_until = day + 3 if reviews % 2 == 0 else open_until
    assert [day - snapshot.day for day in days_with(outcome, "campaign_discount")] == expected
    assert 5 < len(expected) < 39
    assert outcome.total("review_points") == reviews


def test_reviews_that_nobody_writes_are_refused(tmp_path: Path) -> None:
    campaign = {"when": "every 100 reviews and 7 days after", "discount": "10 %"}
    known = policy({"thanks": campaign}, activities={"review": 50})
    path = tmp_path / "plan.yaml"
    path.write_text(known.to_yaml())
    assert load_policy(path) == known
    path.write_text(known.to_yaml().replace("review: 50", "share: 50"))
    with pytest.raises(DocumentError, match=r"plan.yaml:\d+ campaigns.thanks.when: waits for reviews") as error:
        load_policy(path)
    assert "every 100 reviews" in path.read_text().splitlines()[(error.value.problems[0].line or 0) - 1]
