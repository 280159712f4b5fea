"""The points of a policy as flat numbers: bases, caps, kinds of expiry, activities and rewards.

Serves the compilation of a policy; each mechanic finds its numbers in the programme record under the same names.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Activities, Caps, Expiry, Points, Policy, Tier
from memberlab.scenarios import Scenario

FOREVER = 10_000
"""An extension of the life of points by which they never expire, in months."""

NO_EXPIRY, BY_MONTH, BY_PERIOD, BY_DAY, ON_DATES, BY_INACTIVITY = 0, 1, 2, 3, 4, 5
"""Kinds of expiry; BY_MONTH is BY_PERIOD for single months without any extension, where one lot goes a month."""

PENDING_ONLY, WITHIN_BALANCE, MAY_GO_NEGATIVE = 0, 1, 2
CLAW_BACKS = {"pending_only": PENDING_ONLY, "within_balance": WITHIN_BALANCE, "may_go_negative": MAY_GO_NEGATIVE}

ROUND_DOWN, ROUND_NEAREST, ROUND_UP = 0, 1, 2
ROUNDINGS = {"down": ROUND_DOWN, "nearest": ROUND_NEAREST, "up": ROUND_UP}

RESET_BY_EARNING, RESET_BY_REDEEMING = 1, 2
RESETS = {"earning": 1, "redeeming": 2, "both": 3}

APP, EMAIL, SMS = 0, 1, 2
CHANNELS = {"app": APP, "email": EMAIL, "sms": SMS}

REWARDS = 8
"""Places for rewards in the record, for each tier."""


def set_points(record: np.void, points: Points | None, tiers: dict[str, Tier]) -> None:
    """Fill in everything about points; without points, what divides is 1."""
    record["earn_per"] = record["redeem_points"] = record["redeem_value"] = record["redeem_step"] = 1
    record["plain_earning"] = record["plain_redemption"] = 1
    if points is None:
        return
    earn = points.earn
    record["has_points"] = 1
    record["earn_points"], record["earn_per"] = earn.points, earn.per
    record["redeem_value"], record["redeem_points"] = points.worth
    record["minimum_points"], record["maximum_share"] = points.minimum, points.maximum_share
    record["expected_redemption"] = points.expected_redemption
    record["earn_rounding"] = ROUNDINGS[earn.rounding or "down"]
    record["earn_each_order"] = earn.each_order or 0
    record["earns_before_discounts"] = earn.counts.before_discounts
    record["earns_on_shipping"] = earn.counts.shipping
    record["earns_on_points_paid"] = earn.counts.points_paid
    record["tax_earns_none"] = not earn.counts.tax
    record["plain_earning"] = not (earn.each_order or earn.base or record["earn_rounding"])
    record["redeem_step"] = points.redeem.step or 1
    record["freeze_days"] = 0 if points.freeze is None else points.freeze.after_days
    record["plain_redemption"] = points.redeem.step is None and points.freeze is None and points.automatic is None
    if points.returns is not None:
        record["pending_days"] = points.returns.pending_days or 0
    record["claw_back"] = WITHIN_BALANCE if points.returns is None else CLAW_BACKS[points.returns.claw_back]
    record["gives_points_back"] = points.returns is None or points.returns.points_paid == "given_back"
    _set_caps(record, earn.caps)
    _set_expiry(record, points.expiry, tiers)
    _set_activities(record, points.activities)
    _set_rewards(record, points, tiers)


def keep_lots_apart(record: NDArray[np.void], policy: Policy) -> None:
    """Let several lots expire in a month (shape of `record`: 1), where those brought along keep their old expiry."""
    points = None if policy.migration is None else policy.migration.points
    if points is not None and points.old_expiry_months is not None:
        record["expiry_kind"] = np.where(record["expiry_kind"] == BY_MONTH, BY_PERIOD, record["expiry_kind"])


def _set_caps(record: np.void, caps: Caps | None) -> None:
    if caps is not None:
        record["has_caps"] = 1
        record["refuses_excess"] = caps.excess == "refused"
        for period in ("day", "month", "year", "lifetime"):
            record[f"cap_{period}"] = getattr(caps, period) or 0


def _set_expiry(record: np.void, expiry: Expiry | None, tiers: dict[str, Tier]) -> None:
    if expiry is None:
        return
    if expiry.days is not None or expiry.end_of == "day":
        record["expiry_kind"] = BY_DAY
        record["expiry_days"] = expiry.days or 0
        record["exact_months"] = expiry.months or 0
    elif expiry.dates:
        record["expiry_kind"] = ON_DATES
    elif expiry.inactivity is not None:
        record["expiry_kind"] = BY_INACTIVITY
        record["expiry_days"] = expiry.inactivity.days
        record["reset_by"] = RESETS[expiry.inactivity.reset_by]
        for level, name in enumerate(tiers):
            record["expiry_extension"][level] = FOREVER if expiry.extension.get(name, 0) is None else 0
    else:
        record["expiry_months"] = expiry.months or 0
        record["expiry_period"] = expiry.period
        plain = expiry.period == 1 and not expiry.extension and expiry.months is not None
        record["expiry_kind"] = BY_MONTH if plain else BY_PERIOD
        for level, name in enumerate(tiers):
            more = expiry.extension.get(name, 0)
            record["expiry_extension"][level] = FOREVER if more is None else more
    if expiry.reminder is not None:
        record["expiry_reminder_days"], record["expiry_reminder_cost"] = expiry.reminder.days, expiry.reminder.cost
        record["reminder_channel"] = CHANNELS[expiry.reminder.channel]


def _set_activities(record: np.void, activities: Activities | None) -> None:
    if activities is None:
        return
    for activity in ("check_in", "review", "share", "profile"):
        record[f"{activity}_points"] = getattr(activities, activity) or 0
    if activities.expire_after_days is not None:
        record["activity_days"] = activities.expire_after_days
        record["expiry_kind"] = BY_DAY
    record["at_visits"] = bool(activities.check_in or activities.profile)
    record["after_orders"] = bool(activities.review or activities.share)


def _set_rewards(record: np.void, points: Points, tiers: dict[str, Tier]) -> None:
    record["rewards"] = len(points.rewards)
    for place, reward in enumerate(points.rewards.values()):
        record["reward_cost"][place], record["reward_value"][place] = reward.cost or 0, reward.value or 0
        record["reward_coupons"][place], record["reward_donates"][place] = reward.coupons or 0, reward.charity
        for level, name in enumerate(list(tiers) or [""]):
            record["reward_points"][level * REWARDS + place] = reward.tier_points.get(name, reward.points)
    record["after_orders"] |= bool(points.rewards)
    if points.lottery is not None:
        record["lottery_points"], record["prizes"] = points.lottery.points, len(points.lottery.prizes)
        record["at_visits"] = 1
        for place, prize in enumerate(points.lottery.prizes.values()):
            record["prize_chance"][place] = prize.chance
            record["prize_cost"][place], record["prize_value"][place] = prize.cost, prize.value
    if points.automatic is not None:
        record["automatic_points"], record["automatic_credit"] = points.automatic.points, points.automatic.credit


def share_that_earns(policy: Policy, scenario: Scenario) -> float:
    """Return the share of an amount with tax that points are earned on: all of it, or the amount without tax."""
    counts = policy.points is None or policy.points.earn.counts.tax
    return 1.0 if counts else 10_000 / (10_000 + scenario.sales_tax)


def keeps_points_on_cards(policy: Policy) -> bool:
    """Return whether the points of `policy` need notes about each member: caps, days, debts or credits."""
    points = policy.points
    if points is None:
        return False
    expiry = points.expiry
    dated = expiry is not None and bool(
        expiry.days or expiry.end_of == "day" or expiry.dates or expiry.inactivity or expiry.reminder
    )
    pends = points.returns is not None and points.returns.pending_days is not None
    activities = points.activities
    profile = activities is not None and bool(activities.profile or activities.expire_after_days)
    return dated or pends or profile or points.earn.caps is not None or points.automatic is not None
