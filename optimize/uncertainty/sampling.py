"""Sampling a scenario set: cases spread evenly over everything that is uncertain, by Latin hypercube.

Serves scenario discovery and whoever wants concrete scenarios. Every factor is drawn once from each of as many equally
probable slices as there are cases (McKay, Beckman and Conover, 1979).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .uncertain import Case, UncertainWorld


def latin_hypercube(world: UncertainWorld, cases: int, seed: int | None = None) -> list[Case]:
    """Return `cases` cases; the same set, seed (the set's own unless given) and number give the same scenarios.

    Raises ValueError for fewer than one case, DocumentError for a case that the scenario's checks refuse.
    """
    if cases < 1:
        raise ValueError(f"cases ({cases}) must be at least 1")
    start = world.document.seed if seed is None else seed
    return [world.case(number, row) for number, row in enumerate(shares_of(len(world.factors), cases, start), 1)]


def shares_of(factors: int, cases: int, seed: int) -> NDArray[np.float64]:
    """Return the shares of probability (shape: cases x factors) of a Latin hypercube."""
    if not factors:
        return np.zeros((cases, 0))
    from scipy.stats import qmc  # here, because it takes half a second to load

    return np.asarray(qmc.LatinHypercube(factors, rng=np.random.default_rng(seed)).random(cases))
