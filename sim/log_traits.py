"""What a simulated log shows of shoppers beside their orders: how much deals take off, and who uses coupons.

Serves the validation of a calibration. Nothing in the simulation reads them; each is drawn once a life.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import special

from memberlab.scenarios import Population

from .keyed_random import Purpose, hashed, trait_uniforms


def deal_shares(population: Population, seed: int, first: int, count: int) -> NDArray[np.float64]:
    """Return the share of the shelf value that deals take off, for `count` shoppers from number `first` on: a beta
    distribution; 0 where the population says nothing (shape: count).
    """
    traits = population.traits
    if traits is None or traits.deal_share is None or traits.deal_share.mean == 0:
        return np.zeros(count)
    mean, spread = traits.deal_share.mean, traits.deal_share.spread
    if spread == 0:
        return np.full(count, mean)
    draws = trait_uniforms(hashed(seed), first, count, Purpose.DEAL_SHARE)
    size = mean * (1 - mean) / spread**2 - 1
    return np.asarray(special.betaincinv(mean * size, (1 - mean) * size, draws))


def coupons_an_order(population: Population, seed: int, first: int, spend: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the coupons an order of shoppers from number `first` on, by what each has spent; 0 for those who use none
    (shape of `spend`).

    Ranks of spend and readiness are tied by a Gaussian copula; its correlation is 2 sin(pi rho / 6) for a rank
    correlation rho (Pearson, 1907).
    """
    traits = population.traits
    if traits is None or traits.coupon_use is None:
        return np.zeros(len(spend))
    use = traits.coupon_use
    rho = 2 * math.sin(math.pi * use.rank_correlation_with_spend / 6)
    ranks = (np.argsort(np.argsort(spend, kind="stable"), kind="stable") + 0.5) / max(1, len(spend))
    own = special.ndtri(trait_uniforms(hashed(seed), first, len(spend), Purpose.COUPON_USE))
    readiness = special.ndtr(rho * special.ndtri(ranks) + math.sqrt(max(0.0, 1 - rho * rho)) * own)
    return np.where(readiness > 1 - use.share_of_shoppers, use.per_order, 0.0)
