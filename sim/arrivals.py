"""Drawing the shoppers of a region: traits from the fitted population, first orders spread over warm-up and horizon.

Serves the world, once before the warm-up. Every trait is a keyed draw of (seed, shopper), so a shopper is the same
person in every region split and under every policy.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import special

from memberlab.scenarios import Population, Scenario

from .calendar import calendar_of
from .dropout import DAYS_A_WEEK, SMALLEST_RATE, lifetimes
from .gamma_quantile import gamma_quantile
from .headroom import headroom
from .keyed_random import Purpose, trait_uniforms
from .market import attendance_bound
from .rhythm_table import largest_daily_rate, on_weekdays
from .shopper import DUE, LAST_DAY, NEVER, SHOPPER
from .spend_level import basket_scales

LARGEST_CONVERSION = 0.95
"""Of those who come as often as can be, unless the population's own is higher."""

DRAWN_TOGETHER = 65_536
"""Shoppers whose traits are drawn in one go."""


def draw_shoppers(
    scenario: Scenario,
    population: Population,
    behaviour: NDArray[np.void],
    hashed_seed: np.uint64,
    first: int,
    count: int,
) -> NDArray[np.void]:
    """Return `count` shoppers from number `first` on, as records without a first order yet (shape: count).

    They are drawn a part at a time, so that the traits on their way take little memory beside the records.
    """
    shoppers = np.zeros(count, SHOPPER)
    for start in range(0, count, DRAWN_TOGETHER):
        part = shoppers[start : start + DRAWN_TOGETHER]
        numbers = first + start, len(part)

        def scores(purpose: Purpose, numbers: tuple[int, int] = numbers) -> NDArray[np.float64]:
            return np.asarray(special.ndtri(trait_uniforms(hashed_seed, *numbers, purpose)))

        set_traits(part, scenario, population, behaviour, scores)
        exponential = -np.log(trait_uniforms(hashed_seed, *numbers, Purpose.LIFETIME))
        ranks = trait_uniforms(hashed_seed, *numbers, Purpose.DROPOUT_RATE)
        part["lifetime_left"] = lifetimes(population, exponential, ranks)
        part["last_order_day"] = part["first_order_day"] = -1
        part["term_end"] = NEVER
    return shoppers


def set_traits(
    shoppers: NDArray[np.void],
    scenario: Scenario,
    population: Population,
    behaviour: NDArray[np.void],
    scores: Callable[[Purpose], NDArray[np.float64]],
) -> None:
    """Fill in the traits that follow from the normal `scores` of shoppers by purpose, all but how long they live."""
    frequency = scores(Purpose.PURCHASE_RATE)
    rho = population.frequency_spend_correlation
    spend = rho * frequency + np.sqrt(1 - rho * rho) * scores(Purpose.SPEND_LEVEL)
    _set_visits(shoppers, population, frequency, attendance_bound(scenario))
    shoppers["basket_scale"] = basket_scales(population.spend, spend, 100.0 * float(scenario.population.price_level))
    if (exponent := float(behaviour["headroom"][0])) > 0:
        shoppers["response"] *= headroom(population, frequency, spend, exponent)
    mean, spread = float(behaviour["redemption_inertia_mean"][0]), float(behaviour["redemption_inertia_spread"][0])
    shoppers["redemption_inertia"] = mean + spread * scores(Purpose.REDEMPTION_INERTIA)


def _set_visits(
    shoppers: NDArray[np.void], population: Population, frequency: NDArray[np.float64], bound: float
) -> None:
    """Set candidate gaps and conversions so that, at list price, orders come at the shopper's own rate.

    `bound` is the largest attendance of a month.
    """
    purchases = population.purchases
    orders_a_day = gamma_quantile(purchases.r, frequency) / (purchases.alpha_weeks * DAYS_A_WEEK)
    base = population.conversion / 10_000
    candidates = np.clip(orders_a_day * bound / base, SMALLEST_RATE, largest_daily_rate(population))
    conversion = np.clip(orders_a_day * bound / candidates, base, max(base, LARGEST_CONVERSION))
    shoppers["visit_gap"] = -1.0 / np.log1p(-candidates)
    shoppers["base_logit"] = special.logit(conversion)
    shoppers["response"] = 1.0 / (1.0 - conversion)


def first_order_days(
    scenario: Scenario, population: Population, hashed_seed: np.uint64, first: int, count: int, launch: int, end: int
) -> NDArray[np.int64]:
    """Return the day of each shopper's first order (shape: count).

    The established share comes evenly over the warm-up (day 0 to `launch`), the rest over the horizon (to `end`): by
    the population's `entry`, or evenly; within a week by the weekdays of its rhythm.
    """
    established = scenario.population.established / 10_000
    is_established = trait_uniforms(hashed_seed, first, count, Purpose.FIRST_ORDER_PERIOD) < established
    moment = trait_uniforms(hashed_seed, first, count, Purpose.FIRST_ORDER_DAY)
    late = moment
    if population.entry is not None:
        quantiles = population.entry.quantiles
        late = np.minimum(np.interp(moment, np.linspace(0, 1, len(quantiles)), quantiles), 1 - 1e-9)
    start = calendar_of(scenario).start
    early = on_weekdays(moment * launch, population, start, (0, launch))
    late = on_weekdays(launch + late * (end - launch), population, start, (launch, end))
    return np.where(is_established, early, late).astype(np.int64)


def set_first_orders(shoppers: NDArray[np.void], days: NDArray[np.int64]) -> NDArray[np.int16]:
    """Let each shopper's first visit be its first order on `days`; return the due column (shape: count)."""
    days = np.where(days > LAST_DAY, NEVER, days)
    shoppers["next_visit"] = shoppers["settled_day"] = days
    return days.astype(DUE)
