"""The rules of standing as flat numbers: what counts towards a tier, over which window, when it is reviewed and lost.

Serves the compilation of a policy. Every basis is a growth value with one weight: hundredths of what a threshold
counts, so that spend is counted in cents and an order as a hundred.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import PERIOD_MONTHS, Policy, Qualification, standing_needs_notes

from .shopper import NEVER

NOT_INVITED = -1
"""The value for an invitation to a tier to which nobody is invited."""

ROLLING, CALENDAR, MEMBERSHIP_YEAR, LIFETIME = 0, 1, 2, 3
"""Kinds of window."""

MONTHLY, AT_PERIOD_END, ON_ANNIVERSARY = 0, 1, 2
"""Kinds of review."""

TO_EARNED, ONE_LEVEL, NO_DEMOTION = 0, 1, 2
"""Kinds of demotion."""

NO_TASK, OBSERVATION, SPRINT = 0, 1, 2
"""What a member has to do by a day: nothing, the make-up task of an observation, a sprint."""

WINDOWS = {"rolling": ROLLING, "membership year": MEMBERSHIP_YEAR, "lifetime": LIFETIME}
REVIEWS = {"monthly": MONTHLY, "period end": AT_PERIOD_END, "anniversary": ON_ANNIVERSARY}
DEMOTIONS = {"to the level earned": TO_EARNED, "one level": ONE_LEVEL, "none": NO_DEMOTION}
KEPT_PERIODS = {"until review": 0, "period end": 1, "next period end": 2}


def fill_standing(record: NDArray[np.void], policy: Policy) -> None:
    """Write the rules of standing of `policy` into its programme `record` (shape: 1)."""
    rules = policy.qualification or Qualification()
    record["keeps_standing"] = standing_needs_notes(policy)
    for name, weight in rules.weights().items():
        record[f"{name}_weight"] = weight
    record["counts_balance"] = rules.basis == "balance"
    record["points_life"] = points_life(policy)
    record["window_kind"] = WINDOWS.get(rules.window, CALENDAR)
    record["window_months"] = PERIOD_MONTHS.get(rules.window, rules.months)
    record["promotes_at_once"] = rules.promotion == "instant"
    is_yearly = rules.window == "membership year" and rules.review == "period end"
    record["review_kind"] = ON_ANNIVERSARY if is_yearly else REVIEWS[rules.review]
    record["kept_periods"], record["kept_months"] = KEPT_PERIODS[rules.kept], rules.kept_months
    record["grace_days"] = rules.grace_days
    record["demotion_kind"] = DEMOTIONS[rules.demotion]
    record["invites_at"] = NOT_INVITED
    for level, tier in enumerate(policy.tiers.values()):
        record["orders_needed"][0, level], record["never_demoted"][0, level] = tier.orders, tier.never_demoted
        if tier.invitation is not None:
            record["invites_at"][0, level] = tier.invitation.value
            record["invites_after"][0, level] = tier.invitation.after_months
            record["invites_share"][0, level] = tier.invitation.share / 10_000
    _fill_care(record, rules)


def points_life(policy: Policy) -> int:
    """Return the days that points live on average at most; NEVER where they never expire."""
    expiry = None if policy.points is None else policy.points.expiry
    if expiry is None:
        return NEVER
    return max(1, min(NEVER, round(expiry.average_months * 365 / 12)))


def _fill_care(record: NDArray[np.void], rules: Qualification) -> None:
    """Write observation, soft landing and sprint."""
    if rules.observation is not None:
        record["watch_days"], record["safe_months"] = rules.observation.days, rules.observation.safe_months
        record["make_up_spend"] = rules.observation.make_up_spend or 0
    record["has_tasks"] = rules.sprint is not None or record["make_up_spend"][0] > 0
    if rules.soft_landing is not None:
        record["landing_months"] = rules.soft_landing.months
    if rules.sprint is not None:
        record["sprint_within"], record["sprint_spend"] = rules.sprint.within, rules.sprint.spend
        record["sprint_days"], record["sprint_points"] = rules.sprint.days, rules.sprint.points
