"""The rhythm of a population as flat numbers of the market: a multiplier for each day of the world, and what keeps
everybody's mean rate.

Serves the opening of a market. Multipliers have mean 1, and yet they would make those who come often rarer: the chance
of a day bends with its hazard, and the days after a visit count more for who comes soon. A pace, by the own gap between
visits, takes that off. It is exact for weekdays and gaps together (a renewal process on the days of the week), and
without gaps for every part, on days of which week, month and drift are independent; where there are gaps, days of the
month, weeks and drift count as lasting longer than a gap.
"""

from __future__ import annotations

import datetime
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from memberlab.scenarios import Population, Rhythm

WORLD_DAYS = 5_520
"""Days of the longest world: 5 years of warm-up and 10 of horizon."""

PACES = 64
FIRST_PACE, PACE_STEP = float(np.log(0.3)), 0.2
"""Paces are tabulated by the logarithm of the days between visits."""

LARGEST_DAILY_RATE = 0.95
"""A shopper whose candidate days would be closer together gets a higher conversion instead."""

WITHIN_REACH = 0.98
"""Of the largest rate of visits that a rhythm allows."""

Numbers = NDArray[np.float64]

HAZARDS: Numbers = np.exp(np.linspace(np.log(1e-7), np.log(60.0), 500))
"""Hazards at which rates of visits are worked out."""

DRIFT_NODES = 24
WEEK = 7


def write_rhythm(record: NDArray[np.void], population: Population, start: datetime.date, days: int) -> None:
    """Write the rhythm of `population` into the market `record` of a world of so many `days` from `start` on."""
    rhythm = population.rhythm
    if rhythm is None:
        return
    record["has_rhythm"], record["rhythm_end"] = 1, days
    record["rhythm_day"][0, :days] = day_levels(rhythm, start, days)
    record["gaps"] = len(rhythm.gaps)
    record["gap_level"][0, : len(rhythm.gaps)] = rhythm.gaps
    record["drifts"] = len(rhythm.drift)
    for number, drift in enumerate(rhythm.drift):
        record["drift_days"][0, number], record["drift_spread"][0, number] = WEEK * drift.weeks, drift.spread
    record["drift_mean"] = sum(drift.spread**2 for drift in rhythm.drift) / 2
    record["pace"][0] = paces(rhythm)
    record["is_paced"] = bool(np.any(record["pace"] != 1.0))
    if rhythm.basket_weeks:
        record["has_basket_weeks"] = 1
        record["basket_week"][0] = rhythm.basket_weeks


def day_levels(rhythm: Rhythm, start: datetime.date, days: int) -> Numbers:
    """Return the multiplier that each of `days` from `start` on has for everybody (shape: days)."""
    levels = np.ones(days)
    for day in range(days):
        date = start + datetime.timedelta(days=day)
        if rhythm.weekdays:
            levels[day] *= rhythm.weekdays[date.weekday()]
        if rhythm.month_days:
            levels[day] *= rhythm.month_days[date.day - 1]
        if rhythm.weeks:
            levels[day] *= rhythm.weeks[(date.timetuple().tm_yday - 1) // WEEK]
    return levels


def on_weekdays(moments: Numbers, population: Population, start: datetime.date, days: tuple[int, int]) -> Numbers:
    """Return first orders at `moments` (days from `start` on) put on weekdays as visits are, each within its week; who
    would leave the period from `days[0]` to `days[1]` by that stays (shape of `moments`).
    """
    if population.rhythm is None or not population.rhythm.weekdays:
        return moments
    shares = np.cumsum(population.rhythm.weekdays) / sum(population.rhythm.weekdays)
    monday = np.floor((moments + start.weekday()) / WEEK) * WEEK - start.weekday()
    weekday = np.searchsorted(shares[:-1], (moments - monday) / WEEK, side="right")
    moved = monday + weekday
    return np.where((moved >= days[0]) & (moved < days[1]), moved, moments)


def largest_daily_rate(population: Population) -> float:
    """Return the most candidate visits a day that a shopper has."""
    if population.rhythm is None:
        return LARGEST_DAILY_RATE
    return min(LARGEST_DAILY_RATE, WITHIN_REACH * float(visits_a_day(population.rhythm)[-1]))


@lru_cache(maxsize=16)
def paces(rhythm: Rhythm) -> Numbers:
    """Return by how much to multiply gaps between visits of exp(FIRST_PACE + PACE_STEP i) days, so that so many visits
    come as without a rhythm (shape: PACES).
    """
    if not (rhythm.weekdays or rhythm.month_days or rhythm.weeks or rhythm.gaps or rhythm.drift):
        return np.ones(PACES)
    log_gaps = FIRST_PACE + PACE_STEP * np.arange(PACES)
    log_hazards, rates = np.log(HAZARDS), visits_a_day(rhythm)
    rising = np.concatenate([[True], np.diff(np.maximum.accumulate(rates)) > 0])
    wanted = np.log(-np.expm1(-HAZARDS))
    needed = np.interp(wanted, np.log(rates[rising]), log_hazards[rising])
    found = np.exp(np.interp(-log_gaps, log_hazards, log_hazards - needed))
    found[np.abs(found - 1.0) < 1e-9] = 1.0
    return np.asarray(found)


@lru_cache(maxsize=16)
def visits_a_day(rhythm: Rhythm) -> Numbers:
    """Return the long-run rate of candidate visits for each of HAZARDS under a rhythm (shape of HAZARDS)."""
    log_hazards, log_rates = np.log(HAZARDS), np.log(_rates_by_weekday(rhythm))
    levels, weights = _slow_levels(rhythm)
    rates = np.zeros(len(HAZARDS))
    for level, weight in zip(levels, weights, strict=True):
        if level > 0:
            at = log_hazards + np.log(level)
            below = np.minimum(at - log_hazards[0], 0.0)  # so rare that rates are proportional to hazards
            rates += weight * np.exp(np.interp(at, log_hazards, log_rates) + below)
    return rates


def _slow_levels(rhythm: Rhythm) -> tuple[Numbers, Numbers]:
    """Return levels of month days, weeks and drift together, with the shares of time that they have."""
    year = Rhythm(month_days=rhythm.month_days, weeks=rhythm.weeks)
    levels, days = np.unique(np.round(day_levels(year, datetime.date(2023, 1, 1), 365), 12), return_counts=True)
    spread = float(np.sqrt(sum(drift.spread**2 for drift in rhythm.drift)))
    nodes, shares = np.polynomial.hermite_e.hermegauss(DRIFT_NODES)
    drift = np.exp(spread * nodes - spread**2 / 2)
    if spread == 0.0:
        drift, shares = np.ones(1), np.ones(1)
    return np.outer(levels, drift).ravel(), np.outer(days / days.sum(), shares / shares.sum()).ravel()


def _rates_by_weekday(rhythm: Rhythm) -> Numbers:
    """Return the long-run rate of visits for each of HAZARDS by weekdays and gaps alone (shape of HAZARDS).

    Visits are a Markov renewal process on the days of the week; beyond the last gap each week repeats the one before.
    """
    weekdays = np.array(rhythm.weekdays or [1.0] * WEEK)
    known = len(rhythm.gaps)
    if known == 0:
        return np.asarray((1.0 - np.exp(-np.outer(HAZARDS, weekdays))).mean(axis=1))
    gaps = np.array([*rhythm.gaps, *[1.0] * WEEK])
    after = np.arange(1, len(gaps) + 1)
    passed = np.cumsum(gaps * weekdays[(np.arange(WEEK)[:, None] + after) % WEEK], axis=1)
    alive = np.exp(-HAZARDS[:, None, None] * np.concatenate([np.zeros((WEEK, 1)), passed], axis=1))
    weeks = 1.0 / -np.expm1(-HAZARDS * weekdays.sum())  # how often the last seven days are passed
    often = np.where(after > known, weeks[:, None], 1.0)[:, None, :]
    ends = (alive[:, :, :-1] - alive[:, :, 1:]) * often
    moves = np.full((len(HAZARDS), WEEK, WEEK), 1e-9 / WEEK)
    for weekday in range(WEEK):
        for place, days in enumerate(after):
            moves[:, weekday, (weekday + days) % WEEK] += (1 - 1e-9) * ends[:, weekday, place]
    system = np.swapaxes(moves, 1, 2) - np.eye(WEEK)
    system[:, -1, :] = 1.0
    right = np.zeros((len(HAZARDS), WEEK, 1))
    right[:, -1] = 1.0
    share = np.linalg.solve(system, right)[:, :, 0]
    length = (alive[:, :, :-1] * often).sum(axis=2)  # alive[k] is the chance that the gap is longer than k days
    return np.asarray(1.0 / (share * length).sum(axis=1))
