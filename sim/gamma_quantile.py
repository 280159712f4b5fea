"""Quantiles of the gamma distribution at normal scores: how traits with a given correlation are drawn by the million.

Serves the drawing of shoppers and what is summed up over a whole population.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

SCORES = np.linspace(-8.0, 8.0, 4001)
"""Normal scores at which gamma quantiles are tabulated; 8 standard deviations hold every shopper that fits on a
machine.
"""


def gamma_quantile(shape: float, scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return quantiles of the gamma distribution with scale 1 at normal `scores`, by interpolation of their
    logarithm.
    """
    return np.exp(np.interp(scores, SCORES, _log_quantiles(shape)))


@lru_cache(maxsize=16)
def _log_quantiles(shape: float) -> NDArray[np.float64]:
    """Return the logarithms of the gamma quantiles at SCORES."""
    below = SCORES < 0
    table = np.empty_like(SCORES)
    table[below] = special.gammaincinv(shape, special.ndtr(SCORES[below]))
    table[~below] = special.gammainccinv(shape, special.ndtr(-SCORES[~below]))
    return np.log(np.maximum(table, np.finfo(np.float64).tiny))
