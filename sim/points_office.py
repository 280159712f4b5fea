"""The office's calendar for points: fixed days of expiry, days of lottery and lower prices, rewards in stock.

Serves the office, which runs these processes beside its own. Each writes the market record and can be opened on any
day.
"""

from __future__ import annotations

import datetime
from collections.abc import Generator
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from memberlab.policies import Lottery, Policy, PriceEvent

from .calendar import Calendar
from .market import FULL_PRICE, UNLIMITED
from .shopper import NEVER


def open_points_office(
    environment: simpy.Environment, policy: Policy, calendar: Calendar, market: NDArray[np.void]
) -> None:
    """Start the processes that the points of `policy` need as of this morning."""
    market["points_price"] = FULL_PRICE
    market["points_end"] = market["following_points_end"] = NEVER
    market["lottery_is_on"] = 0
    points = policy.points
    if points is None:
        return
    if points.expiry is not None and points.expiry.dates:
        environment.process(_keep_expiry_dates(environment, points.expiry.dates, calendar, market))
    if points.price_events:
        environment.process(_set_prices(environment, points.price_events, calendar, market))
    if points.lottery is not None:
        environment.process(_hold_lottery(environment, points.lottery, calendar, market))
    if any(reward.stock is not None for reward in points.rewards.values()):
        environment.process(_keep_stock(environment, policy, market))


def _keep_expiry_dates(
    environment: simpy.Environment, dates: tuple[str, ...], calendar: Calendar, market: NDArray[np.void]
) -> Generator[simpy.Event, Any, None]:
    """Write the next two days on which all points are gone; the day itself stays until it is over."""
    while True:
        today = int(environment.now)
        year = calendar.date_of(today).year
        last_days = [datetime.date.fromisoformat(f"{y}-{date}") for y in range(year - 1, year + 3) for date in dates]
        gone = sorted({(day - calendar.start).days + 1 for day in last_days})
        coming = [day for day in gone if day >= today]
        market["points_end"], market["following_points_end"] = min(coming[0], NEVER), min(coming[1], NEVER)
        yield environment.timeout(coming[0] + 1 - today)


def _set_prices(
    environment: simpy.Environment, price_events: tuple[PriceEvent, ...], calendar: Calendar, market: NDArray[np.void]
) -> Generator[simpy.Event, Any, None]:
    """Set the price in points on the first day of each event and after its last; of two events the lower price
    holds.
    """
    now = int(environment.now)
    events = [(first, end, event.price) for event in price_events for first, end in calendar.days_of(event.when, now)]
    while True:
        today = int(environment.now)
        prices = [price for first, end, price in events if first <= today < end]
        market["points_price"] = min([FULL_PRICE, *prices])
        later = [day for first, end, _ in events for day in (first, end) if day > today]
        if not later:
            return
        yield environment.timeout(min(later) - today)


def _hold_lottery(
    environment: simpy.Environment, lottery: Lottery, calendar: Calendar, market: NDArray[np.void]
) -> Generator[simpy.Event, Any, None]:
    """Open the lottery on its days."""
    for first, end in calendar.days_of(lottery.when, int(environment.now)):
        if first > environment.now:
            yield environment.timeout(first - environment.now)
        market["lottery_is_on"] = 1
        yield environment.timeout(end - environment.now)
        market["lottery_is_on"] = 0


def _keep_stock(
    environment: simpy.Environment, policy: Policy, market: NDArray[np.void]
) -> Generator[simpy.Event, Any, None]:
    """Keep a container of each reward in stock, and take out every morning what members took the day before.

    Because of the stock members meet each other: while there is any, the population is carried one day at a time.
    """
    assert policy.points is not None
    stocks = {}
    for place, reward in enumerate(policy.points.rewards.values()):
        left = int(market["rewards_left"][0, place])
        if reward.stock is not None and left > 0:
            stocks[place] = simpy.Container(environment, capacity=reward.stock, init=left)
    while any(stock.level > 0 for stock in stocks.values()):
        yield environment.timeout(1)
        for place, stock in stocks.items():
            taken = stock.level - int(market["rewards_left"][0, place])
            if taken > 0:
                yield stock.get(taken)


def stock_rewards(market: NDArray[np.void], policy: Policy, first: int, count: int, shoppers: int) -> None:
    """Fill the shelves of a region, which has the `count` shoppers from number `first` on: its part of each stock."""
    market["rewards_left"] = UNLIMITED
    if policy.points is not None:
        for place, reward in enumerate(policy.points.rewards.values()):
            if reward.stock is not None:
                upto, before = reward.stock * (first + count) // shoppers, reward.stock * first // shoppers
                market["rewards_left"][0, place] = upto - before
