"""The stamp card of a policy as flat numbers: its head start, and how many members take it up.

Serves the compilation of a policy; `stamp_card.py` is what happens.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy

STUDIED_HEAD_START = 0.20
"""Share of the card that was given in the experiment (fact 16: two stamps of ten)."""


def write_stamp_card(policy: Policy, programme: NDArray[np.void], behaviour: NDArray[np.void]) -> None:
    """Fill in the stamp card; the more of it is given, the more members take it up, up to a fifth of the card."""
    points = policy.points
    if points is None or points.stamp_card is None or points.automatic is None:
        return
    endowed = min(1.0, points.stamp_card.head_start / points.automatic.points / STUDIED_HEAD_START)
    utility = float(behaviour["card_take_up"][0]) + float(behaviour["card_head_start"][0]) * endowed
    programme["has_stamp_card"], programme["head_start"] = 1, points.stamp_card.head_start
    programme["card_take_up"] = 1.0 / (1.0 + math.exp(-utility))
