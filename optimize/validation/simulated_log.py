"""The log of a simulated market over the same dates as a real one, told order by order.

Serves the validation: the market has no programme, and its shoppers are those of a fitted population.
"""

from __future__ import annotations

import datetime

import numpy as np

from memberlab.policies import Policy, load_policy
from memberlab.scenarios import Population, calibration
from memberlab.sim import World, keep_log

from .bare_market import bare_market

SETTLING = 28
"""Days before the window in which the established have their first order."""


def simulate_market(
    population: Population, process: calibration.BaseProcess, shoppers: int, first_day: datetime.date, days: int,
    seed: int, policy: Policy | None = None,
) -> calibration.VisitLog:  # fmt: skip
    """Return the orders of `shoppers` shoppers over `days` days from `first_day`, without a programme unless given.

    The share of the process that enters late does so within the window, everybody else in the four weeks before it.
    Amounts are in currency units, to the cent; a currency whose amounts are small is lived at a higher price level.
    """
    start = first_day.replace(day=1)
    finer = price_level(population)
    scenario = bare_market(population, shoppers, start, (first_day - start).days + days, finer)
    opening = start - datetime.timedelta(days=_warm_up_days(start))
    offset = (first_day - opening).days
    first_orders = offset + calibration.entry_days(process.visits, shoppers, days, SETTLING, seed)
    world = World(
        policy or load_policy("no-programme"), scenario, seed=seed, population=population, first_orders=first_orders
    )
    if offset:
        world.run(offset)
    orders = keep_log(world, offset + days)
    order = np.lexsort((orders.day, orders.shopper))
    log = calibration.VisitLog(
        customers=shoppers,
        first_day=first_day,
        days=days,
        customer=orders.shopper[order],
        day=orders.day[order] - offset,
        paid=orders.goods[order] / (100 * finer),
    )
    return log if process.deals is None else calibration.with_deals(log, process.deals, np.random.default_rng(seed))


def price_level(population: Population) -> int:
    """Return by how much to multiply prices so that a cent is small beside a basket: 1 for most currencies."""
    mean, level = float(population.spend.mean), 1
    while mean * level < 10:
        level *= 10
    return level


def _warm_up_days(start: datetime.date) -> int:
    """Return the days of the month before `start`."""
    return (start - (start - datetime.timedelta(days=1)).replace(day=1)).days
