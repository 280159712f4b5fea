"""The policies of a search that are worth fresh seeds: those that together promise most hypervolume.

Serves the race. What a search saw of a policy is part luck; the model of all policies (surrogate.py) evens it out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .goals import SEARCH_CAUTION, Goals
from .pareto import shortlist
from .proposals import Grid, Known, surrogate_of, wave_seed

LEAST_MODELLED = 24
"""Policies below which a model says too little, and the search's own figures decide."""
LIKELY = 0.5
"""Chance of keeping all limits, by the model, from which a policy is worth trying."""


def promising(
    space: Grid, goals: Goals, known: Sequence[Known], baseline: Sequence[float], count: int, seed: int
) -> list[int]:
    """Return at most `count` rows of `known`, the best trade-off first, for a race on fresh seeds.

    `baseline` are today's gains. Rows that the search itself saw miss a limit are left out where there is no model, and
    come in where the model thinks that they keep it.
    """
    rows = [row for row, one in enumerate(known) if goals.is_feasible(one.figures, SEARCH_CAUTION)]
    plain = [rows[place] for place in shortlist([goals.gains(known[row].figures) for row in rows], baseline, count)]
    if len(known) < LEAST_MODELLED:
        return plain
    model = surrogate_of(space, goals, known, wave_seed(seed, 0))
    likely = [int(row) for row in np.flatnonzero(model.tried.chances >= LIKELY)]
    return list(dict.fromkeys([*plain[:1], *model.standing_for(likely, count), *plain]))[:count]
