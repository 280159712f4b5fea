"""Expiry by the small print: longer periods, tiers that keep points longer, days, fixed dates, inactivity, reminders.

Serves the turn of the month, the office's days and the choice to pay with points, which becomes urgent as expiry comes
near.
"""

from __future__ import annotations

import math

import numpy as np

from .assumptions import Behaviour
from .at_price import at_price
from .card import PARTS, Card, note_business
from .compiled import card_mechanic, mechanic, rule
from .day_lots import LOTS, date_lots, expire_day_lots
from .keyed_random import Purpose, uniform
from .ledger import LedgerRow
from .lots import expire_lot, lot_of, merge_oldest_lots
from .market import Market
from .points_table import (
    APP,
    BY_DAY,
    BY_INACTIVITY,
    BY_MONTH,
    EMAIL,
    FOREVER,
    NO_EXPIRY,
    ON_DATES,
    RESET_BY_REDEEMING,
)  # fmt: skip
from .programme_table import Programme
from .shopper import LAPSED, LOT_MONTHS, NEVER, Shopper


@mechanic
def is_period_start(m: Market, p: Programme, month: int) -> bool:
    """Return whether points expire when `month` opens: at the start of a quarter, a year or any month."""
    return (month + m.first_month) % p.expiry_period == 0


@mechanic
def months_kept(s: Shopper, p: Programme) -> int:
    """Return the full months that the shopper's tier keeps points; FOREVER or more if they never expire."""
    return p.expiry_months + p.expiry_extension[s.tier]


@mechanic
def expire_periods(s: Shopper, p: Programme, m: Market, row: LedgerRow) -> None:
    """Expire the lots whose time is over as a month opens; a lot of month m lives n full months and to the end of the
    period.

    Points too old for the ring have reached their 25th month in a tier that keeps them for ever: they join the next
    oldest lot. Lots brought along at a cut-over may keep their old rule for a while.
    """
    if m.old_points_until > m.month and m.old_points_forfeited == 0:
        for age in range(1, LOT_MONTHS + 1):
            if is_due(s, p, m, m.month, age):
                expire_lot(s, m, row, age)
        merge_oldest_lots(s, m)
    elif is_period_start(m, p, m.month) and months_kept(s, p) < FOREVER:
        for age in range(months_kept(s, p) + 1, LOT_MONTHS + 1):
            expire_lot(s, m, row, age)
    else:
        merge_oldest_lots(s, m)


@mechanic
def is_due(s: Shopper, p: Programme, m: Market, month: int, age: int) -> bool:
    """Return whether what was earned `age` months before expires as `month` opens, while old points are protected."""
    if month < m.old_points_until and month - age < m.old_points_before:
        is_start = (month + m.first_month) % m.old_expiry_period == 0
        return m.old_expiry_months < FOREVER and is_start and age > m.old_expiry_months
    return is_period_start(m, p, month) and months_kept(s, p) < FOREVER and age > months_kept(s, p)


@mechanic
def next_expiry(s: Shopper, c: Card, p: Programme, m: Market, day: int) -> int:
    """Return the day on which the next points are gone, as far as it is known today; NEVER if none are."""
    if s.points_balance == 0:
        return NEVER
    if p.expiry_kind == BY_DAY:
        return c.lot_days[0] if c.lot_points[0] > 0 else NEVER
    if p.expiry_kind == ON_DATES:
        return m.points_end if m.points_end > day else m.following_points_end
    if p.expiry_kind == BY_INACTIVITY:
        return c.idle_until if c.idle_until > 0 else NEVER
    if p.expiry_kind != NO_EXPIRY and points_going(s, c, p, m) > 0:
        return m.next_month_start
    return NEVER


@mechanic
def points_going(s: Shopper, c: Card, p: Programme, m: Market) -> int:
    """Return how many points go at the next expiry; of the kinds by month, those that go when the next month opens."""
    if p.expiry_kind == BY_DAY:
        going = 0
        for place in range(LOTS):
            if c.lot_points[place] > 0 and c.lot_days[place] == c.lot_days[0]:
                going += c.lot_points[place]
        return going
    if p.expiry_kind in (ON_DATES, BY_INACTIVITY):
        return s.points_balance
    if p.expiry_kind == BY_MONTH:
        return s.lots[lot_of(m.month - p.expiry_months)]
    going = 0
    if m.old_points_until > m.month and m.old_points_forfeited == 0:
        for age in range(LOT_MONTHS):
            if is_due(s, p, m, m.month + 1, age + 1):
                going += s.lots[lot_of(m.month - age)]
    elif is_period_start(m, p, m.month + 1):
        for age in range(months_kept(s, p), LOT_MONTHS):
            going += s.lots[lot_of(m.month - age)]
    return going


@card_mechanic
def urgency(s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, day: int) -> float:
    """Return how much the coming expiry adds to the log odds of paying with points (behaviour reference, 2.7)."""
    gone = next_expiry(s, c, p, m, day)
    if gone == NEVER:
        return 0.0
    share = points_going(s, c, p, m) / s.points_balance
    return b.expiry_urgency * math.exp(-(gone - day) / b.expiry_horizon) * share


@card_mechanic
def note_expiry(s: Shopper, c: Card, p: Programme, m: Market, day: int) -> None:
    """Note the day of the next expiry, and that of the reminder before it, on the card."""
    if p.has_points == 0:
        return
    gone = next_expiry(s, c, p, m, day)
    if gone == NEVER:
        return
    if p.expiry_kind in (BY_DAY, ON_DATES, BY_INACTIVITY):
        note_business(c, max(day, gone))
    if p.expiry_reminder_days > 0 and c.reminded_of != gone:
        note_business(c, max(day + 1, gone - p.expiry_reminder_days))


@rule
def keeps_points(s: Shopper, p: Programme) -> bool:
    """Return whether points never expire by inactivity in the shopper's tier."""
    return p.expiry_kind == BY_INACTIVITY and p.expiry_extension[s.tier] == FOREVER


@mechanic
def attend_to_expiry(
    s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, row: LedgerRow, day: int, k: np.uint64
) -> None:
    """Take away the points whose day has come, remind of those that go soon, and note the next day."""
    if p.has_points == 0:
        return
    if p.expiry_kind == BY_INACTIVITY and 0 < c.idle_until <= day and keeps_points(s, p):
        c.idle_until = day + p.expiry_days + 1  # asked again by then: the tier may be lost
    if p.expiry_kind == BY_DAY:
        row.points_expired += expire_day_lots(s, c, m, day)
    elif (p.expiry_kind == ON_DATES and day == m.points_end) or (
        p.expiry_kind == BY_INACTIVITY and 0 < c.idle_until <= day
    ):
        for age in range(LOT_MONTHS):
            expire_lot(s, m, row, age)
        c.idle_until = 0
    gone = next_expiry(s, c, p, m, day)
    ahead = p.expiry_reminder_days
    is_due = ahead > 0 and gone != NEVER and not keeps_points(s, p) and gone - ahead <= day < gone
    if is_due and c.reminded_of != gone and s.status & LAPSED == 0:
        c.reminded_of = gone
        remind(s, c, p, b, m, row, day, k)
    note_expiry(s, c, p, m, day)


@mechanic
def remind(s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, row: LedgerRow, day: int, k: np.uint64) -> None:
    """Send one reminder; some of those who get it come today (behaviour reference, 2.3; fact 45)."""
    row.reminders += 1
    cost = at_price(p.expiry_reminder_cost, m.message_prices)
    row.reminder_cost += cost
    s.margin -= cost
    s.benefit_cost += cost
    response = b.reminder_visit_sms
    if p.reminder_channel == APP:
        response = b.reminder_visit_app
    elif p.reminder_channel == EMAIL:
        response = b.reminder_visit_email
    if uniform(k, Purpose.POINTS_REMINDER) < response:
        c.prompted_day = day


@card_mechanic
def keep_alive(c: Card, p: Programme, day: int) -> None:
    """Let paying with points start the time without activity again, where it counts."""
    if p.expiry_kind == BY_INACTIVITY and p.reset_by & RESET_BY_REDEEMING:
        c.idle_until = day + p.expiry_days + 1


@card_mechanic
def take_over_points(s: Shopper, c: Card, p: Programme, m: Market, row: LedgerRow, day: int) -> None:
    """Put the balance brought forward under the rules of a new policy, from today on; without points, pending points
    are forfeited and debts forgiven.
    """
    if p.has_points == 0:
        row.points_expired += c.pending_points - c.points_debt
        c.pending_points = c.points_debt = 0
        for part in range(PARTS):
            c.pending_parts[part] = 0
    c.reminded_of = c.idle_until = 0
    if p.expiry_kind == BY_DAY:
        date_lots(s, c, p, m, day)
    else:
        for place in range(LOTS):
            c.lot_points[place] = 0
    if p.expiry_kind == BY_INACTIVITY and s.points_balance > 0:
        c.idle_until = day + p.expiry_days + 1
    note_expiry(s, c, p, m, day)
