"""Logs of visits that several test files read: a known base process, simulated, and the two real logs."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from memberlab.scenarios import calibration

DATA = Path(__file__).parents[1].parent / "shared" / "data"
needs_data = pytest.mark.skipif(
    not (DATA / "grocery_trips.parquet").exists(), reason=f"{DATA} is absent: the logs are not part of the repository"
)
NORMAL = np.asarray(stats.norm.ppf((np.arange(60) + 0.5) / 60))
MONDAY = datetime.date(2022, 3, 7)


def known_process() -> calibration.BaseProcess:
    """Return a base process with every part of it: half of visits on a weekday of their own, two kinds of drift."""
    gaps = np.ones(28)
    gaps[:3], gaps[6], gaps[13] = (0.6, 0.8, 0.9), 1.8, 1.5
    visits = calibration.VisitProcess(
        rate=0.12, shape=1.5, conversion=0.8, weekdays=np.array([0.9, 0.9, 0.95, 0.95, 1.0, 1.2, 1.1]), gaps=gaps,
        drift=((8, 0.3), (52, 0.4)), leaving=0.004, late=0.1,
    )  # fmt: skip
    spend = calibration.SpendProcess(
        level=3.0, between=0.5 * NORMAL, within=0.9 * NORMAL, gap_slope=0.12, correlation=0.3
    )
    return calibration.BaseProcess(visits, spend, calibration.DealProcess(0.12, 0.04), {})


def known_log(customers: int = 3000, *, seed: int = 2, days: int = 364) -> calibration.VisitLog:
    """Return a log of the known process as a shop would have it: of customers who came."""
    return calibration.simulate_log(known_process(), customers, MONDAY, days, seed).seen()


def as_frame(log: calibration.VisitLog) -> pd.DataFrame:
    """Return a log as rows of the transaction-log schema."""
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{number:05d}" for number in log.customer],
            "date": (pd.Timestamp(log.first_day) + pd.to_timedelta(log.day, unit="D")).strftime("%Y-%m-%d"),
            "net_amount": np.maximum(log.paid.round(2), 0.01),
        }
    )
    if log.gross is not None and log.discount is not None:
        frame["gross_amount"], frame["discount_amount"] = log.gross.round(2), log.discount.round(2)
    return frame


def complete_journey() -> pd.DataFrame:
    """Return the shared extract of Complete Journey as rows of the transaction-log schema, with the column `set`."""
    trips = pd.read_parquet(DATA / "grocery_trips.parquet")
    return pd.DataFrame(
        {
            "customer_id": trips["customer_id"],
            "trip_id": trips["trip_id"].astype("str"),
            "date": pd.Timestamp(2017, 1, 1) + pd.to_timedelta(trips["day"], unit="D"),
            "net_amount": trips["customer_paid"].clip(lower=0),
            "gross_amount": trips["shelf_price_amount"],
            "discount_amount": trips["loyalty_discount"],
            "coupon_amount": (trips["coupon_match"] + trips["coupon_discount"]).round(2),
            "set": trips["set"],
        }
    )
