"""The facts of an imported log that its data report tells and draws: small, whatever the size of the log.

Serves the data report (words here and in `learnable.py`, pictures in results/).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from .manifest import LogManifest
from .schema import TABLES


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days of a log from its first day; `days` fewer at the end. Amounts in cents."""

    first: datetime.date
    days: int
    trips: int
    anonymous: int
    net: int
    returned: int
    days_without_sales: int


@dataclass(frozen=True, slots=True)
class LogFacts:
    """Counts, distributions and shares; amounts in cents, times in days."""

    trips: int
    """Sales that are no returns."""
    net: int
    """Paid for them."""
    returned: int
    """Paid back for returns."""
    customers: int
    visits: int
    """Days with a sale, over known customers."""
    weeks: tuple[Week, ...]
    visits_a_customer: dict[int, int]
    """Customers by number of visits."""
    gaps: dict[int, int]
    """Number of gaps between visits of a customer, by length in days."""
    amounts: dict[int, int]
    """Sales by amount, in steps of a tenth of a power of ten: key k is 10^(k/10) cents."""
    amount_quantiles: tuple[float, ...]
    """10th, 50th, 90th and 99th percentile of a sale."""
    weekdays: tuple[int, ...]
    """Sales by weekday, Monday first."""
    hours: tuple[int, ...]
    """Sales by hour of the day; empty without times."""
    lorenz: tuple[float, ...]
    """Share of sales of the customers who buy least, at 0 %, 1 %, ... 100 % of customers."""
    gross: int | None
    """Shelf value of the sales, where the log has it."""
    parts: dict[str, int]
    """Given away or paid by discount, coupon and points, where the log has them."""
    known_since: int | None
    """Customers with a customer_since, where the log has the column."""
    new_customers: int | None
    """Customers of those whose first purchase ever is in the log."""
    exposures: dict[str, int]
    """Exposures by who assigned them."""
    controls: int
    """Exposures of customers who were held back by chance."""
    rows: dict[str, int]
    """Rows of each table."""

    @property
    def median_gap(self) -> float | None:
        """Median time between visits of a customer, days; None without a second visit."""
        total = sum(self.gaps.values())
        if not total:
            return None
        seen = 0
        for gap in sorted(self.gaps):
            seen += self.gaps[gap]
            if 2 * seen >= total:
                return float(gap)
        return None

    @property
    def repeaters(self) -> int:
        """Customers with two visits or more."""
        return sum(count for visits, count in self.visits_a_customer.items() if visits > 1)


def log_facts(connection: duckdb.DuckDBPyConnection, folder: Path, manifest: LogManifest) -> LogFacts:
    """Return the facts of the imported tables in `folder`."""
    return _Reading(connection, folder, manifest).facts()


class _Reading:
    """Queries on the imported tables."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path, manifest: LogManifest) -> None:
        assert manifest.record is not None
        self.connection = connection
        self.record = manifest.record
        for name in TABLES:
            if name in self.record.tables:
                path = str(folder / f"{name}.parquet").replace("'", "''")
                connection.execute(f"CREATE OR REPLACE VIEW log_{name} AS SELECT * FROM read_parquet('{path}')")
        connection.execute("""
            CREATE OR REPLACE TEMP TABLE spenders AS
            SELECT customer_id, count(DISTINCT day) AS visits, sum(net_amount) AS net FROM log_trips
            WHERE customer_id IS NOT NULL AND NOT is_return GROUP BY customer_id""")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query).fetchall()

    def counted(self, query: str) -> dict[int, int]:
        return {int(key): int(count) for key, count in self.rows(query) if key is not None}

    def has(self, table: str, column: str) -> bool:
        return table in self.record.tables and column in self.record.tables[table].columns

    def facts(self) -> LogFacts:
        (trips, net), (returned,) = (
            self.rows("SELECT count(*), coalesce(sum(net_amount), 0) FROM log_trips WHERE NOT is_return")[0],
            self.rows("SELECT coalesce(-sum(net_amount), 0) FROM log_trips WHERE is_return")[0],
        )
        visits = self.counted("SELECT visits, count(*) FROM spenders GROUP BY 1")
        weekdays = self.counted("SELECT isodow(day), count(*) FROM log_trips WHERE NOT is_return GROUP BY 1")
        quantiles = self.rows("""
            SELECT quantile_cont(net_amount, [0.1, 0.5, 0.9, 0.99]) FROM log_trips
            WHERE NOT is_return AND net_amount > 0""")[0][0]
        since, new = self._since()
        return LogFacts(
            trips=int(trips), net=int(net), returned=int(returned),
            customers=sum(visits.values()), visits=sum(number * count for number, count in visits.items()),
            weeks=self._weeks(), visits_a_customer=visits, gaps=self._gaps(),
            amounts=self.counted("""
                SELECT CAST(floor(10 * log10(net_amount)) AS INTEGER), count(*) FROM log_trips
                WHERE NOT is_return AND net_amount > 0 GROUP BY 1"""),
            amount_quantiles=tuple(float(one) for one in quantiles or ()),
            weekdays=tuple(weekdays.get(day, 0) for day in range(1, 8)), hours=self._hours(), lorenz=self._lorenz(),
            gross=self._gross(), parts=self._parts(), known_since=since, new_customers=new,
            exposures=self._exposures(), controls=self._controls(),
            rows={name: int(table.kept) for name, table in self.record.tables.items()},
        )  # fmt: skip

    def _weeks(self) -> tuple[Week, ...]:
        first, last = self.record.first_day, self.record.last_day
        found = {
            int(row[0]): row[1:]
            for row in self.rows(f"""
                SELECT date_diff('day', DATE '{first}', day) // 7 AS week, count(*) FILTER (NOT is_return),
                       count(*) FILTER (customer_id IS NULL AND NOT is_return),
                       coalesce(sum(net_amount) FILTER (NOT is_return), 0),
                       coalesce(-sum(net_amount) FILTER (is_return), 0),
                       count(DISTINCT day) FILTER (NOT is_return)
                FROM log_trips GROUP BY 1""")
        }
        weeks = []
        for week in range(((last - first).days // 7) + 1):
            start = first + datetime.timedelta(days=7 * week)
            days = min(7, (last - start).days + 1)
            trips, anonymous, net, returned, open_days = (int(one) for one in found.get(week, (0, 0, 0, 0, 0)))
            weeks.append(Week(start, days, trips, anonymous, net, returned, days - open_days))
        return tuple(weeks)

    def _gaps(self) -> dict[int, int]:
        return self.counted("""
            SELECT gap, count(*) FROM (
                SELECT date_diff('day', lag(day) OVER (PARTITION BY customer_id ORDER BY day), day) AS gap
                FROM (SELECT DISTINCT customer_id, day FROM log_trips WHERE customer_id IS NOT NULL AND NOT is_return)
            ) WHERE gap IS NOT NULL GROUP BY 1""")

    def _hours(self) -> tuple[int, ...]:
        if not self.has("trips", "timestamp"):
            return ()
        hours = self.counted("SELECT hour(timestamp), count(*) FROM log_trips WHERE NOT is_return GROUP BY 1")
        return tuple(hours.get(hour, 0) for hour in range(24))

    def _lorenz(self) -> tuple[float, ...]:
        rows = self.rows("""
            SELECT percent, sum(net) FROM (
                SELECT ntile(100) OVER (ORDER BY net) AS percent, greatest(net, 0) AS net FROM spenders
            ) GROUP BY 1 ORDER BY 1""")
        total = float(sum(net for _, net in rows)) or 1.0
        shares, running = [0.0], 0.0
        for _, net in rows:
            running += float(net)
            shares.append(running / total)
        return tuple(shares)

    def _gross(self) -> int | None:
        if not self.has("trips", "gross_amount"):
            return None
        return int(self.rows("SELECT coalesce(sum(gross_amount), 0) FROM log_trips WHERE NOT is_return")[0][0])

    def _parts(self) -> dict[str, int]:
        names = ("discount_amount", "coupon_amount", "points_amount")
        present = [name for name in names if self.has("trips", name)]
        return {
            name: int(self.rows(f"SELECT coalesce(sum({name}), 0) FROM log_trips WHERE NOT is_return")[0][0])
            for name in present
        }

    def _since(self) -> tuple[int | None, int | None]:
        if not self.has("customers", "customer_since"):
            return None, None
        first = self.record.first_day
        known, new = self.rows(f"""
            SELECT count(customer_since), count(*) FILTER (customer_since >= DATE '{first}')
            FROM log_customers JOIN spenders USING (customer_id)""")[0]
        return int(known), int(new)

    def _exposures(self) -> dict[str, int]:
        if "exposures" not in self.record.tables:
            return {}
        found = self.rows("SELECT assigned_by, count(*) FROM log_exposures GROUP BY 1 ORDER BY 2 DESC")
        return {str(word): int(count) for word, count in found}

    def _controls(self) -> int:
        if "exposures" not in self.record.tables:
            return 0
        query = "SELECT count(*) FROM log_exposures WHERE control AND assigned_by = 'random'"
        return int(self.rows(query)[0][0])
