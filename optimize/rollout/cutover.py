"""Bringing a world to launch day for the blast radius of a cut-over: warm-up, a year of orders, and two mornings.

Serves `memberlab cutover`. Nothing is simulated beyond launch morning.
"""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import special

from memberlab.policies import Policy
from memberlab.results import BlastRadius, LaunchDay, YearOrders, blast_radius
from memberlab.scenarios import Population, Scenario
from memberlab.sim import (
    ENROLLED,
    Snapshot,
    World,
    calendar_of,
    fail_if_migration_does_not_fit,
    fail_if_policy_does_not_fit,
    keep_log,
    launch_morning,
    merge_regions,
    read_snapshot,
    regions_of,
    write_snapshot,
)

from ..execution import Progress, SerialExecutor, Steps, working_folder

MONTHS = 12


def find_blast_radius(
    incumbent: Policy,
    candidate: Policy,
    scenario: Scenario,
    *,
    threshold: float = 0.2,
    executor: Executor | None = None,
    population: Population | None = None,
    progress: Progress | None = None,
) -> BlastRadius:
    """Return what happens on the morning on which `candidate` takes over from `incumbent` in `scenario`.

    The members are those of a warm-up under `incumbent`, or those of the scenario's member file. `threshold` is the
    share of what a year's orders give back by which it must fall at least to be told; a region is a step of
    `progress`. Raises DocumentError when policies and scenario do not fit.
    """
    fail_if_migration_does_not_fit(candidate, incumbent)
    for policy in (incumbent, candidate):
        fail_if_policy_does_not_fit(policy, scenario)
    regions = regions_of(scenario)
    steps = Steps(len(regions), progress)
    snapshots, years = [], []
    with working_folder(executor) as folder:
        paths = [folder / f"launch-{region.number}.npz" for region in regions]
        workers = executor or SerialExecutor()
        pending = [
            workers.submit(warm_up_with_orders, incumbent, scenario, region.number, population, path)
            for region, path in zip(regions, paths, strict=True)
        ]
        for future, path in zip(pending, paths, strict=True):
            years.append(future.result())
            snapshots.append(read_snapshot(path))
            steps.step()
    firsts = np.cumsum([0, *(len(snapshot.shoppers) for snapshot in snapshots)])
    orders = YearOrders(
        np.concatenate([year.shopper + first for year, first in zip(years, firsts[:-1], strict=True)]),
        np.concatenate([year.month for year in years]),
        np.concatenate([year.goods for year in years]),
        years[0].are_estimated,
    )
    launch = LaunchDay(
        incumbent, candidate, scenario, snapshots[0].day,
        np.concatenate([snapshot.shoppers for snapshot in snapshots]),
        np.concatenate([snapshot.cards for snapshot in snapshots]),
        merge_regions([launch_morning(snapshot) for snapshot in snapshots]),
        merge_regions([launch_morning(snapshot, candidate) for snapshot in snapshots]),
        orders,
    )  # fmt: skip
    return blast_radius(launch, threshold)


def warm_up_with_orders(
    incumbent: Policy, scenario: Scenario, region: int, population: Population | None, path: Path
) -> YearOrders:
    """Write a region on launch day to `path` as `warm_up` does, and return its orders of the 12 months before."""
    world = World(incumbent, scenario, region=region, population=population)
    if scenario.population.members is not None:
        world.run(world.launch)
        snapshot = world.snapshot()
        world.recall_accounts(snapshot)
        write_snapshot(snapshot, path)
        return orders_of_spend(snapshot)
    calendar = calendar_of(scenario)
    first_month = max(0, calendar.launch_month - MONTHS)
    if calendar.month_starts[first_month] > world.day:
        world.run(calendar.month_starts[first_month])
    log = keep_log(world, world.launch)
    starts = np.array(calendar.month_starts[calendar.launch_month - min(MONTHS, calendar.launch_month) :])
    month = np.searchsorted(starts, log.day, side="right") - 1
    write_snapshot(world.snapshot(), path)
    return YearOrders(log.shopper - world.region.first, month, log.goods, are_estimated=False)


def orders_of_spend(snapshot: Snapshot) -> YearOrders:
    """Return orders that come to each member's spend of each of the 12 months, where no single order is known.

    As many as the member's mean order goes into the month's spend, and at least one; their values lie as the middles
    of equal shares of the population's gamma baskets do.
    """
    shoppers, market = snapshot.shoppers, snapshot.market[0]
    shape = float(market["basket_shape"])
    month_now = calendar_of(snapshot.scenario).month_of(snapshot.day)
    whom, months, goods = [], [], []
    for place in np.flatnonzero((shoppers["status"] & ENROLLED != 0) & (shoppers["window_spend"] > 0)).tolist():
        one = shoppers[place]
        usual = one["gmv"] / one["orders"] if one["orders"] > 0 else shape * float(one["basket_scale"])
        for ago in range(MONTHS, 0, -1):
            spend = int(one["month_spend"][(month_now - ago) % MONTHS])
            if spend == 0:
                continue
            values = shares_of_baskets(max(1, round(spend / max(1.0, float(usual)))), shape) * spend
            cents = np.diff(np.rint(np.cumsum(values)).astype(np.int64), prepend=0)
            whom.append(np.full(len(cents), place))
            months.append(np.full(len(cents), MONTHS - ago))
            goods.append(cents)
    nothing = np.zeros(0, np.int64)
    shopper, month, cents_of_goods = (np.concatenate([nothing, *part]) for part in (whom, months, goods))
    return YearOrders(shopper=shopper, month=month, goods=cents_of_goods, are_estimated=True)


def shares_of_baskets(count: int, shape: float) -> NDArray[np.float64]:
    """Return the shares of a sum that `count` baskets have whose values lie evenly in a gamma distribution."""
    values = special.gammaincinv(shape, (np.arange(count) + 0.5) / count)
    return np.asarray(values / values.sum())
