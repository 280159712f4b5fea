"""How many shoppers a pilot of two arms needs, what a pilot of given size can see, and how it is split best.

Serves pilot planning. The test is Welch's two-sided one. Arms may differ in size and in variance, which rules out
statsmodels' `NormalIndPower` (one variance for both); what is left is one root of the normal distribution, so scipy is
enough and no dependency is added. For equal arms the two agree, which a test holds against published values.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

FEWEST_AN_ARM = 2
"""Shoppers that an arm needs for a variance."""

FURTHEST = 40.0
"""Largest distance of an effect from zero that is looked at, in standard errors."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Variance of one shopper's part in a figure in each arm, in squares of the figure's unit."""

    incumbent: float
    candidate: float

    def of_total(self, share: float) -> float:
        """Return the difference's variance times all shoppers of the pilot, of whom `share` get the candidate."""
        return self.candidate / share + self.incumbent / (1.0 - share)


@dataclass(frozen=True, slots=True)
class Certainty:
    """How sure a pilot shall be: `alpha` is the false-alarm rate of the two-sided test, `power` the share of pilots
    that see the effect. Raises ValueError unless 0 < alpha < power < 1.
    """

    alpha: float = 0.05
    power: float = 0.8

    def __post_init__(self) -> None:
        for name in ("alpha", "power"):
            if not 0.0 < getattr(self, name) < 1.0:
                raise ValueError(f"{name} ({getattr(self, name):g}) must lie between 0 and 1, such as 0.05 or 0.8")
        if self.power <= self.alpha:
            raise ValueError(
                f"power ({self.power:g}) must be above alpha ({self.alpha:g}), which is reached without any effect"
            )

    @property
    def critical(self) -> float:
        """Return the number of standard errors beyond which a difference counts."""
        return float(special.ndtri(1.0 - self.alpha / 2.0))

    @property
    def distance(self) -> float:
        """Return how many standard errors an effect must be worth to be seen with the power asked for."""
        from scipy.optimize import brentq  # here, because it takes a third of a second to load

        return float(brentq(lambda away: detected(away, self.critical) - self.power, 0.0, FURTHEST, xtol=1e-12))


def detected(distance: float | NDArray[np.float64], critical: float) -> float:
    """Return the share of pilots that call an effect `distance` standard errors from zero different from zero, on
    either side.
    """
    return float(special.ndtr(distance - critical) + special.ndtr(-distance - critical))


def shoppers_needed(spread: Spread, share: float, effect: float, certainty: Certainty) -> int:
    """Return how many shoppers both arms need together for `effect` (in the figure's unit, not 0).

    With z**2 / 2k shoppers more than the normal distribution asks for, k = 1 for equal arms, because variances are
    estimated (Guenther, 1981); each arm gets two at least. Raises ValueError for an effect of 0 or an empty arm.
    """
    _fail_if_empty(share)
    if effect == 0:
        raise ValueError("an effect of 0 cannot be seen by any number of shoppers")
    normal = (certainty.distance / effect) ** 2 * spread.of_total(share)
    needed = math.ceil(normal + _for_estimating(spread, share, certainty))
    return max(needed, math.ceil(FEWEST_AN_ARM / min(share, 1.0 - share)))


def arms_of(shoppers: int, share: float) -> tuple[int, int]:
    """Return how many of `shoppers` get the candidate and how many stay with the incumbent."""
    candidate = round(shoppers * share)
    return candidate, shoppers - candidate


def power_of(spread: Spread, shoppers: int, share: float, effect: float, certainty: Certainty) -> float:
    """Return the share of pilots of this size that call the figure different when it differs by `effect`."""
    error = standard_error(spread, shoppers, share, certainty)
    if error == 0:
        return 1.0 if effect else certainty.alpha
    return detected(abs(effect) / error, certainty.critical)


def smallest_effect(spread: Spread, shoppers: int, share: float, certainty: Certainty) -> float:
    """Return the least effect that a pilot of this size sees with the power asked for, in the figure's unit."""
    return certainty.distance * standard_error(spread, shoppers, share, certainty)


def standard_error(spread: Spread, shoppers: int, share: float, certainty: Certainty) -> float:
    """Return the difference's standard error for planning: as large as the shoppers lost to estimating variances make
    it; infinite where nobody is left.
    """
    _fail_if_empty(share)
    left = shoppers - _for_estimating(spread, share, certainty)
    return math.sqrt(spread.of_total(share) / left) if left > 0 else math.inf


def best_share(spread: Spread, cost_ratio: float = 1.0) -> float:
    """Return the share of shoppers who should get the candidate so that the pilot costs least.

    `cost_ratio` is what a shopper with the candidate costs over what one in the hold-out costs; arms are then as the
    standard deviations over the roots of the costs (Neyman, 1934). Half and half where nothing varies.
    """
    candidate, incumbent = math.sqrt(spread.candidate / cost_ratio), math.sqrt(spread.incumbent)
    return candidate / (candidate + incumbent) if candidate > 0 and incumbent > 0 else 0.5


def _for_estimating(spread: Spread, share: float, certainty: Certainty) -> float:
    """Return how many shoppers are lost to estimating the variances (Guenther, 1981), by Welch's degrees of freedom."""
    candidate, incumbent = spread.candidate / share, spread.incumbent / (1.0 - share)
    if candidate + incumbent == 0:
        return 0.0
    freedom = (candidate + incumbent) ** 2 / (candidate**2 / share + incumbent**2 / (1.0 - share))
    return certainty.critical**2 / (2.0 * freedom)


def _fail_if_empty(share: float) -> None:
    if not 0.0 < share < 1.0:
        arm = "candidate's arm" if share <= 0 else "hold-out"
        raise ValueError(f"a share of {100 * share:g} % leaves the {arm} without shoppers; write 1 % to 99 %")
