"""Points for what is no order: who does what, and what it issues.

Serves visits and orders under a policy that rewards activities. The shares of members who act are assumptions; each
activity has its own line of points. Other families credit points the same way, by `award`.
"""

from __future__ import annotations

import numpy as np

from .assumptions import Behaviour
from .campaign_booking import count_review
from .card import Card
from .compiled import mechanic
from .keyed_random import Purpose, uniform
from .ledger import LedgerRow
from .market import Market
from .points_credit import award
from .programme_table import Programme
from .shopper import Shopper
from .standing import add_activity, add_social


@mechanic
def times_done(c: Card, m: Market, does: bool) -> int:
    """Return how often an activity is done: once by whoever does it, more often by a bonus-hunter who farms."""
    if c.hunts and m.hunter_farming > 0:
        return m.hunter_farming
    return 1 if does else 0


@mechanic
def award_activity(
    s: Shopper, c: Card, p: Programme, m: Market, row: LedgerRow, points: int, time: int, is_usual: bool, day: int
) -> int:
    """Issue the points of an activity done for the `time`-th time today, counted from 0; return how many.

    What goes beyond the usual once is counted as farmed.
    """
    issued = award(s, c, p, m, row, points, day)
    if time > 0 or not is_usual:
        row.farmed += 1
        row.hunter_farmed_points += issued
    return issued


@mechanic
def be_active_at_visit(
    s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, row: LedgerRow, day: int, k: np.uint64
) -> None:
    """Let an enrolled shopper check in and, once, complete the profile."""
    if p.check_in_points > 0:
        does = uniform(k, Purpose.CHECK_IN) < b.check_in
        for time in range(times_done(c, m, does)):
            row.check_in_points += award_activity(s, c, p, m, row, p.check_in_points, time, does, day)
            add_activity(s, c, p, m, 1, day)
    if p.profile_points > 0 and c.has_profile == 0 and uniform(k, Purpose.PROFILE) < b.profile_completion:
        c.has_profile = 1
        row.profile_points += award(s, c, p, m, row, p.profile_points, day)


@mechanic
def be_active_after_order(
    s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, row: LedgerRow, day: int, k: np.uint64
) -> None:
    """Let the shopper review and share the order."""
    if p.review_points > 0:
        does = uniform(k, Purpose.REVIEW) < b.reviewing
        for time in range(times_done(c, m, does)):
            row.review_points += award_activity(s, c, p, m, row, p.review_points, time, does, day)
            add_activity(s, c, p, m, 1, day)
            add_social(s, c, p, m, 1, day)
            if p.campaigns > 0:
                count_review(c, p, day)
    if p.share_points > 0:
        does = uniform(k, Purpose.SHARE) < b.sharing
        for time in range(times_done(c, m, does)):
            row.share_points += award_activity(s, c, p, m, row, p.share_points, time, does, day)
            add_social(s, c, p, m, 1, day)
