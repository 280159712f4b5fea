"""Instant refunds as flat numbers: which tier and membership states are refunded before the goods are back.

Serves `programme_table.py`, whose records it fills in.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy, is_entitled

from .shopper import GUEST_STATE, STATES
from .states import level_of


def write_instant_refund(policy: Policy, terms: NDArray[np.void]) -> None:
    """Fill in who is refunded at once."""
    if policy.instant_refund is None:
        return
    tiers = list(policy.tiers)
    for state, term in enumerate(terms[:STATES]):
        level = level_of(policy, state)
        entitled = is_entitled(policy.instant_refund, tiers, level, is_member=state % 2 == 1)
        term["refunds_at_once"] = int(state != GUEST_STATE and entitled)
