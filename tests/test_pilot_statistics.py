"""The statistics of pilot planning: sample sizes against published values, readings against scipy, replays against
theory.

Seeds are fixed; bands of Monte-Carlo figures are three standard errors wide, so a right program would fail one such
assertion in 370 under another seed.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from memberlab.optimize import (
    ArmOutcome,
    AttritionPoint,
    Certainty,
    SerialExecutor,
    Spread,
    TwinOutcomes,
    assigned_by_key,
    best_share,
    power_of,
    read_pilot,
    replay_pilot,
    shoppers_needed,
    smallest_effect,
    smallest_seen,
    spending_bounds,
    verify_pilot,
)

FloatArray = NDArray[np.float64]

USUAL = Certainty()
EQUAL = Spread(1.0, 1.0)
SERIAL = SerialExecutor()


def twins(
    incumbent: FloatArray, candidate: FloatArray, prior: FloatArray, bottom: FloatArray | None = None
) -> TwinOutcomes:
    """Return outcomes of shoppers, with a bottom of 1 unless it is given for both arms."""
    tops = incumbent, candidate
    bottoms = np.ones((2, len(incumbent))) if bottom is None else bottom
    arms = [ArmOutcome(top, below) for top, below in zip(tops, bottoms, strict=True)]
    return TwinOutcomes(26, arms[0], arms[1], prior)


# sample sizes


@pytest.mark.parametrize(("effect", "an_arm"), [(0.5, 64), (0.2, 393.5), (1.0, 17)])
def test_sizes_are_those_of_the_tables(effect: float, an_arm: float) -> None:
    """Cohen (1988), table 2.4.1: two-sided alpha 0.05, power 0.8, in standard deviations."""
    assert shoppers_needed(EQUAL, 0.5, effect, USUAL) == pytest.approx(2 * an_arm, abs=0.5 if effect < 1 else 1.1)


def test_the_normal_part_is_that_of_statsmodels() -> None:
    """`NormalIndPower().solve_power(0.5, power=0.8, alpha=0.05)` is 62.7909 an arm (statsmodels 0.14)."""
    assert 2 * (USUAL.distance / 0.5) ** 2 == pytest.approx(62.7909, abs=5e-4)


def test_a_sample_size_gives_the_power_that_it_was_asked_for_and_an_effect_that_size() -> None:
    spread = Spread(4.0, 9.0)
    for share, power in ((0.5, 0.8), (0.9, 0.9), (0.3, 0.5)):
        asked = Certainty(0.05, power)
        needed = shoppers_needed(spread, share, 0.1, asked)
        assert power_of(spread, needed, share, 0.1, asked) == pytest.approx(power, abs=2e-4)
        assert smallest_effect(spread, needed, share, asked) == pytest.approx(0.1, rel=2e-4)


def test_a_small_hold_out_costs_shoppers() -> None:
    even, tenth = (shoppers_needed(EQUAL, share, 0.05, USUAL) for share in (0.5, 0.9))
    assert tenth / even == pytest.approx(1 / (4 * 0.9 * 0.1), rel=1e-3)


def test_the_cheapest_split_is_the_cheapest_of_all() -> None:
    spread, ratio = Spread(1.0, 4.0), 3.0
    best = best_share(spread, ratio)
    shares = np.linspace(0.05, 0.95, 181)
    costs = [shoppers_needed(spread, share, 0.01, USUAL) * (share * ratio + 1 - share) for share in shares]
    assert best == pytest.approx(shares[int(np.argmin(costs))], abs=0.006)
    assert best_share(spread) == pytest.approx(2 / 3)


def test_planned_shoppers_give_the_planned_power_in_tests_of_another_library() -> None:
    """4,000 Welch tests of scipy on unequal arms with unequal variances; 0.8 within 3 standard errors, 0.019."""
    spread, share, effect = Spread(1.0, 4.0), 0.3, 0.5
    needed = shoppers_needed(spread, share, effect, USUAL)
    candidates = round(needed * share)
    generator = np.random.default_rng(7)
    arms = generator.normal(effect, 2.0, (4000, candidates)), generator.normal(0.0, 1.0, (4000, needed - candidates))
    found = stats.ttest_ind(*arms, axis=1, equal_var=False).pvalue < 0.05
    assert found.mean() == pytest.approx(0.8, abs=0.019)


def test_what_cannot_be_asked_is_named() -> None:
    for alpha, power, word in ((0, 0.8, "alpha"), (0.05, 1, "power"), (0.3, 0.2, "above alpha")):
        with pytest.raises(ValueError, match=word):
            Certainty(alpha, power)
    with pytest.raises(ValueError, match="effect of 0"):
        shoppers_needed(EQUAL, 0.5, 0.0, USUAL)
    with pytest.raises(ValueError, match="hold-out without shoppers"):
        shoppers_needed(EQUAL, 1.0, 0.1, USUAL)


# one pilot, read


def skewed(count: int = 400, seed: int = 3) -> TwinOutcomes:
    generator = np.random.default_rng(seed)
    prior = generator.gamma(0.5, 100, count)
    orders = np.asarray(generator.poisson(2, (2, count)) + 1, np.float64)
    tops = orders * generator.gamma(2, 20, (2, count)) + 0.5 * prior
    return twins(tops[0], tops[1], prior, orders)


def test_a_pilot_of_a_sum_is_welchs_test_of_scipy() -> None:
    lived = skewed()
    ones = np.ones(len(lived.prior_spend))
    lived = replace(
        lived, incumbent=ArmOutcome(lived.incumbent.top, ones), candidate=ArmOutcome(lived.candidate.top, ones)
    )
    who = assigned_by_key(11, len(ones), 0.3)
    found = read_pilot(lived, who)
    theirs = stats.ttest_ind(lived.candidate.top[who], lived.incumbent.top[~who], equal_var=False)
    assert found.estimate[0, 0] / found.error[0, 0] == pytest.approx(theirs.statistic, rel=1e-9)
    assert found.freedom[0, 0] == pytest.approx(theirs.df, rel=1e-9)
    low, high = theirs.confidence_interval(0.95)
    assert 2 * found.half_width(0.05)[0, 0] == pytest.approx(high - low, rel=1e-9)


def test_adjustment_is_a_regression_of_each_arm_on_prior_spend() -> None:
    """With a slope for each arm, the difference at the mean prior spend of all is the estimate (Lin, 2013)."""
    lived = skewed()
    ones = np.ones(len(lived.prior_spend))
    lived = replace(
        lived, incumbent=ArmOutcome(lived.incumbent.top, ones), candidate=ArmOutcome(lived.candidate.top, ones)
    )
    who = assigned_by_key(11, len(ones), 0.3)
    mean = lived.prior_spend.mean()
    fits = [
        stats.linregress(lived.prior_spend[arm], outcome.top[arm])
        for arm, outcome in ((who, lived.candidate), (~who, lived.incumbent))
    ]
    lines = [fit.intercept + fit.slope * mean for fit in fits]
    found = read_pilot(lived, who)
    assert found.estimate[0, 1] == pytest.approx(lines[0] - lines[1], rel=2e-3)  # shares differ from 0.3 by rounding
    assert found.error[0, 1] < found.error[0, 0]


def test_a_placebo_reads_the_incumbent_in_both_arms() -> None:
    lived = skewed()
    who = assigned_by_key(5, 400, 0.5)
    again = read_pilot(replace(lived, candidate=lived.incumbent), who)
    assert read_pilot(lived, who, placebo=True).estimate == pytest.approx(again.estimate)
    with pytest.raises(ValueError, match="each needs 2"):
        read_pilot(lived, np.zeros(400, np.bool_))


# many pilots, replayed


def test_replays_scatter_around_the_truth_as_theory_says_also_for_ratios() -> None:
    """The error of a standard deviation from 2,000 replays is 1.6 %; three of them are allowed."""
    lived = skewed()
    found = replay_pilot(lived, (300, 900), 2000, seed=1, executor=SERIAL)
    expected = math.sqrt(lived.spread.of_total(0.25) / 1200), math.sqrt(lived.adjusted(0.25).of_total(0.25) / 1200)
    estimates = found.as_simulated.estimate
    for method in (0, 1):
        assert estimates[:, method].std() == pytest.approx(expected[method], rel=0.05)
        assert estimates[:, method].mean() == pytest.approx(lived.effect, abs=3.3 * expected[method] / math.sqrt(2000))
        assert found.as_simulated.error[:, method].mean() == pytest.approx(expected[method], rel=0.02)
    assert expected[1] < expected[0]
    assert (
        found.truth
        == lived.effect
        == pytest.approx(
            lived.candidate.top.sum() / lived.candidate.bottom.sum()
            - lived.incumbent.top.sum() / lived.incumbent.bottom.sum()
        )
    )


def test_shoppers_are_drawn_anew_so_that_the_variance_holds_beyond_them() -> None:
    """Where the candidate turns everybody's outcome round, assigning one list again and again would not vary at all."""
    outcome = np.random.default_rng(2).normal(0, 1, 500)
    lived = twins(outcome, -outcome, np.zeros(500))
    found = replay_pilot(lived, (250, 250), 1000, seed=1, executor=SERIAL)
    assert found.as_simulated.estimate[:, 0].std() == pytest.approx(2 * outcome.std() / math.sqrt(500), rel=0.07)
    assert found.as_simulated.estimate[:, 1] == pytest.approx(found.as_simulated.estimate[:, 0])  # nothing to adjust by


def test_adjustment_leaves_one_less_the_squared_correlation() -> None:
    generator = np.random.default_rng(4)
    prior = generator.normal(100, 10, 5000)
    both = 0.8 * (prior - 100) / 10 + 0.6 * generator.normal(0, 1, 5000)
    lived = twins(both, both + 0.1, prior)
    left = lived.adjusted(0.5).of_total(0.5) / lived.spread.of_total(0.5)
    assert left == pytest.approx(1 - lived.correlation**2, rel=1e-9)
    assert lived.correlation == pytest.approx(0.8, abs=0.02)


def test_replays_do_not_depend_on_who_does_the_work_nor_on_how_they_are_drawn() -> None:
    lived = skewed(100)
    serial = replay_pilot(lived, (60, 40), 600, seed=9, executor=SERIAL)
    with ThreadPoolExecutor(2) as threads:
        parallel = replay_pilot(lived, (60, 40), 600, seed=9, executor=threads)
    assert np.array_equal(serial.as_simulated.estimate, parallel.as_simulated.estimate)
    assert np.array_equal(serial.placebo.error, parallel.placebo.error)
    large = replay_pilot(lived, (2000, 2000), 600, seed=9, executor=SERIAL)  # counts in place of shoppers
    assert large.placebo.estimate[:, 0].std() == pytest.approx(math.sqrt(2 * lived.spread.incumbent / 2000), rel=0.09)


def test_a_well_powered_pilot_is_verified_and_a_weak_one_exaggerates() -> None:
    generator = np.random.default_rng(6)
    outcome = generator.normal(10, 1, 3000)
    lived = twins(outcome, outcome + 0.1, outcome + generator.normal(0, 1, 3000))
    needed = shoppers_needed(lived.adjusted(0.5), 0.5, 0.1, USUAL)
    strong = verify_pilot(
        lived, replay_pilot(lived, (needed // 2, needed // 2), 2000, seed=3, executor=SERIAL), 0.1, USUAL
    )
    plain, adjusted = strong
    assert adjusted.power_at_planned.value == pytest.approx(0.8, abs=0.027)
    assert plain.power_at_planned.value == pytest.approx(plain.planned_power, abs=0.033)
    assert adjusted.coverage.value == pytest.approx(0.95, abs=0.0147)
    assert adjusted.false_alarms.value == pytest.approx(0.05, abs=0.0147)
    assert adjusted.is_trusted(0.05) and abs(adjusted.bias) < 3.3 * adjusted.mean_error
    weak = verify_pilot(lived, replay_pilot(lived, (40, 40), 2000, seed=3, executor=SERIAL), 0.1, USUAL)[0]
    assert weak.exaggeration is not None and weak.exaggeration > 3
    assert weak.wrong_sign is not None and 0.02 < weak.wrong_sign < 0.3


def test_a_pilot_too_small_for_its_tails_is_not_trusted() -> None:
    """One shopper in fifty buys all; a hold-out of 20 mostly has none of them."""
    outcome = np.where(np.arange(5000) % 50 == 0, 1000.0, 1.0)
    lived = twins(outcome, outcome, np.zeros(5000))
    small = verify_pilot(lived, replay_pilot(lived, (180, 20), 1000, seed=3, executor=SERIAL), 5.0, USUAL)[0]
    large = verify_pilot(lived, replay_pilot(lived, (20_000, 20_000), 1000, seed=3, executor=SERIAL), 5.0, USUAL)[0]
    assert not small.is_trusted(0.05) and large.is_trusted(0.05)
    assert small.shoppers_for_normality > 10_000  # 355 times a skewness of 6.9 squared


# looks


def test_bounds_are_those_of_lan_and_demets_where_increments_are_independent() -> None:
    """Five equal looks, two-sided 0.05: 4.88, 3.36, 2.68, 2.29 and 2.03 (Lan and DeMets, 1983; ldbounds)."""
    weeks = np.arange(1, 6)
    correlation = np.sqrt(np.minimum.outer(weeks, weeks) / np.maximum.outer(weeks, weeks))
    bounds = spending_bounds(correlation, 0.05, weeks.tolist())
    assert np.isinf(bounds[0]) or bounds[0] > 4  # what 100,000 draws cannot resolve
    assert bounds[1:] == pytest.approx([3.357, 2.680, 2.290, 2.031], abs=0.04)


# the smallest attrition effect


def point(value: float, effect: float, moved: float) -> AttritionPoint:
    return AttritionPoint("retention", 26, value, 0.3, effect, moved, 0.0, Spread(0.2, 0.2), 0, 0, None, None)


def test_the_smallest_attrition_effect_lies_where_the_power_is_reached() -> None:
    """From an effect of 0.02 without attrition up by 0.1 for each unit of it; what is seen is found by arithmetic."""
    points = [point(value, 0.02 + 0.1 * value, 0.1 * value) for value in (0.0, 0.05, 0.15, 0.3, 0.85)]
    least = smallest_effect(Spread(0.2, 0.2), 4000, 0.5, USUAL)
    seen = smallest_seen(points, 4000, 0.5, USUAL)
    assert seen.from_no_attrition == pytest.approx(least / 0.1, abs=1e-3)
    assert seen.from_nothing == pytest.approx((least - 0.02) / 0.1, abs=1e-3)
    assert smallest_seen(points, 100, 0.5, USUAL).from_no_attrition is None
    assert smallest_seen(points, 10**7, 0.5, USUAL).from_nothing == 0.0
