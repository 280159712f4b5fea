"""Points for what is no order, and the monthly challenge: who does what, and what it issues.

Serves visits and orders under a policy that rewards activities. The shares of members who act are assumptions; each
activity has its own line of points. Other families credit points the same way, by `award`.
"""

from __future__ import annotations

import numpy as np

from .assumptions import Behaviour
from .card import Card
from .compiled import mechanic, rule
from .keyed_random import Purpose, uniform
from .ledger import LedgerRow
from .market import Market
from .order import Order
from .points_credit import award
from .programme_table import Programme
from .shopper import Shopper
from .standing import add_activity, add_social
from .tiers import window_place


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
    s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, o: Order, row: LedgerRow, day: int, k: np.uint64
) -> None:
    """Let the shopper review and share the order, and reach the steps of the month's challenge by it."""
    if p.review_points > 0 and uniform(k, Purpose.REVIEW) < b.reviewing:
        row.review_points += award(s, c, p, m, row, p.review_points, day)
        add_activity(s, c, p, m, 1, day)
        add_social(s, c, p, m, 1, day)
    if p.share_points > 0 and uniform(k, Purpose.SHARE) < b.sharing:
        row.share_points += award(s, c, p, m, row, p.share_points, day)
        add_social(s, c, p, m, 1, day)
    if p.challenge_steps > 0:
        spend = s.month_spend[window_place(m)]
        for step in range(p.challenge_steps):
            if spend - o.goods < p.challenge_spend[step] <= spend:
                row.challenge_points += award(s, c, p, m, row, p.challenge_points[step], day)


@rule
def challenge_pull(s: Shopper, p: Programme, b: Behaviour, m: Market) -> float:
    """Return the pull of the next step of the month's challenge on the log odds of an order, before the response
    factor.

    It grows with the part of the step that is done, as the goal gradient does (fact 15).
    """
    if p.challenge_steps == 0 or b.challenge_pull == 0.0:
        return 0.0
    spend = s.month_spend[window_place(m)]
    for step in range(p.challenge_steps):
        if spend < p.challenge_spend[step]:
            return b.challenge_pull * spend / p.challenge_spend[step]
    return 0.0
