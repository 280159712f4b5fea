"""What all shoppers of a region own and have done at one moment, added up in one pass.

Serves the identities, which compare it with the ledger, and the liability figures. Sums are integers: cents, points,
counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from .compiled import kernel
from .membership_term import ON_TRIAL, fee_earned
from .shopper import ENROLLED, LOT_MONTHS, MEMBER, WINDOW_MONTHS


@dataclass(frozen=True, slots=True)
class Position:
    """Sums over shoppers; `deferred_fees` are cents billed and not yet earned.

    `gmv`, `margin`, `benefit_cost` and `orders` count from the opening of the books. `lots_differ`, `windows_differ`
    and `negative` count shoppers whose own figures do not tie out. `points` are what is owed: balances and pending
    points less debts; `credits` are cents that points became by themselves.
    """

    points: int = 0
    deferred_fees: int = 0
    members: int = 0
    enrolled: int = 0
    gmv: int = 0
    margin: int = 0
    benefit_cost: int = 0
    orders: int = 0
    lots_differ: int = 0
    windows_differ: int = 0
    negative: int = 0
    coupons: int = 0
    trials: int = 0
    credits: int = 0


def position_of(shoppers: NDArray[np.void], cards: NDArray[np.void], day: int) -> Position:
    """Return what the shoppers own on the morning of `day`; `cards` are theirs, or the one that all share."""
    added = Position(*(int(value) for value in add_up(shoppers, cards, day)))
    not_in_balance = int(cards["pending_points"].sum(dtype=np.int64)) - int(cards["points_debt"].sum(dtype=np.int64))
    return replace(
        added,
        points=added.points + not_in_balance,
        coupons=int(cards["coupons"].sum(dtype=np.int64)),
        trials=int(np.count_nonzero(cards["standing"] & ON_TRIAL)),
        credits=int(cards["credit"].sum()),
    )


def points_owed(shoppers: NDArray[np.void], cards: NDArray[np.void]) -> NDArray[np.int64]:
    """Return the points that each shopper is owed (shape: shoppers): balance and pending points less debts."""
    owed = shoppers["points_balance"].astype(np.int64)
    return np.asarray(owed + cards["pending_points"] - cards["points_debt"]) if len(cards) == len(owed) else owed


def credits_owed(shoppers: NDArray[np.void], cards: NDArray[np.void]) -> NDArray[np.int64]:
    """Return the reward credits in cents that each shopper can still use (shape: shoppers)."""
    return np.asarray(cards["credit"] if len(cards) == len(shoppers) else np.zeros(len(shoppers), np.int64))


def merge_positions(positions: Iterable[Position]) -> Position:
    """Return the sum of positions, field by field."""
    listed = list(positions)
    return Position(**{field.name: sum(getattr(one, field.name) for one in listed) for field in fields(Position)})


@kernel
def add_up(shoppers: NDArray[np.void], cards: NDArray[np.void], day: int) -> NDArray[np.int64]:
    """Return the fields of a Position in their order (shape: 11)."""
    points = deferred = members = enrolled = gmv = margin = benefit = orders = 0
    lots_differ = windows_differ = negatives = 0
    keeps_cards = int(cards.shape[0] == shoppers.shape[0])
    for i in range(shoppers.shape[0]):
        s = shoppers[i]
        points += s.points_balance
        if s.status & MEMBER:
            members += 1
            deferred += s.fee_paid - fee_earned(s, cards[i * keeps_cards], 0, day)
        if s.status & ENROLLED:
            enrolled += 1
        gmv += s.gmv
        margin += s.margin
        benefit += s.benefit_cost
        orders += s.orders
        in_lots = in_window = 0
        smallest = min(s.points_balance, s.window_spend)
        for lot in range(LOT_MONTHS):
            in_lots += s.lots[lot]
            smallest = min(smallest, s.lots[lot])
        for month in range(WINDOW_MONTHS):
            in_window += s.month_spend[month]
            smallest = min(smallest, s.month_spend[month])
        lots_differ += in_lots != s.points_balance
        windows_differ += in_window != s.window_spend
        negatives += smallest < 0
    return np.array([points, deferred, members, enrolled, gmv, margin, benefit, orders,
                     lots_differ, windows_differ, negatives])  # fmt: skip
