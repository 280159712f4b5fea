"""The best that the programme on paper can give: its true Pareto front, and how much of it a set of policies holds.

Serves benchmarks/search_quality.py. The front is found without noise by Pareto local search from a quasi-random start:
every neighbour of every policy on the front is tried until none improves it (Paquete, Chiarandini and Stuetzle, 2004).
It is kept in reference-front.csv, a policy a line; `python benchmarks/reference_front.py` writes it anew.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import moocore
import numpy as np
from numpy.typing import NDArray
from paper_programme import LEVERS, OBJECTIVES, SPACE, Table, feasible, truth
from scipy.stats import qmc

STARTS = 4096
MOST_ON_FRONT = 600
"""Policies kept from round to round, the most spread ones; more change the hypervolume by less than 0.1 %."""
KEPT = Path(__file__).with_name("reference-front.csv")


@cache
def reference_front() -> Table:
    """Return the true objectives of the front's policies (shape: policies x objectives), of which more is better."""
    return truth(np.loadtxt(KEPT, dtype=np.int64, delimiter=",", skiprows=1))[:, : len(OBJECTIVES)]


def find_front(starts: int = STARTS) -> NDArray[np.int64]:
    """Return the policies of the front, found from so many starts."""
    sizes = np.asarray([len(levels) for levels in SPACE.levels])
    points = np.unique((qmc.Sobol(len(sizes), seed=1).random(starts) * sizes).astype(np.int64), axis=0)
    points = _best(points)
    seen = {tuple(point) for point in points}
    while True:
        fresh = np.array([point for point in map(tuple, _neighbours(points, sizes)) if point not in seen], np.int64)
        if not len(fresh):
            return points
        seen |= {tuple(point) for point in fresh}
        before = {tuple(point) for point in points}
        points = _best(np.concatenate([points, fresh]))
        if {tuple(point) for point in points} == before:
            return points


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


def _best(points: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the feasible policies that no other dominates, thinned to the most spread."""
    figures = truth(points)
    kept = feasible(figures)
    points, gains = points[kept], figures[kept, : len(OBJECTIVES)]
    best = moocore.is_nondominated(-gains)
    points, gains = points[best], gains[best]
    order = np.argsort(gains[:, 0])
    if len(order) > MOST_ON_FRONT:
        order = order[np.linspace(0, len(order) - 1, MOST_ON_FRONT).round().astype(int)]
    return points[order]


def _neighbours(points: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return all policies one level away in one lever."""
    found = []
    for lever in range(len(sizes)):
        for step in (-1, 1):
            moved = points.copy()
            moved[:, lever] += step
            found.append(moved[(moved[:, lever] >= 0) & (moved[:, lever] < sizes[lever])])
    return np.unique(np.concatenate(found), axis=0)


if __name__ == "__main__":
    np.savetxt(KEPT, find_front(), fmt="%d", delimiter=",", header=",".join(LEVERS), comments="")
