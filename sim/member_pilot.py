"""A pilot: what no member file can say of its members, taken from drawn shoppers who lived two years under the same
policy.

Serves a world that opens with members. By tier and paid membership it tells how much faster than at list price members
order under the policy and how much slower they leave, what they pay of a basket's list value, and their mean goodwill,
accustomed price and orders bought ahead. It is small, its own, and the same for every region.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

from memberlab.policies import Policy
from memberlab.scenarios import Population, Scenario

from .attrition import attrition_speed
from .compiled import kernel
from .keyed_random import replication_seed
from .member_posterior import Floats
from .shopper import ENROLLED, GUEST_STATE, LAPSED, MEMBER, STATES, WINDOW_MONTHS
from .soft_landing import terms_of

PILOTS, MONTHS, YEAR = 20_000, 24, 365
"""Shoppers of the pilot, months they live, and days at the end that are looked at."""

PILOT_SEED = 2**40
"""Replication whose seed the pilot has; no comparison comes so far."""

AS_MANY_ORDERS, AS_MANY_MEMBERS = 200, 25
"""Orders and members of all states that each state's own figures are mixed with."""


@dataclass(frozen=True, slots=True)
class Pilot:
    """Figures by ledger state (shape: states): `pace` is orders over those at list price and `wear` the speed of
    attrition over the base, both on average over the year that led to the state; `amount` is what an order pays over
    the basket at list price without a programme.
    """

    pace: Floats
    wear: Floats
    amount: Floats
    goodwill: Floats
    reference_price: Floats
    purchase_debt: Floats


def no_pilot() -> Pilot:
    """Return the pilot of a policy that nobody notices, for a world that is not to be lived in."""
    return Pilot(np.ones(STATES), np.ones(STATES), np.ones(STATES), *(np.zeros(STATES) for _ in range(3)))


@lru_cache(maxsize=8)
def pilot_of(policy: Policy, scenario: Scenario, population: Population, seed: int) -> Pilot:
    """Return the pilot of a policy in a scenario, lived now or remembered."""
    from .world import World

    alike = scenario.with_({
        "population.members": None, "population.shoppers": PILOTS, "population.established": "100 %", "regions": 1,
        "warm_up.months": MONTHS,
    })  # fmt: skip
    world = World(policy, alike, seed=replication_seed(seed, PILOT_SEED), population=population)
    path, usual = [], np.zeros((2, STATES))
    for month in range(MONTHS - WINDOW_MONTHS, MONTHS):
        world.live(world.calendar.month_starts[month + 1])
        path.append(_states(world.shoppers))
        usual += _visits_and_orders(world.shoppers, path[-1])
    outcome = world.run(world.launch)
    table, behaviour, market = world.compiled
    shoppers, state = outcome.shoppers, path[-1]
    there = (shoppers["status"] & (ENROLLED | LAPSED)) == ENROLLED
    speeds = speeds_of(shoppers, outcome.cards, table.terms, table.programme, behaviour, market)

    def mean(values: NDArray[np.generic]) -> Floats:
        return _mean_by_state(values.astype(np.float64)[there], state[there])

    year = outcome.ledger[-YEAR:]
    orders, visits = year["orders"].sum(axis=0).astype(float), year["visits"].sum(axis=0).astype(float)
    orders[GUEST_STATE] = visits[GUEST_STATE] = 0.0
    expected = visits * usual[1] / np.maximum(usual[0], 1e-12)
    pace = np.ones(STATES)
    if expected.sum() > 0:
        pace = (orders + AS_MANY_ORDERS * orders.sum() / expected.sum()) / (expected + AS_MANY_ORDERS)
    time = _time_in_states(np.array(path), there / shoppers["visit_gap"].astype(float))
    return Pilot(
        pace=time @ pace,
        wear=time @ mean(speeds),
        amount=_amounts(outcome.ledger, shoppers, table.terms, float(market["basket_shape"][0])),
        goodwill=mean(shoppers["goodwill"]),
        reference_price=mean(shoppers["reference_price"]),
        purchase_debt=mean(shoppers["purchase_debt"]),
    )


def _states(shoppers: NDArray[np.void]) -> NDArray[np.int64]:
    """Return the ledger state of each shopper, as if all were enrolled."""
    return np.asarray(2 * shoppers["tier"].astype(np.int64) + (shoppers["status"] & MEMBER != 0))


def _visits_and_orders(shoppers: NDArray[np.void], states: NDArray[np.int64]) -> Floats:
    """Return by state how often its shoppers come and how often they would order at list price (shape: 2 x states)."""
    there = (shoppers["status"] & (ENROLLED | LAPSED)) == ENROLLED
    visits = there / shoppers["visit_gap"].astype(float)
    orders = visits * special.expit(shoppers["base_logit"].astype(float))
    return np.array([np.bincount(states, one, STATES) for one in (visits, orders)])


def _time_in_states(path: NDArray[np.int64], weights: Floats) -> Floats:
    """Return for members of each state today the part of the last year that they spent in each (rows add up to 1).

    Who is in a high tier today has often been in it for a short while only. `path` has a state a month and shopper;
    the `weights` of shoppers are how often they visit.
    """
    time = np.zeros((STATES, STATES))
    for states in path:
        np.add.at(time, (path[-1], states), weights)
    total = time.sum(axis=1, keepdims=True)
    return np.asarray(np.where(total > 0, time / np.where(total > 0, total, 1.0), np.eye(STATES)))


def _mean_by_state(values: Floats, state: NDArray[np.int64]) -> Floats:
    """Return the mean of each state, mixed with that of all where there are few."""
    if not len(values):
        return np.zeros(STATES)
    count, total = np.bincount(state, minlength=STATES), np.bincount(state, values, STATES)
    return np.asarray((total + AS_MANY_MEMBERS * values.mean()) / (count + AS_MANY_MEMBERS))


def _amounts(ledger: NDArray[np.void], shoppers: NDArray[np.void], terms: NDArray[np.void], shape: float) -> Floats:
    """Return what an order pays over its basket at list price: on average over all, and between states as their terms
    differ.
    """
    by_terms = (1.0 - terms["discount"][:STATES] / 10_000.0) * terms["basket_lift"][:STATES]
    orders = ledger["orders"].sum(axis=0).astype(float)
    expected = float((shoppers["orders"] * shape * shoppers["basket_scale"].astype(float)).sum())
    if expected <= 0.0:
        return np.asarray(by_terms, np.float64)
    overall = float(shoppers["gmv"].sum()) / expected
    return np.asarray(by_terms * overall / ((orders * by_terms).sum() / orders.sum()))


@kernel
def speeds_of(
    shoppers: NDArray[np.void], cards: NDArray[np.void], terms: NDArray[np.void], programme: NDArray[np.void],
    behaviour: NDArray[np.void], market: NDArray[np.void],
) -> NDArray[np.float64]:  # fmt: skip
    """Return how fast each shopper's life runs out today against the base rate (shape: shoppers)."""
    p, b, m = programme[0], behaviour[0], market[0]
    speeds = np.ones(shoppers.shape[0])
    for i in range(shoppers.shape[0]):
        s, c = shoppers[i], cards[np.uint64(i * p.keeps_cards)]
        if s.status & ENROLLED:
            state = np.uint64(2 * s.tier + (1 if s.status & MEMBER else 0))
            speeds[i] = attrition_speed(s, terms[terms_of(s, c, p, state)], b, m, False, s.goodwill)
    return speeds
