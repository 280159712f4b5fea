"""The paid membership: who considers it, joins, renews or lets it go, and how its fee is earned over the term.

Serves the visit, the anniversary and the turn of the month. Amounts are cents. The logits are those of the behaviour
reference, 2.8 (facts 38, 40 and 42).
"""

from __future__ import annotations

import math

import numpy as np

from .assumptions import Behaviour
from .attrition import settle
from .compiled import rule
from .keyed_random import TRAITS_DAY, Purpose, day_key, normal, uniform
from .ledger import LedgerRow
from .market import Market
from .programme_table import NOT_OFFERED, Programme, Terms
from .shopper import LAPSED, MEMBER, NEVER, RENEWED, Shopper

DAYS_A_YEAR = 365.0


@rule
def perk_value(b: Behaviour, m: Market, key: np.uint64) -> float:
    """Return what the shopper would give for the perks that carry no price, in cents a year (lognormal)."""
    spread = b.perk_value_spread
    deviate = normal(day_key(key, TRAITS_DAY), Purpose.PERK_VALUE)
    return b.perk_value_mean * m.currency_level * math.exp(spread * deviate - 0.5 * spread * spread)


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
    if t.other_free_shipping_from < t.free_shipping_from:
        fee_share = 1.0
        if t.free_shipping_from < NOT_OFFERED:
            fee_share = share_below(t.free_shipping_from, mean_basket * (10_000 - t.discount) / 10_000, m.basket_shape)
        saved += orders * p.shipping_fee * fee_share
    return saved + perk_value(b, m, key)


@rule
def consider_membership(
    s: Shopper, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow,
    rival: bool, day: int, k: np.uint64, key: np.uint64,
) -> None:  # fmt: skip
    """Let a shopper without a paid membership think about it at some visits, and perhaps join."""
    if uniform(k, Purpose.CONSIDER_MEMBERSHIP) >= b.membership_consideration:
        return
    believed = b.optimism * yearly_benefit(s, t, p, b, m, key)
    utility = b.fee_sensitivity * (believed - p.fee) / p.fee + b.join_intercept
    if uniform(k, Purpose.JOIN_MEMBERSHIP) < 1.0 / (1.0 + math.exp(-utility)):
        settle(s, t, b, m, day, rival)
        s.expected_benefit = believed
        s.status &= ~RENEWED
        row.joins += 1
        open_term(s, p, row, day)


@rule
def open_term(s: Shopper, p: Programme, row: LedgerRow, day: int) -> None:
    """Bill the fee and start a term today."""
    s.status |= MEMBER
    s.term_end = day + p.term_days
    s.fee_paid = p.fee
    s.term_saving = 0
    row.fees_billed += p.fee


@rule
def fee_earned(s: Shopper, p: Programme, first_day: int, end_day: int) -> int:
    """Return the cents of the current fee that are earned from `first_day` up to, not including, `end_day`.

    Straight line over the term; cumulative, so that the parts of a term add up to the fee to the cent.
    """
    start = s.term_end - p.term_days
    before = max(0, first_day - start)
    until = min(p.term_days, end_day - start)
    if until <= before:
        return 0
    return s.fee_paid * until // p.term_days - s.fee_paid * before // p.term_days


@rule
def earn_fee(s: Shopper, p: Programme, row: LedgerRow, first_day: int, end_day: int) -> None:
    """Book the fee earned from `first_day` up to, not including, `end_day`."""
    earned = fee_earned(s, p, first_day, end_day)
    row.fees_earned += earned
    s.margin += earned


@rule
def end_term(
    s: Shopper, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow, day: int, rival: bool, key: np.uint64
) -> None:
    """Close the term that ends today: the shopper learns what it was worth and renews or lets it go.

    Whoever has left the shop for good does not renew, and nobody renews what is no longer on offer.
    """
    earn_fee(s, p, row, m.fees_until, day)
    settle(s, t, b, m, day, rival)
    realised = s.term_saving + perk_value(b, m, key)
    s.expected_benefit += b.benefit_learning * (realised - s.expected_benefit)
    if s.status & LAPSED == 0 and s.lifetime_left > 0.0 and wants_to_renew(s, p, b, day_key(key, day)):
        s.status |= RENEWED
        row.renewals += 1
        open_term(s, p, row, day)
    else:
        leave_membership(s, row)


@rule
def leave_membership(s: Shopper, row: LedgerRow) -> None:
    """End the membership; without one no term ends."""
    s.status &= ~(MEMBER | RENEWED)
    s.term_end = NEVER
    row.cancellations += 1


@rule
def wants_to_renew(s: Shopper, p: Programme, b: Behaviour, k: np.uint64) -> bool:
    """Return whether the member pays for another term; nothing is bought where no fee is asked."""
    if p.fee == 0:
        return False
    utility = b.fee_sensitivity * (s.expected_benefit - p.fee) / p.fee + b.renewal_intercept
    if s.status & RENEWED:
        utility += b.renewal_tenure
    return uniform(k, Purpose.RENEW_MEMBERSHIP) < 1.0 / (1.0 + math.exp(-utility))


@rule
def refund_membership(s: Shopper, p: Programme, row: LedgerRow, day: int) -> None:
    """End a membership that the new policy no longer offers: the part of the fee not yet earned goes back."""
    refund = s.fee_paid - fee_earned(s, p, s.term_end - p.term_days, day)
    row.fees_refunded += refund
    leave_membership(s, row)


@rule
def sunk_cost(s: Shopper, p: Programme, b: Behaviour, day: int) -> float:
    """Return the pull of a fee once paid on the log odds of an order, before the response factor (fact 38)."""
    if b.sunk_cost == 0.0:
        return 0.0
    return b.sunk_cost * math.exp(-(day - s.term_end + p.term_days) / b.sunk_cost_memory)
