"""The days on which each shopper orders, a bit a day: those of the twin, who lives under another policy, and one's own.

Serves finance: a benefit paid on an order that the twin makes on the same day as well has bought nothing. Twins share
their random numbers, so they come on the same candidate days. Noted only where books are kept (shape of the array:
shoppers x 2 x bytes); otherwise all shoppers share one place that nobody reads.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .compiled import rule
from .programme_table import Programme
from .shopper import STATES, Shopper

TWIN, OWN = 0, 1
"""Places of the twin's days and of the shopper's own."""


@rule
def place_of_day(day: int) -> np.uint64:
    """Return the byte that holds a day, counted from the opening of the books."""
    return np.uint64(day) >> np.uint64(3)


@rule
def note_of(day: int) -> np.uint8:
    """Return the bit of a day in its byte."""
    return np.uint8(1 << (day & 7))


@rule
def is_noted(byte: np.uint8, day: int) -> bool:
    """Return whether the bit of a day is set in its byte."""
    return (int(byte) >> (day & 7)) & 1 != 0


@rule
def rows_for_twin(p: Programme, order_days: NDArray[np.uint8], place: np.uint64, day: int) -> np.uint64:
    """Return by how many ledger rows a visit is posted further on: STATES on a day on which the twin orders, else 0."""
    if p.has_twin and is_noted(order_days[place, TWIN, place_of_day(day)], day):
        return np.uint64(STATES)
    return np.uint64(0)


@rule
def note_order_day(
    s: Shopper, p: Programme, order_days: NDArray[np.uint8], place: np.uint64, today: int, origin: int
) -> None:
    """Note that the shopper ordered today, where books are kept; `origin` is the day on which they were opened."""
    if p.keeps_order_days and s.last_order_day == today:
        order_days[place, OWN, place_of_day(today - origin)] |= note_of(today - origin)


def no_order_days() -> NDArray[np.uint8]:
    """Return the place that all shoppers share where no days are noted."""
    return np.zeros((1, 2, 1), np.uint8)


def new_order_days(shoppers: int, days: int, twin: NDArray[np.uint8] | None) -> NDArray[np.uint8]:
    """Return room for `days` days of each of `shoppers`; `twin` are the twin's days (shape: shoppers x bytes).

    Raises ValueError when the twin's are of other shoppers or of another number of days.
    """
    noted = np.zeros((shoppers, 2, (days + 7) // 8), np.uint8)
    if twin is not None:
        if twin.shape != (shoppers, noted.shape[2]):
            raise ValueError(f"the twin's order days have the shape {twin.shape}, not {(shoppers, noted.shape[2])}")
        noted[:, TWIN] = twin
    return noted
