"""Amounts by quantiles, their link with gaps and weeks, and late entry, held against what is worked out by hand.

Seeds are fixed. Each comparison that is statistical has a false-alarm rate of 1 in 10,000 over seeds.
"""

from __future__ import annotations

import datetime
import math
from importlib import import_module

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from memberlab.scenarios import Population, customers_of, with_mean_one
from memberlab.sim import OrderLog, Purpose, coupons_an_order, deal_shares, keyed_uniforms

from .rhythms import market, regulars, visits
from .worlds import brisk_population, small_scenario

RARE = 1e-4
"""False-alarm rate of a comparison."""

LEVEL = math.log(700)
"""Logarithm of the cents of the scenario for one unit of the population's currency."""

WITHIN = (-2.0, -0.7, -0.1, 0.4, 0.9, 1.5)
BETWEEN = (-1.1, -0.3, 0.2, 1.2)
NONE = (0.0, 0.0)


def spend(between: tuple[float, ...] = NONE, within: tuple[float, ...] = NONE, **more: float) -> dict[str, object]:
    return {"spend": {"model": "quantiles", "level": 3.2, "between": between, "within": within, **more}}


def share_below(log_amounts: NDArray[np.float64], quantiles: tuple[float, ...]) -> NDArray[np.float64]:
    """Return the distribution function of quantiles at equidistant probabilities, straight lines between them."""
    count = len(quantiles)
    places = (np.arange(count) + 0.5) / count
    inside = np.interp(log_amounts, quantiles, places)
    return np.where(log_amounts < quantiles[0], 0.0, np.where(log_amounts >= quantiles[-1], 1.0, inside))


def log_amounts(log: OrderLog) -> NDArray[np.float64]:
    """Return log amounts in units of the population's currency, around the level."""
    return np.log(log.goods) - LEVEL - 3.2


def log_with_slope(shape: float) -> OrderLog:
    _, log, _ = visits(regulars(0.15, spend(gap_slope=0.3), shape), 1500)
    return log


class TestAmounts:
    def test_single_amounts_have_their_quantiles(self) -> None:
        _, log, _ = visits(regulars(0.15, spend(within=WITHIN)), 500)
        found = log_amounts(log)
        inner = (found > WITHIN[0] + 1e-3) & (found < WITHIN[-1] - 1e-3)  # half a class at either end is one amount
        low, high = share_below(np.array([WITHIN[0], WITHIN[-1] - 1e-9]), WITHIN)
        assert inner.mean() == pytest.approx(5 / 6, abs=3.9 * math.sqrt(5 / 36 / len(found)))
        shares = (share_below(found[inner], WITHIN) - low) / (high - low)
        assert stats.kstest(shares, "uniform").pvalue > RARE

    def test_shoppers_have_their_own_levels(self) -> None:
        _, log, _ = visits(regulars(0.15, spend(between=BETWEEN)), 2000)
        own = np.full(2000, np.nan)
        own[log.shopper] = log_amounts(log)
        assert np.abs(log_amounts(log) - own[log.shopper]).max() < 1e-3  # cents of a basket are all that differs
        inner = (own > BETWEEN[0] + 1e-3) & (own < BETWEEN[-1] - 1e-3)
        shares = (share_below(own[inner], BETWEEN) - 1 / 8) / (6 / 8)
        assert stats.kstest(shares, "uniform").pvalue > RARE

    def test_the_mean_is_what_the_population_says(self) -> None:
        population = regulars(0.15, spend(BETWEEN, WITHIN))
        world, log, _ = visits(population, 4000)
        own = np.bincount(log.shopper, log.goods, 4000) / np.bincount(log.shopper, minlength=4000)
        error = own.std(ddof=1) / math.sqrt(4000)
        assert abs(own.mean() - 700 * population.spend.mean) < 3.9 * error
        record = world.snapshot().market
        assert record["mean_basket"][0] == pytest.approx(700 * population.spend.mean)
        expected = record["basket_shape"][0] * world.shoppers["basket_scale"]
        assert expected.mean() == pytest.approx(own.mean(), rel=3.9 * error / own.mean())
        assert population.spend.shape == pytest.approx(variation(log, own, expected), rel=0.03)

    def test_frequent_shoppers_have_larger_baskets_where_the_population_says_so(self) -> None:
        population = brisk_population().with_({**spend(BETWEEN, WITHIN), "frequency_spend_correlation": 0.5})
        shoppers = market(population, 4000).shoppers
        scores = stats.spearmanr(-shoppers["visit_gap"], shoppers["basket_scale"]).statistic
        assert scores == pytest.approx(6 / math.pi * math.asin(0.25), abs=0.06)  # Pearson, 1907


class TestGaps:
    def test_an_amount_follows_the_gap_before_it(self) -> None:
        log = log_with_slope(1e6)
        order = np.lexsort((log.day, log.shopper))
        who, when, amount = log.shopper[order], log.day[order], log_amounts(log)[order]
        same = who[1:] == who[:-1]
        rest = amount[1:][same] - 0.3 * np.log(np.diff(when)[same])
        assert np.ptp(rest) < 2e-3

    def test_it_moves_neither_the_level_nor_who_spends_most(self) -> None:
        log = log_with_slope(1.4)
        orders = np.bincount(log.shopper, minlength=1500)
        own = np.bincount(log.shopper, log_amounts(log), 1500)[orders > 20] / orders[orders > 20]
        errors = 0.3 * 1.2 / np.sqrt(orders[orders > 20])  # log gaps have a standard deviation below 1.2
        assert abs(np.average(own, weights=errors**-2)) < 0.01
        often = orders[orders > 20] > np.median(orders[orders > 20])
        assert abs(own[often].mean() - own[~often].mean()) < 0.02

    def test_a_mean_gap_that_was_measured_moves_all_alike(self) -> None:
        usual = market(regulars(0.15, spend(gap_slope=0.3))).snapshot().market["log_gap"][0]
        stated = market(regulars(0.15, spend(gap_slope=0.3, gap_level=2.0))).snapshot().market["log_gap"][0]
        geometric = stats.geom(0.15)
        days = np.arange(1, 400)
        mean = float((geometric.pmf(days) * np.log(days)).sum())
        assert np.ptp(stated - usual) < 1e-9
        assert (stated - usual)[0] == pytest.approx(2.0 - mean, abs=2e-3)


def test_baskets_follow_the_week_of_the_year() -> None:
    weeks = with_mean_one("basket_weeks", [1.0] * 26 + [1.5] * 26 + [2.0])
    _, log, _ = visits(regulars(0.3, {**spend(), "rhythm": {"basket_weeks": weeks}}), 300)
    dates = [datetime.date(2024, 1, 1) + datetime.timedelta(days=int(day)) for day in log.day]
    expected = [weeks[(date.timetuple().tm_yday - 1) // 7] for date in dates]
    assert np.exp(log_amounts(log)) == pytest.approx(np.array(expected), rel=1e-3)


def test_late_shoppers_come_when_the_population_says() -> None:
    quantiles = [0, 0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.6, 0.7, 1, 1]
    arrivals = import_module("memberlab.sim.arrivals")
    hashed = import_module("memberlab.sim.keyed_random").hashed(5)
    scenario = small_scenario(population__established="30 %")
    evenly = arrivals.first_order_days(scenario, brisk_population(), hashed, 0, 9000, 365, 900)
    entering = brisk_population().with_({"entry": {"quantiles": quantiles}})
    found = arrivals.first_order_days(scenario, entering, hashed, 0, 9000, 365, 900)
    moment = keyed_uniforms(5, range(9000), -1, Purpose.FIRST_ORDER_DAY)
    late = keyed_uniforms(5, range(9000), -1, Purpose.FIRST_ORDER_PERIOD) >= 0.3
    below = np.minimum(9, (moment * 10).astype(int))
    shares = [
        quantiles[i] + (10 * u - i) * (quantiles[i + 1] - quantiles[i]) for i, u in zip(below, moment, strict=True)
    ]
    expected = np.minimum(365 + np.array(shares) * 535, 899.5)
    assert (found[~late] == evenly[~late]).all()
    assert np.abs(found[late] + 0.5 - expected[late]).max() < 0.5 + 1e-5
    assert found.max() == 899


def test_what_is_held_against_a_policy_knows_the_quantiles() -> None:
    population = regulars(0.15, spend(BETWEEN, WITHIN), 1.4)
    median = customers_of(small_scenario(), population).median
    assert median.basket == pytest.approx(700 * population.spend.mean)
    assert median.basket_shape == population.spend.shape


class TestLogTraits:
    def test_deals_take_off_a_share_of_beta_shape(self) -> None:
        population = with_traits({"deal_share": {"mean": 0.15, "spread": 0.05}})
        found = deal_shares(population, 7, 100, 5000)
        size = 0.15 * 0.85 / 0.0025 - 1
        assert stats.kstest(found, stats.beta(0.15 * size, 0.85 * size).cdf).pvalue > RARE
        assert (deal_shares(population, 7, 90, 20)[10:] == found[:10]).all()
        assert not deal_shares(brisk_population(), 7, 0, 5).any()

    def test_coupons_go_to_some_and_more_to_those_who_spend(self) -> None:
        use = {"share_of_shoppers": 0.2, "per_order": 0.6, "rank_correlation_with_spend": 0.5}
        spent = np.random.default_rng(8).lognormal(size=10_000)
        found = coupons_an_order(with_traits({"coupon_use": use}), 7, 0, spent)
        assert set(found.tolist()) == {0.0, 0.6}
        assert (found > 0).mean() == pytest.approx(0.2, abs=0.016)
        rich = spent > np.median(spent)
        # with this correlation the heavier half has 79.2 % of the readiest fifth
        assert (found[rich] > 0).mean() / (found > 0).mean() / 2 == pytest.approx(0.792, abs=0.036)
        assert not coupons_an_order(brisk_population(), 7, 0, spent).any()


def with_traits(traits: dict[str, object]) -> Population:
    return brisk_population().with_({"traits": traits})


def variation(log: OrderLog, own: NDArray[np.float64], expected: NDArray[np.float64]) -> float:
    """Return 1 over the squared coefficient of variation of amounts within shoppers."""
    ratio = log.goods / expected[log.shopper]
    return float(1 / ((ratio - 1) ** 2).mean())
