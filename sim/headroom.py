"""Share-of-wallet headroom: who already buys nearly everything here can hardly buy more, whatever is promised.

Serves the drawing of shoppers, which folds headroom into each one's response (to prices, points, goals and tiers), and
the rules of attrition and of rewards, which read it from there. It is (base spend / pivot) ** -headroom, at most 1.5.
The reference model (behaviour reference, 2.1; facts 26 and 39) takes the median for the pivot, by which all spend
together responds less. Here the pivot is where the mean over spend is 1: responses move from heavy to light buyers,
and what they add up to stays, to the first order. Goodwill from rewards, of which heavy buyers have more than their
share of spend, still loses some.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from memberlab.scenarios import GammaGamma, Population

from .assumptions import Behaviour
from .compiled import rule
from .gamma_quantile import gamma_quantile
from .shopper import Shopper
from .spend_level import Spend, own_ratios

MOST_HEADROOM = 1.5
"""That of light buyers (behaviour reference, 2.1)."""

GRID = np.linspace(-8.0, 8.0, 401)
"""Normal scores of purchase rate and spend at which a population is summed up."""

HALVINGS = 60


def headroom(
    population: Population, frequency: NDArray[np.float64], spend: NDArray[np.float64], exponent: float
) -> NDArray[np.float64]:
    """Return the headroom of shoppers (a ratio) by the normal scores of their purchase rate and mean basket."""
    r, model = population.purchases.r, population.spend
    pivot = _pivot(r, model, population.frequency_spend_correlation, exponent)
    return _at(base_spend(r, model, frequency, spend), pivot, exponent)


def base_spend(
    r: float, model: Spend, frequency: NDArray[np.float64], spend: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return orders at list price times the mean basket, on a scale on which only ratios mean anything."""
    if isinstance(model, GammaGamma):
        return gamma_quantile(r, frequency) / gamma_quantile(model.q, -spend)
    return np.asarray(gamma_quantile(r, frequency) * own_ratios(model, spend))


def _at(base: NDArray[np.float64], pivot: float, exponent: float) -> NDArray[np.float64]:
    with np.errstate(divide="ignore", over="ignore"):
        return np.minimum(MOST_HEADROOM, (base / pivot) ** -exponent)


@lru_cache(maxsize=16)
def _pivot(r: float, model: Spend, rho: float, exponent: float) -> float:
    """Return the base spend at which headroom is 1, such that its mean over spend is 1: found by halving."""
    frequency, other = (scores.ravel() for scores in np.meshgrid(GRID, GRID))
    base = base_spend(r, model, frequency, rho * frequency + math.sqrt(1 - rho * rho) * other)
    weight = base * np.exp(-0.5 * (frequency**2 + other**2))
    weight /= weight.sum()
    low, high = float(np.log(base.min())), float(np.log(base.max()))
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if float((weight * _at(base, math.exp(middle), exponent)).sum()) < 1.0:
            low = middle
        else:
            high = middle
    return math.exp(high)


@rule
def headroom_of(s: Shopper, b: Behaviour) -> float:
    """Return the headroom that is folded into the shopper's response: what it is beyond 1 / (1 - conversion)."""
    if b.headroom == 0.0:
        return 1.0
    return s.response / (1.0 + math.exp(1.0 * s.base_logit))
