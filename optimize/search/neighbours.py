"""Moves from the best policies known: two of them crossed, or one with a lever or two a step away.

Serves the proposals: a model of the whole space finds where it is good, moves from the front then fill it in.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..study import Point

MOST_STEPS = 2
"""Levels by which a lever is moved at most; a choice without order takes any other."""
CROSSED = 0.5
"""Part of the moves that begin with two parents."""
ATTEMPTS = 50
"""Moves tried for one place in a wave before it is left to others."""


def neighbours(
    parents: Sequence[Point], levels: Sequence[int], ordered: Sequence[bool], count: int, seed: int, taken: set[Point]
) -> list[Point]:
    """Return up to `count` points near `parents` that are not taken; `levels` is how many each lever has."""
    draw = np.random.default_rng([seed, 2])
    points: list[Point] = []
    for _ in range(count * ATTEMPTS if parents else 0):
        if len(points) == count:
            break
        point = list(parents[int(draw.integers(len(parents)))])
        is_crossed = len(parents) > 1 and draw.random() < CROSSED
        if is_crossed:
            other = parents[int(draw.integers(len(parents)))]
            point = [one if draw.random() < 0.5 else another for one, another in zip(point, other, strict=True)]
        for lever in draw.choice(len(levels), size=min(len(levels), 1 + int(draw.integers(2))), replace=False):
            point[lever] = _moved(point[lever], levels[lever], ordered[lever], draw)
        if tuple(point) not in taken and tuple(point) not in points:
            points.append(tuple(point))
    return points


def _moved(level: int, levels: int, ordered: bool, draw: np.random.Generator) -> int:
    """Return another level: a step or two away where there is an order, any other where there is none."""
    if levels == 1:
        return level
    if not ordered:
        return (level + 1 + int(draw.integers(levels - 1))) % levels
    step = (1 + int(draw.integers(MOST_STEPS))) * (1 if draw.random() < 0.5 else -1)
    moved = level + step
    return moved if 0 <= moved < levels else min(max(level - step, 0), levels - 1)
