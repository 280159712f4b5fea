"""A quick simulation of the base process in NumPy: logs by the thousand customers, without any programme or policy.

Serves indirect inference, which needs many logs of almost the right process, and the tests, where it is an oracle
independent of the compiled market.
"""

from __future__ import annotations

import datetime

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .base_process import BaseProcess, DealProcess, SpendProcess, VisitProcess, at_quantiles
from .memory_of_visits import at_hazards, mean_log_gap, rate_keeping_factor
from .visit_log import WEEK, FloatArray, IntegerArray, VisitLog

LARGEST_DAILY_RATE = 0.93
"""Chance of a candidate day that nobody exceeds."""

BURN_IN = 28
"""Days before the window in which the established have their first visit."""


def simulate_log(process: BaseProcess, customers: int, first_day: datetime.date, days: int, seed: int) -> VisitLog:
    """Return the log of `customers` shoppers over `days` days from `first_day`, everybody counted who could come."""
    generator = np.random.default_rng(seed)
    frequency = generator.standard_normal(customers)
    customer, day, gap = _visits(process.visits, frequency, first_day, days, generator)
    usual = at_hazards(
        mean_log_gap(process.visits.gaps, process.visits.conversion), own_rates(process.visits, frequency)
    )
    paid = _amounts(process.spend, frequency, usual, customer, day, gap, first_day, generator)
    kept = day >= 0
    customer, day, paid = customer[kept], day[kept], paid[kept]
    order = np.lexsort((day, customer))
    log = VisitLog(customers, first_day, days, customer[order], day[order], paid[order])
    return log if process.deals is None else with_deals(log, process.deals, generator)


def _visits(
    process: VisitProcess, frequency: FloatArray, first_day: datetime.date, days: int, generator: np.random.Generator
) -> tuple[IntegerArray, IntegerArray, IntegerArray]:
    """Return customer, day and days since the last one (0: the first) of every order, day by day."""
    count = len(frequency)
    total = BURN_IN + days
    rate = own_rates(process, frequency)
    calendar = calendar_multipliers(process, first_day - datetime.timedelta(days=BURN_IN), total)
    drift = _drift(process, count, total, generator)
    start = BURN_IN + _entry_days(process, count, days, BURN_IN, generator)
    end = np.full(count, np.inf)
    if process.leaving > 0:
        hazard = generator.exponential(process.leaving / WEEK, count)
        end = start + generator.exponential(1.0, count) / np.maximum(hazard, 1e-12)
    last, ordered = np.full(count, -1), np.full(count, -1)
    table = np.concatenate([[1.0], process.gaps, [1.0]])
    variance = sum(spread**2 for _, spread in process.drift)
    rate = rate * at_hazards(rate_keeping_factor(process.gaps, variance), rate)
    found: list[tuple[IntegerArray, IntegerArray, IntegerArray]] = []
    for day in range(total):
        since = np.minimum(day - last, len(table) - 1)
        hazard = rate * drift[:, day] * (table[since] * calendar[day])
        comes = (generator.random(count) < -np.expm1(-hazard)) & (last >= 0) & (day < end) | (day == start)
        orders = np.flatnonzero(comes & ((last < 0) | (generator.random(count) < process.conversion)))
        since = np.where(ordered[orders] >= 0, day - ordered[orders], 0)
        found.append((orders, np.full(len(orders), day - BURN_IN), since))
        last[comes], ordered[orders] = day, day
    who, when, since_last = (np.concatenate(part) for part in zip(*found, strict=True))
    return who, when, since_last


def entry_days(process: VisitProcess, customers: int, days: int, settling: int, seed: int) -> IntegerArray:
    """Return the day of each shopper's first order: in the `settling` days before day 0, or late in the window."""
    return _entry_days(process, customers, days, settling, np.random.default_rng(seed))


def _entry_days(
    process: VisitProcess, count: int, days: int, settling: int, generator: np.random.Generator
) -> IntegerArray:
    established = generator.integers(-settling, 0, count)
    is_late = generator.random(count) < process.late
    moment = at_ends(process.entry, generator.random(count))
    return np.where(is_late, np.minimum((moment * days).astype(np.int64), days - 1), established)


def own_rates(process: VisitProcess, frequency: FloatArray) -> FloatArray:
    """Return each shopper's own hazard of a candidate day by its normal score of frequency."""
    orders = special.gammaincinv(process.shape, special.ndtr(frequency)) / process.shape * process.rate
    return np.asarray(-np.log1p(-np.minimum(orders / process.conversion, LARGEST_DAILY_RATE)))


def at_ends(quantiles: FloatArray, ranks: FloatArray) -> FloatArray:
    """Return the values at ranks (0 to 1) of quantiles at 0, 1/(n-1), ..., 1."""
    return np.interp(ranks, np.linspace(0.0, 1.0, len(quantiles)), quantiles)


def _drift(process: VisitProcess, count: int, days: int, generator: np.random.Generator) -> NDArray[np.float32]:
    """Return the multipliers of drift (shape: customers, days), mean 1 over customers."""
    log_drift = np.zeros((count, days), dtype=np.float32)
    for weeks, spread in process.drift:
        if spread == 0:
            continue
        length = weeks * WEEK
        values = generator.standard_normal((count, days // length + 2)).astype(np.float32)
        phase = generator.integers(0, length, count)
        block = (np.arange(days)[None, :] + phase[:, None]) // length
        log_drift += np.float32(spread) * np.take_along_axis(values, block, axis=1) - np.float32(spread**2 / 2)
    return np.exp(log_drift)


def calendar_multipliers(process: VisitProcess, first_day: datetime.date, days: int) -> FloatArray:
    """Return the product of the multipliers of weekday, day of the month and week of the year (shape: days)."""
    weekday, month_day, week = calendar_of_days(first_day, days)
    return np.asarray(process.weekdays[weekday] * process.month_days[month_day] * process.weeks[week])


def calendar_of_days(first_day: datetime.date, days: int) -> tuple[IntegerArray, IntegerArray, IntegerArray]:
    """Return weekday (Monday 0), day of the month (from 0) and week of the year (day of the year // 7) of each day."""
    dates = np.datetime64(first_day, "D") + np.arange(days)
    weekday = (np.arange(days) + first_day.weekday()) % WEEK
    month_day = (dates - dates.astype("datetime64[M]")).astype(np.int64)
    week = (dates - dates.astype("datetime64[Y]")).astype(np.int64) // WEEK
    return weekday, month_day, week


def _amounts(
    process: SpendProcess, frequency: FloatArray, usual: FloatArray, customer: IntegerArray, day: IntegerArray,
    gap: IntegerArray, first_day: datetime.date, generator: np.random.Generator,
) -> FloatArray:  # fmt: skip
    """Return the amount of every visit; `usual` is the shopper's usual log gap, at which the slope has no effect."""
    rho = process.correlation
    score = rho * frequency + np.sqrt(1 - rho * rho) * generator.standard_normal(len(frequency))
    own = process.level + at_quantiles(process.between, special.ndtr(score))
    residual = at_quantiles(process.within, generator.random(len(day)))
    longer = np.where(gap > 0, np.log(np.maximum(gap, 1)) - usual[customer], 0.0)
    dates = np.datetime64(first_day, "D") + day
    week = (dates - dates.astype("datetime64[Y]")).astype(np.int64) // WEEK
    return np.asarray(np.exp(own[customer] + residual + process.gap_slope * longer) * process.basket_weeks[week])


def with_deals(log: VisitLog, deals: DealProcess, generator: np.random.Generator) -> VisitLog:
    """Return the log with shelf values and price deals: each customer has a share of its own, the same at all visits.

    What is paid stays as it is; the shelf value is it over one less the share.
    """
    from dataclasses import replace

    weight = max(deals.mean * (1 - deals.mean) / max(deals.spread**2, 1e-9) - 1, 1e-3)
    share = generator.beta(deals.mean * weight, (1 - deals.mean) * weight, log.customers)
    gross = log.paid / (1 - share[log.customer])
    return replace(log, gross=gross, discount=gross - log.paid)
