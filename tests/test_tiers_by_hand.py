"""Tiers, recomputed by hand: twelve calendar months of spend, the review as each month opens, promotions, demotions.

The shoppers of a quiet world have the spend that the test has put there; the test keeps its own account of twelve
months and reviews it by the policy's thresholds.
"""

from __future__ import annotations

import math
from bisect import bisect_right

import numpy as np
import pytest

from memberlab.policies import Policy, load_policy
from memberlab.sim import LAPSED, MEMBER, Outcome, Snapshot, World

from .worlds import LAUNCH_MONTH, days_with, let_buy, opening, quiet_snapshot

LADDER = {
    "ordinary": {"threshold": 0},
    "silver": {"threshold": 600, "discount": "2 %", "free_shipping": True},
    "gold": {"threshold": 1500, "discount": "4 %", "free_shipping": True},
    "diamond": {"threshold": 4000, "discount": "6.5 %", "free_shipping": True},
}

Spend = dict[int, int]
"""Cents of one shopper by month, in months from the start of the warm-up."""


def policy(**changes: object) -> Policy:
    base = load_policy("no-programme").with_({"currency": "CNY", "tiers": LADDER, "shipping.fee": 10})
    return base.with_({address.replace("__", "."): value for address, value in changes.items()})


ARM = policy()


def thresholds(arm: Policy) -> list[int]:
    return [tier.threshold for tier in arm.tiers.values()]


def window(spend: Spend, month: int) -> int:
    """Return the spend of the twelve calendar months before `month`."""
    return sum(spend.get(earlier, 0) for earlier in range(month - 12, month))


def tier_of(spend: Spend, month: int, arm: Policy) -> int:
    """Return the tier that the review gives as `month` opens."""
    return bisect_right(thresholds(arm), window(spend, month)) - 1 if arm.tiers else 0


def spenders() -> list[Spend]:
    """Return shoppers whose spend lies in one month, in two, or in all, around every threshold."""
    amounts = [cents + off for cents in (60_000, 150_000, 400_000) for off in (-1, 0, 1)]
    months = range(LAUNCH_MONTH - 12, LAUNCH_MONTH)
    alone = [{month: cents} for cents in amounts for month in (months[0], months[1], months[6], months[-1])]
    halves = [{months[3]: cents // 2, months[9]: cents - cents // 2} for cents in amounts]
    rising = {month: step * 1000 for step, month in enumerate(months, start=1)}
    falling = {month: step * 9000 for step, month in enumerate(reversed(months))}
    return [*alone, *halves, rising, falling, {}]


def put_spend(snapshot: Snapshot, spent: list[Spend], arm: Policy) -> None:
    """Give each shopper its spend, and the tier that the review of a month ago gave for it."""
    for shopper, spend in enumerate(spent):
        record = snapshot.shoppers[shopper]
        for month, cents in spend.items():
            record["month_spend"][month % 12] = cents
        record["window_spend"] = sum(spend.values())
        record["tier"] = tier_of({m: c for m, c in spend.items() if m < LAUNCH_MONTH - 1}, LAUNCH_MONTH, arm)


@pytest.fixture(scope="module")
def reviewed() -> tuple[Snapshot, list[Spend], list[Outcome]]:
    """Return the snapshot, the shoppers' spend, and the outcome after the review of each of fourteen months."""
    spent = spenders()
    snapshot = quiet_snapshot(ARM, len(spent), horizon__months=18)
    put_spend(snapshot, spent, ARM)
    world = World.resume(snapshot)
    months = range(LAUNCH_MONTH, LAUNCH_MONTH + 14)
    return snapshot, spent, [world.run(opening(snapshot, month) + 1) for month in months]


def test_every_review_gives_the_tier_that_twelve_calendar_months_have_earned(
    reviewed: tuple[Snapshot, list[Spend], list[Outcome]],
) -> None:
    _, spent, outcomes = reviewed
    seen = set()
    for month, outcome in enumerate(outcomes, start=LAUNCH_MONTH):
        expected = [tier_of(spend, month, ARM) for spend in spent]
        assert outcome.shoppers["tier"].tolist() == expected, month
        seen |= set(expected)
    assert seen == {0, 1, 2, 3}
    assert not outcomes[-1].shoppers["tier"].any()  # nobody has bought for a year


def test_the_window_drops_the_month_of_a_year_ago_after_the_review(
    reviewed: tuple[Snapshot, list[Spend], list[Outcome]],
) -> None:
    _, spent, outcomes = reviewed
    for month, outcome in enumerate(outcomes, start=LAUNCH_MONTH):
        expected = [window(spend, month) - spend.get(month - 12, 0) for spend in spent]
        assert outcome.shoppers["window_spend"].tolist() == expected, month


def test_promotions_and_demotions_are_counted_once_a_shopper_on_the_morning_of_the_review(
    reviewed: tuple[Snapshot, list[Spend], list[Outcome]],
) -> None:
    snapshot, spent, outcomes = reviewed
    promotions, demotions = {}, {}
    before = snapshot.shoppers["tier"].astype(int)
    for month in range(LAUNCH_MONTH, LAUNCH_MONTH + 14):
        after = np.array([tier_of(spend, month, ARM) for spend in spent])
        promotions[opening(snapshot, month)] = int((after > before).sum())
        demotions[opening(snapshot, month)] = int((after < before).sum())
        before = after
    assert days_with(outcomes[-1], "promotions") == {day: count for day, count in promotions.items() if count}
    assert days_with(outcomes[-1], "demotions") == {day: count for day, count in demotions.items() if count}
    assert sum(promotions.values()) > 5 < sum(demotions.values())


def test_promotion_pleases_and_demotion_hurts_more(reviewed: tuple[Snapshot, list[Spend], list[Outcome]]) -> None:
    """Goodwill is 0.08 for each step up and 2.25 times that for each step down, and fades with 150 days."""
    snapshot, spent, outcomes = reviewed
    for shopper, spend in enumerate(spent):
        goodwill, day = 0.0, snapshot.day
        tier = int(snapshot.shoppers["tier"][shopper])
        for month in range(LAUNCH_MONTH, LAUNCH_MONTH + 14):
            steps = tier_of(spend, month, ARM) - tier
            if steps:
                goodwill *= math.exp(-(opening(snapshot, month) - day) / 150)
                goodwill += 0.08 * steps * (1 if steps > 0 else 2.25)
                tier, day = tier + steps, opening(snapshot, month)
        assert outcomes[-1].shoppers["goodwill"][shopper] == pytest.approx(goodwill, abs=1e-6)


def test_an_order_counts_from_the_next_review_for_twelve_of_them() -> None:
    arm = policy(tiers__silver__threshold=1, tiers__gold__threshold=10**6, tiers__diamond__threshold=2 * 10**6)
    snapshot = quiet_snapshot(arm, 3, horizon__months=20)
    first, last = opening(snapshot, LAUNCH_MONTH + 2), opening(snapshot, LAUNCH_MONTH + 3) - 1
    let_buy(snapshot, 0, first)
    let_buy(snapshot, 1, last)
    world = World.resume(snapshot)
    for month in range(LAUNCH_MONTH, LAUNCH_MONTH + 20):
        outcome = world.run(opening(snapshot, month) + 1)
        in_silver = LAUNCH_MONTH + 3 <= month <= LAUNCH_MONTH + 14
        assert outcome.shoppers["tier"].tolist() == [int(in_silver), int(in_silver), 0], month
    assert sorted(days_with(outcome, "gmv")) == [first, last]
    assert days_with(outcome, "promotions") == {opening(snapshot, LAUNCH_MONTH + 3): 2}
    assert days_with(outcome, "demotions") == {opening(snapshot, LAUNCH_MONTH + 15): 2}


@pytest.mark.parametrize(
    "ladder",
    [
        {"tiers.silver.threshold": 400, "tiers.gold.threshold": 900},
        {"tiers.silver.threshold": 1400, "tiers.diamond.threshold": 9000},
        {"tiers": {"low": {"threshold": 0}, "high": {"threshold": 1000}}},
        {"tiers": {}},
    ],
    ids=str,
)
def test_a_new_ladder_moves_everybody_at_once_and_nobodys_mood(ladder: dict[str, object]) -> None:
    arm, spent = ARM.with_(ladder), spenders()
    snapshot = quiet_snapshot(ARM, len(spent), horizon__months=18)
    put_spend(snapshot, spent, ARM)
    world = World.resume(snapshot, arm)
    outcome = world.run(snapshot.day + 1)
    moved = [tier_of(spend, LAUNCH_MONTH, arm) for spend in spent]
    assert outcome.shoppers["tier"].tolist() == moved != snapshot.shoppers["tier"].tolist()
    assert outcome.total("promotions") == outcome.total("demotions") == 0
    assert not outcome.shoppers["goodwill"].any()
    outcome = world.run(opening(snapshot, LAUNCH_MONTH + 1) + 1)
    later = [tier_of(spend, LAUNCH_MONTH + 1, arm) for spend in spent]
    assert outcome.total("demotions") == int((np.array(later) < moved).sum())
    assert outcome.total("promotions") == 0


def test_other_benefits_on_the_same_ladder_are_no_new_ladder() -> None:
    arm, spent = policy(tiers__gold__discount="9 %"), spenders()
    snapshot = quiet_snapshot(ARM, len(spent))
    put_spend(snapshot, spent, ARM)
    outcome = World.resume(snapshot, arm).run(snapshot.day + 1)
    assert outcome.total("promotions") == World.resume(snapshot).run(snapshot.day + 1).total("promotions") > 0


# what a tier is promised


@pytest.mark.parametrize(("tier", "discount"), [(0, 0), (1, 200), (2, 400), (3, 650)])
def test_an_order_gets_the_discount_and_delivery_of_its_tier(tier: int, discount: int) -> None:
    snapshot = quiet_snapshot(ARM, 20)
    put_spend(snapshot, [{LAUNCH_MONTH - 2: thresholds(ARM)[tier]}] * 20, ARM)
    for shopper in range(20):
        let_buy(snapshot, shopper, snapshot.day + shopper)
    ledger = World.resume(snapshot).run(snapshot.day + 20).ledger
    assert ledger["orders"][:, 2 * tier].tolist() == [1] * 20
    list_value, gmv = ledger["list_value"][:, 2 * tier], ledger["gmv"][:, 2 * tier]
    assert (list_value - gmv == list_value * discount // 10_000).all()
    assert ledger["tier_discount"].sum() == (list_value - gmv).sum()
    assert ledger["shipping_charged"].sum() == (20_000 if tier == 0 else 0)
    assert ledger["shipping_waived_by_status"].sum() == (0 if tier == 0 else 20_000)


@pytest.mark.parametrize(
    ("member", "tier", "paid", "kind"),
    [
        ("3 %", "2 %", "1 %", "member_discount"),
        ("1 %", "3 %", "2 %", "tier_discount"),
        ("1 %", "2 %", "3 %", "membership_discount"),
    ],
)
def test_the_largest_of_three_discounts_applies_and_alone(member: str, tier: str, paid: str, kind: str) -> None:
    arm = policy(member_discount=member, tiers__silver__discount=tier, membership={"fee": 99, "discount": paid})
    snapshot = quiet_snapshot(arm, 10)
    put_spend(snapshot, [{LAUNCH_MONTH - 2: 60_000}] * 10, arm)
    snapshot.shoppers["status"] |= MEMBER
    snapshot.shoppers["term_end"] = snapshot.day + 200
    for shopper in range(10):
        let_buy(snapshot, shopper, snapshot.day + shopper)
    outcome = World.resume(snapshot).run(snapshot.day + 10)
    three_percent = sum(value * 300 // 10_000 for value in days_with(outcome, "list_value").values())
    discounts = {name: outcome.total(name) for name in ("member_discount", "tier_discount", "membership_discount")}
    assert discounts == {name: three_percent if name == kind else 0 for name in discounts}


def test_the_office_reviews_those_who_have_left_as_well() -> None:
    snapshot = quiet_snapshot(ARM, 1, horizon__months=18)
    put_spend(snapshot, [{LAUNCH_MONTH - 2: 150_000}], ARM)
    snapshot.shoppers["status"] |= LAPSED
    outcome = World.resume(snapshot).run(opening(snapshot, LAUNCH_MONTH + 14))
    assert outcome.shoppers["window_spend"].tolist() == [0]
    assert outcome.shoppers["tier"].tolist() == [0]
