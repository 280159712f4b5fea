"""What is worth knowing of a log's customers: shared cards, wholesale, and whether the log is long enough for them.

Serves `observations.py`. `sales` is the view of the trips in the log's currency.
"""

from __future__ import annotations

from typing import Any

from .database import LogDatabase
from .manifest import LogManifest
from .notices import Notice, Window, counted, examples_of

SHARED_DAYS, SHARED_TRIPS = 5, 5
"""A card looks shared when it has more than 5 receipts on each of 5 days or more ..."""

SHARED_TIMES = 4
"""... or more receipts than 4 times the 95th percentile of customers, and more than two on three days."""

FEWEST_CUSTOMERS = 50
"""Customers below which no tail is told from the rest."""

WHOLESALE_POWER = 3
"""A customer is wholesale when sales exceed median x (90th percentile / median)^3: for a log-normal spread 3.8 standard
deviations above the median, which 6 of 100,000 pass by chance.
"""


def shared_cards(database: LogDatabase, _: LogManifest, window: Window) -> list[Notice]:
    """Tell customers who shop more often than a household can: a staff card, or one that lies at the till."""
    database.execute(f"""
        CREATE OR REPLACE TEMP TABLE cards AS
        SELECT customer_id, sum(trips) AS trips, count(*) AS days, max(trips) AS most,
               count(*) FILTER (trips > {SHARED_TRIPS}) AS busy
        FROM (SELECT customer_id, day, count(*) AS trips FROM sales
              WHERE customer_id IS NOT NULL AND NOT is_return GROUP BY ALL) GROUP BY customer_id""")
    row = database.row("SELECT count(*) AS customers, quantile_disc(trips, 0.95) AS high FROM cards")
    usual = f"trips > {SHARED_TIMES} * {row['high'] or 0} AND trips > {2 * window.days / 3}"
    if row["customers"] < FEWEST_CUSTOMERS:
        usual = "false"
    where = f"busy >= {SHARED_DAYS} OR ({usual})"
    found = database.row(f"SELECT count(*) AS cards, sum(trips) AS trips FROM cards WHERE {where}")
    examples = examples_of(
        database,
        f"SELECT hashed(customer_id) AS customer, trips, days, most FROM cards WHERE {where} ORDER BY trips DESC, 1",
        "customer {customer}: {trips:,} receipts on {days:,} days, up to {most:,} a day",
    )
    database.execute("DROP TABLE cards")
    if not found["cards"]:
        return []
    cards = counted(found["cards"], "id looks", "ids look")
    message = f"{cards} like a shared or staff card ({counted(found['trips'], 'receipt')})"
    return [Notice("shared cards", message, examples)]


def median_gap(database: LogDatabase) -> float | None:
    """Return the median time between visits of a customer, days; None without a second visit."""
    gap = database.value("""
        SELECT median(gap) FROM (
            SELECT date_diff('day', lag(day) OVER (PARTITION BY customer_id ORDER BY day), day) AS gap
            FROM (SELECT DISTINCT customer_id, day FROM sales WHERE customer_id IS NOT NULL AND NOT is_return))""")
    return None if gap is None else float(gap)


def short_windows(database: LogDatabase, _: LogManifest, window: Window) -> list[Notice]:
    """Tell a log too short for a season, or for dropout."""
    notices = []
    if window.days < 52 * 7:
        message = f"the log covers {window.days:,} days, less than 52 weeks: season is not identified"
        notices.append(Notice("no season", message))
    gap = median_gap(database)
    if gap is None:
        notices.append(Notice("no dropout", "no customer came twice: neither frequency nor dropout is identified"))
    elif window.days < 2 * gap:
        message = (
            f"the log covers {window.days:,} days, less than twice the median time between visits ({gap:g} days): "
            "dropout is not identified"
        )
        notices.append(Notice("no dropout", message))
    return notices


def wholesale_customers(database: LogDatabase) -> int:
    """Make the table `wholesale` (customer_id, net) of customers with an extreme share of sales; return how many."""
    database.execute("""
        CREATE OR REPLACE TEMP TABLE spenders AS
        SELECT customer_id, sum(net_amount) AS net FROM sales WHERE customer_id IS NOT NULL
        GROUP BY customer_id HAVING sum(net_amount) > 0""")
    row = database.row("SELECT count(*) AS n, median(net) AS half, quantile_cont(net, 0.9) AS high FROM spenders")
    limit: Any = "NULL"
    if row["n"] >= FEWEST_CUSTOMERS and row["half"]:
        limit = float(row["half"]) * (float(row["high"]) / float(row["half"])) ** WHOLESALE_POWER
    database.execute(f"CREATE OR REPLACE TEMP TABLE wholesale AS SELECT * FROM spenders WHERE net > {limit}")
    return int(database.value("SELECT count(*) FROM wholesale"))


def wholesale(database: LogDatabase, _: LogManifest, __: Window) -> list[Notice]:
    """Tell customers whose sales are far beyond any household's."""
    if not wholesale_customers(database):
        return []
    row = database.row("""
        SELECT (SELECT count(*) FROM wholesale) AS found, (SELECT sum(net) FROM wholesale) AS net,
               (SELECT sum(net) FROM spenders) AS total, (SELECT count(*) FROM spenders) AS all_of_them""")
    examples = examples_of(
        database,
        "SELECT hashed(customer_id) AS customer, net / 100 AS net, "
        "100 * net / (SELECT sum(net) FROM spenders) AS share FROM wholesale ORDER BY net DESC, 1",
        "customer {customer}: {net:,.2f}, {share:.2f} % of sales",
    )
    message = (
        f"{counted(row['found'], 'customer has', 'customers have')} {row['net'] / row['total']:.1%} of sales,"
        " far beyond the spread of the others: wholesale, or a till's own card (--leave-out-wholesale leaves "
        "them out)"
    )
    return [Notice("wholesale", message, examples)]
