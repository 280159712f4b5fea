"""Which levers decide the objectives, and which way: read off everything that a search has tried.

Serves the report of a study. Importance is PED-ANOVA (Watanabe, Bansal and Hutter, 2023), as Optuna has it: how much
the best policies' levels of a lever differ from everybody's. The direction is the rank correlation of level and gain.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from .goals import Goals
from .proposals import Grid, Known, quiet_optuna, rebuilt

LEAST_KNOWN = 20
"""Policies below which nothing is said of levers."""


@dataclass(frozen=True, slots=True)
class LeverImportance:
    """One lever's part in one objective."""

    lever: str
    kpi: str
    share: float
    """Part of all levers' importance, 0 to 1."""
    direction: float | None
    """Rank correlation of level and gain, -1 to 1; None for a choice without order, or a lever that never moved."""


def lever_importances(space: Grid, goals: Goals, known: Sequence[Known]) -> tuple[LeverImportance, ...]:
    """Return each lever's importance for each objective; nothing for fewer than 20 policies."""
    if len(known) < LEAST_KNOWN:
        return ()
    found = []
    for place, objective in enumerate(goals.objectives):
        shares = _shares(space, goals, known, place)
        gains = np.array([goals.gains(one.figures)[place] for one in known])
        for lever, (name, ordered) in enumerate(zip(space.names, space.ordered, strict=True)):
            levels = np.array([one.point[lever] for one in known])
            moved = ordered and len(set(levels.tolist())) > 1 and gains.std() > 0
            direction = float(stats.spearmanr(levels, gains).statistic) if moved else None
            found.append(LeverImportance(name, objective.kpi, shares.get(name, 0.0), direction))
    return tuple(found)


def _shares(space: Grid, goals: Goals, known: Sequence[Known], place: int) -> dict[str, float]:
    import optuna

    with quiet_optuna(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that it looks for low values, which is why gains are turned round
        study = rebuilt(space, goals, known)
        evaluator = optuna.importance.PedAnovaImportanceEvaluator()
        shares = optuna.importance.get_param_importances(
            study, evaluator=evaluator, target=lambda trial: -float(trial.values[place])
        )
    return {name: float(share) for name, share in shares.items()}
