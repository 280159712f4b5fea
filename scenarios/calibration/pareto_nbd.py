"""Pareto/NBD: Gamma-distributed purchase rates; each customer leaves at a Gamma-distributed hazard, purchase or no
purchase.

Rate lambda ~ Gamma(r, rate alpha in weeks), dropout hazard mu ~ Gamma(s, rate beta in weeks), independent.
Sources: Schmittlein, Morrison and Colombo (1987); Fader and Hardie (2005), "A note on deriving the Pareto/NBD model".
The day of leaving is integrated numerically, which keeps 8 digits and more where the published hypergeometric form
overflows or loses all: many purchases, or hardly any dropout.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit, gammaln

from .maximum_likelihood import Fitted, Ratio, fit_positive
from .purchase_history import FloatArray, PurchaseHistory, RatePosterior

NAME = "pareto-nbd"
TITLE = "Pareto/NBD"
PARAMETERS = ("r", "alpha_weeks", "s", "beta_weeks")

_LARGEST_FALL = 40.0  # e^-40 is below the precision of a double
_MOST_PIECES = 64
_DROPOUT_NODES = 12
_ROUGH_ROWS = 300
_LARGEST_S = 100.0  # beyond it hazards differ too little between customers to be told from equal ones
_LIKELIHOOD_FREELY_GIVEN = 0.5  # log units, what one superfluous parameter gains on average


def fit(history: PurchaseHistory) -> Fitted:
    """Fit r, alpha (weeks), s and beta (weeks) by maximum likelihood.

    Where the log tells only the mean dropout hazard s / beta, s is held at 1 and the fit says so.
    """
    rows, counts = history.distinct()
    week = float(np.mean(history.age))
    rate = float(np.sum(history.repeats) / np.sum(history.age))
    step = 1 + rows.customers // _ROUGH_ROWS
    some, some_counts = rows.every(step), counts[::step]
    fitted = fit_positive(
        NAME,
        PARAMETERS,
        lambda parameters: float(counts @ log_likelihood(parameters, rows)),
        [
            *_search_for_rate(rate),
            Ratio(1e-3, _LARGEST_S, {"s": 1}),
            _search_for_hazard(week, {"s": 1, "beta_weeks": -1}),
        ],
        [(0.5, 0.4 / rate, 0.5, 0.4 * week), (1.0, 0.8 / rate, 0.1, week), (1.0, 0.8 / rate, 1.5, 6 * week)],
        customers=history.customers,
        rough=lambda parameters: float(some_counts @ log_likelihood(parameters, some)),
    )
    if not fitted.remarks:
        return fitted
    held = _fit_with_s_held(
        rows, counts, fitted, [*_search_for_rate(rate), _search_for_hazard(week, {"beta_weeks": -1})]
    )
    return held if held.log_likelihood > fitted.log_likelihood - _LIKELIHOOD_FREELY_GIVEN else fitted


def _search_for_rate(rate: float) -> list[Ratio]:
    return [Ratio(1e-4, 1e3, {"r": 1}), Ratio(1e-3 * rate, 1e3 * rate, {"r": 1, "alpha_weeks": -1})]


def _search_for_hazard(week: float, powers: dict[str, int]) -> Ratio:
    """Search the mean hazard from one that nobody in the log would meet to one that leaves nobody after a day."""
    return Ratio(1e-6 / week, 1e3 / week, powers)


def _fit_with_s_held(rows: PurchaseHistory, counts: FloatArray, free: Fitted, search: list[Ratio]) -> Fitted:
    """Fit the other parameters with s = 1, an exponential spread of hazards, from where the free fit ended."""
    r, alpha, s, beta = (float(value) for value in free.parameters)
    held = fit_positive(
        NAME,
        ("r", "alpha_weeks", "beta_weeks"),
        lambda parameters: float(counts @ log_likelihood(np.insert(parameters, 2, 1.0), rows)),
        search,
        [(r, alpha, beta / s)],
        customers=free.customers,
    )
    return Fitted(
        model=NAME,
        estimates={name: held.estimates.get(name, 1.0) for name in PARAMETERS},
        standard_errors={name: held.standard_errors.get(name) for name in PARAMETERS},
        log_likelihood=held.log_likelihood,
        customers=free.customers,
        remarks=(_why_s_is_held(free, held), *held.remarks),
    )


def _why_s_is_held(free: Fitted, held: Fitted) -> str:
    if any(remark.startswith("beta_weeks ran to the edge") for remark in held.remarks):
        return "no dropout can be seen: the mean hazard s / beta goes to zero, and s, held at 1, means nothing"
    hazard, gain = 1 / held.estimates["beta_weeks"], free.log_likelihood - held.log_likelihood
    return (
        f"s is held at 1: the log tells s / beta, a mean dropout hazard of {hazard:.2g} a week "
        f"({52 * hazard:.1%} a year), and not the two apart "
        f"(s free at {free.estimates['s']:.3g} gains {gain:.2f} log units)"
    )


def log_likelihood(parameters: FloatArray, history: PurchaseHistory) -> FloatArray:
    """Return each customer's log-likelihood (nats) of buying at exactly these times, then of the silence after them."""
    r, alpha, s, beta = (float(value) for value in parameters)
    stays, left = _log_stays_and_left(parameters, history)
    common = gammaln(r + history.repeats) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
    return np.asarray(common + np.logaddexp(stays, left), dtype=np.float64)


def expected_purchases(parameters: FloatArray, history: PurchaseHistory, weeks: float) -> FloatArray:
    """Return each customer's expected purchases in the `weeks` after the window, given its history."""
    r, alpha, s, beta = (float(value) for value in parameters)
    clock = beta + history.age
    growth = np.log1p(weeks / clock)
    # the integral of the survival over the weeks to come: (1 - e^{-(s-1) growth}) / (s-1), which is `growth` at s = 1
    gap = s - 1
    lived = growth if abs(gap) < 1e-8 else -np.expm1(-gap * growth) / gap
    rate = (r + history.repeats) / (alpha + history.age)
    return rate * clock * lived * probability_alive(parameters, history)


def probability_alive(parameters: FloatArray, history: PurchaseHistory) -> FloatArray:
    """Return the probability that each customer still buys at the end of the window."""
    stays, left = _log_stays_and_left(parameters, history)
    return np.asarray(expit(stays - left), dtype=np.float64)


def rate_posterior(parameters: FloatArray, history: PurchaseHistory) -> RatePosterior:
    """Return what each customer's history says of its purchase rate: watched until the end, or until it left.

    The unknown day of leaving is integrated by Gauss-Legendre nodes between the last purchase and the window's end.
    """
    r, alpha, s, beta = (float(value) for value in parameters)
    nodes, node_weights = np.polynomial.legendre.leggauss(_DROPOUT_NODES)
    silence = history.age - history.recency
    times = history.recency[:, None] + silence[:, None] * (nodes + 1) / 2
    shape = r + history.repeats
    density = -(s + 1) * np.log(beta + times) - shape[:, None] * np.log(alpha + times)
    mass = np.exp(density - density.max(axis=1, keepdims=True)) * node_weights
    alive = probability_alive(parameters, history)[:, None]
    weights = np.concatenate([alive, (1 - alive) * mass / mass.sum(axis=1, keepdims=True)], axis=1)
    return RatePosterior(shape, np.concatenate([(alpha + history.age)[:, None], alpha + times], axis=1), weights)


def _log_stays_and_left(parameters: FloatArray, history: PurchaseHistory) -> tuple[FloatArray, FloatArray]:
    """Return the log weights of "still a customer" and of "left between the last purchase and the window's end".

    The second is log of s times the integral over t, recency to age, of (alpha + t)^-(r + repeats) (beta + t)^-(s + 1).
    """
    r, alpha, s, beta = (float(value) for value in parameters)
    power = r + history.repeats
    stays = -power * np.log(alpha + history.age) - s * np.log(beta + history.age)
    dropout = np.full_like(power, s + 1)
    if alpha <= beta:
        integral = _log_integral(alpha, power, beta, dropout, history)
    else:
        integral = _log_integral(beta, dropout, alpha, power, history)
    return stays, np.log(s) + integral


def _log_integral(
    near: float, near_power: FloatArray, far: float, far_power: FloatArray, history: PurchaseHistory
) -> FloatArray:
    """Return log of the integral of (near + t)^-near_power (far + t)^-far_power from recency to age, for near <= far.

    In w = log((near + t) / (near + recency)) the integrand falls ever faster and is smooth. Gauss-Legendre nodes on
    pieces that span at most 4 in w and a fall by e^8 give 8 digits at worst, mostly 12; what lies beyond a fall by
    e^40 is left out.
    """
    start_near, start_far = near + history.recency, far + history.recency
    whole = np.log((near + history.age) / start_near)
    slope = near_power - 1 + far_power * start_near / start_far
    reach = np.where(slope * whole > _LARGEST_FALL, _LARGEST_FALL / np.maximum(slope, 1e-300), whole)
    end_near = start_near * np.exp(reach)
    steepest = near_power - 1 + far_power * end_near / (end_near + (far - near))
    pieces = np.clip(np.ceil(reach * np.maximum(steepest / 8, 0.25)), 1, _MOST_PIECES)
    total = np.zeros_like(whole)
    for piece in range(int(pieces.max())):
        rows = pieces > piece
        width = (reach[rows] / pieces[rows])[:, None]
        w = width * (piece + _NODES)
        grown = start_near[rows, None] * np.expm1(w)  # how far t has moved from recency
        fall = (near_power[rows, None] - 1) * w + far_power[rows, None] * np.log1p(grown / start_far[rows, None])
        total[rows] += (width * np.exp(-fall)) @ _NODE_WEIGHTS
    with np.errstate(divide="ignore"):
        return (1 - near_power) * np.log(start_near) - far_power * np.log(start_far) + np.log(total)


def _unit_nodes(count: int) -> tuple[FloatArray, FloatArray]:
    """Return Gauss-Legendre nodes and weights on the interval from 0 to 1."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return (nodes + 1) / 2, weights / 2


_NODES, _NODE_WEIGHTS = _unit_nodes(16)
