"""What is worth knowing of a log's tables beside each other: lines that miss, strangers, late redemptions.

Serves `observations.py`. `sales` is the view of the trips in the log's currency.
"""

from __future__ import annotations

from .database import LogDatabase
from .manifest import LogManifest
from .notices import Notice, Window, counted


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
        notices.append(Notice("lines", f"{row['bare']:,} of {counted(row['trips'], 'receipt')} without lines"))
    if row["odd"]:
        message = f"{row['odd']:,} of {counted(row['trips'], 'receipt')} not within a cent of the sum of their lines"
        notices.append(Notice("lines", message))
    return notices


def strangers(database: LogDatabase, _: LogManifest, __: Window) -> list[Notice]:
    """Tell customers who stand in one table and not in another."""
    notices = []
    buyers = "(SELECT DISTINCT customer_id FROM sales WHERE customer_id IS NOT NULL)"
    if database.has("customers"):
        count = database.value(f"SELECT count(*) FROM {buyers} ANTI JOIN customers USING (customer_id)")
        if count:
            notices.append(Notice("strangers", f"{counted(count, 'customer')} with sales, not in the table customers"))
    elif database.has("exposures"):
        count = database.value(
            f"SELECT count(DISTINCT customer_id) FROM exposures ANTI JOIN {buyers} USING (customer_id)"
        )
        if count:
            message = (
                f"{counted(count, 'exposed customer')} without a sale; without a table customers nothing tells whether "
                "they are customers at all"
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
    message = f"{counted(count, 'redemption')} outside the days of the offer"
    return [Notice("late redemptions", message)] if count else []
