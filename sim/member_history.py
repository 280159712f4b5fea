"""Members' histories as the purchase models see them: from the dates and counts of a member file.

Serves the posterior draws. Where the file knows a whole life (first order and lifetime orders, or a first order within
the last 12 months), all of it counts. Else the last 12 months count as they are, of somebody who had lived on until
then; and of who did not order in them, the silence since the last order. Weeks are counted as season and rhythm make
them: a week of silence before Christmas tells more than one in spring.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memberlab.scenarios import Members, Scenario

from .calendar import Calendar
from .member_posterior import Floats, History

DAYS_A_WEEK = 7.0


def histories(members: Members, liveliness: Floats) -> History:
    """Return one row a member, in weeks of usual liveliness; `liveliness` is that of the days before the as-of date,
    the last one at the end (shape: days), and their mean holds before them.
    """
    as_of = members.as_of.toordinal()
    year_ago = members.as_of.replace(year=members.as_of.year - 1).toordinal()
    last, orders, ever = members.last_order_on, members.orders_last_12_months, members.lifetime_orders
    enrolled = members.enrolled_on
    first = np.where(
        members.first_order_on > 0, members.first_order_on, np.where(last > 0, np.minimum(enrolled, last), enrolled)
    )
    has_ordered, in_year = last > 0, last >= year_ago
    counted = np.where(ever >= 0, ever, np.where((first >= year_ago) & (orders >= 0), orders, -1))
    is_whole = has_ordered & (first > 0) & (counted >= 1)
    watched = np.where(orders >= 0, orders, 1)
    beginning = np.select(
        [~has_ordered, is_whole, in_year], [np.maximum(first, np.where(first > 0, 0, year_ago)), first, year_ago], last
    )
    known = np.select([~has_ordered, is_whole, in_year], [0, counted - 1, watched], 0)
    before = np.where(is_whole | ~has_ordered | (first == 0), 0, np.maximum(0, beginning - first))
    recency = np.where(has_ordered & (known > 0), last - beginning, 0)
    begun, seen = weeks_before(as_of - beginning, liveliness), weeks_before(as_of - beginning - recency, liveliness)
    return History(orders=known.astype(np.float64), recency=begun - seen, age=begun, lived=before / DAYS_A_WEEK)


def weeks_before(days: NDArray[np.int64], liveliness: Floats) -> Floats:
    """Return the weeks of usual liveliness in the last `days` before the as-of date."""
    passed = np.concatenate([[0.0], np.cumsum(liveliness[::-1])])
    further = np.maximum(days - len(liveliness), 0) * liveliness.mean()
    return np.asarray((passed[np.minimum(days, len(liveliness))] + further) / DAYS_A_WEEK)


def liveliness_before(scenario: Scenario, calendar: Calendar, market: NDArray[np.void]) -> Floats:
    """Return how lively each day of the world was before its launch, by the season and the population's rhythm."""
    months = [calendar.season_on(start, scenario.season) for start in calendar.month_starts[: calendar.launch_month]]
    days = np.repeat(months, np.diff(calendar.month_starts[: calendar.launch_month + 1]))
    rhythm = market["rhythm_day"][0, : len(days)].astype(np.float64)
    return np.asarray(days * rhythm if market["rhythm_end"][0] > 0 else days)


def spend_known(members: Members) -> tuple[Floats, Floats]:
    """Return orders and what was paid for their goods (cents), as much as the file knows; 0 where it knows neither."""
    whole = (members.lifetime_orders > 0) & (members.lifetime_spend >= 0)
    orders = np.where(whole, members.lifetime_orders, members.orders_last_12_months)
    total = np.where(whole, members.lifetime_spend, members.spend_last_12_months)
    known = (orders > 0) & (total > 0)
    return np.where(known, orders, 0).astype(np.float64), np.where(known, total, 0).astype(np.float64)
