"""NBD: customers buy at Gamma-distributed rates and never leave; the yardstick that shows what dropout explains.

Rate lambda ~ Gamma(r, rate alpha in weeks); purchases of a customer are Poisson (Ehrenberg, 1959).
"""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln

from .maximum_likelihood import Fitted, Ratio, fit_positive
from .purchase_history import FloatArray, PurchaseHistory, RatePosterior

NAME = "nbd"
TITLE = "NBD (no dropout)"
PARAMETERS = ("r", "alpha_weeks")


def fit(history: PurchaseHistory) -> Fitted:
    """Fit r and alpha (weeks) by maximum likelihood."""
    rows, counts = history.distinct()
    rate = float(np.sum(history.repeats) / np.sum(history.age))
    return fit_positive(
        NAME,
        PARAMETERS,
        lambda parameters: float(counts @ log_likelihood(parameters, rows)),
        [Ratio(1e-4, 1e3, {"r": 1}), Ratio(1e-3 * rate, 1e3 * rate, {"r": 1, "alpha_weeks": -1})],
        [(0.5, 0.5 / rate), (2.0, 2.0 / rate)],
        customers=history.customers,
    )


def log_likelihood(parameters: FloatArray, history: PurchaseHistory) -> FloatArray:
    """Return each customer's log-likelihood (nats) of buying at exactly these times (Fader and Hardie, 2005)."""
    r, alpha = (float(value) for value in parameters)
    x = history.repeats
    return gammaln(r + x) - gammaln(r) - r * np.log1p(history.age / alpha) - x * np.log(alpha + history.age)


def expected_purchases(parameters: FloatArray, history: PurchaseHistory, weeks: float) -> FloatArray:
    """Return each customer's expected purchases in the `weeks` after the window, given its history."""
    r, alpha = (float(value) for value in parameters)
    return (r + history.repeats) / (alpha + history.age) * weeks


def rate_posterior(parameters: FloatArray, history: PurchaseHistory) -> RatePosterior:
    """Return what each customer's history says of its purchase rate: Gamma(r + repeats, alpha + age)."""
    r, alpha = (float(value) for value in parameters)
    one = np.ones((history.customers, 1))
    return RatePosterior(r + history.repeats, (alpha + history.age)[:, None], one)
