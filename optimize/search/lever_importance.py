"""Which levers decide the objectives, and which way: read off everything that a search has tried.

Serves the report of a study. Importance is PED-ANOVA (Watanabe, Bansal and Hutter, 2023), as Optuna has it: how much
the best policies' levels of a lever differ from everybody's. The direction is told twice: by rank correlation, which
assumes nothing of the shape, and by a linear fit on all levers at once, since a search moves them together.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from memberlab.results import CONFIDENCE

from .goals import Goals
from .proposals import Grid, Known, quiet_optuna, rebuilt

LEAST_KNOWN = 20
"""Policies below which nothing is said of levers."""
LEAST_FREE = 5
"""Policies beyond the number of fitted coefficients below which no fit is made."""
BEST_SHARE = 0.1
"""Share of the policies that count as the best for importance ..."""
FEWEST_BEST = 5
"""... and how many they are at least, which Optuna's documentation asks for."""
SHUFFLES = 20
"""Times that the gains are dealt out anew for the noise floor of an importance."""


@dataclass(frozen=True, slots=True)
class LeverImportance:
    """One lever's part in one objective."""

    lever: str
    kpi: str
    share: float
    """Part of all levers' importance, 0 to 1."""
    direction: float | None
    """Rank correlation of level and gain, -1 to 1; None for a choice without order, or a lever that never moved."""
    floor: float
    """Share that a lever without any effect exceeds in one search of twenty, from gains dealt out anew."""
    slope: float | None = None
    """Change of the objective's figure from the lever's lowest level to its highest, all others held still, in the
    KPI's unit: least squares on all ordered levers, and on choices by level. None where there is no order, or too few
    policies."""
    slope_error: float | None = None
    """Standard error of the slope."""
    sure_from: float | None = None
    """Size from which a slope is told from noise: 95 %, one lever and objective at a time (Student)."""

    @property
    def is_above_floor(self) -> bool:
        """Return whether the importance is more than noise would give."""
        return self.share > self.floor

    @property
    def raises(self) -> bool | None:
        """Return whether more of the lever raises the figure; None where noise cannot be told from it."""
        if self.slope is None or self.sure_from is None or abs(self.slope) <= self.sure_from:
            return None
        return self.slope > 0


def lever_importances(space: Grid, goals: Goals, known: Sequence[Known], seed: int = 0) -> tuple[LeverImportance, ...]:
    """Return each lever's importance for each objective; nothing for fewer than 20 policies.

    The same seed gives the same noise floors.
    """
    if len(known) < LEAST_KNOWN:
        return ()
    from scipy import stats  # here, because it takes half a second to load

    found = []
    points = np.array([one.point for one in known])
    for place, objective in enumerate(goals.objectives):
        gains = np.array([goals.gains(one.figures)[place] for one in known])
        shares, floor = _shares(space, goals, known, gains, seed)
        fit = _slopes(space, points, objective.aim * gains)
        for lever, (name, ordered) in enumerate(zip(space.names, space.ordered, strict=True)):
            levels = points[:, lever]
            moved = ordered and len(set(levels.tolist())) > 1 and gains.std() > 0
            direction = float(stats.spearmanr(levels, gains).statistic) if moved else None
            line = fit.get(lever, (None, None, None))
            found.append(LeverImportance(name, objective.kpi, shares.get(name, 0.0), direction, floor, *line))
    return tuple(found)


def _shares(
    space: Grid, goals: Goals, known: Sequence[Known], gains: NDArray[np.float64], seed: int
) -> tuple[Mapping[str, float], float]:
    """Return each lever's importance for one objective, and what chance alone exceeds in one of twenty cases."""
    import optuna

    draw = np.random.default_rng([seed, 11])
    best = min(0.5, max(BEST_SHARE, FEWEST_BEST / len(known)))
    with quiet_optuna(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that it looks for low values, which is why gains are turned round
        study = rebuilt(space, goals, known)
        evaluator = optuna.importance.PedAnovaImportanceEvaluator(target_quantile=best)

        def shares_of(row: NDArray[np.float64]) -> dict[str, float]:
            found = optuna.importance.get_param_importances(
                study, evaluator=evaluator, target=lambda trial: -float(row[trial.number])
            )
            return {name: float(share) for name, share in found.items()}

        own = shares_of(gains)
        dealt = [shares_of(draw.permutation(gains)) for _ in range(SHUFFLES)]
    return own, float(np.quantile([share for one in dealt for share in one.values()], CONFIDENCE))


def _slopes(
    space: Grid, points: NDArray[np.int64], figures: NDArray[np.float64]
) -> dict[int, tuple[float, float, float]]:
    """Return by lever the fitted change over its range, its standard error, and the size that tells it from noise."""
    columns, owners = [np.ones(len(points))], [-1]
    for lever, (levels, ordered) in enumerate(zip(space.levels, space.ordered, strict=True)):
        own = points[:, lever]
        if ordered:
            columns.append(own / max(len(levels) - 1, 1))
            owners.append(lever)
        else:
            columns += [(own == level).astype(np.float64) for level in range(1, len(levels))]
            owners += [-1] * (len(levels) - 1)
    table = np.stack(columns, axis=1)
    free = len(points) - int(np.linalg.matrix_rank(table))
    if free < LEAST_FREE:
        return {}
    inverse = np.linalg.pinv(table.T @ table)
    slopes = inverse @ table.T @ figures
    variance = float(np.square(figures - table @ slopes).sum()) / free
    quantile = float(special.stdtrit(free, 0.5 + CONFIDENCE / 2))
    errors = np.sqrt(np.maximum(0.0, variance * np.diag(inverse)))
    moved = table.std(axis=0) > 0
    return {
        owner: (float(slopes[place]), float(errors[place]), quantile * float(errors[place]))
        for place, owner in enumerate(owners)
        if owner >= 0 and moved[place]
    }
