"""Rows of trips that stand twice, in a log without receipt numbers: an error of the export, or two equal receipts.

Serves the import, by the same rule as `memberlab calibrate` on a single file: with a time of day a double is an error;
with days alone doubles may be a small part of a customer's further receipts on one day.
"""

from __future__ import annotations

from ..calibration.log_checks import MOST_IDENTICAL_OF_SAME_DAY
from ..calibration.log_table import MOST_EXAMPLES
from ..calibration.transaction_log import IdenticalRows
from .database import LogDatabase
from .faults import Faults
from .notices import Notice, counted


def settle_identical_rows(database: LogDatabase, choice: IdenticalRows, faults: Faults) -> list[Notice]:
    """Add doubled rows to `faults`, or return the notice of what is done with them: kept, or left out of `trips`."""
    trips = database.tables["trips"]
    if trips.has("trip_id"):
        return []
    columns = ", ".join(name for name in trips.columns if name != "timestamp")
    columns += ", day" + (", timestamp" if trips.has_times else "")
    database.execute(f"""
        CREATE OR REPLACE TEMP TABLE doubles AS
        SELECT place FROM trips JOIN (
            SELECT {columns}, min(place) AS first FROM trips WHERE customer_id IS NOT NULL
            GROUP BY ALL HAVING count(*) > 1
        ) AS twice USING (customer_id, day, net_amount) WHERE place > first AND {_same(trips.columns)}""")
    count = int(database.value("SELECT count(*) FROM doubles"))
    if not count:
        return []
    if choice == "drop":
        database.execute(
            "CREATE OR REPLACE TEMP TABLE every_trip AS SELECT * FROM trips ANTI JOIN doubles USING (place)"
        )
        database.execute("CREATE OR REPLACE VIEW trips AS SELECT * FROM every_trip")
        return [Notice("identical rows", f"{counted(count, 'row')} left out that stood twice")]
    same_day = int(
        database.value("""
        SELECT coalesce(sum(trips - 1), 0) FROM (
            SELECT count(*) AS trips FROM trips WHERE customer_id IS NOT NULL GROUP BY customer_id, day)""")
    )
    share = count / max(same_day, 1)
    chance = not trips.has_times and share <= MOST_IDENTICAL_OF_SAME_DAY
    if choice == "keep" or chance:
        message = (
            f"{counted(count, 'row')} identical to another, {share:.0%} of the {same_day:,} further receipts on a day: "
            "taken as equal receipts"
        )
        return [Notice("identical rows", message)]
    why = (
        "the same customer, time and amount"
        if trips.has_times
        else f"{share:.0%} of the {same_day:,} further rows of a customer on one day are identical, more than chance"
    )
    message = f"the row stands twice ({why}); remove it, add a trip_id column, or give --identical-rows keep or drop"
    places = [int(row["place"]) for row in database.rows(f"SELECT place FROM doubles ORDER BY 1 LIMIT {MOST_EXAMPLES}")]
    source = trips.source
    faults.add(source.file, "", "stand twice", count, places, lambda _: message, has_lines=source.has_lines)
    return []


def _same(columns: tuple[str, ...]) -> str:
    others = [name for name in columns if name not in ("customer_id", "net_amount", "timestamp")]
    return " AND ".join([f"trips.{name} IS NOT DISTINCT FROM twice.{name}" for name in others] or ["true"])
