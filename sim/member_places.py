"""Which shoppers of a world are members of its file, and which are newcomers who come over the horizon.

Serves a world that opens with members. Members keep the order of the file; newcomers are spread evenly among them, as
the reserve of word of mouth is, so that every region has its part of all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memberlab.scenarios import Scenario

from .newcomers import reserve_of, surge_of
from .region import everybody


def member_rows(
    scenario: Scenario, members: int, first: int, count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the members' places in a region (`count` shoppers from number `first` on), and their rows in the file."""
    total = everybody(scenario)
    ordinary = np.ones(total, bool)
    ordinary[reserve_of(scenario, 0, total)] = False
    ordinary[surge_of(scenario, 0, total)] = False
    newcomers = scenario.population.shoppers - members
    numbers = np.flatnonzero(ordinary)
    is_member = np.diff(np.arange(len(numbers) + 1) * newcomers // max(1, len(numbers))) == 0
    places = numbers[is_member]
    here = (places >= first) & (places < first + count)
    return places[here] - first, np.flatnonzero(here)
