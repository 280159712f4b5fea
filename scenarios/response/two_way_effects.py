"""Least squares with unit and time effects, and standard errors that allow for dependence within a unit.

Serves the exposure and price regressions. A few thousand units would be a few thousand dummy columns; taking means out
in turn gives the same coefficients (Frisch and Waugh, 1933) in memory of the data's own size.
"""

from __future__ import annotations

from collections.abc import Mapping
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


def without_means(columns: Floats, units: Integers, times: Integers) -> Floats:
    """Return the columns of a matrix without the means of each unit and each time.

    Rows may be missing for any pair, so means are taken out in turn until nothing moves (relative to the columns).
    """
    left = columns.astype(np.float64, copy=True)
    groups = [(group, np.maximum(np.bincount(group), 1)) for group in (units, times)]
    for _ in range(MOST_ROUNDS):
        moved = 0.0
        for group, sizes in groups:
            for place in range(left.shape[1]):
                means = np.bincount(group, left[:, place], minlength=len(sizes)) / sizes
                left[:, place] -= means[group]
                moved = max(moved, float(np.abs(means).max()) / (float(np.abs(columns[:, place]).max()) + 1e-300))
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
    left = without_means(np.column_stack([*outcomes.values(), regressors]), units, times)
    x = left[:, len(outcomes) :]
    squares = x.T @ x
    if np.linalg.eigvalsh(squares).min() < 1e-9 * float(np.sum(regressors**2)) + 1e-300:
        raise ValueError("unit and time effects explain a regressor fully; nothing is left to estimate it from")
    bread = np.linalg.inv(squares)
    count = int(units.max()) + 1
    fits = {}
    for name, y in zip(outcomes, left.T, strict=False):
        values = bread @ (x.T @ y)
        residuals = y - x @ values
        scores = np.column_stack([np.bincount(units, column * residuals, minlength=count) for column in x.T])
        covariance = bread @ (scores.T @ scores) @ bread * (count / max(count - 1, 1))
        fits[name] = Coefficients(values, covariance, len(y), count)
    return fits
