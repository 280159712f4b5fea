"""Members' histories as the purchase models see them: from the dates and counts of a member file.

Serves the posterior draws. Where the file knows a whole life (first order and lifetime orders, or a first order within
the last 12 months), all of it counts. Else the last 12 months count as they are, of somebody who had lived on until
then; and of who did not order in them, the silence since the last order.
"""

from __future__ import annotations

import numpy as np

from memberlab.scenarios import Members

from .member_posterior import Floats, History

DAYS_A_WEEK = 7.0


def histories(members: Members) -> History:
    """Return one row a member, in weeks."""
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
    return History(
        orders=known.astype(np.float64),
        recency=recency / DAYS_A_WEEK,
        age=(as_of - beginning) / DAYS_A_WEEK,
        lived=before / DAYS_A_WEEK,
    )


def spend_known(members: Members) -> tuple[Floats, Floats]:
    """Return orders and what was paid for their goods (cents), the most that the file knows; 0 where it knows neither."""
    whole = (members.lifetime_orders > 0) & (members.lifetime_spend >= 0)
    orders = np.where(whole, members.lifetime_orders, members.orders_last_12_months)
    total = np.where(whole, members.lifetime_spend, members.spend_last_12_months)
    known = (orders > 0) & (total > 0)
    return np.where(known, orders, 0).astype(np.float64), np.where(known, total, 0).astype(np.float64)
