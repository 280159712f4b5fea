"""The Pareto front: which policies no other beats in everything, and a few of them that stand for all.

Serves the shortlist and the recommendation. Gains are numbers of which more is better, one row a policy.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Gains = Sequence[Sequence[float]]


def front(gains: Gains) -> list[int]:
    """Return the rows that no other row dominates (at least as good in all, better in one), in order."""
    table = np.asarray(gains, dtype=np.float64)
    return [
        row for row, own in enumerate(table) if not (np.all(table >= own, axis=1) & np.any(table > own, axis=1)).any()
    ]


def layers(gains: Gains) -> list[list[int]]:
    """Return the front, the front of what is left without it, and so on."""
    left = list(range(len(gains)))
    found = []
    while left:
        layer = [left[row] for row in front([gains[row] for row in left])]
        found.append(layer)
        left = [row for row in left if row not in layer]
    return found


def shortlist(gains: Gains, baseline: Sequence[float], count: int) -> list[int]:
    """Return at most `count` rows that stand for all: best layers first, and spread within a layer.

    The first is the one whose least gain over `baseline` is largest, in standard deviations of the objective over all
    rows. After it, every other pick is the farthest from those picked among the rows that beat the baseline in
    everything, as long as there are any; the rest are the farthest of the layer.
    """
    if not gains:
        return []
    table = np.asarray(gains, dtype=np.float64)
    scale = table.std(axis=0)
    scaled = (table - np.asarray(baseline)) / np.where(scale > 0, scale, 1.0)
    better = {row for row in range(len(table)) if scaled[row].min() > 0}
    picked: list[int] = []
    for layer in layers(gains):
        left = list(layer)
        while left and len(picked) < count:
            preferred = [row for row in left if row in better] if len(picked) % 2 == 0 else []
            row = _next(scaled, preferred or left, picked)
            picked.append(row)
            left.remove(row)
    return picked


def _next(scaled: NDArray[np.float64], rows: list[int], picked: list[int]) -> int:
    """Return the row farthest from all that are picked; the best trade-off when none is."""
    if not picked:
        return max(rows, key=lambda row: (scaled[row].min(), -row))
    distance = {row: min(float(np.linalg.norm(scaled[row] - scaled[other])) for other in picked) for row in rows}
    return max(rows, key=lambda row: (distance[row], -row))
