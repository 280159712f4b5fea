"""How long a tier is kept, by the calendar: the vectors of vendors' documentation, as dates and in the simulation."""

from __future__ import annotations

import datetime
import importlib
from typing import Any

import pytest

from memberlab.policies import Policy, load_policy
from memberlab.sim import Outcome, Snapshot, World, calendar_of

from .worlds import days_with, let_buy, quiet_snapshot

DATES: Any = importlib.import_module("memberlab.sim.dates")
KERNEL: Any = importlib.import_module("memberlab.sim.compiled").kernel
LAUNCH = datetime.date(2026, 1, 1)


def by_month(**rules: object) -> Policy:
    """Return a policy with one tier that any order of a calendar month reaches at once."""
    qualification = {"window": "month", "promotion": "instant", "review": "period end", **rules}
    tiers = {"everybody": {"threshold": 0}, "silver": {"threshold": 1, "discount": "5 %"}}
    changes = {"currency": "CNY", "qualification": qualification, "tiers": tiers}
    return load_policy("no-programme").with_(changes)


def buying_on(policy: Policy, *dates: datetime.date) -> Snapshot:
    """Return a quiet world in which each shopper orders on one of `dates`."""
    snapshot = quiet_snapshot(policy, len(dates))
    for shopper, date in enumerate(dates):
        let_buy(snapshot, shopper, snapshot.day + (date - LAUNCH).days)
    return snapshot


def dates_with(outcome: Outcome, measure: str) -> dict[datetime.date, int]:
    calendar = calendar_of(outcome.scenario)
    return {calendar.date_of(day): count for day, count in days_with(outcome, measure).items()}


@pytest.mark.parametrize(
    ("kept", "grace", "last_day"),
    [
        ("period end", 0, datetime.date(2026, 3, 31)),
        ("next period end", 0, datetime.date(2026, 4, 30)),
        ("next period end", 7, datetime.date(2026, 5, 7)),
    ],
)
def test_a_monthly_tier_reached_on_10_march_is_kept_to_the_documented_day(
    kept: str, grace: int, last_day: datetime.date
) -> None:
    policy = by_month(kept=kept, grace_days=grace)
    snapshot = buying_on(policy, datetime.date(2026, 3, 10))
    outcome = World.resume(snapshot).run(snapshot.day + 200)
    assert dates_with(outcome, "promotions") == {datetime.date(2026, 3, 10): 1}
    assert dates_with(outcome, "demotions") == {last_day + datetime.timedelta(days=1): 1}


def test_a_tier_reached_again_is_kept_from_then_on() -> None:
    snapshot = buying_on(by_month(kept="next period end"), datetime.date(2026, 3, 10))
    snapshot.shoppers["visit_gap"] = 1 / 36  # a candidate day soon after each other
    snapshot.shoppers["base_logit"] = 60
    outcome = World.resume(snapshot).run(snapshot.day + 120)
    assert outcome.total("orders") > 3
    assert dates_with(outcome, "demotions") == {}


@pytest.mark.parametrize(
    ("reached", "last_day"),
    [(datetime.date(2026, 2, 28), datetime.date(2026, 6, 30)), (datetime.date(2026, 4, 1), datetime.date(2026, 9, 30))],
)
def test_a_quarterly_tier_is_kept_to_the_end_of_the_next_quarter(
    reached: datetime.date, last_day: datetime.date
) -> None:
    policy = by_month(window="quarter", kept="next period end")
    snapshot = buying_on(policy, reached)
    outcome = World.resume(snapshot).run(snapshot.day + 400)
    assert dates_with(outcome, "demotions") == {last_day + datetime.timedelta(days=1): 1}


def test_a_status_of_two_months_from_reaching_ends_at_the_review_after_them() -> None:
    policy = by_month(window="rolling", months=1, review="monthly", kept_months=2)
    snapshot = buying_on(policy, datetime.date(2026, 3, 10), datetime.date(2026, 3, 1))
    outcome = World.resume(snapshot).run(snapshot.day + 200)
    assert dates_with(outcome, "demotions") == {datetime.date(2026, 5, 1): 1, datetime.date(2026, 6, 1): 1}


# dates


def months_later(day: int, months: int, market: Any) -> Any:
    return DATES.months_later(day, months, market[0])


def period_opening(day: int, period: int, periods: int, market: Any) -> Any:
    return DATES.period_opening(day, period, periods, market[0])


later, opening_of = KERNEL(months_later), KERNEL(period_opening)


@pytest.fixture(scope="module")
def market() -> Any:
    return quiet_snapshot(load_policy("no-programme"), 1).market


def test_months_later_by_the_calendar(market: Any) -> None:
    first = datetime.date.fromordinal(int(market["first_date"][0]))
    assert first == datetime.date(2025, 1, 1)

    def number(date: datetime.date) -> int:
        return (date - first).days

    assert later(number(datetime.date(2026, 1, 31)), 1, market) == number(datetime.date(2026, 2, 28))
    assert later(number(datetime.date(2028, 1, 31)), 1, market) == number(datetime.date(2028, 2, 29))
    for start in range(0, 1600, 7):
        date = first + datetime.timedelta(days=start)
        for months in (-1, 0, 1, 3, 12, 25):
            year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
            following = datetime.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
            expected = min(datetime.date(year, month + 1, 1) + datetime.timedelta(days=date.day - 1),
                           following - datetime.timedelta(days=1))  # fmt: skip
            assert later(start, months, market) == number(expected)


def test_periods_open_by_the_calendar(market: Any) -> None:
    first = datetime.date.fromordinal(int(market["first_date"][0]))
    for start in range(0, 1600, 13):
        date = first + datetime.timedelta(days=start)
        openings = {1: (date.year, date.month), 3: (date.year, (date.month - 1) // 3 * 3 + 1), 12: (date.year, 1)}
        for period, (year, month) in openings.items():
            assert opening_of(start, period, 0, market) == (datetime.date(year, month, 1) - first).days
            years, index = divmod(month - 1 + 2 * period, 12)
            after_next = datetime.date(year + years, index + 1, 1)
            assert opening_of(start, period, 2, market) == (after_next - first).days
