"""What a migration section can have wrong though it parses.

Serves the linter. The policy before is not known here; `memberlab cutover` holds both against each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from .amounts import counted, rounded
from .finding import Finding, Rule, Severity
from .give_back import give_back, tier_of
from .policy import Policy
from .typical_shopper import Customers

LEAST_KEPT = Fraction(9, 10)
"""A conversion that leaves less than this share of the number of points is told."""


def conversion_takes_points(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find conversions that leave members with markedly fewer points than they had."""
    points = None if policy.migration is None else policy.migration.points
    if points is None or points.old is None or points.new is None:
        return
    kept = Fraction(points.new, points.old)
    if kept < LEAST_KEPT:
        face = _year_of_points(policy, customers)
        yield Finding(
            "conversion-takes-points", Severity.WARNING, "migration.points.new",
            f"{counted(points.old)} become {points.new:,}: unless a point is worth more now, members lose "
            f"{float(1 - kept):.0%}",
            f"of a year's points of a heavy shopper, {rounded(face, policy)}, about "
            f"{rounded(float(1 - kept) * face, policy)} go on launch day",
            f"write new: {points.old:,}, or see with memberlab cutover what the old points were worth",
        )  # fmt: skip


def forfeit_without_notice(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find points that are taken on launch day though the policy has points in which they could go on."""
    points = None if policy.migration is None else policy.migration.points
    if points is None or policy.points is None or not points.is_forfeited_at_once:
        return
    face = _year_of_points(policy, customers)
    yield Finding(
        "forfeit-without-notice", Severity.WARNING, "migration.points.rule",
        "all points that members bring along are gone on launch day",
        f"a heavy shopper loses up to a year's points, {rounded(face, policy)}",
        "write notice_months: 3, or rule: keep or convert",
    )  # fmt: skip


def tiers_kept_for_good(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find tiers that members keep whatever they spend from then on."""
    tiers = None if policy.migration is None else policy.migration.tiers
    if tiers is None or tiers.rule != "keep for good":
        return
    shopper, highest = customers.median, len(policy.tiers) - 1
    more = give_back(policy, shopper, highest).total - give_back(policy, shopper, tier_of(policy, shopper)).total
    yield Finding(
        "tiers-kept-for-good", Severity.NOTE, "migration.tiers.rule",
        "whoever has a tier on launch day has it for ever, whatever they spend",
        f"a median shopper kept in {list(policy.tiers)[-1]} gets {rounded(more * shopper.spend, policy)} a year more "
        "than such a shopper earns",
        "write rule: grandfather with months, such as 12",
    )  # fmt: skip


def _year_of_points(policy: Policy, customers: Customers) -> float:
    """Return the face value in cents of the points that a heavy shopper earns in a year."""
    shopper = customers.heavy
    return give_back(policy, shopper, tier_of(policy, shopper)).points * shopper.spend


MIGRATION_RULES: tuple[Rule, ...] = (conversion_takes_points, forfeit_without_notice, tiers_kept_for_good)
"""The linter's rules about migrations."""
