"""The chain-ladder on a triangle of points redeemed by issue cohort, with the standard error of Mack (1993).

Serves the score of breakage estimators. A few lines of our own, because the package `chainladder` brings scikit-learn,
sparse, dill and patsy along for what is needed here; the tests hold the published figures of Mack's own example.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ChainLadder:
    """Ultimate figures by cohort with standard errors (shape: cohorts), and those of the total."""

    factors: NDArray[np.float64]
    ultimate: NDArray[np.float64]
    error: NDArray[np.float64]
    total: float
    total_error: float


def chain_ladder(cumulative: NDArray[np.float64]) -> ChainLadder:
    """Return the ultimates of a triangle (shape: cohorts x ages, NaN where the future is not known yet).

    Cohorts are in order, the oldest first, and known up to their age. Beyond the last age seen nothing is added. Raises
    ValueError for a triangle without any cohort.
    """
    if cumulative.size == 0:
        raise ValueError("a triangle needs a cohort")
    ages = cumulative.shape[1]
    factors, variances, bases = np.ones(ages - 1), np.zeros(ages - 1), np.zeros(ages - 1)
    for age in range(ages - 1):
        known = ~np.isnan(cumulative[:, age + 1])
        now, then = cumulative[known, age], cumulative[known, age + 1]
        bases[age] = now.sum()
        if bases[age] <= 0:
            continue
        factors[age] = then.sum() / bases[age]
        begun = now > 0
        if begun.sum() > 1:
            spread = now[begun] * (then[begun] / now[begun] - factors[age]) ** 2
            variances[age] = spread.sum() / (begun.sum() - 1)
        elif age >= 2 and variances[age - 2] > 0:
            variances[age] = min(variances[age - 1] ** 2 / variances[age - 2], variances[age - 2], variances[age - 1])
        elif age >= 1:
            variances[age] = variances[age - 1]
    filled = cumulative.copy()
    for age in range(ages - 1):
        open_now = np.isnan(filled[:, age + 1])
        filled[open_now, age + 1] = filled[open_now, age] * factors[age]
    return _with_errors(cumulative, filled, factors, variances, bases)


def _with_errors(
    cumulative: NDArray[np.float64], filled: NDArray[np.float64], factors: NDArray[np.float64],
    variances: NDArray[np.float64], bases: NDArray[np.float64],
) -> ChainLadder:  # fmt: skip
    """Return the ultimates with Mack's errors (1993, theorem 3 and its corollary for the total)."""
    ultimate = filled[:, -1]
    squares, total_square = np.zeros(len(ultimate)), 0.0
    relative = np.where(bases > 0, variances / factors**2, 0.0)
    for cohort in range(len(ultimate)):
        open_ages = np.flatnonzero(np.isnan(cumulative[cohort, 1:]))
        own = np.array([relative[a] / filled[cohort, a] if filled[cohort, a] > 0 else 0.0 for a in open_ages])
        shared = np.array([relative[a] / bases[a] if bases[a] > 0 else 0.0 for a in open_ages])
        squares[cohort] = ultimate[cohort] ** 2 * (own.sum() + shared.sum())
        total_square += squares[cohort] + 2 * ultimate[cohort] * ultimate[cohort + 1 :].sum() * shared.sum()
    return ChainLadder(factors, ultimate, np.sqrt(squares), float(ultimate.sum()), float(np.sqrt(total_square)))
