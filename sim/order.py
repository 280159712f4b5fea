"""The order that is being placed: what is in it and how it is paid, from the basket to the ledger.

Serves the rules of a visit, which fill it in one after the other. There is one record, used again for every order, so
that a rule names the order and not its dozen amounts. Amounts are cents.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .record import Int64, Record, layout


class Order(Record):
    """One order on its way."""

    is_first: Int64  # 1: the shopper's first, before enrolment
    list_value: Int64  # goods at list prices
    added: Int64  # of these, added to reach free shipping
    discount: Int64  # off the list value by the standing discount
    goods: Int64  # list value less every discount
    shipping_fee: Int64  # charged
    paid_by_points: Int64
    points_spent: Int64  # points that pay it
    paid_by_credit: Int64  # by credits that points became by themselves
    points: Int64  # earned, in points
    points_cut: Int64  # not earned, because of a cap, in points


ORDER = layout(Order)
"""The layout of an order."""


def new_order() -> NDArray[np.void]:
    """Return the record that all orders of a region pass through (shape: 1)."""
    return np.zeros(1, ORDER)
