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
def be_active_at_visit(
    s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, row: LedgerRow, day: int, k: np.uint64
) -> None:
    """Let an enrolled shopper check in and, once, complete the profile."""
    if p.check_in_points > 0 and uniform(k, Purpose.CHECK_IN) < b.check_in:
        row.check_in_points += award(s, c, p, m, row, p.check_in_points, day)
        add_activity(s, c, p, m, 1, day)
    if p.profile_points > 0 and c.has_profile == 0 and uniform(k, Purpose.PROFILE) < b.profile_completion:
        c.has_profile = 1
        row.profile_points += award(s, c, p, m, row, p.profile_points, day)


@mechanic
def be_active_after_order(
    s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, row: LedgerRow, day: int, k: np.uint64
) -> None:
    """Let the shopper review and share the order."""
    if p.review_points > 0 and uniform(k, Purpose.REVIEW) < b.reviewing:
        row.review_points += award(s, c, p, m, row, p.review_points, day)
        add_activity(s, c, p, m, 1, day)
        add_social(s, c, p, m, 1, day)
        if p.campaigns > 0:
            count_review(c, p, day)
    if p.share_points > 0 and uniform(k, Purpose.SHARE) < b.sharing:
        row.share_points += award(s, c, p, m, row, p.share_points, day)
        add_social(s, c, p, m, 1, day)
