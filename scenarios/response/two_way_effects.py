"""Least squares with unit and time effects, and standard errors that allow for dependence within a unit.

Serves the exposure and price regressions. A few thousand units would be a few thousand dummy columns; taking means out
in turn gives the same coefficients (Frisch and Waugh, 1933) in memory of the data's own size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .estimate import Estimate

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
MOST_ROUNDS, CLOSE_ENOUGH = 2000, 1e-8


@dataclass(frozen=True, slots=True)
class Coefficients:
    """Coefficients of the regressors, their covariance (clustered by unit), and what they were fitted on."""

    values: Floats
    covariance: Floats
    rows: int
    units: int

    def estimate(self, place: int = 0) -> Estimate:
        """Return one coefficient with its standard error."""
        return Estimate(float(self.values[place]), float(np.sqrt(self.covariance[place, place])))


def without_means(columns: Sequence[Floats], units: Integers, times: Integers) -> Floats:
    """Return columns (of equal length, stacked as rows) without the means of each unit and each time.

    Pairs may be missing, so means are taken out in turn until nothing moves (relative to the columns).
    """
    left = np.array(columns, dtype=np.float64)
    largest = np.abs(left).max(axis=1) + 1e-300
    groups = [(group, np.maximum(np.bincount(group), 1)) for group in (units, times)]
    for _ in range(MOST_ROUNDS):
        moved = 0.0
        for group, sizes in groups:
            for place, scale in enumerate(largest):
                means = np.bincount(group, left[place], minlength=len(sizes)) / sizes
                left[place] -= means[group]
                moved = max(moved, float(np.abs(means).max() / scale))
        if moved < CLOSE_ENOUGH:
            break
    return left


def two_way_effects(outcome: Floats, regressors: Floats, units: Integers, times: Integers) -> Coefficients:
    """Regress `outcome` (rows) on `regressors` (rows, columns) with effects of `units` and `times` (numbers from 0).

    Standard errors are clustered by unit with the small-sample factor G / (G - 1) (Liang and Zeger, 1986). Raise
    ValueError where the effects leave nothing of a regressor.
    """
    return effects_on_each({"": outcome}, regressors, units, times)[""]


def effects_on_each(
    outcomes: Mapping[str, Floats], regressors: Floats, units: Integers, times: Integers
) -> dict[str, Coefficients]:
    """Return `two_way_effects` of several outcomes by name, on the same regressors and in one go."""
    _, units = np.unique(units, return_inverse=True)
    _, times = np.unique(times, return_inverse=True)
    left = without_means([*outcomes.values(), *regressors.T], units, times)
    x = left[len(outcomes) :]
    squares = np.einsum("ir,jr->ij", x, x)  # a threaded product of so few columns waits more than it works
    if np.linalg.eigvalsh(squares).min() < 1e-9 * float(np.sum(regressors**2)) + 1e-300:
        raise ValueError("unit and time effects explain a regressor fully; nothing is left to estimate it from")
    bread = np.linalg.inv(squares)
    count = int(units.max()) + 1
    fits = {}
    for name, y in zip(outcomes, left, strict=False):
        values = bread @ np.einsum("ir,r->i", x, y)
        residuals = y - np.einsum("i,ir->r", values, x)
        scores = np.array([np.bincount(units, column * residuals, minlength=count) for column in x])
        covariance = bread @ np.einsum("ig,jg->ij", scores, scores) @ bread * (count / max(count - 1, 1))
        fits[name] = Coefficients(values, covariance, len(y), count)
    return fits
