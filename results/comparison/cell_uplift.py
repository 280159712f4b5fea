"""The difference that a policy makes in each cell of a breakdown, with paired intervals.

Serves breakdowns. The same figures and the same statistics as `paired_uplift`, for all cells at once. Cells are fixed
on launch morning, so their differences are paired by shopper too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ..kpis import Kpi
from ..measures import COLUMNS, HEADCOUNTS
from ..uplift import CONFIDENCE

Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CellUplifts:
    """One KPI in every cell (shapes: cells): shoppers, both arms' values, their difference and half of its interval.

    Values are means over replications of the cell's figure; `half` is NaN in cells of fewer than two shoppers.
    `freedom` are the degrees of freedom of each interval.
    """

    shoppers: Table
    baseline: Table
    value: Table
    difference: Table
    half: Table
    freedom: Table


def cell_uplifts(
    kpi: Kpi, cells: Sequence[NDArray[np.int64]], count: int, baseline: Sequence[Table], arm: Sequence[Table]
) -> CellUplifts:
    """Return the uplift of `kpi` in each of `count` cells; `cells` (shape: shoppers) for each replication."""
    sums = np.zeros((5, count))
    for place, left, right in zip(cells, baseline, arm, strict=True):
        shoppers = np.bincount(place, minlength=count).astype(np.float64)
        before, after = (_value(kpi, place, count, table) for table in (left, right))
        sums += shoppers, before, after, _variance(kpi, place, shoppers, left, right), np.maximum(0, shoppers - 1)
    replications = len(cells)
    shoppers, before, after, variance, freedom = sums
    with np.errstate(invalid="ignore"):
        half = special.stdtrit(np.maximum(1, freedom), 0.5 + CONFIDENCE / 2) * np.sqrt(variance) / replications
    half[freedom < 1] = np.nan
    return CellUplifts(
        shoppers / replications, before / replications, after / replications, (after - before) / replications,
        half, freedom,
    )  # fmt: skip


def simultaneous_factor(freedom: Table, intervals: int) -> Table:
    """Return by how much each interval must widen for `intervals` of them to hold at once (Sidak, 1967).

    Sidak's bound holds for normal errors however they are correlated.
    """
    each = CONFIDENCE ** (1 / max(1, intervals))
    own = np.maximum(1, freedom)
    return np.asarray(special.stdtrit(own, 0.5 + each / 2) / special.stdtrit(own, 0.5 + CONFIDENCE / 2))


def _sums(place: NDArray[np.int64], count: int, values: Table) -> Table:
    return np.asarray(np.bincount(place, weights=values, minlength=count), np.float64)


def _columns(kpi: Kpi, table: Table) -> tuple[Table, Table | None]:
    bottom = None if kpi.denominator is None else table[:, COLUMNS.index(kpi.denominator)]
    return table[:, COLUMNS.index(kpi.numerator)], bottom


def _value(kpi: Kpi, place: NDArray[np.int64], count: int, table: Table) -> Table:
    """Return the figure of each cell; a ratio of nothing to nothing is 0."""
    top, bottom = _columns(kpi, table)
    tops = _sums(place, count, top)
    return tops if bottom is None else _ratio(tops, _sums(place, count, bottom))


def _ratio(tops: Table, bottoms: Table) -> Table:
    return np.divide(tops, bottoms, out=np.zeros_like(tops), where=bottoms != 0)


def _influence(kpi: Kpi, place: NDArray[np.int64], shoppers: Table, table: Table) -> Table:
    """Return each shopper's part in the sampling error of the own cell's figure, as `Kpi.influence` in that cell."""
    top, bottom = _columns(kpi, table)
    if bottom is None:
        return np.asarray(top * shoppers[place])
    count = len(shoppers)
    bottoms = _sums(place, count, bottom)
    ratio, mean = _ratio(_sums(place, count, top), bottoms), _ratio(bottoms, shoppers)
    return _ratio(top - ratio[place] * bottom, mean[place])


def _variance(kpi: Kpi, place: NDArray[np.int64], shoppers: Table, left: Table, right: Table) -> Table:
    """Return the sampling variance of each cell's difference in one replication, as in `paired_uplift`."""
    count = len(shoppers)
    pairs = _influence(kpi, place, shoppers, right) - _influence(kpi, place, shoppers, left)
    pairs -= _ratio(_sums(place, count, pairs), shoppers)[place]
    variance = _ratio(_ratio(_sums(place, count, pairs**2), np.maximum(1, shoppers - 1)), shoppers)
    if kpi.numerator in HEADCOUNTS:
        top, bottom = _columns(kpi, right)
        counted = (_sums(place, count, top) > 0) | (_sums(place, count, _columns(kpi, left)[0]) > 0)
        weight = np.ones(count) if bottom is None else _ratio(np.ones(count), _sums(place, count, bottom))
        variance += np.where(counted, weight**2, 0.0)
    return variance
