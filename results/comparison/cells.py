"""How shoppers are sorted on launch morning: tier, decile of prior spend, stage, kind of buyer, RFM cell, preference.

Serves breakdowns. Every shopper is in exactly one cell of a breakdown, the same in every arm; whoever has not ordered
before launch is in a cell of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import STAGE_DAYS, STAGES

BEFORE_FIRST = "no order yet"
"""The cell of those who had not ordered before launch."""

DECILES = tuple(f"{number}" for number in range(1, 11))
NO_SPEND = "no spend"
SEGMENTS = ("frequency and amount", "frequency", "amount", "ordinary", "none in warm-up")
SCORES = tuple(f"R{r}F{f}M{m}" for r, f, m in product(range(1, 6), repeat=3))
TOP_SHARE = 1 / 3
"""Share of buyers that is called frequent, or of a large basket."""


@dataclass(frozen=True, slots=True)
class Sorting:
    """What sorts shoppers: the day of launch, the tiers of the incumbent from the lowest, the scenario's categories."""

    launch_day: int
    tiers: Sequence[str]
    categories: Sequence[str]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One way to sort shoppers: its name, what a cell is, its `labels`, and each shopper's place among them."""

    name: str
    meaning: str
    labels: Callable[[Sorting], Sequence[str]]
    places: Callable[[NDArray[np.void], Sorting], NDArray[np.int64]]


def by_tier(launch: NDArray[np.void], sorting: Sorting) -> NDArray[np.int64]:
    """Return the tier on launch morning, under the incumbent."""
    highest = max(0, len(sorting.tiers) - 1)
    return np.minimum(launch["tier"].astype(np.int64), highest)


def by_decile(launch: NDArray[np.void], sorting: Sorting) -> NDArray[np.int64]:
    """Return the decile of spend in the 12 calendar months before, among those who spent; 1 spent least."""
    spent = launch["prior_spend"] > 0
    places = np.full(len(launch), len(DECILES))
    places[spent] = quantile_of(launch["prior_spend"][spent], len(DECILES))
    return places


def by_stage(launch: NDArray[np.void], sorting: Sorting) -> NDArray[np.int64]:
    """Return the stage of the relation as campaigns see it: new, active, silent or lost."""
    since_first = sorting.launch_day - launch["first_order_day"].astype(np.int64)
    since_last = sorting.launch_day - np.where(launch["last_order_day"] >= 0, launch["last_order_day"], 0)
    new_days, active_days, silent_days = STAGE_DAYS
    recent = np.where(since_first <= new_days, 0, 1)
    return np.where(since_last <= active_days, recent, np.where(since_last <= silent_days, 2, 3))


def by_segment(launch: NDArray[np.void], sorting: Sorting) -> NDArray[np.int64]:
    """Return the kind of buyer: among those with an order in the warm-up, the third that ordered most often and the
    third with the largest mean order.
    """
    places = np.full(len(launch), len(SEGMENTS) - 1)
    buys = launch["prior_orders"] > 0
    orders = launch["prior_orders"][buys]
    mean_order = launch["prior_gmv"][buys] / orders
    places[buys] = 3 - 2 * _is_top(orders) - _is_top(mean_order)
    return places


def by_rfm(launch: NDArray[np.void], sorting: Sorting) -> NDArray[np.int64]:
    """Return the RFM cell: quintiles of the last order's day, of orders and of spend among customers; 5 is best."""
    places = np.zeros(len(launch), np.int64)
    known = launch["is_customer"]
    recency, frequency, money = (
        quantile_of(launch[field][known], 5) for field in ("last_order_day", "prior_orders", "prior_spend")
    )
    places[known] = 25 * recency + 5 * frequency + money
    return places


def by_preference(launch: NDArray[np.void], sorting: Sorting) -> NDArray[np.int64]:
    """Return the category of which the shopper buys the largest multiple of everybody's share."""
    preference = launch["preference"].astype(np.int64)
    return np.where(preference < 0, len(sorting.categories), preference)


def quantile_of(values: NDArray[np.integer], parts: int) -> NDArray[np.int64]:
    """Return in which of `parts` equal parts each value lies by mid-rank, 0 lowest; equal values stay together."""
    if not len(values):
        return np.zeros(0, np.int64)
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - counts / 2
    return np.asarray(np.minimum(parts - 1, (middle / len(values) * parts).astype(np.int64)))[place]


def _is_top(values: NDArray[np.number]) -> NDArray[np.int64]:
    """Return 1 for those in the top third by mid-rank; equal values stay together."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    middle = (np.cumsum(counts) - counts / 2) / max(1, len(values))
    return np.asarray(middle > 1 - TOP_SHARE, np.int64)[place]


BREAKDOWNS: Mapping[str, Breakdown] = {
    one.name: one
    for one in (
        Breakdown("tier", "tier on launch morning, under the incumbent", lambda s: s.tiers or ("-",), by_tier),
        Breakdown("decile", "tenth of those who spent in the 12 calendar months before launch, 1 spent least; "
                  f"`{NO_SPEND}` for customers who spent nothing", lambda s: (*DECILES, NO_SPEND), by_decile),
        Breakdown("stage", "new: first order at most 30 days ago; active: last order at most 90 days ago; silent: at "
                  "most 365; lost: longer ago", lambda s: STAGES, by_stage),
        Breakdown("segment", "kind of buyer in the warm-up: the third with most orders (frequency), with the largest "
                  "mean order (amount), both, or neither (ordinary)", lambda s: SEGMENTS, by_segment),
        Breakdown("rfm", "quintiles of recency, frequency (orders in the warm-up) and money (12 calendar months) among "
                  "customers: R5F5M5 is best; equal values share a quintile", lambda s: SCORES, by_rfm),
        Breakdown("preference", "category of which the shopper buys the largest multiple of everybody's share; "
                  "`not known` unless the incumbent promises something on categories",
                  lambda s: (*s.categories, "not known"), by_preference),
    )
}  # fmt: skip
"""Every breakdown by name."""


def cells_of(breakdown: Breakdown, launch: NDArray[np.void], sorting: Sorting) -> NDArray[np.int64]:
    """Return each shopper's cell as a place in `cell_labels` (shape: shoppers)."""
    last = len(breakdown.labels(sorting))
    return np.where(launch["is_customer"], breakdown.places(launch, sorting), last)


def cell_labels(breakdown: Breakdown, sorting: Sorting) -> tuple[str, ...]:
    """Return the labels of all cells, that of future customers last."""
    return (*breakdown.labels(sorting), BEFORE_FIRST)
