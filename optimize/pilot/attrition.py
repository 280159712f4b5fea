"""The smallest attrition effect that a pilot can see: its power at several values of the assumption, and between them.

Serves pilot planning. No order log can tell the attrition effect and most margins hang on it, so whoever plans a pilot
asks whether the pilot will tell it. A difference between the arms is no proof of it, as cheaper goods bring shoppers
back as well; what shows attrition is a difference from what the candidate would do at an attrition effect of 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .sample_size import Certainty, Spread, power_of, shoppers_needed
from .twin_outcomes import TwinOutcomes

VALUES_TRIED = (0.0, 0.05, 0.15, 0.30, 0.85)
"""Attrition effects at which arms are lived: those of every recommendation, and a small one."""

KPIS_TRIED = ("retention", "margin")
"""Figures in which attrition shows: who still buys, and what that is worth."""

STEPS_BETWEEN = 200

CERTAIN = 1.96
"""Standard errors beyond which what attrition brings is told from what chance does in the pool."""


@dataclass(frozen=True, slots=True)
class AttritionPoint:
    """One figure after some weeks under one attrition effect, read with adjustment by prior spend."""

    kpi: str
    weeks: int
    attrition_effect: float
    baseline: float
    effect: float
    """What the candidate does to the figure, in its unit."""
    from_attrition: float
    """The part of it that an attrition effect of 0 does not bring."""
    from_attrition_error: float
    """Its standard error, paired by shopper over the four lives that it is made of."""
    spread: Spread
    power_of_effect: float
    """Power of the planned pilot to call the arms different."""
    power_of_attrition: float
    """Power to call the difference other than at an attrition effect of 0."""
    shoppers_for_effect: int | None
    """Shoppers needed to call the arms different; None where they do not differ."""
    shoppers_for_attrition: int | None
    """Shoppers needed to tell it from an attrition effect of 0; None where that part is not certain."""


@dataclass(frozen=True, slots=True)
class SmallestSeen:
    """The least attrition effect from which on the pilot has the power asked for; None: not even the largest tried."""

    kpi: str
    weeks: int
    from_nothing: float | None
    """To call the arms different."""
    from_no_attrition: float | None
    """To tell the attrition effect from 0."""


def attrition_points(
    kpi: str, lived: Sequence[tuple[float, Sequence[TwinOutcomes]]], shoppers: int, share: float, certainty: Certainty
) -> tuple[AttritionPoint, ...]:
    """Return what a pilot of `shoppers` sees of one figure at each attrition effect, in rising order, and duration;
    `lived` are the figure's outcomes by attrition effect, the first at 0.
    """
    points = []
    for place, without in enumerate(lived[0][1]):
        for value, outcomes in lived:
            one = outcomes[place]
            spread, moved = one.adjusted(share), one.effect - without.effect
            error = paired_error(one, without)
            points.append(
                AttritionPoint(
                    kpi, one.weeks, value, one.incumbent.value, one.effect, moved, error, spread,
                    power_of(spread, shoppers, share, one.effect, certainty),
                    power_of(spread, shoppers, share, moved, certainty),
                    shoppers_needed(spread, share, one.effect, certainty) if one.effect else None,
                    shoppers_needed(spread, share, moved, certainty) if abs(moved) > CERTAIN * error else None,
                )
            )  # fmt: skip
    return tuple(points)


def paired_error(one: TwinOutcomes, without: TwinOutcomes) -> float:
    """Return the standard error of the difference between two effects on the same shoppers."""
    parts = [lived.candidate.parts - lived.incumbent.parts for lived in (one, without)]
    return float((parts[0] - parts[1]).std(ddof=1)) / math.sqrt(len(parts[0]))


def attrition_power(
    points: Sequence[AttritionPoint], value: float, shoppers: int, share: float, certainty: Certainty, *,
    whole: bool = False,
) -> float:  # fmt: skip
    """Return the power of a pilot of `shoppers` to tell the attrition effect `value` from 0, from the points of one
    figure and duration; with the `whole` effect, its power to call the arms different. Effects and variances between
    the values lived are interpolated.
    """
    values = [point.attrition_effect for point in points]
    effects = [point.effect if whole else point.from_attrition for point in points]
    incumbent, candidate = [point.spread.incumbent for point in points], [point.spread.candidate for point in points]
    spread = Spread(float(np.interp(value, values, incumbent)), float(np.interp(value, values, candidate)))
    return power_of(spread, shoppers, share, float(np.interp(value, values, effects)), certainty)


def smallest_seen(points: Sequence[AttritionPoint], shoppers: int, share: float, certainty: Certainty) -> SmallestSeen:
    """Return the least attrition effect that a pilot of `shoppers` sees, from the points of one figure and duration."""
    first, last = points[0], points[-1]
    grid = np.linspace(first.attrition_effect, last.attrition_effect, STEPS_BETWEEN + 1)

    def crossing(whole: bool) -> float | None:
        def lacking(value: float) -> float:
            return attrition_power(points, value, shoppers, share, certainty, whole=whole) - certainty.power

        short = np.flatnonzero([lacking(float(value)) < 0 for value in grid])
        if not len(short):
            return first.attrition_effect
        if short[-1] == STEPS_BETWEEN:
            return None
        from scipy.optimize import brentq  # here, because it takes a third of a second to load

        return float(brentq(lacking, grid[short[-1]], grid[short[-1] + 1], xtol=1e-4))

    return SmallestSeen(first.kpi, first.weeks, crossing(whole=True), crossing(whole=False))
