"""Points of members as their file has them: into the ring of monthly lots, and to the day on the card.

Serves a world that opens with members. A balance without lots is spread over the months in which it can have been
earned: the newest first, as much as the member's spend of the month earns, since the oldest points are used first.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy
from memberlab.scenarios import Members
from memberlab.scenarios import members as member_files

from .day_lots import LOTS
from .shopper import LOT_MONTHS, NEVER

FURTHEST = LOT_MONTHS - 1
"""Months before the as-of date in which points can have been earned."""


def lay_points(
    members: Members, policy: Policy, shoppers: NDArray[np.void], spend: NDArray[np.int64], month: int
) -> None:
    """Fill the ring of lots of the members' records (shape: members), on the morning on which `month` opens.

    `spend` is cents by month, the oldest of 12 first.
    """
    if policy.points is None:
        return
    by_age = np.zeros((len(members), FURTHEST + 1), np.int64)
    dated = member_files.dated_lots(members, policy)
    np.add.at(by_age, (members.lot_member, np.minimum(dated.month, FURTHEST)), members.lot_points)
    if not members.has_lots:
        by_age += earned_lately(members, policy, spend)
    for age in range(1, FURTHEST + 1):
        shoppers["lots"][:, (month - age) % LOT_MONTHS] = by_age[:, age]
    shoppers["points_balance"] = members.points


def earned_lately(members: Members, policy: Policy, spend: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return balances by months before the as-of date (shape: members x months, the month at 0 empty).

    What the last year's spend cannot have earned is spread evenly over the months that can still hold points.
    """
    assert policy.points is not None
    kept = np.full(len(members), FURTHEST)
    if policy.points.expiry is not None:
        months = member_files.months_kept(members, policy)
        kept = np.where(months > 0, np.clip(months, 1, FURTHEST), 12)
    ages = np.arange(FURTHEST + 1)
    alive = (ages >= 1) & (ages <= kept[:, None])
    earn = policy.points.earn
    earned = np.zeros(alive.shape, np.int64)
    earned[:, 1 : spend.shape[1] + 1] = spend[:, ::-1] // earn.per * earn.points
    earned *= alive
    before = np.cumsum(earned, axis=1) - earned
    placed = np.clip(members.points[:, None] - before, 0, earned)
    rest = members.points - placed.sum(axis=1)
    share = rest[:, None] * np.cumsum(alive, axis=1) // np.maximum(alive.sum(axis=1), 1)[:, None]
    return np.asarray(placed + np.diff(share, axis=1, prepend=0))


def lay_dated_points(members: Members, policy: Policy, cards: NDArray[np.void], month: int, first_date: int) -> int:
    """Fill the lots to the day of the members' cards (shape: members), or the day on which all their points are gone.

    A card has 12 places; further lots join the one that goes last, as they do when they are earned. Returns the points
    that live longer for it.
    """
    expiry = None if policy.points is None else policy.points.expiry
    if policy.points is None or not members.has_lots:
        return 0
    dated = member_files.dated_lots(members, policy)
    gone = np.minimum(dated.gone - first_date, NEVER)
    if expiry is not None and expiry.inactivity is not None:
        cards["idle_until"][members.lot_member] = gone
    activities = policy.points.activities
    by_day = (activities is not None and activities.expire_after_days is not None) or (
        expiry is not None and (expiry.days is not None or expiry.end_of == "day")
    )
    if not by_day:
        return 0
    prolonged = 0
    order = np.lexsort((dated.gone, members.lot_member))
    owners, firsts = np.unique(members.lot_member[order], return_index=True)
    for owner, lots in zip(owners, np.split(order, firsts[1:]), strict=True):
        card, place = cards[owner], -1
        for lot in lots:
            points, day = int(members.lot_points[lot]), int(gone[lot])
            if place >= 0 and (card["lot_days"][place] == day or place == LOTS - 1):
                prolonged += int(card["lot_points"][place]) if card["lot_days"][place] < day else 0
                card["lot_points"][place] += points
                card["lot_days"][place] = day
            else:
                place += 1
                card["lot_points"][place], card["lot_days"][place] = points, day
                card["lot_months"][place] = month - int(dated.month[lot])
    return prolonged
