"""Shoppers whose outcomes under both policies are known: the pool from which a pilot's shoppers are drawn.

Serves pilot planning. Each shopper lived both arms from the same morning with the same chances (common random numbers),
so the effect on each is known, which no pilot ever shows. Shoppers of several replications, independent populations,
stand in one pool: it is the superpopulation that the shop's shoppers are a sample of.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memberlab.results import Kpi

from .arms import PilotArm, merge_pilot_arms
from .sample_size import Spread

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ArmOutcome:
    """What one arm's shoppers did by one date: the figure's `top` and `bottom` (shape: shoppers); money in cents.

    A figure that is a sum has a bottom of 1 for everybody, and is told for a shopper.
    """

    top: FloatArray
    bottom: FloatArray

    @property
    def value(self) -> float:
        """Return the figure: cents or pieces a shopper, or a ratio; 0 where there is nothing to divide by."""
        bottom = float(self.bottom.mean())
        return float(self.top.mean()) / bottom if bottom else 0.0

    @property
    def parts(self) -> FloatArray:
        """Return each shopper's part in the figure's sampling error (shape: shoppers): the delta method for ratios."""
        bottom = float(self.bottom.mean())
        if not bottom:
            return np.zeros(len(self.top))
        return np.asarray((self.top - self.value * self.bottom) / bottom)


@dataclass(frozen=True, slots=True)
class TwinOutcomes:
    """One figure of the pool's shoppers after some weeks under both policies, and their spend in the year before."""

    weeks: int
    incumbent: ArmOutcome
    candidate: ArmOutcome
    prior_spend: FloatArray
    """Cents of goods in the 12 calendar months before launch (shape: shoppers)."""

    @property
    def effect(self) -> float:
        """Return what the candidate truly does to the figure, with every shopper their own twin."""
        return self.candidate.value - self.incumbent.value

    @property
    def effect_error(self) -> float:
        """Return the standard error of `effect`, paired by shopper."""
        pairs = self.candidate.parts - self.incumbent.parts
        return float(pairs.std(ddof=1)) / math.sqrt(len(pairs))

    @property
    def spread(self) -> Spread:
        """Return the variance of one shopper's part in each arm, for the plain difference of the arms."""
        return Spread(*(float(arm.parts.var(ddof=1)) for arm in (self.incumbent, self.candidate)))

    def slope(self, share: float) -> float:
        """Return by how much the figure rises with a cent of prior spend, as the adjustment takes it.

        Each arm's slope has the other arm's weight, which makes the adjusted difference vary least (Lin, 2013); with
        equal arms it is the pooled slope of Deng et al. (2013).
        """
        varies = float(self.prior_spend.var(ddof=1))
        if not varies:
            return 0.0
        incumbent, candidate = (
            float(np.cov(arm.parts, self.prior_spend)[0, 1]) / varies for arm in (self.incumbent, self.candidate)
        )
        return (1.0 - share) * candidate + share * incumbent

    def adjusted(self, share: float) -> Spread:
        """Return the variance of one shopper's part in each arm after adjustment by prior spend."""
        slope = self.slope(share)
        return Spread(
            *(float((arm.parts - slope * self.prior_spend).var(ddof=1)) for arm in (self.incumbent, self.candidate))
        )

    @property
    def correlation(self) -> float:
        """Return the correlation of the figure with prior spend under the incumbent; 0 where one of them is equal for
        all.
        """
        parts = self.incumbent.parts
        if not parts.std() or not self.prior_spend.std():
            return 0.0
        return float(np.corrcoef(parts, self.prior_spend)[0, 1])

    def variance_error(self, share: float, slope: float = 0.0) -> float:
        """Return the relative standard error of the difference's variance, and so of the shoppers needed: the pool is
        a sample too, and heavy tails make its variance uncertain.
        """
        incumbent, candidate = (
            (one - one.mean()) ** 2
            for one in (arm.parts - slope * self.prior_spend for arm in (self.incumbent, self.candidate))
        )
        squares = candidate / share + incumbent / (1.0 - share)
        mean = float(squares.mean())
        return float(squares.std(ddof=1)) / math.sqrt(len(squares)) / mean if mean else 0.0

    def skewness(self, arm: ArmOutcome) -> float:
        """Return the skewness of one shopper's part in an arm."""
        parts = arm.parts - arm.parts.mean()
        deviation = float(parts.std())
        return float((parts**3).mean()) / deviation**3 if deviation else 0.0


def lived_by(
    kpi: Kpi,
    columns: Sequence[str],
    weeks: Sequence[int],
    incumbent: Sequence[PilotArm],
    candidate: Sequence[PilotArm],
) -> tuple[TwinOutcomes, ...]:
    """Return a figure after each of the `weeks` for the shoppers of all replications, from both arms of each.

    Raises ValueError when the two sides do not hold the same shoppers.
    """
    before, after = merge_pilot_arms(incumbent), merge_pilot_arms(candidate)
    if not np.array_equal(before.opening, after.opening):
        raise ValueError("both arms must be lived by the same shoppers")
    prior = before.opening["prior_spend"].astype(np.float64)
    found = []
    for row, week in enumerate(weeks):
        arms = []
        for arm in (before, after):
            top = arm.readings[row, columns.index(kpi.numerator)]
            bottom = np.ones(len(top)) if kpi.denominator is None else (
                arm.readings[row, columns.index(kpi.denominator)]
            )  # fmt: skip
            arms.append(ArmOutcome(top, bottom))
        found.append(TwinOutcomes(week, arms[0], arms[1], prior))
    return tuple(found)


def columns_of(kpis: Sequence[Kpi]) -> tuple[str, ...]:
    """Return the columns of the measures that these figures need, each once."""
    names = [name for kpi in kpis for name in (kpi.numerator, kpi.denominator) if name is not None]
    return tuple(dict.fromkeys(names))
