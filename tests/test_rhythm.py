"""The rhythm of visits, held against what is worked out by hand and against an independent simulation in NumPy.

Seeds are fixed. Each comparison that is statistical has a false-alarm rate of 1 in 10,000 over seeds.
"""

from __future__ import annotations

import datetime
import math
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import optimize, stats

from memberlab.policies import load_policy
from memberlab.scenarios import Population, with_mean_one
from memberlab.sim import TRAITS_DAY, Purpose, World, keyed_uniforms, normal_quantile

from .rhythms import market, regulars, visits
from .worlds import small_scenario

RARE = 1e-4
"""False-alarm rate of a comparison."""

KEYED: Any = import_module("memberlab.sim.keyed_random")
TABLE: Any = import_module("memberlab.sim.rhythm_table")
WEEKDAYS = (0.7, 0.8, 0.9, 1.0, 1.1, 1.4, 1.1)
GAPS = (0.4, 0.7, 0.9, 1.1, 1.2, 1.4, 2.0, 1.1, 0.9, 0.8)
MONTH_DAYS = with_mean_one("month_days", [1.5, 1.3, 1.1] + [1.0] * 21 + [0.9, 1.2, 0.8, 0.8, 0.7, 0.9, 1.1])
WEEKS = with_mean_one("weeks", [0.8] * 10 + [1.0] * 35 + [1.1, 1.2, 1.2, 1.4, 1.6, 1.7, 0.6, 0.5])
DRIFT = [{"weeks": 4, "spread": 0.5}, {"weeks": 26, "spread": 0.4}]


def is_likely(counted: NDArray[np.int64], expected: NDArray[np.float64], free: int = 0) -> bool:
    """Return whether counts are as expected, by chi-square; `free` is how many figures were fitted."""
    distance = float(((counted - expected) ** 2 / expected).sum())
    return bool(stats.chi2.sf(distance, len(expected) - free) > RARE)


def are_alike(one: NDArray[np.int64], other: NDArray[np.int64]) -> bool:
    """Return whether two histograms are draws of one distribution, by chi-square; rare classes are put together."""
    common = one + other >= 50
    table = np.array([[*counts[common], counts[~common].sum()] for counts in (one, other)])
    return bool(stats.chi2_contingency(table[:, table.sum(axis=0) > 0]).pvalue > RARE)


def level_on(date: datetime.date) -> float:
    """Return the multiplier of a day by hand."""
    new_year = datetime.date(date.year, 1, 1)
    return WEEKDAYS[date.weekday()] * MONTH_DAYS[date.day - 1] * WEEKS[(date - new_year).days // 7]


class TestDays:
    """Weekdays, days of the month and weeks: without gaps every day is a coin of its own."""

    def test_days_have_their_share_in_a_leap_year_and_after(self) -> None:
        rhythm = {"weekdays": WEEKDAYS, "month_days": MONTH_DAYS, "weeks": WEEKS}
        rate, shoppers = 0.3, 3000
        world, _, by_day = visits(regulars(rate, {"rhythm": rhythm}), shoppers)
        dates = [datetime.date(2024, 1, 1) + datetime.timedelta(days=day) for day in range(world.end)]
        levels = np.array([level_on(date) for date in dates])
        every = np.outer(WEEKDAYS, [level_on(date) / WEEKDAYS[date.weekday()] for date in dates[366:]])

        def missed(hazard: float) -> float:
            return float(-np.expm1(-hazard * every).mean()) - rate

        own = optimize.brentq(missed, 1e-3, 3)
        chance = -np.expm1(-own * levels)
        counted = by_day.sum(axis=0)
        for place in (
            [date.weekday() for date in dates],
            [date.day - 1 for date in dates],
            [(date.timetuple().tm_yday - 1) // 7 for date in dates],
            [12 * (date.year - 2024) + date.month - 1 for date in dates],
        ):
            groups = np.array(place)[1:]
            number = groups.max() + 1
            expected = shoppers * np.bincount(groups, chance[1:], number)
            spread = shoppers * np.bincount(groups, (chance * (1 - chance))[1:], number)
            scores = (np.bincount(groups, counted[1:], number) - expected) / np.sqrt(spread)
            assert stats.chi2.sf(float((scores**2).sum()), number) > RARE

    def test_nobody_comes_on_a_day_of_level_0(self) -> None:
        open_days = [7 / 6] * 6 + [0]
        _, log, by_day = visits(regulars(0.9, {"rhythm": {"weekdays": open_days}}), 500)
        assert set((log.day % 7).tolist()) == {0, 1, 2, 3, 4, 5}  # 1 January 2024 is a Monday
        assert by_day[:, 1:].mean() == pytest.approx(0.98 * 6 / 7, rel=0.03)  # as often as the doors are open

    def test_first_orders_keep_to_weekdays(self) -> None:
        flat = {"population__shoppers": 20_000, "population__established": "60 %", "start": "2025-01-01"}
        closed = [*(0.0 if day == 2 else level for day, level in enumerate(WEEKDAYS[:6])), 2.0]
        population = regulars(0.1, {"rhythm": {"weekdays": closed}})
        world = World(load_policy("no-programme"), small_scenario(**flat), population=population)
        days = world.shoppers["next_visit"].astype(int)
        counted = np.bincount(days % 7, minlength=7)  # 1 January 2024 is a Monday
        kept = np.array(closed) > 0
        assert counted[2] < 0.001 * counted.sum()  # at the ends of warm-up and horizon
        assert is_likely(counted[kept], counted[kept].sum() * np.array(closed)[kept] / 7)
        evenly = World(load_policy("no-programme"), small_scenario(**flat), population=regulars(0.1, {}))
        assert np.abs(days - evenly.shoppers["next_visit"]).max() < 7


class TestGaps:
    def test_gaps_have_their_hazards_and_the_rate_stays(self) -> None:
        rate = 0.15
        _, log, by_day = visits(regulars(rate, {"rhythm": {"gaps": GAPS}}))
        passed = np.cumsum([*GAPS, *[1.0] * 300])

        def missed(hazard: float) -> float:
            return 1 / (1 + float(np.exp(-hazard * passed).sum())) - rate

        own = optimize.brentq(missed, 1e-3, 3)
        chances = -np.diff(np.exp(-own * np.concatenate([[0], passed])))
        gaps = gaps_of(log.shopper, log.day)
        begun = gaps[:, 0] < 400  # so that the end of the world cuts none off
        counted = np.bincount(gaps[begun, 1], minlength=60)[1:60]
        assert is_likely(counted[:40], begun.sum() * chances[:40])
        assert by_day[:, 1:].mean() == pytest.approx(rate, rel=0.01)

    def test_weekdays_and_gaps_together_as_in_an_independent_simulation(self) -> None:
        rate = 0.3
        _, log, by_day = visits(regulars(rate, {"rhythm": {"gaps": GAPS, "weekdays": WEEKDAYS}}))
        hazard = -math.log1p(-rate) / float(pace_of(regulars(rate, {"rhythm": {"gaps": GAPS, "weekdays": WEEKDAYS}})))
        other = simulated(hazard, len(by_day), by_day.shape[1], seed=3)
        for one, two in (
            (by_day[:, 1:].sum(axis=0), other[:, 1:].sum(axis=0)),
            (np.bincount(gaps_of(log.shopper, log.day)[:, 1]), np.bincount(gaps_of(*np.nonzero(other))[:, 1])),
        ):
            length = min(len(one), len(two))
            assert are_alike(one[:length], two[:length])
        assert by_day[:, 1:].mean() == pytest.approx(rate, rel=0.01)


class TestDrift:
    def test_weekly_counts_covary_as_blocks_overlap(self) -> None:
        rate, shoppers = 0.03, 6000
        _, _, by_day = visits(regulars(rate, {"rhythm": {"drift": DRIFT}}), shoppers)
        weeks = by_day[:, 1:729].reshape(shoppers, 104, 7).sum(axis=2)
        assert by_day[:, 1:].mean() == pytest.approx(rate, rel=0.03)
        for lag in (1, 3, 8, 20, 30):
            products = ((weeks[:, lag:] - 7 * rate) * (weeks[:, :-lag] - 7 * rate)).mean(axis=1)
            error = products.std(ddof=1) / math.sqrt(shoppers)
            bent = 0.06 * covariance_of_weeks(rate, lag)  # chances bend with hazards: 3 % at this rate
            assert abs(products.mean() - covariance_of_weeks(rate, lag)) < 3.9 * error + bent

    def test_the_next_visit_recomputed_by_hand(self) -> None:
        world = market(regulars(0.05, {"rhythm": {"drift": DRIFT, "gaps": GAPS, "weekdays": WEEKDAYS}}), 40)
        gaps = world.shoppers["visit_gap"].astype(float)
        world.run(1)
        shares = [keyed_uniforms(world.seed, range(40), TRAITS_DAY, drift(number)) for number in range(2)]
        pace = float(pace_of(world.population))
        for shopper in range(40):
            key = np.uint64(KEYED.shopper_key(KEYED.hashed(world.seed), shopper))
            left = -math.log(KEYED.as_share(np.uint64(KEYED.day_key(key, 0)))) * gaps[shopper] * pace
            day = 0
            while left >= 0:
                day += 1
                level = WEEKDAYS[day % 7] * (GAPS[day - 1] if day <= len(GAPS) else 1.0)
                for number, part in enumerate(DRIFT):
                    length, spread = int(7 * part["weeks"]), part["spread"]
                    block = (day + int(shares[number][shopper] * length)) // length
                    draw = keyed_uniforms(world.seed, range(shopper, shopper + 1), block, drift(number))
                    level *= math.exp(spread * normal_quantile(draw[0]) - spread**2 / 2)
                left -= level
            assert world.shoppers["next_visit"][shopper] == day


@pytest.mark.parametrize("rate", [0.01, 0.14, 0.6])
def test_the_rate_stays_under_everything_together(rate: float) -> None:
    # drift leaves a shopper's two years a spread of its own, so there are many of them
    rhythm = {"weekdays": WEEKDAYS, "month_days": MONTH_DAYS, "weeks": WEEKS, "gaps": GAPS, "drift": [DRIFT[0]]}
    _, _, by_day = visits(regulars(rate, {"rhythm": rhythm}), 4000)
    error = by_day[:, 1:].mean(axis=1).std(ddof=1) / math.sqrt(4000)
    assert abs(by_day[:, 1:].mean() - rate) < 0.01 * rate + 3.9 * error


def pace_of(population: Population) -> Any:
    """Return the pace of shoppers who are all alike."""
    gap = float(market(population, 1).shoppers["visit_gap"][0])
    place = (math.log(gap) - TABLE.FIRST_PACE) / TABLE.PACE_STEP
    return np.interp(place, np.arange(TABLE.PACES), TABLE.paces(population.rhythm))


def drift(component: int) -> Any:
    """Return the purpose of a component's draws."""
    return int(Purpose.DRIFT) + component


def gaps_of(shopper: NDArray[np.integer[Any]], day: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """Return first day and length of every gap between two orders (shape: gaps x 2)."""
    order = np.lexsort((day, shopper))
    who, when = shopper[order], day[order]
    same = who[1:] == who[:-1]
    return np.stack([when[:-1][same], np.diff(when)[same]], axis=1).astype(np.int64)


def simulated(hazard: float, shoppers: int, days: int, seed: int) -> NDArray[np.int64]:
    """Return visits by shopper and day (shape: both) of another program: a coin a day."""
    draws = np.random.default_rng(seed)
    visits = np.zeros((shoppers, days), np.int64)
    visits[:, 0] = 1
    since = np.zeros(shoppers, np.int64)
    levels = np.array([*GAPS, 1.0])
    for day in range(1, days):
        since += 1
        chance = -np.expm1(-hazard * WEEKDAYS[day % 7] * levels[np.minimum(since, len(levels)) - 1])
        visits[:, day] = draws.random(shoppers) < chance
        since[visits[:, day] == 1] = 0
    return visits


def covariance_of_weeks(rate: float, lag: int) -> float:
    """Return the covariance of a shopper's orders in two weeks: days covary as they fall into one block."""
    total = 0.0
    for one in range(7):
        for other in range(7):
            apart = 7 * lag + other - one
            product = 1.0
            for part in DRIFT:
                together = max(0.0, 1 - apart / (7 * part["weeks"]))
                product *= 1 + together * math.expm1(part["spread"] ** 2)
            total += rate**2 * (product - 1)
    return total
