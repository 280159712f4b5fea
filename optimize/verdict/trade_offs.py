"""What one figure costs in another along the front: "what does a point of retention cost", between neighbours.

Serves the strategist who has to choose on the front. For two figures, the policies that keep all limits and are beaten
in both by no other stand in a row; between neighbours, what is given up of one for the other is told with an interval
paired by replication, since both met the same populations held out (Fieller, 1954, for the ratio).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import special

from memberlab.results import CONFIDENCE, KPIS

from ..search import Goals, front

if TYPE_CHECKING:
    import pandas as pd

    from ..findings import StudyResult
    from .recommend import Standing

Interval = tuple[float, float, float]
"""A figure, and the ends of its 95 % interval; ends may be infinite."""


@dataclass(frozen=True, slots=True)
class TradeOff:
    """Two neighbours in the row of two figures: the second has more of what is bought, and less of what pays for it."""

    less: Standing
    more: Standing
    bought: str
    """KPI that is bought, such as retention."""
    paid: str
    """KPI that pays, such as margin."""
    sign: int
    """1 where more of what is bought is better, -1 where less is."""
    gain: Interval
    """The change in what is bought, in the KPI's unit."""
    cost: Interval
    """The change in what pays for it, in that KPI's unit."""
    rate: Interval
    """The change in what pays, by point of a share that is bought, or by percent of today's figure otherwise; its
    interval is open where it is not sure that anything is bought."""

    @property
    def is_sure(self) -> bool:
        """Return whether the neighbours surely differ in what is bought, so that the rate has an interval."""
        return all(math.isfinite(end) for end in self.rate)


def trade_offs(result: StudyResult) -> tuple[TradeOff, ...]:
    """Return the trade-offs between each two figures that the study aims at or limits; held-out figures only."""
    signs = signs_of(result.goals)
    standings, weights = [one for one in result.recommendation.standings if one.feasible], result.plan.weights
    today = result.recommendation.standings[0]
    return tuple(
        one
        for bought, paid in permutations(signs, 2)
        if paid in {objective.kpi for objective in result.goals.objectives}
        for one in _row(standings, today, bought, paid, signs[bought], signs[paid], weights)
    )


def signs_of(goals: Goals) -> dict[str, int]:
    """Return by KPI 1 where more is better, -1 where less is: of objectives, and of limits on other figures."""
    found = {objective.kpi: objective.sign for objective in goals.objectives}
    return {**{bound.kpi: -bound.sign for bound in goals.bounds}, **found}


def _row(
    standings: Sequence[Standing], today: Standing, bought: str, paid: str, up: int, better: int,
    weights: Sequence[float],
) -> Iterator[TradeOff]:  # fmt: skip
    """Yield the trade-offs between neighbours of the policies that no other beats in both figures."""
    gains = [(up * _figures(one, bought, weights), better * _figures(one, paid, weights)) for one in standings]
    best = sorted(front([[float(one.mean()) for one in pair] for pair in gains]), key=lambda row: gains[row][0].mean())
    unit = 0.01 * (1.0 if KPIS[bought].unit == "share" else abs(float(_figures(today, bought, weights).mean())) or 1.0)
    for less, more in pairwise(best):
        gain, cost = (gains[more][at] - gains[less][at] for at in (0, 1))
        if gain.mean() > 0:
            rate = fieller_ratio(better * cost, gain / unit)
            yield TradeOff(
                standings[less], standings[more], bought, paid, up, _mean(up * gain), _mean(better * cost), rate
            )


def _figures(one: Standing, kpi: str, weights: Sequence[float]) -> NDArray[np.float64]:
    """Return the weighted mean over scenarios of a KPI in each replication held out."""
    return np.asarray(np.asarray(weights) @ one.confirmed.by_world[kpi], np.float64)


def _mean(values: NDArray[np.float64]) -> Interval:
    if len(values) < 2:
        return float(values.mean()), -math.inf, math.inf
    half = _quantile(len(values)) * float(values.std(ddof=1)) / math.sqrt(len(values))
    return float(values.mean()), float(values.mean()) - half, float(values.mean()) + half


def fieller_ratio(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> Interval:
    """Return the ratio of the means of paired values with Fieller's 95 % interval; open ends where the lower mean is
    not surely apart from 0.
    """
    count, x, y = len(top), float(bottom.mean()), float(top.mean())
    if count < 2 or x == 0:
        return (y / x if x else math.nan), -math.inf, math.inf
    spread = np.cov(np.stack([top, bottom])) / count
    square = _quantile(count) ** 2
    a, b = x * x - square * float(spread[1, 1]), x * y - square * float(spread[0, 1])
    if a <= 0:
        return y / x, -math.inf, math.inf
    inner = max(0.0, b * b - a * (y * y - square * float(spread[0, 0])))
    return y / x, (b - math.sqrt(inner)) / a, (b + math.sqrt(inner)) / a


def _quantile(count: int) -> float:
    return float(special.stdtrit(count - 1, 0.5 + CONFIDENCE / 2))


def trade_off_table(result: StudyResult) -> pd.DataFrame:
    """Return the trade-offs, a row for each pair of neighbours and of figures; money in cents, shares 0 to 1.

    `rate` is what is given up by point of a share that is bought, or by percent of today's figure otherwise; its ends
    are empty where it is not sure that anything is bought. `role` says which of the two is recommended, or today's.
    """
    import pandas as pd

    from ..findings import label

    rows = []
    for one in trade_offs(result):
        row: dict[str, object] = {
            "bought": one.bought, "sign": one.sign, "paid": one.paid, "less": label(one.less, result),
            "more": label(one.more, result), "role": role_told(one, result),
        }  # fmt: skip
        for name, interval in (("gain", one.gain), ("cost", one.cost), ("rate", one.rate)):
            middle, low, high = (end if math.isfinite(end) else None for end in interval)
            row |= {name: middle, f"{name}_low": low, f"{name}_high": high}
        rows.append(row)
    columns = ["bought", "sign", "paid", "less", "more", "role",
               *(f"{name}{end}" for name in ("gain", "cost", "rate") for end in ("", "_low", "_high"))]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def role_told(one: TradeOff, result: StudyResult) -> str:
    """Return which of two neighbours is the policy recommended: `up from it`, `up to it`; today's where it is kept."""
    chosen = result.recommendation.chosen
    if one.less is chosen:
        return "from recommended"
    return "to recommended" if one.more is chosen else ""
