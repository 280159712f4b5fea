"""Whether deals on what a household usually buys bring it into the shop: the own-basket deal index.

Serves the discount response. A product's own price moves what is bought; that says little about whether one comes.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from ..retail_log import RetailLog
from .campaign_log import CampaignLog
from .estimate import Estimate
from .two_way_effects import effects_on_each
from .weekly_panel import WEEK, WeeklyPanel

Floats = NDArray[np.float64]

BASKET_WEEKS = 14
"""First weeks of the log, which tell what a household usually buys."""
LEAST_WEEKS, FEWEST_CUSTOMERS = 12, 100
MOST_PRODUCTS = 3000
TEN_POINTS = 0.1


@dataclass(frozen=True, slots=True)
class BasketDeals:
    """What 10 points more of discount on a household's usual products do in a week, customer and week effects out."""

    spend: Estimate
    """Share of mean spend."""
    visits: Estimate
    """Share of mean visits."""
    any_visit: Estimate
    """Share of the mean share of weeks with a visit."""
    customers: int
    weeks: int
    spread: float
    """Standard deviation of the index within customer and week, points."""


def basket_lines_of(log: RetailLog, campaigns: CampaignLog, first_day: int) -> pd.DataFrame | None:
    """Return customer (number), product_id, week of the panel, paid and shelf amounts; None without shelf prices.

    Of the products that sell most, at most 3,000; by DuckDB, in memory of the result.
    """
    lines, trips = log.path("lines"), log.path("trips")
    if lines is None or trips is None:
        return None
    import duckdb

    with duckdb.connect() as connection:
        names = {
            row[0] for row in connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(lines)]).fetchall()
        }
        if "gross_amount" not in names:
            return None
        monday = log.record.first_day + datetime.timedelta(days=first_day)
        query = f"""
            WITH best AS (SELECT product_id FROM read_parquet($1) GROUP BY 1 ORDER BY sum(net_amount) DESC, 1
                          LIMIT {MOST_PRODUCTS})
            SELECT t.customer_id, l.product_id,
                   CAST(floor((CAST(t.day AS DATE) - DATE '{monday}') / {WEEK}) AS BIGINT) AS week,
                   sum(l.net_amount) / 100.0 AS paid, sum(coalesce(l.gross_amount, l.net_amount)) / 100.0 AS shelf
            FROM read_parquet($1) l JOIN read_parquet($2) t USING (trip_id) JOIN best USING (product_id)
            WHERE t.customer_id IS NOT NULL AND l.net_amount > 0 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        """
        frame = connection.execute(query, [str(lines), str(trips)]).df()
    frame["customer"] = np.searchsorted(campaigns.customers, frame.pop("customer_id").astype(str))
    return frame


def basket_deals(lines: pd.DataFrame, panel: WeeklyPanel) -> BasketDeals | None:
    """Return the response to the deal index; None where the log is short or few customers have a usual basket.

    `lines` has customer, product_id, week, paid and shelf, one row each. The index of a customer and week is the mean
    discount that all *others* got on the products of the customer's basket, weighted by it.
    """
    lines = lines[(lines["week"] >= 0) & (lines["week"] < panel.weeks) & (lines["shelf"] > 0)]
    if panel.weeks < BASKET_WEEKS + LEAST_WEEKS or lines.empty:
        return None
    index, covered = _index(lines, panel)
    kept = covered[:, BASKET_WEEKS:]
    customers = int(kept.any(axis=1).sum())
    if customers < FEWEST_CUSTOMERS:
        return None
    customer, week = np.nonzero(kept)
    depth = index[:, BASKET_WEEKS:][kept]
    outcomes = {name: panel.outcomes[name][:, BASKET_WEEKS:][kept] for name in ("spend", "visits")}
    outcomes["any"] = (outcomes["visits"] > 0).astype(np.float64)
    try:
        found = effects_on_each(outcomes, depth[:, None], customer, week)
    except ValueError:  # no deals, or the same for everybody
        return None
    spend, visits, any_visit = (
        found[name].estimate().times(TEN_POINTS / float(outcomes[name].mean())) for name in ("spend", "visits", "any")
    )
    spread = float(np.sqrt(np.mean((depth - depth.mean()) ** 2)))
    return BasketDeals(spend, visits, any_visit, customers, panel.weeks - BASKET_WEEKS, spread)


def _index(lines: pd.DataFrame, panel: WeeklyPanel) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the index and whether it is known, both customers by weeks.

    The discount of a product and week is that of all sales; where the customer bought some, those are taken out.
    """
    size, weeks = panel.exposed.shape
    product, names = pd.factorize(lines["product_id"])
    customer, week = lines["customer"].to_numpy(), lines["week"].to_numpy()
    paid, shelf = lines["paid"].to_numpy(np.float64), lines["shelf"].to_numpy(np.float64)
    total_paid, total_shelf = np.zeros((len(names), weeks)), np.zeros((len(names), weeks))
    np.add.at(total_paid, (product, week), paid)
    np.add.at(total_shelf, (product, week), shelf)
    early = week < BASKET_WEEKS
    basket = sparse.csr_array((shelf[early], (customer[early], product[early])), shape=(size, len(names)))
    known = total_shelf > 0
    discount = np.where(known, 1.0 - total_paid / np.where(known, total_shelf, 1.0), 0.0)
    weighted, weight = basket @ discount, basket @ known.astype(np.float64)
    own = np.asarray(basket[customer, product]).ravel()
    others = total_shelf[product, week] - shelf
    is_left = others > 1e-6 * shelf
    without = np.where(is_left, 1.0 - (total_paid[product, week] - paid) / np.where(is_left, others, 1.0), 0.0)
    np.add.at(weighted, (customer, week), own * (without - discount[product, week]))
    np.add.at(weight, (customer, week), own * (is_left.astype(np.float64) - 1.0))
    full = np.asarray(basket.sum(axis=1)).ravel()
    covered = weight > 0.5 * full[:, None]
    covered &= full[:, None] > 0
    return np.where(covered, weighted / np.where(covered, weight, 1.0), 0.0), covered
