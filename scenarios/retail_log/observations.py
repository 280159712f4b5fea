"""What is worth knowing of a sound log: noticed by the import, told in the data report, and no reason to refuse.

Serves whoever will trust a fit to the log. Each observation is a function of the database that returns notices; `sales`
is the view of the trips in the log's currency.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..calibration.log_table import MOST_EXAMPLES
from .database import LogDatabase
from .manifest import ImportRecord, LogManifest

SHARED_DAYS, SHARED_TRIPS = 5, 5
"""A card looks shared when it has more than 5 receipts on each of 5 days or more ..."""

SHARED_TIMES = 4
"""... or more receipts than 4 times the 99th percentile of customers, and at least one on two days of three."""

FEWEST_CUSTOMERS = 50
"""Customers below which no tail is told from the rest."""

WHOLESALE_POWER = 3
"""A customer is wholesale when sales exceed median x (90th percentile / median)^3: for a log-normal spread 3.8 standard
deviations above the median, which 6 of 100,000 pass by chance.
"""

CLOSED_SHARE = 0.9
"""A weekday on which this share of days has no sale is taken as one on which the shop is closed."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One observation: which check made it, the sentence, and examples by place and hashed customer."""

    check: str
    message: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """First and last day of a log."""

    first: datetime.date
    last: datetime.date

    @property
    def days(self) -> int:
        """Length, days."""
        return (self.last - self.first).days + 1


def observe(database: LogDatabase, manifest: LogManifest, window: Window) -> list[Notice]:
    """Return everything that is worth knowing of the log, in the order of the data report."""
    observations: tuple[Callable[[LogDatabase, LogManifest, Window], list[Notice]], ...] = (
        anonymous_sales,
        returns,
        returns_without_a_sale,
        negative_sales,
        days_without_sales,
        shared_cards,
        short_windows,
        wholesale,
        receipts_that_lines_miss,
        strangers,
        late_redemptions,
    )
    return [notice for observation in observations for notice in observation(database, manifest, window)]


def _examples(database: LogDatabase, query: str, text: str) -> tuple[str, ...]:
    source = database.tables["trips"].source
    rows = database.rows(f"{query} LIMIT {MOST_EXAMPLES}")
    where = f"{source.file}:" if source.has_lines else f"{source.file} row "
    return tuple(text.format(at=f"{where}{row['place']}" if "place" in row else "", **row) for row in rows)


def anonymous_sales(database: LogDatabase, _: LogManifest, __: Window) -> list[Notice]:
    """Tell the share of sales without a customer."""
    row = database.row("""
        SELECT count(*) AS rows, count(*) FILTER (customer_id IS NULL) AS nameless,
               coalesce(sum(net_amount), 0) AS net,
               coalesce(sum(net_amount) FILTER (customer_id IS NULL), 0) AS nameless_net FROM sales""")
    if not row["nameless"]:
        return []
    share = row["nameless"] / row["rows"]
    of_sales = f" and {row['nameless_net'] / row['net']:.1%} of net sales" if row["net"] > 0 else ""
    message = f"{row['nameless']:,} sales ({share:.1%}{of_sales}) have no customer_id and count in totals only"
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
    message = f"{row['returns']:,} rows ({row['returns'] / row['rows']:.1%}) are returns of {row['back'] / 100:,.2f}"
    return [Notice("returns", f"{message}{share}; they are no visits")]


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
    examples = _examples(
        database, "SELECT * FROM unsold ORDER BY place", "{at} net_amount: {net:.2f} on {day} of customer {customer}"
    )
    database.execute("DROP TABLE unsold")
    if not count:
        return []
    message = f"{count:,} returns exceed all that the customer had bought in the log by then: returns without a sale"
    return [Notice("returns without a sale", message, examples)]


def negative_sales(database: LogDatabase, _: LogManifest, __: Window) -> list[Notice]:
    """Tell sales of nothing and below nothing, which are visits without spend."""
    row = database.row("""
        SELECT count(*) FILTER (net_amount < 0) AS negative, count(*) FILTER (net_amount = 0) AS nothing
        FROM sales WHERE NOT is_return""")
    notices = []
    if row["negative"]:
        message = f"{row['negative']:,} sales that are no returns have a negative amount; they count as visits of 0"
        notices.append(Notice("negative sales", message))
    if row["nothing"]:
        message = f"{row['nothing']:,} sales are of 0: they count as visits and are left out of the spend model"
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
            f"{days:,} days in {len(runs):,} gaps have no sale and are no known outage: a shop that was closed, or "
            "rows that are missing (write them into the manifest, outages)"
        )
        longest = sorted(runs, key=lambda run: run[0] - run[1])[:MOST_EXAMPLES]
        told = tuple(f"{first}" if first == last else f"{first} to {last}" for first, last in sorted(longest))
        notices.append(Notice("days without sales", message, told))
    busy = sorted(known & sold)
    if busy:
        message = f"{len(busy):,} days of known outages have sales, the first {busy[0]}"
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


def shared_cards(database: LogDatabase, _: LogManifest, window: Window) -> list[Notice]:
    """Tell customers who shop more often than a household can: a staff card, or one that lies at the till."""
    database.execute(f"""
        CREATE OR REPLACE TEMP TABLE cards AS
        SELECT customer_id, sum(trips) AS trips, count(*) AS days, max(trips) AS most,
               count(*) FILTER (trips > {SHARED_TRIPS}) AS busy
        FROM (SELECT customer_id, day, count(*) AS trips FROM sales
              WHERE customer_id IS NOT NULL AND NOT is_return GROUP BY ALL) GROUP BY customer_id""")
    row = database.row("SELECT count(*) AS customers, quantile_disc(trips, 0.99) AS high FROM cards")
    usual = f"trips > {SHARED_TIMES} * {row['high'] or 0} AND trips > {2 * window.days / 3}"
    if row["customers"] < FEWEST_CUSTOMERS:
        usual = "false"
    where = f"busy >= {SHARED_DAYS} OR ({usual})"
    found = database.row(f"SELECT count(*) AS cards, sum(trips) AS trips FROM cards WHERE {where}")
    examples = _examples(
        database,
        f"SELECT hashed(customer_id) AS customer, trips, days, most FROM cards WHERE {where} ORDER BY trips DESC, 1",
        "customer {customer}: {trips:,} receipts on {days:,} days, up to {most:,} a day",
    )
    database.execute("DROP TABLE cards")
    if not found["cards"]:
        return []
    message = f"{found['cards']:,} ids with {found['trips']:,} receipts look like a shared or staff card"
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
    examples = _examples(
        database,
        "SELECT hashed(customer_id) AS customer, net / 100 AS net, "
        "100 * net / (SELECT sum(net) FROM spenders) AS share FROM wholesale ORDER BY net DESC, 1",
        "customer {customer}: {net:,.2f}, {share:.2f} % of sales",
    )
    message = (
        f"{row['found']:,} customers ({row['found'] / row['all_of_them']:.2%}) have {row['net'] / row['total']:.1%} of "
        "sales, far beyond the spread of the others: wholesale, or a till's own card (--leave-out-wholesale leaves "
        "them out)"
    )
    return [Notice("wholesale", message, examples)]


def receipts_that_lines_miss(database: LogDatabase, _: LogManifest, __: Window) -> list[Notice]:
    """Tell receipts whose lines do not add up to their net amount, or that have none."""
    if not (database.has("lines") and database.has("trips", "trip_id")):
        return []
    row = database.row("""
        SELECT count(*) AS trips, count(*) FILTER (lines IS NULL) AS bare,
               count(*) FILTER (abs(lines - net_amount) > 1 AND lines IS NOT NULL) AS odd
        FROM trips LEFT JOIN (SELECT trip_id, sum(net_amount) AS lines FROM lines GROUP BY trip_id) USING (trip_id)""")
    notices = []
    if row["bare"]:
        notices.append(Notice("lines", f"{row['bare']:,} of {row['trips']:,} receipts have no lines"))
    if row["odd"]:
        message = f"{row['odd']:,} of {row['trips']:,} receipts differ from the sum of their lines by more than a cent"
        notices.append(Notice("lines", message))
    return notices


def strangers(database: LogDatabase, _: LogManifest, __: Window) -> list[Notice]:
    """Tell customers who stand in one table and not in another."""
    notices = []
    buyers = "(SELECT DISTINCT customer_id FROM sales WHERE customer_id IS NOT NULL)"
    if database.has("customers"):
        count = database.value(f"SELECT count(*) FROM {buyers} ANTI JOIN customers USING (customer_id)")
        if count:
            notices.append(Notice("strangers", f"{count:,} customers with sales are not in the table customers"))
    elif database.has("exposures"):
        count = database.value(
            f"SELECT count(DISTINCT customer_id) FROM exposures ANTI JOIN {buyers} USING (customer_id)"
        )
        if count:
            message = (
                f"{count:,} exposed customers have no sale; without a table customers nothing tells whether they are "
                "customers at all"
            )
            notices.append(Notice("strangers", message))
    return notices


def late_redemptions(database: LogDatabase, _: LogManifest, __: Window) -> list[Notice]:
    """Tell redemptions outside the days of their offer."""
    if not database.has("redemptions"):
        return []
    count = database.value("""
        SELECT count(*) FROM redemptions JOIN offers USING (offer_id)
        WHERE redeemed_day < start OR redeemed_day > "end" """)
    return [Notice("late redemptions", f"{count:,} redemptions are outside the days of their offer")] if count else []


def written(notices: list[Notice]) -> tuple[str, ...]:
    """Return notices as sentences for the record."""
    return tuple(notice.message for notice in notices)


__all__ = ["ImportRecord", "Notice", "Window", "median_gap", "observe", "wholesale_customers", "written"]
