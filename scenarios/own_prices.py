"""A scenario whose population is replaced by another: at which prices do the newcomers buy?

Serves the commands that take a user's own population or log.
"""

from __future__ import annotations

from .population import Population
from .scenario import Scenario

UNKNOWN_CURRENCY = "XXX"
"""ISO 4217's code for no currency: a population fitted to a log whose currency was not given."""


def at_own_prices(scenario: Scenario, population: Population) -> Scenario:
    """Return `scenario` for a `population` that replaces its own.

    A population in the scenario's currency (or in none) buys at its own prices: price level 1. One in another currency
    is converted at the scenario's price level.
    """
    if population.currency in (scenario.currency, UNKNOWN_CURRENCY):
        return scenario.with_({"population.price_level": 1})
    return scenario
