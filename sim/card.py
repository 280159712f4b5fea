"""The card of one shopper: what the programme office notes about them for the mechanics that a policy need not have.

Serves those mechanics. Cards are kept only under a policy that needs them; without one all shoppers share a single
blank card, to which no rule writes. Money is in cents, points in points, days count from the start of the warm-up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy
from memberlab.scenarios import Scenario

from .compiled import rule
from .points_table import keeps_points_on_cards
from .record import Int8, Int16, Int32, Int64, Record, layout
from .shopper import NEVER

PARTS = 6
"""Pending credits of points kept apart; one more waits with the last."""


class Card(Record):
    """What the office notes about one shopper."""

    office_day: Int16  # day of the office's next business with this shopper alone
    prompted_day: Int16  # day of a visit beside the shopper's own, prompted by the shop
    # points: what was earned towards the caps, with the day, month and year that it is about
    earned_day: Int16
    earned_month: Int16
    earned_year: Int16
    has_profile: Int8  # 1: has completed the profile
    earned_on_day: Int32
    earned_in_month: Int32
    earned_in_year: Int32
    earned_ever: Int32
    points_debt: Int32  # clawed back beyond the balance
    credit: Int64  # cents that points became by themselves
    # points: what is pending, and when it can be used
    pending_points: Int32  # in all parts together
    pending_days: Annotated[list[int], "i2", 6]
    pending_parts: Annotated[list[int], "i4", 6]
    # points: lots to the day, earliest expiry first; empty ones hold no points
    lot_days: Annotated[list[int], "i2", 12]  # day on which the lot is gone
    lot_months: Annotated[list[int], "i2", 12]  # month of earning
    lot_points: Annotated[list[int], "i4", 12]
    idle_until: Int16  # day on which points are gone without activity before; 0: not running
    reminded_of: Int16  # day of the expiry of which the last reminder told
    # returns on their way; places without a day are empty
    return_days: Annotated[list[int], "i2", 4]
    return_months: Annotated[list[int], "i2", 4]  # month of the order
    return_pending_until: Annotated[list[int], "i2", 4]  # day on which the points of the order can be used
    return_goods: Annotated[list[int], "i8", 4]  # cents after discounts
    return_paid_by_points: Annotated[list[int], "i8", 4]  # cents
    return_paid_by_credit: Annotated[list[int], "i8", 4]  # cents
    return_costs: Annotated[list[int], "i8", 4]  # cents recovered
    return_spent: Annotated[list[int], "i4", 4]  # points that paid
    return_earned: Annotated[list[int], "i4", 4]  # points earned


CARD = layout(Card)
"""The layout of a card."""

DAYS_AHEAD = ("office_day", "prompted_day")
"""Fields that are NEVER on a blank card."""


def new_cards(count: int) -> NDArray[np.void]:
    """Return `count` blank cards (shape: count)."""
    cards = np.zeros(count, CARD)
    for field in DAYS_AHEAD:
        cards[field] = NEVER
    return cards


def _points_need_them(policy: Policy, scenario: Scenario) -> bool:
    return keeps_points_on_cards(policy) or scenario.returns is not None


@rule
def note_business(c: Card, day: int) -> None:
    """Let the office see to this shopper on `day` at the latest."""
    c.office_day = min(c.office_day, day)


NEEDS: tuple[Callable[[Policy, Scenario], bool], ...] = (_points_need_them,)
"""One question for each mechanic that keeps notes."""


def needs_cards(policy: Policy, scenario: Scenario) -> bool:
    """Return whether any mechanic of `policy` or `scenario` keeps notes about each shopper."""
    return any(needs(policy, scenario) for needs in NEEDS)


def cards_for(policy: Policy, scenario: Scenario, kept: NDArray[np.void], count: int) -> NDArray[np.void]:
    """Return the cards of `count` shoppers under `policy`: those `kept` before, blank ones, or the one that all
    share.

    Cards once kept stay under any policy: points may be pending on them, and goods on their way back.
    """
    if len(kept) == count:
        return kept.copy()
    return new_cards(count if needs_cards(policy, scenario) else 1)
