"""The card of one shopper: what the programme office notes about them for the mechanics that a policy need not have.

Serves those mechanics. Cards are kept only under a policy that needs them; without one all shoppers share a single
blank card, to which no rule writes. Money is in cents, points in points, days count from the start of the warm-up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import MOST_CAMPAIGNS, MOST_MESSAGES, Policy, standing_needs_notes
from memberlab.scenarios import Scenario

from .compiled import BLANK, rule
from .membership_table import keeps_membership_notes
from .points_table import keeps_points_on_cards
from .record import Float64, Int8, Int16, Int32, Int64, Record, layout
from .shopper import NEVER, WINDOW_MONTHS

PARTS = 6
"""Pending credits of points kept apart; one more waits with the last."""

COUPON_MONTHS = 4
"""Months whose coupons are kept apart: a coupon lives at most as long as four months."""

COUPON_LOTS = 8
"""Lots of coupons: those of the months, and after these as many of coupons bought with points."""


class Card(Record):
    """What the office notes about one shopper, what is read most often first: a line of the cache is 64 bytes."""

    # what a visit reads: the first 64 bytes
    office_day: Int16  # day of the office's next business with this shopper alone
    prompted_day: Int16  # day of a visit beside the shopper's own, prompted by the shop
    credit: Int64  # cents that points became by themselves
    coupons_left: Int16  # in all lots together
    coupons_used: Int8  # in this calendar month
    has_tastes: Int8  # 1: the tastes below have been drawn
    category_taste: Annotated[list[float], "f4", 4]  # share of the baskets that is of each category
    window_value: Int32  # of the tier, in the running window, in hundredths of what a threshold counts
    task_left: Int32  # cents still to be spent
    window_orders: Int16
    task: Int8  # the task: none, observation, sprint
    fallen_from: Int8  # the tier lost, while the soft landing lasts; else 0
    standing: Int8  # of the paid membership, bits: see membership_term.py
    plan: Int8  # of the term that runs, its number in the policy
    term_days: Int16  # of the term that runs; 0: a year
    has_profile: Int8  # 1: has completed the profile
    hunts: Int8  # 1: a bonus-hunter
    upgraded_day: Int16  # day of the last promotion
    challenge_day: Int16  # day on which the last step of a challenge was last reached
    orders_counted: Int32  # for campaigns
    last_order_failed: Int8  # 1: something went wrong with the last order
    tier_seen: Int8  # 1 + the tier when last looked at; 0: never
    opted_out: Int8  # 1: wants no more messages
    third: Int8  # thirds by recency, frequency and spend: r + 4 f + 16 m, each 1 to 3; 0: not ranked
    message_place: Int8  # where the day of the next message goes
    upgrade_untold: Int8  # 1: promoted by an order, of which the office tells on the next morning
    # what visits add to the tier and what they ask of campaigns: the next 137
    month_value: Annotated[list[int], "i4", WINDOW_MONTHS]  # by calendar month, a ring
    deal_day: Int16  # 1 + day of the last order at a campaign's price; 0: none
    waits_until: Int16  # day of a sale for which an order is put off; 0: none is
    deal_percent: Int8  # what that deal took off
    pending_points: Int32  # in all parts together
    points_debt: Int32  # clawed back beyond the balance
    reviews_counted: Int32
    occasion: Annotated[list[int], "i2", MOST_CAMPAIGNS]  # first day of the occasion in which each was last used
    uses: Annotated[list[int], "i1", MOST_CAMPAIGNS]  # in that occasion
    month_orders: Annotated[list[int], "i2", WINDOW_MONTHS]
    # what an order, a message and the office's business read
    return_days: Annotated[list[int], "i2", 4]  # of returns on their way; places without a day are empty
    idle_until: Int16  # day on which points are gone without activity before; 0: not running
    reminded_of: Int16  # day of the expiry of which the last reminder told
    review_day: Int16  # day of the tier's next review, where it is not the opening of a month
    anniversary: Int16  # next anniversary of the first order, where it matters
    landing_until: Int16  # day on which the soft landing ends
    task_until: Int16  # day on which the task or the observation ends
    held_until: Int16  # day from which a review may take the tier away
    tiers_reached: Int16  # bits of the tiers to which the member has been welcomed or needs no welcome
    message_days: Annotated[list[int], "i2", MOST_MESSAGES]  # 1 + days of the last messages, a ring; 0: none
    coupons: Annotated[list[int], "i2", COUPON_LOTS]  # by month of issue, a ring, and after it those bought
    coupon_end: Annotated[list[int], "i2", COUPON_LOTS]  # day after the last on which each lot can be used
    pending_days: Annotated[list[int], "i2", 6]  # when pending points can be used
    pending_parts: Annotated[list[int], "i4", 6]
    near_goals: Int32  # bits of campaigns to a step of whose challenge this month's spend is close
    last_value: Int32  # of the tier, in the period before, where windows are periods
    last_orders: Int16
    tier_since: Int16  # day on which the tier was reached or lost last
    protected_until: Int16  # last day on which the price of the latest order is protected; 0: no order is
    # points earned towards the caps, with the day, month and year that they are about
    earned_day: Int16
    earned_month: Int16
    earned_year: Int16
    earned_on_day: Int32
    earned_in_month: Int32
    earned_in_year: Int32
    earned_ever: Int32
    has_stamp_card: Int8  # 1: has taken up the stamp card
    kept_tier: Int8  # below which the member never falls, since the latest cut-over
    referrer: Int32  # by number, counted over all regions, plus 1, so that 0 is nobody
    first_friend: Int32  # of those whom this shopper has referred, the latest
    # what is left of allowances
    allowance_month: Int16  # 1 + number of the month to which the allowances below belong
    allowance_year: Int16  # year of membership to which they belong
    vouchers_used: Int16  # of the membership in the period
    tier_vouchers_used: Int16  # of the tier in its own period
    tier_month: Int16  # 1 + number of the month to which these belong
    tier_year: Int16  # year since the first order to which they belong
    discount_used: Int32  # cents saved by the membership's discount in the period
    points_used: Int32  # points given by the membership's multiplier in the period
    member_since: Int16  # day of joining, from which years of membership count
    pool_month: Int16  # month of the world, counted from 1, in which units of the special-price pool were bought
    pool_units: Int16
    # points: lots to the day, earliest expiry first; empty ones hold no points
    lot_points: Annotated[list[int], "i4", 12]
    lot_days: Annotated[list[int], "i2", 12]  # day on which the lot is gone
    lot_months: Annotated[list[int], "i2", 12]  # month of earning
    # the paid membership
    plan_months: Int8  # length of a term of that plan
    plan_start: Int16  # day on which the first of an unbroken row of terms began
    term_number: Int16  # of the term that runs in that row; 0: not noted
    # the order whose price is protected
    protected_list: Int64  # cents of goods at list prices
    protected_paid: Int64  # cents of goods
    protected_level: Float64  # of market prices on the day of the order
    # referral
    next_friend: Int32  # whom the same referrer had referred before
    rewarded_orders: Int16  # of this shopper as somebody's friend
    rewards_this_year: Int16  # as a referrer
    reward_year: Int16  # programme year that these belong to; 0: none yet
    # returns on their way
    return_months: Annotated[list[int], "i2", 4]  # month of the order
    return_pending_until: Annotated[list[int], "i2", 4]  # day on which the points of the order can be used
    return_goods: Annotated[list[int], "i8", 4]  # cents after discounts
    return_paid_by_points: Annotated[list[int], "i8", 4]  # cents
    return_paid_by_credit: Annotated[list[int], "i8", 4]  # cents
    return_costs: Annotated[list[int], "i8", 4]  # cents recovered
    return_lost: Annotated[list[int], "i8", 4]  # of these, cents lost if the refund is instant
    return_spent: Annotated[list[int], "i4", 4]  # points that paid
    return_earned: Annotated[list[int], "i4", 4]  # points earned
    return_hunted: Annotated[list[int], "i1", 4]  # 1: a bonus-hunter's, to keep the reward without the goods


CARD = layout(Card)
"""The layout of a card."""

BLANK_CARD = np.dtype([(BLANK, "i1"), *((name, CARD[name]) for name in CARD.names or ())])
"""The layout of the one blank card that all shoppers share under a policy without cards.

The mark comes first: with the same fields at the same places Numba would take the layout for a kind of `CARD`.
"""

DAYS_AHEAD = (
    "office_day",
    "prompted_day",
    "upgraded_day",
    "challenge_day",
    "review_day",
    "anniversary",
    "landing_until",
    "task_until",
)
"""Fields that are NEVER on a blank card."""


@rule
def note_business(c: Card, day: int) -> None:
    """Let the office see to this shopper on `day` at the latest."""
    c.office_day = min(c.office_day, day)


def new_cards(count: int, layout: np.dtype[np.void] = CARD) -> NDArray[np.void]:
    """Return `count` blank cards (shape: count)."""
    cards = np.zeros(count, layout)
    for field in DAYS_AHEAD:
        cards[field] = NEVER
    return cards


def blank_card() -> NDArray[np.void]:
    """Return the one card that all shoppers share where none are kept (shape: 1)."""
    return new_cards(1, BLANK_CARD)


def keeps_points(policy: Policy, scenario: Scenario) -> bool:
    """Return whether points need notes, or goods can come back and be refunded, at once or not."""
    return keeps_points_on_cards(policy) or scenario.returns is not None


def remembers_offers(policy: Policy, scenario: Scenario) -> bool:
    """Return whether members have coupons, or prices of their own on categories."""
    return policy.coupons is not None or bool(policy.categories)


def remembers_referrals(policy: Policy, scenario: Scenario) -> bool:
    """Return whether shoppers come by word of mouth."""
    return scenario.word_of_mouth is not None


def counts_units(policy: Policy, scenario: Scenario) -> bool:
    """Return whether members get so many units of a pool at most."""
    return policy.special_price_pool is not None


def remembers_prices(policy: Policy, scenario: Scenario) -> bool:
    """Return whether prices are protected after an order."""
    return policy.price_protection is not None


def has_campaigns(policy: Policy, scenario: Scenario) -> bool:
    """Return whether members are written to or counted for campaigns."""
    return bool(policy.campaigns)


def welcomes_to_tiers(policy: Policy) -> bool:
    """Return whether a tier has a welcome gift, so that the tiers that a member has reached are noted."""
    return any(tier.welcome_gift is not None for tier in policy.tiers.values())


def counts_vouchers(policy: Policy, scenario: Scenario) -> bool:
    """Return whether a tier gives free deliveries up to a number."""
    return any(tier.free_shipping_vouchers is not None for tier in policy.tiers.values())


def opens_content_months(policy: Policy, scenario: Scenario) -> bool:
    """Return whether partners are paid for members of a tier; nothing is noted, but the office has a month's work."""
    return any(tier.perks for tier in policy.tiers.values())


def cuts_over(policy: Policy, scenario: Scenario) -> bool:
    """Return whether the policy says what becomes of what members bring along when it takes over."""
    return policy.migration is not None


def has_hunters(policy: Policy, scenario: Scenario) -> bool:
    """Return whether some shoppers hunt for bonuses, which is noted of each."""
    return scenario.bonus_hunters is not None


def announces_devaluation(policy: Policy, scenario: Scenario) -> bool:
    """Return whether points lose value, of which members are told; some come for it, on days that are noted."""
    return policy.points is not None and policy.points.devaluation is not None


NEEDS: tuple[Callable[[Policy, Scenario], bool], ...] = (
    remembers_offers,
    remembers_referrals,
    counts_units,
    remembers_prices,
    has_campaigns,
    counts_vouchers,
    opens_content_months,
    has_hunters,
    announces_devaluation,
    lambda policy, scenario: welcomes_to_tiers(policy),
    keeps_membership_notes,
    lambda policy, scenario: standing_needs_notes(policy),
    keeps_points,
    cuts_over,
)
"""One question for each mechanic that keeps notes."""


def needs_cards(policy: Policy, scenario: Scenario) -> bool:
    """Return whether any mechanic of `policy` or `scenario` keeps notes about each shopper."""
    return any(needs(policy, scenario) for needs in NEEDS)


def cards_for(policy: Policy, scenario: Scenario, kept: NDArray[np.void], count: int) -> NDArray[np.void]:
    """Return the cards of `count` shoppers under `policy`: those `kept` before, blank ones, or the one that all
    share.

    Cards once kept stay under any policy: points may be pending on them, goods on their way back, and a paid term may
    run whose length only they know.
    """
    if are_kept(kept):
        return kept.copy()
    return new_cards(count) if needs_cards(policy, scenario) else blank_card()


def are_kept(cards: NDArray[np.void]) -> bool:
    """Return whether each shopper has a card of their own."""
    return cards.dtype == CARD


def forget_occasions(cards: NDArray[np.void]) -> None:
    """Let no campaign have been used: under a policy whose campaigns are others."""
    cards["occasion"] = cards["uses"] = cards["near_goals"] = 0
