"""A cohort of a rollout: the shoppers who came under a policy on the same day, from the same one before.

Serves the worlds of a rollout, whose kernels carry one cohort at a time. Who has come under a policy later is used to
the earlier threshold of delivery later, and is moved onto its ladder on that day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

EVERYBODY: NDArray[np.uint8] = np.zeros(1, np.uint8)
"""The cohort of all shoppers where a world is in no rollout."""

MOST_COHORTS = 255
"""Numbers of cohorts have 8 bits."""

ENTRY_FLAGS = ("launches", "takes_over", "migrates")
"""Flags of the programme on the day on which a cohort enters."""


@dataclass(slots=True)
class Cohort:
    """Number and lane of a cohort, the day on which it entered, and what it remembers of a lower threshold in cents.

    `flags` say what its entry still has to do: see `ENTRY_FLAGS`; all are 0 when that is done.
    """

    number: int
    lane: int
    entered: int
    used_free_from: int
    threshold_rose: int
    flags: tuple[int, int, int] = (0, 0, 0)
