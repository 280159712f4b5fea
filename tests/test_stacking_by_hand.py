"""An order's price, recomputed by hand: order of application, exclusive groups, the cap, coupons and categories."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest

from memberlab.policies import OFFERS, Policy, load_policy
from memberlab.sim import MEMBER, TRAITS_DAY, Outcome, Purpose, Snapshot, World, keyed_uniforms

from .worlds import brisk_population, days_with, let_buy, opening, quiet_snapshot, small_scenario

LINES = {
    "standing": "member_discount", "category": "category_discount", "campaign": "campaign_discount",
    "coupon": "coupon_discount",
}  # fmt: skip
BUYERS = 24
SHARE = 0.25
"""Share of the baskets that is of the slow brands."""


def policy(**changes: object) -> Policy:
    base = load_policy("no-programme").with_(
        {"currency": "CNY", "member_discount": "4 %", "coupons": {"value": 30, "minimum_spend": 120, "a_month": 1},
         "categories": {"slow-brands": {"discount": "20 %"}}}
    )  # fmt: skip
    return base.with_({address.replace("__", "."): value for address, value in changes.items()})


def launch(arm: Policy, **changes: object) -> Snapshot:
    """Return a launch morning of shoppers who claim every coupon, keep their baskets and never top them up."""
    calm = {"basket_elasticity": 0, "padding_spread": 0, "membership_consideration": 0, "coupon_take_up": 1}
    return quiet_snapshot(arm, BUYERS, assumptions=calm | changes, categories={"slow-brands": {"share": "25 %"}})


def everybody_orders(arm: Policy, snapshot: Snapshot | None = None) -> tuple[Outcome, Snapshot]:
    """Return what happens when each shopper orders once, on a day of their own."""
    snapshot = snapshot or launch(arm)
    for shopper in range(BUYERS):
        let_buy(snapshot, shopper, snapshot.day + shopper)
    return World.resume(snapshot, arm).run(snapshot.day + BUYERS + 1), snapshot


def tastes(seed: int) -> list[int]:
    """Return the basis points of each shopper's baskets that a 20 % member price on the slow brands takes off."""
    uniforms = keyed_uniforms(seed, range(BUYERS), TRAITS_DAY, Purpose.CATEGORY_TASTE)
    return [int(float(one) ** (1 / SHARE - 1) * 2_000) for one in uniforms]


def by_hand(arm: Policy, list_value: int, category: int, *, has_coupon: bool = True) -> dict[str, int]:
    """Return the cents that each kind takes off, written down again in the plainest way."""
    coupons, stacking = arm.coupons, arm.stacking

    def takes(kind: str, left: int) -> int:
        if kind == "standing":
            return left * arm.member_discount // 10_000
        if kind == "category":
            return left * category // 10_000
        if kind == "coupon" and coupons is not None and has_coupon and left >= coupons.minimum_spend:
            return coupons.value or left * coupons.share // 10_000
        return 0

    sequence = stacking.sequence()
    out = set()
    for group in stacking.exclusive:
        ranked = sorted(group, key=lambda kind: (-takes(kind, list_value), sequence.index(kind)))
        out |= set(ranked[1:])
    taken, left = dict.fromkeys(OFFERS, 0), list_value
    for kind in sequence:
        if kind not in out:
            taken[kind] = takes(kind, left)
            left -= taken[kind]
    most = list_value if stacking.most is None else list_value * stacking.most // 10_000
    excess = sum(taken.values()) - most
    for kind in reversed(sequence):
        cut = min(taken[kind], max(0, excess))
        taken[kind], excess = taken[kind] - cut, excess - cut
    return {str(kind): cents for kind, cents in taken.items()}


STACKINGS: list[Mapping[str, object]] = [
    {},
    {"stacking.order": ["coupon"]},
    {"stacking.order": ["coupon", "category"], "coupons": {"share": "15 %", "minimum_spend": 120, "a_month": 1}},
    {"stacking.exclusive": [["standing", "coupon"]]},
    {"stacking.exclusive": [["category", "coupon"]], "stacking.order": ["category"]},
    {"stacking.exclusive": [["standing", "category", "coupon"]]},
    {"stacking.exclusive": [["standing", "category"], ["coupon", "campaign"]]},
    {"stacking.most": "10 %"},
    {"stacking.most": "7 %", "stacking.order": ["coupon"]},
    {"stacking.most": "3 %"},
    {"stacking.most": "12 %", "stacking.exclusive": [["standing", "coupon"]]},
]


@pytest.mark.parametrize("changes", STACKINGS, ids=str)
def test_every_order_is_priced_as_by_hand(changes: Mapping[str, object]) -> None:
    arm = policy().with_(changes)
    outcome, snapshot = everybody_orders(arm)
    lists, goods = days_with(outcome, "list_value"), days_with(outcome, "gmv")
    assert len(lists) == BUYERS
    seen = dict.fromkeys(LINES, 0)
    for shopper, category in enumerate(tastes(snapshot.seed)):
        day = snapshot.day + shopper
        expected = by_hand(arm, lists[day], category)
        for kind, line in LINES.items():
            assert days_with(outcome, line).get(day, 0) == expected[kind], (shopper, kind)
            seen[kind] += expected[kind]
        assert goods[day] == lists[day] - sum(expected.values())
    used = sum(1 for shopper, taste in enumerate(tastes(snapshot.seed))
               if by_hand(arm, lists[snapshot.day + shopper], taste)["coupon"])  # fmt: skip
    assert outcome.total("coupons_redeemed") == used
    assert seen["category"] > 0 or "stacking.exclusive" in changes or "stacking.most" in changes


def test_shoppers_differ_in_taste_and_the_mean_is_the_scenarios_share() -> None:
    """With 200,000 shoppers the standard error of the mean is 0.0006; it may differ by 4.5 of them (7e-6)."""
    uniforms = keyed_uniforms(3, range(200_000), TRAITS_DAY, Purpose.CATEGORY_TASTE)
    shares = uniforms ** (1 / SHARE - 1)
    assert abs(shares.mean() - SHARE) < 4.5 * shares.std() / math.sqrt(len(shares))


def test_a_category_for_some_is_a_category_for_those_alone() -> None:
    tiers = {"low": {"threshold": 0}, "high": {"threshold": 1_000}}
    only_high = policy(tiers=tiers, categories={"slow-brands": {"discount": "20 %", "tiers": ["high"]}})
    snapshot = launch(only_high)
    snapshot.shoppers["tier"][::2] = 1
    snapshot.shoppers["month_spend"][::2, 11] = snapshot.shoppers["window_spend"][::2] = 100_000
    outcome, _ = everybody_orders(only_high, snapshot)
    days = days_with(outcome, "category_discount")
    assert {day - snapshot.day for day in days} <= set(range(0, BUYERS, 2))
    assert len(days) > BUYERS // 4

    paid = policy(membership={"fee": 99}, categories={"slow-brands": {"discount": "20 %", "paid_members_only": True}})
    snapshot = launch(paid)
    snapshot.shoppers["status"][1] |= MEMBER
    snapshot.shoppers["term_end"][1] = snapshot.day + 200
    outcome, _ = everybody_orders(paid, snapshot)
    assert set(days_with(outcome, "category_discount")) == {snapshot.day + 1}


def test_a_category_earns_extra_points() -> None:
    points = {"earn": {"points": 10, "per": 1}, "redeem": {"points": 1000, "value": 1}}
    plain = policy(points=points, categories={}, coupons=None)
    tripled = policy(points=points, coupons=None, categories={"slow-brands": {"earn_multiplier": 3}})
    snapshot = launch(plain)
    base, _ = everybody_orders(plain, snapshot)
    more, _ = everybody_orders(tripled, snapshot)
    extra = [int(float(u) ** 3 * 20_000) for u in keyed_uniforms(snapshot.seed, range(BUYERS), TRAITS_DAY,
                                                               Purpose.CATEGORY_TASTE)]  # fmt: skip
    before, after = days_with(base, "points_issued"), days_with(more, "points_issued")
    assert [after[day] for day in sorted(after)] == [
        before[day] + before[day] * extra[day - snapshot.day] // 10_000 for day in sorted(before)
    ]


# coupons through their life


def test_coupons_are_issued_by_tier_kept_for_their_days_and_expire_on_the_day() -> None:
    tiers = {"low": {"threshold": 0, "coupons_a_month": 1}, "high": {"threshold": 1_000, "coupons_a_month": 3}}
    arm = policy(tiers=tiers, coupons={"value": 30, "minimum_spend": 120, "valid_days": 45}, categories={})
    snapshot = launch(arm)
    snapshot.shoppers["tier"][:10] = 1
    snapshot.shoppers["month_spend"][:10, 11] = snapshot.shoppers["window_spend"][:10] = 100_000
    outcome = World.resume(snapshot).run(opening(snapshot, 14) + 1)
    each = 10 * 3 + (BUYERS - 10)
    opened = [opening(snapshot, month) for month in (12, 13, 14)]
    assert days_with(outcome, "coupons_issued") == days_with(outcome, "coupons_claimed") == dict.fromkeys(opened, each)
    # the warm-up under the same policy issued none: nobody was enrolled then
    assert days_with(outcome, "coupons_expired") == {snapshot.day + 45: each}
    assert outcome.closing.coupons == 2 * each


def test_who_does_not_claim_has_no_coupon() -> None:
    arm = policy(categories={})
    outcome, snapshot = everybody_orders(arm, launch(arm, coupon_take_up=0.5))
    claimed = keyed_uniforms(snapshot.seed, range(BUYERS), snapshot.day, Purpose.CLAIM_COUPONS) < 0.5
    assert outcome.total("coupons_issued") == BUYERS
    assert outcome.total("coupons_claimed") == claimed.sum()
    lists = days_with(outcome, "list_value")
    used = {day for day, cents in lists.items() if claimed[day - snapshot.day] and cents * 96 // 100 >= 12_000}
    assert set(days_with(outcome, "coupon_discount")) == used


def test_the_coupon_that_ends_first_is_used_first_and_not_more_than_allowed() -> None:
    arm = policy(categories={}, coupons={"value": 1, "minimum_spend": 2, "valid_days": 60, "a_month": 2,
                                         "most_used_a_month": 1})  # fmt: skip
    snapshot = launch(arm)
    let_buy(snapshot, 0, opening(snapshot, 13) + 2)
    world = World.resume(snapshot)
    world.run(opening(snapshot, 13) + 3)
    assert world.cards["coupons"][0].tolist() == [1, 2, 0, 0, 0, 0, 0, 0]  # of months 12 and 13
    again = world.snapshot()
    let_buy(again, 0, opening(snapshot, 13) + 5)
    outcome = World.resume(again).run(opening(snapshot, 13) + 6)
    assert outcome.total("orders") == 1
    assert outcome.total("coupons_redeemed") == 0  # one a month
    again.cards["coupons_used"] = 0
    outcome = World.resume(again).run(opening(snapshot, 13) + 6)
    assert outcome.total("coupons_redeemed") == 1


def test_a_policy_without_coupons_ends_them_and_one_with_keeps_them() -> None:
    arm = policy(categories={})
    world = World.resume(launch(arm))
    world.run(world.launch + 1)
    kept = world.fork(arm.with_({"member_discount": "5 %"}))
    assert kept.run(kept.day + 1).closing.coupons == BUYERS
    dropped = world.fork(arm.with_({"coupons": None}))
    outcome = dropped.run(opening(dropped.snapshot(), 13) + 1)  # the office takes them back when the month opens
    assert outcome.closing.coupons == 0
    assert outcome.total("coupons_expired") == BUYERS


def test_a_basket_is_topped_up_to_the_coupons_minimum() -> None:
    """At a gap of next to nothing nearly everybody tops up; the goods added are a debt, and the coupon is used."""
    arm = policy(categories={}, member_discount="0 %", coupons={"value": 30, "minimum_spend": 200, "a_month": 1})
    snapshot = launch(arm, padding_spread=0.3)
    snapshot.shoppers["basket_scale"] = 19_500 / snapshot.population.spend.shape
    outcome, _ = everybody_orders(arm, snapshot)
    plain, _ = everybody_orders(arm.with_({"coupons": None}), snapshot)
    with_coupon, without = days_with(outcome, "list_value"), days_with(plain, "list_value")
    topped_up = [day for day in without if with_coupon[day] != without[day]]
    assert len(topped_up) >= 3
    for day in topped_up:
        assert without[day] < 20_000 <= with_coupon[day]
        assert days_with(outcome, "coupon_discount")[day] == 3_000
        assert outcome.shoppers["purchase_debt"][day - snapshot.day] > 0


# the whole


@pytest.mark.parametrize("day_by_day", [False, True])
def test_a_lively_market_has_the_same_bits_both_ways_and_after_a_stop(day_by_day: bool) -> None:
    arm = policy(**{"stacking.most": "30 %", "tiers": {"low": {"threshold": 0}, "high": {"threshold": 500}}})
    scenario = small_scenario(categories={"slow-brands": {"share": "25 %"}})
    world = World(arm, scenario, population=brisk_population())
    world.run(world.launch)
    snapshot = world.snapshot()
    straight = World.resume(snapshot).run(world.end)
    stopped = World.resume(snapshot)
    stopped.run(snapshot.day + 40, day_by_day=day_by_day)
    stopped.run(snapshot.day + 41)
    again = stopped.run(world.end, day_by_day=day_by_day)
    assert again.digest() == straight.digest()
    assert all(result.holds for result in straight.identities())
    assert min(straight.total(line) for line in ("coupon_discount", "category_discount", "coupons_expired")) > 0
    assert np.any(straight.cards["coupons"])
