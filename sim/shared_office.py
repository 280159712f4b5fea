"""The office's processes for what shoppers share: the daily close, desk shifts, and limited stock.

Serves the office, which opens them where a policy or a scenario shares something. Each wakes every morning, so that the
kernel carries the population one day at a time, and writes what it decides into the shared arrays.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from memberlab.policies import Policy, Shift, SpecialPricePool

from .calendar import Calendar
from .desk_terms import SECONDS_AN_HOUR
from .shared_business import SharedBusiness

SATURDAY = 5


def open_shared_office(
    environment: simpy.Environment, policy: Policy, calendar: Calendar, market: NDArray[np.void], shared: SharedBusiness
) -> None:
    """Start the processes as of this morning."""
    environment.process(wake_every_morning(environment))
    if policy.special_price_pool is not None:
        environment.process(stock_pool(environment, policy.special_price_pool, calendar, market, shared.units))
    if policy.service is not None:
        for number, shift in enumerate(policy.service.shifts.values()):
            environment.process(work_shift(environment, shift, number, calendar, market, shared))


def wake_every_morning(environment: simpy.Environment) -> Generator[simpy.Event, Any, None]:
    """Have business on every day, so that nobody lives on before the day's shared business is done."""
    while True:
        yield environment.timeout(1)


def stock_pool(
    environment: simpy.Environment, pool: SpecialPricePool, calendar: Calendar, market: NDArray[np.void], units: int
) -> Generator[simpy.Event, Any, None]:
    """Keep the stock of the special-price pool: put in each month's units, take out what is sold, withdraw the rest."""
    stock = simpy.Container(environment, capacity=units, init=min(units, int(market["pool_left"][0])))
    early = max(pool.early_access.values(), default=0)
    while True:
        today = int(environment.now)
        sold = stock.level - int(market["pool_left"][0])
        if sold > 0:
            yield stock.get(sold)
        start = calendar.month_starts[calendar.month_of(today)]
        if today == start and stock.level > 0:
            yield stock.get(stock.level)
        market["pool_opens"] = start + pool.opens - 1
        if today == start + pool.opens - 1 - early:
            yield stock.put(units)
        market["pool_left"] = stock.level
        yield environment.timeout(1)


def work_shift(
    environment: simpy.Environment, shift: Shift, number: int, calendar: Calendar, market: NDArray[np.void],
    shared: SharedBusiness,
) -> Generator[simpy.Event, Any, None]:  # fmt: skip
    """Put the agents of a shift on duty for its hours on the days that it is worked."""
    staff = np.flatnonzero(shared.agents["shift"] == number)
    while True:
        weekend = calendar.date_of(int(environment.now)).weekday() >= SATURDAY
        works = shift.days == "every-day" or (shift.days == "weekends") == weekend
        starts, ends = shift.starts * SECONDS_AN_HOUR, shift.ends * SECONDS_AN_HOUR
        shared.agents["starts"][staff] = starts if works else 0
        shared.agents["ends"][staff] = ends_of_work(len(staff), starts, ends, float(market["staff"][0])) if works else 0
        yield environment.timeout(1)


def ends_of_work(agents: int, starts: int, ends: int, share: float) -> NDArray[np.int64]:
    """Return when each agent of a shift goes home (shape: agents, seconds) if only a share of its hours is worked: the
    first of the roster work as long as ever, one some of the time, the others not at all.
    """
    parts = np.clip(agents * share - np.arange(agents), 0.0, 1.0)
    return np.asarray(starts + np.rint(parts * (ends - starts)), np.int64)
