"""What a policy's expiry makes of the lots of a member file: the month they count as earned in, and when they are gone.

Serves the world, which keeps lots by month of earning, and the tie-out. A date in the file is the last day on which
points can be used. Under expiry by months lots go with the end of a month, so a day within it is rounded up to its end;
a lot that would outlive every lot of the policy is refused, because no month of earning could hold it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import DocumentError, Policy, Problem

from .checks import told
from .members import Members
from .not_given import NO_DAY, Integers

OLDEST = 24
"""Months before the as-of date in which a lot can count as earned."""

FOREVER = 10_000
"""Months of points that never expire, and the day on which they go."""

NEVER_GONE = 10**7

MOST_EXAMPLES = 20
"""Lots named for one kind of fault; the rest is counted."""


@dataclass(frozen=True, slots=True, eq=False)
class DatedLots:
    """Lots under a policy (arrays: one entry a lot).

    `month` is months before the as-of date in which a lot counts as earned (1 is the last one), `gone` the ordinal of
    the first day without its points (NEVER_GONE without an end); `rounded` counts lots that live longer than the file
    says, to the end of the policy's month or period.
    """

    month: Integers
    gone: Integers
    rounded: int


def month_number(ordinals: Integers) -> Integers:
    """Return months since year 0 of days given as ordinals."""
    epoch = datetime.date(1970, 1, 1).toordinal()
    return np.asarray((ordinals - epoch).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12)


def first_day(months: Integers) -> Integers:
    """Return the ordinal of the first day of months since year 0."""
    epoch = datetime.date(1970, 1, 1).toordinal()
    days = (np.asarray(months) - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return np.asarray(days + epoch)


def dated_lots(members: Members, policy: Policy) -> DatedLots:
    """Return the lots of `members` under the expiry of `policy`.

    Raise DocumentError for lots that the policy's points cannot have: without a date that tells their expiry, with one
    where points never expire, or later than any lot of the policy could expire.
    """
    count = len(members.lot_points)
    if count == 0 or policy.points is None:
        return DatedLots(np.ones(count, np.int64), np.full(count, NEVER_GONE), 0)
    expiry = policy.points.expiry
    activities = policy.points.activities
    if activities is not None and activities.expire_after_days is not None:
        return _by_day(members, policy, None, None)
    if expiry is None:
        return _undated(members, policy)
    if expiry.days is not None or expiry.end_of == "day":
        return _by_day(members, policy, expiry.days, expiry.months)
    if expiry.dates:
        return _together(members, policy, _next_date(expiry.dates, members.as_of))
    if expiry.inactivity is not None:
        return _together(members, policy, members.as_of.toordinal() + expiry.inactivity.days)
    return _by_period(members, policy, months_kept(members, policy), expiry.period)


def months_kept(members: Members, policy: Policy) -> Integers:
    """Return for each member the full months that points live in the member's tier; FOREVER where they never go."""
    assert policy.points is not None and policy.points.expiry is not None
    expiry = policy.points.expiry
    kept = np.full(len(members), expiry.months or 0)
    for tier, more in expiry.extension.items():
        kept[members.tier == tier] += FOREVER if more is None else more
    return kept


def _by_period(members: Members, policy: Policy, kept: Integers, period: int) -> DatedLots:
    as_of = month_number(np.array([members.as_of.toordinal()]))[0]
    months = kept[members.lot_member]
    forever = months >= FOREVER
    expires, earned = members.lot_expires_on, members.lot_earned_on
    known = month_number(np.where(earned == NO_DAY, members.as_of.toordinal() - 1, earned))
    lives_on = np.where(forever, 0, months)
    by_rule = _period_start(known + lives_on + 1, period)
    gone = np.where(expires == NO_DAY, by_rule, _period_start(month_number(np.maximum(expires, 1)) + 1, period))
    month = np.where((earned != NO_DAY) & (by_rule == gone), known, gone - lives_on - 1)
    month = np.where((month >= as_of) & (_period_start(as_of + lives_on, period) == gone), as_of - 1, month)
    month = np.where(forever, np.clip(known, as_of - OLDEST, as_of - 1), month)
    text = f"under '{policy.name}'"
    _refuse(members, forever & (expires != NO_DAY), "expires_on",
            lambda row: f"{told(expires[row])}, but points of this tier never expire {text}; leave it empty",
    )  # fmt: skip
    _refuse(members, ~forever & (expires == NO_DAY) & (earned == NO_DAY), "expires_on",
            lambda row: f"is empty, as is earned_on, but points expire {text}; write one of them")  # fmt: skip
    _refuse(members, ~forever & (month >= as_of), "expires_on",
            lambda row: f"{told(expires[row])} is later than any lot can expire {text}: points earned yesterday go "
                        f"with {told(first_day(_period_start(as_of + months[row : row + 1], period))[0] - 1)}; "
                        "take the policy under which the lots were earned, or mend its expiry")  # fmt: skip
    _refuse(members, ~forever & (gone <= as_of), "earned_on",
            lambda row: f"{told(earned[row])}: these points have expired by the as-of date {text}; "
                        "write expires_on, or leave the lot out")  # fmt: skip
    days = np.where(forever, NEVER_GONE, first_day(gone))
    rounded = int(np.count_nonzero(~forever & (expires != NO_DAY) & (days != expires + 1)))
    return DatedLots(as_of - month, days, rounded)


def _period_start(months: Integers, period: int) -> Integers:
    """Return the first month of a period that is not before `months`."""
    return -(-months // period) * period


def _by_day(members: Members, policy: Policy, days: int | None, months: int | None) -> DatedLots:
    expires, earned = members.lot_expires_on, members.lot_earned_on
    if days is None and months is None:
        by_rule = np.full(len(expires), NEVER_GONE - 1)
    else:
        _refuse(members, (expires == NO_DAY) & (earned == NO_DAY), "expires_on",
                lambda row: f"is empty, as is earned_on, but points expire under '{policy.name}'; write one of them",
        )  # fmt: skip
        by_rule = _months_after(np.maximum(earned, 1), months or 0) if days is None else earned + days
    last = np.where(expires == NO_DAY, by_rule, expires)
    _refuse(members, last < members.as_of.toordinal(), "earned_on",
            lambda row: f"{told(earned[row])}: these points have expired under '{policy.name}'; leave the lot out",
    )  # fmt: skip
    return DatedLots(_months_ago(members), last + 1, 0)


def _months_after(days: Integers, months: int) -> Integers:
    """Return the same day of the month `months` later, or the last day of a month that is too short."""
    number = month_number(days)
    in_month = days - first_day(number)
    return np.minimum(first_day(number + months) + in_month, first_day(number + months + 1) - 1)


def _months_ago(members: Members) -> Integers:
    """Return how many months before the as-of date lots were earned: the last month where it is not known."""
    as_of = members.as_of.toordinal()
    earned = np.where(members.lot_earned_on == NO_DAY, as_of - 1, members.lot_earned_on)
    return np.asarray(np.clip(month_number(np.array([as_of]))[0] - month_number(earned), 1, OLDEST))


def _undated(members: Members, policy: Policy) -> DatedLots:
    expires = members.lot_expires_on
    _refuse(members, expires != NO_DAY, "expires_on",
            lambda row: f"{told(expires[row])}, but points never expire under '{policy.name}'; leave it empty",
    )  # fmt: skip
    return DatedLots(_months_ago(members), np.full(len(expires), NEVER_GONE), 0)


def _together(members: Members, policy: Policy, latest: int) -> DatedLots:
    """Return lots that go together: with the next fixed date, or with the end of a member's time without activity."""
    assert policy.points is not None and policy.points.expiry is not None
    expires = members.lot_expires_on
    _refuse(members, expires > latest, "expires_on",
            lambda row: f"{told(expires[row])} is later than points can live under '{policy.name}', {told(latest)}; "
                        "take the policy under which the lots were earned")  # fmt: skip
    if policy.points.expiry.dates:
        gone = np.full(len(expires), latest + 1)
        return DatedLots(_months_ago(members), gone, int(np.count_nonzero((expires != NO_DAY) & (expires != latest))))
    return _by_inactivity(members, policy)


def _by_inactivity(members: Members, policy: Policy) -> DatedLots:
    """Return lots that go with the member's latest date; without one, so long after the last order."""
    assert (
        policy.points is not None and policy.points.expiry is not None and policy.points.expiry.inactivity is not None
    )
    last = np.zeros(len(members), np.int64)
    np.maximum.at(last, members.lot_member, members.lot_expires_on)
    by_rule = members.last_order_on + policy.points.expiry.inactivity.days
    last = np.where(last == NO_DAY, np.maximum(by_rule, members.as_of.toordinal()), last)
    forever = np.isin(members.tier, [tier for tier, more in policy.points.expiry.extension.items() if more is None])
    gone = np.where(forever, NEVER_GONE, last + 1)[members.lot_member]
    expires = members.lot_expires_on
    return DatedLots(_months_ago(members), gone, int(np.count_nonzero((expires != NO_DAY) & (gone != expires + 1))))


def _next_date(dates: tuple[str, ...], as_of: datetime.date) -> int:
    """Return the ordinal of the next of the yearly `dates` that is not before the as-of date."""
    days = [datetime.date.fromisoformat(f"{year}-{date}") for year in (as_of.year, as_of.year + 1) for date in dates]
    return min(day for day in days if day >= as_of).toordinal()


def _refuse(members: Members, wrong: NDArray[np.bool_], column: str, message: Callable[[int], str]) -> None:
    """Raise DocumentError for the lots that are `wrong`, the first 20 and the count if there are more."""
    rows = np.flatnonzero(wrong)
    if not len(rows):
        return
    name = members.files[-1][0] if members.files else members.name
    problems = [Problem(name, None, f"{column} (row {row})", message(int(row))) for row in rows[:20]]
    if len(rows) > MOST_EXAMPLES:
        problems.insert(
            0, Problem(name, None, column, f"{len(rows):,} lots are wrong so; the first {MOST_EXAMPLES} are shown")
        )
    raise DocumentError(problems)
