"""Light, median and heavy shoppers of a scenario, in closed form from its population.

Serves whoever holds a policy against somebody's spend: the explanation and the linter.
"""

from __future__ import annotations

from memberlab.policies import Customers, TypicalShopper

from .population import Population, load_population
from .scenario import Scenario

WEEKS_A_YEAR = 365 / 7
QUANTILES = {"light": 0.10, "median": 0.50, "heavy": 0.90}
"""Place of each kind among those who order at least once in a year, by number of orders."""

RARE = 0.999


def customers_of(scenario: Scenario, population: Population | None = None) -> Customers:
    """Return the typical shoppers of `scenario`, whose own population may be replaced.

    Orders a year follow the zero-truncated negative binomial distribution of customers who stay (NBD: Ehrenberg, 1959);
    every kind has the population's mean basket.
    """
    residents = population or load_population(scenario.population.source)
    basket = 100.0 * float(scenario.population.price_level) * residents.spend.mean
    kinds = {name: orders_at(residents, share) for name, share in QUANTILES.items()}
    typical = tuple(
        TypicalShopper(name, orders, basket, residents.spend.shape, scenario.sales_tax)
        for name, orders in kinds.items()
    )
    returns = scenario.returns
    refund_days = None if returns is None or returns.share == 0 else returns.refund_days
    return Customers(typical, orders_at(residents, RARE) * basket, scenario.gross_margin, refund_days)


def orders_at(population: Population, share: float) -> int:
    """Return the number of orders that `share` of those who order in a year do not exceed."""
    import numpy as np
    from scipy import special  # and not scipy.stats, which takes half a second to load

    purchases = population.purchases
    here = purchases.alpha_weeks / (purchases.alpha_weeks + WEEKS_A_YEAR)
    none = float(special.betainc(purchases.r, 1.0, here))
    wanted, most = none + share * (1 - none), 64
    while special.betainc(purchases.r, most + 1.0, here) < wanted:
        most *= 2
    reached = special.betainc(purchases.r, np.arange(most + 1) + 1.0, here) >= wanted
    return max(1, int(np.argmax(reached)))
