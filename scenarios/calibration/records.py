"""The fit as it stands in a population file: rounded figures, by the names of `population_fit`."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict

from .frequency_and_spend import Correlation
from .holdout import HoldoutScores, SpendScores
from .maximum_likelihood import Fitted
from .transaction_log import TransactionLog
from .windows import Window


def significant(value: float, digits: int) -> float:
    """Return a number rounded to so many significant digits."""
    return float(f"{value:.{digits}g}")


def rounded(values: Mapping[str, float | None]) -> dict[str, float]:
    """Return the figures that exist, rounded to six significant digits."""
    return {key: significant(value, 6) for key, value in values.items() if value is not None}


def model_record(fitted: Fitted, scores: HoldoutScores | None) -> dict[str, object]:
    """Return one fitted model with its scores."""
    return {
        "estimates": rounded(fitted.estimates),
        "standard_errors": rounded(fitted.standard_errors),
        "log_likelihood": round(fitted.log_likelihood, 2),
        "customers": fitted.customers,
        "remarks": fitted.remarks,
        "holdout": None if scores is None else _holdout_record(scores),
    }


def _holdout_record(scores: HoldoutScores) -> dict[str, object]:
    record: dict[str, object] = {
        key: None if value is None else significant(value, 4) for key, value in asdict(scores).items()
    }
    record["total_error"] = None if scores.total_error is None else round(scores.total_error, 6)
    record["expected_purchases"] = round(scores.expected_purchases, 1)
    record["predictive_log_likelihood"] = round(scores.predictive_log_likelihood, 2)
    return record


def spend_record(scores: SpendScores | None) -> dict[str, object] | None:
    """Return the scores of the spend model."""
    if scores is None:
        return None
    error, bias = significant(scores.mean_absolute_error, 4), significant(scores.bias, 3)
    return {"customers": scores.customers, "mean_absolute_error": error, "bias": bias}


def correlation_record(correlation: Correlation) -> dict[str, object]:
    """Return the correlation of purchase rate and spend."""
    error = correlation.standard_error
    return {
        "estimate": significant(correlation.estimate, 4),
        "standard_error": None if error is None else significant(error, 4),
        "sample": significant(correlation.sample, 4),
    }


def log_record(log: TransactionLog, window: Window, whole: Window | None) -> dict[str, object]:
    """Return what was fitted on, and on what it was scored."""
    return {
        "name": log.name,
        "sha256": log.sha256,
        "customers": window.history.customers,
        "first_day": log.first_day,
        "calibration_end": log.first_day + datetime.timedelta(days=window.end),
        "last_day": log.last_day,
        "repeat_purchases": window.repeat_purchases,
        "holdout_purchases": 0 if whole is None else whole.repeat_purchases - window.repeat_purchases,
        "notices": log.notices,
    }
