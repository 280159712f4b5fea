"""The percentages that slides quote, as a list: who is compared with whom by which label, and what is counted when.

Serves whoever has been shown one of them. A label is a rule about a shopper's own accounts up to the morning on which
outcomes begin. In the placebo the same rule, or where it asks for a benefit a coin tossed at each order, is applied
in a market without any programme, where a label can do nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy
from memberlab.sim import MEMBER

from ..lives import Lives, Stop

Shoppers = NDArray[np.bool_]
"""Which shoppers are meant (shape: shoppers)."""

Rule = Callable[[Lives, Policy], Shoppers]
"""Tells from lives under a programme, and the programme's terms, who is meant."""


@dataclass(frozen=True, slots=True)
class Label:
    """A group in words, and the rule that tells it from what happened before outcomes begin."""

    words: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted for each shopper between two stops; `at_all` counts 1 for any, else the amount."""

    words: str
    field: str
    since: Stop
    until: Stop
    at_all: bool = False

    def of(self, lives: Lives) -> NDArray[np.int64]:
        """Return each shopper's outcome: cents, orders, or 1 and 0 (shape: shoppers)."""
        grown = lives.between(self.field, self.since, self.until)
        return (grown > 0).astype(np.int64) if self.at_all else grown


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim: what is said, the lift that it quotes, with which programme it is tried, and the comparison behind."""

    name: str
    says: str
    quoted: float
    programme: str
    among: Label
    label: Label
    placebo: Label
    outcome: Measure
    section: str | None
    """Section that a policy must have for the claim to be about it; None: only the built-in programme will do."""
    with_word_of_mouth: bool = False


def _bought(lives: Lives, policy: Policy) -> Shoppers:
    return _orders(lives) > 0


def _orders(lives: Lives) -> NDArray[np.int64]:
    return lives.between("orders", Stop.START, Stop.LABELLED)


def _is_paid_member(lives: Lives, policy: Policy) -> Shoppers:
    members: Shoppers = (lives.at("status", Stop.LABELLED) & MEMBER) != 0
    return members


def _was_paid_something(lives: Lives, policy: Policy) -> Shoppers:
    """Return whom the programme paid something, which under points alone is who paid with points."""
    return lives.between("benefit_cost", Stop.START, Stop.LABELLED) > 0


def _bought_in_last_quarter(lives: Lives, policy: Policy) -> Shoppers:
    return lives.between("orders", Stop.QUARTER, Stop.LABELLED) > 0


def _bought_in_event(lives: Lives, policy: Policy) -> Shoppers:
    return lives.between("orders", Stop.EVENT, Stop.LABELLED) > 0


def _spent_in_top_fifth(lives: Lives, policy: Policy) -> Shoppers:
    spend = lives.between("gmv", Stop.START, Stop.LABELLED)
    buyers = spend[_bought(lives, policy)]
    return spend > np.quantile(buyers, 0.8) if len(buyers) else np.zeros(len(spend), bool)


def _level(policy: Policy, spend: NDArray[np.int64]) -> NDArray[np.int64]:
    thresholds = [tier.threshold for tier in policy.tiers.values()]
    return np.searchsorted(np.array(thresholds), spend, side="right") - 1


def _level_reached(lives: Lives, policy: Policy) -> NDArray[np.int64]:
    return _level(policy, lives.between("gmv", Stop.START, Stop.LABELLED))


def _climbed(lives: Lives, policy: Policy) -> Shoppers:
    return _level_reached(lives, policy) > _level(policy, lives.at("window_spend", Stop.START))


def _is_above_lowest(lives: Lives, policy: Policy) -> Shoppers:
    return _level_reached(lives, policy) > 0


def _is_in_upper_half(lives: Lives, policy: Policy) -> Shoppers:
    return _level_reached(lives, policy) >= (len(policy.tiers) + 1) // 2


def _was_a_customer(lives: Lives, policy: Policy) -> Shoppers:
    return _bought(lives, policy) & (lives.at("first_order_day", Stop.START) >= 0)


def _brought_a_friend(lives: Lives, policy: Policy) -> Shoppers:
    latest = lives.at("latest_friend", Stop.LABELLED)
    brought: Shoppers = (latest > 0) & (latest != lives.at("latest_friend", Stop.START))
    return brought


def _by_chance(share: float) -> Rule:
    """Return the rule that labels a shopper with a chance of `share` at each order of the label year."""

    def rule(lives: Lives, policy: Policy) -> Shoppers:
        chosen: Shoppers = lives.draw < 1.0 - (1.0 - share) ** _orders(lives)
        return chosen

    return rule


BUYERS = Label("buyers of the first year", _bought)
CUSTOMERS = Label("buyers of the first year who were customers before", _was_a_customer)
MEMBERS = Label("paid members when the first year ends", _is_paid_member)
SIGNED_UP = Label("signed up by a coin with odds 1 in 5 at each order, for nothing", _by_chance(0.2))
POINTS_USERS = Label("those who paid with points in the first year", _was_paid_something)
SAID_YES = Label("said yes to worthless points by a coin at each order, 3 in 10", _by_chance(0.3))
DISCOUNT_USERS = Label("those who used the member price in the first year's last quarter", _bought_in_last_quarter)
BOUGHT_LATE = Label("bought in the same quarter at list prices", _bought_in_last_quarter)
CLIMBERS = Label("those whose first year's spend is in a higher tier than the year's before", _climbed)
LOYAL = Label("the top fifth by the first year's spend", _spent_in_top_fifth)
TIERED = Label("those whose first year's spend is above the lowest tier", _is_above_lowest)
UPPER = Label("those whose first year's spend is in the upper half of the tiers", _is_in_upper_half)
PARTICIPANTS = Label("those who bought in the event, the first year's last week", _bought_in_event)
BOUGHT_THEN = Label("bought in the same week without any event", _bought_in_event)
SOCIAL = Label("those who brought a friend in the first year", _brought_a_friend)

REPURCHASE = Measure("bought within 90 days after the first year", "orders", Stop.LABELLED, Stop.REPURCHASE, True)
SPEND = Measure("spend in the second year", "gmv", Stop.LABELLED, Stop.END)
ORDERS = Measure("orders in the second year", "orders", Stop.LABELLED, Stop.END)
RETAINED = Measure("bought in the second half of the second year", "orders", Stop.HALF, Stop.END, True)
ACTIVE = Measure("bought in the first half of the second year", "orders", Stop.LABELLED, Stop.HALF, True)

CLAIMS = (
    Claim("membership", "Membership lifts repurchase by 20 %", 0.20, "paid membership",
          BUYERS, MEMBERS, SIGNED_UP, REPURCHASE, "membership"),
    Claim("points", "Points lift monthly spend by 15 %", 0.15, "points",
          BUYERS, POINTS_USERS, SAID_YES, SPEND, None),
    Claim("discount-frequency", "Discounts lift frequency by 20 %", 0.20, "member price",
          BUYERS, DISCOUNT_USERS, BOUGHT_LATE, ORDERS, "member_discount"),
    Claim("discount-sales", "Discounts lift sales by 10 %", 0.10, "member price",
          BUYERS, DISCOUNT_USERS, BOUGHT_LATE, SPEND, "member_discount"),
    Claim("growth-path", "Clear growth paths lift retention by 20 %", 0.20, "tiers",
          BUYERS, CLIMBERS, CLIMBERS, RETAINED, "tiers"),
    Claim("loyal", "Loyal members spend 3 times as much", 2.00, "points",
          BUYERS, LOYAL, LOYAL, SPEND, "points"),
    Claim("event", "Event participants repurchase 30 % more", 0.30, "event",
          BUYERS, PARTICIPANTS, BOUGHT_THEN, REPURCHASE, None),
    Claim("tiered", "Tiered members are 25 % more active", 0.25, "tiers",
          BUYERS, TIERED, TIERED, ACTIVE, "tiers"),
    Claim("richer-benefits", "Richer benefits lift average spend by 40 %", 0.40, "tiers",
          BUYERS, UPPER, UPPER, SPEND, "tiers"),
    Claim("social", "Socially active users repurchase 40 % more", 0.40, "referral",
          CUSTOMERS, SOCIAL, SOCIAL, REPURCHASE, None, with_word_of_mouth=True),
)  # fmt: skip
"""Every claim, in the order of the table. The lift of "3 times" is +200 %."""
