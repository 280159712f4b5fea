"""Goals missed and reached, recomputed by hand: challenges of a month, and the higher tiers that a miss hurts more."""

from __future__ import annotations

import pytest

from memberlab.policies import Policy, load_policy
from memberlab.sim import Outcome, Snapshot, World

from .worlds import LAUNCH_MONTH, let_baskets_be, let_buy, opening, quiet_snapshot

STEPS = {"one": {"spend": 500, "points": 10}, "two": {"spend": 1000, "points": 20}}
POINTS = {"earn": {"points": 0, "per": 1}, "redeem": {"points": 100, "value": 1}}
TIERS = {
    "low": {"threshold": 0},
    "mid": {"threshold": 10**4},
    "high": {"threshold": 10**5},
    "top": {"threshold": 10**6},
}


def policy(**changes: object) -> Policy:
    campaigns = {"goals": {"when": "always", "challenge": STEPS, **changes}}
    return load_policy("no-programme").with_({"currency": "CNY", "points": POINTS, "campaigns": campaigns})


def spenders(arm: Policy, spend: list[int]) -> Snapshot:
    """Return the second morning of members who order for 10 on the fifth and have spent so many cents this month."""
    snapshot = quiet_snapshot(
        arm, len(spend), assumptions={"membership_consideration": 0, "goal_goodwill": 0.2, "missed_in_top_tiers": 3}
    )
    world = World.resume(snapshot)
    world.run(snapshot.day + 1)
    snapshot = world.snapshot()
    for shopper, cents in enumerate(spend):
        let_buy(snapshot, shopper, snapshot.day + 4)
        snapshot.shoppers["month_spend"][shopper, LAUNCH_MONTH % 12] = cents
        snapshot.shoppers["window_spend"][shopper] = cents
    let_baskets_be(snapshot, 1_000)
    return snapshot


def at_opening(snapshot: Snapshot, months: int) -> list[float]:
    """Return everybody's goodwill on the evening of the day on which a month opens."""
    outcome = World.resume(snapshot).run(opening(snapshot, LAUNCH_MONTH + months) + 1)
    return list(outcome.shoppers["goodwill"].tolist())


def test_who_was_close_to_a_step_is_disappointed_when_the_month_is_over() -> None:
    #        35 000 reached with the order, a cent less, the next step in reach, not in reach, both reached long ago
    snapshot = spenders(policy(), [34_000, 33_990, 69_000, 68_000, 200_000, 0])
    before: Outcome = World.resume(snapshot).run(opening(snapshot, LAUNCH_MONTH + 1))
    assert before.shoppers["goodwill"].tolist() == [0] * 6
    assert at_opening(snapshot, 1) == pytest.approx([-0.03, 0, -0.03, 0, 0, 0])
    assert at_opening(snapshot, 2)[0] == pytest.approx(-0.03, abs=0.01)  # once, and fading
    assert abs(at_opening(snapshot, 2)[0]) < 0.03


def test_a_step_that_is_reached_in_the_end_is_not_missed() -> None:
    snapshot = spenders(policy(), [49_000, 99_000])
    snapshot.cards["near_goals"] = 1  # by an earlier order
    outcome = World.resume(snapshot).run(snapshot.day + 6)
    assert outcome.cards["near_goals"].tolist() == [0, 0]
    assert outcome.shoppers["goodwill"].tolist() == pytest.approx([0.0, 0.2])  # the last step pleases
    assert World.resume(snapshot).run(opening(snapshot, LAUNCH_MONTH + 1) + 1).shoppers["goodwill"][0] == 0.0


def test_whom_the_challenge_is_not_for_misses_nothing() -> None:
    assert at_opening(spenders(policy(to={"stages": "lost"}), [34_000]), 1) == [0.0]


def test_a_new_campaign_forgets_what_was_close_before() -> None:
    snapshot = spenders(policy(), [0])
    snapshot.cards["near_goals"] = 1
    world = World.resume(snapshot, policy(challenge={"one": {"spend": 900, "points": 1}}))
    assert world.run(snapshot.day + 1).shoppers["goodwill"].tolist() == [0.0]


@pytest.mark.parametrize(("tier", "ratio"), [(0, 1), (1, 1), (2, 3), (3, 3)])
def test_a_miss_hurts_more_in_the_upper_half_of_the_ladder(tier: int, ratio: int) -> None:
    snapshot = spenders(policy().with_({"tiers": TIERS}), [34_000])
    snapshot.shoppers["tier"] = tier
    snapshot.shoppers["month_spend"][:, LAUNCH_MONTH - 1] = [0, 2 * 10**6, 2 * 10**7, 2 * 10**8][tier]
    snapshot.shoppers["window_spend"] = snapshot.shoppers["month_spend"].sum(axis=1)
    assert at_opening(snapshot, 1) == pytest.approx([-0.03 * ratio])


def test_a_task_that_is_missed_hurts_more_there_too() -> None:
    sprint = {"within": "100 %", "spend": 100, "days": 14, "points": 1}
    arm = policy().with_({"campaigns": {}, "qualification": {"sprint": sprint}, "tiers": TIERS})
    snapshot = spenders(arm, [0, 0])
    snapshot.shoppers["next_visit"] = snapshot.due[:] = 32_767
    snapshot.shoppers["tier"] = [0, 2]
    snapshot.cards["held_until"] = 10_000
    snapshot.cards["month_value"][:, LAUNCH_MONTH - 1] = snapshot.cards["window_value"] = [0, 2 * 10**7]
    world = World.resume(snapshot)
    world.run(snapshot.day + 1)
    world.cards = world.cards.copy()
    world.cards["task"], world.cards["task_left"] = 2, 1_000
    world.cards["task_until"] = world.cards["office_day"] = snapshot.day + 10
    world.shoppers["next_visit"] = 32_767
    world._due[:] = snapshot.day + 10
    outcome = world.run(snapshot.day + 11)
    assert outcome.shoppers["goodwill"].tolist() == pytest.approx([-0.03, -0.09])
