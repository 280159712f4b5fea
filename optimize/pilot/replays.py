"""The planned pilot, played many times: what it would find, beside the truth that it cannot see.

Serves pilot planning. In each replay the pilot's shoppers are drawn from the pool with replacement, and the first of
them get the candidate: drawn independently, any of them might have been any other, so that is random assignment. Each
shopper is then read in its own arm only, as the shop would see it. Drawing anew, and not assigning the same shoppers
again and again, gives the variance that holds beyond the shoppers at hand, S1**2 / n1 + S0**2 / n0; assigning a fixed
list anew would vary less by the variance of the effect over all of it (Neyman, 1923; Imbens and Rubin, 2015, ch. 6).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ..execution import Steps
from .twin_outcomes import ArmOutcome, FloatArray, TwinOutcomes

BATCH = 250
"""Replays that are one piece of work; what is drawn depends on the batch's number and on nothing else."""

ROWS = 25
"""Replays that are added up at once."""

METHODS = ("plain", "adjusted")
"""How a pilot is read: the difference of its arms, and the same adjusted by prior spend."""

DRAWS_A_PLACE = 8
"""Draws for each shopper of the pool from which on counts are drawn instead of places."""


@dataclass(frozen=True, slots=True)
class Readings:
    """What the replays found (shape of each: replays x methods): the estimate in the figure's unit, its standard error,
    and the degrees of freedom of Welch's certainty.
    """

    estimate: FloatArray
    error: FloatArray
    freedom: FloatArray

    def detected(self, alpha: float, shift: float = 0.0) -> NDArray[np.bool_]:
        """Return which replays call the difference different from zero (shape: replays x methods), if the truth were
        larger by `shift`.
        """
        return np.asarray(np.abs(self.estimate + shift) > self.half_width(alpha))

    def half_width(self, alpha: float) -> FloatArray:
        """Return half the width of each interval of coverage 1 - `alpha`."""
        return np.asarray(special.stdtrit(self.freedom, 1.0 - alpha / 2.0) * self.error)


@dataclass(frozen=True, slots=True)
class Replays:
    """A pilot of given size played many times, with the candidate and with a placebo: the incumbent in both arms."""

    candidate_shoppers: int
    incumbent_shoppers: int
    truth: float
    as_simulated: Readings
    placebo: Readings


def replay_pilot(
    lived: TwinOutcomes,
    arms: tuple[int, int],
    replays: int,
    *,
    seed: int,
    executor: Executor,
    steps: Steps | None = None,
) -> Replays:
    """Return `replays` pilots with `arms` shoppers under the candidate and in the hold-out, drawn from those who lived.

    Results depend on `seed` and not on the executor. Each batch is a step, which must be planned.
    """
    tables = moments(lived.incumbent, lived.prior_spend), moments(lived.candidate, lived.prior_spend)
    pending: list[Future[FloatArray]] = [
        executor.submit(replay_batch, tables, arms, min(BATCH, replays - first), [seed, first // BATCH])
        for first in range(0, replays, BATCH)
    ]
    found = []
    for future in pending:
        found.append(future.result())
        if steps is not None:
            steps.step()
    read = np.concatenate(found, axis=1)
    centres = [centre_of(arm, lived.prior_spend) for arm in (lived.incumbent, lived.candidate)]
    placebo = difference(read[1], centres[0], arms[0], read[0], centres[0], arms[1])
    simulated = difference(read[2], centres[1], arms[0], read[0], centres[0], arms[1])
    return Replays(arms[0], arms[1], lived.effect, simulated, placebo)


def batches_of(replays: int) -> int:
    """Return the number of steps that `replay` takes."""
    return -(-replays // BATCH)


def replay_batch(
    tables: tuple[FloatArray, FloatArray], arms: tuple[int, int], replays: int, address: Sequence[int]
) -> FloatArray:
    """Return sums of moments (shape: 3 x replays x moments): of the hold-out, of a placebo's other arm, and of the
    candidate's, the latter two with the same shoppers.
    """
    incumbent, candidate = tables
    generator = np.random.default_rng(list(address))
    sums = np.empty((3, replays, incumbent.shape[1]))
    for first in range(0, replays, ROWS):
        rows = slice(first, min(first + ROWS, replays))
        count = rows.stop - rows.start
        drawn = [drawn_counts(generator, len(incumbent), size, count) for size in arms]
        sums[0, rows] = drawn[1] @ incumbent
        sums[1, rows] = drawn[0] @ incumbent
        sums[2, rows] = drawn[0] @ candidate
    return sums


def drawn_counts(generator: np.random.Generator, pool: int, size: int, rows: int) -> FloatArray:
    """Return how often each of `pool` shoppers is drawn when `size` are drawn with replacement (shape: rows x pool)."""
    if size > DRAWS_A_PLACE * pool:
        return generator.multinomial(size, np.full(pool, 1.0 / pool), size=rows).astype(np.float64)
    return np.array([np.bincount(generator.integers(0, pool, size), minlength=pool) for _ in range(rows)], np.float64)


def moments(arm: ArmOutcome, prior_spend: FloatArray) -> FloatArray:
    """Return what has to be added up over an arm's shoppers (shape: shoppers x 9): top, bottom and prior spend as
    deviations from their means, and the products of each pair.
    """
    top, bottom, prior = (one - one.mean() for one in (arm.top, arm.bottom, prior_spend))
    columns = (top, bottom, prior, top * top, top * bottom, bottom * bottom, top * prior, bottom * prior, prior * prior)
    return np.ascontiguousarray(np.column_stack(columns))


Centre = tuple[float, float, float]
"""Means of top, bottom and prior spend from which moments are deviations."""


def centre_of(arm: ArmOutcome, prior_spend: FloatArray) -> Centre:
    """Return the means that `moments` takes deviations from."""
    return float(arm.top.mean()), float(arm.bottom.mean()), float(prior_spend.mean())


@dataclass(frozen=True, slots=True)
class _Arm:
    """One arm of each replay (shape of each: replays): the figure, variances and mean prior spend."""

    value: FloatArray
    variance: FloatArray
    with_prior: FloatArray
    prior: FloatArray
    prior_variance: FloatArray


def _arm(sums: FloatArray, centre: Centre, size: int) -> _Arm:
    mean = sums / size
    bessel = size / (size - 1)

    def covariance(pair: int, left: int, right: int) -> FloatArray:
        return np.asarray((mean[:, pair] - mean[:, left] * mean[:, right]) * bessel)

    bottom = mean[:, 1] + centre[1]
    there = bottom != 0
    bottom = np.where(there, bottom, 1.0)
    value = np.where(there, (mean[:, 0] + centre[0]) / bottom, 0.0)
    variance = (covariance(3, 0, 0) - 2 * value * covariance(4, 0, 1) + value**2 * covariance(5, 1, 1)) / bottom**2
    with_prior = (covariance(6, 0, 2) - value * covariance(7, 1, 2)) / bottom
    return _Arm(
        value, np.where(there, np.maximum(variance, 0.0), 0.0), with_prior, mean[:, 2] + centre[2], covariance(8, 2, 2)
    )


def difference(
    candidate: FloatArray, candidate_centre: Centre, candidate_size: int,
    incumbent: FloatArray, incumbent_centre: Centre, incumbent_size: int,
) -> Readings:  # fmt: skip
    """Return what pilots find from the sums of their moments (shape: replays x 9) in both arms."""
    one, other = _arm(candidate, candidate_centre, candidate_size), _arm(incumbent, incumbent_centre, incumbent_size)
    share = candidate_size / (candidate_size + incumbent_size)
    slopes = [
        np.divide(arm.with_prior, arm.prior_variance, out=np.zeros(len(arm.prior)), where=arm.prior_variance > 0)
        for arm in (one, other)
    ]
    slope = (1.0 - share) * slopes[0] + share * slopes[1]
    plain = one.value - other.value
    estimates, errors, freedoms = [], [], []
    for taken in (np.zeros(len(plain)), slope):
        parts = [
            np.maximum(arm.variance - 2 * taken * arm.with_prior + taken**2 * arm.prior_variance, 0.0) / size
            for arm, size in ((one, candidate_size), (other, incumbent_size))
        ]
        both = parts[0] + parts[1]
        ends = parts[0] ** 2 / (candidate_size - 1) + parts[1] ** 2 / (incumbent_size - 1)
        estimates.append(plain - taken * (one.prior - other.prior))
        errors.append(np.sqrt(both))
        freedoms.append(np.divide(both**2, ends, out=np.ones(len(both)), where=ends > 0))
    return Readings(np.column_stack(estimates), np.column_stack(errors), np.column_stack(freedoms))
