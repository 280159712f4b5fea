"""The special-price pool as flat numbers.

Serves `programme_table.py`, whose records it fills in. Amounts are cents, discounts basis points.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy


def write_pool(policy: Policy, programme: NDArray[np.void], terms: NDArray[np.void], lowest: float) -> None:
    """Fill in the pool's fields of `programme` (shape: 1) and `terms`, and lower the bound on the felt price of orders,
    which is never below `lowest`.
    """
    pool = policy.special_price_pool
    if pool is None:
        return
    programme["has_pool"], programme["pool_price"] = 1, pool.price
    programme["pool_discount"], programme["pool_each"] = pool.discount, pool.each
    names = list(policy.tiers)
    for state, term in enumerate(terms[:-1]):
        if names:
            term["early_days"] = pool.early_access.get(names[min(state // 2, len(names) - 1)], 0)
        deeper = max(int(term["discount"]), pool.discount)
        change = math.log((10_000 - deeper) / (10_000 - int(term["discount"])))
        for floor in ("log_price_floor", "log_price_floor_with_points"):
            term[floor] = max(math.log(lowest), float(term[floor]) + change)
