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


def rate_keeping_factor(gaps: FloatArray) -> FloatArray:
    """Return the factor on the hazard that keeps the mean gap in spite of the multipliers (shape: GRID)."""
    if not len(gaps):
        return np.ones(len(GRID))
    wanted = 1 / -np.expm1(-GRID)
    low, high = np.full(len(GRID), 1e-3), np.full(len(GRID), 1e3)
    for _ in range(50):
        middle = np.sqrt(low * high)
        too_long = _mean_gap(GRID * middle, gaps) > wanted
        low, high = np.where(too_long, middle, low), np.where(too_long, high, middle)
    return np.sqrt(low * high)


def mean_log_gap(gaps: FloatArray) -> FloatArray:
    """Return the mean of the log of days between visits at the kept rate (shape: GRID)."""
    hazard = GRID * rate_keeping_factor(gaps)
    survival = np.ones(len(GRID))
    mean = np.zeros(len(GRID))
    for number in range(1, LONGEST + 1):
        chance = -np.expm1(-hazard * (gaps[number - 1] if number <= len(gaps) else 1.0))
        mean += survival * chance * np.log(number)
        survival = survival * (1 - chance)
    return mean + survival * (np.log(LONGEST + 1 / np.maximum(hazard, 1e-12)))


def _mean_gap(hazard: FloatArray, gaps: FloatArray) -> FloatArray:
    survival, mean = np.ones(len(hazard)), np.zeros(len(hazard))
    for multiplier in gaps:
        mean += survival
        survival = survival * np.exp(-hazard * multiplier)
    return np.asarray(mean + survival / -np.expm1(-hazard))


def at_hazards(table: FloatArray, hazard: FloatArray) -> FloatArray:
    """Return a table over GRID at these hazards."""
    return np.interp(np.log(np.maximum(hazard, 1e-12)), np.log(GRID), table)
