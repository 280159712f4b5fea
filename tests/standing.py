"""Quiet worlds in which tiers are kept on the card, for the tests of standing, reviews and tasks."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from memberlab.policies import Policy, load_policy
from memberlab.sim import Outcome, Snapshot, calendar_of

from .worlds import LAUNCH_MONTH, days_with

LADDER = {
    "ordinary": {"threshold": 0},
    "silver": {"threshold": 600, "discount": "2 %"},
    "gold": {"threshold": 1500, "discount": "4 %", "free_shipping": True, "earn_multiplier": 2},
}


def policy(qualification: Mapping[str, object], **changes: object) -> Policy:
    """Return three tiers under `qualification`; dotted addresses in `changes` are written with `__`."""
    base = load_policy("no-programme").with_({"currency": "CNY", "tiers": LADDER, "shipping.fee": 10})
    named = {address.replace("__", "."): value for address, value in changes.items()}
    return base.with_({**named, "qualification": dict(qualification)})


def put_value(snapshot: Snapshot, shopper: int, value: Mapping[int, int], tier: int = 0) -> None:
    """Let a shopper's rolling window hold `value` (hundredths by month from the start of the warm-up), and be in
    `tier`.
    """
    card = snapshot.cards[shopper]
    for month, hundredths in value.items():
        card["month_value"][month % 12] = hundredths
    card["window_value"] = sum(value.values())
    snapshot.shoppers["tier"][shopper] = tier


def last_months(hundredths: int, months: int) -> dict[int, int]:
    """Return a value that a rolling window of 12 months holds for the first `months` reviews and then no more."""
    return {LAUNCH_MONTH - 13 + months: hundredths}


def date_of(outcome: Outcome, day: int) -> datetime.date:
    """Return the date of a day."""
    return calendar_of(outcome.scenario).date_of(day)


def dates_with(outcome: Outcome, measure: str) -> dict[datetime.date, int]:
    """Return a ledger measure by date, without the dates on which nothing was posted."""
    return {date_of(outcome, day): count for day, count in days_with(outcome, measure).items()}
