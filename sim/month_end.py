"""What is owed at the end of each month: points by lot, state and month of expiry, fees not yet earned, credits.

Serves finance, which reads statements from it. A photograph is taken on the morning after the month's last day, before
the office opens the next month; it counts, decides nothing, and is taken only where books are kept. Cents and points.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from .calendar import Calendar
from .compiled import kernel
from .membership_term import fee_earned_by
from .points_table import BY_DAY, BY_INACTIVITY, BY_MONTH, BY_PERIOD, FOREVER, ON_DATES
from .record import Int64, Record, layout
from .shopper import ENROLLED, GUEST_STATE, LOT_MONTHS, MEMBER, NEVER

TIERS = 8
AHEAD = 64
"""Places of `going`: months ahead until points are gone; the last but one is for all later, the last for never."""


class MonthEnd(Record):
    """The photograph of one month's end, and what has gone from lots during the month."""

    month: Int64  # number of the month that ends, from the start of the warm-up
    pending: Int64  # points that cannot be used yet
    debt: Int64  # points taken back beyond balances
    expired: Annotated[list[int], "i8", 26]  # in the month, by age of the lot in months
    clawed_back: Annotated[list[int], "i8", 26]  # in the month, by age of the lot in months
    converted: Annotated[list[int], "i8", 26]  # added by a conversion in the month, by age of the lot in months
    lots: Annotated[list[int], "i8", 200]  # points left, 25 ages for each of 8 tiers
    going: Annotated[list[int], "i8", 64]  # points left by month of their last day: this one first, then those ahead
    # by ledger state
    shoppers: Annotated[list[int], "i8", 17]
    points: Annotated[list[int], "i8", 17]  # owed: balance and pending points less debts
    credits: Annotated[list[int], "i8", 17]  # cents
    deferred: Annotated[list[int], "i8", 17]  # cents of fees not yet earned
    deferred_later: Annotated[list[int], "i8", 17]  # of these, what is earned only after the next 12 months


MONTH_END = layout(MonthEnd)
"""The layout of a month's end."""


def photograph(
    shoppers: NDArray[np.void], cards: NDArray[np.void], programme: NDArray[np.void], market: NDArray[np.void],
    calendar: Calendar, month: int,
) -> NDArray[np.void]:  # fmt: skip
    """Return the end of `month` (shape: 1); what has gone from lots is counted anew from here on."""
    taken = np.zeros(1, MONTH_END)
    day, later = (
        calendar.month_starts[month + 1],
        calendar.month_starts[min(month + 13, len(calendar.month_starts) - 1)],
    )
    count(shoppers, cards, taken, month, day, later)
    taken["month"] = month
    for kept in ("expired", "clawed_back", "converted"):
        taken[kept], market[f"{kept}_by_age"] = market[f"{kept}_by_age"], 0
    taken["going"] = last_months(shoppers, cards, programme[0], market[0], taken[0], calendar)
    return taken


@kernel
def count(
    shoppers: NDArray[np.void], cards: NDArray[np.void], taken: NDArray[np.void], month: int, day: int, later: int
) -> None:
    """Add up what shoppers own on the morning of `day`; fees earned from the day `later` on are not current."""
    photo = taken[0]
    keeps_cards = int(cards.shape[0] == shoppers.shape[0])
    for i in range(shoppers.shape[0]):
        s, c = shoppers[i], cards[i * keeps_cards]
        state = GUEST_STATE if s.status & ENROLLED == 0 else 2 * s.tier + (1 if s.status & MEMBER else 0)
        photo.shoppers[state] += 1
        photo.points[state] += s.points_balance
        if keeps_cards:
            photo.points[state] += c.pending_points - c.points_debt
            photo.pending += c.pending_points
            photo.debt += c.points_debt
            photo.credits[state] += c.credit
        if s.status & MEMBER:
            earned = fee_earned_by(s, c, day)
            photo.deferred[state] += s.fee_paid - earned
            photo.deferred_later[state] += s.fee_paid - max(earned, fee_earned_by(s, c, later))
        if s.points_balance > 0:
            for age in range(LOT_MONTHS):
                photo.lots[LOT_MONTHS * s.tier + age] += s.lots[(month - age + LOT_MONTHS) % LOT_MONTHS]


def last_months(
    shoppers: NDArray[np.void], cards: NDArray[np.void], p: np.void, m: np.void, photo: np.void, calendar: Calendar
) -> NDArray[np.int64]:
    """Return the points left by the month of the last day on which they can be used (shape: AHEAD).

    By the rules in force: a tier that keeps points longer is expected to be kept, and nobody to be active again.
    """
    going = np.zeros(AHEAD, np.int64)
    month, never, latest = int(photo["month"]), AHEAD - 1, AHEAD - 2
    lots = photo["lots"].reshape(TIERS, LOT_MONTHS)
    kind = int(p["expiry_kind"]) if p["has_points"] else -1
    if kind in (BY_MONTH, BY_PERIOD):
        period = max(1, int(p["expiry_period"]))
        for tier, age in np.argwhere(lots).tolist():
            kept = int(p["expiry_months"]) + (int(p["expiry_extension"][tier]) if kind == BY_PERIOD else 0)
            gone = month - age + kept + 1
            gone += -(gone + int(m["first_month"])) % period
            if kept >= FOREVER:
                gone = NEVER
            if month - age < m["old_points_before"] and month < m["old_points_until"]:
                gone = with_old_points(gone, month - age, m)
            going[never if gone >= NEVER else min(latest, max(0, gone - 1 - month))] += lots[tier, age]
    elif kind == BY_DAY:
        days, points = cards["lot_days"].ravel(), cards["lot_points"].ravel()
        add_by_last_day(going, days[points > 0], points[points > 0], calendar, month)
        going[never] += int(lots.sum()) - int(going.sum())
    elif kind == ON_DATES:
        add_by_last_day(going, np.array([m["points_end"]]), np.array([lots.sum()]), calendar, month)
    elif kind == BY_INACTIVITY:
        kept_for_ever = p["expiry_extension"][shoppers["tier"]] == FOREVER
        until = np.where(kept_for_ever | (cards["idle_until"] <= 0), NEVER, cards["idle_until"])
        add_by_last_day(going, until, shoppers["points_balance"], calendar, month)
    else:
        going[never if kind >= 0 else 0] += int(lots.sum())
    return going


def with_old_points(gone: int, earned: int, m: np.void) -> int:
    """Return the month at whose opening a lot earned in a month before the cut-over goes, which the new rule would take
    as the month `gone` opens: by the old rule while it is protected, and with the end of its notice at the latest.
    """
    until, period = int(m["old_points_until"]), max(1, int(m["old_expiry_period"]))
    if m["old_points_forfeited"]:
        return min(gone, until)
    by_old = earned + int(m["old_expiry_months"]) + 1
    by_old += -(by_old + int(m["first_month"])) % period
    return by_old if by_old < until else max(gone, until)


def add_by_last_day(
    going: NDArray[np.int64], gone: NDArray[np.integer], points: NDArray[np.integer], calendar: Calendar, month: int
) -> None:
    """Add `points` to the months that hold the day before the one on which they are `gone`."""
    months = np.searchsorted(np.array(calendar.month_starts), np.asarray(gone, np.int64) - 1, side="right") - 1
    places = np.where(np.asarray(gone) >= NEVER, AHEAD - 1, np.clip(months - month, 0, AHEAD - 2))
    np.add.at(going, places, np.asarray(points, np.int64))


def merge_month_ends(parts: list[NDArray[np.void]]) -> NDArray[np.void]:
    """Return the sum over regions of their month ends (shape: months)."""
    merged = parts[0].copy()
    for name in MONTH_END.names or ():
        if name != "month":
            merged[name] = sum(part[name] for part in parts)
    return merged
