"""The difference that a policy makes, with an honest interval: the same shoppers, the same draws, another promise.

Serves comparisons. Differences are paired by shopper within a replication; replications are independent populations.
Shoppers do not influence each other, so each pair is one observation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .kpis import Kpi
from .measures import COLUMNS, HEADCOUNTS

CONFIDENCE = 0.95
"""Coverage of every interval."""

FEWEST_WORLDS = 10
"""Worlds that an interval across them needs."""


@dataclass(frozen=True, slots=True)
class Uplift:
    """One KPI under two arms: mean values over replications, their difference and its 95 % interval."""

    kpi: str
    baseline: float
    value: float
    difference: float
    low: float
    high: float

    @property
    def is_zero(self) -> bool:
        """Return whether no shopper's figure differs: an exact zero, not a small one."""
        return (self.difference, self.low, self.high) == (0.0, 0.0, 0.0)

    @property
    def half_width(self) -> float:
        """Return half of the interval's width."""
        return (self.high - self.low) / 2

    def scaled(self, factor: float) -> Uplift:
        """Return the same uplift with an interval `factor` times as wide; the very same for 1."""
        if factor == 1:
            return self
        half = self.half_width * factor
        return replace(self, low=self.difference - half, high=self.difference + half)


def paired_uplift(
    kpi: Kpi,
    baseline: Sequence[NDArray[np.float64]],
    arm: Sequence[NDArray[np.float64]],
    *,
    confidence: float = CONFIDENCE,
) -> Uplift:
    """Return the uplift of `kpi` from the measures of both arms, one table per replication (shoppers x columns).

    The interval holds with `confidence`, and is Student's over shopper pairs, with the delta method for ratios. Where
    the figure counts shoppers (retained, paid members), one pair that moved half up and half down is added, so that a
    sample in which few moved does not claim certainty (Agresti and Min, 2005). Arms in which no shopper differs in
    anything, and figures that are 0 for everybody in both, differ by exactly 0. Raises ValueError when the two sides do
    not hold the same shoppers.
    """
    if [len(table) for table in baseline] != [len(table) for table in arm]:
        raise ValueError("paired arms must hold the same shoppers")
    before = [kpi.value(table.sum(axis=0)) for table in baseline]
    after = [kpi.value(table.sum(axis=0)) for table in arm]
    replications, difference = len(before), float(np.mean(np.subtract(after, before)))
    if all(np.array_equal(left, right) for left, right in zip(baseline, arm, strict=True)):
        half = 0.0
    else:
        variance = sum(_pair_variance(kpi, left, right) for left, right in zip(baseline, arm, strict=True))
        freedom = max(1, sum(len(table) - 1 for table in baseline))
        half = float(special.stdtrit(freedom, 0.5 + confidence / 2) * np.sqrt(variance) / replications)
    return Uplift(
        kpi.name, float(np.mean(before)), float(np.mean(after)), difference, difference - half, difference + half
    )


def uplift_across_worlds(
    kpi: Kpi, baseline: Sequence[NDArray[np.float64]], arm: Sequence[NDArray[np.float64]]
) -> Uplift:
    """Return the uplift of `kpi` where each replication is a world with assumptions of its own.

    The interval holds the middle 95 % of the worlds: what is not known of shoppers is in it, and what chance does in
    one population. Raises ValueError for fewer than 10 worlds, of which an interval says nothing.
    """
    if len(baseline) < FEWEST_WORLDS:
        raise ValueError(
            f"{len(baseline)} worlds are too few for an interval across them; give {FEWEST_WORLDS} or more"
        )
    before = [kpi.value(table.sum(axis=0)) for table in baseline]
    after = [kpi.value(table.sum(axis=0)) for table in arm]
    differences = np.subtract(after, before)
    low, high = np.quantile(differences, [0.5 - CONFIDENCE / 2, 0.5 + CONFIDENCE / 2])
    return Uplift(
        kpi.name, float(np.mean(before)), float(np.mean(after)), float(differences.mean()), float(low), float(high)
    )


def _pair_variance(kpi: Kpi, left: NDArray[np.float64], right: NDArray[np.float64]) -> float:
    """Return the sampling variance of the figure's difference in one replication."""
    count = len(left)
    if count < 2:
        return float("inf")
    pairs = kpi.influence(right) - kpi.influence(left)
    variance = float(pairs.var(ddof=1)) / count
    if kpi.numerator in HEADCOUNTS and (kpi.value(left.sum(axis=0)) or kpi.value(right.sum(axis=0))):
        variance += (_weight_of_one(kpi, right) / count) ** 2
    return variance


def _weight_of_one(kpi: Kpi, table: NDArray[np.float64]) -> float:
    """Return the influence of one shopper more in the numerator: the size of the population over that of the base."""
    if kpi.denominator is None:
        return float(len(table))
    mean = float(table[:, COLUMNS.index(kpi.denominator)].mean())
    return 1.0 / mean if mean else 0.0
