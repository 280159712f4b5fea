"""Facts 1 to 7: how customers buy, leave and spend where there is no programme.

Serves the evidence suite. The cohort is that of CDNOW's sample: 2,357 customers whose first order falls into twelve
weeks, watched for 39 weeks and then for 39 more; its shoppers are drawn from the model that was fitted to the sample.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from memberlab.scenarios import calibration, load_scenario
from memberlab.sim import OrderLog, World, keep_log

from .fact import Fact, Measured, Setting, Values, around
from .histories import histories
from .market import NO_PROGRAMME, Market, cd_retailer

CUSTOMERS, ACQUIRED, CALIBRATED, WATCHED = 2357, 84, 273, 546
COHORTS = 64
"""Cohorts of the sample's size in which repeats are counted: the dispersion of one has a standard error of 0.29."""
REPEATS_SEEN = np.array([1411, 439, 214, 100, 62, 38, 29, 64], dtype=np.float64)
"""Customers of the sample by repeat purchases in 39 weeks, the last number for seven and more."""


def cohort(setting: Setting, cohorts: int = 1) -> OrderLog:
    """Return every order of so many cohorts in 78 weeks."""
    return _logged(setting.seed, tuple(sorted(setting.assumptions.items())), cohorts)


@lru_cache(maxsize=2)
def _logged(seed: int, assumptions: tuple[tuple[str, float], ...], cohorts: int) -> OrderLog:
    """Return the log of the cohorts, whose customers come evenly over twelve weeks."""
    market = Market(Setting(seed, dict(assumptions)), population=cd_retailer(), changes={"horizon.months": 12})
    customers = cohorts * CUSTOMERS
    scenario = market.scenario.with_({"population.shoppers": customers})
    first_orders = np.arange(customers, dtype=np.int64) * ACQUIRED // customers
    world = World(NO_PROGRAMME, scenario, seed=seed, population=cd_retailer(), first_orders=first_orders)
    return keep_log(world, WATCHED)


def pareto_nbd(setting: Setting) -> Values:
    """Fit Pareto/NBD to the cohort's 39 weeks (r and s without unit, alpha and beta in weeks)."""
    history, _ = histories(cohort(setting), CALIBRATED)
    found = calibration.pareto_nbd.fit(history).estimates
    return {"r": found["r"], "alpha": found["alpha_weeks"], "s": found["s"], "beta": found["beta_weeks"]}


def bg_nbd(setting: Setting) -> Values:
    """Fit BG/NBD to the same log, which comes of another model of leaving."""
    history, _ = histories(cohort(setting), CALIBRATED)
    found = calibration.bg_nbd.fit(history).estimates
    return {"r": found["r"], "alpha": found["alpha_weeks"], "a": found["a"], "b": found["b"]}


def gamma_gamma(setting: Setting) -> Values:
    """Fit Gamma-Gamma to the cohort's repeat baskets; the mean is that of customers' means, in dollars."""
    _, spend = histories(cohort(setting), CALIBRATED)
    found = calibration.gamma_gamma.fit(spend).estimates
    correlation = float(np.corrcoef(spend.purchases, spend.mean_amount)[0, 1])
    mean = float(spend.mean_amount.mean())
    return {"p": found["p"], "q": found["q"], "v": found["v"], "mean": mean, "correlation": correlation}


def repeat_purchases(setting: Setting) -> Values:
    """Count the repeat purchases of many cohorts in the calibration weeks and in the hold-out; chi-square is that of
    one cohort, in the mean.
    """
    cohorts = max(1, round(COHORTS * setting.size))
    log = cohort(setting, cohorts)
    repeats = np.bincount(log.until(CALIBRATED).shopper, minlength=cohorts * CUSTOMERS) - 1
    later = len(log.day) - int((log.day < CALIBRATED).sum())
    counted = [np.bincount(np.minimum(repeats[one::cohorts], 7), minlength=8) for one in range(cohorts)]
    return {
        "none": float((repeats == 0).mean()),
        "mean": float(repeats.mean()),
        "dispersion": float(repeats.var(ddof=1) / repeats.mean()),
        "hold-out": later / len(repeats),
        "chi-square": float(np.mean([_chi_square(one.astype(np.float64)) for one in counted])),
    }


def _chi_square(counted: NDArray[np.float64]) -> float:
    """Return the distance of simulated counts from the sample's by degree of freedom; both are draws."""
    return float(((counted - REPEATS_SEEN) ** 2 / (counted + REPEATS_SEEN)).sum() / (len(counted) - 1))


def concentration(setting: Setting) -> Values:
    """Return the share of 18 months' spend that the top fifth of customers pays."""
    log = cohort(setting)
    spend = np.sort(np.bincount(log.shopper, weights=log.goods, minlength=CUSTOMERS))
    return {"top fifth": float(spend[-CUSTOMERS // 5 :].sum() / spend.sum())}


def season(setting: Setting) -> Values:
    """Return the fourth quarter's share of a year's list value in a steady market with the shipped season."""
    scenario = load_scenario("us-marketplace")
    market = Market(setting, changes={
        "season": dict(scenario.season), "population.established": "70 %", "horizon.months": 24,
    })  # fmt: skip
    year = market.opening(12)
    life = market.live(stops=[year])
    return {"fourth quarter": life.total("list_value", market.opening(9)) / life.total("list_value")}


COHORT = "Customers of the fitted model, acquired over twelve weeks, watched for 39 weeks (hold-out: 39 more)"

FACTS = (
    Fact(
        1,
        "Purchases and lifetimes: Pareto/NBD",
        source="CDNOW sample; lifetimes test suite, own refit",
        grade="A",
        use="C",
        how=f"{COHORT}; Pareto/NBD refitted to the simulated log",
        measured=(
            Measured("r", "0.553", 0.47, 0.66),
            Measured("alpha", "10.58 weeks", 9.0, 12.4),
            Measured("s", "0.606", 0.33, 1.11, on_log_scale=True),
            Measured("beta", "11.67 weeks", 4.1, 33.0, on_log_scale=True),
        ),
        protocol=pareto_nbd,
    ),
    Fact(
        2,
        "The same log as BG/NBD",
        source="CDNOW sample; lifetimes test suite",
        grade="A",
        use="H",
        how="BG/NBD fitted to the log of fact 1, whose customers leave as in Pareto/NBD",
        measured=(
            Measured("r", "0.243", 0.22, 0.27),
            Measured("alpha", "4.41 weeks", 3.7, 5.2),
            Measured("a", "0.793", 0.50, 1.26, on_log_scale=True),
            Measured("b", "2.43", 1.4, 4.3, on_log_scale=True),
        ),
        protocol=bg_nbd,
    ),
    Fact(
        3,
        "Amounts: Gamma-Gamma",
        source="CDNOW sample, 946 repeaters",
        grade="A",
        use="C",
        how="Gamma-Gamma refitted to the repeat baskets of the log of fact 1",
        measured=(
            Measured("p", "6.25", 4.3, 9.1, on_log_scale=True),
            Measured("q", "3.74", 3.2, 4.4),
            Measured("v", "15.44", 9.1, 26.2, on_log_scale=True),
            around("mean", 35.1, 0.25),
            Measured("correlation", "0.11", 0.0, 0.25),
        ),
        protocol=gamma_gamma,
    ),
    Fact(
        4,
        "Repeat purchases of the cohort",
        source="CDNOW sample, recomputed",
        grade="A",
        use="H",
        how=f"{COHORT}; {COHORTS} cohorts of the sample's size",
        measured=(
            around("none", 0.599, 0.10, is_share=True),
            around("mean", 1.042, 0.10),
            around("dispersion", 4.60, 0.10),
            around("hold-out", 0.798, 0.10),
            Measured("chi-square", "below 3 a degree of freedom", 0.0, 3.0),
        ),
        protocol=repeat_purchases,
        remark="Chi-square compares two draws of 2,357 customers, so that both variances count. Pareto/NBD at the "
        "published estimates has a dispersion of 4.15 by itself, at the edge of the band, and 4.13 with one order a "
        "day at most: the sample's heaviest buyers order more than it lets expect. Under BG/NBD, which fits the sample "
        "better, it is 4.76, but then the hold-out is missed (0.70).",
    ),
    Fact(
        5,
        "The top fifth of customers",
        source="McCarthy and Winer; 339 firms; CDNOW 67.8 %, recomputed",
        grade="C",
        use="H",
        how="Lorenz curve of the cohort's spend in 18 months",
        measured=(Measured("top fifth", "67 %", 0.62, 0.74, is_share=True),),
        protocol=concentration,
    ),
    Fact(
        7,
        "The fourth quarter",
        source="US Census, e-commerce 2021",
        grade="C",
        use="C",
        how="One year of the marketplace with the season of the shipped US scenario",
        measured=(Measured("fourth quarter", "29.6 %", 0.27, 0.32, is_share=True),),
        protocol=season,
    ),
)
"""Facts of this file by number."""
