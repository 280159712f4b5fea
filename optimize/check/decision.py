"""The decision rule of a check: has an outcome moved by more than its margin, told from paired differences.

Serves `memberlab check` and the pytest plugin. Old and new policy meet the same shoppers, seed by seed. A cell (one key
figure of one policy in one scenario) passes when two one-sided tests show that the shift is smaller than the margin
(Schuirmann, 1987: equivalence by two one-sided tests), and fails when the whole interval lies beyond it. Otherwise the
replications are doubled; what is still open at the last look is inconclusive, and never counted as either.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

FALSE_ALARMS = 0.01
"""Chance that a whole run decides anything wrongly, unless the file says otherwise."""
FIRST_LOOK, LAST_LOOK = 8, 64
"""Replications of the first and the last look."""
LEAST_CORRELATION = 0.9
"""Correlation of old and new outcomes over the seeds below which pairing no longer helps; a change broke it."""

Pairs = tuple[NDArray[np.float64], NDArray[np.float64]]
"""New and old figures over the same seeds, in their order (shape of each: replications)."""


class CheckVerdict(StrEnum):
    """What is said of a cell."""

    PASS = "PASS"
    FAIL = "FAIL"
    INCONCLUSIVE = "INCONCLUSIVE"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the differences of one cell say; shift, interval and margin are in the figure's own unit."""

    verdict: CheckVerdict
    shift: float
    """Mean of new less old."""
    low: float
    high: float
    """The interval that decides: each end is missed with the chance that the budget leaves for one cell and look."""
    margin: float
    replications: int
    correlation: float | None
    """Of old and new over the seeds; None where either does not vary."""

    @property
    def interval(self) -> tuple[float, float]:
        """Return both ends of the interval."""
        return self.low, self.high

    @property
    def is_unchanged(self) -> bool:
        """Return whether no seed's figure has moved at all."""
        return self.low == self.high == 0.0

    @property
    def is_badly_paired(self) -> bool:
        """Return whether something has moved and the same seeds no longer meet the same luck."""
        return not self.is_unchanged and self.correlation is not None and self.correlation < LEAST_CORRELATION

    @property
    def of_margin(self) -> float:
        """Return the size of the shift in margins."""
        return abs(self.shift) / self.margin


@dataclass(frozen=True, slots=True)
class ErrorBudget:
    """How the chance of a wrong word is split: evenly (Bonferroni) over all cells of a run and all looks at each.

    `false_alarms` is the chance for a whole run. Raises ValueError unless it is above 0 and below 1, and for less
    than one cell or look.
    """

    cells: int
    looks: int
    false_alarms: float = FALSE_ALARMS

    def __post_init__(self) -> None:
        if not 0 < self.false_alarms < 1:
            raise ValueError(f"false_alarms ({self.false_alarms}) must lie between 0 and 1")
        if self.cells < 1 or self.looks < 1:
            raise ValueError(f"cells ({self.cells}) and looks ({self.looks}) must be at least 1")

    @property
    def level(self) -> float:
        """Return the chance that is left for each one-sided test."""
        return self.false_alarms / (self.cells * self.looks)


def looks_between(first: int = FIRST_LOOK, last: int = LAST_LOOK) -> tuple[int, ...]:
    """Return the replications of each look, doubled from `first` to `last`. Raises ValueError below 2 or the wrong
    way round.
    """
    if not 2 <= first <= last:
        raise ValueError(f"looks from {first} to {last}: the first must be 2 or more, and not above the last")
    sizes = [first]
    while sizes[-1] < last:
        sizes.append(min(2 * sizes[-1], last))
    return tuple(sizes)


def decide(differences: NDArray[np.float64] | Sequence[float], margin: float, look: ErrorBudget, *,
           correlation: float | None = None) -> Decision:  # fmt: skip
    """Return what one look at paired differences (new less old, shape: replications) says of a shift.

    `margin` is the largest shift that does not matter, in the unit of the differences; `look` is the budget of the run
    of which this is one look at one cell. Raises ValueError for fewer than two differences, differences that are no
    numbers, or a margin that is not above 0.
    """
    found = np.asarray(differences, np.float64)
    if found.ndim != 1 or len(found) < 2:
        raise ValueError(f"{found.size} differences; a decision takes at least 2")
    if not np.isfinite(found).all():
        raise ValueError("a difference is not a finite number")
    if not margin > 0:
        raise ValueError(f"margin ({margin}) must be above 0")
    shift, low, high = interval_of(found, look.level)
    if -margin < low and high < margin:
        verdict = CheckVerdict.PASS
    elif low > margin or high < -margin:
        verdict = CheckVerdict.FAIL
    else:
        verdict = CheckVerdict.INCONCLUSIVE
    return Decision(verdict, shift, low, high, float(margin), len(found), correlation)


def decide_pairs(pairs: Pairs, margin: float, look: ErrorBudget) -> Decision:
    """Return what one look at new and old figures over the same seeds says, with their correlation."""
    new, old = pairs
    return decide(new - old, margin, look, correlation=correlation_of(new, old))


def decide_in_looks(pairs_at: Callable[[int], Pairs], margin: float, looks: Sequence[int], *, cells: int,
                    false_alarms: float = FALSE_ALARMS) -> Decision:  # fmt: skip
    """Return the decision of the first look that has one, or the last look's; `pairs_at` gives so many replications."""
    budget = ErrorBudget(cells, len(looks), false_alarms)
    decision = decide_pairs(pairs_at(looks[0]), margin, budget)
    for size in looks[1:]:
        if decision.verdict is not CheckVerdict.INCONCLUSIVE:
            break
        decision = decide_pairs(pairs_at(size), margin, budget)
    return decision


def interval_of(differences: NDArray[np.float64], level: float) -> tuple[float, float, float]:
    """Return mean, low and high: each end of the interval is missed with chance `level`, by Student's t."""
    mean = float(differences.mean())
    error = float(differences.std(ddof=1)) / len(differences) ** 0.5
    if error <= abs(mean) * 1e-12:  # equal but for the last bits of the sum
        return mean, mean, mean
    reach = _student(level, len(differences) - 1) * error
    return mean, mean - reach, mean + reach


@cache
def _student(level: float, freedom: int) -> float:
    """Return the quantile that Student's t exceeds with chance `level`; it is asked for again and again."""
    return float(-special.stdtrit(freedom, level)) if level > 0 else math.inf


def correlation_of(new: NDArray[np.float64], old: NDArray[np.float64]) -> float | None:
    """Return the correlation of new and old figures over the seeds; None where either does not vary."""
    if np.ptp(new) == 0 or np.ptp(old) == 0:
        return None
    return float(np.corrcoef(new, old)[0, 1])
