"""How many points an order earns on average, in closed form: base, rounding and caps as the policy states them.

Serves the give-back. The list value of a basket is gamma distributed; parts of the rate are counted step by step. A cap
on a period in which the shopper orders once at most is exact; with more orders the sum of their points is taken as
normal, and excess as cut. A lifetime's cap is held against the first year.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .earning import Caps, Earn
from .policy import Policy
from .promise import Promise
from .typical_shopper import TypicalShopper

NEGLIGIBLE = 1e-9
"""Share of baskets in the upper tail that is left out."""

MOST_STEPS = 2_000_000
"""Steps of earning in the largest basket up to which remainders are counted; finer steps drop next to nothing."""


def points_an_order(policy: Policy, shopper: TypicalShopper, terms: Promise) -> float:
    """Return the mean points of an order that is paid in money."""
    if policy.points is None:
        return 0.0
    earn = policy.points.earn
    if earn.points * terms.earn_multiplier == 0 and not earn.each_order:
        return 0.0
    shares, points = points_by_share(policy, earn, shopper, terms)
    if earn.caps is None:
        return float(shares @ points)
    return under_caps(earn.caps, shares, points, shopper.orders)


def points_by_share(
    policy: Policy, earn: Earn, shopper: TypicalShopper, terms: Promise
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the points that an order can earn and the share of orders that earns each."""
    from scipy import special  # here, as most commands load policies and need none of it

    scale = shopper.basket / shopper.basket_shape
    kept = 1 - terms.discount / 10_000
    largest = special.gammainccinv(shopper.basket_shape, NEGLIGIBLE) * scale
    largest *= 1 if earn.counts.before_discounts else kept
    fee = policy.shipping.fee if earn.counts.shipping else 0
    with_tax = amount_with_tax(earn, shopper)
    steps = int((largest + fee) / with_tax // earn.per) + 2
    coarse = max(1, steps // MOST_STEPS + 1)  # steps taken together where there are too many to count
    count = np.arange(0, steps + coarse, coarse)
    offset = {"down": 0.0, "nearest": 0.5, "up": 1.0}[earn.rounding or "down"]
    amounts = np.asarray((count - offset) * earn.per * with_tax, np.float64)
    reached = shares_reaching(amounts, policy, earn, shopper, terms)
    reached[0] = 1.0
    shares = reached[:-1] - reached[1:]
    parts = count[:-1] + (coarse - 1) / 2 if coarse > 1 else count[:-1]
    points = parts * earn.points * terms.earn_multiplier // 100 + (earn.each_order or 0)
    return shares, points.astype(np.float64)


def amount_with_tax(earn: Earn, shopper: TypicalShopper) -> float:
    """Return what must be paid for 1 of the base of earning: more than 1 where the sales tax does not count."""
    return 1.0 if earn.counts.tax else 1 + shopper.sales_tax / 10_000


def shares_reaching(
    amounts: NDArray[np.float64], policy: Policy, earn: Earn, shopper: TypicalShopper, terms: Promise
) -> NDArray[np.float64]:
    """Return the share of orders whose base of earning reaches each of `amounts` in cents."""
    from scipy import special

    kept = 1 - terms.discount / 10_000
    goods_scale = shopper.basket / shopper.basket_shape * kept
    over_goods = 1 / kept if earn.counts.before_discounts else 1.0  # the base without a fee, for a unit of goods

    def above(goods: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(special.gammaincc(shopper.basket_shape, np.maximum(goods, 0.0) / goods_scale))

    fee, free_from = policy.shipping.fee, terms.free_shipping_from
    if not earn.counts.shipping or fee == 0:
        return above(amounts / over_goods)
    if free_from is None:
        return above((amounts - fee) / over_goods)
    threshold = np.full_like(amounts, float(free_from))
    with_fee = np.maximum(0.0, above((amounts - fee) / over_goods) - above(threshold))
    return with_fee + above(np.maximum(threshold, amounts / over_goods))


def under_caps(caps: Caps, shares: NDArray[np.float64], points: NDArray[np.float64], orders: float) -> float:
    """Return the mean points an order under the tightest of the caps, for so many `orders` a year."""
    periods = {"day": 365.0, "month": 12.0, "year": 1.0, "lifetime": 1.0}
    limits = [(getattr(caps, period), orders / times) for period, times in periods.items() if getattr(caps, period)]
    return min(_under_cap(limit, in_period, caps.excess == "refused", shares, points) for limit, in_period in limits)


def _under_cap(
    limit: int, orders: float, refuses: bool, shares: NDArray[np.float64], points: NDArray[np.float64]
) -> float:
    if orders <= 1:
        return float(shares @ np.where(points > limit, 0 if refuses else limit, points))
    mean = float(shares @ points)
    deviation = math.sqrt(max(0.0, float(shares @ points**2) - mean**2) * orders)
    if deviation == 0:
        return min(mean, limit / orders)
    from scipy import special

    score = (limit - mean * orders) / deviation
    density = math.exp(-score * score / 2) / math.sqrt(2 * math.pi)
    below = float(special.ndtr(score))
    return (mean * orders * below - deviation * density + limit * (1 - below)) / orders
