"""Rhythm of visits: weekdays, days of the month, weeks of the year, days since the last visit, and the drift of a
shopper's own rate.

Serves the visit. On a day the chance of a candidate visit is 1 - exp(-hazard), and the hazard is the shopper's own
times the day's multipliers; so one exponential number is spent day by day on the hazards until none is left, which is
the geometric draw of a market without rhythm when every multiplier is 1. Nothing is thinned, and nothing that a policy
could move is read. A drift keeps no state: its numbers are addressed by shopper, component and block.
"""

from __future__ import annotations

import math

import numpy as np

from .compiled import mechanic
from .keyed_random import TRAITS_DAY, Purpose, as_share, day_key, normal, uniform
from .market import Market
from .rhythm_table import FIRST_PACE, PACE_STEP, PACES
from .shopper import NEVER, Shopper


@mechanic
def next_day_in_rhythm(s: Shopper, m: Market, day: int, k: np.uint64, key: np.uint64) -> int:
    """Return the next candidate day after one on `day`, whose key is `k`; NEVER if none comes before the world ends."""
    wanted = -math.log(as_share(k)) * s.visit_gap
    if m.is_paced != 0:
        wanted *= pace(m, s.visit_gap)
    reached = 0.0
    today = day + 1
    while today < m.rhythm_end:
        until, level = m.rhythm_end, 1.0
        if m.drifts > 0:
            until = min(until, next_block(m, today, key))
            level = drift_level(m, today, key)
        while today < until:
            hazard = level * m.rhythm_day[np.uint64(today)]
            if today - day <= m.gaps:
                hazard *= m.gap_level[np.uint64(today - day - 1)]
            reached += hazard
            if reached > wanted:
                return today
            today += 1
    return NEVER


@mechanic
def pace(m: Market, visit_gap: float) -> float:
    """Return by how much the multipliers slow down who comes every `visit_gap` days, to take it off the hazard."""
    place = min(PACES - 1.0, max(0.0, (math.log(visit_gap) - FIRST_PACE) / PACE_STEP))
    below = min(PACES - 2, int(place))
    low, high = m.pace[np.uint64(below)], m.pace[np.uint64(below + 1)]
    return low + (place - below) * (high - low)


@mechanic
def block_phase(m: Market, component: int, key: np.uint64) -> int:
    """Return how many days of the first block of a component have passed on day 0, for this shopper."""
    share = uniform(day_key(key, TRAITS_DAY), Purpose.DRIFT + component)
    return int(share * m.drift_days[np.uint64(component)])


@mechanic
def next_block(m: Market, day: int, key: np.uint64) -> int:
    """Return the first day after `day` on which some component of the drift is drawn anew."""
    first = NEVER
    for component in range(m.drifts):
        length = m.drift_days[np.uint64(component)]
        first = min(first, day + length - (day + block_phase(m, component, key)) % length)
    return first


@mechanic
def drift_level(m: Market, day: int, key: np.uint64) -> float:
    """Return the multiplier of the shopper's own rate on `day`: log-normal with mean 1."""
    level = -m.drift_mean
    for component in range(m.drifts):
        block = (day + block_phase(m, component, key)) // m.drift_days[np.uint64(component)]
        level += m.drift_spread[np.uint64(component)] * normal(day_key(key, block), Purpose.DRIFT + component)
    return math.exp(level)
