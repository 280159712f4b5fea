"""How a shopper's relation with the shop wears on: goodwill fades, and one day the shopper is gone for good.

Serves every rule that needs a shopper brought up to today. Life is counted in days (Pareto/NBD: Schmittlein, Morrison
and Colombo, 1987) or in orders (BG/NBD: Fader, Hardie and Lee, 2005) at the base attrition; the programme, goodwill
and a paid membership make it run out more slowly, a rival's programme faster.
"""

from __future__ import annotations

import math

from .assumptions import Behaviour
from .compiled import rule
from .headroom import headroom_of
from .ledger import LedgerRow
from .market import Market
from .programme_table import Terms
from .shopper import LAPSED, MEMBER, Shopper


@rule
def attrition_speed(s: Shopper, t: Terms, b: Behaviour, m: Market, rival: bool, goodwill: float) -> float:
    """Return how fast life runs out against the base rate (1 = as fast), with `goodwill` in logit units."""
    share = headroom_of(s, b)
    relief = b.goodwill_attrition * goodwill
    loyalty = b.attrition_effect * t.loyalty * share
    if s.status & MEMBER:
        relief += b.membership_attrition * share
    if rival:
        loyalty *= b.rival_damping * (1.0 - m.rival_match)
        relief -= b.rival_attrition
    relief += loyalty
    if relief == 0.0:
        return 1.0
    return math.exp(-relief)


@rule
def settle(s: Shopper, t: Terms, b: Behaviour, m: Market, day: int, rival: bool) -> bool:
    """Carry goodwill and life up to `day` under the terms that held until now; return whether the shopper is still
    there.
    """
    elapsed = day - s.settled_day
    s.settled_day = day
    mean_goodwill = 0.0
    if s.goodwill != 0.0 and elapsed > 0:
        pace = elapsed / b.goodwill_memory
        kept = math.exp(-pace)
        mean_goodwill = s.goodwill * (1.0 - kept) / pace
        s.goodwill *= kept
    if m.dropout_by_order == 0 and elapsed > 0:
        s.lifetime_left -= elapsed * attrition_speed(s, t, b, m, rival, mean_goodwill)
    return s.lifetime_left > 0.0


@rule
def is_still_here(s: Shopper, t: Terms, b: Behaviour, m: Market, day: int, rival: bool) -> bool:
    """Return whether the shopper is alive on `day`; life is carried up to today only when it may have run out.

    Without a rival and with goodwill that is not negative, life runs out no faster than the base rate.
    """
    if s.lifetime_left > day - s.settled_day and s.goodwill >= 0.0 and not rival:
        return True
    if m.dropout_by_order:
        return True
    return settle(s, t, b, m, day, rival)


@rule
def lapse(s: Shopper, row: LedgerRow) -> None:
    """Let the shopper go: no more visits; points keep until they expire and a paid term runs to its end."""
    s.status |= LAPSED
    row.lapses += 1


@rule
def wear_by_order(s: Shopper, t: Terms, b: Behaviour, m: Market, row: LedgerRow, day: int, rival: bool) -> None:
    """Count one order at list price against the shopper's life, where attrition follows orders (BG/NBD).

    Called on every visit that would have ended in an order without any programme, so that orders which a policy adds or
    loses do not by themselves wear a shopper out; without a programme this is BG/NBD exactly.
    """
    settle(s, t, b, m, day, rival)
    s.lifetime_left -= attrition_speed(s, t, b, m, rival, s.goodwill)
    if s.lifetime_left <= 0.0 and s.status & LAPSED == 0:
        lapse(s, row)
