"""How long shoppers live at base attrition, by the population that they are drawn from.

Serves the drawing of shoppers and the second life of those who come back (Pareto/NBD: Schmittlein, Morrison and
Colombo, 1987; BG/NBD: Fader, Hardie and Lee, 2005).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from memberlab.scenarios import Population

from .gamma_quantile import gamma_quantile

DAYS_A_WEEK = 7.0

SMALLEST_RATE = 1e-12

RANKS = 64
"""Ranks at which the dropout rates of a population are tabulated for the rules."""


def dropout_table(population: Population) -> NDArray[np.float64]:
    """Return the dropout rates in the middle of each of RANKS equal parts of the population (shape: RANKS)."""
    return dropout_rates(population, (np.arange(RANKS) + 0.5) / RANKS)


def lifetimes(
    population: Population, exponential: NDArray[np.float64], ranks: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how long shoppers live at base attrition: days (Pareto/NBD) or orders (BG/NBD); infinite without dropout.

    Life is an `exponential` draw of mean 1 over the dropout rate at the shopper's rank (0 to 1) among all.
    """
    if population.purchases.model == "pareto-nbd" and population.purchases.s is None:
        return np.full(len(ranks), np.inf)
    return np.asarray(exponential / dropout_rates(population, ranks))


def dropout_rates(population: Population, ranks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return base dropout rates at `ranks` (0 to 1): a day (Pareto/NBD) or an order (BG/NBD); 0 without dropout."""
    purchases = population.purchases
    if purchases.model == "bg-nbd":
        dropout = np.clip(special.betaincinv(purchases.a, purchases.b, ranks), SMALLEST_RATE, 1 - SMALLEST_RATE)
        return np.asarray(-np.log1p(-dropout))
    if purchases.s is None or purchases.beta_weeks is None:
        return np.zeros(len(ranks))
    hazard = gamma_quantile(purchases.s, np.asarray(special.ndtri(ranks))) / (purchases.beta_weeks * DAYS_A_WEEK)
    return np.maximum(hazard, SMALLEST_RATE)
