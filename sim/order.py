"""The order that is being placed: what is in it and how it is paid, from the basket to the ledger.

Serves the rules of a visit, which fill it in one after the other. There is one record, used again for every order, so
that a rule names the order and not its dozen amounts. Amounts are cents.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from .record import Float64, Int64, Record, layout


class Order(Record):
    """One order on its way."""

    is_first: Int64  # 1: the shopper's first, before enrolment
    list_value: Int64  # goods at list prices
    added: Int64  # of these, added to reach free shipping
    offer: Annotated[list[int], "i8", 4]  # taken off by each kind of reduction, in the order of policies.OFFERS
    category_share: Int64  # basis points of the list value that member prices on categories take off
    category_points: Int64  # basis points of extra points for categories
    campaign_share: Int64  # basis points that the campaign of the day takes off
    has_offers: Int64  # 1: the standing discount is not all there is to the price
    coupon_is_at_hand: Int64  # 1: there is a coupon to use
    log_price: Float64  # ln(goods / list value)
    goods: Int64  # list value less every discount
    shipping_fee: Int64  # charged
    paid_by_points: Int64
    points: Int64  # earned, in points


ORDER = layout(Order)
"""The layout of an order."""


def new_order() -> NDArray[np.void]:
    """Return the record that all orders of a region pass through (shape: 1)."""
    return np.zeros(1, ORDER)
