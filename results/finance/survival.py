"""The survival estimate of redemption: how long points stay unused, by the product-limit estimator of Kaplan and Meier.

Serves the score of breakage estimators. The estimator is scipy's. Points are not used one by one, so counts are divided
by how much more cohorts differ than single points would (Pearson's dispersion; McCullagh and Nelder, 1989), which
widens the intervals.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

MOST_OBSERVATIONS = 200_000


@dataclass(frozen=True, slots=True)
class Survival:
    """Share of points still unused after each age (shape: ages), the variance of its logarithm, and the dispersion."""

    unused: NDArray[np.float64]
    log_variance: NDArray[np.float64]
    dispersion: float


def survival(at_risk: NDArray[np.int64], used: NDArray[np.int64], censored: NDArray[np.int64]) -> Survival:
    """Return the survival of points by age, from counts by cohort and age (shape: cohorts x ages).

    `at_risk` are the points that a month of age began with or that entered in it, `used` those redeemed in it,
    `censored` those that left it for another reason, or of which no more is known.
    """
    dispersion = _dispersion(at_risk, used)
    scale = max(dispersion, (used.sum() + censored.sum()) / MOST_OBSERVATIONS)
    ages = np.arange(at_risk.shape[1])
    events, others = (np.rint(counts.sum(axis=0) / scale).astype(np.int64) for counts in (used, censored))
    unused, log_variance = np.ones(len(ages)), np.zeros(len(ages))
    if events.sum() == 0:
        return Survival(unused, log_variance, dispersion)
    from scipy import stats  # here, because it takes half a second to load

    sample = stats.CensoredData(uncensored=np.repeat(ages, events), right=np.repeat(ages, others))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # where nothing is left, the interval has no end
        curve: Any = stats.ecdf(cast(Any, sample)).sf  # the stubs do not know that censored data may be given
        lower = curve.confidence_interval(0.95, method="linear").low
    known = np.searchsorted(curve.quantiles, ages, side="right") - 1
    seen = known >= 0
    unused[seen] = curve.probabilities[known[seen]]
    half = np.where(seen, unused - np.asarray(lower.probabilities)[np.maximum(known, 0)], 0.0)
    error = np.nan_to_num(half / stats.norm.ppf(0.975))
    log_variance = np.where(unused > 0, (error / np.maximum(unused, 1e-12)) ** 2, 0.0)
    return Survival(unused, log_variance, dispersion)


def _dispersion(at_risk: NDArray[np.int64], used: NDArray[np.int64]) -> float:
    """Return how many times more cohorts differ from the common share of their age than independent points would."""
    total = at_risk.sum(axis=0)
    share = used.sum(axis=0) / np.maximum(total, 1)
    variance = at_risk * share * (1.0 - share)
    cells = variance > 0
    freedom = int(cells.sum()) - int((cells.sum(axis=0) > 0).sum())
    if freedom <= 0:
        return 1.0
    squares = (used - at_risk * share)[cells] ** 2 / variance[cells]
    return max(1.0, float(squares.sum() / freedom))
