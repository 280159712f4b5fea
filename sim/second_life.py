"""Coming back: some who had left for good return by themselves or are won back, for a shorter life than their first.

Serves the visit and win-back campaigns (behaviour reference, 2.9; fact 45). A second life is drawn at the shopper's own
dropout rate, made worse: in days (Pareto/NBD) or orders (BG/NBD). The rate is looked up by the shopper's rank.
"""

from __future__ import annotations

import math

import numpy as np

from .assumptions import Behaviour
from .compiled import mechanic, rule
from .dropout import RANKS
from .keyed_random import TRAITS_DAY, Purpose, day_key, exponential, uniform
from .ledger import LedgerRow
from .market import Market
from .shopper import LAPSED, LAST_DAY, NEVER, Shopper

WITHOUT_END = 1e9
"""A life in a population that nobody leaves."""


@rule
def day_of_return(b: Behaviour, day: int, k: np.uint64) -> int:
    """Return the day on which a shopper who leaves today comes back by themselves; NEVER where nobody does."""
    return NEVER if b.spontaneous_return == 0.0 else drawn_return(b, day, k)


@mechanic
def drawn_return(b: Behaviour, day: int, k: np.uint64) -> int:
    """Return the same where somebody does: a constant chance a day."""
    gap = exponential(k, Purpose.SPONTANEOUS_RETURN) / b.spontaneous_return
    return NEVER if gap >= LAST_DAY - day - 1 else day + 1 + int(gap)


@mechanic
def come_back(s: Shopper, b: Behaviour, m: Market, row: LedgerRow, day: int, key: np.uint64) -> None:
    """Let a shopper who had left be here again today."""
    begin_second_life(s, m, day, b.second_life_hazard, key, day_key(key, day))
    row.returned += 1


@mechanic
def begin_second_life(s: Shopper, m: Market, day: int, hazard_ratio: float, key: np.uint64, draws: np.uint64) -> None:
    """Give a shopper who had left a new life, at `hazard_ratio` times the own dropout rate; `draws` addresses it."""
    s.status &= ~LAPSED
    s.settled_day = day
    rate = hazard_ratio * dropout_rate(m, uniform(day_key(key, TRAITS_DAY), Purpose.DROPOUT_RATE))
    s.lifetime_left = WITHOUT_END if rate <= 0.0 else exponential(draws, Purpose.SECOND_LIFE) / rate


@mechanic
def dropout_rate(m: Market, rank: float) -> float:
    """Return the base dropout rate at `rank` (0 to 1), between the two next in the table, in logarithms."""
    place = min(RANKS - 1.0, max(0.0, rank * RANKS - 0.5))
    below = min(RANKS - 2, int(place))
    low, high = m.dropout_rate[np.uint64(below)], m.dropout_rate[np.uint64(below + 1)]
    if low <= 0.0:
        return 0.0
    return low * math.exp((place - below) * math.log(high / low))
