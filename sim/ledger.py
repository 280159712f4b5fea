"""The ledger: every movement of money and points, by day and by tier and membership state, in integers.

Serves finance first: each line of the bridge from list value to contribution margin is one measure here, and sums of
integers do not depend on the order in which shoppers lived. Shape of a ledger: days x states. A new benefit adds its
line to `MONEY_LINES`, and with it stands in the bridge and in the identities.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .shopper import STATES


class Account(Enum):
    """What a money line is in the bridge from list value to contribution margin."""

    LIST_VALUE = "list value"
    """Where the bridge begins."""
    DISCOUNT = "discount"
    """A benefit that makes GMV smaller than list value."""
    GMV = "GMV"
    """List value less discounts."""
    PAID_IN_KIND = "paid in kind"
    """A benefit that pays part of GMV in place of money."""
    RETURN = "return"
    """Money given back for goods; no benefit."""
    INCOME = "income"
    """Money that comes in beside the goods."""
    TAX = "tax"
    """Part of what shoppers pay that is handed on to the state; no revenue."""
    FEE_NOT_CHARGED = "fee not charged"
    """A benefit by which a fee is not charged: a cost of the programme, but never part of the revenue."""
    BENEFIT = "benefit"
    """What a benefit costs outside the order: gifts, partners, messages."""
    COST = "cost"
    """A cost of doing business; negative where it is recovered."""
    MEMO = "memo"
    """Kept for roll-forwards; no part of the margin."""


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One measure in cents: its name in the ledger, its title for people, and the account it belongs to."""

    name: str
    title: str
    account: Account


MONEY_LINES = (
    MoneyLine("list_value", "List value", Account.LIST_VALUE),
    MoneyLine("member_discount", "Member discount", Account.DISCOUNT),
    MoneyLine("tier_discount", "Tier discounts", Account.DISCOUNT),
    MoneyLine("membership_discount", "Paid members' discount", Account.DISCOUNT),
    MoneyLine("landing_discount", "Soft-landing discounts", Account.DISCOUNT),
    MoneyLine("category_discount", "Member prices on categories", Account.DISCOUNT),
    MoneyLine("campaign_discount", "Campaign discounts", Account.DISCOUNT),
    MoneyLine("coupon_discount", "Coupons", Account.DISCOUNT),
    MoneyLine("special_price_discount", "Special-price pool", Account.DISCOUNT),
    MoneyLine("gmv", "GMV", Account.GMV),
    MoneyLine("points_paid", "Paid with points", Account.PAID_IN_KIND),
    MoneyLine("credits_paid", "Paid with reward credits", Account.PAID_IN_KIND),
    MoneyLine("points_paid_back", "Points given back for returns", Account.PAID_IN_KIND),
    MoneyLine("refunds", "Refunds for returns", Account.RETURN),
    MoneyLine("refunds_in_points", "Returns refunded in points", Account.RETURN),
    MoneyLine("shipping_charged", "Shipping charged", Account.INCOME),
    MoneyLine("sales_tax", "Sales tax handed on", Account.TAX),
    MoneyLine("shipping_waived_by_status", "Shipping waived by status", Account.FEE_NOT_CHARGED),
    MoneyLine("shipping_waived_by_voucher", "Shipping waived by voucher", Account.FEE_NOT_CHARGED),
    MoneyLine("shipping_waived_by_threshold", "Shipping waived by threshold", Account.FEE_NOT_CHARGED),
    MoneyLine("shipping_waived_by_campaign", "Shipping waived by campaigns", Account.FEE_NOT_CHARGED),
    MoneyLine("campaign_gifts", "Gifts of campaigns", Account.BENEFIT),
    MoneyLine("gifts_without_order", "Gifts of campaigns without an order", Account.BENEFIT),
    MoneyLine("messages", "Messages", Account.BENEFIT),
    MoneyLine("engagement", "Events and content", Account.BENEFIT),
    MoneyLine("cost_of_goods", "Cost of goods", Account.COST),
    MoneyLine("returned_goods", "Goods recovered from returns", Account.COST),
    MoneyLine("return_handling", "Handling of returns", Account.COST),
    MoneyLine("shipping_cost", "Shipping cost", Account.COST),
    MoneyLine("payment_cost", "Payment cost", Account.COST),
    MoneyLine("rewards_cost", "Catalogue rewards", Account.BENEFIT),
    MoneyLine("donations", "Donations for points", Account.BENEFIT),
    MoneyLine("prizes_cost", "Lottery prizes", Account.BENEFIT),
    MoneyLine("reminder_cost", "Reminders of expiry", Account.BENEFIT),
    MoneyLine("credits_granted", "Reward credits granted", Account.MEMO),
    MoneyLine("make_goods", "Made good at once", Account.BENEFIT),
    MoneyLine("referral_rewards", "Referral rewards", Account.BENEFIT),
    MoneyLine("price_protection", "Price protection", Account.BENEFIT),
    MoneyLine("trial_cost", "Trials before buying", Account.BENEFIT),
    MoneyLine("instalment_cost", "Instalments", Account.BENEFIT),
    # takes off again what `returned_goods` counts as recovered of goods that an instant refund has lost
    MoneyLine("instant_refunds", "Goods lost by instant refunds", Account.BENEFIT),
    MoneyLine("tier_welcome_gifts", "Welcome gifts of tiers", Account.BENEFIT),
    MoneyLine("service_labour", "Service labour", Account.COST),
    MoneyLine("partner_content", "Partners' content for paid members", Account.BENEFIT),
    MoneyLine("tier_content", "Partners' content for tiers", Account.BENEFIT),
    MoneyLine("welcome_gifts", "Welcome gifts of the membership", Account.BENEFIT),
    MoneyLine("renewal_reminders", "Renewal reminders", Account.BENEFIT),
    MoneyLine("fees_billed", "Membership fees billed", Account.MEMO),
    MoneyLine("fees_earned", "Membership fees earned", Account.INCOME),
    MoneyLine("fees_refunded", "Membership fees refunded", Account.MEMO),
    MoneyLine("fees_converted", "Of the fees not yet earned, those of memberships converted at cut-over", Account.MEMO),
    # what a month earns of the fees is posted as the next one opens; statements by month put it back
    MoneyLine("fees_of_month_before", "Of the fees earned, those of the month before", Account.MEMO),
    MoneyLine("tax_of_month_before", "Of the sales tax, that on fees of the month before", Account.MEMO),
    # costs of content stand in the lines above after the partners' share
    MoneyLine("partner_content_sponsored", "Borne by partners: paid members' content", Account.MEMO),
    MoneyLine("tier_content_sponsored", "Borne by partners: content of tiers", Account.MEMO),
    # what bonus-hunters cost beside points; all of it stands in the lines of delivery, payments, goods and returns
    MoneyLine("hunter_split_cost", "Of delivery and payments, those of split orders", Account.MEMO),
    MoneyLine("hunter_return_cost", "Of delivery, payments and goods, those of hunters' returns", Account.MEMO),
)
"""Measures in cents; costs and discounts are posted as positive amounts."""

MONEY = tuple(line.name for line in MONEY_LINES)
"""Names of the measures in cents."""

BENEFIT_ACCOUNTS = (Account.DISCOUNT, Account.PAID_IN_KIND, Account.FEE_NOT_CHARGED, Account.BENEFIT)
"""Accounts whose lines are what the programme costs."""

POINTS = (
    "points_issued",
    "points_redeemed",
    "points_expired",
    "points_clawed_back",
    "points_given_back",
    "points_converted",  # added by the conversion at a cut-over; negative where it took some away
    "points_forfeited",  # of the points expired, those forfeited by a cut-over
    # of the points issued, those for activities, challenges, referrals, campaigns and head starts
    "check_in_points",
    "review_points",
    "share_points",
    "profile_points",
    "challenge_points",
    "referral_points",
    "campaign_points",
    "points_for_sprints",
    "head_start_points",
    # issued to bonus-hunters beyond what the same conduct of others would earn, and kept after a return
    "hunter_split_points",
    "hunter_farmed_points",
    "hunter_kept_points",
    # owed on the morning on which points lose value, whose number stays as it is
    "points_devalued",
    # neither issued nor owed: held back by the caps of earning and of the membership
    "points_capped",
    "membership_points_capped",
)
"""Measures in points; those of referrals, campaigns, sprints and activities are part of those issued; what was clawed
back is a positive number.
"""

COUNTS = (
    "visits",
    "orders",
    "first_orders",
    "joins",
    "renewals",
    "cancellations",
    "gifts_received",
    "trials",
    "trial_conversions",
    "trials_ended",
    "members_saved",
    "reminders_sent",
    "vouchers_used",
    "promotions",
    "demotions",
    "lapses",
    "observations",
    "tiers_saved",
    "soft_landings",
    "invitations",
    "sprints",
    "sprints_won",
    "returns",
    "reminders",
    "frozen_balances",
    "rewards_taken",
    "rewards_sold_out",
    "lottery_plays",
    "prizes_won",
    "coupons_issued",
    "coupons_claimed",
    "coupons_redeemed",
    "coupons_expired",
    "order_failures",
    "tickets",
    "tickets_answered",
    "tickets_promised",  # answered, where a time was promised
    "tickets_in_time",  # of these, answered within it
    "wait_minutes",  # of the tickets answered
    "referrals",
    "referrals_in_vain",  # of these, when the reserve was used up
    "referred_first_orders",
    "special_price_units",
    "special_price_missed",  # orders that would have had a unit, but none was left
    "price_refunds",
    "trials_before_buying",
    "instalment_orders",
    "refunded_at_once",  # of the returns
    "special_price_sold_out",  # on the day on which the last unit goes
    "messages_sent",
    "opt_outs",
    "prompted_visits",
    "event_guests",
    "won_back",
    "returned",  # lapsed shoppers who came back by themselves
    "goals_reached",
    "raised_at_cutover",  # put into a higher tier than that which stands for their old one
    "lowered_at_cutover",
    "memberships_converted",
    "orders_split",  # orders that are there only because one was split
    "hunter_returns",  # planned by bonus-hunters
    "farmed",  # activities of bonus-hunters beyond the usual
    "stock_outs",  # orders that found the goods missing
    "orders_lost_to_stock_outs",  # of these
)
"""Measures that count events."""


class LedgerRow(Protocol):
    """One day and state of the ledger, to which the rules post: every measure is an integer."""

    def __getattr__(self, measure: str) -> int:
        """Return a measure."""

    def __setattr__(self, measure: str, value: int) -> None:
        """Set a measure."""


LEDGER = np.dtype([(measure, "i8") for measure in (*COUNTS, *MONEY, *POINTS)])
"""The layout of one day and state: counts, then money, then points."""


def new_ledger(days: int, *, has_twin: bool = False) -> NDArray[np.void]:
    """Return an empty ledger for `days` days (shape: days x states).

    With a twin there are twice as many states: the second half is for visits on days on which the twin orders.
    """
    return np.zeros((days, 2 * STATES if has_twin else STATES), LEDGER)


def lines_of(*accounts: Account) -> tuple[str, ...]:
    """Return the names of the money lines of `accounts`, in the order of the ledger."""
    return tuple(line.name for line in MONEY_LINES if line.account in accounts)


def total(ledger: NDArray[np.void], measure: str) -> int:
    """Return the sum of one measure over all days and states, in cents, points or events."""
    return int(ledger[measure].sum())
