"""What is worth knowing of a log's sales: anonymous ones, returns, amounts of nothing, days without any.

Serves `observations.py`. `sales` is the view of the trips in the log's currency.
"""

from __future__ import annotations

import datetime

from ..calibration.log_table import MOST_EXAMPLES
from .database import LogDatabase
from .manifest import LogManifest
from .notices import Notice, Window, counted, examples_of

CLOSED_SHARE = 0.9
"""A weekday on which this share of days has no sale is taken as one on which the shop is closed."""


def anonymous_sales(database: LogDatabase, _: LogManifest, __: Window) -> list[Notice]:
    """Tell the share of sales without a customer."""
    row = database.row("""
        SELECT count(*) AS rows, count(*) FILTER (customer_id IS NULL) AS nameless,
               coalesce(sum(net_amount), 0) AS net,
               coalesce(sum(net_amount) FILTER (customer_id IS NULL), 0) AS nameless_net
        FROM sales WHERE NOT is_return""")
    if not row["nameless"]:
        return []
    share = row["nameless"] / row["rows"]
    of_sales = f" and {row['nameless_net'] / row['net']:.1%} of net sales" if row["net"] > 0 else ""
    sales = counted(row["nameless"], "sale")
    message = f"{sales} without customer_id ({share:.1%}{of_sales}): they count in totals only"
    if share > 0.5:
        message += "; what is learnt holds for the customers who are known, the smaller part"
    return [Notice("anonymous", message)]


def returns(database: LogDatabase, _: LogManifest, __: Window) -> list[Notice]:
    """Tell the size of returns."""
    row = database.row("""
        SELECT count(*) FILTER (is_return) AS returns, count(*) AS rows,
               coalesce(-sum(net_amount) FILTER (is_return), 0) AS back,
               coalesce(sum(net_amount) FILTER (NOT is_return), 0) AS sold FROM sales""")
    if not row["returns"]:
        return []
    share = f", {row['back'] / row['sold']:.1%} of what was sold" if row["sold"] > 0 else ""
    rows = counted(row["returns"], "return")
    message = f"{rows} ({row['returns'] / row['rows']:.1%}), worth {row['back'] / 100:,.2f}"
    return [Notice("returns", f"{message}{share}: no visits")]


def returns_without_a_sale(database: LogDatabase, _: LogManifest, __: Window) -> list[Notice]:
    """Tell returns that exceed all that the customer had bought by then, to a cent."""
    if not database.value("SELECT count(*) FROM sales WHERE is_return AND customer_id IS NOT NULL"):
        return []
    database.execute("""
        CREATE OR REPLACE TEMP TABLE unsold AS
        SELECT place, day, net_amount / 100 AS net, hashed(customer_id) AS customer FROM (
            SELECT place, day, net_amount, customer_id, is_return, sum(net_amount) OVER (
                PARTITION BY customer_id ORDER BY day, is_return, place ROWS UNBOUNDED PRECEDING) AS balance
            FROM sales WHERE customer_id IN (SELECT customer_id FROM sales WHERE is_return AND customer_id IS NOT NULL)
        ) WHERE is_return AND balance < 0""")
    count = int(database.value("SELECT count(*) FROM unsold"))
    examples = examples_of(
        database, "SELECT * FROM unsold ORDER BY place", "{at} net_amount: {net:.2f} on {day} of customer {customer}"
    )
    database.execute("DROP TABLE unsold")
    if not count:
        return []
    message = f"{counted(count, 'return exceeds', 'returns exceed')} all that the customer had bought by then"
    return [Notice("returns without a sale", message, examples)]


def negative_sales(database: LogDatabase, _: LogManifest, __: Window) -> list[Notice]:
    """Tell sales of nothing and below nothing, which are visits without spend."""
    row = database.row("""
        SELECT count(*) FILTER (net_amount < 0) AS negative, count(*) FILTER (net_amount = 0) AS nothing
        FROM sales WHERE NOT is_return""")
    notices = []
    if row["negative"]:
        sales = counted(row["negative"], "sale")
        message = f"{sales} of a negative amount and no return: visits of 0"
        notices.append(Notice("negative sales", message))
    if row["nothing"]:
        message = f"{counted(row['nothing'], 'sale')} of 0: visits, left out of the spend model"
        notices.append(Notice("sales of nothing", message))
    return notices


def days_without_sales(database: LogDatabase, manifest: LogManifest, window: Window) -> list[Notice]:
    """Tell runs of days without a sale that are neither a known outage nor a weekday on which the shop is closed."""
    sold = {row["day"] for row in database.rows("SELECT DISTINCT day FROM sales WHERE NOT is_return")}
    every = [window.first + datetime.timedelta(days=day) for day in range(window.days)]
    notices = []
    closed = set()
    for weekday in range(7):
        own = [day for day in every if day.weekday() == weekday]
        if len(own) >= 4 and sum(day not in sold for day in own) >= CLOSED_SHARE * len(own):
            closed.add(weekday)
    if 0 < len(closed) < 7:
        names = ", ".join(f"{datetime.date(2024, 1, 1 + weekday):%A}s" for weekday in sorted(closed))
        notices.append(Notice("closed weekdays", f"the shop seems to be closed on {names}"))
    known = {
        outage.start + datetime.timedelta(days=day)
        for outage in manifest.outages
        for day in range((outage.end - outage.start).days + 1)
    }
    runs = _runs([day for day in every if day not in sold and day not in known and day.weekday() not in closed])
    if runs:
        days = sum((last - first).days + 1 for first, last in runs)
        message = (
            f"{counted(days, 'day')} without a sale in {counted(len(runs), 'gap')}, no known outage: a shop that was "
            "closed, or rows that are missing (write them into the manifest, outages)"
        )
        longest = sorted(runs, key=lambda run: run[0] - run[1])[:MOST_EXAMPLES]
        told = tuple(f"{first}" if first == last else f"{first} to {last}" for first, last in sorted(longest))
        notices.append(Notice("days without sales", message, told))
    busy = sorted(known & sold)
    if busy:
        message = f"{counted(len(busy), 'day')} of known outages with sales, the first {busy[0]}"
        notices.append(Notice("sales in an outage", message))
    return notices


def _runs(days: list[datetime.date]) -> list[tuple[datetime.date, datetime.date]]:
    """Return days in order as runs of days that follow each other."""
    runs: list[tuple[datetime.date, datetime.date]] = []
    for day in days:
        if runs and (day - runs[-1][1]).days == 1:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs
