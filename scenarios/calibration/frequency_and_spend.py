"""Do frequent customers spend more or less at a purchase? The correlation of the two traits, for the population file.

Both traits keep their fitted distributions and are tied by a Gaussian copula; its correlation rho is fitted by maximum
likelihood with the distributions held at their estimates ("inference functions for margins": Joe and Xu, 1996). What a
customer's history leaves open about its traits is averaged over, so that rho is not diluted by short histories.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import gammainc, gammaincinv, logsumexp, ndtri

from .purchase_history import FloatArray, RatePosterior, SpendHistory

_QUANTILES = 12
_MOST_CUSTOMERS = 4_000
_EDGE = 0.98
_LARGEST_ERROR = 0.2
_LEAST_GAIN = 3.0  # log units over no correlation
_STEP = 1e-3


@dataclass(frozen=True)
class Correlation:
    """Copula correlation of purchase rate and spend, its standard error, and the plain correlation in the sample."""

    estimate: float
    standard_error: float | None
    sample: float
    customers: int
    identified: bool = True
    """Whether the log tells it at all; where traits hardly differ between customers it does not."""


@dataclass(frozen=True)
class _Scores:
    """One customer's trait as normal scores with weights: rows are customers, columns the points that stand for it."""

    values: NDArray[np.float64]
    weights: NDArray[np.float64]


def correlation_of_frequency_and_spend(
    rate: RatePosterior, rate_prior: tuple[float, float], spend: SpendHistory, spend_parameters: FloatArray
) -> Correlation:
    """Fit the copula correlation for the customers whose rate posteriors and spend are given, row by row.

    `rate_prior` is (r, alpha in weeks). A high nu means small baskets, so the sign of its score is turned.
    """
    rate, spend = _every_nth(rate, spend)
    frequency = _rate_scores(rate, *rate_prior)
    baskets = _basket_scores(spend, spend_parameters)
    log_weights = np.log(frequency.weights[:, :, None] * baskets.weights[:, None, :] + 1e-300)
    first, second = frequency.values[:, :, None], baskets.values[:, None, :]
    squares, product = first**2 + second**2, first * second

    def log_likelihood(rho: float) -> float:
        rest = 1 - rho * rho
        log_copula = (rho * product - rho * rho * squares / 2) / rest - 0.5 * math.log(rest)
        return float(np.sum(logsumexp(log_weights + log_copula, axis=(1, 2))))

    best = minimize_scalar(
        lambda rho: -log_likelihood(rho), bounds=(-_EDGE, _EDGE), method="bounded", options={"xatol": 1e-6}
    )
    rho = float(best.x)
    curvature = (2 * log_likelihood(rho) - log_likelihood(rho + _STEP) - log_likelihood(rho - _STEP)) / _STEP**2
    error = 1 / math.sqrt(curvature) if curvature > 0 else None
    known = error is not None and error < _LARGEST_ERROR
    plain = log_likelihood(rho) - log_likelihood(0.0) > _LEAST_GAIN
    identified = (known or plain) and abs(rho) < _EDGE - 0.01
    return Correlation(rho, error, _plain_correlation(spend), spend.customers, identified)


def _every_nth(rate: RatePosterior, spend: SpendHistory) -> tuple[RatePosterior, SpendHistory]:
    """Thin a large log evenly: a few thousand customers settle a correlation, more only cost time."""
    step = -(-spend.customers // _MOST_CUSTOMERS)
    thinned = RatePosterior(rate.shape[::step], rate.rates[::step], rate.weights[::step])
    return thinned, SpendHistory(spend.purchases[::step], spend.mean_amount[::step])


def _plain_correlation(spend: SpendHistory) -> float:
    if spend.customers < 3 or np.ptp(spend.purchases) == 0 or np.ptp(spend.mean_amount) == 0:
        return 0.0
    return float(np.corrcoef(spend.purchases, spend.mean_amount)[0, 1])


def _middle_quantiles() -> FloatArray:
    return (np.arange(_QUANTILES) + 0.5) / _QUANTILES


def _normal_scores(prior_probability: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.asarray(ndtri(np.clip(prior_probability, 1e-12, 1 - 1e-12)), dtype=np.float64)


def _rate_scores(rate: RatePosterior, r: float, alpha: float) -> _Scores:
    """Stand for each component of the rate's posterior by its middle quantiles."""
    standard = gammaincinv(rate.shape[:, None], _middle_quantiles()[None, :])
    rates = standard[:, None, :] / rate.rates[:, :, None]
    weights = np.broadcast_to(rate.weights[:, :, None] / _QUANTILES, rates.shape)
    customers = len(rate.shape)
    scores = _normal_scores(gammainc(r, alpha * rates))
    return _Scores(scores.reshape(customers, -1), weights.reshape(customers, -1))


def _basket_scores(spend: SpendHistory, parameters: FloatArray) -> _Scores:
    """Stand for each customer's nu by the middle quantiles of its posterior Gamma(q + p n, v + n mean)."""
    p, q, v = parameters
    standard = gammaincinv((q + p * spend.purchases)[:, None], _middle_quantiles()[None, :])
    nu = standard / (v + spend.purchases * spend.mean_amount)[:, None]
    scores = -_normal_scores(gammainc(q, v * nu))
    return _Scores(scores, np.full(scores.shape, 1 / _QUANTILES))
