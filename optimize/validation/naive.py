"""The naive simulator: gamma-Poisson visit days anywhere in the window, and log-normal amounts.

Serves the validation, as what the fitted market must beat: no rhythm, no drift, nobody enters or leaves.
"""

from __future__ import annotations

import datetime

import numpy as np

from memberlab.scenarios import calibration


def simulate_naive(
    training: calibration.VisitLog, customers: int, first_day: datetime.date, days: int, seed: int
) -> calibration.VisitLog:  # fmt: skip
    """Return a log of `customers` naive customers; rates and amounts have the moments of the training log."""
    generator = np.random.default_rng(seed)
    visits = training.visits_each().astype(np.float64)
    mean, variance = visits.mean(), visits.var()
    excess = max(variance - mean, 1e-9 * mean)
    rates = generator.gamma(mean**2 / excess, excess / mean, customers) * days / training.days
    number = np.minimum(generator.poisson(rates), days)
    customer = np.repeat(np.arange(customers), number)
    day = np.concatenate([generator.choice(days, count, replace=False) for count in number])
    order = np.lexsort((day, customer))
    within, between = calibration.spend_variances(training) or (0.0, 0.0)
    level = np.log(training.paid[training.paid > 0]).mean()
    own = level + generator.normal(0, between**0.5, customers)
    paid = np.exp(own[customer] + generator.normal(0, within**0.5, len(customer)))
    return calibration.VisitLog(customers, first_day, days, customer, day[order], paid)
