"""The booking of an order, line by line, and what the order does to the shopper's mind.

Serves the visit. Records have the names of `visit.py`; amounts are cents.
"""

from __future__ import annotations

import math

import numpy as np

from .assumptions import Behaviour
from .card import Card
from .compiled import rule
from .deals import taken_as_gift
from .headroom import headroom_of
from .keyed_random import Purpose, uniform
from .ledger import LedgerRow
from .market import Market
from .membership_allowance import note_use, post_standing_discount
from .membership_benefit import membership_saving
from .order import Order
from .points import credit_points, spend_points
from .points_credit import credit_earned
from .pricing import book_offers
from .programme_table import Programme, Terms
from .returns import plan_return
from .rewards import take_points, use_credit
from .sales_tax import hand_on_tax, tax_in
from .shopper import LARGEST_HOLDING, MEMBER, Shopper
from .tiers import add_window_spend


@rule
def cancelled_by_debt(s: Shopper, k: np.uint64) -> bool:
    """Return whether goods bought ahead make this order unnecessary, with the chance of the debt in orders.

    Whether it does or not, that much of the debt is settled: in the mean as many orders fall away as were bought ahead,
    and none twice.
    """
    if s.purchase_debt <= 0.0:
        return False
    settled = min(1.0, s.purchase_debt)
    s.purchase_debt -= settled
    return uniform(k, Purpose.CANCELLATION) < settled


@rule
def book_order(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, o: Order, row: LedgerRow,
    day: int, k: np.uint64,
) -> None:  # fmt: skip
    """Post the order to the ledger and to the shopper's own account, line by line, in cents and points."""
    row.orders += 1
    row.list_value += o.list_value
    row.gmv += o.goods
    post_standing_discount(t, p, o, row)
    if p.has_offers and o.has_offers:
        book_offers(c, o, row)
    waived = p.shipping_fee - o.shipping_fee
    row.shipping_charged += o.shipping_fee
    if o.shipping_campaign != 0:
        row.shipping_waived_by_campaign += waived
    elif o.by_voucher:
        row.shipping_waived_by_voucher += waived
    elif o.goods >= p.shipping_free_from:
        row.shipping_waived_by_threshold += waived
    else:
        row.shipping_waived_by_status += waived
    cost_of_goods = o.list_value * m.cost_share // 10_000
    paid = o.goods - o.paid_by_points - o.paid_by_credit + o.shipping_fee
    payment_cost = paid * m.payment_share // 10_000 + m.payment_fixed if paid > 0 else 0
    row.cost_of_goods += cost_of_goods
    row.shipping_cost += m.shipping_cost
    row.payment_cost += payment_cost
    if o.is_first:
        row.first_orders += 1
        s.first_order_day = day

    if o.paid_by_points > 0:
        if p.keeps_cards:
            take_points(s, c, p, m, row, o.points_spent, day)
        else:
            spend_points(s, o.points_spent, p, m)
            row.points_redeemed += o.points_spent
        row.points_paid += o.paid_by_points
    if o.paid_by_credit > 0:
        use_credit(s, c, o, row)
    if o.points > 0:
        row.points_issued += o.points
        if p.keeps_cards:
            credit_earned(s, c, p, m, row, o.points, day)
        else:
            credit_points(s, o.points, m)
    if o.points_cut > 0:
        row.points_capped += o.points_cut
    if s.status & MEMBER:
        s.term_saving = min(LARGEST_HOLDING, s.term_saving + membership_saving(t, p, o))
    if p.has_allowances:
        note_use(s, c, t, p, o, row)

    s.orders += 1
    s.last_order_day = day
    s.gmv += o.goods
    s.benefit_cost += o.list_value - o.goods + o.paid_by_points + waived
    s.margin += o.goods - o.paid_by_points + o.shipping_fee - cost_of_goods - m.shipping_cost - payment_cost
    add_window_spend(s, o.goods, m)
    if p.sales_tax > 0:
        hand_on_tax(s, row, tax_in(paid, p))
    if m.return_share > 0:
        plan_return(c, p, b, m, o, cost_of_goods, day, k)


@rule
def change_of_mind(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, o: Order, day: int
) -> None:  # fmt: skip
    """Let the order work on the shopper: a reward pleases, the price becomes the reference, goods bought ahead are a
    debt.
    """
    rewarded = o.paid_by_points
    if p.has_stamp_card == 0:  # a full card has pleased already
        rewarded += o.paid_by_credit
    if rewarded > 0:
        s.goodwill += b.reward_goodwill * min(1.0, rewarded / (0.5 * o.list_value)) * headroom_of(s, b)
    mean_basket = m.basket_shape * s.basket_scale * m.basket_factor
    depth = s.reference_price - o.log_price
    if depth > 0.0 and b.forward_buying > 0.0:
        bought_ahead = 1.0 - math.exp(-(b.price_response + b.reference_response) * depth)
        s.purchase_debt += b.forward_buying * bought_ahead * o.list_value / mean_basket
    if o.added > 0:
        s.purchase_debt += b.padding_debt * o.added / mean_basket
    usual = o.log_price
    if p.campaigns > 0 and o.campaigns != 0:
        usual -= taken_as_gift(s, c, b, o, day)
    s.reference_price += b.reference_speed * (usual - s.reference_price)
