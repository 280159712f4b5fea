"""Whether the SimPy model with draws of its own agrees with the engine: totals compared with the engine's own spread.

Serves the benchmark run and its test. The engine lives the same year from the same snapshot under many other seeds;
each of the SimPy model's totals is then one more draw from a distribution whose mean and spread are known.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from reference_world import year_of_engine
from scipy import stats

from memberlab.sim import Snapshot

COMPARED = (
    "visits", "orders", "gmv", "points_issued", "points_redeemed", "points_expired", "lapses",
    "promotions", "demotions",
)  # fmt: skip
FALSE_ALARM = 1e-4
"""Chance that a right model is called wrong, over all totals compared (Bonferroni)."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """The measure that differs most, by how many standard errors, and how many are allowed."""

    measure: str
    distance: float
    allowed: float

    @property
    def holds(self) -> bool:
        """Return whether every total lies within what chance allows."""
        return self.distance <= self.allowed


def agreement_with_engine(snapshot: Snapshot, totals: dict[str, int], seeds: int) -> Agreement:
    """Return how far `totals` of the year after `snapshot` lie from the engine's, over `seeds` seeds of the engine."""
    years = [year_of_engine(dataclasses.replace(snapshot, seed=1_000 + seed))() for seed in range(seeds)]
    distances = {}
    for measure in COMPARED:
        sample = np.array([year.total(measure) for year in years], dtype=float)
        error = sample.std(ddof=1) * np.sqrt(1 + 1 / seeds)
        distances[measure] = abs(totals[measure] - sample.mean()) / error
    worst = max(distances, key=lambda measure: distances[measure])
    allowed = float(stats.t.ppf(1 - FALSE_ALARM / len(COMPARED) / 2, seeds - 1))
    return Agreement(worst, float(distances[worst]), allowed)
