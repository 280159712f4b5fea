"""What goes into the basket: its value, the shipping fee, and the goods added to reach free shipping.

Serves the visit. Amounts are cents; list value is before any discount, goods are after it.
"""

from __future__ import annotations

import math

import numpy as np

from .amounts import amount_by_quantiles, basket_level
from .assumptions import Behaviour
from .compiled import rule
from .keyed_random import Purpose, exponential, gamma, uniform
from .market import Market
from .programme_table import NOT_OFFERED, Programme, Terms
from .shopper import Shopper


@rule
def fill_basket(s: Shopper, t: Terms, m: Market, lift: float, day: int, k: np.uint64) -> int:
    """Return the list value in cents, `lift` times larger for what today has to offer.

    Gamma with a personal scale (Gamma-Gamma: Fader, Hardie and Lee, 2005), or by the population's quantiles.
    """
    amount = gamma(k, m.basket_shape) if m.spends_by_quantiles == 0 else amount_by_quantiles(s, m, day, k)
    value = amount * s.basket_scale * t.basket_lift * m.basket_factor * lift
    if m.has_basket_weeks != 0:
        value *= basket_level(m, day)
    return max(1, int(value + 0.5))


@rule
def shipping_fee_due(goods: int, t: Terms, p: Programme) -> int:
    """Return the shipping fee in cents for `goods` cents of goods."""
    return 0 if goods >= t.free_shipping_from else p.shipping_fee


@rule
def padding(goods: int, fee: int, burden: float, t: Terms, b: Behaviour, k: np.uint64) -> int:
    """Return the list value in cents that the shopper adds to reach free shipping; 0 if the fee is paid or nothing is
    due.

    `burden` is by how many cents the gap feels larger than it is.
    """
    if fee == 0 or t.free_shipping_from >= NOT_OFFERED:
        return 0
    gap = t.free_shipping_from - goods
    if not tops_up(gap + burden, fee, b, k):
        return 0
    overshoot = exponential(k, Purpose.PADDING_OVERSHOOT) * b.padding_overshoot * t.free_shipping_from
    return int((gap + overshoot) * 10_000 / (10_000 - t.discount)) + 2


@rule
def tops_up(gap: float, fee: int, b: Behaviour, k: np.uint64) -> bool:
    """Return whether the shopper adds goods for a gap of so many cents to spare the fee.

    The overweighted fee is weighed against part of the gap (behaviour reference, 2.6; fact 36).
    """
    if b.padding_spread == 0.0:
        return False
    utility = (b.shipping_weight * fee - b.padding_gap_weight * gap) / (b.padding_spread * fee)
    return not (utility < -30.0 or uniform(k, Purpose.PADDING) >= 1.0 / (1.0 + math.exp(-utility)))
