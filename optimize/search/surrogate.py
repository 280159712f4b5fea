"""Proposals from a model of every figure: the points that promise most hypervolume which is not held yet.

Serves the proposals, as the sampler `surrogate`, and the shortlist. The gain is the expected improvement of the
hypervolume (Emmerich, 2006), times the chance that all limits are kept; of a wave, each proposal reckons with those
before it. Candidates are bred from the best by crossing and small steps, on the model alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from ..study import Point
from .gaussian_process import Encoding, Table, fit_figure
from .pareto import front

MOST_MODELLED = 400
"""Policies that the model rests on; of more, the latest half of these and an even choice of the others."""
CELLS = 512
"""Places in the space of gains at which hypervolume is counted."""
GENERATIONS, CHILDREN, PARENTS, KEPT = 6, 200, 100, 200
NOTHING = 1e-6
MOVED = 1.5
"""Levers that a child moves, on average."""
SURELY_HELD = 0.01
"""Chance that a cell is not held yet, up to which it is not worth counting."""
PROBABLY = 0.5
"""Chance of keeping all limits from which a policy tried counts as part of the front."""


@dataclass(frozen=True)
class Outlook:
    """What the model expects of some points: gains, their deviations, the chance that all limits are kept."""

    gains: Table
    deviations: Table
    chances: Table


class Surrogate:
    """A model of all gains and excesses over the levers, fitted to what was tried."""

    def __init__(
        self, encoding: Encoding, points: Sequence[Point], gains: Table, excesses: Table, errors: Table, seed: int
    ) -> None:
        """Fit to `gains` and `excesses` (shape: points x objectives, points x limits; 0 or less is kept).

        `errors` is the standard error of each limit that all points share, because they met the same shoppers.
        """
        self._encoding, self._errors = encoding, errors
        self._draw = np.random.default_rng(seed)
        self._points = np.asarray(points, np.int64)
        rows = _rows_modelled(len(points))
        coordinates, lever_of = encoding.coordinates(self._points), encoding.lever_of
        self._gains = [fit_figure(coordinates[rows], lever_of, column[rows]) for column in gains.T]
        self._excesses = [fit_figure(coordinates[rows], lever_of, column[rows]) for column in excesses.T]
        self.tried = self.outlook(self._points)
        self._cells, self._open = self._room(seed)
        self._gaps = self._open > SURELY_HELD

    def outlook(self, points: NDArray[np.int64]) -> Outlook:
        """Return what is expected of points."""
        coordinates = self._encoding.coordinates(points)
        gains = [one.at(coordinates) for one in self._gains]
        chances = np.ones(len(points))
        for one, error in zip(self._excesses, self._errors, strict=True):
            mean, deviation = one.at(coordinates)
            chances *= ndtr(-mean / np.hypot(deviation, error))
        return Outlook(np.stack([g for g, _ in gains], axis=1), np.stack([d for _, d in gains], axis=1), chances)

    def proposals(self, count: int, taken: set[Point]) -> list[Point]:
        """Return up to `count` points, none of them taken, best first."""
        points, outlook = self._bred(taken)
        if not len(points):
            return []
        if not self._gaps.any():
            best = np.argsort(-outlook.chances, kind="stable")[:count]
            return [tuple(int(level) for level in points[row]) for row in best]
        filled = self._filled(outlook, self._cells[self._gaps])
        return [tuple(int(level) for level in points[row]) for row in _greedy(filled, self._open[self._gaps], count)]

    def standing_for(self, rows: Sequence[int], count: int) -> list[int]:
        """Return up to `count` of the points tried, by row, that together hold most hypervolume, the most first."""
        if not len(self._cells) or not rows:
            return sorted(rows, key=lambda row: -self.tried.chances[row])[:count]
        some = list(rows)
        holds = np.all(self.tried.gains[some][:, None, :] >= self._cells, axis=2) * self.tried.chances[some][:, None]
        return [some[place] for place in _greedy(holds, np.ones(len(self._cells)), count)]

    def _room(self, seed: int) -> tuple[Table, Table]:
        """Return cells of the space of gains, and how likely each is not held yet; none while nothing is feasible."""
        likely = np.flatnonzero(self.tried.chances >= PROBABLY)
        if not len(likely):
            return np.zeros((0, len(self._gains))), np.zeros(0)
        best = self.tried.gains[likely][front(self.tried.gains[likely].tolist())]
        low, high = best.min(axis=0), best.max(axis=0)
        width = np.maximum(high - low, 0.25 * self.tried.gains.std(axis=0) * (len(best) < 5))
        width = np.where(width > 0, width, 1e-9)
        low, high = low - 0.1 * width, high + 0.25 * width
        from scipy.stats import qmc  # here, because it takes half a second to load

        cells = low + qmc.Sobol(len(low), seed=seed).random(CELLS) * (high - low)
        some = Outlook(self.tried.gains[likely], self.tried.deviations[likely], self.tried.chances[likely])
        return cells, 1 - self._filled(some, cells).max(axis=0)

    @staticmethod
    def _filled(outlook: Outlook, cells: Table) -> Table:
        """Return the chance that each point holds each cell (shape: points x cells)."""
        found = np.repeat(outlook.chances[:, None], len(cells), axis=1)
        for place in range(cells.shape[1]):
            gain, deviation = outlook.gains[:, [place]], outlook.deviations[:, [place]]
            found *= ndtr((gain - cells[:, place]) / deviation)
        return found

    def _bred(self, taken: set[Point]) -> tuple[NDArray[np.int64], Outlook]:
        """Return the best candidates found on the model, and what is expected of them."""
        levels = np.asarray(self._encoding.levels)
        chances = self.tried.chances
        known = chances >= 0.3 if len(self._cells) else np.isin(np.arange(len(chances)), np.argsort(-chances)[:100])
        parents = self._points[known]
        fresh = np.concatenate([
            parents, self._children(parents), np.stack([self._draw.integers(n, size=CHILDREN) for n in levels], axis=1)
        ])  # fmt: skip
        gaps, unheld = self._cells[self._gaps], self._open[self._gaps]
        seen: set[Point] = set()
        pool, scores = np.zeros((0, len(levels)), np.int64), np.zeros(0)
        for _ in range(GENERATIONS):
            fresh = np.unique(fresh, axis=0)
            fresh = fresh[[tuple(point) not in seen for point in fresh.tolist()]]
            if len(fresh):
                seen |= {tuple(point) for point in fresh.tolist()}
                outlook = self.outlook(fresh)
                score = self._filled(outlook, gaps) @ unheld if len(gaps) else outlook.chances
                pool, scores = np.concatenate([pool, fresh]), np.concatenate([scores, score])
                best = np.argsort(-scores, kind="stable")[: KEPT + len(taken)]
                pool, scores = pool[best], scores[best]
            fresh = self._children(pool[:PARENTS])
        pool = pool[[tuple(point) not in taken for point in pool.tolist()]][:KEPT]
        return pool, self.outlook(pool)

    def _children(self, parents: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return children of parents: half of them crossed, each with a lever or two moved."""
        draw, shape = self._draw, (CHILDREN, parents.shape[1])
        children = parents[draw.integers(len(parents), size=CHILDREN)].copy()
        other = parents[draw.integers(len(parents), size=CHILDREN)]
        crossed = (draw.random(shape) < 0.5) & (draw.random((CHILDREN, 1)) < 0.5)
        children[crossed] = other[crossed]
        moved = draw.random(shape) < MOVED / shape[1]
        steps = draw.integers(1, 3, size=shape) * draw.choice([-1, 1], size=shape)
        for lever, (count, ordered) in enumerate(zip(self._encoding.levels, self._encoding.ordered, strict=True)):
            rows = moved[:, lever]
            stepped = np.clip(children[:, lever] + steps[:, lever], 0, count - 1)
            lot = draw.integers(count, size=CHILDREN)
            children[rows, lever] = stepped[rows] if ordered else lot[rows]
        return children


def _greedy(holds: Table, open_cells: Table, count: int) -> list[int]:
    """Return up to `count` rows of `holds` (shape: points x cells), each adding most to those before it.

    When none adds anything any more, the rest are picked as if nothing were, and so on: the front, then what is next.
    """
    left, picked = open_cells.copy(), list[int]()
    is_there = np.ones(len(holds), bool)
    while len(picked) < min(count, len(holds)):
        adds = np.where(is_there, holds @ left, -1.0)
        row = int(np.argmax(adds))
        if adds[row] <= NOTHING and left is not open_cells:
            left = open_cells
            continue
        picked.append(row)
        is_there[row] = False
        left = left * (1 - holds[row])
    return picked


def _rows_modelled(count: int) -> NDArray[np.int64]:
    if count <= MOST_MODELLED:
        return np.arange(count)
    late = MOST_MODELLED // 2
    early = np.unique(np.linspace(0, count - late - 1, MOST_MODELLED - late).astype(np.int64))
    return np.concatenate([early, np.arange(count - late, count)])
