"""What each shopper did from date to date: a policy lived from a warm-up, with shoppers' own accounts read at stops.

Serves claims. A group has to be told by what its members did before the window in which they are compared; else
whoever bought in the window is in the group because of it (immortal time: Suissa, 2008).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy
from memberlab.sim import (
    TRAITS_DAY,
    Calendar,
    Purpose,
    Snapshot,
    World,
    are_kept,
    keyed_uniforms,
    regions_of,
)

from .kept_snapshots import kept_snapshot

LABEL_MONTHS = 12
"""Months in which a label is earned, from launch on."""

OUTCOME_MONTHS = 12
"""Months after them in which outcomes are counted."""

EVENT_DAYS = 7
REPURCHASE_DAYS = 90


class Stop(IntEnum):
    """The mornings on which accounts are read."""

    START = 0  # the day after launch, when tiers have been reviewed
    QUARTER = 1  # the last quarter of the label year opens
    EVENT = 2  # the last week of the label year opens
    LABELLED = 3  # the label year is over, and outcomes begin
    REPURCHASE = 4  # 90 days later
    HALF = 5  # half a year later
    END = 6  # a year later


FIELDS = ("gmv", "orders", "benefit_cost", "status", "window_spend", "first_order_day")


@dataclass(frozen=True, slots=True)
class Lives:
    """Shoppers' accounts at each stop by field (shape: stops x shoppers); money in cents, counted from launch.

    `latest_friend` is the number of the friend brought last, 0 for none; `draw` is a lifelong number between 0 and 1
    for whatever is left to chance.
    """

    accounts: dict[str, NDArray[np.int64]]
    draw: NDArray[np.float64]

    def between(self, field: str, since: Stop, until: Stop) -> NDArray[np.int64]:
        """Return what each shopper's account has grown by from one stop to another (shape: shoppers)."""
        accounts = self.accounts[field]
        grown: NDArray[np.int64] = accounts[until] - accounts[since]
        return grown

    def at(self, field: str, stop: Stop) -> NDArray[np.int64]:
        """Return each shopper's account at a stop (shape: shoppers)."""
        account: NDArray[np.int64] = self.accounts[field][stop]
        return account

    def are_those_of(self, other: Lives) -> bool:
        """Return whether no shopper's account differs at any stop."""
        return all(np.array_equal(accounts, other.accounts[name]) for name, accounts in self.accounts.items())


def stops_of(calendar: Calendar) -> tuple[int, ...]:
    """Return the days of the stops, in order. Raises ValueError when the horizon is shorter than two years."""
    launch, months = calendar.launch_month, calendar.month_starts
    if calendar.end_month < launch + LABEL_MONTHS + OUTCOME_MONTHS:
        raise ValueError(f"the horizon must have {LABEL_MONTHS + OUTCOME_MONTHS} months or more")
    labelled = months[launch + LABEL_MONTHS]
    return (
        calendar.launch + 1,
        months[launch + LABEL_MONTHS - 3],
        labelled - EVENT_DAYS,
        labelled,
        labelled + REPURCHASE_DAYS,
        months[launch + LABEL_MONTHS + OUTCOME_MONTHS // 2],
        months[launch + LABEL_MONTHS + OUTCOME_MONTHS],
    )


def simulate_lives(path: Path, policy: Policy) -> Lives:
    """Live the label and outcome years under `policy` from the snapshot in `path`, and return the accounts."""
    return lives_from(kept_snapshot(path), policy)


def lives_from(snapshot: Snapshot, policy: Policy) -> Lives:
    """Live on from `snapshot` under `policy`, and return the accounts."""
    world = World.resume(snapshot, policy)
    readings: list[list[NDArray[np.int64]]] = []
    for day in stops_of(world.calendar):
        outcome = world.run(day)
        cards = outcome.cards["first_friend"] if are_kept(outcome.cards) else np.zeros(len(outcome.shoppers))
        row = [outcome.shoppers[field].astype(np.int64) for field in FIELDS]
        readings.append([*row, cards.astype(np.int64)])
    names = (*FIELDS, "latest_friend")
    accounts = {name: np.array([row[place] for row in readings]) for place, name in enumerate(names)}
    region = regions_of(snapshot.scenario)[snapshot.region]
    numbers = range(region.first, region.first + region.count)
    return Lives(accounts, keyed_uniforms(snapshot.seed, numbers, TRAITS_DAY, Purpose.TEST_ARM))


def merge_lives(parts: Sequence[Lives]) -> Lives:
    """Return the lives of all regions of a replication, in their order."""
    names = parts[0].accounts
    return Lives(
        {name: np.concatenate([part.accounts[name] for part in parts], axis=1) for name in names},
        np.concatenate([part.draw for part in parts]),
    )
