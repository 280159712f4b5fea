"""What a year's orders of each member give back under a policy, order by order and without anybody reacting.

Serves the blast radius of a cut-over, which holds the old policy against the new one on the same orders. Counted are
standing discounts of member, tier and membership, points at face value, delivery fees spared, vouchers and coupons; the
tier is that of launch day throughout. LEFT_OUT says what is not. Money is cents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy, Promise, Vouchers, promise

from .launch_day import YearOrders

PARTS = ("discount", "points", "delivery", "vouchers", "coupons")
"""Kinds of benefit that are counted."""

LEFT_OUT = (
    "caps on points and on the membership's discount, prices on categories, campaigns, gifts, partners' content, "
    "service, rewards of the catalogue, expiry of points, and the membership's fee"
)

LEVELS = 8
MONTHS = 12
NEVER_FREE = 2**62


@dataclass(frozen=True)
class Terms:
    """The terms of each order's member under one policy, in columns as long as the orders."""

    discount: NDArray[np.int64]
    multiplier: NDArray[np.int64]
    free_from: NDArray[np.int64]


def list_values(orders: YearOrders, policy: Policy, state: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the list value of each order in cents, its goods before the standing discount of the `policy` under which
    it was placed; `state` is twice the level, plus 1 with a paid membership, by shopper.
    """
    kept = 10_000 - _terms(policy, state[orders.shopper]).discount
    return np.asarray(orders.goods * 10_000 // np.maximum(kept, 1), np.int64)


def give_back_by_member(
    policy: Policy, orders: YearOrders, values: NDArray[np.int64], state: NDArray[np.int64], usual_fee: int
) -> Mapping[str, NDArray[np.int64]]:
    """Return what the orders of list `values` give back to each shopper (shape: as `state`), by kind of benefit.

    Delivery is what is spared against paying `usual_fee` for each order, so that a fee that rises for everybody counts.
    """
    terms = _terms(policy, state[orders.shopper])
    discount = values * terms.discount // 10_000
    goods = values - discount
    fee = np.where(goods < terms.free_from, policy.shipping.fee, 0)
    shape = len(state)
    by_voucher = _paid_by_vouchers(policy, orders, fee, state)

    def by_shopper(amounts: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.bincount(orders.shopper, amounts, shape).astype(np.int64)

    return {
        "discount": by_shopper(discount),
        "points": by_shopper(_points_value(policy, values, goods, terms)),
        "delivery": by_shopper(usual_fee - fee),
        "vouchers": by_voucher,
        "coupons": _paid_by_coupons(policy, orders, goods, state),
    }


def _promises(policy: Policy) -> list[Promise]:
    return [promise(policy, number // 2, is_member=number % 2 == 1) for number in range(2 * LEVELS)]


def _terms(policy: Policy, states: NDArray[np.int64]) -> Terms:
    """Return the terms of each order by its member's state."""
    promised = _promises(policy)
    free = [NEVER_FREE if one.free_shipping_from is None else one.free_shipping_from for one in promised]
    return Terms(
        np.array([one.discount for one in promised])[states],
        np.array([one.earn_multiplier for one in promised])[states],
        np.array(free)[states],
    )


def _points_value(
    policy: Policy, values: NDArray[np.int64], goods: NDArray[np.int64], terms: Terms
) -> NDArray[np.int64]:
    """Return the face value of the points that each order earns, paid in money."""
    if policy.points is None:
        return np.zeros(len(values), np.int64)
    earn, (value, points) = policy.points.earn, policy.points.worth
    base = values if earn.counts.before_discounts else goods
    offset = {"down": 0, "nearest": earn.per // 2, "up": earn.per - 1}[earn.rounding or "down"]
    earned = (base + offset) // earn.per * earn.points * terms.multiplier // 100 + (earn.each_order or 0)
    return np.asarray(earned * value // points, np.int64)


def _paid_by_vouchers(
    policy: Policy, orders: YearOrders, fee: NDArray[np.int64], state: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the cents of delivery fees that vouchers of tier and membership pay for each shopper."""
    promised = _promises(policy)
    due = fee > 0
    cells = np.bincount(orders.shopper[due] * MONTHS + orders.month[due], minlength=len(state) * MONTHS)
    left = cells.reshape(len(state), MONTHS)
    used = np.zeros(len(state), np.int64)
    for vouchers in ([one.tier_vouchers for one in promised], [one.membership_vouchers for one in promised]):
        taken = np.minimum(left, _by_month(vouchers)[state][:, None])
        yearly = _by_year(vouchers)[state]
        so_far = np.cumsum(left, axis=1)
        taken += np.diff(np.minimum(so_far, yearly[:, None]), axis=1, prepend=0)
        taken = np.minimum(taken, left)
        used += taken.sum(axis=1)
        left = left - taken
    return np.asarray(used * policy.shipping.fee, np.int64)


def _by_month(vouchers: list[Vouchers | None]) -> NDArray[np.int64]:
    return np.array([one.count if one is not None and one.per == "month" else 0 for one in vouchers])


def _by_year(vouchers: list[Vouchers | None]) -> NDArray[np.int64]:
    return np.array([one.count if one is not None and one.per == "year" else 0 for one in vouchers])


def _paid_by_coupons(
    policy: Policy, orders: YearOrders, goods: NDArray[np.int64], state: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the cents that coupons take off: those of a month on its orders from the minimum spend on, as many as are
    issued and can be used; a share is taken of the month's mean order.
    """
    coupons = policy.coupons
    if coupons is None:
        return np.zeros(len(state), np.int64)
    issued = np.array([one.coupons_a_month for one in _promises(policy)])[state]
    if coupons.most_used_a_month is not None:
        issued = np.minimum(issued, coupons.most_used_a_month)
    fits = goods >= max(1, coupons.minimum_spend)
    cells = orders.shopper[fits] * MONTHS + orders.month[fits]
    size = len(state) * MONTHS
    count = np.bincount(cells, minlength=size).reshape(len(state), MONTHS)
    spent = np.bincount(cells, goods[fits], size).reshape(len(state), MONTHS)
    used = np.minimum(count, issued[:, None])
    each = np.full(count.shape, float(coupons.value))
    if coupons.share:
        each = np.divide(spent, count, out=np.zeros_like(spent), where=count > 0) * coupons.share / 10_000
    return np.asarray((used * each).sum(axis=1), np.int64)
