"""The welcome to a tier, recomputed by hand: once a member, on the morning after the tier was first reached."""

from __future__ import annotations

import numpy as np
import pytest

from memberlab.policies import Policy
from memberlab.sim import MEMBER, Outcome, Snapshot, World

from .standing import policy
from .worlds import LAUNCH_MONTH, days_with, let_baskets_be, let_buy, opening, quiet_snapshot

GIFTS = {
    f"tiers__{tier}__welcome_gift": {"cost": cost, "value": 20}
    for tier, cost in (("ordinary", 1), ("silver", 3), ("gold", 7))
}
PLAIN = policy({})
WELCOMING = policy({}, **GIFTS)
"""Tiers by the spend of twelve calendar months, without notes of their own on the card."""


def members(of: Policy, count: int, **changes: object) -> Snapshot:
    """Return members of the lowest tier with baskets of 200 yuan, who have been welcomed to it."""
    snapshot = quiet_snapshot(of, count, **changes)
    snapshot.shoppers["visit_gap"] = 1e12
    snapshot.shoppers["next_visit"] = 32_767
    let_baskets_be(snapshot, 20_000)
    if len(snapshot.cards) == count:
        snapshot.cards["tiers_reached"] = 1
    return snapshot


def put_spend(snapshot: Snapshot, shopper: int, spend: dict[int, int], tier: int = 0) -> None:
    """Let a member have spent `spend` (yuan by month of the world) and be in `tier`."""
    for month, amount in spend.items():
        snapshot.shoppers["month_spend"][shopper, month % 12] = 100 * amount
    snapshot.shoppers["window_spend"][shopper] = 100 * sum(spend.values())
    snapshot.shoppers["tier"][shopper] = tier


def lived(snapshot: Snapshot, days: int = 60, arm: Policy | None = None) -> Outcome:
    """Return the outcome of `days` days, the same from both drivers, and the same after a night in a snapshot."""
    until = snapshot.day + days
    outcome = World.resume(snapshot, arm).run(until)
    assert World.resume(snapshot, arm).run(until, day_by_day=True).digest() == outcome.digest()
    world = World.resume(snapshot, arm)
    world.run(snapshot.day + days // 2)
    resumed = World.resume(world.snapshot()).run(until)
    assert (resumed.cards == outcome.cards).all()
    return outcome


def welcomes(outcome: Outcome) -> dict[int, int]:
    """Return the cost of welcome gifts by day after launch."""
    return {day - outcome.first_day: value for day, value in days_with(outcome, "tier_welcome_gifts").items()}


def test_the_first_order_leads_to_the_lowest_tier_and_its_welcome() -> None:
    snapshot = members(WELCOMING, 3)
    snapshot.cards["tiers_reached"] = 0
    snapshot.shoppers["status"], snapshot.shoppers["first_order_day"] = 0, -1
    let_buy(snapshot, 1, snapshot.day + 5)
    outcome = lived(snapshot)
    assert welcomes(outcome) == {6: 100}
    assert outcome.ledger["tier_welcome_gifts"][6, 0] == 100
    assert outcome.shoppers["benefit_cost"].tolist() == [0, 100, 0]
    assert outcome.cards["tiers_reached"].tolist() == [0, 1, 0]


def test_a_review_promotes_and_the_next_morning_brings_the_gift_of_the_new_tier() -> None:
    snapshot = members(WELCOMING, 4)
    put_spend(snapshot, 0, {LAUNCH_MONTH - 1: 600})
    put_spend(snapshot, 1, {LAUNCH_MONTH - 1: 1500})  # passes silver over
    put_spend(snapshot, 2, {LAUNCH_MONTH - 1: 599})
    outcome = lived(snapshot)
    assert welcomes(outcome) == {1: 300 + 700}
    assert outcome.ledger["tier_welcome_gifts"][1, [2, 4]].tolist() == [300, 700]
    assert outcome.shoppers["margin"].tolist() == [-300, -700, 0, 0]
    assert outcome.cards["tiers_reached"].tolist() == [0b11, 0b111, 0b1, 0b1]
    assert outcome.shoppers["goodwill"][0] > outcome.shoppers["goodwill"][2] == 0


def test_what_it_pleases() -> None:
    """Promotion on launch day: 0.08; the gift on the morning after: 0.15 * 2 * 20 / 200."""
    snapshot = members(WELCOMING, 1)
    put_spend(snapshot, 0, {LAUNCH_MONTH - 1: 600})
    outcome = World.resume(snapshot).run(snapshot.day + 2)
    assert outcome.shoppers["goodwill"][0] == pytest.approx(0.08 * np.exp(-1 / 150) + 0.03, rel=1e-5)


def test_nobody_is_welcomed_twice() -> None:
    """Up to gold, down to silver and to ordinary as the window moves on, and up again by one order."""
    snapshot = members(WELCOMING, 1)
    put_spend(snapshot, 0, {LAUNCH_MONTH - 11: 800, LAUNCH_MONTH - 9: 700})
    let_baskets_be(snapshot, 160_000)
    let_buy(snapshot, 0, opening(snapshot, LAUNCH_MONTH + 6))
    outcome = lived(snapshot, 300)
    assert outcome.total("promotions") == 2
    assert outcome.total("demotions") == 2
    assert outcome.shoppers["tier"][0] == 2
    assert welcomes(outcome) == {1: 700}


def test_a_promotion_at_once_is_welcomed_on_the_next_morning() -> None:
    snapshot = members(policy({"promotion": "instant"}, **GIFTS), 2)
    let_baskets_be(snapshot, 70_000)
    let_buy(snapshot, 0, snapshot.day + 10)
    assert welcomes(lived(snapshot)) == {11: 300}
    snapshot.cards["tiers_reached"] = 0
    snapshot.shoppers["status"], snapshot.shoppers["first_order_day"] = 0, -1
    assert welcomes(lived(snapshot)) == {11: 300}  # the first order has led past the lowest tier


def test_a_promotion_on_an_anniversary_and_one_by_activity_are_welcomed_too() -> None:
    snapshot = members(policy({"review": "anniversary"}, **GIFTS), 1)
    snapshot.shoppers["first_order_day"] = 20  # 21 January 2025
    snapshot.cards["window_value"] = 60_000
    snapshot.cards["month_value"][:, (LAUNCH_MONTH - 1) % 12] = 60_000
    outcome = lived(snapshot)
    assert [day - outcome.first_day for day in days_with(outcome, "promotions")] == [20]
    assert welcomes(outcome) == {21: 300}
    active = policy({"basis": "activity", "promotion": "instant"}, tiers__silver__threshold=1, **GIFTS)
    snapshot = members(active, 1)
    let_buy(snapshot, 0, snapshot.day + 10)  # a visit is an activity; the office promotes on the morning after it
    outcome = lived(snapshot)
    assert [day - outcome.first_day for day in days_with(outcome, "promotions")] in ([10], [11])
    assert list(welcomes(outcome)) == [day - outcome.first_day + 1 for day in days_with(outcome, "promotions")]


def test_an_invitation_is_welcomed() -> None:
    black = {"threshold": "never", "invitation": {"value": 2000}, "welcome_gift": {"cost": 50, "value": 90}}
    snapshot = members(policy({}, tiers__black=black), 2)
    for shopper in (0, 1):
        snapshot.shoppers["tier"][shopper] = 2
        snapshot.cards["window_value"][shopper] = snapshot.cards["month_value"][shopper, 11] = (250_000, 150_000)[
            shopper
        ]
    snapshot.cards["tiers_reached"] = 0b111
    outcome = lived(snapshot)
    assert outcome.total("invitations") == 1
    assert welcomes(outcome) == {1: 5_000}


def test_a_tier_that_the_paid_membership_lends_gives_none() -> None:
    rules = policy({}, membership={"fee": 99, "grants_tier": "gold"}, **GIFTS)
    snapshot = members(rules, 2)
    snapshot.shoppers["status"][0] |= MEMBER
    snapshot.shoppers["term_end"][0], snapshot.shoppers["fee_paid"][0] = snapshot.day + 300, 9_900
    outcome = lived(snapshot)
    assert outcome.total("tier_welcome_gifts") == outcome.total("welcome_gifts") == 0


class TestLaunch:
    def test_who_is_in_the_tier_already_is_not_welcomed_and_who_reaches_it_this_morning_is(self) -> None:
        snapshot = members(PLAIN, 3)
        put_spend(snapshot, 0, {LAUNCH_MONTH - 1: 700}, tier=1)
        put_spend(snapshot, 1, {LAUNCH_MONTH - 1: 700})
        let_baskets_be(snapshot, 160_000)
        let_buy(snapshot, 2, snapshot.day + 10)  # gold on 1 February
        outcome = lived(snapshot, arm=WELCOMING)
        assert welcomes(outcome) == {1: 300, 32: 700}
        assert outcome.shoppers["benefit_cost"].tolist() == [0, 300, 700]
        assert outcome.cards["tiers_reached"].tolist() == [0b11, 0b11, 0b111]

    def test_a_new_ladder_welcomes_nobody_on_its_first_day(self) -> None:
        lower = WELCOMING.with_({"tiers.gold.threshold": 650})
        snapshot = members(PLAIN, 2)
        put_spend(snapshot, 0, {LAUNCH_MONTH - 1: 700}, tier=1)
        let_baskets_be(snapshot, 70_000)
        let_buy(snapshot, 1, snapshot.day + 10)
        outcome = lived(snapshot, arm=lower)
        assert outcome.shoppers["tier"].tolist() == [2, 2]
        assert welcomes(outcome) == {32: 700}
        on_card = lower.with_(
            {"qualification": {"basis": "orders"}, "tiers.silver.threshold": 1, "tiers.gold.threshold": 9}
        )
        assert welcomes(lived(snapshot, 20, arm=on_card)) == {}

    def test_an_arm_that_welcomes_as_before_keeps_yesterdays_promise(self) -> None:
        """Promoted by an order on the eve of launch: the gift comes on launch day, whatever else the arm changes."""
        incumbent = policy({"promotion": "instant"}, **GIFTS)
        snapshot = members(incumbent, 2)
        snapshot.shoppers["tier"][0] = 1
        snapshot.cards["window_value"][0] = snapshot.cards["month_value"][0, 11] = 70_000
        snapshot.cards["office_day"][0] = snapshot.due[0] = snapshot.day
        for arm in (incumbent, incumbent.with_({"shipping.fee": 9})):
            assert welcomes(lived(snapshot, arm=arm)) == {0: 300}

    def test_a_policy_without_welcomes_gives_none_and_keeps_no_card_for_them(self) -> None:
        snapshot = members(WELCOMING, 1)
        put_spend(snapshot, 0, {LAUNCH_MONTH - 1: 700})
        assert lived(snapshot, arm=PLAIN).total("tier_welcome_gifts") == 0
        assert len(World.resume(members(PLAIN, 3)).cards) == 1
        assert len(World.resume(members(PLAIN, 3), WELCOMING).cards) == 3
