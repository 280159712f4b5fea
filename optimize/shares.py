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
    raced, race_start = max(4, int(0.4 * rest / 2) - 1), 2
    most = max(5, round(rest / 28))
    return Shares(policies, replications, raced, race_start, race_start, max(4, int(0.6 * rest / most) - 1), most)
