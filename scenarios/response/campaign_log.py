"""What a campaign's effect is read from: purchases by customer and day, who was sent what, and what was redeemed.

Serves the estimators of this folder. Built from an imported log, or from data frames with the columns of the schema.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from memberlab.policies import DocumentError, Problem, hint

from ..retail_log import RetailLog

ASSIGNMENTS = ("random", "rule", "model", "all")
NOT_RANDOM = ("rule", "model", "all")
DEFAULT_DAYS = 28
"""Days that an offer is taken to last where the log has no end for it."""


@dataclass(frozen=True, slots=True)
class CampaignLog:
    """Purchases, offers, exposures and redemptions of one log; customers are numbers, days count from the first."""

    name: str
    """The log's folder, as messages name it."""
    currency: str
    first_day: datetime.date
    days: int
    customers: NDArray[np.str_]
    """Ids by number, sorted; those without a purchase who were sent something are among them."""
    purchases: pd.DataFrame
    """customer, day, spend (currency units, less returns), receipts (sales without returns); one row a day of one."""
    offers: pd.DataFrame
    """Index offer_id; kind, scope, value, start, end (days, inclusive)."""
    exposures: pd.DataFrame
    """customer, offer_id, start, end (days, inclusive), assigned_by, control."""
    redemptions: pd.DataFrame
    """customer, offer_id, day, receipt (text or missing)."""

    def date(self, day: int) -> datetime.date:
        """Return the date of a day of the log."""
        return self.first_day + datetime.timedelta(days=int(day))

    def offer_days(self, offer: str) -> tuple[int, int]:
        """Return the first and last day of an offer."""
        return int(self.offers["start"].loc[offer]), int(self.offers["end"].loc[offer])

    def offers_named(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return `names`, or all offers with exposures. Raise DocumentError for offers that the log does not know."""
        sent = self.exposures["offer_id"].unique()
        if not names:
            return tuple(str(one) for one in self.offers.index if one in set(sent))
        known = [str(one) for one in self.offers.index]
        problems = []
        for name in names:
            if name not in known:
                problems.append(
                    self.fault("offers", "offer_id", f"'{name}' is not an offer{hint(name, known, 'offers')}")
                )
            elif name not in sent:
                problems.append(
                    self.fault("exposures", "offer_id", f"nobody was sent offer '{name}', so it has no effect to read")
                )
        if problems:
            raise DocumentError(problems)
        return names

    def fault(self, table: str, column: str, message: str) -> Problem:
        """Return a problem at a table and column of this log."""
        return Problem(f"{self.name}/{table}", None, column, message)


def campaign_log(log: RetailLog) -> CampaignLog:
    """Return the campaigns of an imported log. Raise DocumentError if it has none, or not the tables for it."""
    trips, exposures = log.path("trips"), log.table("exposures")
    assert trips is not None
    if exposures is None:
        message = (
            "the log has no such table, so nobody is known to have been sent anything; export it (offers, exposures)"
        )
        raise DocumentError([Problem(f"{log.folder}/exposures", None, "", message)])
    return campaign_log_of(
        daily_sales(trips),
        name=str(log.folder),
        currency=log.manifest.currency,
        first_day=log.record.first_day,
        last_day=log.record.last_day,
        offers=log.table("offers"),
        exposures=exposures,
        redemptions=log.table("redemptions"),
    )


def daily_sales(trips: Path) -> pd.DataFrame:
    """Return customer_id, day, spend (currency units, less returns) and receipts of a table of trips; by DuckDB.

    Sales without a customer are left out. Memory is that of the result.
    """
    import duckdb

    query = """
        SELECT customer_id, day, sum(net_amount) / 100.0 AS spend, count(*) FILTER (WHERE NOT is_return) AS receipts
        FROM read_parquet(?) WHERE customer_id IS NOT NULL GROUP BY customer_id, day ORDER BY customer_id, day
    """
    with duckdb.connect() as connection:
        sales: pd.DataFrame = connection.execute(query, [str(trips)]).df()
    return sales


def campaign_log_of(
    purchases: pd.DataFrame,
    *,
    exposures: pd.DataFrame,
    offers: pd.DataFrame | None = None,
    redemptions: pd.DataFrame | None = None,
    first_day: datetime.date,
    last_day: datetime.date,
    name: str = "log",
    currency: str = "XXX",
) -> CampaignLog:
    """Return a campaign log from data frames.

    `purchases` has customer_id, day (date), spend (currency units) and receipts; the other tables have the columns of
    the log's schema, with days beside moments (`sent_day`, `redeemed_day`) or moments alone. Raise DocumentError for a
    table without rows and for offers that lie wholly outside the log.
    """
    if exposures.empty:
        raise DocumentError([Problem(f"{name}/exposures", None, "", "has no rows, so nobody was sent anything")])
    ids = np.union1d(purchases["customer_id"].astype(str).unique(), exposures["customer_id"].astype(str).unique())
    known_offers = _offers(offers, exposures, first_day)
    sales = pd.DataFrame({
        "customer": np.searchsorted(ids, purchases["customer_id"].astype(str)),
        "day": _days(purchases["day"], first_day),
        "spend": purchases["spend"].to_numpy(np.float64),
        "receipts": purchases["receipts"].to_numpy(np.float64),
    })  # fmt: skip
    log = CampaignLog(
        name, currency, first_day, (last_day - first_day).days + 1, ids, sales, known_offers,
        _exposures(exposures, known_offers, ids, first_day), _redemptions(redemptions, ids, first_day),
    )  # fmt: skip
    _fail_if_outside(log)
    return log


def _days(column: pd.Series, first_day: datetime.date) -> NDArray[np.int64]:
    """Return dates or moments as days from the first day of the log."""
    moments = pd.to_datetime(column).to_numpy("datetime64[D]")
    return np.asarray((moments - np.datetime64(first_day, "D")).astype(np.int64))


def _offers(offers: pd.DataFrame | None, exposures: pd.DataFrame, first_day: datetime.date) -> pd.DataFrame:
    """Return the offers by id; without a table of them, those sent, from their first sending on for four weeks."""
    if offers is None:
        sent = pd.Series(_days(_sent(exposures), first_day)).groupby(exposures["offer_id"].astype(str).to_numpy()).min()
        return pd.DataFrame({"kind": "", "scope": "", "value": np.nan, "start": sent, "end": sent + DEFAULT_DAYS - 1})
    value = pd.to_numeric(offers["value"]) if "value" in offers else pd.Series(np.nan, index=offers.index)
    return pd.DataFrame(
        {
            "kind": offers["kind"].astype(str).to_numpy() if "kind" in offers else "",
            "scope": offers["scope"].fillna("").astype(str).to_numpy() if "scope" in offers else "",
            "value": value.to_numpy(np.float64, na_value=np.nan),
            "start": _days(offers["start"], first_day),
            "end": _days(offers["end"], first_day),
        },
        index=offers["offer_id"].astype(str).to_numpy(),
    )


def _sent(exposures: pd.DataFrame) -> pd.Series:
    return exposures["sent_day" if "sent_day" in exposures else "sent_at"]


def _exposures(
    exposures: pd.DataFrame, offers: pd.DataFrame, ids: NDArray[np.str_], first_day: datetime.date
) -> pd.DataFrame:
    """Return who was sent what on which days; an offer counts from its start where it was sent before."""
    offer = exposures["offer_id"].astype(str).to_numpy()
    control = exposures["control"].fillna(False).astype(bool).to_numpy() if "control" in exposures else False
    start = offers["start"].reindex(offer).to_numpy(np.int64)
    return pd.DataFrame({
        "customer": np.searchsorted(ids, exposures["customer_id"].astype(str)),
        "offer_id": offer,
        "start": np.maximum(_days(_sent(exposures), first_day), start),
        "end": offers["end"].reindex(offer).to_numpy(np.int64),
        "assigned_by": exposures["assigned_by"].astype(str).to_numpy(),
        "control": control,
    })  # fmt: skip


def _redemptions(redemptions: pd.DataFrame | None, ids: NDArray[np.str_], first_day: datetime.date) -> pd.DataFrame:
    """Return redemptions of known customers by day."""
    if redemptions is None or redemptions.empty:
        return pd.DataFrame({"customer": [], "offer_id": [], "day": [], "receipt": []}).astype(
            {"customer": np.int64, "day": np.int64}
        )
    customer = redemptions["customer_id"].astype(str).to_numpy()
    place = np.minimum(np.searchsorted(ids, customer), len(ids) - 1)
    when = redemptions["redeemed_day" if "redeemed_day" in redemptions else "redeemed_at"]
    receipt = redemptions["trip_id"] if "trip_id" in redemptions else pd.Series(None, index=redemptions.index)
    frame = pd.DataFrame({
        "customer": place,
        "offer_id": redemptions["offer_id"].astype(str).to_numpy(),
        "day": _days(when, first_day),
        "receipt": receipt.to_numpy(),
    })  # fmt: skip
    own: pd.DataFrame = frame[ids[place] == customer]
    return own.reset_index(drop=True)


def _fail_if_outside(log: CampaignLog) -> None:
    """Raise DocumentError if every offer that was sent lies before the log or after it."""
    sent = log.exposures
    if ((sent["start"] < log.days) & (sent["end"] >= 0)).any():
        return
    first, last = log.date(int(sent["start"].min())), log.date(int(sent["end"].max()))
    message = (
        f"offers run from {first} to {last}, the log from {log.first_day} to {log.date(log.days - 1)}; "
        "give a log that holds the campaign and some weeks before it"
    )
    raise DocumentError([log.fault("exposures", "sent_at", message)])
