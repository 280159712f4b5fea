"""The office's business with one shopper on a day of that shopper's own: deadlines, windows and reminders.

Serves the kernel. A mechanic that has to act on a day between two visits notes the day on the shopper's card
(`note_business` in card.py) and does its work here when the day comes.
"""

from __future__ import annotations

import numpy as np

from .assumptions import Behaviour
from .campaigns import occasion_start
from .card import Card
from .compiled import card_mechanic, mechanic
from .contact import note_own_days, tell
from .coupons import end_coupons
from .gifts import give_campaign_gift, note_welcome, welcome_to_tier
from .keyed_random import day_key
from .ledger import LedgerRow
from .market import Market
from .membership_office import attend_member
from .own_days import SILENCE, TIER_UPGRADE
from .points_credit import release_pending
from .points_expiry import attend_to_expiry
from .price_protection import check_price
from .programme_table import Programme, Terms
from .returns import attend_to_returns
from .shopper import MEMBER, NEVER, Shopper
from .tier_review import attend_tier
from .win_back import win_back


@card_mechanic
def attend(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow,
    day: int, rival: bool, key: np.uint64,
) -> None:  # fmt: skip
    """Do what is due today for one shopper, and note the day of what comes next."""
    c.office_day = NEVER
    attend_to_returns(s, c, t, p, b, m, row, day, rival)
    release_pending(s, c, p, m, row, day)
    attend_to_expiry(s, c, p, b, m, row, day, day_key(key, day))
    if p.welcoming_tiers != 0:
        welcome_to_tier(s, c, t, p, b, m, row, day, rival)
    if p.keeps_standing:
        attend_tier(s, c, t, p, b, m, row, day, rival, key)
    if p.welcoming_tiers != 0:
        note_welcome(s, c, day)
    if p.has_coupons:
        end_coupons(c, row, day, False)
    if p.has_membership_days and s.status & MEMBER:
        attend_member(s, c, t, p, b, m, row, day, rival, key)
    if p.protected_days > 0:
        check_price(s, c, t, p, b, m, row, day, rival, key)
    if p.acts_on_own_days != 0:
        announce_own_days(s, c, t, p, b, m, row, day, rival, key)


@mechanic
def announce_own_days(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow,
    day: int, rival: bool, key: np.uint64,
) -> None:  # fmt: skip
    """Give the gifts and send the messages of the campaigns whose own occasion starts today for this shopper.

    A promotion that an order gave yesterday has its gift and, if the occasion lasts until today, its message now.
    """
    is_untold = c.upgrade_untold != 0
    c.upgrade_untold = 0
    for number in range(p.campaigns):
        if (p.acts_on_own_days >> number) & 1 == 0:
            continue
        kind = p.campaign_own_day[np.uint64(number)]
        start = occasion_start(s, c, p, m, number, day, key)
        is_late = is_untold and kind == TIER_UPGRADE and c.upgraded_day == day - 1
        is_given = False
        if start == day or is_late:
            begun = day - 1 if is_late else day
            is_given = give_campaign_gift(s, c, t, p, b, m, row, number, begun, day, rival, key)
        if start != day and not (is_late and start == day - 1):
            continue
        if tell(s, c, p, b, m, row, number, is_given, day, key) and kind == SILENCE:
            win_back(s, c, t, p, b, m, row, number, day, rival, key)
    note_own_days(s, c, p, m, day + 1, key)
