"""One arm of a comparison as its tables see it: measures and histories of all replications.

Serves the tables; scenario by scenario the first arm is the one that the others are held against.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .cells import Sorting
from .lived_history import LivedHistory


@dataclass(frozen=True, slots=True)
class ComparedArm:
    """A policy in a scenario: `measures` (shoppers x columns) and `histories` by replication, and its tiers' names,
    lowest first.
    """

    scenario: str
    policy: str
    tiers: Sequence[str]
    measures: Sequence[NDArray[np.float64]]
    histories: Sequence[LivedHistory]

    @property
    def key(self) -> dict[str, str]:
        """Return the columns that name the arm."""
        return {"scenario": self.scenario, "policy": self.policy}


@dataclass(frozen=True, slots=True)
class ComparedScenario:
    """All arms of a scenario, the first of which the others are held against, and what its shoppers are sorted by."""

    sorting: Sorting
    arms: Sequence[ComparedArm]
    first_month: np.datetime64
    """First month of the warm-up."""

    @property
    def baseline(self) -> ComparedArm:
        """Return the arm that the others are held against."""
        return self.arms[0]
