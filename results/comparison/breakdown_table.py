"""Uplift by cell as a tidy table: who is behind a difference.

Serves strategists: one row for each scenario, policy, cell and KPI.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..kpis import KPIS
from .cell_uplift import CellUplifts, cell_uplifts, simultaneous_factor
from .cells import Breakdown, cell_labels, cells_of
from .compared_arm import ComparedScenario

KPIS_BY_CELL = ("gmv", "orders", "margin", "benefit_cost", "retention")
"""KPIs of a breakdown."""


def breakdown_table(breakdown: Breakdown, scenarios: Sequence[ComparedScenario]) -> pd.DataFrame:
    """Return the uplifts of every policy but the first in every cell that holds shoppers, money in cents."""
    found: list[tuple[dict[str, str], tuple[str, ...], str, CellUplifts]] = []
    for scenario in scenarios:
        labels = cell_labels(breakdown, scenario.sorting)
        base = scenario.baseline
        cells = [cells_of(breakdown, history.launch, scenario.sorting) for history in base.histories]
        found.extend(
            (arm.key, labels, kpi, cell_uplifts(KPIS[kpi], cells, len(labels), base.measures, arm.measures))
            for arm in scenario.arms[1:]
            for kpi in KPIS_BY_CELL
        )
    intervals = sum(int((one.half > 0).sum()) for *_, one in found)
    pieces = []
    for key, labels, kpi, one in found:
        wide = one.half * simultaneous_factor(one.freedom, intervals)
        with np.errstate(invalid="ignore", divide="ignore"):
            each = one.difference / one.shoppers if KPIS[kpi].denominator is None else one.difference
        piece = pd.DataFrame({
            **key, breakdown.name: labels, "kpi": kpi, "unit": KPIS[kpi].unit, "shoppers": one.shoppers,
            "baseline": one.baseline, "value": one.value, "difference": one.difference,
            "low": one.difference - one.half, "high": one.difference + one.half,
            "simultaneous_low": one.difference - wide, "simultaneous_high": one.difference + wide,
            "difference_each": each,
        })  # fmt: skip
        pieces.append(piece[one.shoppers > 0])
    if not pieces:
        return pd.DataFrame()
    return pd.concat(pieces, ignore_index=True)
