"""Small worlds that several test files live in."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from memberlab.policies import Policy, load_model_text, load_policy
from memberlab.scenarios import Population, Scenario
from memberlab.sim import ENROLLED, Outcome, Snapshot, World, calendar_of, regions_of

POPULATION = """
name: brisk-shop
currency: USD
purchases: {model: pareto-nbd, r: 1.6, alpha_weeks: 10, s: 0.8, beta_weeks: 40}
spend: {p: 6.25, q: 3.744, v: 15.443}
frequency_spend_correlation: 0.1
conversion: 10 %
"""

SCENARIO = """
name: small-world
currency: CNY
start: 2026-01-01
incumbent: four-tiers-simple
warm_up: {months: 12}
horizon: {months: 18}
population: {source: cd-retailer, shoppers: 600, established: 70 %, price_level: 7}
season: {january: 0.9, february: 0.9, march: 0.9, april: 1, may: 1, june: 1, july: 1, august: 1, september: 1,
         october: 1.1, november: 1.3, december: 1.2}
gross_margin: 40 %
shipping_cost: 8
payment: {share: 0.6 %, fixed: 0.05}
seed: 20
assumptions: {headroom: 0}
"""

EVERYTHING = {
    "member_discount": "1 %",
    "membership": {"fee": 99, "months": 12, "discount": "5 %", "earn_multiplier": 2, "free_shipping": True},
}


EVERYDAY_MEASURES = (
    "visits", "orders", "first_orders", "joins", "renewals", "cancellations", "promotions", "demotions", "lapses",
    "list_value", "member_discount", "tier_discount", "membership_discount", "gmv", "points_paid", "shipping_charged",
    "shipping_waived_by_status", "shipping_waived_by_threshold", "cost_of_goods", "shipping_cost", "payment_cost",
    "fees_billed", "fees_earned", "fees_refunded", "points_issued", "points_redeemed", "points_expired",
)  # fmt: skip
"""Measures that the full policy moves; the others belong to mechanics with tests of their own."""


def brisk_population() -> Population:
    """Return a population that orders often enough for every rule to happen within a year or two."""
    return load_model_text(Population, POPULATION, "brisk-shop")


def small_scenario(**changes: object) -> Scenario:
    """Return a scenario of 600 shoppers; dotted addresses in `changes` are written with `__`.

    Everybody has the same headroom, so that a response can be recomputed by hand, unless `assumptions` say otherwise.
    """
    scenario = load_model_text(Scenario, SCENARIO, "small-world")
    written = {address.replace("__", "."): value for address, value in changes.items()}
    assumed = written.get("assumptions")
    if isinstance(assumed, Mapping):
        written["assumptions"] = {**scenario.assumptions, **assumed}
    return scenario.with_(written)


def full_policy() -> Policy:
    """Return a policy in which every benefit of version 1 is promised."""
    return load_policy("four-tiers-simple").with_(EVERYTHING)


CAMPAIGNS: dict[str, object] = {
    "member-day": {
        "when": "12..14 monthly", "to": {"tiers": "silver, gold, diamond"}, "discount": "5 %", "message": "app",
        "budget": {"money": 400, "units_a_member": 1},
    },
    "double-11": {
        "when": "11-11 and 3 days before", "discount": "12 %", "budget": {"units_a_day": 8}, "message": "sms",
    },
    "mid-autumn": {
        "when": "lunar 8-15 and 7 days before", "points_multiplier": 2,
        "gifts": {"cake": {"spend": 200, "cost": 12, "value": 30}},
    },
    "birthday": {
        "when": "birthday and 6 days before", "bonus_points": 100, "message": "app", "personalised": {"cost": 0.1},
        "free_shipping": True,
    },
    "win-back": {
        "when": "90 silent days and 14 days after", "amount_off": 20, "minimum_spend": 100, "message": "call",
    },
    "promotion": {"when": "tier upgrade and 7 days after", "discount": "8 %"},
    "tenth": {"when": "every 10 orders and 7 days after", "discount": "10 %", "message": "app"},
    "challenge": {
        "when": "always",
        "challenge": {"one": {"spend": 500, "points": 100}, "two": {"spend": 1000, "cost": 5, "value": 9}},
    },
    "best": {
        "when": "06-01..06-20", "to": {"recency": "high, middle", "spend": "high", "predicted": "50 %"},
        "discount": "6 %",
    },
    "festival": {
        "when": "lunar 5-5", "to": {"stages": "new, active"}, "gift": {"cost": 4, "value": 12}, "budget": {"units": 20},
        "message": "app",
    },
    "anniversary": {
        "when": "joining anniversary", "gift": {"cost": 6, "value": 25}, "budget": {"money": 600, "units_a_day": 2},
    },
    "live": {"when": "last friday", "event": {"cost": 60, "cost_each": 0.2, "reach": "20 %"}},
    "balanced": {
        "when": "always", "to": {"tiers": "gold"}, "discount": "2 %",
        "balance": {"margin": "30 %", "most": "10 %", "step": "0.5 %"},
    },
}  # fmt: skip
CONTACT = {
    "channels": {"app": {"consent": "70 %"}, "sms": {"cost": 0.05, "consent": "80 %"}, "call": {"cost": 2, "pull": 4}}
}


def campaigning() -> Policy:
    """Return the full policy with campaigns of every kind."""
    return full_policy().with_({"contact": CONTACT, "campaigns": CAMPAIGNS})


# worlds in which nothing happens by itself, for recomputing by hand what the office and an order do

LAUNCH_MONTH = 12
"""Number of the first month of the horizon, counted from the start of the warm-up."""


def quiet_snapshot(policy: Policy, shoppers: int, **changes: object) -> Snapshot:
    """Return launch morning of a flat market of enrolled shoppers who live for ever, own nothing and never come.

    Nobody considers the paid membership at a visit. Set the arrays of the snapshot to what a test needs.
    """
    calm = {"population__shoppers": shoppers, "season": {}, "assumptions": {"membership_consideration": 0}}
    scenario = small_scenario(**{**calm, **changes})
    never = np.full(regions_of(scenario)[0].count, 10**6)
    world = World(policy, scenario, population=brisk_population(), first_orders=never)
    world.run(world.launch)
    snapshot = world.snapshot()
    snapshot.shoppers["status"] = ENROLLED
    snapshot.shoppers["settled_day"] = snapshot.shoppers["first_order_day"] = world.launch
    snapshot.shoppers["lifetime_left"] = 1e9
    return snapshot


def let_buy(snapshot: Snapshot, shopper: int, day: int, *, pays_with_points: bool = True) -> None:
    """Let a shopper of a quiet snapshot come on `day`, order for certain, and not come again."""
    record = snapshot.shoppers[shopper]
    record["next_visit"] = snapshot.due[shopper] = day
    record["visit_gap"] = 1e12
    record["base_logit"] = 60
    record["redemption_inertia"] = 60 if pays_with_points else -60


def let_baskets_be(snapshot: Snapshot, list_value: int) -> None:
    """Let every basket of a quiet snapshot be worth `list_value` cents, by a gamma distribution next to a point."""
    snapshot.market["basket_shape"] = 1e12
    snapshot.shoppers["basket_scale"] = list_value / 1e12


def opening(snapshot: Snapshot, month: int) -> int:
    """Return the day on which a month opens, by its number from the start of the warm-up."""
    return calendar_of(snapshot.scenario).month_starts[month]


def days_with(outcome: Outcome, measure: str) -> dict[int, int]:
    """Return a ledger measure by day, without the days on which nothing was posted."""
    daily = outcome.ledger[measure].sum(axis=1)
    return {outcome.first_day + int(day): int(daily[day]) for day in np.flatnonzero(daily)}
