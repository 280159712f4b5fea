"""The simulated CDNOW cohort against the real one: 2,357 customers of early 1997, without any programme.

The marks are those of the data reference, section 2: errors that the published models reach on this cohort. Calibration
ends on 1997-09-30 (day 273), the hold-out on 1998-06-30 (day 546). A single population misses by chance (the hold-out
total has a standard deviation of 5 %), so figures are means of 60 populations with fixed seeds.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy import stats

from memberlab.policies import load_model_text, load_policy
from memberlab.scenarios import Population, Scenario, calibrate, load_population, read_transaction_log
from memberlab.sim import World

LOG = Path(__file__).parent.parent.parent / "shared" / "data" / "cdnow_sample.csv"
CALIBRATION, HOLDOUT, WEEK = 273, 546, 7
MOST_REPEATS = 7
POPULATIONS = 60

SCENARIO = """
name: cohort
currency: USD
start: 1998-01-01
incumbent: no-programme
warm_up: {months: 12}
horizon: {months: 12}
population: {source: cd-retailer, shoppers: 2357, established: 100 %, price_level: 1}
gross_margin: 40 %
shipping_cost: 0
"""

pytestmark = pytest.mark.skipif(not LOG.is_file(), reason=f"the CDNOW log is not at {LOG}")


@dataclass(frozen=True)
class Cohort:
    """What a cohort did: repeat orders by day (cumulative), customers by repeats in calibration, repeat amounts."""

    first_orders: NDArray[np.int64]
    path: NDArray[np.float64]
    histogram: NDArray[np.float64]
    amounts: NDArray[np.float64]


@pytest.fixture(scope="module")
def real() -> Cohort:
    """Return the real cohort; receipts of a customer on one day are one order."""
    log = pd.read_csv(LOG, parse_dates=["date"])
    log["day"] = (log["date"] - pd.Timestamp("1997-01-01")).dt.days
    orders = log.groupby(["customer_id", "day"], as_index=False)["net_amount"].sum()
    first = orders.groupby("customer_id")["day"].min()
    repeats = orders[orders["day"] > orders["customer_id"].map(first)]
    counts = repeats[repeats["day"] < CALIBRATION].groupby("customer_id").size().reindex(first.index, fill_value=0)
    amounts = repeats["net_amount"].to_numpy()
    return Cohort(
        first_orders=first.to_numpy(np.int64),
        path=np.cumsum(np.bincount(repeats["day"], minlength=HOLDOUT)).astype(float),
        histogram=by_repeats(counts.to_numpy(np.int64)),
        amounts=amounts[amounts > 0],
    )


def by_repeats(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.bincount(np.clip(counts, 0, MOST_REPEATS), minlength=MOST_REPEATS + 1).astype(float)


def as_pareto_nbd(population: Population) -> Population:
    """Return the population with the other fitted model, which is kept beside the chosen one."""
    assert population.fit is not None
    return population.with_({"purchases": {"model": "pareto-nbd", **population.fit.purchases["pareto-nbd"].estimates}})


def new_world(real: Cohort, seed: int, population: Population) -> World:
    scenario = load_model_text(Scenario, SCENARIO, "cohort")
    policy = load_policy("no-programme")
    return World(policy, scenario, seed=seed, population=population, first_orders=real.first_orders)


@pytest.fixture(scope="module", params=["bg-nbd", "pareto-nbd"])
def simulated(request: pytest.FixtureRequest, real: Cohort) -> Cohort:
    """Return the means of 60 simulated populations that are acquired on the real days."""
    population = load_population("cd-retailer")
    assert population.purchases.model == "bg-nbd"
    if request.param == "pareto-nbd":
        population = as_pareto_nbd(population)
    paths, histograms = [], []
    for seed in range(POPULATIONS):
        world = new_world(real, seed, population)
        orders = world.run(CALIBRATION).shoppers["orders"].astype(np.int64)
        ledger = world.run(HOLDOUT).ledger
        paths.append(np.cumsum((ledger["orders"] - ledger["first_orders"]).sum(axis=1)))
        histograms.append(by_repeats(orders - 1))
    return Cohort(real.first_orders, np.mean(paths, axis=0), np.mean(histograms, axis=0), np.array([]))


def test_the_log_is_the_published_sample(real: Cohort) -> None:
    assert len(real.first_orders) == 2357
    assert (real.path[CALIBRATION - 1], real.path[-1]) == (2457, 2457 + 1882)
    assert real.histogram.tolist() == [1411, 439, 214, 100, 62, 38, 29, 64]


def test_cumulative_repeat_purchases_follow_the_real_path_in_weeks_40_to_78(real: Cohort, simulated: Cohort) -> None:
    week_ends = np.arange(40, 79) * WEEK - 1
    errors = np.abs(simulated.path[week_ends] / real.path[week_ends] - 1)
    assert errors.mean() <= 0.029


def test_purchases_of_the_hold_out_are_met(real: Cohort, simulated: Cohort) -> None:
    expected, actual = (path[-1] - path[CALIBRATION - 1] for path in (simulated.path, real.path))
    assert abs(expected / actual - 1) <= 0.12


def test_repeats_of_the_calibration_are_spread_as_they_were(real: Cohort, simulated: Cohort) -> None:
    chi_square = ((real.histogram - simulated.histogram) ** 2 / simulated.histogram).sum()
    assert chi_square <= 12.3


def test_everybody_is_acquired_on_the_real_day(real: Cohort) -> None:
    outcome = new_world(real, 1, load_population("cd-retailer")).run(CALIBRATION)
    acquired = outcome.ledger["first_orders"].sum(axis=1)
    assert acquired.tolist() == np.bincount(real.first_orders, minlength=CALIBRATION).tolist()
    assert (outcome.shoppers["first_order_day"] == real.first_orders).all()


def repeat_amounts(world: World) -> NDArray[np.float64]:
    """Return the amount of every repeat order, in currency units.

    A shopper orders once a day at most, so living day by day and taking the differences of each shopper's account gives
    every order by itself.
    """
    amounts = []
    gmv = orders = np.zeros(len(world.shoppers), np.int64)
    for day in range(HOLDOUT):
        shoppers = world.run(day + 1).shoppers
        is_repeat = (shoppers["orders"] > orders) & (orders > 0)
        amounts.append(shoppers["gmv"][is_repeat] - gmv[is_repeat])
        gmv, orders = shoppers["gmv"].copy(), shoppers["orders"].copy()
    return np.concatenate(amounts) / 100


def test_amounts_of_repeat_orders_are_spread_as_they_were(real: Cohort) -> None:
    """Real amounts cluster at the prices of CDs, which a smooth distribution cannot follow any closer."""
    distances = []
    for seed in range(2):
        amounts = repeat_amounts(new_world(real, seed, load_population("cd-retailer")))
        assert len(amounts) > 3500
        distances.append(stats.ks_2samp(amounts, real.amounts).statistic)
    assert np.mean(distances) <= 0.11


def test_conditional_expectations_meet_the_marks_customer_by_customer() -> None:
    log = read_transaction_log(LOG, sort=True, identical="keep")
    population = calibrate(log, until=datetime.date(1997, 9, 30), name="cdnow", currency="USD")
    assert population.fit is not None
    scores = population.fit.purchases[population.fit.chosen].holdout
    assert scores is not None
    assert scores.mean_error_by_repeats <= 0.107
    assert scores.root_mean_square_error <= 1.61
    assert scores.correlation is not None
    assert scores.correlation >= 0.62
    assert population.purchases == load_population("cd-retailer").purchases
