"""What the paid membership is worth to one shopper: what they expect of it, what an order saved, what they learn.

Serves the rules of joining and renewing and the booking of an order. Amounts are cents. The terms are those of the
behaviour reference, 2.8 (facts 38, 40 and 42).
"""

from __future__ import annotations

import math

import numpy as np

from .assumptions import Behaviour
from .compiled import mechanic, rule
from .keyed_random import TRAITS_DAY, Purpose, day_key, normal
from .market import Market
from .order import Order
from .points import points_at
from .pricing import STANDING
from .programme_table import NOT_OFFERED, Programme, Terms
from .shopper import Shopper

DAYS_A_YEAR = 365.0

BY_TIER, BY_MEMBERSHIP, BY_GRANTED_TIER = 1, 2, 3
"""Whose voucher pays for a delivery: the tier's, the membership's, or one that only the tier granted by it has."""


@rule
def taste_for_perks(b: Behaviour, key: np.uint64) -> float:
    """Return the shopper's taste for perks of every kind (lognormal, 1 on average)."""
    spread = b.perk_value_spread
    deviate = normal(day_key(key, TRAITS_DAY), Purpose.PERK_VALUE)
    return math.exp(spread * deviate - 0.5 * spread * spread)


@rule
def perk_value(t: Terms, b: Behaviour, m: Market, key: np.uint64) -> float:
    """Return what the shopper would give for the perks that carry no price, in cents a year.

    The perks that the policy names, beyond those that the tier gives anyway, are added to the mean of those that it
    does not; the shopper's taste is for all.
    """
    mean = b.perk_value_mean * m.currency_level + t.perks_value
    return mean * taste_for_perks(b, key)


@rule
def share_below(threshold: int, mean: float, shape: float) -> float:
    """Return the share of gamma baskets below `threshold` cents (Wilson and Hilferty, 1931)."""
    if threshold <= 0:
        return 0.0
    spread = 1.0 / (9.0 * shape)
    score = ((threshold / mean) ** (1.0 / 3.0) - 1.0 + spread) / math.sqrt(spread)
    return 0.5 * math.erfc(-score / 1.4142135623730951)


@rule
def yearly_benefit(s: Shopper, t: Terms, p: Programme, b: Behaviour, m: Market, key: np.uint64) -> float:
    """Return the cents a year that the shopper expects the membership to save: shipping, discount, points and perks."""
    conversion = 1.0 / (1.0 + math.exp(-1.0 * s.base_logit))
    orders = DAYS_A_YEAR * (1.0 - math.exp(-1.0 / s.visit_gap)) * m.mean_attendance * conversion
    mean_basket = m.basket_shape * s.basket_scale * m.basket_factor
    saved = orders * mean_basket * max(0.0, t.other_give_back - t.give_back)
    if p.has_allowances or p.replaces_tiers:
        saved = saving_of_terms(t, p, orders * mean_basket) + saving_of_delivery(t, p, m, orders, mean_basket)
    elif t.other_free_shipping_from < t.free_shipping_from:
        spared = share_with_fee(t.free_shipping_from, t.discount, m, mean_basket)
        spared -= share_with_fee(t.other_free_shipping_from, t.other_discount, m, mean_basket)
        saved += orders * p.shipping_fee * spared
    return saved + perk_value(t, b, m, key)


@rule
def most_yearly_benefit(s: Shopper, t: Terms, p: Programme, b: Behaviour, m: Market, key: np.uint64) -> float:
    """Return a bound that the yearly benefit of a membership without limits cannot exceed: as if every order were
    spared the fee for delivery, and every day were as likely one of a visit as the first.
    """
    conversion = 1.0 / (1.0 + math.exp(-1.0 * s.base_logit))
    orders = DAYS_A_YEAR * min(1.0, 1.0 / s.visit_gap) * m.mean_attendance * conversion
    mean_basket = m.basket_shape * s.basket_scale * m.basket_factor
    saved = orders * mean_basket * max(0.0, t.other_give_back - t.give_back)
    if t.other_free_shipping_from < t.free_shipping_from:
        saved += orders * p.shipping_fee
    return saved + perk_value(t, b, m, key)


@rule
def share_with_fee(free_from: int, discount: int, m: Market, mean_basket: float) -> float:
    """Return the share of orders that pay for delivery where it is free from `free_from` cents after a discount."""
    if free_from >= NOT_OFFERED:
        return 1.0
    return share_below(free_from, mean_basket * (10_000 - discount) / 10_000, m.basket_shape)


@rule
def yearly(amount: int, by_year: int) -> int:
    """Return what an allowance of `amount` in a period comes to in a year."""
    return amount if by_year else 12 * amount


@mechanic
def saving_of_terms(t: Terms, p: Programme, spend: float) -> float:
    """Return the cents a year that discount and points save on `spend` at list prices, within their caps.

    As if the spend came evenly over the year. It is negative where a membership takes the place of a better tier.
    """
    by_discount = spend * (t.other_discount - t.discount) / 10_000
    by_points = spend * (t.other_give_back - t.give_back) - by_discount
    if p.discount_cap > 0:
        by_discount = min(by_discount, yearly(p.discount_cap, p.discount_cap_by_year))
    if p.points_cap > 0:
        worth = p.redeem_value / p.redeem_points * p.expected_redemption / 10_000
        by_points = min(by_points, yearly(p.points_cap, p.points_cap_by_year) * worth)
    saved = by_discount + by_points
    return saved if p.replaces_tiers else max(0.0, saved)


@mechanic
def saving_of_delivery(t: Terms, p: Programme, m: Market, orders: float, mean_basket: float) -> float:
    """Return the cents a year of delivery fees that the membership saves, by its terms and by vouchers.

    As if the orders came evenly over the year. It is negative where it takes the place of a tier with better terms.
    """
    without = orders * share_with_fee(t.free_shipping_from, t.discount, m, mean_basket)
    charged = orders * share_with_fee(t.other_free_shipping_from, t.other_discount, m, mean_basket)
    without = max(0.0, without - yearly(t.tier_vouchers, t.tier_vouchers_by_year))
    charged -= yearly(p.vouchers, p.vouchers_by_year) + yearly(t.other_tier_vouchers, t.other_tier_vouchers_by_year)
    charged = max(0.0, charged)
    return p.shipping_fee * (without - charged)


@rule
def belief_after(s: Shopper, t: Terms, b: Behaviour, m: Market, days: int, key: np.uint64) -> float:
    """Return what the shopper believes the membership is worth, in cents a year, after `days` of the term that runs.

    What was saved in these days is taken for the pace of a year; a year's experience moves the belief by
    `benefit_learning`, a shorter one by the part that compounds to it.
    """
    years = days / DAYS_A_YEAR
    learning = b.benefit_learning if years == 1.0 else 1.0 - (1.0 - b.benefit_learning) ** years
    realised = s.term_saving / years + perk_value(t, b, m, key)
    return s.expected_benefit + learning * (realised - s.expected_benefit)


@rule
def membership_saving(t: Terms, p: Programme, o: Order) -> int:
    """Return the cents that the paid membership saved on this order against the terms without it."""
    if p.has_allowances:
        return saving_within_allowances(t, p, o)
    saving = o.list_value * (t.discount - t.other_discount) // 10_000
    if o.goods < t.other_free_shipping_from and o.goods >= t.free_shipping_from:
        saving += p.shipping_fee
    earned = o.points - o.campaign_points - p.earn_each_order
    if earned > 0 and t.earn_multiplier > 0:
        extra = earned * (t.earn_multiplier - t.other_earn_multiplier) // t.earn_multiplier
        saving += extra * p.redeem_value // p.redeem_points
    return saving


@mechanic
def saving_within_allowances(t: Terms, p: Programme, o: Order) -> int:
    """Return the same where vouchers and caps decide what the order got."""
    saving = membership_part(t, o)
    spared = o.goods < t.other_free_shipping_from and o.goods >= t.free_shipping_from
    if spared or o.by_voucher >= BY_MEMBERSHIP:
        saving += p.shipping_fee
    return saving + extra_points(t, p, o) * p.redeem_value // p.redeem_points


@rule
def membership_part(t: Terms, o: Order) -> int:
    """Return the cents of the standing discount beyond what it would be without the paid membership."""
    return o.offer[STANDING] - o.list_value * t.other_discount // 10_000


@rule
def extra_points(t: Terms, p: Programme, o: Order) -> int:
    """Return the points of the order beyond those that it would earn without the paid membership."""
    if p.has_points == 0 or (p.has_stamp_card and o.points == 0):
        return 0
    without = points_at(o, t.other_earn_multiplier, p)
    if p.categories:
        without += without * o.category_points // 10_000
    return o.points - o.campaign_points - without
