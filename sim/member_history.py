"""Members' histories as the purchase models see them: from the dates and counts of a member file.

Serves the posterior draws. Where the file knows a whole life (first order and lifetime orders, or a first order within
the last 12 months), all of it counts. Else the last 12 months count as they are, of somebody who had lived on until
then; and of who did not order in them, the silence since the last order. Weeks are counted as the season makes them: a
week of silence before Christmas tells more than one in spring.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from memberlab.scenarios import Members

from .calendar import MONTH_NAMES
from .member_posterior import Floats, History

DAYS_A_WEEK = 7.0

EPOCH = 719_163
"""Ordinal of 1 January 1970."""


def histories(members: Members, season: Mapping[str, Decimal]) -> History:
    """Return one row a member, in weeks, each by the liveliness of its month in the `season`."""
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
    weeks = season_weeks(season, beginning)
    return History(
        orders=known.astype(np.float64),
        recency=season_weeks(season, beginning + recency) - weeks,
        age=season_weeks(season, np.full(len(members), as_of)) - weeks,
        lived=before / DAYS_A_WEEK,
    )


def season_weeks(season: Mapping[str, Decimal], ordinals: NDArray[np.int64]) -> Floats:
    """Return the weeks from 1 January 1900 to days given as ordinals, each day by the multiplier of its month."""
    first = np.datetime64("1900-01", "M")
    months = np.arange(first, np.datetime64("2201-01", "M"))
    starts = months.astype("datetime64[D]").astype(np.int64) + EPOCH
    levels = np.array([float(season.get(name, 1)) for name in MONTH_NAMES])[np.arange(len(months)) % 12]
    weeks = np.concatenate([[0.0], np.cumsum(np.diff(starts) * levels[:-1])]) / DAYS_A_WEEK
    return np.asarray(np.interp(ordinals, starts, weeks))


def spend_known(members: Members) -> tuple[Floats, Floats]:
    """Return orders and what was paid for their goods (cents), as much as the file knows; 0 where it knows neither."""
    whole = (members.lifetime_orders > 0) & (members.lifetime_spend >= 0)
    orders = np.where(whole, members.lifetime_orders, members.orders_last_12_months)
    total = np.where(whole, members.lifetime_spend, members.spend_last_12_months)
    known = (orders > 0) & (total > 0)
    return np.where(known, orders, 0).astype(np.float64), np.where(known, total, 0).astype(np.float64)
