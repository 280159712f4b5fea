"""A figure as a smooth function of the levers: a Gaussian process, fitted to what the policies tried have given.

Serves the sampler `surrogate`. Matern kernel of order 5/2 with a length for each lever, found by maximum posterior
likelihood (Rasmussen and Williams, 2006, chapters 4 and 5); noise is the same everywhere. It stands here, on SciPy
alone, because Optuna's needs torch and takes a hundred times as long for each proposal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]
ROOT = float(np.sqrt(5.0))
LENGTH, NOISE = float(np.log(1.5)), float(np.log(0.1))
"""Where the logarithms of lengths (in widths of a lever) and of the noise (in deviations of the figure) are expected,
give or take 1."""
MEAN_VARIANCE = 4.0
"""Variance of the figure's mean, in variances of the figure: the data decide it."""
JITTER = 1e-6
MOST_FITTED = 160
"""Policies that lengths are fitted to; more are slow and change them little."""
STEPS = 30


@dataclass(frozen=True)
class Encoding:
    """Points as coordinates: an ordered lever from 0 to 1, a choice without order as one coordinate for each level."""

    levels: tuple[int, ...]
    """How many levels each lever has."""
    ordered: tuple[bool, ...]

    def coordinates(self, points: Sequence[Sequence[int]] | NDArray[np.int64]) -> Table:
        """Return the coordinates of points (shape: points x coordinates); two choices that differ are 1 apart."""
        table = np.asarray(points, np.int64).reshape(-1, len(self.levels))
        columns = [
            table[:, [lever]] / max(count - 1, 1) if ordered else (table[:, [lever]] == np.arange(count)) / np.sqrt(2)
            for lever, (count, ordered) in enumerate(zip(self.levels, self.ordered, strict=True))
        ]
        return np.concatenate(columns, axis=1)

    @property
    def lever_of(self) -> tuple[int, ...]:
        """Return the lever that each coordinate belongs to."""
        return tuple(
            lever
            for lever, (count, ordered) in enumerate(zip(self.levels, self.ordered, strict=True))
            for _ in range(1 if ordered else count)
        )


@dataclass(frozen=True)
class SmoothFigure:
    """A fitted figure: what it is thought to be anywhere, and how sure that is."""

    mean: float
    scale: float
    weights: Table
    """Inverse squared length of each coordinate."""
    variance: float
    coordinates: Table
    factor: Table
    """Lower Cholesky factor of the covariance of what was seen."""
    solved: Table

    def at(self, coordinates: Table) -> tuple[Table, Table]:
        """Return the figure's expectation and standard deviation, without noise, at each point."""
        from scipy.linalg import solve_triangular

        covariance = self.variance * _matern(_distances(coordinates, self.coordinates, self.weights)) + MEAN_VARIANCE
        explained = solve_triangular(self.factor, covariance.T, lower=True, check_finite=False)
        left = np.maximum(self.variance + MEAN_VARIANCE - np.square(explained).sum(axis=0), 1e-8)
        return self.mean + self.scale * (covariance @ self.solved), self.scale * np.sqrt(left)


def fit_figure(coordinates: Table, lever_of: Sequence[int], values: Table) -> SmoothFigure:
    """Return the figure fitted to `values` at `coordinates` (shape: points x coordinates), in order of trial.

    Lengths are fitted anew each time the points have grown by a quarter, always to the same points for as many tried,
    so the answer does not depend on what was asked before.
    """
    from scipy.linalg import cho_solve

    rows = _rows_fitted(len(values))
    mean, scale = float(values.mean()), float(values[rows].std()) or 1.0
    found = _settings(
        coordinates[rows].tobytes(), tuple(lever_of), ((values[rows] - values[rows].mean()) / scale).tobytes()
    )
    lengths, (variance, noise) = np.asarray(found[:-2]), np.exp(2 * np.asarray(found[-2:]))
    weights = np.exp(-2 * lengths)[list(lever_of)]
    covariance = variance * _matern(_distances(coordinates, coordinates, weights)) + MEAN_VARIANCE
    factor = np.linalg.cholesky(covariance + (noise + JITTER) * np.eye(len(values)))
    solved = cho_solve((factor, True), (values - mean) / scale)
    return SmoothFigure(mean, scale, weights, float(variance), coordinates, factor, solved)


def _rows_fitted(count: int) -> NDArray[np.int64]:
    """Return which of the points, in order of trial, lengths are fitted to."""
    if count > MOST_FITTED:
        return np.unique(np.linspace(0, count // 64 * 64 - 1, MOST_FITTED).astype(np.int64))
    most = 32
    while int(1.25 * most) <= count:
        most = int(1.25 * most)
    return np.arange(min(most, count))


@lru_cache(maxsize=64)
def _settings(coordinates: bytes, lever_of: tuple[int, ...], values: bytes) -> tuple[float, ...]:
    """Return the logarithms of each lever's length, of the deviation and of the noise."""
    from scipy.linalg import cho_factor, cho_solve  # here, because SciPy takes half a second to load them
    from scipy.optimize import minimize

    y = np.frombuffer(values)
    x = np.frombuffer(coordinates).reshape(len(y), len(lever_of))
    levers = max(lever_of) + 1
    apart = np.zeros((levers, len(y), len(y)))
    for column, lever in enumerate(lever_of):
        apart[lever] += np.square(x[:, None, column] - x[None, :, column])
    eye = np.eye(len(y))
    expected = np.array([*[LENGTH] * levers, 0.0, NOISE])

    def loss(settings: Table) -> tuple[float, Table]:
        """Return the negative logarithm of the posterior likelihood, and its gradient."""
        inverse, (variance, noise) = np.exp(-2 * settings[:levers]), np.exp(2 * settings[levers:])
        squares = np.tensordot(inverse, apart, 1)
        distance = np.sqrt(squares)
        fall = np.exp(-ROOT * distance)
        matern = (1 + ROOT * distance + 5 / 3 * squares) * fall
        factor = cho_factor(variance * matern + MEAN_VARIANCE + (noise + JITTER) * eye, lower=True)
        solved = cho_solve(factor, y)
        slope = cho_solve(factor, eye) - np.outer(solved, solved)
        value = 0.5 * y @ solved + np.log(np.diag(factor[0])).sum()
        by_distance = slope * (variance * 5 / 3 * (1 + ROOT * distance) * fall)
        gradient = np.empty(levers + 2)
        gradient[:levers] = 0.5 * (apart.reshape(levers, -1) @ by_distance.ravel()) * inverse
        gradient[levers:] = (slope * matern).sum() * variance, np.trace(slope) * noise
        away = settings - expected
        return float(value + 0.5 * away @ away), gradient + away

    bounds = [*[(-2.0, 4.0)] * levers, (-3.0, 3.0), (-5.0, 1.0)]
    found = minimize(loss, expected, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": STEPS})
    return tuple(float(one) for one in found.x)


def _distances(ones: Table, others: Table, weights: Table) -> Table:
    """Return squared distances, each coordinate weighted."""
    one, other = ones * np.sqrt(weights), others * np.sqrt(weights)
    found: Table = np.square(one).sum(axis=1)[:, None] + np.square(other).sum(axis=1) - 2 * one @ other.T
    return np.maximum(found, 0.0)


def _matern(squares: Table) -> Table:
    """Return the correlation at squared distances."""
    distance = np.sqrt(squares)
    found: Table = (1 + ROOT * distance + 5 / 3 * squares) * np.exp(-ROOT * distance)
    return found
