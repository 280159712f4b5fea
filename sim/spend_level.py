"""How large baskets are by the population's spend model: everybody's own scale, and the shape of single baskets.

Serves the drawing of shoppers, headroom and the opening of a market. Whatever the model, the mean of a shopper's
baskets is `basket_shape` times the own scale, and their squared coefficient of variation is 1 over the shape: rules
that need no more read these two, as if baskets were gamma.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import special

from memberlab.scenarios import GammaGamma, Population, SpendQuantiles, mean_exponential

from .gamma_quantile import gamma_quantile

LOG_GAPS = 64
FIRST_LOG_RATE, LOG_RATE_STEP = -16.0, 16.0 / (LOG_GAPS - 1)
"""Mean log gaps are tabulated by the logarithm of orders a day, up to one a day."""

EULER = 0.5772156649015329

SHOPPERS_LOOKED_AT = 2_000

Spend = GammaGamma | SpendQuantiles


def basket_scales(spend: Spend, scores: NDArray[np.float64], level: float) -> NDArray[np.float64]:
    """Return the cents of one unit of a basket of shoppers with these normal `scores` of spend, at `level` cents for
    one unit of the population's currency.
    """
    if isinstance(spend, GammaGamma):
        return np.asarray(level / (gamma_quantile(spend.q, -scores) / spend.v))
    own = level * math.exp(spend.level) * mean_exponential(spend.within) / spend.shape
    return np.asarray(own * own_ratios(spend, scores))


def own_ratios(spend: SpendQuantiles, scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return shoppers' own mean baskets over that of who is at the level, by normal `scores` of spend."""
    return np.asarray(np.exp(at_shares(spend.between, np.asarray(special.ndtr(scores)))))


def at_shares(quantiles: tuple[float, ...], shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the quantiles at `shares` (0 to 1) of a distribution given at (i + 0.5) / n, ends held flat."""
    count = len(quantiles)
    return np.asarray(np.interp(shares * count - 0.5, np.arange(count), quantiles))


def write_spend(record: NDArray[np.void], population: Population, level: float) -> None:
    """Write the population's spend model into the market `record`; `level` as in `basket_scales`."""
    spend = population.spend
    record["basket_shape"] = spend.shape
    if isinstance(spend, GammaGamma):
        record["mean_basket"] = level * spend.p * spend.v / (spend.q - 1)
        return
    record["mean_basket"] = level * spend.mean
    record["spends_by_quantiles"], record["amounts"] = 1, len(spend.within)
    centre = math.log(spend.shape) - math.log(mean_exponential(spend.within))
    record["amount"][0, : len(spend.within)] = [one + centre for one in spend.within]
    record["gap_slope"] = spend.gap_slope
    table = mean_log_gaps()
    shift = 0.0 if spend.gap_level is None else spend.gap_level - _mean_over_orders(population, table)
    record["log_gap"][0] = table + shift


def mean_log_gaps() -> NDArray[np.float64]:
    """Return the mean log gap (days) of who orders on a day with chance exp(FIRST_LOG_RATE + LOG_RATE_STEP i), day by
    day alike (shape: LOG_GAPS).
    """
    rates = np.exp(FIRST_LOG_RATE + LOG_RATE_STEP * np.arange(LOG_GAPS))
    rates[-1] = 1.0
    days = np.arange(1, 40_001)
    logs = np.log(days)
    rare = rates < 1e-3
    found = np.empty(LOG_GAPS)
    found[rare] = -EULER - np.log(-np.log1p(-rates[rare]))
    found[~rare] = [float((rate * (1 - rate) ** (days - 1) * logs).sum()) for rate in rates[~rare]]
    return found


def _mean_over_orders(population: Population, table: NDArray[np.float64]) -> float:
    """Return the mean of the table over the orders of a population: those who order often count more."""
    scores = np.asarray(special.ndtri((np.arange(SHOPPERS_LOOKED_AT) + 0.5) / SHOPPERS_LOOKED_AT))
    rates = gamma_quantile(population.purchases.r, scores) / (7.0 * population.purchases.alpha_weeks)
    places = (np.log(np.minimum(rates, 1.0)) - FIRST_LOG_RATE) / LOG_RATE_STEP
    return float(np.average(np.interp(places, np.arange(LOG_GAPS), table), weights=rates))
