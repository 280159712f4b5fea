"""The ledger: every movement of money and points, by day and by tier and membership state, in integers.

Serves finance first: each line of the bridge from list value to contribution margin is one measure here, and sums of
integers do not depend on the order in which shoppers lived. Shape of a ledger: days x states.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .shopper import STATES

MONEY = (
    "list_value",
    "member_discount",
    "tier_discount",
    "membership_discount",
    "gmv",
    "points_paid",
    "shipping_charged",
    "shipping_waived_by_status",
    "shipping_waived_by_threshold",
    "cost_of_goods",
    "shipping_cost",
    "payment_cost",
    "fees_billed",
    "fees_earned",
    "fees_refunded",
)
"""Measures in cents; costs and discounts are posted as positive amounts."""

POINTS = ("points_issued", "points_redeemed", "points_expired")
"""Measures in points."""

COUNTS = (
    "visits",
    "orders",
    "first_orders",
    "joins",
    "renewals",
    "cancellations",
    "promotions",
    "demotions",
    "lapses",
)
"""Measures that count events."""


class LedgerRow(Protocol):
    """One day and state of the ledger, to which the rules post: every measure is an integer."""

    def __getattr__(self, measure: str) -> int:
        """Return a measure."""

    def __setattr__(self, measure: str, value: int) -> None:
        """Set a measure."""


LEDGER = np.dtype([(measure, "i8") for measure in (*COUNTS, *MONEY, *POINTS)])
"""The layout of one day and state: counts, then money, then points."""


def new_ledger(days: int) -> NDArray[np.void]:
    """Return an empty ledger for `days` days (shape: days x states)."""
    return np.zeros((days, STATES), LEDGER)


def total(ledger: NDArray[np.void], measure: str) -> int:
    """Return the sum of one measure over all days and states, in cents, points or events."""
    return int(ledger[measure].sum())
