"""How sure a front is: chances that a policy keeps the limits, and that another beats it; who wins by which weights.

Serves the report of a study. All is read off the replications that were held out: they are drawn again with
replacement, the same ones for every policy, as their populations were the same (Efron, 1979).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .pareto import front
from .race import Heats

DRAWS = 1_000
"""Times that the replications are drawn again."""
WEIGHTINGS = 5_000
"""Weightings of the objectives that are tried, spread evenly over all there are."""


@dataclass(frozen=True, slots=True)
class Odds:
    """What chance leaves open about one policy."""

    feasible: float
    """Share of draws in which it keeps every limit."""
    dominated: float
    """Share of draws in which another that keeps the limits is at least as good in all objectives and better in one."""
    on_front: float
    """Share of draws in which it keeps every limit and nobody dominates it."""
    beats_incumbent: float
    """Share of draws in which it keeps every limit and is better than the first, the incumbent, in all objectives."""
    weightings: float
    """Share of weightings of the objectives by which it is the best of those that keep the limits on average."""
    is_knee: bool
    """Whether it is the best compromise: its least gain is the largest, each from 0 for the worst on the front to 1."""


def front_odds(heats: Heats, keeps: Sequence[bool], seed: int) -> tuple[Odds, ...]:
    """Return the odds of each policy, the incumbent first; `keeps` says which keep the limits on average, with the
    caution of the report.

    The same seed gives the same odds.
    """
    draw = np.random.default_rng([seed, 7])
    means = heats.gains.mean(axis=1)
    feasible, dominated, on_front, better = np.zeros((4, len(means)))
    for _ in range(DRAWS):
        chosen = draw.integers(heats.replications, size=heats.replications)
        gains = heats.gains[:, chosen].mean(axis=1)
        kept = np.all(heats.excesses[:, chosen].mean(axis=1) <= 0, axis=1)
        beaten = _dominated(gains, kept)
        feasible += kept
        dominated += beaten
        on_front += kept & ~beaten
        better += kept & np.all(gains > gains[0], axis=1)
    counts = np.stack([feasible, dominated, on_front, better], axis=1) / DRAWS
    rows = [row for row, fits in enumerate(keeps) if fits]
    shares, knee = _chosen_by_weights(means, rows, draw), knee_of(means, rows)
    return tuple(
        Odds(kept, beaten, first, ahead, shares.get(row, 0.0), row == knee)
        for row, (kept, beaten, first, ahead) in enumerate(counts.tolist())
    )


def knee_of(means: NDArray[np.float64], rows: Sequence[int]) -> int | None:
    """Return the row of the best compromise among `rows`; None where there are none."""
    if not rows:
        return None
    best = [rows[place] for place in front([list(means[row]) for row in rows])]
    scaled = _scaled(means[best])
    return best[int(np.argmax(scaled.min(axis=1)))]


def _chosen_by_weights(means: NDArray[np.float64], rows: Sequence[int], draw: np.random.Generator) -> dict[int, float]:
    """Return by row the share of weightings that choose it."""
    if not rows:
        return {}
    weights = draw.dirichlet(np.ones(means.shape[1]), WEIGHTINGS)
    winners = np.argmax(weights @ _scaled(means[list(rows)]).T, axis=1)
    return {row: float(np.mean(winners == place)) for place, row in enumerate(rows)}


def _scaled(gains: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return gains from 0 for the worst to 1 for the best in each objective; 1 where all are alike."""
    low, high = gains.min(axis=0), gains.max(axis=0)
    span = np.where(high > low, high - low, 1.0)
    scaled: NDArray[np.float64] = np.where(high > low, (gains - low) / span, 1.0)
    return scaled


def _dominated(gains: NDArray[np.float64], kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which rows another that is kept dominates."""
    as_good = np.all(gains[None, :, :] >= gains[:, None, :], axis=2)
    better = np.any(gains[None, :, :] > gains[:, None, :], axis=2)
    beaten: NDArray[np.bool_] = np.any(as_good & better & kept[None, :], axis=1)
    return beaten
