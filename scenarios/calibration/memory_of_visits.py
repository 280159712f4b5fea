"""What multipliers on the days after a visit do to a shopper's rate and gaps, and the factor that keeps the rate.

Serves the quick simulation and the forecast of visits. All in closed form by survival over days.
"""

from __future__ import annotations

import numpy as np

from .visit_log import FloatArray

GRID = np.exp(np.linspace(np.log(1e-4), np.log(20.0), 160))
"""Hazards a day at which the factor and the mean log gap are tabulated."""

LONGEST = 400
"""Days after a visit that are followed one by one; what is left after them comes at the plain rate."""


def rate_keeping_factor(gaps: FloatArray, drift_variance: float = 0.0) -> FloatArray:
    """Return the factor on the hazard that keeps the mean rate in spite of gaps and drift (shape: GRID).

    Drift of this variance of log rates counts as lasting longer than a gap.
    """
    if not len(gaps) and drift_variance == 0:
        return np.ones(len(GRID))
    nodes, weights = np.polynomial.hermite_e.hermegauss(15)
    levels = np.exp(np.sqrt(drift_variance) * nodes - drift_variance / 2)
    log_hazards = np.linspace(np.log(GRID[0]) - 4, np.log(GRID[-1]) + 4, 600)
    log_rates = -np.log(_mean_gap(np.exp(log_hazards), gaps))
    rates = sum(
        weight * np.exp(np.interp(log_hazards + np.log(level), log_hazards, log_rates))
        for level, weight in zip(levels, weights / weights.sum(), strict=True)
    )
    rising = np.concatenate([[True], np.diff(np.maximum.accumulate(rates)) > 0])
    needed = np.interp(np.log(-np.expm1(-GRID)), np.log(rates[rising]), log_hazards[rising])
    return np.asarray(np.exp(needed) / GRID)


def mean_log_gap(gaps: FloatArray, conversion: float = 1.0) -> FloatArray:
    """Return the mean of the log of days between orders at the kept rate (shape: GRID, hazards of candidate days).

    Of candidate days only a share `conversion` ends in an order; gaps of several candidate days are taken as if the
    candidates had no memory, which moves the mean little.
    """
    factor = rate_keeping_factor(gaps)
    hazard = GRID * factor
    survival, order = np.ones(len(GRID)), np.zeros(len(GRID))
    left = np.ones(len(GRID))
    plain = -np.expm1(-GRID)
    waiting = np.zeros(len(GRID))  # candidate days without an order have passed, the next comes at the plain rate
    mean = np.zeros(len(GRID))
    for number in range(1, LONGEST + 1):
        chance = -np.expm1(-hazard * (gaps[number - 1] if number <= len(gaps) else 1.0))
        first = survival * chance
        again = waiting * plain
        order = (first + again) * conversion
        waiting = waiting - again + (first + again) * (1 - conversion)
        survival = survival * (1 - chance)
        mean += order * np.log(number)
        left = left - order
    return np.asarray(mean + left * np.log(LONGEST + 1 / np.maximum(GRID * conversion, 1e-12)))


def _mean_gap(hazard: FloatArray, gaps: FloatArray) -> FloatArray:
    survival, mean = np.ones(len(hazard)), np.zeros(len(hazard))
    for multiplier in gaps:
        mean += survival
        survival = survival * np.exp(-hazard * multiplier)
    return np.asarray(mean + survival / -np.expm1(-hazard))


def at_hazards(table: FloatArray, hazard: FloatArray) -> FloatArray:
    """Return a table over GRID at these hazards."""
    return np.interp(np.log(np.maximum(hazard, 1e-12)), np.log(GRID), table)
