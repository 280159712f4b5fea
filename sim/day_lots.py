"""Lots of points to the day, on the card: each with the day on which it is gone, earliest expiry first.

Serves policies whose points expire to the day. Up to 12 lots are kept apart; a further one joins the lot with the
latest expiry, and both live to the later day. The ring of monthly lots goes on beside them and holds the same points by
month of earning, so that another policy can take the balance over.
"""

from __future__ import annotations

from .card import Card
from .compiled import card_mechanic, mechanic
from .last_days import last_day_after_months
from .lots import lot_of
from .market import Market
from .programme_table import Programme
from .shopper import LOT_MONTHS, NEVER, Shopper

LOTS = 12


@mechanic
def day_of_expiry(p: Programme, m: Market, day: int, days: int) -> int:
    """Return the day on which points earned on `day` are gone: the one after the last on which they can be used.

    They live for `days`, or by the programme where that is 0; NEVER, if it lets points live for ever.
    """
    if days > 0:
        return day + days + 1
    if p.expiry_days > 0:
        return day + p.expiry_days + 1
    if p.exact_months == 0:
        return NEVER
    return last_day_after_months(day, p.exact_months, 0, m) + 1


@mechanic
def add_lot(c: Card, p: Programme, m: Market, points: int, day: int, days: int) -> None:
    """Add points that were earned on `day` and live for `days` (0: as the programme says), where they belong."""
    insert_lot(c, points, min(day_of_expiry(p, m, day, days), NEVER), m.month)


@mechanic
def insert_lot(c: Card, points: int, gone: int, month: int) -> None:
    """Keep the lots in the order of their expiry, never last; those that expire on the same day are one lot, out of
    which the ring gives the oldest points first.
    """
    place = 0
    while place < LOTS and c.lot_points[place] > 0 and c.lot_days[place] <= gone:
        place += 1
    if place > 0 and c.lot_days[place - 1] == gone:
        c.lot_points[place - 1] += points
        return
    if c.lot_points[LOTS - 1] > 0:  # full: the last lot and the new one become one
        last = LOTS - 1
        c.lot_points[last] += points
        c.lot_days[last] = max(c.lot_days[last], gone)
        return
    for later in range(LOTS - 1, place, -1):
        c.lot_points[later], c.lot_days[later], c.lot_months[later] = (
            c.lot_points[later - 1],
            c.lot_days[later - 1],
            c.lot_months[later - 1],
        )
    c.lot_points[place], c.lot_days[place], c.lot_months[place] = points, gone, month


@card_mechanic
def spend_day_lots(s: Shopper, c: Card, m: Market, points: int) -> None:
    """Take points from the lots in their order, and the same points from the ring."""
    s.points_balance -= points
    while points > 0 and c.lot_points[0] > 0:
        taken = min(points, c.lot_points[0])
        take_from_ring(s, m, taken, c.lot_months[0])
        c.lot_points[0] -= taken
        points -= taken
        if c.lot_points[0] == 0:
            drop_first_lot(c)
    if points > 0:
        take_from_ring(s, m, points, m.month - LOT_MONTHS + 1)


@mechanic
def expire_day_lots(s: Shopper, c: Card, m: Market, day: int) -> int:
    """Take away the lots that are gone by `day`; return their points."""
    gone = 0
    if c.lot_points[0] == 0 or c.lot_days[0] > day:
        return gone
    for age in range(LOT_MONTHS):
        m.expired_by_age[age] += s.lots[lot_of(m.month - age)]
    while c.lot_points[0] > 0 and c.lot_days[0] <= day:
        gone += c.lot_points[0]
        take_from_ring(s, m, c.lot_points[0], c.lot_months[0])
        drop_first_lot(c)
    for age in range(LOT_MONTHS):
        m.expired_by_age[age] -= s.lots[lot_of(m.month - age)]
    s.points_balance -= gone
    return gone


@mechanic
def drop_first_lot(c: Card) -> None:
    """Move all lots one place up."""
    for place in range(LOTS - 1):
        c.lot_points[place], c.lot_days[place], c.lot_months[place] = (
            c.lot_points[place + 1],
            c.lot_days[place + 1],
            c.lot_months[place + 1],
        )
    c.lot_points[LOTS - 1] = 0


@mechanic
def take_from_ring(s: Shopper, m: Market, points: int, month: int) -> None:
    """Take points from the ring: from the month's lot first, then from the oldest on."""
    month = max(month, m.month - LOT_MONTHS + 1)
    taken = min(points, s.lots[lot_of(month)])
    s.lots[lot_of(month)] -= taken
    points -= taken
    age = LOT_MONTHS - 1
    while points > 0:
        taken = min(points, s.lots[lot_of(m.month - age)])
        s.lots[lot_of(m.month - age)] -= taken
        points -= taken
        age -= 1


@mechanic
def date_lots(s: Shopper, c: Card, p: Programme, m: Market, day: int) -> None:
    """Give the balance that a new policy takes over its days: as if earned on the last day of each lot's month.

    `day` is the first of a month.
    """
    for place in range(LOTS):
        c.lot_points[place] = 0
    for back in range(1, LOT_MONTHS + 1):
        points = s.lots[lot_of(m.month - back)]
        if points > 0:
            earned = last_day_after_months(day - 1, 1 - back, 1, m)
            insert_lot(c, points, min(NEVER, day_of_expiry(p, m, earned, 0)), m.month - back)
