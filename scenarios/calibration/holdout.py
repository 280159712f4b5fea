"""How well the fitted models predict the part of the log they have not seen: for the choice, the report and the
reader.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from . import gamma_gamma
from .maximum_likelihood import Fitted
from .purchase_history import FloatArray, PurchaseHistory, PurchaseModel, SpendHistory

LARGEST_GROUP = 7
"""Customers with this many repeat purchases or more form one group."""


@dataclass(frozen=True)
class ForecastScores:
    """Scores of expected against actual purchases, by whatever rule; errors are in purchases a customer."""

    expected_purchases: float
    total_error: float | None
    mean_error_by_repeats: float
    mean_absolute_error: float
    root_mean_square_error: float
    correlation: float | None


@dataclass(frozen=True)
class HoldoutScores(ForecastScores):
    """Scores of a model's conditional expectations in the `weeks` after the window."""

    weeks: float
    predictive_log_likelihood: float


@dataclass(frozen=True)
class SpendScores:
    """Scores of expected mean amounts: error and bias, over customers who paid in both windows."""

    customers: int
    mean_absolute_error: float
    bias: float


def score_purchases(
    model: PurchaseModel, fitted: Fitted, seen: PurchaseHistory, whole: PurchaseHistory, weeks: float
) -> HoldoutScores:
    """Score a fitted model on the `weeks` after the window; `seen` and `whole` are the same customers at both ends.

    The predictive log-likelihood is that of the whole log less that of the window, at the window's estimates.
    """
    actual = whole.repeats - seen.repeats
    expected = model.expected_purchases(fitted.parameters, seen, weeks)
    before, after = (model.log_likelihood(fitted.parameters, history) for history in (seen, whole))
    return HoldoutScores(
        **asdict(forecast_scores(expected, actual, seen.repeats)),
        weeks=weeks,
        predictive_log_likelihood=float((after - before).sum()),
    )


def forecast_scores(expected: FloatArray, actual: FloatArray, repeats: FloatArray) -> ForecastScores:
    """Score expected purchases of customers with so many `repeats` before against what they bought (same shapes)."""
    error = expected - actual
    group = np.minimum(repeats, LARGEST_GROUP).astype(np.int64)
    return ForecastScores(
        expected_purchases=float(expected.sum()),
        total_error=float(expected.sum() / actual.sum() - 1) if actual.sum() else None,
        mean_error_by_repeats=float(np.abs(np.bincount(group, weights=error)).sum() / len(error)),
        mean_absolute_error=float(np.abs(error).mean()),
        root_mean_square_error=float(np.sqrt((error**2).mean())),
        correlation=_correlation(expected, actual),
    )


def score_spend(fitted: Fitted, seen: SpendHistory, later_mean: FloatArray) -> SpendScores | None:
    """Score expected mean amounts against `later_mean` (currency units, NaN for who paid nothing); None if nobody
    did.
    """
    known = np.isfinite(later_mean)
    if not known.any():
        return None
    expected = gamma_gamma.expected_amount(fitted.parameters, seen)[known]
    actual = later_mean[known]
    return SpendScores(
        customers=int(known.sum()),
        mean_absolute_error=float(np.abs(expected - actual).mean()),
        bias=float(expected.mean() / actual.mean() - 1),
    )


def _correlation(first: FloatArray, second: FloatArray) -> float | None:
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return None
    return float(np.corrcoef(first, second)[0, 1])
