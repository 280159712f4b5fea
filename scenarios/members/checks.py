"""What can be wrong with members beside what their values are: each check names rows, and all are told at once.

Serves the reading of a member file. What has to be held against a policy stands in `policy_checks.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Problem

from .members import Members
from .not_given import LARGEST_HOLDING, NO_DAY

if TYPE_CHECKING:
    from ..calibration.log_table import LogTable


@dataclass(frozen=True, slots=True)
class Rows:
    """Members, and the tables in which they stand: for messages that name rows."""

    members: Members
    table: LogTable
    lots: LogTable | None

    def of_members(
        self, wrong: NDArray[np.bool_], column: str, message: Callable[[int], str], what: str
    ) -> list[Problem]:
        """Return a problem for each member that is `wrong`, the first 20, and the count if there are more."""
        return self.table.examples(np.flatnonzero(wrong).tolist(), column, message, what)

    def of_lots(self, wrong: NDArray[np.bool_], column: str, message: Callable[[int], str], what: str) -> list[Problem]:
        """Return the same for lots."""
        assert self.lots is not None
        return self.lots.examples(np.flatnonzero(wrong).tolist(), column, message, what)


def told(ordinal: Any) -> str:
    """Return a day as people write it."""
    return datetime.date.fromordinal(int(ordinal)).isoformat()


def units(cents: Any) -> str:
    """Return an amount in currency units."""
    return f"{cents // 100:,}.{cents % 100:02d}"


def repeated_ids(rows: Rows) -> list[Problem]:
    """Return a problem for each row whose id stands above it already."""
    import pandas as pd

    ids = pd.Series(rows.members.id)
    twice = (ids.duplicated() & (ids != "")).to_numpy()
    first = {value: row for row, value in reversed(list(enumerate(ids)))} if twice.any() else {}
    return rows.of_members(
        twice, "member_id",
        lambda row: f"'{ids.iloc[row]}' is already on {rows.table.place(first[ids.iloc[row]])}; write one row a member",
        "repeat a member_id",
    )  # fmt: skip


def _wording(sentence: str, *days: NDArray[np.int64]) -> Callable[[int], str]:
    """Return the sentence of a row, with that row's days in its gaps."""
    return lambda row: sentence.format(*(told(one[row]) for one in days))


LATER = (
    ("last_order_on", "last order"), ("first_order_on", "first order"), ("enrolled_on", "enrolment"),
    ("tier_since", "tier"), ("started_on", "paid term"), ("paid_since", "paid membership"),
)  # fmt: skip
"""Columns whose day must lie before the as-of date, and what happened on it."""


def days_ahead(rows: Rows) -> list[Problem]:
    """Return a problem for each day on or after the as-of date that must lie before it."""
    problems: list[Problem] = []
    as_of = rows.members.as_of
    for column, what in LATER:
        days = getattr(rows.members, column)
        problems += rows.of_members(
            days >= as_of.toordinal(), column,
            _wording(f"{{}}: the {what} is not before the as-of date, {as_of}", days),
            "are not before the as-of date",
        )  # fmt: skip
    return problems


ORDER = (
    ("first_order_on", "last_order_on", "the last order"), ("started_on", "ends_on", "the end of the paid term"),
    ("paid_since", "started_on", "the start of the paid term"), ("tier_since", "tier_until", "the end of the tier"),
)  # fmt: skip
"""Columns of which the first must not be after the second."""


def days_in_disorder(rows: Rows) -> list[Problem]:
    """Return a problem for each pair of days in the wrong order, such as a term that ended before it began."""
    problems: list[Problem] = []
    for first, second, what in ORDER:
        before, after = getattr(rows.members, first), getattr(rows.members, second)
        problems += rows.of_members(
            (before > after) & (after != NO_DAY), second,
            _wording(f"{{}}: {what} is before {first}, {{}}", after, before),
            f"lie before {first}",
        )  # fmt: skip
    return problems


def memberships_without_end(rows: Rows) -> list[Problem]:
    """Return a problem for each paid term of which only the end is missing."""
    members = rows.members
    begun = (members.started_on != NO_DAY) | (members.fee_paid > 0)
    return rows.of_members(
        begun & (members.ends_on == NO_DAY), "ends_on",
        lambda row: "is empty, but a paid term has begun or been paid; write its last day, or leave all of it empty",
        "are empty beside a paid term",
    )  # fmt: skip


def orders_that_contradict(rows: Rows) -> list[Problem]:
    """Return problems for orders, spend and days that cannot all be true."""
    members = rows.members
    start = members.as_of.replace(year=members.as_of.year - 1).toordinal()
    last, first = members.last_order_on, members.first_order_on
    orders, spend, ever = members.orders_last_12_months, members.spend_last_12_months, members.lifetime_orders
    year = f"the 12 months before {members.as_of}"
    checks = (
        ((orders > 0) & (last < start), "orders_last_12_months",
         lambda row: f"{orders[row]}, but the last order "
                     f"({told(last[row]) if last[row] else 'none'}) is not in {year}"),
        ((orders == 0) & (last >= start), "orders_last_12_months",
         lambda row: f"0, but the last order ({told(last[row])}) is in {year}"),
        ((spend > 0) & ((orders == 0) | (last < start)), "spend_last_12_months",
         lambda row: f"{units(spend[row])} without an order in {year}"),
        ((ever >= 0) & (orders > ever), "lifetime_orders",
         lambda row: f"{ever[row]} is below orders_last_12_months, {orders[row]}"),
        ((ever == 0) & (last != NO_DAY), "lifetime_orders",
         lambda row: f"0, but there is a last order ({told(last[row])})"),
        ((ever > 0) & (last == NO_DAY), "last_order_on",
         lambda row: f"is empty, but there are {ever[row]} lifetime orders; write the day of the last"),
        ((first != NO_DAY) & (last == NO_DAY), "last_order_on",
         lambda row: f"is empty, but there is a first order ({told(first[row])}); write the day of the last"),
        ((orders == 1) & (first >= start) & (first < last), "orders_last_12_months",
         lambda row: f"1, but the first order ({told(first[row])}) and the last ({told(last[row])}) are in {year}"),
        ((members.lifetime_spend >= 0) & (spend > members.lifetime_spend), "lifetime_spend",
         lambda row: f"{units(members.lifetime_spend[row])} is below spend_last_12_months, {units(spend[row])}"),
    )  # fmt: skip
    problems: list[Problem] = []
    for wrong, column, message in checks:
        problems += rows.of_members(wrong, column, message, "contradict the other columns")
    return problems


def expired_lots(rows: Rows) -> list[Problem]:
    """Return a problem for each lot that could no longer be used on the as-of date, or was earned after it."""
    if rows.lots is None:
        return []
    members, as_of = rows.members, rows.members.as_of
    gone, earned = members.lot_expires_on, members.lot_earned_on
    problems = rows.of_lots(
        (gone != NO_DAY) & (gone < as_of.toordinal()), "expires_on",
        lambda row: f"{told(gone[row])} is before the as-of date, {as_of}: the points have expired; leave the lot out",
        "had expired before the as-of date",
    )  # fmt: skip
    problems += rows.of_lots(
        earned >= as_of.toordinal(), "earned_on",
        lambda row: f"{told(earned[row])} is not before the as-of date, {as_of}", "were earned after the as-of date",
    )  # fmt: skip
    return problems + rows.of_lots(
        members.lot_points == 0, "points", lambda row: "0: a lot without points; leave it out", "have no points"
    )


def balances_that_differ(rows: Rows) -> list[Problem]:
    """Return a problem for each balance that is not the sum of the member's lots, or is too large for a shopper."""
    members = rows.members
    given, sums = members.points_balance, members.points_in_lots
    problems = rows.of_members(
        sums > LARGEST_HOLDING, "points_balance",
        lambda row: f"the lots add up to {sums[row]:,}; the most a member can hold is {LARGEST_HOLDING:,}",
        "hold too many points",
    )  # fmt: skip
    if not members.has_lots:
        return problems
    return problems + rows.of_members(
        (given >= 0) & (given != sums), "points_balance",
        lambda row: f"{given[row]:,}, but the lots add up to {sums[row]:,}; mend the balance or the lots",
        "differ from the sum of their lots",
    )  # fmt: skip


CHECKS: tuple[Callable[[Rows], list[Problem]], ...] = (
    repeated_ids, days_ahead, days_in_disorder, memberships_without_end, orders_that_contradict, expired_lots,
    balances_that_differ,
)  # fmt: skip
"""Every check of a member file, run when its values could be read."""
