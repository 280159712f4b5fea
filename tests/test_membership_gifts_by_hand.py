"""Memberships that are given, recomputed by hand: who gets one, what is billed, and how few pay for more."""

from __future__ import annotations

import numpy as np

from memberlab.policies import Policy
from memberlab.sim import LAPSED, MEMBER, Purpose, Snapshot, World

from .memberships import FOR_SURE, chance, draws, membership_policy, perks, stayed
from .worlds import LAUNCH_MONTH, days_with, opening, quiet_snapshot

SHOPPERS = 800


def launch(policy: Policy) -> Snapshot:
    return quiet_snapshot(policy, SHOPPERS, assumptions={"membership_consideration": 0, "gift_rate": 0.1})


def test_gifts_come_as_months_open_and_the_giver_is_billed() -> None:
    policy = membership_policy({"fee": 99, "gift_card": {"fee": 120, "months": 12}})
    snapshot = launch(policy)
    snapshot.shoppers["status"][:100] |= LAPSED
    outcome = World.resume(snapshot).run(snapshot.day + 40)
    first, second = snapshot.day, opening(snapshot, LAUNCH_MONTH + 1)
    given = [draws(snapshot, np.full(SHOPPERS, day), Purpose.GIFT) < 0.1 / 12 for day in (first, second)]
    for day in given:
        day[:100] = False
    given[1] &= ~given[0]
    counts = {first: int(given[0].sum()), second: int(given[1].sum())}
    assert all(counts.values())
    assert days_with(outcome, "gifts_received") == days_with(outcome, "joins") == counts
    assert days_with(outcome, "fees_billed") == {day: 12_000 * count for day, count in counts.items()}
    assert stayed(outcome) == (given[0] | given[1]).tolist()
    elapsed = {first: 40, second: 40 - (second - first)}
    assert outcome.total("fees_earned") == sum(count * (12_000 * elapsed[day] // 365) for day, count in counts.items())


def test_a_gift_that_ends_has_to_be_paid_for_by_hand_at_the_regular_fee() -> None:
    policy = membership_policy({"fee": 99, "gift_card": {"fee": 10, "months": 1}})
    snapshot = launch(policy)
    world = World.resume(snapshot)
    world.run(snapshot.day + 1)
    given = np.flatnonzero(world.shoppers["status"] & MEMBER)
    believed = world.shoppers["expected_benefit"][given].astype(float)
    np.testing.assert_allclose(believed, perks(snapshot)[given], rtol=1e-5)  # nothing else, and no optimism
    world.shoppers["expected_benefit"][given] = 15_000
    outcome = world.run(snapshot.day + 31)
    end = snapshot.day + 30
    years = 30 / 365
    belief = 15_000 + (1 - 0.4**years) * (perks(snapshot) - 15_000)
    pays = draws(snapshot, np.full(SHOPPERS, end), Purpose.RENEW_MEMBERSHIP) < chance(
        2.0 * (belief - 9_900) / 9_900 + 2.0 - 2.0
    )
    assert days_with(outcome, "renewals") == {end: int(pays[given].sum())}
    assert outcome.total("cancellations") == len(given) - int(pays[given].sum())
    assert days_with(outcome, "fees_billed") == {snapshot.day: 1_000 * len(given), end: 9_900 * int(pays[given].sum())}
    assert set(outcome.shoppers["term_end"][given][pays[given]].tolist()) == {end + 365}


def test_a_gift_is_not_refunded_to_who_got_it() -> None:
    policy = membership_policy(
        {"fee": 99, "gift_card": {"fee": 120, "months": 12},
         "cancellation": {"refund": "pro-rata", "money_back_days": 14}}
    )  # fmt: skip
    snapshot = launch(policy)
    world = World.resume(snapshot)
    world.run(snapshot.day + 1)
    world.shoppers["expected_benefit"] = -FOR_SURE
    outcome = world.run(snapshot.day + 200)
    assert outcome.total("gifts_received") > 5
    assert outcome.total("fees_refunded") == outcome.total("cancellations") == 0
