"""Delivery that a tier pays for, recomputed by hand: thresholds of its own, vouchers, and both beside a membership."""

from __future__ import annotations

import numpy as np
import pytest

from memberlab.policies import (
    Customers,
    DocumentError,
    Policy,
    TypicalShopper,
    differences,
    give_back,
    lint,
    load_policy,
    promise,
    told,
)
from memberlab.sim import MEMBER, Outcome, Snapshot, World

from .memberships import keen_world
from .worlds import LAUNCH_MONTH, let_baskets_be, let_buy, quiet_snapshot

FEE = 1_000


def tiers(gold: dict[str, object], basic: dict[str, object] | None = None, **changes: object) -> Policy:
    """Return a policy of two tiers, delivery at 10.00 an order and free from 200.00, and `changes` by address."""
    ladder = {"basic": {"threshold": 0, **(basic or {})}, "gold": {"threshold": 50, **gold}}
    named = {address.replace("__", "."): value for address, value in changes.items()}
    delivery = {"fee": 10, "free_from": 200}
    return load_policy("no-programme").with_({"currency": "CNY", "shipping": delivery, "tiers": ladder, **named})


def one(policy: Policy, level: int, basket: int, **assumptions: float) -> Snapshot:
    """Return launch morning of one shopper in the tier of `level`, with baskets of `basket` cents."""
    snapshot = quiet_snapshot(policy, 1, assumptions={"membership_consideration": 0, **assumptions})
    let_baskets_be(snapshot, basket)
    snapshot.shoppers["tier"] = level
    snapshot.shoppers["window_spend"] = snapshot.shoppers["month_spend"][:, LAUNCH_MONTH - 1] = 5_000 * level
    return snapshot


def ordered(snapshot: Snapshot, days: list[int]) -> list[Outcome]:
    """Let the shopper order on each of `days` after launch; return the books of each of these days alone."""
    outcomes, launch = [], snapshot.day
    for day in days:
        world = World.resume(snapshot)
        world.run(launch + day)
        snapshot = world.snapshot()
        let_buy(snapshot, 0, snapshot.day)
        world = World.resume(snapshot)
        outcomes.append(world.run(snapshot.day + 1))
        snapshot = world.snapshot()
        assert outcomes[-1].total("orders") == 1
        assert all(result.holds for result in outcomes[-1].identities())
    return outcomes


@pytest.mark.parametrize(
    ("level", "basket", "charged", "by_status", "by_threshold"),
    [(0, 6_000, FEE, 0, 0), (1, 4_000, FEE, 0, 0), (1, 6_000, 0, FEE, 0), (1, 20_000, 0, 0, FEE)],
)
def test_a_tier_has_a_threshold_of_its_own(
    level: int, basket: int, charged: int, by_status: int, by_threshold: int
) -> None:
    """Gold's is 49.00; who is above everybody's 200.00 owes nothing to the tier."""
    (outcome,) = ordered(one(tiers({"free_shipping_from": 49}), level, basket, padding_spread=0), [1])
    assert outcome.total("shipping_charged") == charged
    assert outcome.total("shipping_waived_by_status") == by_status
    assert outcome.total("shipping_waived_by_threshold") == by_threshold


def test_members_fill_the_basket_up_to_the_threshold_of_their_own_tier() -> None:
    """At 48.00 the gap of gold is 1.00, weighed 0.7, against a fee of 10.00, weighed 1.3; that of basic is 152.00."""
    policy = tiers({"free_shipping_from": 49})
    added = []
    for level in (0, 1):
        snapshot = quiet_snapshot(policy, 400, assumptions={"membership_consideration": 0})
        let_baskets_be(snapshot, 4_800)
        snapshot.shoppers["tier"] = level
        snapshot.shoppers["window_spend"] = snapshot.shoppers["month_spend"][:, LAUNCH_MONTH - 1] = 5_000 * level
        for shopper in range(400):
            let_buy(snapshot, shopper, snapshot.day + 1)
        added.append(World.resume(snapshot).run(snapshot.day + 2))
    share = 1 / (1 + np.exp(-(1.3 * FEE - 0.7 * 100) / (0.8 * FEE)))
    assert added[0].total("shipping_charged") == 400 * FEE
    padded = added[1].total("shipping_waived_by_status") / FEE
    assert padded == pytest.approx(400 * share, abs=3.5 * np.sqrt(400 * share * (1 - share)))
    assert added[1].total("list_value") > 400 * 4_800 + padded * 100


def test_a_tiers_vouchers_come_anew_each_month() -> None:
    policy = tiers({"free_shipping_vouchers": {"count": 2, "per": "month"}})
    outcomes = ordered(one(policy, 1, 6_000, padding_spread=0), [1, 2, 3, 40, 41, 42])
    assert [each.total("shipping_waived_by_voucher") for each in outcomes] == [FEE, FEE, 0, FEE, FEE, 0]
    assert [each.total("shipping_charged") for each in outcomes] == [0, 0, FEE, 0, 0, FEE]
    assert [each.total("vouchers_used") for each in outcomes] == [1, 1, 0, 1, 1, 0]
    assert outcomes[0].shoppers["benefit_cost"].tolist() == [FEE]
    (basic,) = ordered(one(policy, 0, 6_000, padding_spread=0), [1])
    assert basic.total("shipping_charged") == FEE


def test_a_tiers_vouchers_of_a_year_count_from_the_first_order() -> None:
    snapshot = one(tiers({"never_demoted": True, "free_shipping_vouchers": {"count": 1, "per": "year"}}), 1, 6_000)
    snapshot.shoppers["first_order_day"] = snapshot.day - 300
    snapshot.cards["tier_year"] = 0
    outcomes = ordered(snapshot, [1, 2, 64, 65, 66])
    assert [each.total("vouchers_used") for each in outcomes] == [1, 0, 0, 1, 0]


def test_the_tiers_vouchers_go_before_those_of_the_membership_and_both_are_added_up() -> None:
    """Only what the membership's own voucher spares counts as its saving."""
    policy = tiers(
        {"free_shipping_vouchers": {"count": 1, "per": "month"}},
        membership={"fee": 99, "free_shipping_vouchers": {"count": 1, "per": "month"}},
    )
    snapshot = one(policy, 1, 6_000, padding_spread=0)
    snapshot.shoppers["status"] |= MEMBER
    snapshot.shoppers["term_end"] = snapshot.day + 300
    snapshot.shoppers["fee_paid"] = 9_900
    snapshot.cards["member_since"] = snapshot.day
    outcomes = ordered(snapshot, [1, 2, 3])
    assert [each.total("vouchers_used") for each in outcomes] == [1, 1, 0]
    assert [int(each.shoppers["term_saving"][0]) for each in outcomes] == [0, FEE, FEE]


def test_vouchers_of_a_granted_tier_are_a_saving_of_the_membership() -> None:
    policy = tiers(
        {"free_shipping_vouchers": {"count": 2, "per": "month"}},
        {"free_shipping_vouchers": {"count": 1, "per": "month"}},
        membership={"fee": 99, "grants_tier": "gold"},
    )
    snapshot = one(policy, 0, 4_000, padding_spread=0)
    snapshot.shoppers["status"] |= MEMBER
    snapshot.shoppers["term_end"] = snapshot.day + 300
    snapshot.shoppers["fee_paid"] = 9_900
    outcomes = ordered(snapshot, [1, 2, 3])
    assert [each.total("vouchers_used") for each in outcomes] == [1, 1, 0]
    assert [int(each.shoppers["term_saving"][0]) for each in outcomes] == [0, FEE, FEE]


@pytest.mark.parametrize(
    ("basic", "membership", "expected"),
    [
        ({}, {"free_shipping_from": 100}, 0),
        ({}, {"free_shipping": True}, 4 * FEE),
        ({"free_shipping_vouchers": {"count": 3, "per": "year"}}, {"free_shipping": True}, FEE),
        ({"free_shipping_from": 50}, {"free_shipping_from": 40}, 0),
    ],
    ids=str,
)
def test_a_shopper_expects_of_a_membership_what_the_tier_does_not_give(
    basic: dict[str, object], membership: dict[str, object], expected: float
) -> None:
    """Four orders a year of 240.00 each, all below everybody's threshold of 400.00 and above any lower one."""
    policy = tiers({}, basic, membership={"fee": 1, **membership}, shipping__free_from=400)
    world = keen_world(policy, 60, perk_value_mean=0)
    snapshot = world.snapshot()
    let_baskets_be(snapshot, 24_000)
    snapshot.shoppers["visit_gap"] = -1 / np.log(1 - 4 / 365)
    world = World.resume(snapshot)
    outcome = world.run(world.launch + 5)
    if "free_shipping_from" in membership and not basic:
        expected = 4 * FEE
    joined = (outcome.shoppers["status"] & MEMBER) != 0
    if expected:
        assert joined.sum() > 5
        np.testing.assert_allclose(outcome.shoppers["expected_benefit"][joined], 1.2 * expected, rtol=1e-3)
    else:
        assert not joined.any()


def test_the_closed_form_counts_threshold_and_vouchers() -> None:
    shopper = TypicalShopper("one", 24, 15_000, 6.25)
    none = give_back(tiers({}), shopper, 1).shipping
    free = give_back(tiers({"free_shipping": True}), shopper, 1).shipping
    part = give_back(tiers({"free_shipping_from": 100}), shopper, 1).shipping
    baskets = np.random.default_rng(5).gamma(6.25, 15_000 / 6.25, 400_000)
    assert none == 0
    assert free == pytest.approx(FEE / 15_000 * (baskets < 20_000).mean(), rel=0.01)
    assert part == pytest.approx(FEE / 15_000 * ((baskets < 20_000) & (baskets >= 10_000)).mean(), rel=0.01)
    paying = 24 * (baskets < 20_000).mean() / 12
    used = np.minimum(np.random.default_rng(6).poisson(paying, 400_000), 1).mean() * 12
    vouchers = give_back(tiers({"free_shipping_vouchers": {"count": 1, "per": "month"}}), shopper, 1).shipping
    assert vouchers == pytest.approx(FEE / 15_000 * used / 24, rel=0.01)


def test_a_soft_landing_keeps_the_delivery_of_the_tier_lost() -> None:
    landing = {"months": 3}
    gold: dict[str, object] = {"free_shipping_from": 49, "free_shipping_vouchers": {"count": 2, "per": "month"}}
    policy = tiers(gold, qualification={"soft_landing": landing})
    kept = promise(policy, 0, fallen_from=1)
    assert kept.free_shipping_from == 4_900
    assert kept.tier_vouchers == policy.tiers["gold"].free_shipping_vouchers
    bare = promise(policy.with_({"qualification.soft_landing.free_shipping": False}), 0, fallen_from=1)
    assert (bare.free_shipping_from, bare.tier_vouchers) == (20_000, None)


@pytest.mark.parametrize(
    "benefit", [{"free_shipping_from": 49}, {"free_shipping_vouchers": {"count": 1, "per": "year"}}]
)
def test_limits_beside_unlimited_free_delivery_are_refused(benefit: dict[str, object]) -> None:
    (field,) = benefit
    with pytest.raises(DocumentError, match="beside unlimited free_shipping are worth nothing") as caught:
        tiers({"free_shipping": True, **benefit})
    assert f"tiers.gold.{field}" in str(caught.value)
    with pytest.raises(DocumentError, match="beside unlimited free_shipping"):
        tiers({}, membership={"fee": 9, "free_shipping": True, **benefit})


def found(policy: Policy) -> set[tuple[str, str]]:
    typical = TypicalShopper("one", 6, 24_000, 6.25)
    customers = Customers((typical, typical, typical), 1_000_000, 4_000)
    return {(finding.rule, finding.address) for finding in lint(policy, customers)}


def test_the_linter_knows_what_a_higher_tier_lacks_and_what_is_worth_nothing() -> None:
    basic: dict[str, object] = {"free_shipping_from": 49, "free_shipping_vouchers": {"count": 2, "per": "month"}}
    worse: dict[str, object] = {"free_shipping_from": 59, "free_shipping_vouchers": {"count": 12, "per": "year"}}
    for gold in ({}, worse):
        assert {
            ("benefit-lost", "tiers.gold.free_shipping_from"), ("benefit-lost", "tiers.gold.free_shipping_vouchers"),
        } <= found(tiers(gold, basic))  # fmt: skip
    free_for_all: dict[str, object] = {"free_shipping": True}
    for gold in (basic, free_for_all):
        assert not {address for rule, address in found(tiers(gold, basic)) if rule == "benefit-lost"}
    assert ("dominated-tier", "tiers.gold") in found(tiers(basic, basic))
    assert ("dominated-tier", "tiers.gold") not in found(tiers({"free_shipping_from": 49}))
    idle = found(tiers({"free_shipping_from": 200}, shipping__free_from=200))
    assert ("free-delivery-of-nothing", "tiers.gold.free_shipping_from") in idle
    free = found(tiers({"free_shipping_vouchers": {"count": 1, "per": "year"}}, shipping__free_from=0))
    assert ("free-delivery-of-nothing", "tiers.gold.free_shipping_vouchers") in free


def test_they_are_told_and_compared() -> None:
    gold: dict[str, object] = {"free_shipping_from": 49, "free_shipping_vouchers": {"count": 2, "per": "month"}}
    policy = tiers(gold)
    assert "- gold, from 50 CNY: free delivery from 49 CNY and 2 free deliveries a month." in told(policy)
    words = [str(change) for change in differences(policy, policy.with_({"tiers.gold.free_shipping_from": 39}))]
    assert words[0].startswith("tiers.gold.free_shipping_from falls from 49 to 39")
