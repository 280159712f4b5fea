"""The days on which each shopper orders, a bit a day: those of the twin, who lives under another policy, and one's own.

Serves finance: a benefit paid on an order that the twin makes on the same day as well has bought nothing. Twins share
their random numbers, so they come on the same candidate days. Noted only where books are kept (shape of the array:
shoppers x 2 x bytes); otherwise all shoppers share one place that nobody reads.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .compiled import rule

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
