"""A world that keeps a tape of one shopper while all live as they always do.

Serves the trace. The population is carried in three slices wherever the shopper is among it, those before, the shopper
and those after, in the same order and with the same bits; what stands in the shared arrays just before the shopper's
own slice is what the shopper meets from the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .announce import hold_event
from .cohort import EVERYBODY
from .ledger import new_ledger
from .tape import FLAGS, TURN, Kind, Tape
from .world import World


class WatchedWorld(World):
    """A world with a tape; opened as any other, by `resume`, and told by `watch` whose life to keep."""

    def watch(self, number: int) -> None:
        """Keep the life of the shopper of this number, counted over all regions, from this morning on.

        Raises ValueError for a shopper of another region.
        """
        if not 0 <= number - self.region.first < self.region.count:
            raise ValueError(f"shopper {number} does not live in region {self.region.number}")
        self._place = number - self.region.first
        self._own_ledger = new_ledger(len(self._ledger))
        self._turns: list[NDArray[np.void]] = []
        self._markets: list[NDArray[np.void]] = []
        self._states: list[tuple[NDArray[np.void], NDArray[np.void], NDArray[np.int16]]] = []
        self._promises = [(self._table.terms.copy(), self._table.programme.copy())]

    def tape(self) -> Tape:
        """Return what has been kept so far."""
        count = len(self._turns)
        terms, programmes = zip(*self._promises, strict=True)
        shoppers, cards, due = (np.concatenate(column).reshape(count, 2) for column in zip(*self._states, strict=True))
        return Tape(
            number=self.region.first + self._place,
            hashed_seed=int(self._hashed_seed),
            origin=self._origin,
            turns=np.concatenate(self._turns),
            markets=np.concatenate(self._markets),
            shoppers=shoppers,
            cards=cards,
            due=due,
            terms=np.stack(terms),
            programme=np.concatenate(programmes),
            behaviour=self._behaviour,
            ledger=self._own_ledger[: self.day - self._origin],
        )

    def _change_promises(self) -> None:
        super()._change_promises()
        self._promises.append((self._table.terms.copy(), self._table.programme.copy()))

    def _announce(self, start: int, end: int) -> None:
        """Let the campaigns that open today be heard of one after the other: the event first, then gift and message."""
        programme, market = self._table.programme, self._market
        opened = int(market["campaigns_open_today"][0])
        for number in range(int(programme["campaigns"][0])):
            if (opened >> number) & 1 == 0:
                continue
            market["campaigns_open_today"] = 1 << number
            reach = int(programme["campaign_reach"][0, number])
            if reach > 0:
                self._hold_event(number)
                programme["campaign_reach"][0, number] = 0  # has been held
            for first, last in self._slices(start, end):
                market["campaigns_open_today"] = 1 << number
                with self._turn(Kind.CAMPAIGN, self.day + 1, first, number):
                    super()._announce(first, last)
            programme["campaign_reach"][0, number] = reach

    def _hold_event(self, number: int) -> None:
        """Hold an event; its cost is shared by those who come, so that the shopper's part is known afterwards only."""
        shoppers, cards, due = self._records(0, len(self.shoppers))
        margin = int(shoppers["margin"][self._place])
        with self._turn(Kind.EVENT, self.day + 1, self._place, number):
            hold_event(
                shoppers, cards, due, self._table.terms, self._table.programme, self._behaviour, self._market,
                self._ledger, EVERYBODY, self.day, self._origin, self._hashed_seed, self.region.first, number,
            )  # fmt: skip
        self._turns[-1]["share"] = margin - int(shoppers["margin"][self._place])

    def _carry(self, start: int, end: int, until: int, day_by_day: bool) -> None:
        for first, last in self._slices(start, end):
            with self._turn(Kind.DAYS, until, first):
                super()._carry(first, last, until, day_by_day)

    def _close_books(self, start: int, end: int) -> None:
        for first, last in self._slices(start, end):
            with self._turn(Kind.BOOKS, self.day, first):
                super()._close_books(first, last)

    def _slices(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the parts of the places `start` to `end - 1` before, of and after the shopper; none is empty."""
        bounds = sorted({start, end, *(place for place in (self._place, self._place + 1) if start < place < end)})
        return [(first, last) for first, last in pairwise(bounds) if first < last]

    @contextmanager
    def _turn(self, kind: Kind, until: int, first: int, campaign: int = 0) -> Iterator[None]:
        """Keep what happens meanwhile if it is the turn of the shopper, whose slice begins at `first`."""
        if first != self._place:
            yield
            return
        turn = np.zeros(1, TURN)
        turn["kind"], turn["day"], turn["until"], turn["campaign"] = kind, self.day, until, campaign
        turn["opens_month"], turn["promises"] = self._office.opens_month, len(self._promises) - 1
        turn["flags"] = [[int(self._table.programme[flag][0]) for flag in FLAGS]]
        self._turns.append(turn)
        self._markets.append(self._market.copy())
        self._states.append(self._state())
        if kind == Kind.EVENT:
            yield  # posted together with the parts of the others
        else:
            with self._posting_apart(min(self.day, until - 1), until):
                yield
        self._states.append(self._state())

    @contextmanager
    def _posting_apart(self, day: int, until: int) -> Iterator[None]:
        """Let what is posted meanwhile, on days from `day` on, be posted to the shopper's own ledger as well."""
        days = slice(day - self._origin, until - self._origin)
        everybodys, own = self._ledger, self._own_ledger
        before = own[days].copy()
        self._ledger = own
        yield
        self._ledger = everybodys
        everybodys[days].view(np.int64)[...] += own[days].view(np.int64) - before.view(np.int64)

    def _state(self) -> tuple[NDArray[np.void], NDArray[np.void], NDArray[np.int16]]:
        """Return copies of the shopper's own records."""
        shoppers, cards, due = self._records(self._place, self._place + 1)
        return shoppers.copy(), cards.copy(), due.copy()
