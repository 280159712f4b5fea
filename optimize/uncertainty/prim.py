"""PRIM, the patient rule induction method: the box in which most cases are of interest, peeled off little by little.

Serves scenario discovery (Friedman and Fisher, 1999; Bryant and Lempert, 2010). Written here because what exists does
not fit: `prim` is under the GPL, and ema-workbench 3 wants Python 3.12 and five libraries that nothing else here needs.
A tree would split greedily into many leaves; one box of few limits is what people can read and argue about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

PEEL = 0.05
"""Part of the cases in the box that one peel takes away, at least one case."""

FEWEST_INSIDE = 0.05
"""Part of all cases that a box holds at least."""

SIGNIFICANT = 0.05
"""Quasi-p-value above which a limit is taken back."""

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Limit:
    """What a box asks of one column: more than `low`, less than `high`, or one of `kept` codes; None asks nothing."""

    column: int
    low: float | None = None
    high: float | None = None
    kept: tuple[float, ...] | None = None

    def holds(self, values: Numbers) -> Mask:
        """Return for which values the limit holds."""
        inside: Mask = np.ones(len(values), np.bool_)
        if self.low is not None:
            inside &= values > self.low
        if self.high is not None:
            inside &= values < self.high
        return inside if self.kept is None else inside & np.isin(values, self.kept)


@dataclass(frozen=True, slots=True)
class Box:
    """Limits that all hold, by column."""

    limits: tuple[Limit, ...] = ()

    def holds(self, table: Numbers) -> Mask:
        """Return which cases (rows of `table`) are inside."""
        inside: Mask = np.ones(len(table), np.bool_)
        for limit in self.limits:
            inside &= limit.holds(table[:, limit.column])
        return inside

    def without(self, limit: Limit) -> Box:
        """Return the box without one of its limits."""
        return Box(tuple(one for one in self.limits if one is not limit))

    def of(self, column: int) -> Limit:
        """Return the limit of a column, one that asks nothing if there is none."""
        return next((one for one in self.limits if one.column == column), Limit(column))

    def narrowed(self, limit: Limit) -> Box:
        """Return the box with a limit in place of the one that its column had."""
        others = tuple(one for one in self.limits if one.column != limit.column)
        return Box(tuple(sorted((*others, limit), key=lambda one: one.column)))


@dataclass(frozen=True, slots=True)
class Score:
    """How a box does on a set of cases; `quasi_p` by limit, in the box's order.

    `coverage` is the share of the cases of interest that are inside, `density` the share of those inside that are of
    interest, `base` the share of all cases. A limit's quasi-p-value is the probability that a box without it would show
    so many cases of interest among as many by chance (Bryant and Lempert, 2010).
    """

    cases: int
    inside: int
    coverage: float
    density: float
    base: float
    quasi_p: tuple[float, ...]


def score(box: Box, table: Numbers, interest: Mask) -> Score:
    """Return how a box does on the cases of `table` (shape: cases x columns)."""
    inside = box.holds(table)
    hits, all_hits, count = int((inside & interest).sum()), int(interest.sum()), int(inside.sum())
    quasi = tuple(_quasi_p(box.without(limit), table, interest, count, hits) for limit in box.limits)
    return Score(len(table), count, hits / all_hits if all_hits else 0.0, hits / count if count else 0.0,
                 all_hits / len(table), quasi)  # fmt: skip


def find_box(table: Numbers, interest: Mask, ordered: Sequence[bool], most_limits: int) -> Box | None:
    """Return the box that best balances coverage and density, with limits on `most_limits` columns at most.

    Columns are let in one at a time, each time the one with which peeling gets furthest: among few cases every column
    has an end that looks good, and peeling all at once would spend the limits on those. Of the boxes on the way of
    peeling, that with the largest harmonic mean of coverage and density is taken, and limits that could be chance are
    taken back, the weakest first. None where no box does better than all cases together.
    """
    best, columns = Box(), tuple[int, ...]()
    while len(columns) < most_limits:
        free = [one for one in range(len(ordered)) if one not in columns]
        if not free:
            break
        tried = [(_best(peeled(table, interest, ordered, (*columns, one)), table, interest), one) for one in free]
        box, column = max(tried, key=lambda each: _balance(each[0], table, interest))
        if _balance(box, table, interest) <= _balance(best, table, interest):
            break
        best, columns = box, (*columns, column)
    while best.limits:
        quasi = score(best, table, interest).quasi_p
        weakest = int(np.argmax(quasi))
        if quasi[weakest] <= SIGNIFICANT:
            return best
        best = best.without(best.limits[weakest])
    return None


def peeled(table: Numbers, interest: Mask, ordered: Sequence[bool], columns: Sequence[int]) -> Iterator[Box]:
    """Yield the boxes of the peeling trajectory along `columns`, from all cases to the smallest allowed."""
    box = Box()
    fewest = max(2, ceil(FEWEST_INSIDE * len(table)))
    while True:
        yield box
        inside = box.holds(table)
        if interest[inside].all():
            return
        tried = [
            (float(interest[mask].mean()), int(mask.sum()), one)
            for one in _peels(box, table[inside], ordered, columns)
            if fewest <= (mask := one.holds(table)).sum() < inside.sum()
        ]
        if not tried:
            return
        box = max(tried, key=lambda each: each[:2])[2]


def _peels(box: Box, inside: Numbers, ordered: Sequence[bool], columns: Sequence[int]) -> Iterator[Box]:
    """Yield the boxes that are one peel smaller."""
    for column in columns:
        values, limit = inside[:, column], box.of(column)
        distinct = np.unique(values)
        if len(distinct) < 2:
            continue
        if not ordered[column]:
            for one in distinct:
                yield box.narrowed(replace(limit, kept=tuple(float(other) for other in distinct if other != one)))
            continue
        take = max(1, int(PEEL * len(values)))
        order = np.sort(values)
        low, high = order[take - 1], order[-take]
        above, below = distinct[distinct > low], distinct[distinct < high]
        if len(above):
            yield box.narrowed(replace(limit, low=float((low + above[0]) / 2)))
        if len(below):
            yield box.narrowed(replace(limit, high=float((high + below[-1]) / 2)))


def _best(boxes: Iterator[Box], table: Numbers, interest: Mask) -> Box:
    return max(boxes, key=lambda box: _balance(box, table, interest))


def _balance(box: Box, table: Numbers, interest: Mask) -> float:
    """Return the harmonic mean of coverage and density."""
    inside = box.holds(table)
    hits = int((inside & interest).sum())
    return 2 * hits / (int(interest.sum()) + int(inside.sum())) if hits else 0.0


def _quasi_p(wider: Box, table: Numbers, interest: Mask, count: int, hits: int) -> float:
    from scipy.stats import binom  # here, because it takes half a second to load

    around = wider.holds(table)
    rate = float(interest[around].mean()) if around.any() else 0.0
    return float(binom.sf(hits - 1, count, rate)) if count else 1.0
