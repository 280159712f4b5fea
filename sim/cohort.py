"""A cohort of a rollout: the shoppers who came under a policy on the same day, from the same one before.

Serves the worlds of a rollout, whose kernels carry one cohort at a time. Who has come under a policy later is used to
the earlier threshold of delivery later, and is moved onto its ladder on that day.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .cut_over_record import CutOverState
from .record import layout

EVERYBODY: NDArray[np.uint8] = np.zeros(1, np.uint8)
"""The cohort of all shoppers where a world is in no rollout."""

MOST_COHORTS = 255
"""Numbers of cohorts have 8 bits."""

ENTRY_FLAGS = ("launches", "takes_over", "migrates", "cuts_over")
"""Flags of the programme on the day on which a cohort enters."""

NOTHING_TO_DO = (0, 0, 0, 0)
"""The entry flags of a cohort that has entered."""

PROMISES = layout(CutOverState)
"""What lasts of a cohort's own cut-over."""


def no_promises() -> NDArray[np.void]:
    """Return what lasts where there has been no cut-over (shape: 1)."""
    return np.zeros(1, PROMISES)


def promises_in(market: NDArray[np.void]) -> NDArray[np.void]:
    """Return what a market (shape: 1) says of the latest cut-over (shape: 1)."""
    promises = no_promises()
    for name in PROMISES.names or ():
        promises[name] = market[name]
    return promises


@dataclass(slots=True)
class Cohort:
    """Number and lane of a cohort, the day on which it entered, what it remembers of a lower threshold in cents, and
    what it was promised at its own cut-over (shape: 1).

    `flags` say what its entry still has to do: see `ENTRY_FLAGS`; all are 0 when that is done.
    """

    number: int
    lane: int
    entered: int
    used_free_from: int
    threshold_rose: int
    flags: tuple[int, int, int, int] = NOTHING_TO_DO
    promises: NDArray[np.void] = field(default_factory=no_promises)
