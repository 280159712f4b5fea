"""What the validation of a cohort is held against: chance and simple rules, or the published list for CDNOW.

Serves `memberlab validate --new-customers`. The list holds for CDNOW alone, because its figures grow with the size of a
log and the purchases of its customers; every other cohort is held against what one market of the same model misses by
chance, and against forecasts that need no model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from memberlab.scenarios import calibration

Numbers = NDArray[np.float64]
Standard = Literal["chance", "cdnow"]
"""What a cohort is held against."""

WEEK = 7
ONE_IN_TWENTY = 0.95
"""The part of single markets that come closer to the model's mean than a mark of chance allows."""

PRACTICAL_PATH, PRACTICAL_AMOUNTS = 0.05, 0.1
"""Error of the path or the total, and share of amounts that lie elsewhere, that do not matter in practice."""

CDNOW = (0.02, 0.12, 12.3, 0.107, 1.61, 0.62, 0.11)
"""The match-or-beat list of the data reference, section 2: what Pareto/NBD reaches there, but for the first."""


@dataclass(frozen=True)
class CohortLives:
    """What a cohort did: repeat purchases by day (cumulative), customers by repeats in the window, later amounts."""

    path: Numbers
    histogram: Numbers
    amounts: Numbers


@dataclass(frozen=True, slots=True)
class CohortMark:
    """One measure: its value, what it may be at most (or at least, for a correlation), and the verdict."""

    words: str
    value: float
    mark: float
    at_least: bool = False

    @property
    def passes(self) -> bool:
        """Whether the mark is met, at the three digits that marks are told with."""
        value, mark = round(self.value, 3), round(self.mark, 3)
        return value >= mark if self.at_least else value <= mark


@dataclass(frozen=True)
class Hindsight:
    """What came after the window, and who it is told of: customers' history, later purchases, weeks."""

    real: CohortLives
    history: calibration.PurchaseHistory
    later: Numbers
    weeks: float
    end: int
    """Last day of the window, days from the log's first."""


def cohort_marks(
    seen: Hindsight, lives: Sequence[CohortLives], scores: calibration.HoldoutScores, against: Standard
) -> tuple[CohortMark, ...]:
    """Return the seven measures of a model whose markets are `lives`, each with its mark."""
    mean, weeks = mean_lives(lives), _weeks(seen)
    rules = _simple_rules(seen)
    by_chance = (
        max(PRACTICAL_PATH, _by_chance([_path_error(one, mean, weeks) for one in lives])),
        max(PRACTICAL_PATH, _by_chance([_total_error(one, mean, seen.end) for one in lives])),
        _by_chance([_chi_square(one, mean) for one in lives]),
        min(rule.mean_error_by_repeats for rule in rules),
        min(rule.root_mean_square_error for rule in rules),
        max(rule.correlation or 0.0 for rule in rules),
        max(PRACTICAL_AMOUNTS, _by_chance([_distance(one, mean) for one in lives])),
    )  # fmt: skip
    marks = CDNOW if against == "cdnow" else by_chance
    distances = [_distance(one, seen.real) for one in lives if len(one.amounts)]
    weeks_told = f"weeks {weeks[0]} to {weeks[-1]}"
    words_and_values = (
        (f"cumulative repeats, {weeks_told}: mean error of the mean path", _path_error(seen.real, mean, weeks)),
        ("purchases in the hold-out: error of the mean market", _total_error(seen.real, mean, seen.end)),
        ("customers by repeats in the window: chi-square", _chi_square(seen.real, mean)),
        ("expected purchases by repeats: weighted mean error", scores.mean_error_by_repeats),
        ("expected purchases a customer: RMSE", scores.root_mean_square_error),
        ("expected purchases a customer: correlation", scores.correlation or 0.0),
        ("amounts in the hold-out: Kolmogorov-Smirnov distance", float(np.mean(distances)) if distances else 1.0),
    )
    return tuple(
        CohortMark(words, value, mark, at_least=words.endswith("correlation"))
        for (words, value), mark in zip(words_and_values, marks, strict=True)
    )


def mean_lives(lives: Sequence[CohortLives]) -> CohortLives:
    """Return the mean path and histogram of several markets, and their amounts together."""
    return CohortLives(
        np.mean([one.path for one in lives], axis=0),
        np.mean([one.histogram for one in lives], axis=0),
        np.concatenate([one.amounts for one in lives]),
    )


def _simple_rules(seen: Hindsight) -> tuple[calibration.ForecastScores, ...]:
    """Return the scores of forecasts without a model: nobody comes again, all as the average, each as before."""
    repeats, age = seen.history.repeats, seen.history.age
    own = np.divide(repeats, age, out=np.zeros(len(age)), where=age > 0) * seen.weeks
    average = np.full(len(age), repeats.sum() / age.sum() * seen.weeks)
    return tuple(calibration.forecast_scores(rule, seen.later, repeats) for rule in (np.zeros(len(age)), average, own))


def _weeks(seen: Hindsight) -> NDArray[np.int64]:
    """Return the weeks after the window, counted from 1."""
    return np.arange((seen.end + 1) // WEEK + 1, len(seen.real.path) // WEEK + 1)


def _path_error(one: CohortLives, mean: CohortLives, weeks: NDArray[np.int64]) -> float:
    at = weeks * WEEK - 1
    return float(np.abs(mean.path[at] / np.maximum(one.path[at], 1.0) - 1).mean())


def _total_error(one: CohortLives, mean: CohortLives, end: int) -> float:
    expected, came = (float(each.path[-1] - each.path[end]) for each in (mean, one))
    return abs(expected / max(came, 1.0) - 1)


def _chi_square(one: CohortLives, mean: CohortLives) -> float:
    return float(((one.histogram - mean.histogram) ** 2 / np.maximum(mean.histogram, 1e-9)).sum())


def _distance(one: CohortLives, other: CohortLives) -> float:
    from scipy import stats  # here, because it takes half a second to load

    return float(stats.ks_2samp(one.amounts, other.amounts).statistic) if len(one.amounts) else 1.0


def _by_chance(errors: list[float]) -> float:
    return float(np.quantile(errors, ONE_IN_TWENTY))
