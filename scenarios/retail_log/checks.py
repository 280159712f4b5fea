"""What must hold between the rows of a log: every check of the import that refuses it, as data.

Serves the import and docs/own-data.md. A check is a query for the rows that break it; messages name line, column and
value. How a single value is read stands in `values.py`; what is only worth knowing in `observations.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

PARTS = ("discount_amount", "coupon_amount", "points_amount")
"""What lies between shelf price and payment."""


@dataclass(frozen=True, slots=True)
class Check:
    """A query for the rows that break a rule: `place` and the values that the message names."""

    name: str
    table: str
    column: str
    needs: tuple[str, ...]
    """Columns and tables without which there is nothing to check: `lines`, `trips.gross_amount`."""
    breaks: str
    """How many rows "..." the rule, for the count."""
    message: str
    """Filled with the values of a row; `{where}` is `line` or `row`."""
    query: str


CHECKS = (
    Check(
        "a receipt stands once",
        "trips", "trip_id", ("trips.trip_id",),
        "repeat a trip_id",
        "'{trip_id}' is already on {where} {first}; keep one row a receipt",
        """
        WITH twice AS (SELECT hash(trip_id) AS h FROM trips GROUP BY h HAVING count(*) > 1),
             candidates AS (SELECT trip_id, place FROM trips WHERE hash(trip_id) IN (SELECT h FROM twice)),
             firsts AS (SELECT trip_id, min(place) AS first FROM candidates GROUP BY trip_id)
        SELECT place, trip_id, first FROM candidates JOIN firsts USING (trip_id) WHERE place > first
        """,
    ),
    Check(
        "a return gives money back",
        "trips", "net_amount", ("trips.is_return",),
        "are returns with a positive amount",
        "{net:.2f} is positive on a row marked is_return; write a return as a negative amount",
        "SELECT place, net_amount / 100 AS net FROM trips WHERE is_return AND net_amount > 0",
    ),
    Check(
        "gross = net + discount + coupon + points",
        "trips", "gross_amount", ("trips.gross_amount", "parts of gross"),
        "break gross = net + discount + coupon + points",
        "{gross:.2f} is not net {net:.2f} and discounts {parts:.2f}, which make {sum:.2f}; "
        "gross = net + discount + coupon + points",
        """
        SELECT place, gross_amount / 100 AS gross, net_amount / 100 AS net, ({parts}) / 100 AS parts,
               (net_amount + {parts}) / 100 AS sum
        FROM trips WHERE abs(gross_amount - net_amount - ({parts})) > {tolerance}
        """,
    ),
    Check(
        "gross is not below net",
        "trips", "gross_amount", ("trips.gross_amount", "no parts of gross"),
        "have a shelf price below what was paid",
        "{gross:.2f} is below the net amount, {net:.2f}; gross is the shelf price of the same goods",
        """
        SELECT place, gross_amount / 100 AS gross, net_amount / 100 AS net FROM trips
        WHERE gross_amount < net_amount AND NOT is_return
        """,
    ),
    Check(
        "a sale is within the log",
        "trips", "timestamp", ("start or end",),
        "stand outside the manifest's start and end",
        "{day} is outside the log, which the manifest says runs from {start} to {end}; mend the manifest or the row",
        """
        SELECT place, day, {start} AS start, {end} AS "end" FROM trips
        WHERE day < coalesce({start}, day) OR day > coalesce({end}, day)
        """,
    ),
    Check(
        "a customer stands once",
        "customers", "customer_id", ("customers",),
        "repeat a customer",
        "'{customer_id}' is already on {where} {first}; keep one row a customer",
        """
        SELECT place, customer_id, first
        FROM (SELECT place, customer_id, min(place) OVER (PARTITION BY customer_id) AS first FROM customers)
        WHERE place > first
        """,
    ),
    Check(
        "customer_since is the first purchase ever",
        "customers", "customer_since", ("customers.customer_since",),
        "have a purchase before customer_since",
        "{customer_since} of customer '{customer_id}' is after a purchase of {first}; "
        "customer_since is the day of the first purchase ever",
        """
        SELECT place, customer_id, customer_since, first FROM customers
        JOIN (SELECT customer_id, min(day) AS first FROM trips WHERE NOT is_return GROUP BY customer_id)
        USING (customer_id) WHERE customer_since > first
        """,
    ),
    Check(
        "an account is closed after it began",
        "customers", "closed_on", ("customers.closed_on", "customers.customer_since"),
        "are closed before they began",
        "{closed_on} is before customer_since, {customer_since}; mend one of them",
        "SELECT place, closed_on, customer_since FROM customers WHERE closed_on < customer_since",
    ),
    Check(
        "a line is on a known receipt",
        "lines", "trip_id", ("lines", "trips.trip_id"),
        "are on receipts that are not in trips",
        "'{trip_id}' is not in trips; export both tables for the same time",
        "SELECT place, trip_id FROM lines ANTI JOIN trips USING (trip_id)",
    ),
    Check(
        "an offer stands once",
        "offers", "offer_id", ("offers",),
        "repeat an offer",
        "'{offer_id}' is already on {where} {first}; keep one row an offer",
        """
        SELECT place, offer_id, first
        FROM (SELECT place, offer_id, min(place) OVER (PARTITION BY offer_id) AS first FROM offers)
        WHERE place > first
        """,
    ),
    Check(
        "an offer ends after it began",
        "offers", "end", ("offers",),
        "end before they start",
        "{end} is before the start, {start}; mend one of them",
        'SELECT place, start, "end" FROM offers WHERE "end" < start',
    ),
    Check(
        "an exposure is to a known offer",
        "exposures", "offer_id", ("exposures", "offers"),
        "name an offer that is not in offers",
        "'{offer_id}' is not in offers; add the offer",
        "SELECT place, offer_id FROM exposures ANTI JOIN offers USING (offer_id)",
    ),
    Check(
        "an exposure is to a known customer",
        "exposures", "customer_id", ("exposures", "customers"),
        "are to customers that are not in customers",
        "'{customer_id}' is not in customers; add the customer, bought or not",
        "SELECT place, customer_id FROM exposures ANTI JOIN customers USING (customer_id)",
    ),
    Check(
        "a redemption is of a known offer",
        "redemptions", "offer_id", ("redemptions", "offers"),
        "name an offer that is not in offers",
        "'{offer_id}' is not in offers; add the offer",
        "SELECT place, offer_id FROM redemptions ANTI JOIN offers USING (offer_id)",
    ),
    Check(
        "a redemption is by a known customer",
        "redemptions", "customer_id", ("redemptions",),
        "are by customers who are in no other table",
        "'{customer_id}' is not in {known_words}; add the customer",
        """
        SELECT place, customer_id, '{known_words}' AS known_words FROM redemptions ANTI JOIN {known} USING (customer_id)
        """,
    ),
    Check(
        "a redemption is on a known receipt",
        "redemptions", "trip_id", ("redemptions.trip_id", "trips.trip_id"),
        "are on receipts that are not in trips",
        "'{trip_id}' is not in trips; leave it empty where the receipt is unknown",
        "SELECT place, trip_id FROM redemptions ANTI JOIN trips USING (trip_id) WHERE trip_id IS NOT NULL",
    ),
    Check(
        "points move the way their kind says",
        "points_ledger", "points", ("points_ledger",),
        "have the wrong sign",
        "{points:+d} is not how '{kind}' moves a balance; write earned points positive, redeemed and expired negative",
        """
        SELECT place, points, kind FROM points_ledger
        WHERE (kind = 'earn' AND points < 0) OR (kind IN ('redeem', 'expire') AND points > 0)
        """,
    ),
    Check(
        "a balance of points is never below 0",
        "points_ledger", "points", ("points_ledger",),
        "leave a balance below 0",
        "{points:+d} leaves customer '{customer_id}' with {balance:d}; a balance is never below 0, and what was earned "
        "before the log begins is an 'adjust' at its start",
        """
        SELECT place, customer_id, points, balance FROM (
            SELECT place, customer_id, points, CAST(sum(points) OVER (PARTITION BY customer_id
                ORDER BY "at", points < 0, place ROWS UNBOUNDED PRECEDING) AS BIGINT) AS balance
            FROM points_ledger) WHERE balance < 0
        """,
    ),
    Check(
        "earn - redeem - expire = balance",
        "points_ledger", "balance", ("points_ledger.balance",),
        "do not tie out with the movements",
        "{balance:d} of customer '{customer_id}' is not what the movements make, {sum:d}; "
        "balance = earned - redeemed - expired, with the adjustments",
        """
        SELECT place, customer_id, balance, "sum" FROM (
            SELECT place, customer_id, balance, CAST(sum(points) OVER (
                PARTITION BY customer_id ORDER BY "at", place ROWS UNBOUNDED PRECEDING) AS BIGINT) AS "sum"
            FROM points_ledger) WHERE balance <> "sum"
        """,
    ),
    Check(
        "a status ends after it began",
        "status_history", "valid_to", ("status_history.valid_to",),
        "end before they begin",
        "{valid_to} is before valid_from, {valid_from}; write the last day, or nothing while it holds",
        "SELECT place, valid_to, valid_from FROM status_history WHERE valid_to < valid_from",
    ),
    Check(
        "one status of a programme at a time",
        "status_history", "valid_from", ("status_history",),
        "begin while another status of the same programme holds",
        "{valid_from} of customer '{customer_id}' is within '{level}', which holds from {since} to {until} "
        "({where} {first}); end it first",
        """
        SELECT * FROM (
            SELECT place, customer_id, valid_from,
                   lag(level) OVER earlier AS level, lag(valid_from) OVER earlier AS since,
                   coalesce(CAST(lag({valid_to}) OVER earlier AS VARCHAR), 'now on') AS until,
                   coalesce(lag({valid_to}) OVER earlier, DATE '9999-12-31') AS last, lag(place) OVER earlier AS first
            FROM status_history
            WINDOW earlier AS (PARTITION BY customer_id, programme ORDER BY valid_from, place)
        ) WHERE first IS NOT NULL AND valid_from < last
        """,
    ),
)  # fmt: skip
"""Every check that refuses a log."""
