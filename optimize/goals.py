"""What a study wants: objectives and limits as numbers, and a policy's figures to hold against them.

Serves search, confirmation and recommendation. A figure is the weighted mean over scenarios of a KPI, with the standard
error between replications; money is in cents, shares are 0 to 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memberlab.results import KPIS

from .quantity import Quantity
from .study import Study

SEARCH_CAUTION = 0.5
"""Standard errors added to a constraint's figure in the search."""
CONFIRMATION_CAUTION = 1.28
"""Standard errors added to a constraint's figure on fresh seeds: a chance of 10 % that the limit is missed."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its standard error between replications; 0 where there is only one."""

    mean: float
    error: float


Figures = Mapping[str, Estimate]
"""Estimates by KPI."""


@dataclass(frozen=True, slots=True)
class Objective:
    """One objective: `sign` is 1 to maximise, -1 to minimise."""

    kpi: str
    sign: int


@dataclass(frozen=True, slots=True)
class Bound:
    """One limit on a KPI, in its unit; `sign` is 1 for at_most, -1 for at_least."""

    kpi: str
    sign: int
    limit: float

    @property
    def name(self) -> str:
        """Return for example `benefit_cost_share at_most`."""
        return f"{self.kpi} {'at_most' if self.sign > 0 else 'at_least'}"

    def excess(self, figures: Figures, caution: float) -> float:
        """Return by how much the limit is missed at `caution` standard errors; 0 or less where it is kept."""
        figure = figures[self.kpi]
        return self.sign * (figure.mean - self.limit) + caution * figure.error


@dataclass(frozen=True, slots=True)
class Goals:
    """All objectives and limits of a study."""

    objectives: tuple[Objective, ...]
    bounds: tuple[Bound, ...]

    def gains(self, figures: Figures) -> list[float]:
        """Return the objectives' figures, turned so that more is better."""
        return [objective.sign * figures[objective.kpi].mean for objective in self.objectives]

    def is_feasible(self, figures: Figures, caution: float) -> bool:
        """Return whether all limits are kept at `caution` standard errors."""
        return all(bound.excess(figures, caution) <= 0 for bound in self.bounds)


def goals_of(study: Study) -> Goals:
    """Return the goals of a study."""
    bounds = [
        Bound(kpi, sign, _in_units_of(kpi, limit))
        for kpi, limits in study.constraints.items()
        for sign, limit in ((1, limits.at_most), (-1, limits.at_least))
        if limit is not None
    ]
    signs = {"maximise": 1, "minimise": -1}
    objectives = [Objective(kpi, signs[direction]) for kpi, direction in study.objectives.items()]
    return Goals(tuple(objectives), tuple(bounds))


def _in_units_of(kpi: str, limit: Quantity) -> float:
    """Return a limit in the unit of the KPI: cents, a share of 1, or a count."""
    factor = {"share": 0.01, "money": 100.0, "count": 1.0}[KPIS[kpi].unit]
    return float(limit.number) * factor


def figures_of(sums: Sequence[Sequence[NDArray[np.float64]]], weights: Sequence[float]) -> dict[str, Estimate]:
    """Return every KPI from column sums by scenario and replication, with the scenarios' `weights` (adding up to 1)."""
    return {
        name: estimate_of(np.array([[kpi.value(one) for one in scenario] for scenario in sums]), weights)
        for name, kpi in KPIS.items()
    }


def by_replication(
    sums: Sequence[Sequence[NDArray[np.float64]]], weights: Sequence[float], kpi: str
) -> NDArray[np.float64]:
    """Return the weighted mean of a KPI over scenarios in each replication, from column sums as in `figures_of`."""
    values = np.array([[KPIS[kpi].value(one) for one in scenario] for scenario in sums])
    means: NDArray[np.float64] = np.asarray(weights) @ values
    return means


def estimate_of(values: NDArray[np.float64], weights: Sequence[float]) -> Estimate:
    """Return the weighted mean of a KPI's values (shape: scenarios x replications) and its standard error.

    Scenarios that share a seed share shoppers and draws; the error is therefore taken between replications of the
    weighted mean, which needs no assumption on how scenarios hang together.
    """
    means = np.asarray(weights) @ values
    error = float(means.std(ddof=1) / np.sqrt(len(means))) if len(means) > 1 else 0.0
    return Estimate(float(means.mean()), error)
