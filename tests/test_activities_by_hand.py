"""Points for activities, recomputed by hand from the same draws, each on its own line."""

from __future__ import annotations

from memberlab.policies import Policy, load_policy
from memberlab.sim import Purpose, Snapshot, World, keyed_uniforms

from .worlds import days_with, let_buy, quiet_snapshot

POINTS = {"earn": {"points": 0, "per": 1}, "redeem": {"points": 100, "value": 1}}
SHARES = {"check_in": 0.3, "reviewing": 0.2, "sharing": 0.1, "profile_completion": 0.25}


def policy(activities: object, **changes: object) -> Policy:
    points = {**POINTS, "activities": activities}
    named = {address.replace("__", "."): value for address, value in changes.items()}
    return load_policy("no-programme").with_({"currency": "CNY", "points": points, **named})


def visitors(arm: Policy, count: int, *, buy: bool = False) -> Snapshot:
    """Return a launch morning on which each of the shoppers will come once, on the fifth day."""
    snapshot = quiet_snapshot(arm, count, assumptions=SHARES)
    for shopper in range(count):
        let_buy(snapshot, shopper, snapshot.day + 5)
    if not buy:
        snapshot.shoppers["base_logit"] = -60
    return snapshot


def those(snapshot: Snapshot, purpose: Purpose, share: float) -> list[bool]:
    """Return who does something that a share of shoppers does, on the fifth day."""
    count = len(snapshot.shoppers)
    return list(keyed_uniforms(snapshot.seed, range(count), snapshot.day + 5, purpose) < share)


def test_who_comes_may_check_in() -> None:
    snapshot = visitors(policy({"check_in": 7}), 200)
    outcome = World.resume(snapshot).run(snapshot.day + 6)
    assert outcome.total("visits") == 200
    expected = [7 * does for does in those(snapshot, Purpose.CHECK_IN, 0.3)]
    assert outcome.shoppers["points_balance"].tolist() == expected
    assert outcome.total("check_in_points") == outcome.total("points_issued") == sum(expected) > 0


def test_an_order_may_be_reviewed_and_shared() -> None:
    snapshot = visitors(policy({"review": 50, "share": 10}), 300, buy=True)
    outcome = World.resume(snapshot).run(snapshot.day + 6)
    reviews, shares = those(snapshot, Purpose.REVIEW, 0.2), those(snapshot, Purpose.SHARE, 0.1)
    expected = [50 * reviewed + 10 * shared for reviewed, shared in zip(reviews, shares, strict=True)]
    assert outcome.shoppers["points_balance"].tolist() == expected
    assert outcome.total("review_points") == 50 * sum(reviews) > 0
    assert outcome.total("share_points") == 10 * sum(shares) > 0
    assert outcome.total("points_issued") == outcome.total("review_points") + outcome.total("share_points")


def test_without_an_order_nothing_is_reviewed() -> None:
    snapshot = visitors(policy({"review": 50, "share": 10}), 300)
    assert World.resume(snapshot).run(snapshot.day + 6).total("points_issued") == 0


def test_a_profile_is_completed_once() -> None:
    snapshot = visitors(policy({"profile": 100}), 200)
    snapshot.shoppers["visit_gap"] = 3
    outcome = World.resume(snapshot).run(snapshot.day + 200)
    assert outcome.shoppers["points_balance"].tolist() == [100] * 200
    assert outcome.total("profile_points") == 20_000
    first = days_with(outcome, "profile_points")[snapshot.day + 5]
    assert first == 100 * sum(those(snapshot, Purpose.PROFILE, 0.25))


def test_activities_are_under_the_caps() -> None:
    arm = policy({"check_in": 7}, points__earn__caps={"month": 20})
    snapshot = visitors(arm, 100)
    snapshot.shoppers["visit_gap"] = 0.5
    outcome = World.resume(snapshot).run(snapshot.day + 31)
    assert outcome.shoppers["points_balance"].max() == 20
    assert set(outcome.shoppers["points_balance"]) <= {0, 7, 14, 20}
    assert outcome.total("points_capped") > 0
    assert (outcome.total("points_capped") + outcome.total("points_issued")) % 7 == 0
