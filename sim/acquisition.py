"""Newcomers under shocks: who of those who would come never does, and who comes because more come than usual.

Serves the world, once before the warm-up, and the numbering of shoppers. Who comes and when follows from the scenario
and keyed draws alone, so it is the same in every arm. Where fewer come, each newcomer is kept with the chance that the
day of the first order has; the draws of those who do come are what they were. Where more come, the population has more
shoppers: as many as the shocks add to the usual stream (`surge`), spread over all numbers as the reserve of word of
mouth is, with first orders on days in proportion to what is added.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memberlab.scenarios import Population, Scenario

from .calendar import calendar_of
from .keyed_random import Purpose, trait_uniforms
from .rhythm_table import on_weekdays
from .shock_levels import ShockLevels
from .shopper import NEVER

Floats = NDArray[np.float64]


def surge(scenario: Scenario) -> int:
    """Return how many shoppers come beside `population.shoppers` because shocks bring more newcomers than usual.

    It is counted as if newcomers came evenly over the horizon, so that it does not depend on who replaces the
    population.
    """
    if all(shock.newcomers <= 100 for shock in scenario.shocks):
        return 0
    late = scenario.population.shoppers * (1 - scenario.population.established / 10_000)
    return round(late * float(np.maximum(arrival_levels(scenario) - 1.0, 0.0).mean()))


def arrival_levels(scenario: Scenario) -> Floats:
    """Return how many newcomers come on each day of the horizon, times the usual (shape: days of the horizon)."""
    calendar = calendar_of(scenario)
    levels = ShockLevels(scenario, calendar)
    return np.array([levels.times("newcomers", day) for day in range(calendar.launch, calendar.end)])


def arrivals_under_shocks(
    days: NDArray[np.int64], scenario: Scenario, population: Population, hashed_seed: np.uint64, first: int,
    more: NDArray[np.int64],
) -> NDArray[np.int64]:  # fmt: skip
    """Return the days of first orders (shape: shoppers of a region from number `first` on) with what shocks make of
    them; `more` are the places of those who come beside the usual.
    """
    if all(shock.newcomers == 100 for shock in scenario.shocks):
        return days
    calendar = calendar_of(scenario)
    launch, end = calendar.launch, calendar.end
    levels = arrival_levels(scenario)
    is_new = (days >= launch) & (days < end)
    level = np.where(is_new, levels[np.clip(days - launch, 0, end - launch - 1)], 1.0)
    comes = trait_uniforms(hashed_seed, first, len(days), Purpose.NEWCOMER_COMES) < level
    shaken = np.where(comes, days, NEVER)
    if len(more):
        moments = trait_uniforms(hashed_seed, first, len(days), Purpose.FIRST_ORDER_DAY)[more]
        shaken[more] = _days_of_surge(moments, levels, scenario, population, launch, end)
    return shaken


def _days_of_surge(
    moments: Floats, levels: Floats, scenario: Scenario, population: Population, launch: int, end: int
) -> NDArray[np.int64]:
    """Return first order days in proportion to what shocks add to the usual stream of newcomers (shape: moments)."""
    edges = np.arange(len(levels) + 1) / len(levels)
    come = edges
    if population.entry is not None:
        quantiles = np.array(population.entry.quantiles)
        come = np.interp(edges, quantiles, np.linspace(0, 1, len(quantiles)))
    added = np.concatenate([[0.0], np.cumsum(np.diff(come) * np.maximum(levels - 1.0, 0.0))])
    if added[-1] == 0.0:
        return np.full(len(moments), NEVER)
    late = np.interp(moments, added / added[-1], edges * len(levels))
    return on_weekdays(launch + late, population, calendar_of(scenario).start, (launch, end)).astype(np.int64)
