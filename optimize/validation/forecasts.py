"""Forecasts of each held-out customer's visits in the last weeks from those before, by the model and by simpler rules.

Serves the validation: what is known of customers in the training weeks has to tell the weeks that no fit has seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memberlab.scenarios import calibration

HALF_LIFE = 45.0
"""Days after which a visit counts half in the rate that weighs recent ones more."""

GROUPS = 10
MODEL = "memberlab"

Visits = NDArray[np.float64]
Log = calibration.VisitLog


@dataclass(frozen=True)
class VisitForecast:
    """One forecast of visits a customer and its scores; `groups` are mean forecast and mean visits by tenths of it."""

    name: str
    root_mean_square_error: float
    correlation: float
    bias: float
    calibration_error: float
    groups: tuple[tuple[float, float], ...]


def forecast_all(
    process: calibration.BaseProcess, training: Log, seen: Log, actual: Visits, weeks: int
) -> tuple[VisitForecast, ...]:
    """Return the scores of the model and of simpler forecasts for customers `seen` in the training weeks.

    `training` are other customers in the same weeks; `actual` visits came in the `weeks` after them.
    """
    share = weeks * 7 / seen.days
    visits = seen.visits_each().astype(np.float64)
    others = training.visits_each().astype(np.float64)
    age = seen.days - seen.day
    recent = np.bincount(seen.customer, 0.5 ** (age / HALF_LIFE), minlength=seen.customers)
    recent = recent / (0.5 ** (np.arange(1, seen.days + 1) / HALF_LIFE)).sum() * weeks * 7
    shape = others.mean() ** 2 / max(others.var() - others.mean(), 1e-9)
    posterior = (visits + shape) / (1 + shape / others.mean()) * share
    expected: Mapping[str, Visits] = {
        "mean of the training customers": np.full(seen.customers, others.mean() * share),
        "own rate": visits * share,
        "NBD posterior mean": posterior,
        f"own rate, half-life {HALF_LIFE:g} days": recent,
        MODEL: calibration.forecast_visits(process, calibration.fit_silences(training), seen, weeks),
    }
    return tuple(score(name, forecast, actual) for name, forecast in expected.items())


def score(name: str, expected: Visits, actual: Visits) -> VisitForecast:
    """Return the scores of one forecast; its calibration error is the mean absolute one over tenths of customers."""
    order = np.argsort(expected, kind="stable")
    groups = [(float(expected[part].mean()), float(actual[part].mean())) for part in np.array_split(order, GROUPS)]
    varies = np.ptp(expected) > 0 and np.ptp(actual) > 0
    return VisitForecast(
        name=name,
        root_mean_square_error=float(np.sqrt(np.mean((expected - actual) ** 2))),
        correlation=float(np.corrcoef(expected, actual)[0, 1]) if varies else 0.0,
        bias=float(expected.mean() / actual.mean() - 1),
        calibration_error=float(np.mean([abs(forecast - came) for forecast, came in groups])),
        groups=tuple(groups),
    )
