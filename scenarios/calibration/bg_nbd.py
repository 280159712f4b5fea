"""BG/NBD: Gamma-distributed purchase rates; after each purchase a customer leaves with a Beta-distributed probability.

Rate lambda ~ Gamma(r, rate alpha in weeks), chance of leaving after a repeat purchase ~ Beta(a, b).
Source of all formulas: Fader, Hardie and Lee (2005), "Counting your customers" the easy way; rewritten so that no term
overflows for customers with hundreds of purchases.
"""

from __future__ import annotations

import numpy as np
from scipy.special import betaln, expit, gammaln, hyp2f1

from .maximum_likelihood import Fitted, Ratio, fit_positive
from .purchase_history import FloatArray, PurchaseHistory, RatePosterior

NAME = "bg-nbd"
TITLE = "BG/NBD"
PARAMETERS = ("r", "alpha_weeks", "a", "b")


def fit(history: PurchaseHistory) -> Fitted:
    """Fit r, alpha (weeks), a and b by maximum likelihood."""
    rows, counts = history.distinct()
    rate = float(np.sum(history.repeats) / np.sum(history.age))
    search = [
        Ratio(1e-4, 1e3, {"r": 1}),
        Ratio(1e-3 * rate, 1e3 * rate, {"r": 1, "alpha_weeks": -1}),
        Ratio(1e-4, 1e3, {"a": 1}),
        Ratio(1e-6, 1e3, {"a": 1, "b": -1}),
    ]
    return fit_positive(
        NAME,
        PARAMETERS,
        lambda parameters: float(counts @ log_likelihood(parameters, rows)),
        search,
        [(0.3, 0.2 / rate, 0.8, 2.5), (1.0, 0.8 / rate, 0.1, 2.0), (1.0, 0.8 / rate, 2.0, 40.0)],
        customers=history.customers,
    )


def log_likelihood(parameters: FloatArray, history: PurchaseHistory) -> FloatArray:
    """Return each customer's log-likelihood (nats) of buying at exactly these times, then of the silence after them."""
    r, alpha, a, b = (float(value) for value in parameters)
    stays, leaves = _log_stays_and_leaves(parameters, history)
    common = gammaln(r + history.repeats) - gammaln(r) + r * np.log(alpha) - betaln(a, b)
    return np.asarray(common + np.logaddexp(stays, leaves), dtype=np.float64)


def expected_purchases(parameters: FloatArray, history: PurchaseHistory, weeks: float) -> FloatArray:
    """Return each customer's expected purchases in the `weeks` after the window, given its history.

    Equation 10 of the source after Euler's transformation of the hypergeometric function, which cancels the large
    powers; where all customers leave with nearly the same chance (a and b in the hundreds) that overflows, and the
    equation as it stands does not.
    """
    r, alpha, a, b = (float(value) for value in parameters)
    if abs(a - 1) < 1e-5:  # a removable singularity: the mean of both sides of it
        sides = [expected_purchases(np.array([r, alpha, 1 + step, b]), history, weeks) for step in (-2e-5, 2e-5)]
        return (sides[0] + sides[1]) / 2
    x = history.repeats
    shrink = weeks / (alpha + history.age + weeks)
    with np.errstate(over="ignore", invalid="ignore"):
        lasting = (1 - shrink) ** (a - 1) * hyp2f1(a + b - 1 - r, a - 1, a + b + x - 1, shrink)
        as_it_stands = (1 - shrink) ** (r + x) * hyp2f1(r + x, b + x, a + b + x - 1, shrink)
    lasting = np.where(np.isfinite(lasting), lasting, as_it_stands)
    if_alive = (a + b + x - 1) / (a - 1) * (1 - lasting)
    return if_alive * probability_alive(parameters, history)


def probability_alive(parameters: FloatArray, history: PurchaseHistory) -> FloatArray:
    """Return the probability that each customer still buys at the end of the window; 1 without repeat purchases."""
    stays, leaves = _log_stays_and_leaves(parameters, history)
    return np.asarray(expit(stays - leaves), dtype=np.float64)


def rate_posterior(parameters: FloatArray, history: PurchaseHistory) -> RatePosterior:
    """Return what each customer's history says of its purchase rate: watched until the end, or until it left."""
    r, alpha, _, _ = (float(value) for value in parameters)
    alive = probability_alive(parameters, history)
    rates = np.stack([alpha + history.age, alpha + history.recency], axis=1)
    return RatePosterior(r + history.repeats, rates, np.stack([alive, 1 - alive], axis=1))


def _log_stays_and_leaves(parameters: FloatArray, history: PurchaseHistory) -> tuple[FloatArray, FloatArray]:
    """Return the log weights of "still a customer" and of "left with the last purchase" (never, without a repeat)."""
    r, alpha, a, b = (float(value) for value in parameters)
    x = history.repeats
    stays = betaln(a, b + x) - (r + x) * np.log(alpha + history.age)
    left = betaln(a + 1, b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + history.recency)
    return stays, np.where(x > 0, left, -np.inf)
