"""Looking at a pilot every week: how many false alarms that raises, and bounds under which it may be done.

Serves pilot planning. Whoever stops at the first significant week raises far more false alarms than alpha (Armitage,
McPherson and Rowe, 1969). A bound for each week that spends alpha bit by bit, late more than early, keeps it (Lan and
DeMets, 1983; the spending is that of O'Brien and Fleming, 1979). Weeks of one pilot are the same shoppers on a longer
account, whose increments are not independent as those of new patients in a trial are; so bounds are found for the
correlation between weeks that the simulation shows, which no textbook's table has, from draws of a normal distribution.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .replays import BATCH, ROWS, centre_of, difference, drawn_counts, moments
from .twin_outcomes import FloatArray, TwinOutcomes
from .verification import Rate

ADJUSTED = 1
"""Place of the reading that is looked at."""

DRAWS = 100_000
"""Draws from which bounds are found; the share of false alarms that they keep is known to 0.07 points."""

MOST_REPLAYS = 1_000
"""Pilots that are looked at week by week; each costs as much as that many replays as it has weeks."""


@dataclass(frozen=True, slots=True)
class WeeklyLooks:
    """A pilot that is looked at every week, read with adjustment; arrays have a place for each week."""

    weeks: tuple[int, ...]
    bounds: FloatArray
    """Standard errors beyond which a week's difference counts; infinite where nothing is spent yet."""
    alarms_by_week: FloatArray
    """Share of placebos that have seen a difference up to that week at the usual bound."""
    alarms_within_bounds: FloatArray
    """The same under the weekly bounds."""
    alarms_every_week: Rate
    """Share of placebos that see a difference in any week."""
    alarms_bounded: Rate
    alarms_at_the_end: Rate
    """With a single look, at the end."""
    power_bounded: Rate
    """Share of pilots that see the planned effect in some week under the weekly bounds."""
    power_at_the_end: Rate
    mean_weeks: float
    """Weeks after which pilots with the planned effect end under the weekly bounds, on average."""


def weekly_looks(
    lived: Sequence[TwinOutcomes], arms: tuple[int, int], planned: Sequence[float], alpha: float, replays: int, *,
    seed: int, executor: Executor,
) -> WeeklyLooks:  # fmt: skip
    """Return what looking at every one of `lived`, a pilot's outcomes by week, does to its false alarms and power.

    `planned` is the effect to detect by week, which replays of the candidate are shifted to. Pilots draw the same
    shoppers as `replay_pilot` does with this seed.
    """
    count = min(replays, MOST_REPLAYS)
    pending = [
        executor.submit(looks_batch, tuple(lived), arms, min(BATCH, count - first), [seed, first // BATCH])
        for first in range(0, count, BATCH)
    ]
    sums = np.concatenate([future.result() for future in pending], axis=2)
    share = arms[0] / sum(arms)
    bounds = spending_bounds(correlation_of_looks(lived, share), alpha, [one.weeks for one in lived])
    usual = float(special.ndtri(1 - alpha / 2))
    placebos = np.column_stack([_scores(one, sums[place], arms, 0.0) for place, one in enumerate(lived)])
    planned_scores = np.column_stack([
        _scores(one, sums[place], arms, effect - one.effect, under_candidate=True)
        for place, (one, effect) in enumerate(zip(lived, planned, strict=True))
    ])  # fmt: skip
    found, bounded = (np.maximum.accumulate(placebos > limit, axis=1) for limit in (usual, bounds))
    seen = planned_scores > bounds
    weeks = np.array([one.weeks for one in lived])
    ended = np.where(seen.any(axis=1), weeks[np.argmax(seen, axis=1)], weeks[-1])
    return WeeklyLooks(
        weeks=tuple(int(week) for week in weeks),
        bounds=bounds,
        alarms_by_week=found.mean(axis=0),
        alarms_within_bounds=bounded.mean(axis=0),
        alarms_every_week=Rate.among(found[:, -1]),
        alarms_bounded=Rate.among(bounded[:, -1]),
        alarms_at_the_end=Rate.among(placebos[:, -1] > usual),
        power_bounded=Rate.among(np.asarray(seen.any(axis=1))),
        power_at_the_end=Rate.among(planned_scores[:, -1] > usual),
        mean_weeks=float(ended.mean()),
    )


def _scores(
    lived: TwinOutcomes, sums: FloatArray, arms: tuple[int, int], shift: float, *, under_candidate: bool = False
) -> FloatArray:
    """Return the size of a week's estimate, were the truth larger by `shift`, in standard errors (shape: replays)."""
    centres = [centre_of(arm, lived.prior_spend) for arm in (lived.incumbent, lived.candidate)]
    centre, place = (centres[1], 2) if under_candidate else (centres[0], 1)
    read = difference(sums[place], centre, arms[0], sums[0], centres[0], arms[1])
    error = read.error[:, ADJUSTED]
    size = np.abs(read.estimate[:, ADJUSTED] + shift)
    return np.divide(size, error, out=np.zeros(len(size)), where=error > 0)


def looks_batch(
    lived: Sequence[TwinOutcomes], arms: tuple[int, int], replays: int, address: Sequence[int]
) -> FloatArray:
    """Return sums of moments (shape: weeks x 3 x replays x moments), week by week as `replay_batch` does."""
    tables = [[moments(arm, one.prior_spend) for arm in (one.incumbent, one.candidate)] for one in lived]
    pool, columns = tables[0][0].shape
    generator = np.random.default_rng(list(address))
    sums = np.empty((len(lived), 3, replays, columns))
    for first in range(0, replays, ROWS):
        rows = slice(first, min(first + ROWS, replays))
        candidate, incumbent = (
            drawn_counts(generator, pool, size, rows.stop - rows.start) for size in arms
        )  # fmt: skip
        for place, (under_incumbent, under_candidate) in enumerate(tables):
            sums[place, 0, rows] = incumbent @ under_incumbent
            sums[place, 1, rows] = candidate @ under_incumbent
            sums[place, 2, rows] = candidate @ under_candidate
    return sums


def correlation_of_looks(lived: Sequence[TwinOutcomes], share: float) -> FloatArray:
    """Return the correlation between the weeks' differences where the candidate does nothing (weeks x weeks)."""
    parts = np.array([one.incumbent.parts - one.slope(share) * one.prior_spend for one in lived])
    deviation = parts.std(axis=1, keepdims=True)
    parts = (parts - parts.mean(axis=1, keepdims=True)) / np.where(deviation > 0, deviation, 1.0)
    return np.asarray(parts @ parts.T / parts.shape[1])


def spending_bounds(correlation: FloatArray, alpha: float, weeks: Sequence[int]) -> FloatArray:
    """Return the bound of each look, in standard errors, so that all of them together raise `alpha` false alarms.

    On either side 2 - 2 * Phi(z / sqrt(t / T)) is spent by week t of T, with z the quantile of 1 - alpha / 4 (Lan and
    DeMets, 1983), so that all of alpha is spent at the end. What a look could
    spend and chance in the draws cannot resolve is left to the next one.
    """
    times = np.asarray(weeks, np.float64) / weeks[-1]
    spent = 4.0 - 4.0 * special.ndtr(special.ndtri(1 - alpha / 4) / np.sqrt(times))
    draws = np.abs(_normal_draws(correlation))
    bounds = np.full(len(times), np.inf)
    still, gone = np.ones(len(draws), np.bool_), 0
    for look, share in enumerate(spent):
        stop = int(float(share) * len(draws)) - gone
        values = draws[still, look]
        if stop < 1 or stop > len(values):
            continue
        bounds[look] = np.partition(values, len(values) - stop)[len(values) - stop]
        leaves = draws[:, look] >= bounds[look]
        still &= ~leaves
        gone = int((~still).sum())
    return bounds


def _normal_draws(correlation: FloatArray) -> NDArray[np.float64]:
    """Return draws with this correlation (shape: draws x looks); it may be singular, as weeks without news are."""
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    standard = np.random.default_rng(0).standard_normal((DRAWS, len(correlation)))
    return np.asarray(standard @ root.T)
