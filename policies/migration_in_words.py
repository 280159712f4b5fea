"""The cut-over in plain language, as a member would be told it.

Serves the sentences about a policy.
"""

from __future__ import annotations

from .amounts import counted
from .migration import MembershipMigration, PointsMigration, TierMigration
from .policy import Policy

ROUNDED = {
    "down": "what is left of a point is dropped",
    "nearest": "half a point and more counts as a whole one",
    "up": "part of a point counts as a whole one",
}


def migration_told(policy: Policy) -> list[str]:
    """Return what becomes of tiers, points and memberships when *policy* takes over."""
    migration = policy.migration
    if migration is None:
        return []
    sentences = []
    if migration.tiers is not None:
        sentences.append(_tiers(migration.tiers))
    if migration.points is not None:
        sentences += _points(migration.points)
    if migration.memberships is not None:
        sentences += _memberships(migration.memberships)
    return sentences


def _tiers(tiers: TierMigration) -> str:
    kept = "the tier of the same name"
    if tiers.map:
        kept = f"{kept}, or {', '.join(f'{new} for {old}' for old, new in tiers.map.items())}"
    return {
        "reassess": "On launch day everybody gets the tier that the new ladder gives for what they have done.",
        "keep until review": f"On launch day everybody keeps {kept}, until the next regular review.",
        "keep for good": f"On launch day everybody keeps {kept}, and never falls below it.",
        "grandfather": f"On launch day everybody has {kept} at least, and nobody falls for {_months(tiers.months)}.",
    }[tiers.rule]


def _points(points: PointsMigration) -> list[str]:
    if points.rule == "forfeit":
        when = f"{_months(points.notice_months)} after launch day" if points.notice_months else "on launch day"
        return [f"Points collected before are forfeited {when}."]
    sentence = "Points collected before keep their number"
    if points.old is not None and points.new is not None:
        sentence = f"For {counted(points.old)} collected before there are {points.new:,}; {ROUNDED[points.rounding]}"
    if points.old_expiry_months is not None:
        sentence += f", and expire by the old rule for {_months(points.old_expiry_months)}"
    return [f"{sentence}."]


def _memberships(memberships: MembershipMigration) -> list[str]:
    sentence = {
        "keep": "A paid membership runs to the end of its term",
        "convert": "A paid membership goes on as the new one "
        + ("for the days that are left" if memberships.time == "remaining months" else "for what is left of its fee"),
        "refund": "A paid membership ends on launch day, and what is left of its fee is paid back",
    }[memberships.rule]
    if memberships.old_fee_months is not None:
        sentence += f"; for {_months(memberships.old_fee_months)} it is renewed at the old fee if that is lower"
    return [f"{sentence}."]


def _months(months: int | None) -> str:
    return "1 month" if months == 1 else f"{months} months"
