"""Markets with a rhythm that several test files live in, and their order logs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import load_policy
from memberlab.scenarios import Population
from memberlab.sim import OrderLog, World, keep_log

from .worlds import brisk_population, small_scenario

ALIKE = 1e6
"""Shape of purchase rates at which all shoppers have the same."""


def regulars(orders_a_day: float, sections: Mapping[str, object], shape: float = ALIKE) -> Population:
    """Return a population in which everybody orders so often, nobody leaves, and nearly every visit is an order."""
    return brisk_population().with_(
        {
            "purchases": {"model": "pareto-nbd", "r": shape, "alpha_weeks": shape / (7 * orders_a_day)},
            "conversion": "99.99 %",
            "frequency_spend_correlation": 0,
            **sections,
        }
    )


def market(population: Population, shoppers: int = 2000, **changes: object) -> World:
    """Return 1 January 2024 of two flat years without a programme; everybody orders first on that day."""
    flat = {"population__shoppers": shoppers, "season": {}, "start": "2025-01-01", "horizon": {"months": 12}}
    scenario = small_scenario(**{**flat, **changes})
    return World(
        load_policy("no-programme"), scenario, population=population, first_orders=np.zeros(shoppers, np.int64)
    )


def visits(
    population: Population, shoppers: int = 2000, **changes: object
) -> tuple[World, OrderLog, NDArray[np.int64]]:
    """Return the market in the end, its log without first orders, and orders by shopper and day (shape: both)."""
    world = market(population, shoppers, **changes)
    log = keep_log(world, world.end)
    by_day = np.zeros((shoppers, world.end), np.int64)
    by_day[log.shopper, log.day] = 1
    return world, log.since(1), by_day
