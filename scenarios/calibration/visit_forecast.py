"""Each customer's expected visits after the window, given its own visits week by week: the fitted model's posterior.

Serves the validation, which holds it against what came, and whoever starts a market from real members. The log rate of
a customer is its own permanent part (log-gamma) plus drift (normal, triangular covariances); weekly visits are binomial
over the days. The posterior is taken at its mode with a normal around it (Laplace), as the density is log-concave.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .base_process import BaseProcess
from .process_simulation import calendar_multipliers, simulate_log
from .rate_drift import kernels
from .silences import Silences, longest_by_chance, silence_at_the_end
from .visit_log import WEEK, FloatArray, VisitLog

MOST_WEEKS = 104
"""Weeks of history that are looked at; older ones say little of a rate that drifts."""

STEPS = 30
JITTER = 1e-3
"""Newton steps, and the variance that each week's drift has of its own, which keeps the covariance invertible."""

TOGETHER = 500
"""Customers whose posteriors are computed in one go."""


@dataclass(frozen=True)
class Posterior:
    """Expected visits after the window and log evidence of what was seen, customer by customer (shape: customers)."""

    expected: FloatArray
    evidence: FloatArray


def forecast_visits(
    process: BaseProcess, silences: Silences, log: VisitLog, weeks: int, *, seed: int = 1
) -> FloatArray:  # fmt: skip
    """Return each customer's expected visits in the `weeks` after the window (shape: customers).

    `log` has whole weeks. Whether a customer entered only with its first visit, or fell silent after its last, is
    weighed by the evidence and by how often customers do; who is silent comes back as `silences` says.
    """
    log = log.between(max(log.weeks - MOST_WEEKS, 0) * WEEK, log.weeks * WEEK)
    counts = log.weekly_counts()
    dispersion = chance_of_weeks(process, log, seed)
    after = calendar_multipliers(process.visits, log.first_day, (log.weeks + weeks) * WEEK)
    calendar = after.reshape(-1, WEEK).mean(axis=1)
    came = counts.sum(axis=1) > 0
    first = np.where(came, np.argmax(counts > 0, axis=1), 0)
    last = np.where(came, log.weeks - 1 - np.argmax(counts[:, ::-1] > 0, axis=1), log.weeks - 1)
    number = np.arange(log.weeks)
    late = 1 - (1 - process.visits.late) * np.ones(log.customers)
    silent = max(silences.falling_silent, process.visits.leaving)
    left = -np.expm1(-silent * (log.weeks - 1 - last))
    long_silent = np.where(came, (silence_at_the_end(log) - longest_by_chance(log)) / WEEK, 0.0)
    back = silences.active_share(np.maximum(long_silent, 0.0), weeks)
    total, weight = np.zeros(log.customers), np.full(log.customers, -np.inf)
    for enters_late in (False, True):
        for has_left in (False, True):
            prior = np.where(enters_late, late / max(log.weeks, 1), 1 - late) * np.where(has_left, left, 1 - left)
            use = (prior > 0) & (came | (not enters_late and not has_left))
            if enters_late:
                use &= first > 0
            if not use.any():
                continue
            exposed = np.ones(counts.shape, dtype=bool)
            if enters_late:
                exposed &= number >= first[:, None]
            if has_left:
                exposed &= number <= last[:, None]
            found = _posterior(process, counts[use], exposed[use], calendar, dispersion, weeks)
            evidence = found.evidence + np.log(prior[use])
            joint = np.logaddexp(weight[use], evidence)
            expected = found.expected * (back[use] if has_left else 1.0)
            total[use] = total[use] * np.exp(weight[use] - joint) + expected * np.exp(evidence - joint)
            weight[use] = joint
    return total


def chance_of_weeks(process: BaseProcess, log: VisitLog, seed: int) -> float:
    """Return the variance of weekly visits over the binomial one when rates do not drift: what habits leave of chance.

    Taken of a simulated log of the process without drift, late entry and leaving.
    """
    steady = replace(process, visits=replace(process.visits, drift=(), leaving=0.0, late=0.0))
    made = simulate_log(steady, 2000, log.first_day, log.weeks * WEEK, seed)
    counts = made.weekly_counts()
    index = counts.mean(axis=0) / counts.mean()
    mean = counts.mean(axis=1, keepdims=True) * index
    regular = counts.sum(axis=1) >= 3
    binomial = mean * (1 - np.minimum(mean / WEEK, 0.99))
    ratio = ((counts - mean) ** 2)[regular].sum() / binomial[regular].sum() * log.weeks / (log.weeks - 1)
    return float(np.clip(ratio, 0.2, 2.0))


def _posterior(
    process: BaseProcess, counts: FloatArray, exposed: NDArray[np.bool_], calendar: FloatArray, dispersion: float,
    weeks: int,
) -> Posterior:  # fmt: skip
    """Return posteriors given the weeks in which each customer was there (shape of `counts`)."""
    seen = counts.shape[1]
    covariance = _covariance(process, seen + weeks)
    known, cross = covariance[:seen, :seen], covariance[seen:, :seen]
    precision = np.asarray(np.linalg.inv(known), dtype=np.float64)
    pull = cross @ precision
    rest = np.maximum(np.diag(covariance)[seen:] - (pull * cross).sum(axis=1), 0.0)
    parts = [
        _part(process, counts[k : k + TOGETHER], exposed[k : k + TOGETHER], calendar, dispersion, precision, pull, rest)
        for k in range(0, len(counts), TOGETHER)
    ]
    return Posterior(np.concatenate([one.expected for one in parts]), np.concatenate([one.evidence for one in parts]))


def _covariance(process: BaseProcess, weeks: int) -> FloatArray:
    """Return the covariance of log drift between weeks (shape: weeks, weeks)."""
    blocks = tuple(block for block, _ in process.visits.drift)
    variances = np.asarray([spread**2 for _, spread in process.visits.drift])
    lags = np.concatenate([[variances.sum()], kernels(blocks, weeks) @ variances])[:weeks]
    distance = np.abs(np.arange(weeks)[:, None] - np.arange(weeks)[None, :])
    return np.asarray(lags[distance] + JITTER * np.eye(weeks))


def _part(
    process: BaseProcess, counts: FloatArray, exposed: NDArray[np.bool_], calendar: FloatArray, dispersion: float,
    precision: FloatArray, pull: FloatArray, rest: FloatArray,
) -> Posterior:  # fmt: skip
    customers, seen = counts.shape
    shape, mean_log = process.visits.shape, np.log(process.visits.rate)
    variance = sum(spread**2 for _, spread in process.visits.drift)
    offset = np.log(np.maximum(calendar, 1e-6)) - variance / 2
    own = np.log((counts.sum(axis=1) + shape) / (exposed.sum(axis=1) * WEEK + shape / process.visits.rate))
    state = np.concatenate([own[:, None], np.zeros((customers, seen))], axis=1)
    full = np.zeros((seen + 1, seen + 1))
    full[1:, 1:] = precision
    design = np.concatenate([np.ones((seen, 1)), np.eye(seen)], axis=1)
    for _ in range(STEPS):
        slope, bend, _ = _likelihood(state, counts, exposed, offset[:seen], dispersion)
        scaled = shape * np.exp(state[:, 0] - mean_log)
        gradient = slope @ design - state @ full
        gradient[:, 0] += shape - scaled
        curvature = full[None] + np.einsum("ct,ti,tj->cij", bend, design, design, optimize=True)
        curvature[:, 0, 0] += scaled
        move = np.linalg.solve(curvature, gradient[:, :, None])[:, :, 0]
        move *= np.minimum(1.0, 2.0 / np.maximum(np.abs(move).max(axis=1, keepdims=True), 1e-12))
        state = state + move
        if np.abs(move).max() < 1e-6:
            break
    _, _, likelihood = _likelihood(state, counts, exposed, offset[:seen], dispersion)
    prior = shape * (state[:, 0] - mean_log) - shape * np.exp(state[:, 0] - mean_log)
    prior -= ((state @ full) * state).sum(axis=1) / 2
    evidence = likelihood + prior - np.linalg.slogdet(curvature)[1] / 2
    inverse = np.linalg.inv(curvature)
    read = np.concatenate([np.ones((len(pull), 1)), pull], axis=1)
    centre = (state + _mean_less_mode(state, inverse, exposed, offset[:seen], dispersion, scaled)) @ read.T
    centre += offset[seen:]
    width = np.einsum("hi,cij,hj->ch", read, inverse, read, optimize=True) + rest
    expected = np.zeros(customers)
    for node, weight in zip(*np.polynomial.hermite_e.hermegauss(7), strict=True):
        hazard = np.exp(centre + node * np.sqrt(width))
        expected -= weight * WEEK * np.expm1(-hazard).sum(axis=1)
    return Posterior(expected / np.sqrt(2 * np.pi), np.asarray(evidence))


def _mean_less_mode(
    state: FloatArray, inverse: FloatArray, exposed: NDArray[np.bool_], offset: FloatArray, dispersion: float,
    scaled: FloatArray,
) -> FloatArray:  # fmt: skip
    """Return by how much the posterior mean differs from its mode: the density of a log rate leans to the left.

    First-order correction by third derivatives (Tierney and Kadane, 1986), without which forecasts come out too high.
    """
    none = np.zeros(exposed.shape)
    step = 1e-3
    own = np.append(1.0, np.zeros(len(offset)))
    up, down = (_likelihood(state + sign * own, none, exposed, offset, dispersion)[1]
                for sign in (step, -step))  # fmt: skip
    third = (up - down) / (2 * step)
    diagonal = np.diagonal(inverse, axis1=1, axis2=2)
    spread = diagonal[:, 1:] + diagonal[:, :1] + 2 * inverse[:, 0, 1:]
    lean = third * spread
    pull = np.concatenate([(lean.sum(axis=1) + scaled * diagonal[:, 0])[:, None], lean], axis=1)
    return np.asarray(-np.einsum("cij,cj->ci", inverse, pull) / 2)


def _likelihood(
    state: FloatArray, counts: FloatArray, exposed: NDArray[np.bool_], offset: FloatArray, dispersion: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return slope, curvature (positive) and value of the log likelihood by log hazard (shape of counts; customers)."""
    hazard = np.exp(np.clip(state[:, :1] + state[:, 1:] + offset, -30.0, 3.5))
    come = np.maximum(-np.expm1(-hazard), 1e-300)
    ratio = hazard * np.exp(-hazard) / come
    visits = np.minimum(counts, WEEK)
    slope = visits * ratio - (WEEK - visits) * hazard
    information = WEEK * ratio * hazard  # expected, which keeps every step downhill
    value = visits * np.log(come) - (WEEK - visits) * hazard
    weight = exposed / dispersion
    return slope * weight, information * weight, (value * weight).sum(axis=1)
