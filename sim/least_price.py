"""The least that member prices and a coupon can leave of a price: a bound that needs no basket.

Serves the bound of a visit, with and without campaigns.
"""

from __future__ import annotations

from .card import Card
from .compiled import rule
from .coupons import has_coupon
from .programme_table import Programme, Terms


@rule
def least_left(c: Card, t: Terms, p: Programme) -> float:
    """Return the least that all reductions beside the standing one can leave of a price (a share): a bound."""
    left = 1.0
    if p.categories:
        if c.has_tastes:
            for place in range(p.categories):
                left -= c.category_taste[place] * t.category_discount[place] / 10_000.0
        else:
            left = t.least_by_category
    if p.has_coupons and has_coupon(c, p):
        left *= p.least_by_coupon
    return left
