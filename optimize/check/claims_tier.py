"""Trying a claim: is what it states so, on average over populations or in so many of them.

Serves `run_checks.py`. Averages are told by Student's t over the same populations for both policies, probabilities by
the tolerance limit of a normal variable, which follows the noncentral t (Owen, 1968): with 64 populations nothing that
counts hits could tell 95 % from less at a level that is split over many cells.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from memberlab.results import KPIS

from .checks_plan import ClaimCell
from .decision import CheckVerdict, ErrorBudget, correlation_of, interval_of
from .judged import ClaimFound


@dataclass(frozen=True, slots=True)
class _Room:
    """How far a statement is kept: mean and interval of figure less bound, turned so that 0 and more keeps it."""

    mean: float
    low: float
    high: float


def try_claim(cell: ClaimCell, figures: NDArray[np.float64], others: NDArray[np.float64] | None,
              look: ErrorBudget) -> ClaimFound:  # fmt: skip
    """Return what one look says of a claim: `figures` of the policy and of the other one, population by population."""
    statement = cell.statement
    against = np.zeros(len(figures)) if others is None else others
    least = np.array([statement.least(float(other)) for other in against])
    slack = statement.sign * (figures - against) - least
    chance = None if cell.claim.probability is None else cell.claim.probability / 10_000
    room = _of_average(slack, look.level) if chance is None else _of_worlds(slack, chance, look.level)
    is_strict = statement.distance is not None and statement.distance.number == 0 and not statement.spare
    verdict = CheckVerdict.INCONCLUSIVE
    if room.low > 0 or (room.low == 0 and not is_strict):
        verdict = CheckVerdict.PASS
    elif room.high < 0 or (room.high == 0 and is_strict):
        verdict = CheckVerdict.FAIL
    bound = float(least.mean())
    ends = sorted(statement.sign * (end + bound) for end in (room.low, room.high))
    return ClaimFound(
        cell, verdict, float((figures - against).mean()), statement.sign * bound, ends[0], ends[1],
        None if chance is None else float((slack >= 0).mean()), len(figures),
        None if others is None else correlation_of(figures, others),
    )  # fmt: skip


def _of_average(slack: NDArray[np.float64], level: float) -> _Room:
    return _Room(*interval_of(slack, level))


def _of_worlds(slack: NDArray[np.float64], chance: float, level: float) -> _Room:
    """Return the interval of the slack that a share `chance` of all worlds exceeds."""
    count, mean, deviation = len(slack), float(slack.mean()), float(slack.std(ddof=1))
    if deviation <= abs(mean) * 1e-12:
        return _Room(mean, mean, mean)
    from scipy import stats  # here, because it takes half a second to load

    shift = float(special.ndtri(chance)) * math.sqrt(count)
    far, near = (float(stats.nct.ppf(end, count - 1, shift)) / math.sqrt(count) for end in (1 - level, level))
    return _Room(mean, mean - far * deviation, mean - near * deviation)


def shares_are_told(cell: ClaimCell) -> bool:
    """Return whether the figure of a claim is a share of 1."""
    return KPIS[cell.claim.kpi].unit == "share"
