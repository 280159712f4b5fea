"""The tables of an imported log: customers hashed, money in one currency, rows in order, nothing personal or unknown.

Serves the import. What is written is what `RetailLog` promises.
"""

from __future__ import annotations

from pathlib import Path

from .checking import parts_of_gross
from .checks import PARTS
from .currencies import CurrencyPlan
from .database import LogDatabase, quoted
from .schema import DAY_OF_MOMENT, Column
from .staging import StagedTable

GROUP_ROWS = 122_880
"""Rows of a group in the Parquet files."""


def define_sales(database: LogDatabase, plan: CurrencyPlan) -> None:
    """Define the view `sales`: trips of the log's currency with every amount, still with the source's ids and places.

    Where a part of the gross identity is missing it is worked out from the others.
    """
    trips = database.tables["trips"]
    money = [column.name for column in trips.table.columns if column.kind == "money" and trips.has(column.name)]
    chosen = {name: f"CAST(round_even({name} * ({plan.rate}), 0) AS BIGINT)" if plan.rate else name for name in money}
    parts = parts_of_gross(database)
    chosen |= {part: f"coalesce({chosen[part]}, 0)" for part in parts}
    if parts:
        summed = " + ".join((chosen["net_amount"], *(chosen[part] for part in parts)))
        has_own = trips.has("gross_amount") and not plan.rate  # conversion rounds each amount on its own
        chosen["gross_amount"] = f"coalesce(gross_amount, {summed})" if has_own else summed
    elif trips.has("gross_amount"):
        chosen["discount_amount"] = f"{chosen['gross_amount']} - {chosen['net_amount']}"
    plain = ["place", "customer_id", "trip_id", "day", "is_return"]
    plain += ["timestamp"] * trips.has_times
    plain += [name for name in ("store_id", "channel") if trips.has(name)]
    listed = ", ".join([*plain, *(f"{expression} AS {name}" for name, expression in chosen.items())])
    where = f"WHERE {plan.keep}" if plan.keep else ""
    database.execute(f"CREATE VIEW sales AS SELECT {listed} FROM trips {where}")
    database.sales_money = ("net_amount", *[n for n in ("gross_amount", *PARTS) if n in chosen])


def write_table(
    database: LogDatabase, staged: StagedTable, folder: Path, plan: CurrencyPlan, *, some_left: bool
) -> int:
    """Write an imported table; return its rows. With `some_left`, rows of customers in `left_out` stay away."""
    path = folder / f"{staged.name}.parquet"
    query = _trips_query(database) if staged.name == "trips" else _query(database, staged, plan)
    if some_left and staged.has("customer_id"):
        query += " ANTI JOIN left_out USING (customer_id)"
    whole = f"SELECT * EXCLUDE (customer_id), hashed(customer_id) AS customer_id FROM ({query})"
    if not staged.has("customer_id"):
        whole = query
    columns = ", ".join(_columns_in_order(database, staged))
    order = ", ".join(f'"{name}"' for name in staged.table.order if name != "trip_id" or staged.name != "redemptions")
    options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {GROUP_ROWS}"
    database.execute(f"COPY (SELECT {columns} FROM ({whole}) ORDER BY {order}) TO {quoted(path)} ({options})")
    return int(database.value(f"SELECT count(*) FROM read_parquet({quoted(path)})"))


def _trips_query(_: LogDatabase) -> str:
    return "SELECT * EXCLUDE (place) FROM sales"


def _query(database: LogDatabase, staged: StagedTable, plan: CurrencyPlan) -> str:
    """Return the query for a table other than trips: kept receipts only, and their currency's amounts."""
    by_trip = staged.name == "lines" or (staged.name == "redemptions" and staged.has("trip_id"))
    if not by_trip or not (plan.keep or plan.rate):
        return f"SELECT * EXCLUDE (place) FROM {staged.name}"
    money = [column.name for column in staged.table.columns if column.kind == "money" and staged.has(column.name)]
    replaced = ", ".join(f"CAST(round_even({name} * coalesce(rate, 1.0), 0) AS BIGINT) AS {name}" for name in money)
    trips = f"SELECT trip_id, {plan.rate or '1.0'} AS rate FROM trips WHERE {plan.keep or 'true'}"
    kept = "" if staged.name == "lines" else "WHERE trip_id IS NULL OR rate IS NOT NULL"
    join = "JOIN" if staged.name == "lines" else "LEFT JOIN"
    change = f" REPLACE ({replaced})" if replaced else ""
    return (
        f"SELECT * EXCLUDE (rate) FROM (SELECT * EXCLUDE (place){change} FROM {staged.name} "
        f"{join} ({trips}) USING (trip_id) {kept})"
    )


def _columns_in_order(database: LogDatabase, staged: StagedTable) -> list[str]:
    """Return the imported columns in the order of the schema, each moment with its day before it."""
    found: list[str] = []
    for column in staged.table.columns:
        found += _columns_of(column, database, staged)
    return [f'"{name}"' for name in found]


def _columns_of(column: Column, database: LogDatabase, staged: StagedTable) -> list[str]:
    is_trips = staged.name == "trips"
    always = is_trips and column.name in ("trip_id", "is_return", *database.sales_money)
    always |= column.name == "control"
    if not column.kept or not (staged.has(column.name) or always):
        return []
    if column.kind == "moment":
        return [DAY_OF_MOMENT[column.name], *([column.name] if staged.has_times else [])]
    return [column.name]
