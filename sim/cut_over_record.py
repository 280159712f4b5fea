"""What the rules know of a cut-over: what the policy that takes over promises for it, and what of that lasts.

Serves the launch morning and the months after it. The terms are part of the programme's record and matter on launch day
only; what lasts stands in the market, so that a saved world goes on with it.
"""

from __future__ import annotations

from typing import Annotated

from .record import Int64, Record

UNSAID = 0
"""The policy does not say what becomes of tiers or points: as without a migration, and nobody is hurt."""

REASSESS, KEEP_UNTIL_REVIEW, KEEP_FOR_GOOD, GRANDFATHER = 1, 2, 3, 4
"""What becomes of tiers."""

KEEP_POINTS, CONVERT_POINTS, FORFEIT_POINTS = 1, 2, 3
"""What becomes of points on launch day."""

KEEP_TERM, CONVERT_DAYS, CONVERT_MONEY, REFUND_TERM = 0, 1, 2, 3
"""What becomes of a paid membership: a conversion keeps the days that are left, or the money not yet earned."""


class CutOverTerms(Record):
    """What becomes of what members have under the policy before; all 0 where nothing is said of it."""

    cuts_over: Int64  # 1 on the launch day of an arm that takes over and has a migration section
    tier_rule: Int64
    counterpart: Annotated[list[int], "i8", 8]  # by level of the policy before: the level that stands for it
    points_rule: Int64
    convert_old: Int64  # points
    convert_new: Int64  # points for these
    convert_rounding: Int64
    old_redeem_points: Int64  # of the policy before
    old_redeem_value: Int64  # cents for these; 0 where it had no points
    membership_rule: Int64


class CutOverState(Record):
    """What lasts of the latest cut-over; all 0 where nothing does."""

    nobody_falls_before: Int64  # day
    old_points_before: Int64  # number of the launch month: lots of months before it were brought along
    old_points_until: Int64  # number of the month that opens without their protection, or without them; 0: none
    old_points_forfeited: Int64  # 1: they are forfeited then
    old_expiry_months: Int64  # full months that the policy before let points live; FOREVER or more: they never expired
    old_expiry_period: Int64  # months
    old_fee_until: Int64  # day
    old_plan_fee: Annotated[list[int], "i8", 4]  # by plan of this policy: the old fee of a term of that length
    converted_by_age: Annotated[list[int], "i8", 26]  # points added by a conversion since the month opened, by lot
