"""The card of one shopper: what the programme office notes about them for the mechanics that a policy need not have.

Serves those mechanics. Cards are kept only under a policy that needs them; without one all shoppers share a single
blank card, to which no rule writes. Money is in cents, points in points, days count from the start of the warm-up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import MOST_CAMPAIGNS, MOST_MESSAGES, Policy
from memberlab.scenarios import Scenario

from .compiled import rule
from .record import Int8, Int16, Int32, Record, layout
from .shopper import NEVER

COUPON_MONTHS = 4
"""Months whose coupons are kept apart: a coupon lives at most as long as four months."""


class Card(Record):
    """What the office notes about one shopper."""

    office_day: Int16  # day of the office's next business with this shopper alone
    prompted_day: Int16  # day of a visit beside the shopper's own, prompted by the shop
    # campaigns and contact
    upgraded_day: Int16  # day of the last promotion
    challenge_day: Int16  # day on which the last step of a challenge was last reached
    orders_counted: Int32
    tier_seen: Int8  # 1 + the tier when last looked at; 0: never
    opted_out: Int8  # 1: wants no more messages
    third: Int8  # thirds by recency, frequency and spend: r + 4 f + 16 m, each 1 to 3; 0: not ranked
    message_place: Int8  # where the day of the next message goes
    message_days: Annotated[list[int], "i2", MOST_MESSAGES]  # 1 + days of the last messages, a ring; 0: none
    occasion: Annotated[list[int], "i2", MOST_CAMPAIGNS]  # first day of the occasion in which it was last used
    uses: Annotated[list[int], "i1", MOST_CAMPAIGNS]  # in that occasion
    coupon_end: Annotated[list[int], "i2", COUPON_MONTHS]  # day after the last on which each lot can be used, a ring
    coupons: Annotated[list[int], "i1", COUPON_MONTHS]  # coupons by month of issue, a ring
    coupons_left: Int8  # in all lots together
    coupons_used: Int8  # in this calendar month
    has_tastes: Int8  # 1: the tastes below have been drawn
    category_taste: Annotated[list[float], "f4", 4]  # share of the baskets that is of each category


CARD = layout(Card)
"""The layout of a card."""

DAYS_AHEAD = ("office_day", "prompted_day", "upgraded_day", "challenge_day")
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
    lambda policy, scenario: bool(policy.campaigns),
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


def forget_occasions(cards: NDArray[np.void]) -> None:
    """Let no campaign have been used: under a policy whose campaigns are others."""
    cards["occasion"] = cards["uses"] = 0
