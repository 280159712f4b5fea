"""How a budget of simulations is shared between search, race and hold-out.

Serves whoever lays out a study, and `memberlab optimize --budget 800`. What was measured (docs/search-quality.md): one
or two replications a policy find more than many replications of few policies; beyond some four hundred policies, more
replications help more than more policies; and what is held out must be long enough to span the front, for which the
search gives up half of the budget.
"""

from __future__ import annotations

from .presets import Preset

LEAST_BUDGET = 100
"""Simulations below which nothing is left to share."""
SEARCHED = 0.5
"""Part of the budget that the search takes."""
ENOUGH = 400
"""Policies beyond which the search takes more replications instead of more policies."""
LEAST_POLICIES = 32
RACED, MOST_RACED, LEAST_RACED = 0.33, 64, 2
"""Part of the rest that the race takes, most policies and least replications in it."""
LEAST_HELD_OUT, MOST_HELD_OUT = 5, 64
"""Replications held out; of a longer hold-out, policies and replications grow alike, and most policies in it."""


def shares_of(budget: int) -> Preset:
    """Return what each stage takes of so many simulations, a simulation being one policy in one replication of all
    scenarios.

    Raises ValueError for a budget below LEAST_BUDGET.
    """
    if budget < LEAST_BUDGET:
        raise ValueError(f"{budget} simulations are too few to search, race and hold out; write {LEAST_BUDGET} or more")
    searched = SEARCHED * budget
    replications = max(1, round(searched / ENOUGH))
    policies = max(LEAST_POLICIES, int(searched / replications))
    rest = budget - policies * replications
    raced = max(4, min(MOST_RACED, int(RACED * rest / LEAST_RACED) - 1))
    raced_on = max(LEAST_RACED, int(RACED * rest / (raced + 1)))
    left = rest - (raced + 1) * raced_on
    held_out_on = max(LEAST_HELD_OUT, round(0.45 * left**0.5))
    held_out = min(MOST_HELD_OUT, max(3, left // held_out_on - 1))
    return Preset(policies, replications, raced, LEAST_RACED, raced_on, held_out, left // (held_out + 1))
