"""Retention curves: who of those who bought in the year before launch orders in each month, and who still does later.

Serves strategists. The base is the same shoppers in every arm, so that differences are paired.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from ..measures import COLUMNS
from ..uplift import CONFIDENCE
from .cell_uplift import simultaneous_factor
from .compared_arm import ComparedArm, ComparedScenario

CURVES = ("ordering", "still ordering")
"""Share of the base that orders in the month; share that orders in the month or later in the horizon."""

Table = NDArray[np.float64]


def retention_table(scenarios: Sequence[ComparedScenario]) -> pd.DataFrame:
    """Return both curves of every arm, shares from 0 to 1, with the paired difference from the first policy's."""
    pieces, intervals = [], 0
    for scenario in scenarios:
        for arm in scenario.arms:
            for curve in CURVES:
                piece = _curve(scenario.baseline, arm, curve)
                intervals += int((piece["half"] > 0).sum())
                pieces.append(piece)
    table = pd.concat(pieces, ignore_index=True)
    half = table.pop("half").to_numpy()
    wide = half * simultaneous_factor(table.pop("freedom").to_numpy(), intervals)
    for name, width in (("", half), ("simultaneous_", wide)):
        table[f"{name}low"], table[f"{name}high"] = table["difference"] - width, table["difference"] + width
    return table


def _curve(baseline: ComparedArm, arm: ComparedArm, curve: str) -> pd.DataFrame:
    """Return one curve of one arm by month since launch; `half` of the interval and its `freedom` beside it."""
    months = baseline.histories[0].months.shape[1]
    base, before, after, variance = 0.0, np.zeros(months), np.zeros(months), np.zeros(months)
    freedom = 0.0
    for number, measures in enumerate(baseline.measures):
        is_base = measures[:, COLUMNS.index("base")] > 0
        left, right = (_counted(one.histories[number].months[is_base], curve) for one in (baseline, arm))
        count = int(is_base.sum())
        if not count:
            continue
        pairs = right.astype(np.float64) - left
        base += count
        before += left.mean(axis=0)
        after += right.mean(axis=0)
        freedom += count - 1
        if arm is not baseline and count > 1:
            moved = pairs.any()
            variance += pairs.var(axis=0, ddof=1) / count + (1 / count**2 if moved else 0.0)  # as in `paired_uplift`
    replications = len(baseline.measures)
    half = special.stdtrit(max(1.0, freedom), 0.5 + CONFIDENCE / 2) * np.sqrt(variance) / replications
    return pd.DataFrame({
        **arm.key, "curve": curve, "month": np.arange(1, months + 1), "shoppers": base / replications,
        "baseline": before / replications, "value": after / replications,
        "difference": (after - before) / replications, "half": half, "freedom": max(1.0, freedom),
    })  # fmt: skip


def _counted(months: NDArray[np.bool_], curve: str) -> NDArray[np.bool_]:
    """Return for each shopper and month whether the shopper counts in the curve."""
    if curve == "ordering":
        return months
    return np.logical_or.accumulate(months[:, ::-1], axis=1)[:, ::-1]
