"""A policy with a migration section in a rollout: each cohort is cut over on the morning on which it joins, as all are
at a launch, and keeps the promises of its own morning.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from memberlab.policies import DocumentError, Policy
from memberlab.sim import ENROLLED, MEMBER, RolloutWorld, Snapshot, warm_up

from .test_rollout_world import PILOT, RAMPED, lived, rollout, whole
from .worlds import full_policy, small_scenario

MIGRATION: dict[str, Any] = {
    "tiers": {"rule": "grandfather", "months": 2},
    "points": {"rule": "convert", "old": 3, "new": 2, "rounding": "up", "old_expiry_months": 2},
    "memberships": {"rule": "keep", "old_fee_months": 2},
}  # fmt: skip
STEEPER = full_policy().with_({
    "tiers.silver.threshold": 900, "tiers.gold.threshold": 3000, "tiers.diamond.threshold": 6000,
    "membership.fee": 129, "migration": MIGRATION,
})  # fmt: skip
"""A candidate on whose ladder members stand lower, but for those who are grandfathered."""

FORFEITING = STEEPER.with_({"migration": {
    "tiers": {"rule": "keep until review"}, "points": {"rule": "forfeit", "notice_months": 1},
    "memberships": {"rule": "refund"},
}})  # fmt: skip


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    """Return launch morning of a shop with tiers and a paid membership."""
    return warm_up(small_scenario(population__shoppers=400, horizon__months=5), incumbent=full_policy())


@pytest.mark.parametrize("arm", [STEEPER, FORFEITING], ids=["converting", "forfeiting"])
def test_a_launch_of_everybody_is_the_cut_over_of_a_comparison(snapshot: Snapshot, arm: Policy) -> None:
    alone = whole(snapshot, arm)
    _, everybody = lived(snapshot, rollout(pilot={"day": 1, "share": "100 %"}), arm).outcomes()
    assert alone.total("points_converted" if arm is STEEPER else "points_forfeited") != 0
    for field in ("ledger", "shoppers", "cards"):
        assert np.array_equal(getattr(everybody, field), getattr(alone, field)), field


def test_in_half_a_pilot_each_is_cut_over_alone(snapshot: Snapshot) -> None:
    world = lived(snapshot, rollout(pilot=PILOT), STEEPER)
    stayed, moved = world.outcomes()
    tried = world.lanes == 1
    assert np.array_equal(world.shoppers[tried], whole(snapshot, STEEPER).shoppers[tried])
    assert np.array_equal(world.shoppers[~tried], whole(snapshot).shoppers[~tried])
    assert stayed.total("points_converted") == 0
    assert moved.total("points_converted") < 0


@pytest.mark.parametrize("arm", [STEEPER, FORFEITING], ids=["converting", "forfeiting"])
def test_a_ramp_cuts_each_cohort_over_once_and_is_the_same_day_by_day(snapshot: Snapshot, arm: Policy) -> None:
    one, other = (lived(snapshot, rollout(**RAMPED), arm, day_by_day=way) for way in (False, True))
    outcomes = one.outcomes()  # all identities hold
    for left, right in zip(outcomes, other.outcomes(), strict=True):
        assert np.array_equal(left.ledger, right.ledger)
        assert np.array_equal(left.shoppers, right.shoppers)
    joined = sorted({int(day) for day in one.joined[one.joined >= 0] - one.launch})
    assert joined == [10, 39, 46, 53, 69]
    if arm is STEEPER:
        days = np.flatnonzero(outcomes[1].ledger["points_converted"].sum(axis=1))
        assert days.tolist() == joined
    else:  # on the first of the second month that opens after the morning of joining
        starts = [month - one.launch for month in one.arms[0].calendar.month_starts]
        ends = {starts[np.searchsorted(starts, day) + 1] for day in joined}
        days = np.flatnonzero(outcomes[1].ledger["points_forfeited"].sum(axis=1))
        assert sorted(ends) == days.tolist()
    assert not outcomes[0].ledger["points_converted"].any()
    assert not outcomes[0].ledger["points_forfeited"].any()


def test_each_cohort_keeps_the_promises_of_its_own_morning(snapshot: Snapshot) -> None:
    world = lived(snapshot, rollout(**RAMPED), STEEPER, until=snapshot.day + 80)
    starts = [int(month) for month in world.arms[0].calendar.month_starts]
    for cohort in world.arms[1].cohorts:
        month = int(np.searchsorted(starts, cohort.entered))
        assert cohort.promises["nobody_falls_before"][0] == starts[month + 2]
        assert cohort.promises["old_points_until"][0] == month + 2
        assert cohort.promises["old_fee_until"][0] == starts[month + 2]
    ends = {int(cohort.promises["nobody_falls_before"][0]) for cohort in world.arms[1].cohorts}
    assert len(ends) > 1
    assert all(cohort.promises["nobody_falls_before"][0] == 0 for cohort in world.arms[0].cohorts)
    assert all(arm.compiled[0].programme["cuts_over"][0] == 0 for arm in world.arms.values())


def test_within_a_month_members_are_cut_over_in_the_morning(snapshot: Snapshot) -> None:
    """Points of every lot are exchanged, the running month's among them; terms are refunded; tiers are kept."""
    world = RolloutWorld(snapshot, rollout(pilot={"day": 11, "share": "50 %"}), [STEEPER])
    world.live(world.launch + 10)
    before = world.shoppers.copy()
    world.live(world.launch + 11)
    world.outcomes()
    quiet = (world.lanes == 1) & (before["next_visit"] > world.day) & (before["points_balance"] > 0)
    quiet &= before["orders"] == world.shoppers["orders"]
    month = int(world.arms[1].compiled[2]["month"][0])
    assert (before["lots"][quiet][:, month % before["lots"].shape[1]] > 0).any()
    expected = -(-2 * before["points_balance"][quiet] // 3)
    assert (np.abs(world.shoppers["points_balance"][quiet] - expected) <= 2).all()  # pending points have come due
    assert (world.shoppers["lots"][quiet].sum(axis=1) == world.shoppers["points_balance"][quiet]).all()
    refunding = RolloutWorld(snapshot, rollout(pilot={"day": 11, "share": "50 %"}), [FORFEITING])
    refunding.live(refunding.launch + 11)
    inside = (refunding.lanes == 1) & (before["status"] & MEMBER != 0) & (before["term_end"] > refunding.day)
    assert inside.sum() > 3
    assert (refunding.shoppers["status"][inside] & MEMBER == 0).mean() > 0.8  # but for who joins again
    kept = (refunding.lanes == 1) & (before["status"] & ENROLLED != 0)
    assert (refunding.shoppers["tier"][kept] >= before["tier"][kept]).all()


def test_who_goes_back_is_not_cut_over(snapshot: Snapshot) -> None:
    """Today's policy says what became of members of the one before it, which the stopped arm is not."""
    today = full_policy().with_({"migration": {"points": {"rule": "convert", "old": 1, "new": 5}}})
    morning = warm_up(small_scenario(population__shoppers=200, horizon__months=3), incumbent=today)
    world = RolloutWorld(morning, rollout(**RAMPED), [STEEPER])
    world.live(world.launch + 60)
    world.stop(1, goes_back=True)
    world.live(world.end)
    stayed, stopped = world.outcomes()
    assert stopped.total("points_converted") != 0
    assert stayed.total("points_converted") == 0
    assert all(cohort.promises["nobody_falls_before"][0] == 0 for cohort in world.arms[0].cohorts)


def test_a_frozen_arm_keeps_whom_it_has_and_what_it_promised_them(snapshot: Snapshot) -> None:
    """After `then: freeze` nobody joins and nobody leaves: each lives on as where everybody has that policy."""
    world = RolloutWorld(snapshot, rollout(**{**RAMPED, "pilot": {"day": 1, "share": "20 %"}}), [STEEPER])
    world.live(world.launch + 60)
    lanes = world.lanes.copy()
    world.stop(1, goes_back=False)
    world.live(world.end)
    world.outcomes()
    assert (world.lanes == lanes).all()
    pilot = world.joined == world.launch
    assert pilot.sum() > 30
    assert (lanes == 0).sum() > 100
    assert np.array_equal(world.shoppers[pilot], whole(snapshot, STEEPER).shoppers[pilot])
    assert np.array_equal(world.shoppers[lanes == 0], whole(snapshot).shoppers[lanes == 0])


def test_a_migration_that_does_not_fit_is_refused_before_anybody_moves(snapshot: Snapshot) -> None:
    wrong = full_policy().with_({"migration": {"tiers": {"rule": "keep until review", "map": {"bronze": "gold"}}}})
    with pytest.raises(DocumentError, match=r"migration.tiers.map.bronze: four-tiers-simple.* has no tier 'bronze'"):
        RolloutWorld(snapshot, rollout(**RAMPED), [wrong])
