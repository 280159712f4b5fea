"""Every confirmed policy by every criterion over scenarios: mean, worst case, tail, regret, scenarios that satisfy.

Serves whoever wants to know how a policy stands when another world comes than the one hoped for, also by criteria that
the study did not choose by. All is counted replication by replication on the populations held out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from memberlab.results import Uplift

from ..search import Goals, Objective, Values, best_values, counted_by_replication
from ..study import Criterion, Robustness
from .confirm import paired

CRITERIA: tuple[Criterion, ...] = get_args(Criterion)
"""Every criterion by which a study may count scenarios."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One objective of one policy by one criterion, held against the incumbent, paired by replication."""

    policy: str
    kpi: str
    criterion: Criterion
    more_is_better: bool
    """Whether more of the figure is better: of a regret less is, whatever the objective."""
    reference: float | None
    """What `satisficing` holds each scenario against, in the KPI's unit; None for the other criteria."""
    figure: Uplift
    """In the KPI's unit; the share of scenarios, 0 to 1, for `satisficing`."""


def count_all(
    policies: Mapping[str, Values], keeps: Sequence[bool], weights: Sequence[float], goals: Goals
) -> list[Counted]:
    """Return every policy's objectives by every criterion, the incumbent's first.

    `policies` are KPIs in every world (shape of each: scenarios x replications), `keeps` says which keep the limits:
    regret is against the best of those. Where an objective has no reference, satisficing is against the incumbent's
    mean. Intervals are 95 % each (Student, between replications).
    """
    kept = [values for values, fits in zip(policies.values(), keeps, strict=True) if fits]
    incumbent = next(iter(policies.values()))
    best = best_values(goals, kept or [incumbent])
    found = []
    for objective in goals.objectives:
        for criterion in CRITERIA:
            own = _by(objective, criterion, incumbent, weights)
            robustness = Robustness(criterion=criterion, tail=goals.robustness.tail if criterion == "cvar" else None)
            figures = {
                name: counted_by_replication(values, weights, own, robustness, best)
                for name, values in policies.items()
            }
            before = next(iter(figures.values()))
            found += [
                Counted(name, own.kpi, criterion, own.aim > 0, own.reference if criterion == "satisficing" else None,
                        paired(own.kpi, before, figure, 1))
                for name, figure in figures.items()
            ]  # fmt: skip
    return found


def worst_scenario(
    values: NDArray[np.float64], baseline: NDArray[np.float64], sign: int, scenarios: Sequence[str]
) -> tuple[str, float]:
    """Return the scenario in which a policy gains least on the incumbent, with the mean difference there.

    Both tables are of one KPI (shape: scenarios x replications); `sign` is 1 where more is better.
    """
    differences = (values - baseline).mean(axis=1)
    place = int(np.argmin(sign * differences))
    return scenarios[place], float(differences[place])


def _by(objective: Objective, criterion: Criterion, incumbent: Values, weights: Sequence[float]) -> Objective:
    """Return the objective as counted by a criterion, with the incumbent's mean for a reference if it has none."""
    reference = objective.reference
    if reference is None:
        reference = float((np.asarray(weights) @ incumbent[objective.kpi]).mean())
    return replace(objective, criterion=criterion, reference=reference)
