"""Maximum likelihood for positive parameters, with standard errors; serves every model that is fitted to a log.

All parameters are positive, so the search runs over logarithms: of shapes and of ratios such as the mean purchase rate
r / alpha, which a log tells nearly independently of each other. Each lies in a box that stands for "has run away": a
value on its edge has no finite best value, and the fit says so instead of reporting a number as found.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from .purchase_history import FloatArray

Matrix = NDArray[np.float64]
Loss = Callable[[FloatArray], float]

_HESSIAN_STEP = 2e-3
_GRADIENT_STEP = 5e-4
_POLISHING_STEPS = 4
_FIRST_ITERATIONS = 15
_MOST_ITERATIONS = 500
_HARDLY_KNOWN = 2.0  # standard error over estimate


@dataclass(frozen=True)
class Fitted:
    """A model fitted by maximum likelihood: estimates, their standard errors (None = not to be had), log-likelihood
    (nats).
    """

    model: str
    estimates: dict[str, float]
    standard_errors: dict[str, float | None]
    log_likelihood: float
    customers: int
    remarks: tuple[str, ...] = ()

    @property
    def parameters(self) -> FloatArray:
        """The estimates as an array, in the order of the model's PARAMETERS."""
        return np.array(list(self.estimates.values()))

    def interval(self, name: str, *, deviations: float = 1.96) -> tuple[float, float] | None:
        """Return the confidence interval of one parameter, symmetric on the log scale; None without a standard
        error.
        """
        error = self.standard_errors[name]
        if error is None:
            return None
        estimate = self.estimates[name]
        factor = math.exp(min(deviations * error / estimate, 500.0))
        return estimate / factor, estimate * factor


@dataclass(frozen=True)
class Ratio:
    """What one step of the search multiplies: parameters by name with their powers, searched from `low` to `high`.

    `Ratio(1e-4, 1e3, {"r": 1})` is the parameter r; `Ratio(low, high, {"r": 1, "alpha_weeks": -1})` is the ratio
    r / alpha_weeks.
    """

    low: float
    high: float
    powers: dict[str, int]


@dataclass(frozen=True)
class _Space:
    """The logarithms that are searched, and the matrix that turns them into the logarithms of the parameters."""

    names: tuple[str, ...]
    to_parameters: Matrix
    low: FloatArray
    high: FloatArray

    def parameters(self, point: FloatArray) -> FloatArray:
        return np.exp(self.to_parameters @ point)

    def on_edge(self, point: FloatArray) -> NDArray[np.bool_]:
        return (point - self.low < 1e-3) | (self.high - point < 1e-3)


def fit_positive(
    model: str,
    names: Sequence[str],
    log_likelihood: Callable[[FloatArray], float],
    search: Sequence[Ratio],
    starts: Iterable[Sequence[float]],
    *,
    customers: int,
    rough: Callable[[FloatArray], float] | None = None,
) -> Fitted:
    """Maximise a log-likelihood over positive parameters from several starts and return the best point found.

    `search` has one ratio a parameter, `starts` are values of the parameters. `rough` is the log-likelihood of a part
    of the log, on which the starts compete; without it they do on the whole. Standard errors are the delta method's on
    the inverse of the numerical Hessian in logarithms (Cox and Hinkley, 1974); what ends on an edge is held there and
    gets none.
    """
    space = _space(names, search)
    loss = _loss(log_likelihood, space, customers)
    rough_loss = loss if rough is None else _loss(rough, space, customers)
    inverse: Matrix = np.linalg.inv(space.to_parameters).astype(np.float64)
    tries = [
        _descend(rough_loss, inverse @ np.log(np.array(start, dtype=np.float64)), space, _FIRST_ITERATIONS)
        for start in starts
    ]
    best = min(tries, key=lambda found: found[0])[1]
    point = _polish(loss, _descend(loss, best, space, _MOST_ITERATIONS)[1], space)
    errors, on_edge = _log_standard_errors(loss, point, space, customers)
    estimates = dict(zip(names, (float(value) for value in space.parameters(point)), strict=True))
    standard_errors = {
        name: None if error is None else estimates[name] * error for name, error in zip(names, errors, strict=True)
    }
    remarks = _remarks(estimates, dict(zip(names, on_edge, strict=True)), standard_errors)
    return Fitted(model, estimates, standard_errors, -loss(point) * customers, customers, remarks)


def _space(names: Sequence[str], search: Sequence[Ratio]) -> _Space:
    powers = np.array([[float(ratio.powers.get(name, 0)) for name in names] for ratio in search])
    low = np.log(np.array([ratio.low for ratio in search], dtype=np.float64))
    high = np.log(np.array([ratio.high for ratio in search], dtype=np.float64))
    return _Space(tuple(names), np.linalg.inv(powers), low, high)


def _loss(log_likelihood: Callable[[FloatArray], float], space: _Space, customers: int) -> Loss:
    """Return minus the log-likelihood a customer, so that tolerances mean the same for every size of log."""

    def loss(point: FloatArray) -> float:
        value = -log_likelihood(space.parameters(point)) / customers
        return value if math.isfinite(value) else 1e10

    return loss


def _descend(loss: Loss, start: FloatArray, space: _Space, iterations: int) -> tuple[float, FloatArray]:
    found = minimize(
        loss,
        np.clip(start, space.low, space.high),
        method="L-BFGS-B",
        jac="3-point",
        bounds=list(zip(space.low, space.high, strict=True)),
        options={"ftol": 1e-12, "gtol": 1e-7, "maxiter": iterations},
    )
    return float(found.fun), np.asarray(found.x, dtype=np.float64)


def _polish(loss: Loss, point: FloatArray, space: _Space) -> FloatArray:
    """Take a few Newton steps, which end the slow last metres of a quasi-Newton search."""
    best = loss(point)
    for _ in range(_POLISHING_STEPS):
        if space.on_edge(point).any():
            return point
        gradient = _gradient(loss, point)
        if float(np.abs(gradient).max()) < 1e-9:
            return point
        try:
            candidate = np.clip(point - np.linalg.solve(_hessian(loss, point), gradient), space.low, space.high)
        except np.linalg.LinAlgError:
            return point
        value = loss(candidate)
        if not value < best:
            return point
        point, best = candidate, value
    return point


def _gradient(loss: Loss, point: FloatArray) -> FloatArray:
    steps = np.eye(len(point)) * _GRADIENT_STEP
    return np.array([(loss(point + step) - loss(point - step)) / (2 * _GRADIENT_STEP) for step in steps])


def _hessian(loss: Loss, point: FloatArray) -> Matrix:
    size = len(point)
    steps = np.eye(size) * _HESSIAN_STEP
    centre = loss(point)
    hessian = np.empty((size, size))
    for i in range(size):
        hessian[i, i] = (loss(point + steps[i]) - 2 * centre + loss(point - steps[i])) / _HESSIAN_STEP**2
        for j in range(i):
            cross = loss(point + steps[i] + steps[j]) - loss(point + steps[i] - steps[j])
            cross += loss(point - steps[i] - steps[j]) - loss(point - steps[i] + steps[j])
            hessian[i, j] = hessian[j, i] = cross / (4 * _HESSIAN_STEP**2)
    return hessian


def _log_standard_errors(
    loss: Loss, point: FloatArray, space: _Space, customers: int
) -> tuple[list[float | None], list[bool]]:
    """Return standard errors of the log-parameters, None where an edge holds one or the Hessian is not positive; the
    edges.
    """
    edge = space.on_edge(point)
    held = [bool(value) for value in (np.abs(space.to_parameters) @ edge) > 0]
    nothing: list[float | None] = [None] * len(point)
    free = np.flatnonzero(~edge)
    if not len(free):
        return nothing, held
    information = _hessian(loss, point)[np.ix_(free, free)] * customers
    try:
        np.linalg.cholesky(information)
        covariance = np.linalg.inv(information)
    except np.linalg.LinAlgError:
        return nothing, held
    part = space.to_parameters[:, free]
    variance = np.diag(part @ covariance @ part.T)
    return [None if is_held else math.sqrt(value) for value, is_held in zip(variance, held, strict=True)], held


def _remarks(
    estimates: dict[str, float], on_edge: dict[str, bool], standard_errors: dict[str, float | None]
) -> tuple[str, ...]:
    """Say which parameters the log does not tell, or hardly."""
    found = []
    for name, estimate in estimates.items():
        error = standard_errors[name]
        if on_edge[name]:
            found.append(f"{name} ran to the edge of the search ({estimate:.3g}): the log does not identify it")
        elif error is None:
            found.append(f"{name} has no standard error: the likelihood is flat around the estimate")
        elif error > _HARDLY_KNOWN * estimate:
            found.append(
                f"{name} is hardly identified: its standard error is {error / estimate:.0f} times the estimate"
            )
    return tuple(found)
