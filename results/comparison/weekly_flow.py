"""The flow of active members by week: new and reactivated come, lost go, and what is left is the net change, exactly.

Serves comparisons. A member is active on a morning when the last order is at most 90 days old, as for the stages of a
campaign's target (`STAGE_DAYS`). Counts are integers, so that regions and replications add up.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import STAGE_DAYS
from memberlab.sim import IdentityError

ACTIVE_FOR = STAGE_DAYS[1]
"""Days after an order for which a member counts as active."""

FLOW = np.dtype([
    ("opening", "i8"), ("new", "i8"), ("reactivated", "i8"), ("lost", "i8"), ("closing", "i8"), ("days", "i8"),
])  # fmt: skip
"""One week: active members on its first morning, those who came and went, active ones on the morning after its last
day, and its days (7, fewer in the last week).
"""


def mornings_of(first_day: int, last_day: int) -> NDArray[np.int64]:
    """Return the mornings on which weeks meet: `first_day`, every seventh day after it, and `last_day`."""
    return np.append(np.arange(first_day, last_day, 7), last_day)


def weekly_flow(
    places: NDArray[np.integer], days: NDArray[np.integer], first_orders: NDArray[np.integer],
    first_day: int, last_day: int,
) -> NDArray[np.void]:  # fmt: skip
    """Return the flow of every week (shape: weeks) from the orders of all shoppers.

    `places` and `days` (shape: orders) tell who ordered when, of orders before `first_day` only the last one of each
    shopper; `first_orders` (shape: shoppers) is the day of each one's first order. `last_day` is the day after
    the last. Raises IdentityError when a week's flows do not add up to its change.
    """
    mornings = mornings_of(first_day, last_day)
    order = np.lexsort((days, places))
    places, days = places[order].astype(np.int64), days[order].astype(np.int64)
    begins = np.searchsorted(mornings, days, side="right")  # the first morning that knows of the order
    ends = np.searchsorted(mornings, days + ACTIVE_FOR, side="right")  # the first on which it is too old
    known = begins < ends
    places, days, begins, ends = places[known], days[known], begins[known], ends[known]
    is_first = np.append(True, places[1:] != places[:-1])[: len(places)]
    gap = np.append(False, begins[1:] > ends[:-1])[: len(places)]  # inactive on a morning in between
    comes = is_first | gap
    goes = np.append(comes[1:], True)[: len(places)]
    weeks = len(mornings) - 1

    def counted(at: NDArray[np.int64], which: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.bincount(at[which], minlength=weeks + 2)[: weeks + 1]

    is_new = days == first_orders[places]
    flow = np.zeros(weeks, FLOW)
    flow["new"] = counted(begins, comes & is_new)[1:]
    flow["reactivated"] = counted(begins, comes & ~is_new)[1:]
    flow["lost"] = counted(ends, goes)[1:]
    level = np.cumsum(np.bincount(begins, minlength=weeks + 2) - np.bincount(ends, minlength=weeks + 2))
    overlap = np.zeros(weeks + 2, np.int64)  # where the next order comes before the last one is too old
    again = ~comes
    np.add.at(overlap, begins[again], 1)
    np.add.at(overlap, ends[np.append(again[1:], False)[: len(places)]], -1)
    active = (level - np.cumsum(overlap))[: weeks + 1]
    flow["opening"], flow["closing"], flow["days"] = active[:-1], active[1:], np.diff(mornings)
    fail_if_not_balanced(flow)
    return flow


def fail_if_not_balanced(flow: NDArray[np.void]) -> None:
    """Raise IdentityError for the first week in which new + reactivated - lost is not closing - opening."""
    rest = flow["new"] + flow["reactivated"] - flow["lost"] - (flow["closing"] - flow["opening"])
    broken = np.flatnonzero((rest != 0) | (np.append(flow["opening"][1:], flow["closing"][-1:]) != flow["closing"]))
    if len(broken):
        week = int(broken[0])
        raise IdentityError(f"the flow of active members breaks in week {week + 1}: {flow[week]} leaves {rest[week]}")
