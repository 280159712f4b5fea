"""The day book: what shoppers did today that concerns others as well, for the office to see to in the evening.

Serves the drivers, which write an entry where a visit has news, and the office of the evening. A shopper has one visit
a day at most, so a book as long as the region has shoppers is never full. Cents, seconds after midnight.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .card import Card
from .compiled import rule
from .order import Order
from .programme_table import Programme, Terms
from .record import Float64, Int8, Int32, Int64, Record, layout
from .shopper import LAPSED, Shopper


class Notice(Record):
    """One entry: the news of one shopper's visit; a ticket waits in line as the entry that it was."""

    shopper: Int32  # number, counted over all regions
    severity: Int8  # of the ticket at the service desk; 0: no ticket
    place_in_line: Int8  # 1 is answered first
    desk: Int8  # 0: the general desk; 1: the dedicated one
    written_at: Int64  # seconds after today's midnight; negative for earlier days
    handling: Int64  # seconds that an agent needs
    answer_within: Int64  # seconds promised; 0: nothing is
    recovery: Float64  # goodwill that an answer in time gives back
    answered_at: Int64  # seconds after today's midnight; NOT_ANSWERED while it waits
    refers: Int8  # 1: has referred a friend
    deed: Int8  # 1: a friend's order that is rewarded
    left: Int8  # 1: was found to have left, and had referred friends


NOTICE = layout(Notice)
"""The layout of an entry."""

NOT_ANSWERED = 2**62


def new_day_book(entries: int) -> NDArray[np.void]:
    """Return an empty book (shape: entries)."""
    return np.zeros(entries, NOTICE)


@rule
def has_news(s: Shopper, c: Card, p: Programme, o: Order) -> bool:
    """Return whether this visit concerns others; nothing does where nothing is shared."""
    if p.keeps_day_book == 0:
        return False
    if s.status & LAPSED and c.first_friend > 0:
        o.has_news = o.left = 1
    return o.has_news != 0


@rule
def write_down(n: Notice, o: Order, t: Terms, shopper: int) -> None:
    """Copy the news of a visit into an entry, and forget them."""
    n.shopper = shopper
    n.severity = o.severity
    n.place_in_line = t.place_in_line
    n.desk = t.desk
    n.written_at = o.written_at
    n.handling = o.handling
    n.answer_within = t.answer_within
    n.recovery = o.recovery
    n.answered_at = NOT_ANSWERED
    n.refers = o.refers
    n.deed = o.deed
    n.left = o.left
    o.has_news = o.severity = o.refers = o.deed = o.left = 0
