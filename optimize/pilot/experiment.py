"""One pilot on one population, as a shop would run and read it: assignment by key, each shopper seen in one arm only.

Serves the calibration of pilot planning, in which planned pilots are run on populations that the plan never saw.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memberlab.sim import TRAITS_DAY, Purpose, keyed_uniforms

from .replays import Readings, centre_of, difference, moments
from .twin_outcomes import TwinOutcomes


def assigned_by_key(seed: int, shoppers: int, share: float) -> NDArray[np.bool_]:
    """Return who gets the candidate (shape: shoppers), a coin for each by key: nobody's arm depends on another's."""
    return np.asarray(keyed_uniforms(seed, range(shoppers), TRAITS_DAY, Purpose.TEST_ARM) < share)


def read_pilot(lived: TwinOutcomes, gets_candidate: NDArray[np.bool_], *, placebo: bool = False) -> Readings:
    """Return what the pilot finds in which these shoppers get the candidate (shape: shoppers): one replay.

    With `placebo` those stay with the incumbent as well. Raises ValueError for an arm of fewer than two shoppers.
    """
    sizes = int(gets_candidate.sum()), int((~gets_candidate).sum())
    if min(sizes) < 2:
        raise ValueError(f"arms of {sizes[0]} and {sizes[1]} shoppers have no variance; each needs 2 or more")
    under = lived.incumbent if placebo else lived.candidate
    sums = [
        moments(arm, lived.prior_spend)[who].sum(axis=0, keepdims=True)
        for arm, who in ((under, gets_candidate), (lived.incumbent, ~gets_candidate))
    ]
    return difference(sums[0], centre_of(under, lived.prior_spend), sizes[0],
                      sums[1], centre_of(lived.incumbent, lived.prior_spend), sizes[1])  # fmt: skip
