"""The card of one shopper: what the programme office notes about them for the mechanics that a policy need not have.

Serves those mechanics. Cards are kept only under a policy that needs them; without one all shoppers share a single
blank card, to which no rule writes. Money is in cents, points in points, days count from the start of the warm-up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy, tiers_need_notes
from memberlab.scenarios import Scenario

from .compiled import rule
from .record import Int8, Int16, Int32, Record, layout
from .shopper import NEVER, WINDOW_MONTHS

COUPON_MONTHS = 4
"""Months whose coupons are kept apart: a coupon lives at most as long as four months."""


class Card(Record):
    """What the office notes about one shopper."""

    office_day: Int16  # day of the office's next business with this shopper alone
    prompted_day: Int16  # day of a visit beside the shopper's own, prompted by the shop
    # tiers: values are hundredths of what a threshold counts
    window_value: Int32  # in the running window
    last_value: Int32  # in the period before, where windows are periods
    window_orders: Int16
    last_orders: Int16
    review_day: Int16  # day of the next review, where it is not the opening of a month
    anniversary: Int16  # next anniversary of the first order, where it matters
    held_until: Int16  # day from which a review may take the tier away
    tier_since: Int16  # day on which the tier was reached or lost last
    landing_until: Int16  # day on which the soft landing ends
    task_until: Int16  # day on which the task or the observation ends
    task_left: Int32  # cents still to be spent
    task: Int8  # the task: none, observation, sprint
    fallen_from: Int8  # the tier lost, while the soft landing lasts; else 0
    month_value: Annotated[list[int], "i4", WINDOW_MONTHS]  # by calendar month, a ring
    month_orders: Annotated[list[int], "i2", WINDOW_MONTHS]
    coupon_end: Annotated[list[int], "i2", COUPON_MONTHS]  # day after the last on which each lot can be used, a ring
    coupons: Annotated[list[int], "i1", COUPON_MONTHS]  # coupons by month of issue, a ring
    coupons_left: Int8  # in all lots together
    coupons_used: Int8  # in this calendar month
    has_tastes: Int8  # 1: the tastes below have been drawn
    category_taste: Annotated[list[float], "f4", 4]  # share of the baskets that is of each category


CARD = layout(Card)
"""The layout of a card."""

DAYS_AHEAD = ("office_day", "prompted_day", "review_day", "anniversary", "landing_until", "task_until")
"""Fields that are NEVER on a blank card."""


@rule
def note_business(c: Card, day: int) -> None:
    """Let the office see to this shopper on `day` at the latest."""
    c.office_day = min(c.office_day, day)


def new_cards(count: int) -> NDArray[np.void]:
    """Return `count` blank cards (shape: count)."""
    cards = np.zeros(count, CARD)
    for field in DAYS_AHEAD:
        cards[field] = NEVER
    return cards


NEEDS: tuple[Callable[[Policy, Scenario], bool], ...] = (
    lambda policy, scenario: policy.coupons is not None or bool(policy.categories),
    lambda policy, scenario: tiers_need_notes(policy),
)
"""One question for each mechanic that keeps notes."""


def needs_cards(policy: Policy, scenario: Scenario) -> bool:
    """Return whether any mechanic of `policy` or `scenario` keeps notes about each shopper."""
    return any(needs(policy, scenario) for needs in NEEDS)


def cards_for(policy: Policy, scenario: Scenario, kept: NDArray[np.void], count: int) -> NDArray[np.void]:
    """Return the cards of `count` shoppers under `policy`: those `kept` before, blank ones, or the one that all
    share.
    """
    if not needs_cards(policy, scenario):
        return new_cards(1)
    return kept.copy() if len(kept) == count else new_cards(count)
