"""How a world keeps books for finance: it begins on a morning, photographs month ends, and closes into `KeptBooks`.

Serves the world, which keeps none until it is asked to.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .calendar import Calendar
from .kept_books import KeptBooks, added
from .ledger import new_ledger
from .month_end import photograph
from .order_days import OWN, new_order_days, no_order_days
from .shopper import STATES


class Bookkeeping:
    """The books of one world, from the morning on which its ledger was opened."""

    def __init__(self, calendar: Calendar) -> None:
        self.is_kept = False
        self._calendar = calendar
        self._order_days = no_order_days()
        self._month_ends: list[NDArray[np.void]] = []

    def begin(
        self, programme: NDArray[np.void], market: NDArray[np.void], shoppers: int, days: int,
        twin: NDArray[np.uint8] | None,
    ) -> NDArray[np.void]:  # fmt: skip
        """Begin to keep books and return the ledger to post to (shape: days x states, twice the states with a `twin`).

        Raises ValueError for a twin of other shoppers or of another number of days.
        """
        self._order_days = new_order_days(shoppers, days, twin)
        programme["keeps_order_days"] = 1
        programme["has_twin"] = int(twin is not None)
        market["expired_by_age"] = market["clawed_back_by_age"] = market["converted_by_age"] = 0
        self.is_kept = True
        return new_ledger(days, has_twin=twin is not None)

    def order_days(self, start: int, end: int) -> NDArray[np.uint8]:
        """Return the order days of the places `start` to `end - 1`; the place that all share where none are kept."""
        return self._order_days[start:end] if self.is_kept else self._order_days

    def note_month_end(
        self, shoppers: NDArray[np.void], cards: NDArray[np.void], programme: NDArray[np.void],
        market: NDArray[np.void], day: int,
    ) -> None:  # fmt: skip
        """Photograph the month that has just ended, once; nothing where no books are kept or a month is running."""
        if not self.is_kept or day not in self._calendar.month_starts:
            return
        month = self._calendar.month_of(day) - 1
        if not self._month_ends or int(self._month_ends[-1]["month"][0]) < month:
            self._month_ends.append(photograph(shoppers, cards, programme, market, self._calendar, month))

    def closed(self, ledger: NDArray[np.void]) -> tuple[NDArray[np.void], KeptBooks | None]:
        """Return the ledger of every visit (shape: days x states) and the books; none where none are kept."""
        if not self.is_kept:
            return ledger, None
        on_twin_days = ledger[:, STATES:].copy() if ledger.shape[1] > STATES else None
        whole = ledger[:, :STATES]
        books = KeptBooks(np.concatenate(self._month_ends), self._order_days[:, OWN], on_twin_days)
        return whole if on_twin_days is None else added([whole, on_twin_days]), books
