"""How shoppers come under another policy on a day that opens no month, as in a weekly ramp.

Serves the rollout. On the first of a month the turn of the month does the same beside its own work (sim/month.py): a
membership that is no longer offered ends with a refund, what the policy says of a cut-over is done, points come under
the new rules, members stand where the new ladder begins for them, and coupons that nobody takes any more are gone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .assumptions import Behaviour
from .attrition import settle
from .card import Card
from .compiled import card_mechanic, kernel, mechanic
from .contact import note_own_days, notice_tier
from .coupons import end_coupons
from .cut_over import cut_over
from .cut_over_record import REASSESS
from .gifts import mark_tiers, note_welcome
from .kernel import next_event_day, place, state_of
from .keyed_random import shopper_key
from .ledger import LedgerRow
from .lots import expire_lot
from .market import Market
from .membership_term import note_membership_days, refund_membership
from .points_expiry import note_expiry, take_over_points
from .points_table import BY_MONTH
from .programme_table import Programme, Terms
from .rival import in_rival_programme
from .shopper import ENROLLED, LOT_MONTHS, MEMBER, Shopper
from .soft_landing import terms_of
from .tier_review import place_on_ladder
from .tier_term import note_dates
from .tiers import tier_earned


@mechanic
def expire_old_lots(s: Shopper, p: Programme, m: Market, row: LedgerRow) -> None:
    """Expire the lots that are too old for the new policy; all of them where it has no points."""
    if s.points_balance == 0:
        return
    if p.has_points == 0:
        for age in range(LOT_MONTHS):
            expire_lot(s, m, row, age)
    elif p.expiry_kind == BY_MONTH:
        for age in range(p.expiry_months + 1, LOT_MONTHS):
            expire_lot(s, m, row, age)


@mechanic
def come_under(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow, day: int, rival: bool,
) -> None:  # fmt: skip
    """Put one shopper under the terms of the policy: membership, points, tier."""
    if s.status & MEMBER and p.fee == 0:
        refund_membership(s, c, p, row, day)
    if p.cuts_over and p.keeps_cards:
        cut_over(s, c, p, b, m, row, day)
    if p.takes_over:
        if p.keeps_cards:
            take_over_points(s, c, p, m, row, day)
        expire_old_lots(s, p, m, row)
        if p.expiry_reminder_days > 0:
            note_expiry(s, c, p, m, day)
    if p.migrates == 0 or s.status & ENROLLED == 0:
        return
    if p.keeps_standing == 0:
        earned = tier_earned(s, p)
        if earned != s.tier:
            settle(s, t, b, m, day, rival)
            s.tier = earned


@card_mechanic
def note_change(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow, day: int, rival: bool,
    key: np.uint64,
) -> None:  # fmt: skip
    """Note on the card what the policy asks for, under the terms of the tier that the shopper now has."""
    if p.keeps_standing and s.status & ENROLLED:
        if p.migrates or (p.cuts_over and p.tier_rule > REASSESS):
            place_on_ladder(s, c, t, p, b, m, row, day, rival)
        note_dates(s, c, p, m, day)
    if p.has_coupons == 0:
        end_coupons(c, row, day, True)
    if p.welcoming_tiers != 0:
        if p.migrates:
            mark_tiers(s, c)
        note_welcome(s, c, day)
    if p.campaigns > 0:
        notice_tier(s, c, day)
        note_own_days(s, c, p, m, day, key)
    if s.status & MEMBER and p.has_membership_days:
        note_membership_days(s, c, p, day)


@kernel
def change_programme(
    shoppers: NDArray[np.void], cards: NDArray[np.void], due: NDArray[np.int16], terms: NDArray[np.void],
    programme: NDArray[np.void], behaviour: NDArray[np.void], market: NDArray[np.void], ledger: NDArray[np.void],
    cohorts: NDArray[np.uint8], day: int, origin: int, hashed_seed: np.uint64, first_shopper: int,
) -> None:  # fmt: skip
    """Put every shopper of the programme's cohort under its terms, on the morning of `day`."""
    p, b, m = programme[0], behaviour[0], market[0]
    for i in range(shoppers.shape[0]):
        if cohorts[place(i * p.has_cohorts)] != p.cohort:
            continue
        s, c = shoppers[i], cards[place(i * p.keeps_cards)]
        key = shopper_key(hashed_seed, first_shopper + i)
        state = state_of(s)
        own = terms[terms_of(s, c, p, state)]
        rival = in_rival_programme(s, own, p, b, m, key)
        come_under(s, c, own, p, b, m, ledger[place(day - origin), state], day, rival)
        if p.keeps_cards:
            state = state_of(s)
            own = terms[terms_of(s, c, p, state)]
            note_change(s, c, own, p, b, m, ledger[place(day - origin), state], day, rival, key)
        due[i] = next_event_day(s, c, s.next_visit)
