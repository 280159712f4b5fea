"""Logs of campaigns with a known truth, from a light shopper process, and how they stand in an imported folder.

Rates differ between shoppers (gamma), drift slowly, and shoppers may enter late; amounts are log-normal. Who is
targeted is up to the test: by chance, by a lasting trait, or by what was bought before.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
from numpy.typing import NDArray

from memberlab.policies import dump_model
from memberlab.scenarios import LogManifest, response, retail_log

FIRST_DAY = datetime.date(2024, 1, 1)
"""A Monday, so that weeks of the process are weeks of the panel."""
WEEK = 7
DAY_NUMBERS = {"start", "end"}

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Market:
    """What shoppers would do without campaigns: expected visits a week (shoppers by weeks) and amounts' level."""

    rates: Floats
    level: Floats
    trait: Floats
    """The lasting part of the log rate and level, which a rule may target."""
    entry: NDArray[np.int64]


def new_market(
    rng: np.random.Generator, shoppers: int, weeks: int = 52, *, late: float = 0.0, mean_rate: float = 1.0
) -> Market:
    """Return shoppers whose rates differ as in groceries and drift in blocks of 4 and 16 weeks."""
    rate = rng.gamma(1.3, mean_rate / 1.3, shoppers)
    level = rng.normal(0.0, 0.5, shoppers)
    drift = np.zeros((shoppers, weeks))
    for block in (4, 16):
        phase = rng.integers(0, block, shoppers)
        steps = rng.normal(0.0, 0.3, (shoppers, weeks // block + 2))
        drift += steps[np.arange(shoppers)[:, None], (np.arange(weeks) + phase[:, None]) // block] - 0.3**2 / 2
    entry = np.where(rng.random(shoppers) < late, rng.integers(1, weeks - 8, shoppers), 0)
    there = np.arange(weeks) >= entry[:, None]
    return Market(rate[:, None] * np.exp(drift) * there, level, np.log(rate) + level, entry)


def purchases_of(
    rng: np.random.Generator, market: Market, lift: Floats | float = 0.0, amount: Floats | float = 0.0
) -> pd.DataFrame:
    """Return the purchases: `lift` raises rates by a share, `amount` adds to each receipt (both shoppers by weeks)."""
    visits = rng.poisson(market.rates * (1.0 + lift))
    shopper, week = (np.repeat(places, visits.ravel()) for places in np.indices(visits.shape).reshape(2, -1))
    day = week * WEEK + rng.integers(0, WEEK, len(week))
    extra = np.broadcast_to(amount, visits.shape)[shopper, week]
    spend = np.maximum(np.exp(rng.normal(2.9, 0.98, len(week)) + market.level[shopper]), 0.01) + extra
    days = visits.shape[1] * WEEK
    bought, place = np.unique(shopper * days + day, return_inverse=True)
    return pd.DataFrame({
        "customer_id": names(np.arange(len(visits)))[bought // days], "day": dates(bought % days),
        "spend": np.bincount(place, np.round(spend, 2)), "receipts": np.bincount(place),
    })  # fmt: skip


def names(shoppers: NDArray[np.int64]) -> NDArray[np.str_]:
    """Return customer ids."""
    return np.char.add("c", np.char.zfill(shoppers.astype(str), 6))


def dates(days: NDArray[np.int64] | int) -> NDArray[np.datetime64]:
    """Return days of the log as dates."""
    return np.datetime64(FIRST_DAY, "D") + np.asarray(days)


def exposures_of(
    shoppers: NDArray[np.int64], offer: str, day: int, assigned_by: str, control: NDArray[np.bool_] | bool = False
) -> pd.DataFrame:
    """Return exposures of shoppers on one day."""
    return pd.DataFrame({
        "customer_id": names(shoppers), "offer_id": offer, "sent_at": dates(np.full(len(shoppers), day)),
        "assigned_by": assigned_by, "control": control,
    })  # fmt: skip


def offers_of(*offers: tuple[str, int, int], kind: str = "gift", value: float = 0.0) -> pd.DataFrame:
    """Return offers by id, first and last day."""
    table = pd.DataFrame(offers, columns=["offer_id", "start", "end"]).assign(kind=kind, value=value)
    return table.assign(start=dates(table["start"].to_numpy()), end=dates(table["end"].to_numpy()))


def log_of(purchases: pd.DataFrame, exposures: pd.DataFrame, offers: pd.DataFrame, *, weeks: int = 52,
           redemptions: pd.DataFrame | None = None) -> response.CampaignLog:  # fmt: skip
    """Return the campaign log of the tables."""
    last_day = FIRST_DAY + datetime.timedelta(days=weeks * WEEK - 1)
    return response.campaign_log_of(
        purchases, exposures=exposures, offers=offers, redemptions=redemptions, first_day=FIRST_DAY, last_day=last_day,
        name="log", currency="USD",
    )  # fmt: skip


def chosen_by(rng: np.random.Generator, score: Floats, share: float, noise: float = 0.5) -> NDArray[np.bool_]:
    """Return the `share` of shoppers with the highest score, told with noise in standard deviations of it."""
    told = score + rng.normal(0.0, noise * score.std(), len(score))
    return np.asarray(told >= np.quantile(told, 1.0 - share))


def write_imported(folder: Path, purchases: pd.DataFrame, last_day: datetime.date, **tables: pd.DataFrame) -> Path:
    """Write a folder as `memberlab import` would: purchases as one trip a day, money in cents, days beside moments."""
    folder.mkdir(parents=True, exist_ok=True)
    trips = pd.DataFrame({
        "customer_id": purchases["customer_id"].astype(str), "trip_id": [f"t{n}" for n in range(len(purchases))],
        "day": pd.to_datetime(purchases["day"]).dt.date,
        "net_amount": np.rint(purchases["spend"].to_numpy() * 100).astype(np.int64), "is_return": False,
    })  # fmt: skip
    written = {
        "trips": trips.sort_values(["customer_id", "day"]),
        **{name: as_imported(table) for name, table in tables.items()},
    }
    for name, table in written.items():
        pyarrow.parquet.write_table(pa.Table.from_pandas(table, preserve_index=False), folder / f"{name}.parquet")
    records = {
        name: retail_log.TableRecord(source=f"{name}.csv", sha256="0" * 64, rows=len(table), kept=len(table))
        for name, table in written.items()
    }
    manifest = LogManifest(
        name="log", currency="USD", time_zone="America/New_York", rates={},
        record=retail_log.ImportRecord(
            first_day=FIRST_DAY, last_day=last_day, customers=trips["customer_id"].nunique(), tables=records,
        ),
    )  # fmt: skip
    (folder / "manifest.yaml").write_text(dump_model(manifest), encoding="utf-8")
    return folder


def as_imported(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with days beside its moments, as an import leaves it."""
    moments: Mapping[str, str] = {"sent_at": "sent_day", "redeemed_at": "redeemed_day"}
    table = table.copy()
    for name in table:
        if name in moments:
            table[moments[str(name)]] = pd.to_datetime(table[name]).dt.date
        if name in DAY_NUMBERS:
            table[name] = pd.to_datetime(table[name]).dt.date
    return table
