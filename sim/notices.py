"""What a scenario makes of a policy's promises that the policy itself does not say: laws, and days that never come.

Serves the linter and the run, which tell it to whoever wrote the policy.
"""

from __future__ import annotations

from collections.abc import Iterator

from memberlab.policies import Finding, Policy, Severity
from memberlab.scenarios import Scenario

from .calendar import calendar_of
from .in_force import lawful, lawfully_renewed


def scenario_findings(policy: Policy, scenario: Scenario) -> list[Finding]:
    """Return what is doubtful about `policy` in `scenario`, beyond what the linter finds in any world."""
    return [
        *_expiry_against_the_law(policy, scenario),
        *_renewal_against_the_law(policy, scenario),
        *_devaluation_that_never_comes(policy, scenario),
    ]


def _expiry_against_the_law(policy: Policy, scenario: Scenario) -> Iterator[Finding]:
    law, points = scenario.regulation, policy.points
    if law is None or points is None or (allowed := lawful(points, law)) == points:
        return
    where = "points.expiry" if allowed.expiry != points.expiry else "points.activities.expire_after_days"
    if law.points_expiry == "allowed":
        yield Finding(
            "expiry-against-the-law", Severity.WARNING, where,
            f"points live less than the {law.shortest_life_months} months that scenario {scenario.name} demands from "
            f"{law.since} on; there they live as long as the law says, whatever the policy promises",
            "points live longer than planned, and more of them are used",
            f"write a life of {law.shortest_life_months} months or more",
        )  # fmt: skip
        return
    but = "" if law.points_expiry == "forbidden" else " other than by inactivity"
    yield Finding(
        "expiry-against-the-law", Severity.WARNING, where,
        f"points expire, which scenario {scenario.name} forbids{but} from {law.since} on; there they stay, "
        "whatever the policy says",
        "points that would have expired stay owed, and the liability grows; "
        f"points.expected_redemption, {points.expected_redemption / 100:g} %, was set with expiry in mind",
        "write expiry: never, and an expected_redemption without it",
    )  # fmt: skip


def _renewal_against_the_law(policy: Policy, scenario: Scenario) -> Iterator[Finding]:
    law, membership = scenario.regulation, policy.membership
    if law is None or membership is None or (asked := lawfully_renewed(membership, law)) == membership:
        return
    assert asked.reminder is not None
    own = membership.reminder
    sent = "without a reminder" if own is None else f"after a reminder {own.days} days ahead"
    yield Finding(
        "renewal-against-the-law", Severity.WARNING, "membership" if own is None else "membership.reminder.days",
        f"terms renew themselves {sent}, where scenario {scenario.name} demands one {asked.reminder.days} days "
        f"ahead from {law.since} on; there it is sent, whatever the policy says",
        f"each costs {asked.reminder.cost / 100:,.2f}, and fewer members renew unseen (reminder_against_inertia)",
        f"write reminder: {{days: {asked.reminder.days}, cost: ...}} with the cost of a message",
    )  # fmt: skip


def _devaluation_that_never_comes(policy: Policy, scenario: Scenario) -> Iterator[Finding]:
    change = None if policy.points is None else policy.points.devaluation
    if change is None:
        return
    calendar = calendar_of(scenario)
    last = calendar.date_of(calendar.end - 1)
    if change.on > last:
        yield Finding(
            "devaluation-never-comes", Severity.NOTE, "points.devaluation.on",
            f"{change.on} is after the last day of scenario {scenario.name}, {last}",
            "nothing is worth less in this world, though it may be announced",
            f"write a day up to {last.replace(day=1)}",
        )  # fmt: skip
    elif change.on < scenario.start:
        yield Finding(
            "devaluation-has-happened", Severity.NOTE, "points.devaluation.on",
            f"{change.on} is before the launch on {scenario.start}, so the policy opens with the lower value",
            "nobody is told and nobody rushes; points brought forward are valued anew on launch day",
            f"write a day from {scenario.start} on",
        )  # fmt: skip
