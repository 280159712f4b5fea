"""What each shopper was on launch morning: the record by which every breakdown of a comparison sorts shoppers.

Serves breakdowns. All arms go on from that morning, so a shopper is in the same cell in every arm, and differences
within a cell are paired.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memberlab.sim import ENROLLED, Snapshot, are_kept

LAUNCH = np.dtype([
    ("prior_spend", "i8"), ("prior_gmv", "i8"), ("prior_orders", "i4"), ("last_order_day", "i2"),
    ("first_order_day", "i2"), ("tier", "i1"), ("is_customer", "?"), ("preference", "i1"),
])  # fmt: skip
"""One shopper on launch morning: cents of goods in the 12 calendar months before, cents and orders since the warm-up
began, days from the start of the warm-up (-1: none), the tier under the incumbent, whether anything was ever ordered,
and the number of the category that the shopper prefers (-1: not known).
"""


def launch_profile(snapshot: Snapshot) -> NDArray[np.void]:
    """Return each shopper's profile (shape: shoppers) from the snapshot of launch morning.

    With a member file `prior_gmv` and `prior_orders` are what the file tells of the time before.
    """
    shoppers = snapshot.shoppers
    profile = np.zeros(len(shoppers), LAUNCH)
    profile["prior_spend"] = shoppers["window_spend"]
    profile["prior_gmv"], profile["prior_orders"] = shoppers["gmv"], shoppers["orders"]
    for field in ("last_order_day", "first_order_day", "tier"):
        profile[field] = shoppers[field]
    profile["is_customer"] = (shoppers["status"] & ENROLLED) != 0
    profile["preference"] = _preferred(snapshot)
    return profile


def _preferred(snapshot: Snapshot) -> NDArray[np.int64]:
    """Return the category of which each shopper buys the largest multiple of everybody's share; -1 without cards."""
    shares = np.array([category.share / 10_000 for category in snapshot.scenario.categories.values()])
    if not len(shares) or not snapshot.policy.categories or not are_kept(snapshot.cards):
        return np.full(len(snapshot.shoppers), -1)
    tastes = snapshot.cards["category_taste"][:, : len(shares)]
    return np.asarray((tastes / shares).argmax(axis=1))
