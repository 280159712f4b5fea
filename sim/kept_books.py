"""What a world keeps for finance beside its ledger: its month ends, and what visits post on the twin's order days.

Serves the run store. Everything is an integer, so that regions merge by adding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .ledger import LEDGER
from .month_end import merge_month_ends


@dataclass(frozen=True, slots=True)
class KeptBooks:
    """The books of one arm, from the morning on which they were opened.

    `month_ends` are photographs (see `MonthEnd`), the first of which is that morning. `order_days` has a bit a day for
    each shopper's orders (shape: shoppers x bytes), for whoever is held against this arm. `on_twin_days` is the part of
    the ledger that was posted by visits on days on which the twin ordered as well (shape: days x states); None where no
    twin was known.
    """

    month_ends: NDArray[np.void]
    order_days: NDArray[np.uint8]
    on_twin_days: NDArray[np.void] | None


def merge_books(parts: Sequence[KeptBooks | None]) -> KeptBooks | None:
    """Return the books of all regions of a world, in the order given; None where any region kept none."""
    kept = [part for part in parts if part is not None]
    if not kept or len(kept) < len(parts):
        return None
    ledgers = [part.on_twin_days for part in kept if part.on_twin_days is not None]
    return KeptBooks(
        merge_month_ends([part.month_ends for part in kept]),
        np.concatenate([part.order_days for part in kept]),
        added(ledgers) if len(ledgers) == len(kept) else None,
    )


def added(ledgers: Sequence[NDArray[np.void]]) -> NDArray[np.void]:
    """Return the sum of ledgers of the same shape, measure by measure."""
    merged = np.zeros_like(ledgers[0])
    for measure in LEDGER.names or ():
        merged[measure] = sum(ledger[measure] for ledger in ledgers)
    return merged
