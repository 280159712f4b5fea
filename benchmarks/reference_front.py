"""The best that the programme on paper can give: its true Pareto front, and how much of it a set of policies holds.

Serves benchmarks/search_quality.py. The front is found without noise by Pareto local search from a quasi-random start:
every neighbour of every policy on the front is tried until none improves it (Paquete, Chiarandini and Stuetzle, 2004).
"""

from __future__ import annotations

from functools import cache

import moocore
import numpy as np
from numpy.typing import NDArray
from paper_programme import OBJECTIVES, SPACE, Table, feasible, truth
from scipy.stats import qmc

STARTS = 4096
MOST_ON_FRONT = 600
"""Policies kept from round to round, the most spread ones; more change the hypervolume by less than 0.1 %."""
LEVERS = len(SPACE.levels)


@cache
def reference_front() -> Table:
    """Return the true objectives of the front's policies (shape: policies x objectives), of which more is better."""
    sizes = np.asarray([len(levels) for levels in SPACE.levels])
    points = np.unique((qmc.Sobol(LEVERS, seed=1).random(STARTS) * sizes).astype(np.int64), axis=0)
    points, gains = _best(points)
    seen = {tuple(point) for point in points}
    while True:
        fresh = np.array([point for point in map(tuple, _neighbours(points, sizes)) if point not in seen], np.int64)
        if not len(fresh):
            return gains
        seen |= {tuple(point) for point in fresh}
        merged = np.concatenate([points, fresh])
        before = {tuple(point) for point in points}
        points, gains = _best(merged)
        if {tuple(point) for point in points} == before:
            return gains


def hypervolume(gains: Table) -> float:
    """Return the part of the reference front's hypervolume that these objectives dominate: 1 for the front itself."""
    low, high = _corners()
    scaled = (gains - low) / (high - low)
    scaled = scaled[np.all(scaled > 0, axis=1)]
    if not len(scaled):
        return 0.0
    whole = moocore.hypervolume(-_scaled_front(), ref=np.zeros(len(OBJECTIVES)))
    return float(moocore.hypervolume(-scaled, ref=np.zeros(len(OBJECTIVES))) / whole)


@cache
def _corners() -> tuple[Table, Table]:
    """Return the worst and the best of each objective on the front; the worst is moved out by a tenth of the range."""
    front = reference_front()
    low, high = front.min(axis=0), front.max(axis=0)
    return low - 0.1 * (high - low), high


@cache
def _scaled_front() -> Table:
    low, high = _corners()
    scaled: Table = (reference_front() - low) / (high - low)
    return scaled


def _best(points: NDArray[np.int64]) -> tuple[NDArray[np.int64], Table]:
    """Return the feasible policies that no other dominates, thinned to the most spread, and their objectives."""
    figures = truth(points)
    kept = feasible(figures)
    points, gains = points[kept], figures[kept, : len(OBJECTIVES)]
    front = moocore.is_nondominated(-gains)
    points, gains = points[front], gains[front]
    order = np.argsort(gains[:, 0])
    if len(order) > MOST_ON_FRONT:
        order = order[np.linspace(0, len(order) - 1, MOST_ON_FRONT).round().astype(int)]
    return points[order], gains[order]


def _neighbours(points: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return all policies one level away in one lever."""
    found = []
    for lever in range(LEVERS):
        for step in (-1, 1):
            moved = points.copy()
            moved[:, lever] += step
            found.append(moved[(moved[:, lever] >= 0) & (moved[:, lever] < sizes[lever])])
    return np.unique(np.concatenate(found), axis=0)
