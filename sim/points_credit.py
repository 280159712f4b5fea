"""How points enter a balance by the small print: caps, pending until goods cannot come back, debts, credits.

Serves orders and activities under a policy that keeps cards. Points are issued on the day they are earned, also while
they are pending; what is owed to members is balance and pending points less debts.
"""

from __future__ import annotations

from .card import PARTS, Card, note_business
from .compiled import card_mechanic, mechanic
from .day_lots import add_lot
from .ledger import LedgerRow
from .lots import lot_of
from .market import Market
from .points_expiry import note_expiry
from .points_table import BY_DAY, BY_INACTIVITY, RESET_BY_EARNING
from .programme_table import Programme
from .rewards import turn_into_credit
from .shopper import LARGEST_HOLDING, Shopper
from .standing import note_rise


@card_mechanic
def points_allowed(s: Shopper, c: Card, p: Programme, m: Market, points: int, day: int) -> int:
    """Return how many of `points` the caps and the account leave room for today."""
    room = LARGEST_HOLDING - s.points_balance - c.pending_points
    allowed = max(0, min(points, room))
    if p.has_caps == 0:
        return allowed
    under_caps = room
    if p.cap_day > 0:
        under_caps = min(under_caps, p.cap_day - (c.earned_on_day if c.earned_day == day else 0))
    if p.cap_month > 0:
        under_caps = min(under_caps, p.cap_month - (c.earned_in_month if c.earned_month == m.month else 0))
    if p.cap_year > 0:
        under_caps = min(under_caps, p.cap_year - (c.earned_in_year if c.earned_year == calendar_year(m) else 0))
    if p.cap_lifetime > 0:
        under_caps = min(under_caps, p.cap_lifetime - c.earned_ever)
    if points > under_caps and p.refuses_excess:
        return 0
    return max(0, min(allowed, under_caps))


@mechanic
def calendar_year(m: Market) -> int:
    """Return the number of the calendar year, counted from that of the warm-up's start."""
    return (m.month + m.first_month) // 12


@card_mechanic
def count_earned(c: Card, m: Market, points: int, day: int) -> None:
    """Count points towards the caps of the running day, month, year and of life."""
    year = calendar_year(m)
    c.earned_on_day = min(LARGEST_HOLDING, points + (c.earned_on_day if c.earned_day == day else 0))
    c.earned_in_month = min(LARGEST_HOLDING, points + (c.earned_in_month if c.earned_month == m.month else 0))
    c.earned_in_year = min(LARGEST_HOLDING, points + (c.earned_in_year if c.earned_year == year else 0))
    c.earned_ever = min(LARGEST_HOLDING, c.earned_ever + points)
    c.earned_day, c.earned_month, c.earned_year = day, m.month, year


@card_mechanic
def credit_earned(s: Shopper, c: Card, p: Programme, m: Market, row: LedgerRow, points: int, day: int) -> None:
    """Issue the points that an order earned: at once, or pending first."""
    if p.has_caps:
        count_earned(c, m, points, day)
    if p.pending_days > 0:
        add_pending(c, points, day + p.pending_days)
    else:
        enter_balance(s, c, p, m, row, points, day, 0)


@mechanic
def award(s: Shopper, c: Card, p: Programme, m: Market, row: LedgerRow, points: int, day: int) -> int:
    """Issue points for something that is no order, within the caps and at once; return how many were issued.

    None are to a shopper who has not taken up the stamp card on which they are collected.
    """
    if p.keeps_cards == 0:
        issued = max(0, min(points, LARGEST_HOLDING - s.points_balance))
        s.points_balance += issued
        s.lots[lot_of(m.month)] += issued
    elif p.has_stamp_card and c.has_stamp_card == 0:
        issued = 0
    else:
        issued = points_allowed(s, c, p, m, points, day)
        row.points_capped += points - issued
        if issued > 0:
            if p.has_caps:
                count_earned(c, m, issued, day)
            enter_balance(s, c, p, m, row, issued, day, p.activity_days)
    row.points_issued += issued
    return issued


@mechanic
def add_pending(c: Card, points: int, day: int) -> None:
    """Keep points until `day`; parts are in the order of their days, and what does not fit waits with the last."""
    c.pending_points += points
    for part in range(PARTS):
        if c.pending_parts[part] == 0 or c.pending_days[part] == day or part == PARTS - 1:
            c.pending_parts[part] += points
            c.pending_days[part] = day
            break
    note_business(c, c.pending_days[0])


@mechanic
def release_pending(s: Shopper, c: Card, p: Programme, m: Market, row: LedgerRow, day: int) -> None:
    """Let the pending points whose day has come enter the balance; without a points scheme they are forfeited."""
    while c.pending_parts[0] > 0 and (c.pending_days[0] <= day or p.has_points == 0):
        points = c.pending_parts[0]
        for part in range(PARTS - 1):
            c.pending_parts[part], c.pending_days[part] = c.pending_parts[part + 1], c.pending_days[part + 1]
        c.pending_parts[PARTS - 1] = 0
        c.pending_points -= points
        if p.has_points:
            enter_balance(s, c, p, m, row, points, day, 0)
        else:
            row.points_expired += points
    if c.pending_parts[0] > 0:
        note_business(c, c.pending_days[0])


@mechanic
def take_pending(c: Card, points: int, until: int) -> int:
    """Take points back that are pending until the day `until` or later; return how many there were."""
    taken = 0
    for part in range(PARTS):
        if c.pending_parts[part] > 0 and c.pending_days[part] >= until:
            here = min(points - taken, c.pending_parts[part])
            c.pending_parts[part] -= here
            taken += here
    c.pending_points -= taken
    close_gaps(c)
    return taken


@mechanic
def close_gaps(c: Card) -> None:
    """Move the pending parts together, so that no empty one stands before another."""
    place = 0
    for part in range(PARTS):
        points, day = c.pending_parts[part], c.pending_days[part]
        c.pending_parts[part] = 0
        if points > 0:
            c.pending_parts[place], c.pending_days[place] = points, day
            place += 1


@card_mechanic
def enter_balance(
    s: Shopper, c: Card, p: Programme, m: Market, row: LedgerRow, points: int, day: int, days: int
) -> None:
    """Add points to the balance: a debt takes its part first, and a full balance may become a credit.

    They live for `days`; 0: as the programme says.
    """
    settled = min(points, c.points_debt)
    c.points_debt -= settled
    points -= settled
    if points == 0:
        return
    s.points_balance += points
    s.lots[lot_of(m.month)] += points
    if p.expiry_kind == BY_DAY:
        add_lot(c, p, m, points, day, days)
    elif p.expiry_kind == BY_INACTIVITY and (p.reset_by & RESET_BY_EARNING or c.idle_until <= day):
        c.idle_until = day + p.expiry_days + 1
    if p.automatic_points > 0:
        turn_into_credit(s, c, p, m, row, day)
    if p.counts_balance:
        note_rise(s, c, p, day)
    note_expiry(s, c, p, m, day)
