"""The tape of one shopper: what the shopper met from everybody else, turn by turn, and where each turn left them.

Serves the replay, which lives the same turns again alone. A turn is one stretch of days through which the drivers
carried the shopper, one campaign that was announced to them, or one event to which they may have come. The file is a
NumPy archive without pickles.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from .record import Int8, Int16, Int64, Record, layout


class Kind(IntEnum):
    """What a turn is."""

    DAYS = 0  # the drivers carry the shopper from one day to another
    CAMPAIGN = 1  # a campaign opens: its gift and message
    EVENT = 2  # the event of a campaign
    BOOKS = 3  # the books are closed


class Turn(Record):
    """One turn, with what the office has decided for it."""

    kind: Int8
    day: Int16
    until: Int16  # the day after its last
    opens_month: Int8
    campaign: Int8  # number of the one announced
    share: Int64  # cents of the cost of an event that the shopper's account bears
    flags: Annotated[list[int], "i1", 4]  # of the programme, in the order of FLAGS
    promises: Int8  # number of the terms and programme in force


TURN = layout(Turn)
"""The layout of a turn."""

FLAGS = ("launches", "takes_over", "migrates", "cuts_over")
"""Fields of the programme that are set on launch day only."""

BEFORE, AFTER = 0, 1
"""Places of the two states of a turn."""

ARRAYS = (
    "turns", "markets", "shoppers", "cards", "due", "terms", "programme", "behaviour", "ledger",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tape:
    """A life's turns, and all that the rules read.

    `markets` has the market record before each turn (shape: turns), `shoppers`, `cards` and `due` the shopper's own
    before and after it (shape: turns x 2), `ledger` what the shopper's turns posted (shape: days x states), but for
    those of the kind EVENT. `terms` (shape: promises x states) and `programme` (shape: promises) have another row
    after each morning on which promises changed. `number` counts over all regions; `origin` is the day on which the
    ledger begins.
    """

    number: int
    hashed_seed: int
    origin: int
    turns: NDArray[np.void]
    markets: NDArray[np.void]
    shoppers: NDArray[np.void]
    cards: NDArray[np.void]
    due: NDArray[np.int16]
    terms: NDArray[np.void]
    programme: NDArray[np.void]
    behaviour: NDArray[np.void]
    ledger: NDArray[np.void]


def write_tape(tape: Tape, path: Path) -> None:
    """Write a tape to `path`."""
    head = {"number": tape.number, "hashed_seed": tape.hashed_seed, "origin": tape.origin}
    arrays: dict[str, Any] = {name: getattr(tape, name) for name in ARRAYS}
    np.savez_compressed(path, head=np.frombuffer(json.dumps(head).encode(), np.uint8), **arrays)


def read_tape(path: Path) -> Tape:
    """Return the tape in `path`."""
    with np.load(path, allow_pickle=False) as archive:
        head = json.loads(bytes(archive["head"]))
        return Tape(**head, **{name: archive[name] for name in ARRAYS})
