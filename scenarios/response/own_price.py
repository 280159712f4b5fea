"""How purchases of a product answer to its own price: elasticity, deals against list price, and how products differ.

Serves the discount response. Panels of products by week come from a log's lines or from a table of product-weeks.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from memberlab.policies import DocumentError, Problem

from ..retail_log import RetailLog
from .estimate import Estimate
from .two_way_effects import two_way_effects, without_means

Floats = NDArray[np.float64]

FEWEST_PRODUCTS, FEWEST_WEEKS, LEAST_PRICE_SPREAD = 20, 15, 0.03
"""Products and weeks each that a fit needs, and sd of a product's log price for a slope of its own."""
COLUMNS = ("product_id", "week", "units", "paid", "shelf")


@dataclass(frozen=True, slots=True)
class PriceResponse:
    """Elasticities of units sold, from weeks in which a product was sold at all."""

    own_price: Estimate
    """Log units on log paid price, product and week effects, clustered by product."""
    deal: Estimate | None
    """On the log of paid over shelf price: how deep the deal is. None where the log has no shelf prices."""
    shelf_price: Estimate | None
    """On the log of the shelf price, beside the deal."""
    products: int
    rows: int
    spread: ProductSpread | None


@dataclass(frozen=True, slots=True)
class ProductSpread:
    """How elasticities differ from product to product, beyond what chance makes."""

    products: int
    mean: Estimate
    true_sd: float
    """Standard deviation of the true elasticities (DerSimonian and Laird, 1986)."""
    quantiles: tuple[float, float, float]
    """10 %, median and 90 % of the estimates, which chance spreads wider than the truth."""
    negative: float
    """Share of the estimates below 0."""


def product_weeks_of(log: RetailLog) -> pd.DataFrame | None:
    """Return units, paid and shelf amounts by product and week of a log with lines; None without any. By DuckDB."""
    lines, trips = log.path("lines"), log.path("trips")
    if lines is None or trips is None:
        return None
    import duckdb

    with duckdb.connect() as connection:
        names = {
            row[0] for row in connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(lines)]).fetchall()
        }
        shelf = "coalesce(l.gross_amount, l.net_amount)" if "gross_amount" in names else "NULL"
        query = f"""
            SELECT l.product_id,
                   CAST(floor((CAST(t.day AS DATE) - DATE '{log.record.first_day}') / 7) AS BIGINT) AS week,
                   sum(l.quantity) AS units, sum(l.net_amount) / 100.0 AS paid, sum({shelf}) / 100.0 AS shelf
            FROM read_parquet(?) l JOIN read_parquet(?) t USING (trip_id)
            WHERE l.quantity > 0 AND l.net_amount > 0 GROUP BY 1, 2 ORDER BY 1, 2
        """
        return connection.execute(query, [str(lines), str(trips)]).df()


def read_product_weeks(path: Path) -> pd.DataFrame:
    """Return a table of product-weeks (.parquet or .csv): product_id, week, units, paid, and shelf if it is there.

    `sales` stands for paid, and shelf is made from `loyalty_discount` and `coupon_match` beside it. Raise DocumentError
    for a file that cannot be read or lacks a column.
    """
    try:
        frame = pd.read_csv(path) if path.suffix.lower() == ".csv" else pd.read_parquet(path)
    except FileNotFoundError:
        raise DocumentError([Problem(str(path), None, "", "no such file")]) from None
    except Exception as error:  # whatever pyarrow or pandas find wrong with it
        raise DocumentError([Problem(str(path), None, "", f"cannot be read as a table: {error}")]) from None
    frame = frame.rename(columns={"sales": "paid"})
    missing = [name for name in COLUMNS[:4] if name not in frame]
    if missing:
        known = ", ".join(str(name) for name in frame)
        raise DocumentError(
            [Problem(str(path), None, name, f"no such column; the table has {known}") for name in missing]
        )
    if "shelf" not in frame and "loyalty_discount" in frame:
        extra = frame.get("coupon_match", 0.0)
        frame["shelf"] = frame["paid"] + frame["loyalty_discount"] + extra
    return frame.reindex(columns=list(COLUMNS))


def price_response(product_weeks: pd.DataFrame) -> PriceResponse | None:
    """Return the response of products with at least 15 weeks of sales; None where fewer than 20 have them.

    `product_weeks` has product_id, week, units, paid and shelf (amounts of the week; shelf may be missing).
    """
    frame = product_weeks[(product_weeks["units"] > 0) & (product_weeks["paid"] > 0)]
    frame = frame[frame.groupby("product_id")["week"].transform("nunique") >= FEWEST_WEEKS]
    if frame["product_id"].nunique() < FEWEST_PRODUCTS:
        return None
    product, _ = pd.factorize(frame["product_id"])
    week, _ = pd.factorize(frame["week"])
    units, paid = (frame[name].to_numpy(np.float64) for name in ("units", "paid"))
    demand, price = np.log(units), np.log(paid / units)
    try:
        fit = two_way_effects(demand, price[:, None], product, week)
    except ValueError:  # no price ever moves
        return None
    deal = shelf_price = None
    if frame["shelf"].notna().all() and (frame["shelf"] > 0).all():
        shelf = np.log(frame["shelf"].to_numpy(np.float64) / units)
        depth = np.minimum(price - shelf, 0.0)
        with contextlib.suppress(ValueError):  # there are no deals
            deal = two_way_effects(demand, depth[:, None], product, week).estimate()
        with contextlib.suppress(ValueError):  # or the shelf price never moves beside them
            parts = two_way_effects(demand, np.column_stack([depth, shelf]), product, week)
            deal, shelf_price = parts.estimate(0), parts.estimate(1)
    return PriceResponse(fit.estimate(), deal, shelf_price, fit.units, fit.rows, _spread(demand, price, product, week))


def _spread(demand: Floats, price: Floats, product: NDArray[np.intp], week: NDArray[np.intp]) -> ProductSpread | None:
    """Return how slopes differ over products whose price moved."""
    demand_left, price_left = without_means([demand, price], product.astype(np.int64), week.astype(np.int64))
    slopes, variances = [], []
    for rows in np.split(np.argsort(product, kind="stable"), np.cumsum(np.bincount(product))[:-1]):
        y, x = demand_left[rows], price_left[rows]
        if len(rows) < FEWEST_WEEKS or x.std() < LEAST_PRICE_SPREAD:
            continue
        slope = float(x @ y / (x @ x))
        slopes.append(slope)
        variances.append(float(((y - slope * x) ** 2).sum() / (len(rows) - 2) / (x @ x)))
    if len(slopes) < FEWEST_PRODUCTS:
        return None
    values, noise = np.array(slopes), np.array(variances)
    sd = true_sd(values, noise)
    weight = 1.0 / (noise + sd**2)
    mean = Estimate(float((weight * values).sum() / weight.sum()), float(1.0 / np.sqrt(weight.sum())))
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9]).tolist()
    return ProductSpread(len(values), mean, sd, (low, middle, high), float((values < 0).mean()))


def true_sd(values: Floats, variances: Floats) -> float:
    """Return the standard deviation behind estimates with known variances (DerSimonian and Laird, 1986)."""
    weight = 1.0 / variances
    mean = (weight * values).sum() / weight.sum()
    excess = (weight * (values - mean) ** 2).sum() - (len(values) - 1)
    return float(np.sqrt(max(excess / (weight.sum() - (weight**2).sum() / weight.sum()), 0.0)))
