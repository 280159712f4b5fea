"""Which promises hold on a day: the policy's own, as far as points have kept their value and the law lets them
expire, with the reminders that the law demands.

Serves the world, which compiles what holds and compiles anew on the morning on which that changes. The law is the
scenario's: the world obeys it whatever the policy says.
"""

from __future__ import annotations

import datetime

from memberlab.policies import Expiry, Membership, MembershipReminder, Points, Policy, in_force
from memberlab.scenarios import Regulation, Scenario

from .calendar import Calendar

DAYS_A_MONTH = 31
"""Days by which a shortest life in months is told in days; the longest month, so that no point falls short of it."""

LONGEST_DAYS = 730
"""Days that a point's life can have."""


def in_force_on(policy: Policy, scenario: Scenario, day: datetime.date) -> Policy:
    """Return the policy as it holds on `day`: itself where neither devaluation nor law has changed anything."""
    policy = in_force(policy, day)
    law = scenario.regulation
    if law is None or day < law.since:
        return policy
    changes: dict[str, Points | Membership] = {}
    if policy.points is not None and (points := lawful(policy.points, law)) != policy.points:
        changes["points"] = points
    if policy.membership is not None and (renewed := lawfully_renewed(policy.membership, law)) != policy.membership:
        changes["membership"] = renewed
    return policy.model_copy(update=changes) if changes else policy


def lawfully_renewed(membership: Membership, law: Regulation) -> Membership:
    """Return the membership with a reminder as early as the law demands; the policy's own keeps its cost."""
    notice, own = law.notice_for(membership), membership.reminder
    if notice is None or (own is not None and own.days >= notice.days):
        return membership
    reminder = MembershipReminder(days=notice.days, cost=0)
    cost = notice.cost if own is None else own.cost
    return membership.model_copy(update={"reminder": reminder.model_copy(update={"cost": cost})})


def lawful(points: Points, law: Regulation) -> Points:
    """Return the points with a life that the law allows."""
    expiry, activities = points.expiry, points.activities
    by_inactivity = expiry is not None and expiry.inactivity is not None
    if law.points_expiry == "forbidden" or (law.points_expiry == "by_inactivity_only" and not by_inactivity):
        expiry = None
    elif law.shortest_life_months is not None and expiry is not None:
        expiry = at_least(expiry, law.shortest_life_months)
    days = None if activities is None else activities.expire_after_days
    if activities is not None and days is not None:
        if law.points_expiry != "allowed":
            activities = activities.model_copy(update={"expire_after_days": None})
        elif law.shortest_life_months is not None:
            days = max(days, min(LONGEST_DAYS, DAYS_A_MONTH * law.shortest_life_months))
            activities = activities.model_copy(update={"expire_after_days": days})
    return points.model_copy(update={"expiry": expiry, "activities": activities})


def at_least(expiry: Expiry, months: int) -> Expiry:
    """Return the expiry with a life of at least so many months, where it is told in months or days."""
    if expiry.days is not None:
        return expiry.model_copy(update={"days": max(expiry.days, min(LONGEST_DAYS, DAYS_A_MONTH * months))})
    if expiry.months is not None:
        return expiry.model_copy(update={"months": max(expiry.months, months)})
    return expiry


def days_of_change(policy: Policy, scenario: Scenario, calendar: Calendar) -> list[int]:
    """Return the days of the world on which what holds changes, in order."""
    dates = set()
    if policy.points is not None and policy.points.devaluation is not None:
        dates.add(policy.points.devaluation.on)
    if scenario.regulation is not None and (policy.points is not None or policy.membership is not None):
        dates.add(scenario.regulation.since)
    days = sorted((date - calendar.start).days for date in dates)
    return [day for day in days if 0 <= day < calendar.end]
