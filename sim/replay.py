"""One shopper's life lived again alone, from tape and keyed draws, and held against the full run turn by turn.

Serves the trace, in plain Python, where the rules can be listened to. The replay keeps the shopper's own records; of
the tape it takes only what others did to them between two turns, and what stood in the market before each.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from . import kernel
from .announce import announce_campaigns, hold_event
from .cohort import EVERYBODY
from .day_book import new_day_book
from .ledger import new_ledger
from .order import new_order
from .order_days import no_order_days
from .tape import AFTER, BEFORE, FLAGS, Kind, Tape

LAST_BITS = 1e-12
"""Up to this relative difference two floats differ in their last bits only, as two mathematical libraries may."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of the shopper's records, or measure of the ledger, in which replay and full run differ after a day."""

    day: int
    field: str
    alone: int | float
    in_full_run: int | float

    @property
    def is_in_last_bits(self) -> bool:
        """Return whether both are floats that differ by rounding only."""
        is_float = isinstance(self.alone, float) and isinstance(self.in_full_run, float)
        return is_float and math.isclose(self.alone, self.in_full_run, rel_tol=LAST_BITS, abs_tol=LAST_BITS)


class Audience(Protocol):
    """Who is told how the replay goes on."""

    def meet_others(self, day: int) -> None:
        """Hear that others have changed the shopper's records before the turns of `day`."""

    def end_turn(self, kind: Kind, day: int, campaign: int) -> None:
        """Hear that a turn is over."""


class Replay:
    """A tape and the shopper who lives it again; `own` and `events` are the ledgers of what was posted (shape: days x
    states), the latter for the turns whose cost is shared with others.
    """

    def __init__(self, tape: Tape) -> None:
        """Stand where the tape begins."""
        self.tape = tape
        self.shoppers, self.cards = tape.shoppers[0, :1].copy(), tape.cards[0, :1].copy()
        self.due, self.market = tape.due[0, :1].copy(), tape.markets[:1].copy()
        self.terms, self.programme = tape.terms[0], tape.programme[:1].copy()
        self.own, self.events = new_ledger(len(tape.ledger)), new_ledger(len(tape.ledger))
        self._order, self._day_book = new_order(), new_day_book(1)

    def live(self, audience: Audience) -> list[Difference]:
        """Live every turn; return in what the shopper's records and postings differ from the full run."""
        differences: list[Difference] = []
        for number, turn in enumerate(self.tape.turns):
            kind, day, campaign = Kind(int(turn["kind"])), int(turn["day"]), int(turn["campaign"])
            if number > 0 and self._meet_others(number):
                audience.meet_others(day)
            self.market[...] = self.tape.markets[number]
            self.market["notices"] = 0
            promises = int(turn["promises"])
            self.terms, self.programme[...] = self.tape.terms[promises], self.tape.programme[promises]
            for flag, value in zip(FLAGS, turn["flags"], strict=True):
                self.programme[flag] = value
            self._live_turn(kind, turn)
            audience.end_turn(kind, day, campaign)
            differences += self._differences(number)
        return differences + ledger_differences(self.own, self.tape.ledger, self.tape.origin)

    def _live_turn(self, kind: Kind, turn: Any) -> None:
        tape = self.tape
        address = (np.uint64(tape.hashed_seed), tape.number)
        day, until, number = int(turn["day"]), int(turn["until"]), int(turn["campaign"])
        if kind == Kind.DAYS:
            kernel.live_shopper_by_shopper(
                self.shoppers, self.cards, self.due, self.terms, self.programme, tape.behaviour, self.market,
                self._order, self._day_book, self.own, no_order_days(), EVERYBODY, day, until, tape.origin, *address,
                bool(turn["opens_month"]),
            )  # fmt: skip
        elif kind == Kind.CAMPAIGN:
            reach = int(self.programme["campaign_reach"][0, number])
            self.programme["campaign_reach"][0, number] = 0  # its event is a turn of its own
            announce_campaigns(
                self.shoppers, self.cards, self.due, self.terms, self.programme, tape.behaviour, self.market, self.own,
                EVERYBODY, day, tape.origin, *address,
            )  # fmt: skip
            self.programme["campaign_reach"][0, number] = reach
        elif kind == Kind.EVENT:
            self._attend_event(number, day, int(turn["share"]))
        else:
            kernel.close_books(
                self.shoppers, self.cards, self.programme, self.market, self.own, EVERYBODY, day, tape.origin
            )  # fmt: skip

    def _attend_event(self, number: int, day: int, share: int) -> None:
        """Live the event of a campaign; who is alone there would bear its whole cost, so the cost is this part of it.

        What each guest costs is a part of `share` already.
        """
        tape, costs = self.tape, self.programme[["campaign_cost", "campaign_cost_each"]].copy()
        self.programme["campaign_cost"][0, number], self.programme["campaign_cost_each"][0, number] = share, 0
        hold_event(
            self.shoppers, self.cards, self.due, self.terms, self.programme, tape.behaviour, self.market, self.events,
            EVERYBODY, day, tape.origin, np.uint64(tape.hashed_seed), tape.number, number,
        )  # fmt: skip
        for field in ("campaign_cost", "campaign_cost_each"):
            self.programme[field] = costs[field]

    def _meet_others(self, number: int) -> bool:
        """Take over the fields that others changed between the turn before and this one; return whether there are."""
        changed = False
        for own, told in self._records():
            before, now = told[number - 1, AFTER], told[number, BEFORE]
            for field, _, _ in fields_that_differ(before, now):
                changed = True
                if field:
                    own[field][0] = now[field]
                else:
                    own[0] = now
        return changed

    def _records(self) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
        """Give the shopper's own records here, each with those of the tape."""
        yield self.shoppers, self.tape.shoppers
        yield self.cards, self.tape.cards
        yield self.due, self.tape.due

    def _differences(self, number: int) -> list[Difference]:
        last_day = int(self.tape.turns[number]["until"]) - 1
        return [
            Difference(last_day, field or "due", alone, full)
            for own, told in self._records()
            for field, alone, full in fields_that_differ(own[0], told[number, AFTER])
        ]


def fields_that_differ(one: Any, other: Any) -> Iterator[tuple[str, Any, Any]]:
    """Give the fields in which two records differ, with the first values that do; a number has the field ``""``."""
    if one.tobytes() == other.tobytes():
        return
    if not one.dtype.names:
        yield "", one.item(), other.item()
        return
    for field in one.dtype.names:
        ours, theirs = np.atleast_1d(one[field]), np.atleast_1d(other[field])
        differ = np.flatnonzero(ours != theirs)
        if len(differ):
            yield field, ours[differ[0]].item(), theirs[differ[0]].item()


def ledger_differences(alone: NDArray[np.void], full: NDArray[np.void], origin: int) -> list[Difference]:
    """Return where two ledgers (shape: days x states) differ, a difference a day and measure."""
    if alone.tobytes() == full.tobytes():
        return []
    return [
        Difference(origin + day, measure, int(alone[measure][day].sum()), int(full[measure][day].sum()))
        for measure in alone.dtype.names or ()
        for day in np.flatnonzero((alone[measure] != full[measure]).any(axis=1)).tolist()
    ]
