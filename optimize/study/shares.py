"""How a budget of simulations is shared between search, race and hold-out.

Serves whoever lays out a study. What was measured (docs/search-quality.md): one or two replications a policy find more
than many replications of few policies; beyond some three hundred policies, replications help more than policies; and
the list held out must be long enough to span the front.
"""

from __future__ import annotations

from dataclasses import dataclass

SEARCHED = 0.65
"""Part of the budget that the search takes."""
ENOUGH = 320
"""Policies beyond which the search takes more replications instead of more policies."""
LEAST_POLICIES = 32
RACED, MOST_RACED, LEAST_RACED = 0.3, 40, 2
"""Part of the rest that the race takes, most policies and least replications in it."""
LEAST_HELD_OUT = 5
"""Replications held out; of a longer hold-out, policies and replications grow alike."""


@dataclass(frozen=True)
class Shares:
    """Policies and replications of each stage; a simulation is one policy in one replication of all scenarios."""

    policies: int
    replications: int
    raced: int
    race_start: int
    race_replications: int
    held_out: int
    held_out_replications: int


def shares_of(budget: int) -> Shares:
    """Return the shares of so many simulations."""
    searched = SEARCHED * budget
    replications = max(1, round(searched / ENOUGH))
    policies = max(LEAST_POLICIES, int(searched / replications))
    rest = budget - policies * replications
    raced = max(4, min(MOST_RACED, int(RACED * rest / LEAST_RACED) - 1))
    raced_on = max(LEAST_RACED, int(RACED * rest / (raced + 1)))
    left = rest - (raced + 1) * raced_on
    held_out_on = max(LEAST_HELD_OUT, round(0.6 * left**0.5))
    return Shares(
        policies, replications, raced, LEAST_RACED, raced_on, max(3, left // held_out_on - 1), held_out_on
    )  # fmt: skip
