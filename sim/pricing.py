"""The price of an order: the standing discount, member prices on categories, the campaign of the day and a coupon.

Serves the visit. Kinds of reduction are numbered as in `policies.OFFERS`; each takes its share of what those before
it have left, a group of kinds that exclude each other leaves only its largest, and the cap on the whole cuts the last
first. Amounts are cents, shares basis points. Where there is only the standing discount, none of this is reached.
"""

from __future__ import annotations

import math

import numpy as np

from .assumptions import Behaviour
from .campaigns import choose_campaign, drop_spent_campaigns, gifts_with
from .card import Card
from .compiled import card_mechanic, mechanic, rule
from .coupons import has_coupon, use_coupon
from .keyed_random import TRAITS_DAY, Purpose, day_key, exponential, uniform
from .ledger import LedgerRow
from .market import Market
from .order import Order
from .programme_table import Programme, Terms

STANDING, CATEGORY, CAMPAIGN, COUPON = 0, 1, 2, 3
KINDS = 4


@rule
def price(o: Order, t: Terms, p: Programme, m: Market, day: int) -> None:
    """Price the basket; the fraction of a cent of each reduction is dropped."""
    if p.has_offers and o.has_offers:
        if o.campaigns != 0:
            price_with_campaigns(o, t, p, m, day)
        else:
            price_with_offers(o, t, p)
        return
    o.offer[STANDING] = standing_discount(o.list_value, o, t, p)
    o.goods = o.list_value - o.offer[STANDING] - o.special_discount
    o.log_price = t.log_price
    if p.discount_cap > 0:
        o.log_price = math.log((o.list_value - o.offer[STANDING]) / o.list_value)


@rule
def standing_discount(left: int, o: Order, t: Terms, p: Programme) -> int:
    """Return the standing discount on `left` cents; what the membership adds to it stops at its cap."""
    amount = left * t.discount // 10_000
    if p.discount_cap > 0:
        most = left * t.other_discount // 10_000 + o.discount_left
        if amount > most:
            o.is_capped = 1
            return most
    return amount


@mechanic
def look_for_offers(c: Card, t: Terms, p: Programme, o: Order, key: np.uint64) -> float:
    """Note which reductions this order can have; return the factor by which member prices and campaigns cheapen it."""
    o.category_share = o.category_points = 0
    if p.categories:
        if c.has_tastes == 0:
            draw_tastes(c, p, key)
        for place in range(p.categories):
            o.category_share += int(c.category_taste[place] * t.category_discount[place])
            o.category_points += int(c.category_taste[place] * t.category_points[place] * 100.0)
    o.coupon_is_at_hand = p.has_coupons != 0 and has_coupon(c, p)
    is_cheaper = o.category_share > 0 or o.campaign_share > 0
    o.has_offers = is_cheaper or o.coupon_is_at_hand != 0 or o.campaigns != 0 or t.discount > p.most_discount
    if not is_cheaper:
        return 1.0
    return (10_000 - o.category_share) * (10_000 - o.campaign_share) / 100_000_000.0


@card_mechanic
def draw_tastes(c: Card, p: Programme, key: np.uint64) -> None:
    """Draw which share of the shopper's baskets is of each category: lifelong, uniform ** power of what is left.

    The power is such that the mean over shoppers is the share that the scenario gives.
    """
    left = 1.0
    for place in range(p.categories):
        part = math.pow(uniform(day_key(key, TRAITS_DAY), Purpose.CATEGORY_TASTE + place), p.category_power[place])
        c.category_taste[place] = left * part
        left -= left * part
    c.has_tastes = 1


@rule
def reduction(kind: int, left: int, o: Order, t: Terms, p: Programme) -> int:
    """Return what one kind takes off an order of which `left` cents are left."""
    if kind == STANDING:
        return standing_discount(left, o, t, p)
    if kind == CATEGORY:
        return left * o.category_share // 10_000
    if kind == CAMPAIGN:
        return left * o.campaign_share // 10_000 + o.campaign_amount if left >= o.campaign_minimum else 0
    if o.coupon_is_at_hand and left >= p.coupon_minimum:
        return p.coupon_value if p.coupon_value > 0 else left * p.coupon_share // 10_000
    return 0


@rule
def is_excluded(kind: int, o: Order, t: Terms, p: Programme) -> bool:
    """Return whether another kind of the same exclusive group would take more off the list value; of equals the first
    in the order of application stays.
    """
    group = p.offer_group[kind]
    if group == 0:
        return False
    own, is_earlier = reduction(kind, o.list_value, o, t, p), True
    for place in range(KINDS):
        other = p.offer_order[place]
        if other == kind:
            is_earlier = False
        elif p.offer_group[other] == group:
            amount = reduction(other, o.list_value, o, t, p)
            if amount > own or (amount == own and is_earlier):
                return True
    return False


@mechanic
def price_with_campaigns(o: Order, t: Terms, p: Programme, m: Market, day: int) -> None:
    """Price the basket with the best campaign that can pay for it, and note the worth of the gifts with it."""
    prices_anew = True
    while prices_anew:
        choose_campaign(t, p, m, o)
        price_with_offers(o, t, p)
        o.campaign_goods = o.goods + o.offer[CAMPAIGN]
        prices_anew = drop_spent_campaigns(t, p, m, o, o.offer[CAMPAIGN], day)
    o.gift_value = gifts_with(p, o)


@mechanic
def price_with_offers(o: Order, t: Terms, p: Programme) -> None:
    """Apply every reduction in order, then the cap on all of them together."""
    left = o.list_value
    for place in range(KINDS):
        kind = p.offer_order[place]
        amount = 0 if is_excluded(kind, o, t, p) else min(left, reduction(kind, left, o, t, p))
        o.offer[kind] = amount
        left -= amount
    excess = o.list_value - left - o.list_value * p.most_discount // 10_000
    for place in range(KINDS - 1, -1, -1):
        if excess > 0:
            kind = p.offer_order[place]
            cut = min(excess, o.offer[kind])
            o.offer[kind] -= cut
            left += cut
            excess -= cut
    if o.special_extra > 0:  # as the standing discount that it deepens, it is taken of what the others leave
        o.special_discount = o.special_extra * left // (o.list_value - o.offer[STANDING])
    o.goods = left - o.special_discount
    o.log_price = math.log(max(1, left) / o.list_value)


@mechanic
def top_up_for_coupon(o: Order, t: Terms, p: Programme, b: Behaviour, k: np.uint64) -> int:
    """Add goods to reach the coupon's minimum spend if that pays; return the list value added, in cents.

    The shopper weighs the coupon against part of the gap, as with free shipping (behaviour reference, 2.6; fact 36).
    """
    if o.coupon_is_at_hand == 0 or b.padding_spread == 0.0 or is_excluded(COUPON, o, t, p):
        return 0
    left = o.list_value
    for place in range(KINDS):
        kind = p.offer_order[place]
        if kind == COUPON:
            break
        left -= o.offer[kind]
    gap = p.coupon_minimum - left
    gain = p.coupon_value if p.coupon_value > 0 else p.coupon_minimum * p.coupon_share // 10_000
    if gap <= 0 or left <= 0 or gain == 0:
        return 0
    utility = (gain - b.padding_gap_weight * gap) / (b.padding_spread * gain)
    if utility < -30.0 or uniform(k, Purpose.COUPON_PADDING) >= 1.0 / (1.0 + math.exp(-utility)):
        return 0
    overshoot = exponential(k, Purpose.COUPON_PADDING_OVERSHOOT) * b.padding_overshoot * p.coupon_minimum
    added = int((gap + overshoot) * o.list_value / left) + 2
    o.list_value += added
    price_with_offers(o, t, p)
    return added


@mechanic
def book_offers(c: Card, o: Order, row: LedgerRow) -> None:
    """Post what each kind of reduction took off, and use up the coupon."""
    row.category_discount += o.offer[CATEGORY]
    row.campaign_discount += o.offer[CAMPAIGN]
    row.coupon_discount += o.offer[COUPON]
    if o.offer[COUPON] > 0:
        use_coupon(c, row)
