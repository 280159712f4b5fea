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
    has_offers: Int64  # 1: the standing discount is not all there is to the price
    coupon_is_at_hand: Int64  # 1: there is a coupon to use
    log_price: Float64  # ln(goods / list value)
    goods: Int64  # list value less every discount
    special: Int64  # a unit of the special-price pool (`special_price.py`); 0: none
    special_extra: Int64  # what the pool takes off a unit beyond the standing discount, of its list price
    special_discount: Int64  # off the list value by the pool, after every other reduction
    shipping_fee: Int64  # charged
    habit: Float64  # how much of a lower threshold of free delivery the shopper still has in mind, 0 to 1
    fee_loss: Float64  # by how much the fee weighs more because it would not have been due before, a ratio
    paid_by_points: Int64
    points_spent: Int64  # points that pay it
    paid_by_credit: Int64  # by credits that points became by themselves
    points: Int64  # earned, in points
    points_cut: Int64  # not earned, because of a cap, in points
    # what the office has to see to in the evening (`day_book.py`)
    has_news: Int64  # 1: there is something of what follows
    severity: Int64  # of the ticket at the service desk; 0: no ticket
    written_at: Int64  # seconds after midnight at which the shopper wrote to the desk
    handling: Int64  # seconds that an agent needs for the ticket
    recovery: Float64  # goodwill that an answer in time gives back
    refers: Int64  # 1: the shopper has referred a friend
    deed: Int64  # 1: an order of a friend that is rewarded
    left: Int64  # 1: a shopper who had referred friends was found to have left
    # campaigns
    campaigns: Int64  # bits of those that this shopper may use today
    price_campaign: Int64  # 1 + number of the one that lowers the price; 0: none
    points_campaign: Int64
    shipping_campaign: Int64
    campaign_share: Int64  # basis points that the campaign of the day takes off
    campaign_amount: Int64  # cents that it takes off, in place of a share
    campaign_minimum: Int64  # cents of goods from which it takes anything off
    campaign_goods: Int64  # goods before the campaign of the day, which its minimum is held against
    campaign_points: Int64  # of `points`
    gift_value: Int64  # felt worth of all gifts with the order
    challenge_pull: Float64  # of a spend goal, log odds
    shortfall: Float64  # of the bound without campaigns against the day's hurdle; below 0 they need not help
    most_of: Int64  # bits of the campaigns of which the next three tell what all of them together can do
    most_left: Float64  # the least that they leave of a price, a share
    most_multiplier: Int64  # their largest multiplier of points, percent
    most_extra: Float64  # what their points and gifts are worth at most, a share of the basket
    discount_left: Int64  # most that the membership may add to the standing discount, by its cap
    is_capped: Int64  # 1: that cap has cut it
    by_voucher: Int64  # 1: delivery is paid by a voucher, of the kinds of membership_allowance.py
    points_capped: Int64  # points that a cap of the membership held back


ORDER = layout(Order)
"""The layout of an order."""


def new_order() -> NDArray[np.void]:
    """Return the record that all orders of a region pass through (shape: 1)."""
    return np.zeros(1, ORDER)
