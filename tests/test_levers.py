"""Every lever of a policy and of a scenario moves the market, and in the direction that it should.

Two arms live from the same snapshot with the same random numbers, so a difference is what the lever caused. Effects on
orders are judged by shopper pairs (t of at least 4: a lever without effect would pass once in 30,000); movements of
money and points by their totals (at least 2 %).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from memberlab.policies import DocumentError, Policy, load_policy
from memberlab.scenarios import Scenario
from memberlab.sim import (
    ASSUMPTIONS,
    ENROLLED,
    GUEST_STATE,
    LAPSED,
    Assumption,
    Outcome,
    Snapshot,
    World,
    behaviour_record,
    warm_up,
)

from .worlds import brisk_population, campaigning, full_policy, small_scenario

SHOPPERS = 1500
FREE = full_policy().with_({"membership": None})
"""All benefits but the paid membership, which would answer to every other benefit by its joins."""

TIERS = list(FREE.tiers)


@pytest.fixture(scope="module")
def free_launch() -> Snapshot:
    return launch_of(small_scenario(population__shoppers=SHOPPERS), FREE)


@pytest.fixture(scope="module")
def paid_launch() -> Snapshot:
    return launch_of(small_scenario(population__shoppers=SHOPPERS), full_policy())


def launch_of(scenario: Scenario, policy: Policy) -> Snapshot:
    return warm_up(scenario, incumbent=policy, population=brisk_population())


def lived(snapshot: Snapshot, policy: Policy | None = None) -> Outcome:
    world = World.resume(snapshot, policy)
    return world.run(world.end)


def state(outcome: Outcome, measure: str, tier: int | None = None, paid: bool | None = None) -> int:
    """Return a ledger total over the states of a tier or of paid members."""
    states = [
        s for s in range(GUEST_STATE) if (tier is None or s // 2 == tier) and (paid is None or s % 2 == int(paid))
    ]
    return int(outcome.ledger[measure][:, states].sum())


def paired_t(before: Outcome, after: Outcome, account: str = "orders") -> float:
    """Return Student's t of the shoppers' paired differences."""
    pairs = after.shoppers[account].astype(float) - before.shoppers[account]
    return float(pairs.mean() / (pairs.std(ddof=1) / np.sqrt(len(pairs))))


def fail_unless_moved(before: Outcome, after: Outcome, expected: str, tier: int | None = None) -> None:
    """Compare two arms with directions such as "+orders -shipping_charged"; ledger totals are those of `tier`."""
    for direction in expected.split():
        sign, measure = (1 if direction[0] == "+" else -1), direction[1:]
        if measure == "orders":
            assert sign * paired_t(before, after) > 4, direction
        else:
            old, new = state(before, measure, tier), state(after, measure, tier)
            assert sign * (new - old) > 0.02 * old, (direction, old, new)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"member_discount": "5 %"}, "+orders +member_discount"),
        ({"shipping.fee": 20}, "-orders +shipping_charged +shipping_waived_by_status"),
        ({"shipping.fee": 0}, "+orders -shipping_charged -shipping_waived_by_status"),
        ({"shipping.free_from": 99}, "+orders -shipping_charged +shipping_waived_by_threshold"),
        ({"shipping.free_from": 399}, "+shipping_charged -shipping_waived_by_threshold"),
        ({"shipping.free_from": "never"}, "+shipping_charged -shipping_waived_by_threshold"),
        ({"shipping.free_from": 0}, "+orders -shipping_charged -shipping_waived_by_status"),
        ({"points.earn.points": 3}, "+orders +points_issued +points_redeemed +points_paid"),
        ({"points.earn.per": 2}, "-orders -points_issued -points_redeemed -points_paid"),
        ({"points.redeem.value": 30}, "+orders +points_redeemed +points_paid -points_expired"),
        ({"points.redeem.points": 4000}, "-orders -points_redeemed -points_paid +points_expired"),
        ({"points.minimum": 5000}, "-points_redeemed -points_paid +points_expired"),
        ({"points.maximum_share": "2 %"}, "-orders -points_paid -points_redeemed +points_expired"),
        ({"points": None}, "-orders -points_issued -points_redeemed -points_paid"),
    ],
    ids=str,
)
def test_benefits_for_everyone(free_launch: Snapshot, change: dict[str, object], expected: str) -> None:
    fail_unless_moved(lived(free_launch), lived(free_launch, FREE.with_(change)), expected)


@pytest.mark.parametrize("tier", range(len(TIERS)), ids=TIERS)
@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("discount", "10 %", "+orders +tier_discount"),
        ("earn_multiplier", 5, "+orders +points_issued"),
        ("earn_multiplier", 0, "-points_issued"),
        ("free_shipping", None, "orders shipping_charged"),
    ],
)
def test_benefits_of_a_tier(free_launch: Snapshot, tier: int, field: str, value: object, expected: str) -> None:
    if field == "free_shipping":  # the lowest tier gets it, the others lose it
        value = not FREE.tiers[TIERS[tier]].free_shipping
        expected = "+orders -shipping_charged" if value else "-orders +shipping_charged"
    after = lived(free_launch, FREE.with_({f"tiers.{TIERS[tier]}.{field}": value}))
    fail_unless_moved(lived(free_launch), after, expected, tier)


@pytest.mark.parametrize(("tier", "threshold"), [("silver", 300), ("gold", 1000), ("diamond", 2500)])
def test_a_lower_threshold_fills_the_tier_and_a_higher_one_empties_it(
    free_launch: Snapshot, tier: str, threshold: int
) -> None:
    level = TIERS.index(tier)
    higher = {"silver": 1200, "gold": 3000, "diamond": 8000}[tier]
    reached = []
    for value in (threshold, FREE.tiers[tier].threshold / 100, higher):
        shoppers = lived(free_launch, FREE.with_({f"tiers.{tier}.threshold": value})).shoppers
        reached.append(int((shoppers["tier"] >= level).sum()))
    assert reached[0] > 1.05 * reached[1] > 1.05**2 * reached[2] > 0


def test_without_tiers_nobody_is_in_one(free_launch: Snapshot) -> None:
    outcome = lived(free_launch, FREE.with_({"tiers": {}}))
    there = (outcome.shoppers["status"] & LAPSED) == 0
    assert not outcome.shoppers["tier"][there].any()
    assert outcome.total("tier_discount") == outcome.total("shipping_waived_by_status") == 0
    fail_unless_moved(lived(free_launch), outcome, "-orders +shipping_charged")


def test_the_shorter_points_live_the_more_of_them_expire(free_launch: Snapshot) -> None:
    expired = [
        lived(free_launch, FREE.with_({"points.expiry": expiry})).total("points_expired")
        for expiry in ({"months": 1}, {"months": 3}, {"months": 6}, {"months": 12}, {"months": 24}, "never")
    ]
    assert expired == sorted(expired, reverse=True)
    assert len(set(expired)) == len(expired)
    assert expired[-1] == 0
    fail_unless_moved(lived(free_launch), lived(free_launch, FREE.with_({"points.expiry.months": 1})), "-orders")


def test_the_higher_the_minimum_balance_the_fewer_points_are_redeemed(free_launch: Snapshot) -> None:
    redeemed = [
        lived(free_launch, FREE.with_({"points.minimum": minimum})).total("points_redeemed")
        for minimum in (0, 1000, 2000, 5000, 20_000)
    ]
    assert redeemed == sorted(redeemed, reverse=True)
    assert redeemed[0] > 1.3 * redeemed[3] > 1.3 * 1.3 * redeemed[4] > 0


def test_expected_redemption_scales_the_liability_and_what_points_do_to_loyalty(free_launch: Snapshot) -> None:
    points_alone = FREE.with_({"tiers": {}, "member_discount": "0 %"})
    lapses = []
    for share, written in ((8000, "80 %"), (2000, "20 %"), (0, "0 %")):
        outcome = lived(free_launch, points_alone.with_({"points.expected_redemption": written}))
        assert outcome.closing_liability == outcome.closing.points * share // 10_000  # a point pays one cent
        lapses.append(outcome.total("lapses"))
    assert lapses == sorted(set(lapses))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"membership.fee": 199}, "-orders -joins -renewals"),
        ({"membership.fee": 49}, "+orders +joins +renewals"),
        ({"membership.discount": "10 %"}, "+orders +joins +membership_discount"),
        ({"membership.earn_multiplier": 6}, "+orders +joins +points_issued"),
        ({"membership.free_shipping": False}, "-orders -joins +shipping_charged"),
    ],
    ids=str,
)
def test_benefits_of_the_paid_membership(paid_launch: Snapshot, change: dict[str, object], expected: str) -> None:
    fail_unless_moved(lived(paid_launch), lived(paid_launch, full_policy().with_(change)), expected)


def test_without_a_paid_membership_nobody_is_billed(paid_launch: Snapshot) -> None:
    outcome = lived(paid_launch, FREE)
    assert outcome.total("fees_billed") == outcome.total("joins") == outcome.total("renewals") == 0
    assert outcome.closing.members == 0
    fail_unless_moved(lived(paid_launch), outcome, "-orders -renewals")


def test_a_better_membership_is_held_by_more_at_the_end(paid_launch: Snapshot) -> None:
    members = [
        lived(paid_launch, full_policy().with_({"membership.fee": fee})).closing.members
        for fee in (49, 99, 149, 199, 299)
    ]
    assert members == sorted(members, reverse=True)
    assert members[0] > 1.5 * members[-1] > 0


# baskets topped up to the threshold for free shipping


def goods_of_single_orders(policy: Policy) -> NDArray[np.int64]:
    """Return the goods value in cents of orders that were the only one of their day, in 12 small worlds for a year."""
    goods = []
    for seed in range(12):
        outcome = World(policy, small_scenario(population__shoppers=70), seed=seed, population=brisk_population()).run(
            365
        )
        alone = outcome.ledger["orders"][:, 0] == 1
        goods.append(outcome.ledger["gmv"][alone, 0])
    return np.concatenate(goods)


def test_baskets_are_topped_up_to_just_above_the_threshold() -> None:
    threshold = 19_900
    policy = load_policy("no-programme").with_({"currency": "CNY", "shipping": {"fee": 20, "free_from": 199}})
    free = policy.with_({"shipping": {"fee": 0, "free_from": 199}})
    below, above = [], []
    for promise in (policy, free):
        goods = goods_of_single_orders(promise)
        below.append(int(((goods >= 0.85 * threshold) & (goods < threshold)).sum()))
        above.append(int(((goods >= threshold) & (goods < 1.15 * threshold)).sum()))
    assert min(above + below) > 25
    assert above[0] / below[0] > 4 * above[1] / below[1]


# the scenario


def arm(change: Mapping[str, object], policy: Policy = FREE) -> Outcome:
    """Return the horizon of the small world after a change of scenario, with its own warm-up."""
    scenario = small_scenario(population__shoppers=SHOPPERS).with_(change)
    return lived(launch_of(scenario, policy))


@pytest.fixture(scope="module")
def usual(free_launch: Snapshot) -> Outcome:
    return lived(free_launch)


def by_month(outcome: Outcome, measure: str) -> np.ndarray:
    """Return a ledger measure by calendar month of the horizon's first year (shape: 12)."""
    days = np.arange("2026-01-01", "2027-01-01", dtype="datetime64[D]")
    month = days.astype("datetime64[M]").astype(int) % 12
    return np.bincount(month, weights=outcome.ledger[measure].sum(axis=1)[: len(days)], minlength=12)


def test_the_season_brings_visits_and_orders(usual: Outcome) -> None:
    flat = arm({"season": {}})
    lively = by_month(usual, "visits") / by_month(flat, "visits")
    expected = [0.9, 0.9, 0.9, 1, 1, 1, 1, 1, 1, 1.1, 1.3, 1.2]
    assert np.abs(lively / expected - 1).max() < 0.05
    orders = by_month(usual, "orders") / by_month(flat, "orders")
    assert orders[10:].mean() / orders[:2].mean() == pytest.approx(1.25 / 0.9, rel=0.15)


def shock(**parts: object) -> dict[str, object]:
    return {"shocks": [{"name": "strike", "from_month": 4, "until_month": 9, **parts}]}


def in_months(outcome: Outcome, measure: str, first: int, last: int) -> int:
    """Return a ledger total over months of the horizon, 1 being the first."""
    days = np.arange("2026-01-01", "2027-07-01", dtype="datetime64[D]")
    month = days.astype("datetime64[M]").astype(int) - np.datetime64("2026-01", "M").astype(int) + 1
    return int(outcome.ledger[measure][(month >= first) & (month <= last)].sum())


def test_a_shock_to_visits_lasts_as_long_as_it_should(usual: Outcome) -> None:
    """Frequent shoppers can come once a day at most, so a boom shows in their orders and not fully in their visits."""
    slump, boom = arm(shock(visits=0.5)), arm(shock(visits=1.5))
    assert in_months(slump, "visits", 4, 9) / in_months(usual, "visits", 4, 9) == pytest.approx(0.5, abs=0.02)
    for factor, shaken in ((0.5, slump), (1.5, boom)):
        assert in_months(shaken, "orders", 4, 9) / in_months(usual, "orders", 4, 9) == pytest.approx(factor, rel=0.1)
        for first, last in ((1, 3), (10, 18)):
            calm = in_months(shaken, "orders", first, last) / in_months(usual, "orders", first, last)
            assert calm == pytest.approx(1, abs=0.08)


def test_nothing_happens_before_a_shock(usual: Outcome) -> None:
    shaken = arm(shock(visits=0.5, baskets=0.8, price_sensitivity=2, shipping_cost=3))
    start = (np.datetime64("2026-04-01") - np.datetime64("2026-01-01")).astype(int)
    assert (shaken.ledger[:start] == usual.ledger[:start]).all()
    assert (shaken.ledger[start : start + 30] != usual.ledger[start : start + 30]).any()


def test_a_shock_to_baskets_shrinks_them(usual: Outcome) -> None:
    shaken = arm(shock(baskets=0.8))

    def basket(outcome: Outcome, first: int, last: int) -> float:
        return in_months(outcome, "list_value", first, last) / in_months(outcome, "orders", first, last)

    assert basket(shaken, 4, 9) / basket(usual, 4, 9) == pytest.approx(0.8, abs=0.03)
    assert basket(shaken, 10, 18) / basket(usual, 10, 18) == pytest.approx(1, abs=0.03)


def test_keener_eyes_for_prices_mean_fewer_orders_where_delivery_costs_and_more_where_there_are_discounts() -> None:
    dear = load_policy("no-programme").with_({"currency": "CNY", "shipping": {"fee": 30, "free_from": "never"}})
    cheap = load_policy("no-programme").with_({"member_discount": "20 %"})
    for policy, sign in ((dear, -1), (cheap, 1)):
        calm, keen = arm({}, policy), arm(shock(price_sensitivity=2), policy)
        assert sign * paired_t(calm, keen) > 4


def test_a_shock_to_the_shipping_cost_is_paid_by_the_shop_alone(usual: Outcome) -> None:
    shaken = arm(shock(shipping_cost=1.5))
    assert in_months(shaken, "orders", 1, 18) == in_months(usual, "orders", 1, 18)
    assert in_months(shaken, "shipping_cost", 4, 9) == in_months(usual, "orders", 4, 9) * 1200
    assert in_months(shaken, "shipping_cost", 10, 18) == in_months(usual, "orders", 10, 18) * 800


def test_a_rival_takes_orders_and_shoppers_the_more_the_earlier_and_the_larger(usual: Outcome) -> None:
    def with_rival(launch_month: int, adoption: str, ramp_months: int = 0) -> Outcome:
        return arm({"rival": {"launch_month": launch_month, "adoption": adoption, "ramp_months": ramp_months}})

    large, small, late = with_rival(2, "80 %"), with_rival(2, "20 %"), with_rival(12, "80 %")
    slow = with_rival(2, "80 %", ramp_months=12)
    for outcome in (large, small, late, slow):
        assert paired_t(usual, outcome) < -4
        assert outcome.total("lapses") > usual.total("lapses")
    for less in (small, late, slow):
        assert less.total("orders") > large.total("orders")
        assert less.total("lapses") < large.total("lapses")
    assert in_months(late, "orders", 1, 11) == in_months(usual, "orders", 1, 11)


def test_a_rival_draws_orders_away_and_shoppers_too() -> None:
    rival = {"launch_month": 2, "adoption": "80 %", "ramp_months": 0}
    nothing = {"rival_pull": 0, "rival_attrition": 0, "rival_damping": 1}
    calm = arm({"rival": rival, "assumptions": nothing})
    assert (calm.ledger == arm({"assumptions": nothing}).ledger).all()
    pull = arm({"rival": rival, "assumptions": {**nothing, "rival_pull": 0.3}})
    fail_unless_moved(calm, pull, "-orders")
    attrition = arm({"rival": rival, "assumptions": {**nothing, "rival_attrition": 0.5}})
    fail_unless_moved(calm, attrition, "-orders +lapses")
    damping = arm({"rival": rival, "assumptions": {**nothing, "rival_damping": 0.4}})
    fail_unless_moved(calm, damping, "-orders +lapses")


@pytest.mark.parametrize(
    ("change", "measure"),
    [
        ({"gross_margin": "50 %"}, "cost_of_goods"),
        ({"shipping_cost": 4}, "shipping_cost"),
        ({"payment": {"share": "0.2 %", "fixed": 0.05}}, "payment_cost"),
        ({"payment": {"share": "0.6 %", "fixed": 0}}, "payment_cost"),
    ],
    ids=str,
)
def test_the_shops_costs_fall_into_its_margin_and_move_nobody(
    usual: Outcome, change: dict[str, object], measure: str
) -> None:
    cheaper = arm(change)
    saved = usual.total(measure) - cheaper.total(measure)
    assert saved > 0
    assert cheaper.closing.margin - usual.closing.margin == saved
    others = [name for name in usual.ledger.dtype.names or () if name != measure]
    assert (cheaper.ledger[others] == usual.ledger[others]).all()


def test_costs_are_what_the_scenario_says(usual: Outcome) -> None:
    orders, paid = (
        usual.total("orders"),
        usual.total("gmv") - usual.total("points_paid") + usual.total("shipping_charged"),
    )
    assert usual.total("shipping_cost") == 800 * orders
    # each order's share is rounded down to the cent
    assert 0 <= usual.total("list_value") * 6000 // 10_000 - usual.total("cost_of_goods") <= orders
    assert 0 <= paid * 60 // 10_000 + 5 * orders - usual.total("payment_cost") <= orders


def test_prices_of_another_currency_change_amounts_and_nothing_else(usual: Outcome) -> None:
    """Ten times the price level with ten times every amount is the same market, but for the rounding of cents."""
    dear = FREE.with_({
        "shipping": {"fee": 100, "free_from": 1990}, "points.earn.per": 10, "points.redeem.value": 100,
        **{f"tiers.{name}.threshold": tier.threshold / 10 for name, tier in FREE.tiers.items()},
    })  # fmt: skip
    outcome = arm({"population.price_level": 70, "shipping_cost": 80}, dear)
    assert outcome.total("visits") == pytest.approx(usual.total("visits"), rel=0.005)
    assert outcome.total("orders") == pytest.approx(usual.total("orders"), rel=0.005)
    assert outcome.total("gmv") == pytest.approx(10 * usual.total("gmv"), rel=0.01)
    assert outcome.total("points_issued") == pytest.approx(usual.total("points_issued"), rel=0.01)


def test_more_established_shoppers_have_bought_by_launch() -> None:
    enrolled = []
    for share in ("20 %", "70 %", "100 %"):
        scenario = small_scenario(population__shoppers=SHOPPERS, population__established=share)
        enrolled.append(int(((launch_of(scenario, FREE).shoppers["status"] & ENROLLED) != 0).sum()))
    assert enrolled[2] == SHOPPERS
    assert enrolled[:2] == [pytest.approx(0.2 * SHOPPERS, abs=60), pytest.approx(0.7 * SHOPPERS, abs=60)]


# the assumptions


FAILING = {
    "failures": {"minor": "20 %", "serious": "5 %", "questions": "5 %"}, "word_of_mouth": {"reserve": 100},
    "shocks": [{"name": "short", "from_month": 1, "missing_goods": "10 %"}],
}  # fmt: skip
RETURNING = {"returns": {"share": "20 %", "refund_days": 7}}
"""What the market has besides where the policy refunds at once."""

SHARED_BENEFITS = {
    "service": {
        "shifts": {"day": {"starts": 9, "ends": 13, "agents": 1}}, "hourly_cost": 30, "make_good": {"minor": 5},
        "promises": {"gold": {"minutes": 60}},
    },
    "price_protection": {"days": 60}, "trial_before_buy": {"cost": 12},
    "instalments": {"months": 3, "monthly_cost": "0.5 %", "minimum_order": 100},
    "special_price_pool": {"units": 5, "price": 100, "discount": "30 %"},
    "referral": {"referrer": {"points": 500}, "friend": {"credit": 10}, "pending_days": 7},
}  # fmt: skip


POLICY_OF: dict[str, dict[str, object]] = {
    **{key: {"membership.months": 1, "membership.fee": 12} for key in ("charge_attention", "commitment_relief")},
    **{key: {"membership.auto_renew": False} for key in ("by_hand_effort", "by_hand_appeal")},
    **{name: {"points.activities": {"check_in": 5, "review": 50, "share": 20, "profile": 100}}
       for name in ("check_in", "reviewing", "sharing", "profile_completion")},
    "lottery_play": {"points.lottery": {"points": 50, "prizes": {"pen": {"chance": "5 %", "cost": 1, "value": 2}}}},
    **{f"reminder_visit_{channel}": {"points.expiry.reminder": {"days": 10, "channel": channel}}
       for channel in ("app", "email", "sms")},
    **{name: {"campaigns.win-back.when": "40 silent days and 40 days after"}
       for name in ("win_back_rate", "second_life_hazard")},
    "win_back_failure": {"campaigns.win-back.when": "20 silent days and 60 days after",
                         "campaigns.win-back.amount_off": 99},
    "bundle_life_hazard": {
        "campaigns.win-back.when": "40 silent days and 40 days after", "campaigns.win-back.free_shipping": True,
    },
    "content_goodwill": {"tiers.gold.perks": {"video": {"cost": 5, "perceived_value": 30}}},
    "gift_rate": {"membership.gift_card": {"fee": 149, "months": 12}},
    "trial_conversion": {"membership.trial": {"days": 30}},
    "plan_difference": {"membership.plans": {"monthly": {"fee": 12, "months": 1}}},
    "reminder_against_inertia": {"membership.reminder": {"days": 30}},
    "reminder_against_forgetting": {"membership.reminder": {"days": 30}, "membership.auto_renew": False},
    "cancellation_consideration": {"membership.cancellation": {"refund": "pro-rata"}},
    "money_back_consideration": {"membership.cancellation": {"money_back_days": 30}},
    **{name: {"shipping.free_from": 299} for name in ("threshold_loss", "threshold_fall_back", "threshold_memory")},
    **{name: {"points.automatic": {"points": 200, "credit": 5}, "points.stamp_card": {"head_start": 20}}
       for name in ("card_take_up", "card_head_start", "goal_goodwill")},
    **{name: {"points.devaluation": {"on": "2026-09-01", "announced_days": 60, "value": 2}}
       for name in ("devaluation_rush", "devaluation_visit", "devaluation_distrust")},
    **{name: {"instant_refund": {}} for name in ("instant_refund_loss", "instant_refund_goodwill")},
    "cutover_tier_loss": {"migration": {"tiers": {"rule": "reassess"}}},
    "cutover_points_loss": {"migration": {"points": {"rule": "convert", "old": 2, "new": 1}}},
}  # fmt: skip
"""What the policy must have, beyond the full one, for an assumption to matter."""

SCENARIO_OF: dict[str, dict[str, object]] = {
    name: {"rival": {"launch_month": 2, "strength": "5 %"}}
    for name in ("rival_join", "rival_join_slope", "rival_visits")
}
"""What the scenario must have for an assumption to matter."""


def many_sided(needed_by: str, **assumptions: float) -> Outcome:
    """Return the outcome of a market in which every mechanism has something to do, that `needed_by` an assumption too.

    Shoppers are used to free delivery from 199, which a policy can raise, and to an easier silver where it has a
    migration.
    """
    policy = campaigning().with_({"membership.fee": 149, **OFFICE, **SHARED_BENEFITS, **POLICY_OF.get(needed_by, {})})
    rival = {"launch_month": 2, "adoption": "50 %", "ramp_months": 3}
    changes = {"population.shoppers": 400, "horizon.months": 28, "rival": rival, "assumptions": assumptions}
    more = RETURNING if policy.instant_refund is not None else {}
    easier = {"tiers.silver.threshold": 300} if policy.migration is not None else {}
    launch = launch_of(
        small_scenario().with_({**changes, **FAILING, **more, **SCENARIO_OF.get(needed_by, {})}),
        policy.with_({"shipping.free_from": 199, **easier}),
    )
    return lived(launch, policy)


OFFICE: dict[str, object] = {
    "coupons": {"value": 20, "minimum_spend": 150, "a_month": 1},
    "qualification.sprint": {"within": "50 %", "spend": 300, "days": 60, "points": 500},
}
"""Mechanics beside those of the full policy that read an assumption."""


@cache
def as_assumed(name: str) -> Outcome:
    """Return the market that assumption `name` needs; the empty name is for all that need nothing more."""
    return many_sided(name)


@pytest.mark.slow
@pytest.mark.parametrize("assumption", ASSUMPTIONS, ids=lambda assumption: assumption.name)
def test_every_assumption_matters(assumption: Assumption) -> None:
    other = assumption.high if assumption.high != assumption.default else assumption.low
    name = assumption.name
    usual = as_assumed(name if name in POLICY_OF or name in SCENARIO_OF else "")
    assert many_sided(name, **{name: other}).digest() != usual.digest()


@pytest.mark.parametrize("name", [assumption.name for assumption in ASSUMPTIONS if assumption.unit == "days"])
def test_a_number_of_days_may_not_be_zero(name: str) -> None:
    with pytest.raises(DocumentError, match=rf"assumptions\.{name}: 0(\.0)? is outside"):
        behaviour_record({name: 0})


def test_an_order_paid_by_points_alone_is_no_payment() -> None:
    policy = FREE.with_({"points.earn.points": 90, "points.minimum": 0, "shipping": {"fee": 0, "free_from": "never"}})
    costs = []
    for fixed in (0, 1):
        payment = {"share": "0.6 %", "fixed": fixed}
        outcome = lived(launch_of(small_scenario(payment=payment), policy))
        costs.append(outcome.total("payment_cost"))
    charged, rest = divmod(costs[1] - costs[0], 100)
    assert rest == 0
    assert 0 < charged < outcome.total("orders")


# no lever without a test


def leaves(section: Mapping[str, object]) -> set[str]:
    """Return the names of all fields below a section that are not sections themselves."""
    names = set()
    for name, value in section.items():
        inner = value[0] if isinstance(value, list | tuple) and value else value
        names |= leaves(inner) if isinstance(inner, Mapping) and inner else {name}
    return names


def test_no_lever_is_left_out() -> None:
    """Every field of a policy and of a scenario with everything in it is changed by name in a test."""
    scenario = small_scenario(
        shocks=[{"name": "strike", "from_month": 4, "until_month": 9, "visits": 2}],
        rival={"launch_month": 2, "adoption": "5 %", "ramp_months": 3},
        returns={"share": "5 %"},
    )
    about = {
        "version",
        "name",
        "title",
        "description",
        "source",
        "currency",
        "start",
        "incumbent",
        "assumptions",
        "seed",
    }
    absent = {
        "service",
        "referral",
        "special_price_pool",
        "price_protection",
        "word_of_mouth",
        "trial_before_buy",
        "instalments",
        "instant_refund",
        "campaigns",
        "contact",
        "qualification",
        "grants_tier",
        "never_demoted",
        "invitation",
    }  # sections of their own tests
    elsewhere = {
        "regions",
        "minor",
        "serious",
        "questions",
        "reserve",
        "prices",
        *absent,
    }  # tests of their own
    months = set(scenario.season) | {"months"}
    levers = leaves(full_policy().model_dump()) | leaves(scenario.model_dump())
    text = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    assert [lever for lever in sorted(levers - about - elsewhere - months) if text.count(lever) < 2] == []
    assert {"free_from", "maximum_share", "price_level", "adoption", "gross_margin"} <= levers
