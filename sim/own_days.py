"""A member's own days: birthday, anniversaries, and what the member's history starts.

Serves campaigns. Day numbers count from the start of the warm-up; a birthday is a day of a 365-day year, drawn once a
life, so nobody is born on 29 February.
"""

from __future__ import annotations

import numpy as np

from .campaign_record import NOT_ON, YEARS
from .card import Card
from .compiled import mechanic
from .keyed_random import TRAITS_DAY, Purpose, day_key, uniform
from .market import Market
from .programme_table import Programme
from .shopper import NEVER, Shopper

BIRTHDAY, BIRTHDAY_MONTH, JOINING, TIER_UPGRADE, ORDERS, FIRST_ORDER, SILENCE, CHALLENGE, REVIEWS = range(1, 10)
"""The numbers of `memberlab.policies.Personal`, as the rules compare them."""

LEAP_DAY = 59
"""Place of 29 February in a leap year; 1 March in others."""


@mechanic
def birthday_of(key: np.uint64) -> int:
    """Return the shopper's birthday as a day of a 365-day year, from 0."""
    return int(uniform(day_key(key, TRAITS_DAY), Purpose.BIRTHDAY) * 365.0)


@mechanic
def year_of(m: Market, day: int) -> int:
    """Return the place of the year that holds `day`; days before the first year count to it."""
    year = 0
    while year + 1 < YEARS and m.year_start[np.uint64(year + 1)] <= day:
        year += 1
    return year


@mechanic
def day_in_year(m: Market, year: int, place: int) -> int:
    """Return the day number of a day of a 365-day year (`place`, from 0) in a year."""
    leap = 1 if m.year_days[np.uint64(year)] == 366 and place >= LEAP_DAY else 0
    return m.year_start[np.uint64(year)] + place + leap


@mechanic
def place_in_year(m: Market, day: int) -> int:
    """Return the place of `day` in a 365-day year; 29 February counts as 28 February."""
    year = year_of(m, day)
    place = day - m.year_start[np.uint64(year)]
    if m.year_days[np.uint64(year)] == 366 and place >= LEAP_DAY:
        place -= 1
    return place


@mechanic
def yearly_start(m: Market, place: int, before: int, after: int, day: int, earliest: int) -> int:
    """Return the first day of the yearly occasion that holds `day`, NOT_ON if none does.

    The occasion's own day must not lie before `earliest`.
    """
    year = year_of(m, day)
    for candidate in range(max(0, year - 1), min(YEARS, year + 2)):
        own = day_in_year(m, candidate, place)
        if own - before <= day <= own + after and own >= earliest:
            return own - before
    return NOT_ON


@mechanic
def own_day(s: Shopper, c: Card, p: Programme, number: int) -> int:
    """Return the first day of the last occasion that the shopper's history started; NEVER without one."""
    kind = p.campaign_own_day[np.uint64(number)]
    if kind == TIER_UPGRADE:
        return c.upgraded_day
    if kind == ORDERS:
        reached = c.orders_counted >= p.campaign_count[np.uint64(number)]
        return c.occasion[np.uint64(number)] if reached else NEVER
    if kind == REVIEWS:
        reached = c.reviews_counted >= p.campaign_count[np.uint64(number)]
        return c.occasion[np.uint64(number)] if reached else NEVER
    if kind == FIRST_ORDER:
        return s.first_order_day + 1 if s.first_order_day >= 0 else NEVER
    if kind == SILENCE:
        return s.last_order_day + p.campaign_count[np.uint64(number)] if s.last_order_day >= 0 else NEVER
    return min(NEVER, c.challenge_day + 1)


@mechanic
def lasts(p: Programme, number: int) -> int:
    """Return how many days after its first an own occasion lasts; what an order starts begins on the next day."""
    kind = p.campaign_own_day[np.uint64(number)]
    begun_by_order = kind in (ORDERS, FIRST_ORDER, CHALLENGE, REVIEWS)
    return p.campaign_after[np.uint64(number)] - (1 if begun_by_order else 0)


@mechanic
def own_start(s: Shopper, c: Card, p: Programme, m: Market, number: int, day: int, key: np.uint64) -> int:
    """Return the first day of the shopper's own occasion of a campaign that holds `day`, NOT_ON if none does."""
    kind = p.campaign_own_day[np.uint64(number)]
    before, after = p.campaign_before[np.uint64(number)], p.campaign_after[np.uint64(number)]
    if kind == BIRTHDAY:
        return yearly_start(m, birthday_of(key), before, after, day, -NEVER)
    if kind == BIRTHDAY_MONTH:
        own = day_in_year(m, year_of(m, m.month_start), birthday_of(key))
        return m.month_start if m.month_start <= own < m.next_month_start else NOT_ON
    if kind == JOINING:
        if s.first_order_day < 0:
            return NOT_ON
        place = place_in_year(m, s.first_order_day)
        return yearly_start(m, place, before, after, day, s.first_order_day + 300)
    start = own_day(s, c, p, number)
    return start if start <= day <= start + lasts(p, number) else NOT_ON


@mechanic
def next_own_start(s: Shopper, c: Card, p: Programme, m: Market, number: int, day: int, key: np.uint64) -> int:
    """Return the first day from `day` on, within the next year, on which an own occasion starts; NEVER without one."""
    kind = p.campaign_own_day[np.uint64(number)]
    before = p.campaign_before[np.uint64(number)]
    if kind in (BIRTHDAY, JOINING):
        place = birthday_of(key) if kind == BIRTHDAY else place_in_year(m, max(0, s.first_order_day))
        earliest = -NEVER if kind == BIRTHDAY else s.first_order_day + 300
        year = year_of(m, day)
        for candidate in range(year, min(YEARS, year + 3)):
            own = day_in_year(m, candidate, place)
            if own - before >= day and own >= earliest:
                return own - before
        return NEVER
    if kind == BIRTHDAY_MONTH:
        starts = day == m.month_start and own_start(s, c, p, m, number, day, key) == day
        return day if starts else NEVER
    start = own_day(s, c, p, number)
    return start if start >= day else NEVER
