"""A programme on paper: a search problem in the shape of ours whose truth is known exactly, for judging search methods.

Serves benchmarks/search_quality.py. Four segments of shoppers, each with forty levels of spend, live 24 months under a
policy of eleven levers; expectations replace chance, so figures are exact and a policy costs a fraction of a
millisecond. A simulation's noise is added on top: nearly all of it is shared by all policies under one seed, as common
random numbers make it, the rest varies smoothly over the space of policies. The behaviour is made up, in the shape of
that in docs/model.md; nothing is read off it but how well a search does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import prod

import numpy as np
from numba import njit
from numpy.typing import NDArray

from memberlab.optimize import Point

Table = NDArray[np.float64]

LEVERS: dict[str, tuple[float, ...]] = {
    "silver.threshold": tuple(np.arange(200.0, 1001, 100)),
    "gold.above": tuple(np.arange(300.0, 2101, 300)),
    "diamond.above": tuple(np.arange(1000.0, 4001, 500)),
    "silver.discount": tuple(np.arange(0, 0.0401, 0.005)),
    "gold.discount.above": tuple(np.arange(0, 0.0301, 0.005)),
    "diamond.discount.above": tuple(np.arange(0, 0.0401, 0.005)),
    "points.rate": tuple(np.arange(0, 0.0301, 0.005)),
    "points.expiry": (6.0, 9.0, 12.0, 18.0, 24.0, 36.0),
    "fee": (49.0, 79.0, 99.0, 149.0, 199.0, 299.0),
    "free_shipping": (49.0, 79.0, 99.0, 149.0, 199.0, 299.0),
    "perk": (0.0, 1.0, 2.0),
}
"""Levels of each lever; the last is a choice without order."""
ORDERED = (True,) * 10 + (False,)
FIGURES = ("gmv", "retention", "margin", "benefit_cost_share", "top_tier_share")
"""Per shopper: GMV and margin in currency units over two years, shares 0 to 1."""
OBJECTIVES = FIGURES[:3]
LIMITS = {"benefit_cost_share": 0.075, "top_tier_share": 0.15}
"""Largest value allowed."""

MONTHS, LEVELS_OF_SPEND = 24, 40
# share of shoppers, orders a month, basket, price response, monthly attrition, response of attrition to what is given
SEGMENTS = (
    (0.40, 0.25, 90.0, 3.0, 0.060, 4.0),
    (0.30, 0.60, 120.0, 2.0, 0.035, 6.0),
    (0.20, 1.20, 160.0, 1.2, 0.020, 7.0),
    (0.10, 2.00, 260.0, 0.8, 0.012, 5.0),
)
SEGMENTS_TABLE = np.asarray(SEGMENTS)
_QUANTILES = (np.arange(LEVELS_OF_SPEND) + 0.5) / LEVELS_OF_SPEND
HEAVY = (-np.log(1 - _QUANTILES)) ** 1.3
HEAVY = HEAVY / HEAVY.mean()
"""Spend of each level, in parts of the segment's mean."""
GOODS_COST, DELIVERY_COST, PERK_COST, PERK_VALUE = 0.60, 8.0, (0.0, 1.2, 3.0), (0.0, 0.010, 0.018)
NOISE = (0.018, 0.0039, 0.016, 0.0010, 0.0013)
"""Deviation of one simulation: of GMV and margin in proportion, of shares in absolute terms. Measured in the lab: 24
policies of the study fashion-thresholds, five seeds each, mean over three scenarios of 20,000 shoppers."""
REST = (0.117, 0.163, 0.095, 0.45, 0.44)
"""Part of the deviation that is a policy's own; the rest is shared by all policies under one seed. Measured there."""
INCUMBENT: Point = (5, 4, 6, 1, 2, 0, 4, 0, 4, 2, 1)
"""Today's policy: it keeps both limits, and the front beats it in everything."""
WAVES = 24
"""Waves of the random field that is the rest of the noise."""


@dataclass(frozen=True)
class PaperSpace:
    """The levers as a grid that proposals are made on."""

    @property
    def names(self) -> tuple[str, ...]:
        """Return the levers' names."""
        return tuple(LEVERS)

    @cached_property
    def levels(self) -> tuple[tuple[float, ...], ...]:
        """Return the levels of each lever."""
        return tuple(LEVERS.values())

    @property
    def ordered(self) -> tuple[bool, ...]:
        """Return for each lever whether neighbouring levels are alike."""
        return ORDERED

    @property
    def size(self) -> int:
        """Return the number of policies."""
        return prod(len(levels) for levels in self.levels)


SPACE = PaperSpace()


def truth(points: Sequence[Point] | NDArray[np.int64]) -> Table:
    """Return the exact figures of policies (shape: policies x FIGURES)."""
    places = np.asarray(points, np.int64).reshape(-1, len(LEVERS))
    levers = np.stack([np.asarray(levels)[places[:, i]] for i, levels in enumerate(SPACE.levels)], axis=1)
    figures = np.empty((len(places), len(FIGURES)))
    for row, lever in enumerate(levers):
        _lived(lever, HEAVY, SEGMENTS_TABLE, figures[row])
    return figures


@njit(cache=True)  # type: ignore[untyped-decorator]
def _lived(lever: Table, heavy: Table, segments: Table, figures: Table) -> None:
    """Fill in the figures of one policy: every level of spend of every segment lives its months by itself."""
    thresholds = (lever[0], lever[0] + lever[1], lever[0] + lever[1] + lever[2])
    discounts = (0.0, lever[3], lever[3] + lever[4], lever[3] + lever[4] + lever[5])
    rate, fee, free_from, perk = lever[6], lever[8], lever[9], int(lever[10])
    redeemed = 1 - np.exp(-lever[7] / 10)  # share of points that are used before they expire
    gmv_all = margin_all = benefit_all = left_all = top_all = 0.0
    for row in range(len(segments)):
        share, orders, basket, response, attrition, loyalty = segments[row]
        is_free = np.exp(-free_from / basket)  # share of orders above the threshold
        delivery = is_free * 6.0 / basket
        weight = share / len(heavy)
        for part in heavy:
            spend, active = orders * basket * part, 1.0
            year_of_use = 12 * orders * part * 6.0 * (1 - is_free)
            joins = 1 / (1 + np.exp(-(year_of_use + 12 * 100 * PERK_VALUE[perk] - fee) / 40))
            for month in range(MONTHS):
                tier = 0
                for threshold in thresholds:
                    tier += 12 * spend >= threshold
                discount = discounts[tier]
                points_share = rate * redeemed * (1 + 0.5 * tier)
                given = discount + points_share + delivery + joins * (PERK_VALUE[perk] + 0.01)
                pull = np.exp(response * given * 0.6 / (1 + 0.3 * part))
                spend = orders * basket * part * pull * (1 + 0.03 * is_free)
                gmv = spend * (1 - discount) * active
                points_cost = points_share * gmv
                delivery_cost = DELIVERY_COST * orders * part * pull * active * (is_free + joins * (1 - is_free))
                perks = joins * PERK_COST[perk] * active
                gmv_all += weight * gmv
                benefit_all += weight * (discount * spend * active + points_cost + delivery_cost + perks)
                margin_all += weight * (
                    gmv - points_cost - GOODS_COST * spend * active - delivery_cost - perks + joins * fee / 12 * active
                )
                if month == MONTHS - 1:
                    left_all += weight * active
                    top_all += weight * active * (tier == 3)
                active *= 1 - attrition * np.exp(-loyalty * 6 * given / (1 + 4 * given))
    figures[:] = gmv_all, left_all, margin_all, benefit_all / gmv_all, top_all / left_all


class Noise:
    """What one replication adds to the truth: the same shift for all policies, and a smooth field over their space."""

    def __init__(self, seed: int) -> None:
        draw = np.random.default_rng([seed, 11])
        mixing = np.linalg.cholesky(0.5 * np.eye(5) + 0.5)  # figures of one population go up and down together
        self._shift = mixing @ draw.normal(size=5)
        self._directions = draw.normal(size=(WAVES, len(LEVERS))) * 2.0
        self._phases = draw.uniform(0, 2 * np.pi, WAVES)
        self._heights = draw.normal(size=(WAVES, 5)) * np.sqrt(2 / WAVES)

    def added(self, points: Sequence[Point] | NDArray[np.int64], exact: Table) -> Table:
        """Return the figures of `points` in this replication, from their exact ones."""
        sizes = np.asarray([len(levels) for levels in SPACE.levels]) - 1
        place = np.asarray(points, np.float64) / sizes
        field = np.cos(place @ self._directions.T + self._phases) @ self._heights
        rest = np.asarray(REST)
        unit = np.sqrt(1 - rest**2) * self._shift + rest * field
        scale = np.asarray(NOISE) * np.where([True, False, True, False, False], exact, 1.0)
        figures: Table = exact + scale * unit
        return figures


def observed(points: Sequence[Point], seeds: Sequence[int]) -> Table:
    """Return the figures of policies in several replications (shape: policies x seeds x FIGURES)."""
    exact = truth(points)
    return np.stack([_noise(seed).added(points, exact) for seed in seeds], axis=1)


@lru_cache(maxsize=256)
def _noise(seed: int) -> Noise:
    return Noise(seed)


def feasible(figures: Table) -> NDArray[np.bool_]:
    """Return which rows of exact or mean figures keep both limits."""
    limits = [figures[:, FIGURES.index(name)] <= most for name, most in LIMITS.items()]
    return np.all(limits, axis=0)
