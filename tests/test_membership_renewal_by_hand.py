"""How the paid membership goes on and ends: gates, renewals, reminders, offers and refunds, recomputed by hand."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from memberlab.policies import Policy, load_policy
from memberlab.sim import MEMBER, Purpose, Snapshot, World

from .memberships import (
    FOR_SURE,
    NEVER_AGAIN,
    REMINDED,
    YEAR,
    chance,
    draws,
    joined,
    keen_world,
    members,
    membership_policy,
    perks,
    stayed,
)
from .worlds import LAUNCH_MONTH, days_with, opening

FEE = 9_900
ENDING = [YEAR - day for day in range(1, 25)] * 25
"""Days before launch on which 600 terms of a year began that end in the first 24 days."""


def believed_then(snapshot: Snapshot, before: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return what members believe after a year in which they saved nothing but had the perks."""
    return before + 0.6 * (perks(snapshot) - before)


def renewal(snapshot: Snapshot, utility: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[bool]:
    ends = snapshot.shoppers["term_end"].astype(np.int64)
    renews: list[bool] = (draws(snapshot, ends, Purpose.RENEW_MEMBERSHIP) < chance(utility)).tolist()
    return renews


@pytest.mark.parametrize("gate", [{"spend": 1_000}, {"tier": "gold"}], ids=str)
def test_the_gate_sets_the_fee_at_renewal_and_joining(gate: dict[str, object]) -> None:
    """88VIP: 88 with a score of 1,000, else 888. Shoppers 0 and 2 pass."""
    ladder = {"tiers": {"basic": {"threshold": 0}, "gold": {"threshold": 1_000}}}
    policy = load_policy("no-programme").with_(
        {"currency": "CNY", "membership": {"fee": 888, "gate": {"fee": 88, **gate}}, **ladder}
    )
    snapshot = members(policy, [100, 100, 100], FOR_SURE)
    spend = [100_000, 99_999, 150_000]
    snapshot.shoppers["window_spend"] = spend
    snapshot.shoppers["month_spend"][:, LAUNCH_MONTH - 1] = spend
    outcome = World.resume(snapshot).run(snapshot.day + 300)
    assert days_with(outcome, "fees_billed") == {snapshot.day + 265: 88_00 + 888_00 + 88_00}
    assert outcome.shoppers["fee_paid"].tolist() == [88_00, 888_00, 88_00]


def test_a_gate_lets_who_passes_join_at_the_lower_fee() -> None:
    world = keen_world(membership_policy({"fee": 2, "gate": {"spend": 0.01, "fee": 1}}), 40)
    assert world.run(world.launch + 1).total("fees_billed") == 100 * world.run(world.launch + 1).total("joins")
    days = joined(world)  # everybody orders before thinking about it, and so has spent something
    assert world.run(world.launch + 5).total("fees_billed") == 100 * len(days)


def test_a_renewal_costs_less_by_its_discount() -> None:
    snapshot = members(membership_policy({"fee": 99.99, "renewal_discount": "15 %"}), [200], FOR_SURE)
    outcome = World.resume(snapshot).run(snapshot.day + 200)
    assert outcome.total("fees_billed") == 9_999 - 9_999 * 1_500 // 10_000


def test_a_lower_renewal_fee_keeps_more_by_the_logit() -> None:
    policy = membership_policy({"fee": 99, "renewal_discount": "50 %"})
    snapshot = members(policy, ENDING, FEE * 0.1)
    outcome = World.resume(snapshot).run(snapshot.day + 25)
    utility = 2.0 * (believed_then(snapshot, FEE * 0.1) - FEE / 2) / FEE + 2.0
    assert stayed(outcome) == renewal(snapshot, utility)


def test_an_offer_saves_members_who_would_have_left() -> None:
    policy = membership_policy({"fee": 99, "save_offer": "40 %"})
    snapshot = members(policy, ENDING, FEE * 0.1)
    outcome = World.resume(snapshot).run(snapshot.day + 25)
    believed = believed_then(snapshot, FEE * 0.1)
    at_full, at_less = (renewal(snapshot, 2.0 * (believed - fee) / FEE + 2.0) for fee in (FEE, FEE * 0.6))
    saved = sum(at_less) - sum(at_full)
    assert stayed(outcome) == at_less
    assert outcome.total("members_saved") == saved > 20
    assert outcome.total("fees_billed") == sum(at_full) * FEE + saved * 5_940


def test_renewing_by_hand_lacks_the_inertia() -> None:
    snapshot = members(membership_policy({"fee": 99, "auto_renew": False}), ENDING, FEE * 0.5)
    outcome = World.resume(snapshot).run(snapshot.day + 25)
    utility = 2.0 * (believed_then(snapshot, FEE * 0.5) - FEE) / FEE + 2.0 - 2.0
    assert stayed(outcome) == renewal(snapshot, utility)


def test_a_month_that_does_not_renew_itself_is_never_renewed_unseen() -> None:
    starts = [30 - day for day in range(1, 21)] * 5
    snapshot = members(membership_policy({"fee": 30, "months": 1, "auto_renew": False}), starts, NEVER_AGAIN, days=30)
    assert not any(stayed(World.resume(snapshot).run(snapshot.day + 25)))


def test_what_does_not_renew_itself_is_joined_more_readily() -> None:
    joins = []
    for renews in (True, False):
        world = keen_world(membership_policy({"fee": 139, "auto_renew": renews}), 300)
        joins.append(set(joined(world)))
    assert joins[0] < joins[1]


@pytest.mark.parametrize(("renews", "effect"), [(True, 2.0 - 0.3), (False, 2.0 - 2.0 + 0.7)])
def test_a_reminder_is_paid_for_and_wakes_the_member(renews: bool, effect: float) -> None:
    policy = membership_policy({"fee": 99, "auto_renew": renews, "reminder": {"days": 30, "cost": 0.07}})
    starts = [YEAR - day for day in range(31, 55)] * 25
    snapshot = members(policy, starts, FEE * 0.2)
    world = World.resume(snapshot)
    outcome = world.run(snapshot.day + 25)
    days = Counter(snapshot.day + day - 30 for day in range(31, 55))
    assert days_with(outcome, "reminders_sent") == dict.fromkeys(days, 25)
    assert days_with(outcome, "renewal_reminders") == dict.fromkeys(days, 25 * 7)
    assert (outcome.cards["standing"] & REMINDED).all()
    outcome = world.run(snapshot.day + 55)
    utility = 2.0 * (believed_then(snapshot, FEE * 0.2) - FEE) / FEE + effect
    assert stayed(outcome) == renewal(snapshot, utility)
    assert not (outcome.cards["standing"][np.array(stayed(outcome))] & REMINDED).any()


@pytest.mark.parametrize("also", [{}, {"reminder": {"days": 30, "cost": 0.07}}], ids=["alone", "beside"])
def test_a_reminder_of_points_is_no_reminder_of_a_renewal(also: dict[str, object]) -> None:
    """Each has its own days and its own cost, also where a policy has both."""
    points = {"earn": {"points": 1, "per": 1}, "redeem": {"points": 100, "value": 1},
              "expiry": {"months": 1, "reminder": {"days": 10, "channel": "sms", "cost": 0.25}}}  # fmt: skip
    snapshot = members(membership_policy({"fee": 99, **also}, points=points), [YEAR - 40] * 20, FEE * 0.2)
    outcome = World.resume(snapshot).run(snapshot.day + 35)
    expected = {snapshot.day + 10: 20} if also else {}
    assert days_with(outcome, "reminders_sent") == expected
    assert days_with(outcome, "renewal_reminders") == {day: 7 * count for day, count in expected.items()}
    assert outcome.total("reminder_cost") == 0  # nobody has points


def test_a_reminded_member_sees_the_charge_of_a_short_term() -> None:
    policy = membership_policy({"fee": 30, "months": 1, "reminder": {"days": 5}})
    snapshot = members(policy, [10] * 60, NEVER_AGAIN, days=30)
    assert not any(stayed(World.resume(snapshot).run(snapshot.day + 21)))


def unhappy(policy: Policy, starts: list[int], **assumptions: object) -> Snapshot:
    return members(policy, starts, NEVER_AGAIN, assumptions={"membership_consideration": 0, **assumptions})


def test_a_cancellation_brings_back_what_is_not_yet_earned() -> None:
    policy = membership_policy({"fee": 99, "cancellation": {"refund": "pro-rata"}})
    snapshot = unhappy(policy, list(range(1, 301)), cancellation_consideration=0.25)
    outcome = World.resume(snapshot).run(snapshot.day + 40)
    first, second = snapshot.day, opening(snapshot, LAUNCH_MONTH + 1)
    thinks = [
        draws(snapshot, np.full(300, day), Purpose.CANCELLATION_THOUGHT) < 0.25 for day in (first, second)
    ]  # fmt: skip
    elapsed = np.arange(1, 301)
    refunds = {
        first: int((FEE - FEE * elapsed[thinks[0]] // YEAR).sum()),
        second: int((FEE - FEE * (elapsed + second - first)[thinks[1] & ~thinks[0]] // YEAR).sum()),
    }
    assert days_with(outcome, "fees_refunded") == refunds
    assert outcome.total("cancellations") == int((thinks[0] | thinks[1]).sum())
    assert World.resume(snapshot, policy.with_({"membership.cancellation.refund": "none"})).run(
        snapshot.day + 40
    ).total("cancellations") == 0  # fmt: skip


def test_who_thinks_about_the_term_weighs_what_it_has_been_worth_so_far() -> None:
    policy = membership_policy({"fee": 99, "cancellation": {"refund": "pro-rata"}})
    snapshot = members(
        policy, [100] * 800, FEE * 0.2, assumptions={"membership_consideration": 0, "cancellation_consideration": 0.25}
    )
    snapshot.shoppers["term_saving"] = 500
    outcome = World.resume(snapshot).run(snapshot.day + 1)
    today = np.full(800, snapshot.day)
    years = 100 / YEAR
    believed = 0.2 * FEE + (1 - 0.4**years) * (500 / years + perks(snapshot) - 0.2 * FEE)
    stays = draws(snapshot, today, Purpose.CANCELLATION_DECISION) < chance(2.0 * (believed - FEE) / FEE + 2.0)
    thinks = draws(snapshot, today, Purpose.CANCELLATION_THOUGHT) < 0.25
    assert stayed(outcome) == (stays | ~thinks).tolist()
    assert outcome.total("cancellations") > 20


def test_the_whole_fee_goes_back_within_the_money_back_days() -> None:
    policy = membership_policy({"fee": 99, "cancellation": {"money_back_days": 14}})
    snapshot = unhappy(policy, [10, 13, 14, 15] * 50, money_back_consideration=0.5)
    outcome = World.resume(snapshot).run(snapshot.day + 20)
    last_days = np.array([snapshot.day + 14 - start for start in [10, 13, 14, 15] * 50])
    asks = (draws(snapshot, last_days, Purpose.MONEY_BACK) < 0.5) & (last_days > snapshot.day)
    assert days_with(outcome, "fees_refunded") == {
        day: FEE * int(asks[last_days == day].sum()) for day in (snapshot.day + 1, snapshot.day + 4)
    }
    assert outcome.total("cancellations") == int(asks.sum()) > 30
    kept = ~asks
    days = np.array([10, 13, 14, 15] * 50)
    # of the fees that go back, 10 and 13 days had been earned before launch; they are taken back too
    brought = sum(FEE * start // YEAR for start in days[asks].tolist())
    assert outcome.opening.deferred_fees == sum(FEE - FEE * start // YEAR for start in days.tolist())
    still = sum(FEE * (start + 20) // YEAR - FEE * start // YEAR for start in days[kept].tolist())
    assert outcome.total("fees_earned") == still - brought
    assert all(result.holds for result in outcome.identities())


def test_money_back_follows_a_join_and_is_over_after_its_days() -> None:
    policy = membership_policy({"fee": 1, "cancellation": {"money_back_days": 7}})
    world = keen_world(policy, 60, money_back_consideration=0.5)
    days = joined(world)
    world.shoppers["expected_benefit"] = NEVER_AGAIN
    outcome = world.run(world.launch + 30)
    left = [shopper for shopper in days if not outcome.shoppers["status"][shopper] & MEMBER]
    assert days_with(outcome, "cancellations") == Counter(days[shopper] + 7 for shopper in left)
    assert 0.25 * len(days) < len(left) < 0.75 * len(days)
    assert outcome.total("fees_refunded") == 100 * len(left)


def test_a_launch_tells_the_office_of_terms_that_run() -> None:
    """A reminder that only the new policy promises reaches members whose terms began under the old one."""
    old = membership_policy({"fee": 99})
    snapshot = members(old, [300], FOR_SURE)
    arm = old.with_({"membership.reminder": {"days": 30, "cost": 0.1}})
    outcome = World.resume(snapshot, arm).run(snapshot.day + 60)
    assert days_with(outcome, "renewal_reminders") == {snapshot.day + 35: 10}
