"""The paid membership with everything that it can have, in a market that lives: same bits, all books in balance."""

from __future__ import annotations

from pathlib import Path

import pytest

from memberlab.policies import (
    Policy,
    load_policy,
)
from memberlab.sim import MEMBER, Outcome, Snapshot, World, warm_up

from .worlds import brisk_population, full_policy, small_scenario

FULL_MEMBERSHIP: dict[str, object] = {
    "membership": {
        "fee": 149, "months": 12, "plans": {"monthly": {"fee": 15, "months": 1}}, "introductory_fee": 99,
        "trial": {"days": 30}, "gift_card": {"fee": 40, "months": 3}, "gate": {"tier": "gold", "fee": 79},
        "renewal_discount": "5 %", "save_offer": "30 %",
        "reminder": {"days": 7, "cost": 0.05}, "cancellation": {"refund": "pro-rata", "money_back_days": 14},
        "discount": "5 %", "discount_cap": {"amount": 15, "per": "month"},
        "earn_multiplier": 2, "points_cap": {"points": 2000, "per": "year"},
        "free_shipping_vouchers": {"count": 2, "per": "month"},
        "perks": {"video": {"cost": 2, "perceived_value": 5, "sponsor_share": "25 %"}},
        "welcome_gift": {"cost": 4, "perceived_value": 10},
    },
}  # fmt: skip


MEASURES = (
    "gifts_received", "trials", "trial_conversions", "trials_ended", "members_saved", "reminders_sent", "vouchers_used",
    "shipping_waived_by_voucher", "partner_content", "welcome_gifts", "renewal_reminders", "membership_points_capped",
    "fees_refunded",
)  # fmt: skip
"""What the paid membership posts beyond a yearly fee."""


def everything() -> Policy:
    return full_policy().with_(FULL_MEMBERSHIP)


@pytest.fixture(scope="module")
def launch() -> Snapshot:
    return warm_up(small_scenario(), incumbent=everything(), population=brisk_population())


def lived(snapshot: Snapshot, policy: Policy | None = None, *, day_by_day: bool = False) -> Outcome:
    world = World.resume(snapshot, policy)
    return world.run(world.end, day_by_day=day_by_day)


def test_everything_happens_and_the_books_balance(launch: Snapshot) -> None:
    outcome = lived(launch)
    assert [measure for measure in MEASURES if outcome.total(measure) == 0] == []
    assert all(result.holds for result in outcome.identities())


def test_same_bits_by_both_drivers(launch: Snapshot) -> None:
    one, other = lived(launch), lived(launch, day_by_day=True)
    assert one.digest() == other.digest()
    assert one.cards.tobytes() == other.cards.tobytes()


def test_same_bits_after_stops_and_through_a_file(launch: Snapshot, tmp_path: Path) -> None:
    world = World.resume(launch)
    for day in (launch.day + 1, launch.day + 45, launch.day + 200):
        world.run(day)
    world.save(tmp_path / "world.npz")
    loaded = World.load(tmp_path / "world.npz")
    assert loaded.run(loaded.end).digest() == world.fork(world.policy).run(world.end).digest()
    stopped, straight = world.run(world.end), lived(launch)
    assert stopped.shoppers.tobytes() == straight.shoppers.tobytes()
    assert stopped.cards.tobytes() == straight.cards.tobytes()
    # fees are earned up to the day one looks, so only their dates differ, and what of them a month's opening posts
    measures = [name for name in stopped.ledger.dtype.names or () if not name.endswith("_of_month_before")]
    assert all(stopped.total(measure) == straight.total(measure) for measure in measures)


def test_a_policy_under_another_name_changes_nothing(launch: Snapshot) -> None:
    renamed = everything().model_copy(update={"name": "other-name"})
    assert lived(launch, renamed).digest() == lived(launch).digest()


@pytest.mark.parametrize("arm", ["no-programme", "four-tiers-simple", "jd-plus"])
def test_any_policy_can_follow(launch: Snapshot, arm: str) -> None:
    outcome = lived(launch, load_policy(arm))
    assert all(result.holds for result in outcome.identities())
    assert outcome.opening.deferred_fees == lived(launch).opening.deferred_fees > 0


@pytest.mark.parametrize(
    ("change", "rises", "falls"),
    [
        ({"membership.months": 6}, "renewals", ""),
        ({"membership.plans": {}}, "", "joins"),
        ({"membership.introductory_fee": 1}, "", "fees_billed"),
        ({"membership.trial": None}, "", "joins"),
        ({"membership.gift_card": None}, "", "gifts_received"),
        ({"membership.gate": None}, "fees_billed", "joins"),
        ({"membership.gate": {"spend": 100, "fee": 79}}, "trial_conversions", "cancellations"),
        ({"membership.auto_renew": False}, "", "renewals"),
        ({"membership.renewal_discount": "50 %"}, "renewals", ""),
        ({"membership.save_offer": "0 %"}, "", "members_saved"),
        ({"membership.reminder": None}, "", "reminders_sent"),
        ({"membership.reminder.cost": 0.5}, "renewal_reminders", ""),
        ({"membership.cancellation.refund": "none"}, "", "fees_refunded"),
        ({"membership.cancellation.money_back_days": 0}, "", "fees_refunded"),
        ({"membership.discount_cap": None}, "membership_discount", ""),
        ({"membership.discount_cap.amount": 5}, "", "membership_discount"),
        ({"membership.points_cap": None}, "points_issued", "membership_points_capped"),
        ({"membership.free_shipping_vouchers.count": 9}, "vouchers_used", ""),
        ({"membership.perks": {}}, "", "partner_content"),
        ({"membership.perks.video.perceived_value": 20}, "trial_conversions", "cancellations"),
        ({"membership.perks.video.sponsor_share": "100 %"}, "", "partner_content"),
        ({"membership.welcome_gift": None}, "", "welcome_gifts"),
        ({"membership.welcome_gift.perceived_value": 100}, "joins", ""),
        ({"membership.replaces_tiers": True}, "shipping_charged", "tier_discount"),
    ],
    ids=str,
)
def test_every_lever_moves_what_it_should(launch: Snapshot, change: dict[str, object], rises: str, falls: str) -> None:
    before, after = lived(launch), lived(launch, everything().with_(change))
    for measure, sign in ((rises, 1), (falls, -1)):
        if measure:
            assert sign * (after.total(measure) - before.total(measure)) > 0.02 * before.total(measure), measure


def test_trials_convert_as_often_as_in_the_surveys() -> None:
    """Fact 40 (CIRP, 2014 to 2021): 62 to 73 % of Prime's free trials were paid for; 19 to 30 % of payers monthly."""
    membership = {
        "fee": 99, "months": 12, "plans": {"monthly": {"fee": 10.99, "months": 1}}, "trial": {"days": 30},
        "free_shipping": True,
    }  # fmt: skip
    policy = load_policy("no-programme").with_(
        {"currency": "CNY", "shipping": {"fee": 6, "free_from": 99}, "membership": membership}
    )
    scenario = small_scenario(population__shoppers=3000)
    world = World(policy, scenario, population=brisk_population())
    outcome = world.run(700)
    converted, ended = outcome.total("trial_conversions"), outcome.total("trials_ended")
    assert converted + ended > 150
    share = converted / (converted + ended)
    monthly = (outcome.cards["plan"] == 1)[(outcome.shoppers["status"] & MEMBER) != 0].mean()
    assert 0.6 < share < 0.75
    assert 0.15 < monthly < 0.35
