"""A log of visits from an imported retailer's log: what was paid, the shelf value, price deals and coupons by day.

Serves `memberlab validate` and `memberlab calibrate` on a folder that `memberlab import` has written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .visit_log import visit_log_from
from .visit_log_reading import MONEY, ReadVisits

if TYPE_CHECKING:
    from ..retail_log import RetailLog

CENTS = 100.0


def visits_of_retail_log(imported: RetailLog, *, segments: bool = False) -> ReadVisits:
    """Return an imported log as visits; `segments` takes customers' segments as the sets they belong to.

    Amounts are in currency units; returns and anonymous sales are left out. Raise DocumentError for a log without a
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
    log, ids = visit_log_from(rows, transactions.first_day, transactions.days)
    sets = None
    customers = imported.table("customers", ["customer_id", "segment"])
    if segments and customers is not None and "segment" in customers:
        sets = customers.set_index("customer_id")["segment"].reindex(ids).fillna("").to_numpy(dtype=object)
    return ReadVisits(transactions.name, log, ids, transactions, sets)
