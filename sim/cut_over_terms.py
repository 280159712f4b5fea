"""The migration section of a policy that takes over as flat numbers, and whether it fits the policy before.

Serves the world on the morning on which an arm is launched. Days count from the start of the warm-up.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import (
    DocumentError,
    Expiry,
    Membership,
    Migration,
    Policy,
    Problem,
    TierMigration,
    hint,
    tier_counterparts,
)

from .calendar import Calendar
from .cut_over_record import (
    CONVERT_DAYS,
    CONVERT_MONEY,
    CONVERT_POINTS,
    FORFEIT_POINTS,
    GRANDFATHER,
    KEEP_FOR_GOOD,
    KEEP_POINTS,
    KEEP_TERM,
    KEEP_UNTIL_REVIEW,
    REASSESS,
    REFUND_TERM,
    CutOverState,
)
from .points_table import FOREVER, ROUNDINGS
from .record import layout
from .shopper import NEVER

TIER_RULES = {
    "reassess": REASSESS, "keep until review": KEEP_UNTIL_REVIEW, "keep for good": KEEP_FOR_GOOD,
    "grandfather": GRANDFATHER,
}  # fmt: skip

LASTING = layout(CutOverState).names or ()
"""Fields of the market that belong to the latest cut-over."""


def prepare_cut_over(
    programme: NDArray[np.void], market: NDArray[np.void], arm: Policy, former: Policy, calendar: Calendar, day: int,
) -> None:  # fmt: skip
    """Write what becomes of what members have when `arm` takes over from `former` on `day`.

    Within a month, promises by the month begin with the next one, so that nobody gets less than was written; the lot of
    the running month, in which old and new points are together, is never forfeited with the old. Of an earlier cut-over
    nothing lasts: the newest promise holds. Raises DocumentError when both policies do not fit.
    """
    for field in LASTING:
        market[field] = 0
    migration = arm.migration
    if migration is None:
        return
    fail_if_migration_does_not_fit(arm, former)
    programme["cuts_over"] = 1
    running = calendar.month_of(day)
    month = running + (calendar.month_starts[running] < day)
    _write_tiers(programme, market, migration, arm, former, calendar, month)
    _write_points(programme, market, migration, arm, former, month, running)
    _write_memberships(programme, market, migration, arm, former, calendar, month)


def _day_after(calendar: Calendar, month: int, months: int) -> int:
    """Return the first day of the month that lies `months` after `month`; NEVER beyond the calendar."""
    starts = calendar.month_starts
    return starts[month + months] if month + months < len(starts) else NEVER


def _write_tiers(
    programme: NDArray[np.void], market: NDArray[np.void], migration: Migration, arm: Policy, former: Policy,
    calendar: Calendar, month: int,
) -> None:  # fmt: skip
    if migration.tiers is not None:
        programme["tier_rule"] = TIER_RULES[migration.tiers.rule]
    highest = max(0, len(arm.tiers) - 1)
    programme["counterpart"] = np.minimum(np.arange(8), highest)
    for level, counterpart in enumerate(tier_counterparts(arm, former)):
        programme["counterpart"][0, level] = min(level, highest) if counterpart is None else counterpart
    if migration.tiers is not None and migration.tiers.months is not None:
        market["nobody_falls_before"] = _day_after(calendar, month, migration.tiers.months)


def _write_points(
    programme: NDArray[np.void], market: NDArray[np.void], migration: Migration, arm: Policy, former: Policy,
    month: int, running: int,
) -> None:  # fmt: skip
    points = migration.points
    programme["old_redeem_points"] = 1
    if former.points is not None:
        programme["old_redeem_value"], programme["old_redeem_points"] = former.points.worth
    market["old_points_before"] = month
    if points is None:
        return
    programme["points_rule"] = KEEP_POINTS
    if points.is_forfeited_at_once:
        programme["points_rule"] = FORFEIT_POINTS
    elif points.rule == "forfeit":
        market["old_points_until"], market["old_points_forfeited"] = month + points.notice_months, 1
        market["old_points_before"] = running
    elif points.rule == "convert":
        programme["points_rule"] = CONVERT_POINTS
        programme["convert_old"], programme["convert_new"] = points.old, points.new
        programme["convert_rounding"] = ROUNDINGS[points.rounding]
    if points.old_expiry_months is not None and former.points is not None:
        market["old_points_until"] = month + points.old_expiry_months
        expiry = former.points.expiry
        market["old_expiry_months"] = FOREVER if expiry is None else expiry.months or 0
        market["old_expiry_period"] = 1 if expiry is None else expiry.period


def _write_memberships(
    programme: NDArray[np.void], market: NDArray[np.void], migration: Migration, arm: Policy, former: Policy,
    calendar: Calendar, month: int,
) -> None:  # fmt: skip
    memberships = migration.memberships
    if memberships is None:
        return
    conversion = CONVERT_DAYS if memberships.time == "remaining months" else CONVERT_MONEY
    rules = {"refund": REFUND_TERM, "convert": conversion}
    programme["membership_rule"] = rules.get(memberships.rule, KEEP_TERM)
    if memberships.old_fee_months is not None and arm.membership is not None and former.membership is not None:
        market["old_fee_until"] = _day_after(calendar, month, memberships.old_fee_months)
        for plan, fee in enumerate(old_fees(arm.membership, former.membership)):
            market["old_plan_fee"][0, plan] = NEVER_LOWER if fee is None else fee


NEVER_LOWER = 2**62
"""An old fee that is above any: of a length of term that the policy before did not have."""


def old_fees(membership: Membership, former: Membership) -> list[int | None]:
    """Return for each plan of `membership` the old fee in cents of a term of that length; None where there was none."""
    old = {plan.months: plan.fee for plan in reversed(former.all_plans)}
    return [old.get(plan.months) for plan in membership.all_plans]


def fail_if_migration_does_not_fit(arm: Policy, former: Policy) -> None:
    """Raise DocumentError for tiers, lots and currencies of `former` that the migration of `arm` cannot take over."""
    problems = [Problem(arm.name, None, address, message) for address, message in migration_problems(arm, former)]
    if problems:
        raise DocumentError(problems)


def migration_problems(arm: Policy, former: Policy) -> Iterator[tuple[str, str]]:
    """Yield the address in `arm`, and what is wrong, where its migration does not fit `former`, the policy before."""
    if arm.currency is not None and former.currency is not None and arm.currency != former.currency:
        wrong = f"{arm.currency} cannot take over from {former.name}, whose amounts are in {former.currency}"
        yield "currency", f"{wrong}; write {former.currency}, or convert the amounts"
    migration = arm.migration
    if migration is None:
        return
    if migration.tiers is not None:
        yield from _tier_problems(migration.tiers, arm, former)
    points = migration.points
    if points is None:
        return
    kind = None if former.points is None else _kept_to_the_day(former.points.expiry)
    if points.old_expiry_months is not None and kind is not None:
        wrong = f"points of {former.name}, the policy before, {kind}; lots are kept apart by month only"
        yield "migration.points.old_expiry_months", f"{wrong}, so leave it out"
    if points.rule == "convert" and former.points is None:
        wrong = f"{former.name}, the policy before, has no points to convert; leave migration.points out"
        yield "migration.points.rule", wrong


def _tier_problems(tiers: TierMigration, arm: Policy, former: Policy) -> Iterator[tuple[str, str]]:
    names = list(former.tiers)
    for name in tiers.map:
        if name not in former.tiers:
            wrong = f"{former.name}, the policy before, has no tier '{name}'{hint(name, names, 'tiers')}"
            yield f"migration.tiers.map.{name}", wrong
    if tiers.rule == "reassess":
        return
    for name, counterpart in zip(names, tier_counterparts(arm, former), strict=True):
        if counterpart is None:
            wrong = f"nothing says which tier {name} of {former.name} becomes, as no tier here has that name"
            yield "migration.tiers", f"{wrong}; write map: {{{name}: {list(arm.tiers)[-1]}}}"


def _kept_to_the_day(expiry: Expiry | None) -> str | None:
    """Return in words why lots under `expiry` cannot be grandfathered by month; None where they can."""
    if expiry is None:
        return None
    if expiry.days is not None or expiry.end_of == "day":
        return "expire to the day"
    if expiry.dates:
        return "expire on fixed dates"
    if expiry.inactivity is not None:
        return "expire without activity"
    return "live longer in some tiers" if expiry.extension else None
