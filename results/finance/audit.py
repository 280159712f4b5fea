"""A second opinion: balances, liability and tiers of single shoppers, worked out from the events of their lives alone.

Serves auditors and tests. It shares no rule with the simulation: a life's postings come from a trace, and from them
plain Python tells what the shopper must own. It knows points that expire by month of earning and tiers by the spend of
twelve calendar months; other promises are refused, so that nothing is passed that was not looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from memberlab.policies import Policy
from memberlab.sim import Calendar, Life, Moment

WINDOW = 12


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure in which audit and books differ, on a day; money in cents."""

    day: int
    figure: str
    audited: int
    booked: int


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found: points and liability in cents at the end, moments looked at, and every difference."""

    points: int
    liability: int
    looked_at: int
    findings: tuple[Finding, ...]


def audit(
    life: Life, policy: Policy, calendar: Calendar, lots: Mapping[int, int], month_spend: Mapping[int, int]
) -> Audit:
    """Return the audit of one life under `policy`.

    `lots` are the points brought forward by month of earning, `month_spend` the cents of goods by month, both by the
    month's number from the start of the warm-up. Raises ValueError for a policy whose points or tiers it does not know.
    """
    _fail_if_unknown(policy)
    held, spend, findings = dict(lots), dict(month_spend), list[Finding]()
    kept = policy.points.expiry.months if policy.points and policy.points.expiry else None
    thresholds = [tier.threshold or 0 for tier in policy.tiers.values()]
    tier = life.opening.tier
    for moment in life.moments:
        month = calendar.month_of(moment.day)
        gone = _expire(held, month, kept)
        posted = moment.posted
        if moment.kind == "month":
            findings += _differs(moment, "points expired", gone, posted.get("points_expired", 0))
            if moment.before.enrolled:
                window = sum(cents for number, cents in spend.items() if month - WINDOW <= number < month)
                tier = sum(window >= threshold for threshold in thresholds[1:])
                findings += _differs(moment, "tier", tier, moment.after.tier)
        held[month] = held.get(month, 0) + posted.get("points_issued", 0)
        _redeem(held, posted.get("points_redeemed", 0), month, posted.get("points_issued", 0))
        spend[month] = spend.get(month, 0) + posted.get("gmv", 0)
        findings += _differs(moment, "points", sum(held.values()), moment.after.points)
    points = sum(held.values())
    return Audit(points, _worth(points, policy), len(life.moments), tuple(findings))


def _expire(held: dict[int, int], month: int, kept: int | None) -> int:
    """Drop the lots that `month` finds too old, and return their points."""
    old = [number for number in held if kept is not None and month - number > kept]
    return sum(held.pop(number) for number in old)


def _redeem(held: dict[int, int], points: int, month: int, earned_now: int) -> None:
    """Take points from the oldest lots first; what the same order earns cannot pay for it."""
    for number in sorted(held):
        free = held[number] - (earned_now if number == month else 0)
        taken = min(points, max(0, free))
        held[number] -= taken
        points -= taken
    held[month] = held.get(month, 0) - points  # what is not covered shows as a finding


def _worth(points: int, policy: Policy) -> int:
    """Return the expected cost of points in cents: face value at the expected redemption, fractions dropped."""
    if policy.points is None:
        return 0
    face = points * policy.points.redeem.value * policy.points.expected_redemption
    return face // (policy.points.redeem.points * 10_000)


def _differs(moment: Moment, figure: str, audited: int, booked: int) -> Sequence[Finding]:
    return [] if audited == booked else [Finding(moment.day, figure, audited, booked)]


def _fail_if_unknown(policy: Policy) -> None:
    points = policy.points
    if policy.qualification is not None:
        raise ValueError("the audit knows tiers by the spend of twelve months only; the policy has a qualification")
    if policy.migration is not None:
        raise ValueError("the audit knows no cut-over that converts or forfeits; the policy has a migration")
    if points is None:
        return
    if points.devaluation is not None:
        raise ValueError("the audit knows points that keep their value only; the policy has a devaluation")
    expiry = points.expiry
    is_plain = expiry is None or (expiry.months is not None and not expiry.extension and expiry.period == 1)
    if not is_plain or points.automatic or points.activities or points.returns or points.rewards or points.lottery:
        raise ValueError("the audit knows points that orders earn and pay, and that expire by month, only")
