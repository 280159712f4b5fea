"""What it would be worth to know: the value of perfect information about one factor, and about all, in money.

Serves sensitivity and scenario discovery. A recommendation can only be changed by what is uncertain if some value of it
makes the other policy better; the value of knowing it is what one would gain on average by deciding after it has been
told (Felli and Hazen, 1998; Oakley, 2009). It is estimated from a plain sample of cases by regression on the one factor
(Strong, Oakley and Brennan, 2014), here a polynomial whose degree is chosen by leaving one case out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .factor import Factor

MOST_DEGREE = 4
CASES_A_DEGREE = 20
"""Cases that each degree of the polynomial needs; fewer would fit noise."""

RESAMPLES = 200
ROUNDING = 1e-9
"""Gains below this part of a usual difference are rounding of the fit."""

GRID = 400
"""Shares at which a turn is looked for."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Worth:
    """The expected value of knowing one factor before deciding, in the unit of the outcome, with a 95 % interval.

    `turns` are the values at which the expected difference is zero, in words, such as `0.21`.
    """

    name: str
    value: float
    low: float
    high: float
    explained: float
    """Share of the outcome's variance that the factor alone explains, 0 to 1."""
    turns: tuple[str, ...]


def worth_of_all(differences: Numbers) -> float:
    """Return the expected value of knowing everything: the gain of choosing the better policy in every case."""
    return float(np.maximum(differences, 0).mean() - max(0.0, differences.mean()))


def worth_of_each(
    factors: Sequence[Factor], shares: Numbers, differences: Numbers, *, seed: int = 0
) -> tuple[Worth, ...]:
    """Return the worth of knowing each factor, from a plain sample of shares (shape: cases x factors).

    `differences` (shape: cases) are of the candidate against the other, 0 being worth as much as the other.
    """
    generator = np.random.default_rng(seed)
    draws = generator.integers(0, len(differences), (RESAMPLES, len(differences)))
    found = []
    for place, factor in enumerate(factors):
        column = _column(factor, shares[:, place])
        fit = conditional_mean(column, differences, ordered=factor.is_ordered)
        again = [
            _gain(conditional_mean(column[rows], differences[rows], ordered=factor.is_ordered), differences[rows])
            for rows in draws
        ]
        low, high = np.quantile(again, [0.025, 0.975])
        variance = float(differences.var())
        found.append(
            Worth(factor.address, _gain(fit, differences), float(low), float(high),
                  float(fit.var() / variance) if variance else 0.0, _turns(factor, column, differences))
        )  # fmt: skip
    return tuple(found)


def conditional_mean(column: Numbers, differences: Numbers, *, ordered: bool) -> Numbers:
    """Return the expected difference at each case's value of one factor (shape: cases)."""
    basis = _chosen_basis(column, differences, ordered=ordered)
    return _fitted(basis, differences)[0]


def _gain(fit: Numbers, differences: Numbers) -> float:
    gain = float(np.maximum(fit, 0).mean() - max(0.0, differences.mean()))
    return gain if gain > ROUNDING * float(np.abs(differences).mean()) else 0.0


def _column(factor: Factor, shares: Numbers) -> Numbers:
    """Return a factor's shares, or the places of its words; numbers stay shares, which are spread evenly."""
    if factor.is_ordered:
        return shares
    return np.asarray([factor.number(factor.spread.value(float(share))) for share in shares])


def _bases(column: Numbers, *, ordered: bool) -> list[Numbers]:
    """Return the bases to choose from: a constant, and what the factor may add to it."""
    constant = np.ones((len(column), 1))
    if ordered:
        whole = np.asarray(np.polynomial.legendre.legvander(2 * column - 1, MOST_DEGREE), np.float64)
        most = min(MOST_DEGREE, len(column) // CASES_A_DEGREE)
        return [whole[:, : degree + 1] for degree in range(most + 1)]
    kinds = np.unique(column)
    marks: Numbers = np.asarray(column[:, None] == kinds, np.float64)
    return [constant, marks] if len(kinds) > 1 else [constant]


def _chosen_basis(column: Numbers, differences: Numbers, *, ordered: bool) -> Numbers:
    bases = _bases(column, ordered=ordered)
    errors = [float(np.mean((residual / np.maximum(1 - leverage, 1e-6)) ** 2))
              for residual, leverage in ((differences - fit, lever) for fit, lever in
                                         (_fitted(basis, differences) for basis in bases))]  # fmt: skip
    return bases[int(np.argmin(errors))]


def _fitted(basis: Numbers, differences: Numbers) -> tuple[Numbers, Numbers]:
    """Return the least-squares fit and each case's leverage."""
    left, sizes, _ = np.linalg.svd(basis, full_matrices=False)
    left = left[:, sizes > 1e-10 * sizes[0]]
    return np.asarray(left @ (left.T @ differences)), np.asarray((left**2).sum(axis=1))


def _turns(factor: Factor, column: Numbers, differences: Numbers) -> tuple[str, ...]:
    """Return the values of an ordered factor at which the expected difference changes its sign."""
    if not factor.is_ordered:
        return ()
    basis = _chosen_basis(column, differences, ordered=True)
    weights, *_ = np.linalg.lstsq(basis, differences, rcond=None)
    grid = np.linspace(0, 1, GRID)
    curve = np.polynomial.legendre.legvander(2 * grid - 1, basis.shape[1] - 1) @ weights
    places = np.flatnonzero((curve[:-1] > 0) != (curve[1:] > 0))
    parts = curve[places] / (curve[places] - curve[places + 1])
    shares = grid[places] + parts * (grid[1] - grid[0])
    return tuple(factor.told(factor.number(factor.spread.value(float(share)))) for share in shares)
