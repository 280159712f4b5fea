"""Gamma-Gamma: what customers spend at a purchase, and how much of the difference between them is lasting.

An amount is Gamma(p, rate nu), a customer's nu ~ Gamma(q, rate v), v in currency units; independent of the purchase
rate. Source: Fader and Hardie (2013), "The Gamma-Gamma model of monetary value", after Colombo and Jiang (1999).
"""

from __future__ import annotations

import numpy as np
from scipy.special import betaln

from .maximum_likelihood import Fitted, Ratio, fit_positive
from .purchase_history import FloatArray, SpendHistory

NAME = "gamma-gamma"
TITLE = "Gamma-Gamma"
PARAMETERS = ("p", "q", "v")


def fit(spend: SpendHistory) -> Fitted:
    """Fit p, q and v (currency units) by maximum likelihood."""
    mean = float(np.average(spend.mean_amount, weights=spend.purchases))
    return fit_positive(
        NAME,
        PARAMETERS,
        lambda parameters: float(np.sum(log_likelihood(parameters, spend))),
        [
            Ratio(1e-3, 1e4, {"p": 1}),
            Ratio(1e-3, 1e4, {"q": 1}),
            Ratio(1e-3 * mean, 1e3 * mean, {"p": 1, "v": 1, "q": -1}),
        ],
        [(p, q, mean * (q - 1) / p) for p, q in ((1.0, 3.0), (5.0, 4.0), (2.0, 20.0))],
        customers=spend.customers,
    )


def log_likelihood(parameters: FloatArray, spend: SpendHistory) -> FloatArray:
    """Return the log density (nats) of each customer's mean amount, given how many purchases it is the mean of."""
    p, q, v = (float(value) for value in parameters)
    shape = p * spend.purchases
    total = spend.purchases * spend.mean_amount
    share = v / (v + total)
    return shape * np.log1p(-share) + q * np.log(share) - np.log(spend.mean_amount) - betaln(shape, q)


def expected_amount(parameters: FloatArray, spend: SpendHistory) -> FloatArray:
    """Return each customer's expected amount a purchase (currency units), given its history; needs q > 1."""
    p, q, v = (float(value) for value in parameters)
    return p * (v + spend.purchases * spend.mean_amount) / (p * spend.purchases + q - 1)


def population_mean(parameters: FloatArray) -> float:
    """Return the mean amount a purchase over all customers (currency units); infinite when q <= 1."""
    p, q, v = (float(value) for value in parameters)
    return p * v / (q - 1) if q > 1 else float("inf")
