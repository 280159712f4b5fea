"""A log of visits from an imported retailer's log: what was paid, the shelf value, price deals and coupons by day.

Serves `memberlab validate` and `memberlab calibrate` on a folder that `memberlab import` has written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .visit_log import visit_log_from
from .visit_log_reading import MONEY, ReadVisits

if TYPE_CHECKING:
    from ..retail_log import RetailLog

CENTS = 100.0


def visits_of_retail_log(imported: RetailLog, *, segments: bool = False) -> ReadVisits:
    """Return an imported log as visits; `segments` takes customers' segments as the sets they belong to.

    Amounts are in currency units; returns and anonymous sales are left out. Where receipts do not say what coupons
    paid, a day on which the customer redeemed an offer has a coupon of 1. Raise DocumentError for a log without a
    purchase by a known customer.
    """
    transactions = imported.transaction_log()
    trips = imported.table("trips", ["customer_id", "day", "net_amount", "is_return", *MONEY])
    assert trips is not None
    bought = trips[trips["customer_id"].notna() & ~trips["is_return"].astype(bool)]
    first = np.datetime64(transactions.first_day, "D")
    rows = bought[["customer_id"]].assign(
        day=(bought["day"].to_numpy().astype("datetime64[D]") - first).astype(np.int64),
        paid=np.maximum(bought["net_amount"].to_numpy(dtype=np.float64), 0.0) / CENTS,
    )
    for name, short in MONEY.items():
        if name in bought:
            rows[short] = bought[name].fillna(0).to_numpy(dtype=np.float64) / CENTS
    if "coupon" not in rows and (redeemed := _redeemed_days(imported, first)) is not None:
        visits = pd.MultiIndex.from_frame(rows[["customer_id", "day"]])
        rows["coupon"] = np.asarray(visits.isin(redeemed), dtype=np.float64)
    log, ids = visit_log_from(rows, transactions.first_day, transactions.days)
    sets = None
    customers = imported.table("customers", ["customer_id", "segment"])
    if segments and customers is not None and "segment" in customers:
        sets = customers.set_index("customer_id")["segment"].reindex(ids).fillna("").to_numpy(dtype=object)
    return ReadVisits(transactions.name, log, ids, transactions, sets)


def _redeemed_days(imported: RetailLog, first: np.datetime64) -> pd.MultiIndex | None:
    """Return customers and days (from `first`) of redemptions; None without such a table."""
    redemptions = imported.table("redemptions", ["customer_id", "redeemed_day"])
    if redemptions is None:
        return None
    days = (redemptions["redeemed_day"].to_numpy().astype("datetime64[D]") - first).astype(np.int64)
    return pd.MultiIndex.from_arrays([redemptions["customer_id"], days])
