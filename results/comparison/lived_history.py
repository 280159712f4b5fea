"""What an arm leaves for a comparison's tables: each shopper's months with an order, closing tier, and weekly flows.

Serves comparisons, where arms are lived in other processes: a few bytes a shopper, and sums that regions can add.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from memberlab.sim import IdentityError, Outcome, Snapshot, calendar_of

from .launch_profile import launch_profile
from .weekly_flow import ACTIVE_FOR, weekly_flow

LIVED = np.dtype([("first_order_day", "i2"), ("order_days", "i2"), ("span", "i2"), ("closing_tier", "i1")])
"""One shopper at the end of an arm: day of the first order (-1: none), days with an order in the horizon, days from the
first to the last of them, and the tier.
"""


@dataclass(frozen=True, slots=True)
class LivedHistory:
    """One arm and replication: `launch` and `lived` (shape: shoppers), `months` (shoppers x months of the horizon,
    whether the shopper ordered in it), `weeks` (the weekly flow).

    `month_starts` are the days on which the months of warm-up and horizon begin, the last one the day after the
    horizon; the horizon begins with month `launch_month`.
    """

    launch: NDArray[np.void]
    lived: NDArray[np.void]
    months: NDArray[np.bool_]
    weeks: NDArray[np.void]
    month_starts: tuple[int, ...]
    launch_month: int


def lived_history(outcome: Outcome, snapshot: Snapshot) -> LivedHistory:
    """Return the history that an outcome leaves; `snapshot` is the launch morning on which its arm began.

    Raises ValueError where the world kept no books, IdentityError when the flow of active members does not end with
    those whose last order is recent enough.
    """
    if outcome.books is None:
        raise ValueError("the world kept no books; call World.keep_books before it runs")
    calendar = calendar_of(outcome.scenario)
    starts = tuple(day for day in calendar.month_starts if day <= outcome.last_day)
    shoppers, before = outcome.shoppers, outcome.opening_shoppers["last_order_day"]
    noted = np.unpackbits(outcome.books.order_days, axis=1, count=len(outcome.ledger), bitorder="little")
    places, days = np.nonzero(noted)
    days = days + outcome.first_day
    months = np.zeros((len(shoppers), len(starts) - 1 - calendar.launch_month), np.bool_)
    months[places, np.searchsorted(starts, days, side="right") - 1 - calendar.launch_month] = True
    lived = np.zeros(len(shoppers), LIVED)
    lived["first_order_day"], lived["closing_tier"] = shoppers["first_order_day"], shoppers["tier"]
    lived["order_days"] = np.bincount(places, minlength=len(shoppers))
    first, last = np.full(len(shoppers), outcome.last_day), np.full(len(shoppers), -1)
    np.minimum.at(first, places, days)
    np.maximum.at(last, places, days)
    lived["span"] = np.where(last >= 0, last - first, 0)
    known = np.flatnonzero(before >= 0)
    weeks = weekly_flow(
        np.concatenate([known, places]), np.concatenate([before[known], days]), shoppers["first_order_day"],
        outcome.first_day, outcome.last_day,
    )  # fmt: skip
    last_orders = shoppers["last_order_day"]
    active = int(((last_orders >= 0) & (outcome.last_day - last_orders.astype(np.int64) <= ACTIVE_FOR)).sum())
    if active != int(weeks["closing"][-1]):
        raise IdentityError(
            f"the weekly flow ends with {weeks['closing'][-1]} active members, the records with {active}"
        )
    return LivedHistory(launch_profile(snapshot), lived, months, weeks, starts, calendar.launch_month)


def merge_histories(parts: Sequence[LivedHistory]) -> LivedHistory:
    """Return one history for all regions of a replication, in their order."""
    weeks = parts[0].weeks.copy()
    for name in weeks.dtype.names or ():
        if name != "days":
            weeks[name] = sum(part.weeks[name] for part in parts)
    return replace(
        parts[0],
        launch=np.concatenate([part.launch for part in parts]),
        lived=np.concatenate([part.lived for part in parts]),
        months=np.concatenate([part.months for part in parts]),
        weeks=weeks,
    )
