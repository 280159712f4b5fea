"""Vouchers, caps, perks and gifts of the paid membership, recomputed by hand to the cent and the point."""

from __future__ import annotations

import numpy as np
import pytest

from memberlab.policies import Policy, TypicalShopper, give_back, load_policy
from memberlab.sim import MEMBER, Outcome, World

from .memberships import FOR_SURE, joined, keen_world, members, membership_policy
from .worlds import LAUNCH_MONTH, days_with, let_buy, opening

POINTS = {"earn": {"points": 1, "per": 1}, "redeem": {"points": 100, "value": 1}, "minimum": 10**9}
SHIPPING = {"fee": 10, "free_from": "never"}


def orders_of_one(policy: Policy, days: list[int]) -> list[Outcome]:
    """Let one member order on each of `days` after launch; return the books of each of these days alone."""
    never_ahead = {"membership_consideration": 0, "forward_buying": 0}
    snapshot = members(policy, [5], FOR_SURE, assumptions=never_ahead)
    outcomes = []
    for day in days:
        world = World.resume(snapshot)
        world.run(world.launch + day)
        snapshot = world.snapshot()
        let_buy(snapshot, 0, snapshot.day)
        world = World.resume(snapshot)
        outcomes.append(world.run(snapshot.day + 1))
        snapshot = world.snapshot()
        assert outcomes[-1].total("orders") == 1
    return outcomes


def test_vouchers_pay_for_delivery_until_they_are_used_up_and_come_anew_each_month() -> None:
    policy = membership_policy({"fee": 99, "free_shipping_vouchers": {"count": 2, "per": "month"}}, shipping=SHIPPING)
    outcomes = orders_of_one(policy, [1, 2, 3, 40, 41, 42])
    assert [one.total("shipping_waived_by_voucher") for one in outcomes] == [1_000, 1_000, 0, 1_000, 1_000, 0]
    assert [one.total("shipping_charged") for one in outcomes] == [0, 0, 1_000, 0, 0, 1_000]
    assert [one.total("vouchers_used") for one in outcomes] == [1, 1, 0, 1, 1, 0]
    assert outcomes[-1].shoppers["term_saving"].tolist() == [4_000]
    assert outcomes[0].shoppers["benefit_cost"].tolist() == [1_000]


def test_vouchers_of_a_year_count_from_joining() -> None:
    policy = membership_policy({"fee": 99, "free_shipping_vouchers": {"count": 1, "per": "year"}}, shipping=SHIPPING)
    outcomes = orders_of_one(policy, [1, 100, 359, 360, 361])  # the member joined 5 days before launch
    assert [one.total("vouchers_used") for one in outcomes] == [1, 0, 0, 1, 0]


def test_a_voucher_is_not_used_where_delivery_is_free() -> None:
    policy = membership_policy(
        {"fee": 99, "free_shipping_vouchers": {"count": 2, "per": "month"}}, shipping={"fee": 10, "free_from": 0.01}
    )
    (outcome,) = orders_of_one(policy, [1])
    assert outcome.total("vouchers_used") == 0
    assert outcome.total("shipping_waived_by_threshold") == 1_000


@pytest.mark.parametrize("without", [0, 200])
def test_the_discount_stops_at_its_cap(without: int) -> None:
    """Without the membership everybody has 0 % or 2 %; the membership adds what is left of 30.00 to that."""
    policy = membership_policy(
        {"fee": 99, "discount": "10 %", "discount_cap": {"amount": 30, "per": "month"}},
        member_discount=f"{without // 100} %",
    )
    left = 3_000
    for day, outcome in zip([1, 2, 3, 40], orders_of_one(policy, [1, 2, 3, 40]), strict=True):
        left = 3_000 if day == 40 else left
        list_value = outcome.total("list_value")
        usual = list_value * without // 10_000
        extra = list_value // 10 - usual
        given = min(extra, left)
        left -= given
        assert outcome.total("gmv") == list_value - usual - given
        if given == extra:
            assert (outcome.total("membership_discount"), outcome.total("member_discount")) == (usual + extra, 0)
        else:
            assert (outcome.total("membership_discount"), outcome.total("member_discount")) == (given, usual)
    assert left < 3_000


def test_a_capped_price_is_the_price_that_the_shopper_remembers() -> None:
    policy = membership_policy({"fee": 99, "discount": "50 %", "discount_cap": {"amount": 0.01, "per": "year"}})
    (outcome,) = orders_of_one(policy, [1])
    assert outcome.total("membership_discount") == 1
    assert abs(float(outcome.shoppers["reference_price"][0])) < 1e-5


def test_the_extra_points_stop_at_their_cap_and_what_is_held_back_is_told() -> None:
    """JD caps the points of its membership at 50,000 a year."""
    policy = membership_policy(
        {"fee": 99, "earn_multiplier": 3, "points_cap": {"points": 700, "per": "year"}}, points=POINTS
    )
    left, held = 700, 0
    for outcome in orders_of_one(policy, [1, 2, 3, 4, 5]):
        usual = outcome.total("gmv") // 100
        extra = min(2 * usual, left)
        assert outcome.total("points_issued") == usual + extra
        assert outcome.total("membership_points_capped") == 2 * usual - extra
        left -= extra
        held += 2 * usual - extra
    assert left == 0 < held


def test_partners_are_paid_on_the_first_of_each_month_for_every_member() -> None:
    perks = {"video": {"cost": 5, "sponsor_share": "20 %"}, "music": {"cost": 1.25, "sponsor_share": "50 %"}}
    policy = membership_policy({"fee": 99, "perks": perks})  # 4.00 and 0.63, half a cent rounded up
    snapshot = members(policy, [10, 20, 350], -1e6)  # the third term ends after 15 days
    outcome = World.resume(snapshot).run(snapshot.day + 70)
    paid = {opening(snapshot, LAUNCH_MONTH + month): 463 * (3 if month == 0 else 2) for month in range(3)}
    assert days_with(outcome, "partner_content") == paid
    assert outcome.shoppers["benefit_cost"].tolist() == [3 * 463, 3 * 463, 463]
    assert all(result.holds for result in outcome.identities())


def test_perks_that_please_are_worth_their_perceived_value_by_taste() -> None:
    plain = membership_policy({"fee": 99})
    rich = plain.with_({"membership.perks": {"video": {"cost": 5, "perceived_value": 15}}})
    beliefs = []
    for policy in (plain, rich):
        snapshot = members(policy, [364] * 50, 0.0)
        outcome = World.resume(snapshot).run(snapshot.day + 2)
        beliefs.append(outcome.shoppers["expected_benefit"].astype(float))
    # the mean of unnamed perks is 20 a year at 7 yuan, that of the video 12 times 15 yuan
    np.testing.assert_allclose(beliefs[1] / beliefs[0], (20 * 700 + 12 * 1_500) / (20 * 700), rtol=1e-5)


def test_the_welcome_gift_comes_with_the_first_paid_term_only() -> None:
    policy = membership_policy({"fee": 1, "months": 1, "welcome_gift": {"cost": 3, "perceived_value": 9}})
    world = keen_world(policy, 40)
    days = joined(world)
    outcome = world.run(world.launch + 100)
    assert sum(days_with(outcome, "welcome_gifts").values()) == 300 * len(days)
    assert max(days_with(outcome, "welcome_gifts")) < world.launch + 5
    trial = keen_world(policy.with_({"membership.trial": {"days": 20}, "membership.months": 12}), 40)
    days = joined(trial)
    outcome = trial.run(trial.launch + 100)
    assert min(days_with(outcome, "welcome_gifts")) >= trial.launch + 20
    assert outcome.total("welcome_gifts") == 300 * outcome.total("trial_conversions") > 0


def test_a_membership_may_stand_in_place_of_the_tier() -> None:
    ladder = {"basic": {"threshold": 0}, "gold": {"threshold": 0.01, "discount": "8 %", "free_shipping": True}}
    policy = load_policy("no-programme").with_(
        {"currency": "CNY", "shipping": SHIPPING, "tiers": ladder, "membership": {"fee": 99, "discount": "5 %"}}
    )
    spend = {"window_spend": 5_000}
    for replaces, discount, fee in ((False, 800, 0), (True, 500, 1_000)):
        arm = policy.with_({"membership.replaces_tiers": replaces})
        snapshot = members(arm, [5], FOR_SURE)
        snapshot.shoppers["window_spend"], snapshot.shoppers["tier"] = spend["window_spend"], 1
        snapshot.shoppers["month_spend"][:, LAUNCH_MONTH - 1] = spend["window_spend"]
        let_buy(snapshot, 0, snapshot.day + 1)
        outcome = World.resume(snapshot).run(snapshot.day + 2)
        assert outcome.total("gmv") == outcome.total("list_value") - outcome.total("list_value") * discount // 10_000
        assert outcome.total("shipping_charged") == fee


# what shoppers expect before they join


def believers(policy: Policy) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the beliefs of shoppers who join, with four orders a year of 240.00 and no perks."""
    world = keen_world(policy, 60, perk_value_mean=0)
    snapshot = world.snapshot()
    snapshot.shoppers["basket_scale"] = 24_000 / snapshot.population.spend.shape
    snapshot.shoppers["visit_gap"] = -1 / np.log(1 - 4 / 365)
    world = World.resume(snapshot)
    outcome = world.run(world.launch + 5)
    is_member = (outcome.shoppers["status"] & MEMBER) != 0
    assert is_member.sum() > 5
    return np.asarray(outcome.shoppers["expected_benefit"][is_member], np.float64)


@pytest.mark.parametrize(
    ("membership", "expected"),
    [
        ({"discount": "10 %"}, 4 * 2_400),
        ({"discount": "10 %", "discount_cap": {"amount": 30, "per": "year"}}, 3_000),
        ({"discount": "10 %", "discount_cap": {"amount": 5, "per": "month"}}, 6_000),
        ({"free_shipping": True}, 4 * 1_000),
        ({"free_shipping_vouchers": {"count": 3, "per": "year"}}, 3_000),
        ({"free_shipping_vouchers": {"count": 1, "per": "month"}}, 4_000),
        ({"earn_multiplier": 11, "points_cap": {"points": 500, "per": "year"}}, 500 * 0.8),
        ({"earn_multiplier": 11}, 4 * 2_400 * 0.8),
    ],
    ids=str,
)
def test_a_shopper_expects_what_the_allowances_let_through(membership: dict[str, object], expected: float) -> None:
    points = {"points": POINTS} if "earn_multiplier" in membership else {}
    beliefs = believers(membership_policy({"fee": 1, **membership}, shipping=SHIPPING, **points))
    np.testing.assert_allclose(beliefs, 1.2 * expected, rtol=1e-3)


# the closed form


def test_the_give_back_stops_at_the_caps_and_counts_vouchers_by_poisson() -> None:
    shopper = TypicalShopper("one", 24, 24_000, 6.25)
    plain = membership_policy({"fee": 99, "discount": "10 %"}, shipping=SHIPPING)
    capped = plain.with_({"membership.discount_cap": {"amount": 48, "per": "month"}})
    assert give_back(plain, shopper, is_member=True).discount == 0.1
    assert give_back(capped, shopper, is_member=True).discount == pytest.approx(48 * 12 / (24 * 240))
    vouchers = plain.with_({"membership.free_shipping_vouchers": {"count": 2, "per": "month"}})
    mean, draws = 2.0, np.random.default_rng(3).poisson(2.0, 400_000)
    used = np.minimum(draws, 2).mean() / mean
    parts = give_back(vouchers, shopper, is_member=True)
    assert parts.shipping == pytest.approx(1_000 / 24_000 * used, rel=0.01)
    assert give_back(vouchers, shopper).shipping == 0
    points = plain.with_({"points": {**POINTS, "minimum": 0}, "membership.earn_multiplier": 3})
    usual = give_back(points, shopper).points
    limited = points.with_({"membership.points_cap": {"points": 480, "per": "year"}})
    tripled = give_back(points, shopper, is_member=True).points
    assert tripled == pytest.approx(3 * 0.9 * usual, rel=0.01)
    expected = tripled / 3 + 480 / (24 * 24_000)
    assert give_back(limited, shopper, is_member=True).points == pytest.approx(expected, rel=0.001)


def test_a_membership_in_place_of_the_tier_lacks_the_tiers_member_prices() -> None:
    ladder = {"basic": {"threshold": 0}, "gold": {"threshold": 0.01}}
    policy = load_policy("no-programme").with_({
        "currency": "CNY", "tiers": ladder, "membership": {"fee": 99, "replaces_tiers": True},
        "categories": {"slow-brands": {"discount": "30 %", "tiers": ["gold"]}},
    })  # fmt: skip
    for replaces in (True, False):
        arm = policy.with_({"membership.replaces_tiers": replaces})
        snapshot = members(arm, [5], FOR_SURE, categories={"slow-brands": {"share": "50 %"}})
        snapshot.shoppers["window_spend"], snapshot.shoppers["tier"] = 5_000, 1
        snapshot.shoppers["month_spend"][:, LAUNCH_MONTH - 1] = 5_000
        let_buy(snapshot, 0, snapshot.day + 1)
        outcome = World.resume(snapshot).run(snapshot.day + 2)
        assert (outcome.total("category_discount") == 0) == replaces


def test_a_cap_holds_behind_other_reductions_too() -> None:
    """The category takes its share first; a discount of 10 % on what is left stops at what is left of 10.00."""
    policy = load_policy("no-programme").with_({
        "currency": "CNY", "member_discount": "2 %",
        "membership": {"fee": 99, "discount": "10 %", "discount_cap": {"amount": 10, "per": "month"}},
        "categories": {"slow-brands": {"discount": "30 %"}}, "stacking.order": ["category", "standing"],
    })  # fmt: skip
    snapshot = members(policy, [5], FOR_SURE, categories={"slow-brands": {"share": "50 %"}})
    let_buy(snapshot, 0, snapshot.day + 1)
    outcome = World.resume(snapshot).run(snapshot.day + 2)
    list_value, category = outcome.total("list_value"), outcome.total("category_discount")
    standing = (list_value - category) * 200 // 10_000 + 1_000
    assert category > 0
    assert outcome.total("gmv") == list_value - category - standing
    assert outcome.total("member_discount") == list_value * 200 // 10_000  # told against list value
    assert outcome.total("membership_discount") == standing - list_value * 200 // 10_000
