"""The closed-form give-back is what the simulation pays out when nobody reacts."""

from __future__ import annotations

import math

import numpy as np
import pytest

from memberlab.policies import Policy, TypicalShopper, give_back, load_policy, promise, tier_of
from memberlab.scenarios import customers_of, load_population, load_scenario
from memberlab.sim import MEMBER, Snapshot, World

from .worlds import LAUNCH_MONTH, full_policy, quiet_snapshot

ORDERS = 20_000
MOST_STANDARD_ERRORS = 4.5
"""False-alarm rate 7e-6 for each mean compared, two for each tier."""

SHAPE = 6.25
CALM = {"basket_elasticity": 0, "padding_spread": 0, "membership_consideration": 0}


def everybody_orders_once(policy: Policy, level: int, basket: float, *, is_member: bool) -> Snapshot:
    """Return a launch morning on which every shopper is in the tier of `level` and will order once, in money."""
    snapshot = quiet_snapshot(policy, ORDERS, assumptions=CALM)
    shoppers = snapshot.shoppers
    day = snapshot.day + 3
    threshold = [tier.threshold for tier in policy.tiers.values()][level] if policy.tiers else 0
    shoppers["basket_scale"] = basket / snapshot.population.spend.shape
    shoppers["tier"] = level
    shoppers["month_spend"][:, LAUNCH_MONTH - 1] = shoppers["window_spend"] = threshold
    shoppers["next_visit"] = snapshot.due[:] = day
    shoppers["visit_gap"], shoppers["base_logit"], shoppers["redemption_inertia"] = 1e12, 60, -60
    if is_member:
        shoppers["status"] |= MEMBER
        shoppers["term_end"], shoppers["fee_paid"] = snapshot.day + 200, 9_900
        shoppers["expected_benefit"] = 20_000
    return snapshot


@pytest.mark.parametrize("is_member", [False, True])
@pytest.mark.parametrize("level", [0, 1, 3])
def test_the_closed_form_is_what_the_simulation_pays(level: int, is_member: bool) -> None:
    policy, basket = full_policy(), 24_000.0
    shopper = TypicalShopper("one", 30, basket, SHAPE)
    snapshot = everybody_orders_once(policy, level, basket, is_member=is_member)
    assert snapshot.population.spend.shape == SHAPE
    world = World.resume(snapshot, policy)
    outcome = world.run(snapshot.day + 10)
    assert outcome.total("orders") == ORDERS
    parts, points = give_back(policy, shopper, level, is_member=is_member), policy.points
    assert points is not None
    kind = {"member": "member_discount", "tier": "tier_discount", "membership": "membership_discount"}
    source = promise(policy, level, is_member=is_member).discount_source
    assert outcome.total(kind[source]) / outcome.total("list_value") == pytest.approx(parts.discount, abs=1e-4)

    issued = outcome.shoppers["points_balance"].astype(float)
    expected_points = parts.points * basket / points.redeem.value * points.redeem.points
    error = issued.std(ddof=1) / math.sqrt(ORDERS)
    assert abs(issued.mean() - expected_points) < MOST_STANDARD_ERRORS * error + 1e-9

    expected_fee = parts.shipping * basket
    share = expected_fee / policy.shipping.fee
    error = policy.shipping.fee * math.sqrt(share * (1 - share) / ORDERS)
    observed = outcome.total("shipping_waived_by_status") / ORDERS
    assert abs(observed - expected_fee) <= MOST_STANDARD_ERRORS * error
    assert (expected_fee > 0) == (level > 0 or is_member)


SMALL_PRINT: list[dict[str, object]] = [
    {"points.earn": {"points": 1, "per": 50, "rounding": "nearest"}},
    {"points.earn": {"points": 7, "per": 90, "rounding": "up", "each_order": 4}},
    {"points.earn": {"points": 1, "per": 20, "base": {"before_discounts": True}}},
    {"points.earn": {"points": 1, "per": 10, "base": {"shipping": True}}, "shipping.fee": 60},
    {"points.earn": {"points": 1, "per": 10, "base": {"shipping": True, "before_discounts": True}}, "shipping.fee": 60},
    {"points.earn": {"points": 1, "per": 1, "caps": {"day": 180}}},
    {"points.earn": {"points": 1, "per": 1, "caps": {"month": 250, "excess": "refused"}}},
]


@pytest.mark.parametrize("level", [0, 2])
@pytest.mark.parametrize("changes", SMALL_PRINT)
def test_the_closed_form_knows_base_rounding_and_caps(changes: dict[str, object], level: int) -> None:
    """Everybody orders once in the year, so that caps are exact."""
    policy, basket = full_policy().with_({**changes, "points.minimum": 0, "points.expiry": "never"}), 24_000.0
    shopper = TypicalShopper("one", 1, basket, SHAPE)
    snapshot = everybody_orders_once(policy, level, basket, is_member=False)
    outcome = World.resume(snapshot, policy).run(snapshot.day + 10)
    points = policy.points
    assert points is not None
    issued = outcome.shoppers["points_balance"].astype(float)
    expected = give_back(policy, shopper, level).points * basket / points.redeem.value * points.redeem.points
    error = issued.std(ddof=1) / math.sqrt(ORDERS)
    assert abs(issued.mean() - expected) < MOST_STANDARD_ERRORS * error + 1e-9
    assert outcome.total("orders") == ORDERS


@pytest.mark.parametrize(("cap", "orders"), [(3_000, 20), (8_000, 20), (4_700, 20), (900, 4)])
def test_a_cap_on_many_orders_is_met_in_the_mean(cap: int, orders: int) -> None:
    policy = full_policy().with_({"points.earn": {"points": 1, "per": 1, "caps": {"year": cap}}, "points.minimum": 0})
    shopper = TypicalShopper("one", orders, 24_000, SHAPE)
    goods = np.random.default_rng(4).gamma(SHAPE, 24_000 / SHAPE, (40_000, orders)) * 0.99
    sums = np.minimum((goods // 100).sum(axis=1), cap)
    points = policy.points
    assert points is not None
    expected = give_back(policy, shopper).points * 24_000 / points.redeem.value * points.redeem.points * orders
    assert expected == pytest.approx(sums.mean(), rel=0.003)


def test_points_that_expire_before_there_are_enough_are_worth_nothing() -> None:
    policy = load_policy("four-tiers-simple")  # 500 points within 12 months
    assert give_back(policy, TypicalShopper("rare", 2, 24_000, SHAPE)).points == 0
    assert give_back(policy, TypicalShopper("regular", 3, 24_000, SHAPE)).points == pytest.approx(0.01, rel=0.01)


def test_remainders_are_counted_order_by_order() -> None:
    policy = load_policy("four-tiers-simple").with_({"points.earn": {"points": 1, "per": 100}, "points.minimum": 0})
    shopper = TypicalShopper("one", 3, 24_000, 1e6)  # always 240.00: two points, not 2.4
    assert give_back(policy, shopper).points == pytest.approx(2 * 1.0 / 24_000, rel=1e-6)


def test_a_tier_is_reached_by_what_is_paid() -> None:
    policy = load_policy("four-tiers-simple")
    levels = [tier_of(policy, TypicalShopper("one", orders, 24_000, SHAPE)) for orders in (1, 3, 7, 20)]
    assert levels == [0, 1, 2, 3]


def test_typical_shoppers_are_quantiles_of_those_who_order_in_a_year() -> None:
    """Checked by drawing 400,000 customers; the counts at the quantiles are whole numbers, far from ties."""
    scenario = load_scenario("baseline")
    purchases = load_population("cd-retailer").purchases
    generator = np.random.default_rng(1)
    rates = generator.gamma(purchases.r, 1 / purchases.alpha_weeks, 400_000) * 365 / 7
    orders = generator.poisson(rates)
    light, median, heavy = np.quantile(orders[orders > 0], [0.10, 0.50, 0.90])
    customers = customers_of(scenario)
    assert [one.orders for one in customers.typical] == [light, median, heavy]
    assert [one.name for one in customers.typical] == ["light", "median", "heavy"]
    assert customers.median.basket == pytest.approx(6.25 * 15.44 / 2.74 * 700, rel=0.01)
    assert customers.gross_margin == 4_000
