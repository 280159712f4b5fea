"""How the errors of all differences of a comparison hang together, and what follows: intervals that hold all at once.

Serves comparisons. The same shoppers stand behind every KPI, policy and scenario, so their errors are correlated; the
covariance over shoppers tells how. From it come simultaneous intervals, and intervals of weighted means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .kpis import KPIS
from .uplift import CONFIDENCE

Table = NDArray[np.float64]
DRAWS, DRAW_SEED = 20_000, 7
"""Draws of the largest error, which leave the confidence of 95 % uncertain by 0.15 points, and their seed."""

LEAST_CORRELATED = 1e-12


@dataclass(frozen=True, slots=True)
class JointErrors:
    """The covariance of the differences of all `arms` (scenario and policy) and KPIs (shape: differences x differences;
    arm by arm, KPIs in the order of `KPIS`), and the degrees of freedom behind it.
    """

    arms: tuple[tuple[str, str], ...]
    covariance: Table
    freedom: int

    def place(self, scenario: str, policy: str, kpi: str) -> int:
        """Return the row of a difference. Raises ValueError for an arm that is not there."""
        return self.arms.index((scenario, policy)) * len(KPIS) + list(KPIS).index(kpi)

    def critical_value(self, confidence: float = CONFIDENCE) -> float:
        """Return the multiple of its standard error within which every difference of the family stays at once.

        It is the quantile of the largest absolute error among normal ones of this correlation: the multiplier bootstrap
        with normal multipliers (Chernozhukov, Chetverikov and Kato, 2013), drawn from the law that it has given the
        shoppers; Student's t takes the place of the normal tail. Differences without error are not in the family.
        """
        deviations = np.sqrt(np.diag(self.covariance))
        moving = deviations > 0
        if not moving.any():
            return self.pointwise_value(confidence)
        correlation = self.covariance[np.ix_(moving, moving)] / np.outer(deviations[moving], deviations[moving])
        values, vectors = np.linalg.eigh(correlation)
        kept = values > LEAST_CORRELATED
        root = vectors[:, kept] * np.sqrt(values[kept])
        draws = np.random.default_rng(DRAW_SEED).standard_normal((DRAWS, int(kept.sum())))
        largest = np.abs(draws @ root.T).max(axis=1)
        level = 2 * special.ndtr(np.quantile(largest, confidence)) - 1
        return max(self.pointwise_value(confidence), student(float(level), self.freedom))

    def pointwise_value(self, confidence: float = CONFIDENCE) -> float:
        """Return the same multiple for one difference alone."""
        return student(confidence, self.freedom)

    def with_variances(self, variances: Table) -> JointErrors:
        """Return the same errors with other variances (shape: differences), such as those of headcounts with an extra
        pair; what they hold beyond the covariance over shoppers is taken as independent, and an infinite one as none.
        """
        covariance = self.covariance.copy()
        np.fill_diagonal(covariance, np.where(np.isfinite(variances), variances, 0.0))
        return JointErrors(self.arms, covariance, self.freedom)

    @property
    def family(self) -> int:
        """Return how many differences have an error, and share the simultaneous confidence."""
        return int((np.diag(self.covariance) > 0).sum())

    def variance_of_mean(self, policy: str, kpi: str, weights: Mapping[str, float]) -> float:
        """Return the sampling variance of a policy's difference in a KPI, averaged over scenarios by `weights`."""
        weight = np.zeros(len(self.covariance))
        for scenario, share in weights.items():
            weight[self.place(scenario, policy, kpi)] = share
        return float(weight @ self.covariance @ weight)


def student(confidence: float, freedom: int) -> float:
    """Return the two-sided critical value of Student's t."""
    return float(special.stdtrit(max(1, freedom), 0.5 + confidence / 2))


def joint_errors(
    arms: Sequence[tuple[str, str]], baselines: Mapping[str, Sequence[Table]], tables: Sequence[Sequence[Table]]
) -> JointErrors:
    """Return the joint errors of `arms`, whose measures by replication are `tables`, against `baselines` by scenario.

    Shopper i of a replication is one observation across all scenarios: with a common seed it is the same person there.
    Raises ValueError when arms hold other shoppers than their baseline.
    """
    size, kpis = len(arms) * len(KPIS), list(KPIS.values())
    covariance, freedom = np.zeros((size, size)), 0
    replications = len(tables[0]) if tables else 0
    for number in range(replications):
        most = max(len(one[number]) for one in tables)
        errors = np.zeros((most, size))
        known = {
            scenario: [kpi.influence(table[number]) for kpi in kpis] for scenario, table in baselines.items()
        }  # fmt: skip
        for row, ((scenario, _), one) in enumerate(zip(arms, tables, strict=True)):
            table = one[number]
            if len(table) != len(baselines[scenario][number]):
                raise ValueError("paired arms must hold the same shoppers")
            for place, kpi in enumerate(kpis):
                pairs = kpi.influence(table) - known[scenario][place]
                errors[: len(table), row * len(kpis) + place] = (pairs - pairs.mean()) / len(table)
        covariance += errors.T @ errors * most / max(1, most - 1)
        freedom += most - 1
    return JointErrors(tuple(arms), covariance / max(1, replications) ** 2, max(1, freedom))


def joint_band(worlds: Table, confidence: float = CONFIDENCE) -> tuple[Table, Table]:
    """Return the lowest and highest value of each difference in the most central worlds (shape: worlds x differences).

    `confidence` of the worlds lie within the band in every difference at once. A world's depth is its smallest rank
    from either end over all differences; the shallowest worlds are left out.
    """
    if not worlds.shape[1]:
        return np.zeros(0), np.zeros(0)
    ranks = np.argsort(np.argsort(worlds, axis=0, kind="stable"), axis=0, kind="stable")
    depth = np.minimum(ranks, len(worlds) - 1 - ranks).min(axis=1)
    central = worlds[depth >= np.quantile(depth, 1 - confidence, method="lower")]
    return central.min(axis=0), central.max(axis=0)
