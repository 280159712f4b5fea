"""What a study wants: objectives and limits as numbers, and a policy's figures to hold against them.

Serves search, race, confirmation and recommendation. A figure is the weighted mean over scenarios of a KPI, with the
standard error between replications; an objective that is counted otherwise (worst case, regret ...) has a figure of its
own beside it. Money is in cents, shares are 0 to 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import special

from memberlab.results import KPIS

from ..study import Criterion, LimitValue, Quantity, Robustness, Study, counted
from .race import Heats

SEARCH_CAUTION = 0.5
"""Standard errors added to a constraint's figure in the search."""
CONFIRMATION_CAUTION = 1.28
"""Standard errors added to a constraint's figure on fresh seeds: a chance of 10 % that the limit is missed."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its standard error between replications; 0 where there is only one."""

    mean: float
    error: float
    deviation: float = 0.0
    """Standard deviation between worlds: one is a scenario with one population."""


Figures = Mapping[str, Estimate]
"""Estimates by KPI, and by the `figure` of objectives that are not counted by their mean."""


@dataclass(frozen=True, slots=True)
class Objective:
    """One objective: `sign` is 1 to maximise, -1 to minimise; `reference` is in the KPI's unit."""

    kpi: str
    sign: int
    reference: float | None = None
    criterion: Criterion = "mean"

    @property
    def figure(self) -> str:
        """Return the name of its figure: the KPI for the mean over scenarios, otherwise for example `margin worst`."""
        return self.kpi if self.criterion == "mean" else f"{self.kpi} {self.criterion}"

    @property
    def aim(self) -> int:
        """Return 1 where more of its figure is better: of regret less is, of scenarios that satisfy more."""
        return {"regret": -1, "satisficing": 1}.get(self.criterion, self.sign)


@dataclass(frozen=True, slots=True)
class Bound:
    """One limit on a KPI, in its unit; `sign` is 1 for at_most, -1 for at_least.

    With a `probability` it must hold in that share of worlds, taken as normal; without, on average over them. With
    `times_today`, what is held against the limit is the KPI less so many times today's, world by world.
    """

    kpi: str
    sign: int
    limit: float
    probability: float | None = None
    times_today: float = 0.0

    @property
    def figure(self) -> str:
        """Return the name of what is held against the limit among a policy's figures."""
        return self.kpi if not self.times_today else f"{self.kpi} less {self.times_today:.6g} of today's"

    def held(self, values: NDArray[np.float64], today: NDArray[np.float64] | None) -> NDArray[np.float64]:
        """Return what is held against the limit, from the KPI's values and today's in the same worlds.

        Raises ValueError where today's are needed and missing.
        """
        if not self.times_today:
            return values
        if today is None:
            raise ValueError(f"the limit on {self.kpi} is told from today's figure, which is missing")
        return values - self.times_today * today

    def scale(self, figures: Figures) -> float:
        """Return a size in the KPI's unit by which a miss is told as a share: the limit, or the figure where that is
        a distance from today's.
        """
        return abs(figures[self.kpi].mean if self.times_today else self.limit) or 1.0

    @property
    def name(self) -> str:
        """Return for example `benefit_cost_share at_most`."""
        return f"{self.kpi} {'at_most' if self.sign > 0 else 'at_least'}"

    def excess(self, figures: Figures, caution: float) -> float:
        """Return by how much the limit is missed at `caution` standard errors; 0 or less where it is kept."""
        figure = figures[self.figure]
        return self.sign * (figure.mean - self.limit) + self.allowance(figure.deviation) + caution * figure.error

    def allowance(self, deviation: float) -> float:
        """Return how far inside the limit the mean must be, when worlds deviate so much from it."""
        return 0.0 if self.probability is None else float(special.ndtri(self.probability)) * deviation


@dataclass(frozen=True, slots=True)
class Goals:
    """All objectives and limits of a study."""

    objectives: tuple[Objective, ...]
    bounds: tuple[Bound, ...]
    robustness: Robustness = field(default_factory=Robustness)

    @property
    def bounds_from_today(self) -> tuple[Bound, ...]:
        """Return the limits that are a distance from today's figure."""
        return tuple(bound for bound in self.bounds if bound.times_today)

    def gains(self, figures: Figures) -> list[float]:
        """Return the objectives' figures, turned so that more is better."""
        return [objective.aim * figures[objective.figure].mean for objective in self.objectives]

    def is_feasible(self, figures: Figures, caution: float) -> bool:
        """Return whether all limits are kept at `caution` standard errors."""
        return all(bound.excess(figures, caution) <= 0 for bound in self.bounds)


def goals_of(study: Study) -> Goals:
    """Return the goals of a study."""
    bounds = [
        _bound(kpi, sign, limit, None if limits.probability is None else limits.probability / 10_000)
        for kpi, limits in study.constraints.items()
        for sign, limit in ((1, limits.at_most), (-1, limits.at_least))
        if limit is not None
    ]
    signs = {"maximise": 1, "minimise": -1}
    objectives = [
        Objective(
            kpi, signs[aim.direction], None if aim.reference is None else _in_units_of(kpi, aim.reference),
            study.robustness.criterion,
        )
        for kpi, aim in study.objectives.items()
    ]  # fmt: skip
    return Goals(tuple(objectives), tuple(bounds), study.robustness)


def _bound(kpi: str, sign: int, limit: LimitValue, probability: float | None) -> Bound:
    if isinstance(limit, Quantity):
        return Bound(kpi, sign, _in_units_of(kpi, limit), probability)
    if limit.unit == "%":
        return Bound(kpi, sign, 0.0, probability, 1 + float(limit.number) / 100)
    return Bound(kpi, sign, _in_units_of(kpi, Quantity(limit.number)), probability, 1.0)


def _in_units_of(kpi: str, limit: Quantity) -> float:
    """Return a limit in the unit of the KPI: cents, a share of 1, or a count."""
    factor = {"share": 0.01, "money": 100.0, "count": 1.0}[KPIS[kpi].unit]
    return float(limit.number) * factor


Sums = Sequence[Sequence[NDArray[np.float64]]]
"""Column sums (as `results.COLUMNS`) by scenario and replication."""
Values = Mapping[str, NDArray[np.float64]]
"""A policy's KPIs by name (shape of each: scenarios x replications)."""


def values_of(sums: Sums) -> dict[str, NDArray[np.float64]]:
    """Return every KPI of a policy in every world."""
    return {name: np.array([[kpi.value(one) for one in row] for row in sums]) for name, kpi in KPIS.items()}


def best_values(goals: Goals, policies: Sequence[Values]) -> dict[str, NDArray[np.float64]]:
    """Return by objective the best value among policies in every world, against which regret is counted."""
    return {
        one.kpi: one.sign * np.max([one.sign * values[one.kpi] for values in policies], axis=0)
        for one in goals.objectives
    }


def counted_by_replication(
    values: Values, weights: Sequence[float], objective: Objective, robustness: Robustness, best: Values
) -> NDArray[np.float64]:
    """Return an objective's figure in each replication."""
    return counted(
        values[objective.kpi], np.asarray(weights), robustness, sign=objective.sign, reference=objective.reference,
        best=best.get(objective.kpi),
    )  # fmt: skip


def figures_of(
    values: Values, weights: Sequence[float], goals: Goals | None = None, best: Values | None = None,
    today: Values | None = None,
) -> dict[str, Estimate]:  # fmt: skip
    """Return a policy's figures from its KPIs in every world, with the scenarios' `weights` (adding up to 1).

    With `goals` there are also those of objectives that are not counted by their mean, and of limits that are told from
    `today`'s KPIs in the same worlds; regret is against `best`.
    """
    figures = {name: estimate_of(table, weights) for name, table in values.items()}
    for bound in goals.bounds_from_today if goals is not None else ():
        figures[bound.figure] = estimate_of(bound.held(values[bound.kpi], (today or {}).get(bound.kpi)), weights)
    for one in goals.objectives if goals is not None else ():
        if goals is not None and one.criterion != "mean":
            by_replication = counted_by_replication(values, weights, one, goals.robustness, best or {})
            figures[one.figure] = estimate_of(by_replication[None, :], (1.0,))
    return figures


def estimate_of(values: NDArray[np.float64], weights: Sequence[float]) -> Estimate:
    """Return the weighted mean of a KPI's values (shape: scenarios x replications) and its standard error.

    Scenarios that share a seed share shoppers and draws; the error is therefore taken between replications of the
    weighted mean, which needs no assumption on how scenarios hang together.
    """
    means = np.asarray(weights) @ values
    error = float(means.std(ddof=1) / np.sqrt(len(means))) if len(means) > 1 else 0.0
    return Estimate(float(means.mean()), error, deviation_of(values, weights))


def deviation_of(values: NDArray[np.float64], weights: Sequence[float]) -> float:
    """Return the standard deviation between worlds, scenarios by weight; 0 for a single world."""
    worlds = values.size
    if worlds < 2:
        return 0.0
    mean = float((np.asarray(weights) @ values).mean())
    square = float((np.asarray(weights) @ np.square(values - mean)).mean())
    return float(np.sqrt(square * worlds / (worlds - 1)))


def heats_from(
    policies: Sequence[Values], weights: Sequence[float], goals: Goals, today: Values | None = None
) -> Heats:
    """Return what policies gave in each replication, from their KPIs in every world; regret is among these policies.

    `today` are the incumbent's KPIs in the same worlds, which limits told from today need.
    """
    best = best_values(goals, policies) if goals.robustness.criterion == "regret" else {}
    gains, excesses = [], []
    for values in policies:
        figures = [
            one.aim * counted_by_replication(values, weights, one, goals.robustness, best) for one in goals.objectives
        ]
        held = [one.held(values[one.kpi], (today or {}).get(one.kpi)) for one in goals.bounds]
        limits = [
            one.sign * (np.asarray(weights) @ table - one.limit) + one.allowance(deviation_of(table, weights))
            for one, table in zip(goals.bounds, held, strict=True)
        ]
        gains.append(np.stack(figures, axis=1))
        excesses.append(np.stack(limits, axis=1) if limits else np.zeros((len(figures[0]), 0)))
    return Heats(np.stack(gains), np.stack(excesses))
