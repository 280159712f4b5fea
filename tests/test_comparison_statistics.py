"""Intervals that hold all at once, replications until a precision, weights of scenarios, and the horizon rule."""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from memberlab.optimize import (
    JointStatistics,
    compare,
    confidence_a_look,
    fill_weights,
    looks_at,
    read_precision,
    too_early,
    verdict_of,
)
from memberlab.policies import DocumentError, Policy, load_policy
from memberlab.results import COLUMNS, KPIS, JointErrors, joint_band, joint_errors, paired_uplift

from .worlds import brisk_population, small_scenario

FOUR = load_policy("four-tiers-simple")
NONE = load_policy("no-programme")


def named(policy: Policy, name: str) -> Policy:
    return policy.model_copy(update={"name": name})


def pair(seed: int, shoppers: int = 500, shift: float = 0.0) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return measures of both arms whose true difference is `shift` in every column of money."""
    generator = np.random.default_rng(seed)
    before = np.floor(generator.gamma(2, 50, (shoppers, len(COLUMNS))))
    before[:, [COLUMNS.index(name) for name in ("shoppers", "base", "active")]] = 1
    for name in ("members", "retained", "top_tier"):
        before[:, COLUMNS.index(name)] = generator.random(shoppers) < 0.3
    after = before + np.floor(generator.normal(shift, 20, before.shape)) * (np.arange(len(COLUMNS)) < 6)
    after[:, 0] = 1
    for name in ("members", "retained", "top_tier"):
        after[:, COLUMNS.index(name)] = np.where(generator.random(shoppers) < 0.1, 1, before[:, COLUMNS.index(name)])
    return before, after


# simultaneous intervals


def test_joint_errors_have_the_variances_of_paired_intervals() -> None:
    pairs = [pair(seed) for seed in (1, 2)]
    errors = joint_errors([("world", "arm")], {"world": [one for one, _ in pairs]}, [[two for _, two in pairs]])
    value = errors.pointwise_value()
    for kpi in KPIS.values():
        place = errors.place("world", "arm", kpi.name)
        half = paired_uplift(kpi, [one for one, _ in pairs], [two for _, two in pairs]).half_width
        if kpi.numerator in ("members", "retained", "top_tier"):  # these have the extra pair besides
            assert value * errors.covariance[place, place] ** 0.5 <= half
        else:
            assert value * errors.covariance[place, place] ** 0.5 == pytest.approx(half, rel=1e-3)


def test_the_critical_value_of_independent_and_of_equal_differences_is_known() -> None:
    """Of 10 independent normal errors the largest stays within 2.80 (Sidak); of 10 equal ones within 1.96."""
    arms = (("world", "arm"),)
    assert JointErrors(arms, np.eye(10), 10**6).critical_value() == pytest.approx(2.80, abs=0.03)
    assert JointErrors(arms, np.ones((10, 10)), 10**6).critical_value() == pytest.approx(1.96, abs=0.03)
    assert JointErrors(arms, np.zeros((10, 10)), 10**6).critical_value() == pytest.approx(1.96, abs=0.001)


def test_a_joint_band_holds_most_worlds_in_everything_at_once() -> None:
    worlds = np.random.default_rng(3).normal(size=(200, 12))
    low, high = joint_band(worlds)
    inside = ((worlds >= low) & (worlds <= high)).all(axis=1).mean()
    assert inside >= 0.95
    alone = np.quantile(worlds, [0.025, 0.975], axis=0)
    assert (high - low > alone[1] - alone[0]).all()


# sequential replications


def test_looks_double_up_to_the_most() -> None:
    assert looks_at(64) == (4, 8, 16, 32, 64)
    assert looks_at(20) == (4, 8, 16, 20)
    assert looks_at(3) == (3,)


@pytest.mark.parametrize(
    ("text", "told"),
    [("margin=0.5%", "margin 0.5 %"), ("margin 0.5 %", "margin 0.5 %"), ("gmv=20000", "gmv 20000"),
     ("retention 0.2 pp", "retention 0.2 pp"), ("orders=50", "orders 50")],
)  # fmt: skip
def test_precisions_are_read_as_people_write_them(text: str, told: str) -> None:
    assert str(read_precision(text)) == told


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("margin", "is no precision; write a KPI and a half-width, such as `margin=0.5%`"),
        ("profit=1%", "'profit' is no KPI; there are gmv, orders"),
        ("margin=0%", "a half-width of 0 is never reached; write more than 0"),
        ("margin=1.2.3%", "'1.2.3' is no number"),
        ("gmv=1pp", "gmv is no share"),
        ("retention=0.01", "retention is a share; write `retention=0.01%`"),
    ],
)
def test_a_precision_that_makes_no_sense_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_precision(text)


def test_replications_are_added_until_the_interval_is_narrow_enough() -> None:
    world = small_scenario(population__shoppers=150, horizon__months=6)
    options = {"incumbent": FOUR, "population": brisk_population()}
    plain = compare([FOUR, NONE], [world], replications=8, **options)  # type: ignore[arg-type]
    half = plain.arm(NONE.name, world.name).uplift("gmv").half_width
    wanted = half / plain.arm(NONE.name, world.name).uplift("gmv").baseline * 1.3
    asked = [read_precision(f"gmv={wanted:.4%}")]
    found = compare([FOUR, NONE], [world], replications=16, until=asked, **options)  # type: ignore[arg-type]
    assert found.looks is not None
    assert found.looks.is_reached
    assert found.replications in (8, 16)
    assert found.looks.planned == (4, 8, 16)
    uplift = found.arm(NONE.name, world.name).uplift("gmv")
    if found.replications == 8:  # the same populations as without looking, but wider: the 5 % are shared by 3 looks
        assert uplift.difference == pytest.approx(plain.arm(NONE.name, world.name).uplift("gmv").difference)
        assert uplift.half_width == pytest.approx(half * 2.3940 / 1.9600, rel=0.01)
    never = compare([FOUR, NONE], [world], replications=4, until=[read_precision("gmv=0.01%")], **options)  # type: ignore[arg-type]
    assert never.looks is not None
    assert not never.looks.is_reached
    assert "not reached with 4 replications, the most allowed" in str(never.looks)


def test_intervals_hold_the_truth_whichever_look_is_the_last() -> None:
    """Of 400 sequences without any effect that stop when the interval is narrow, 95 % must end around 0.

    Sequences that cover 95 % would fail this once in 240 draws (below 92.25 %); the seeds are fixed.
    """
    looks, kpi = looks_at(16, first=2), KPIS["gmv"]
    inside = stopped = 0
    for number in range(400):
        generator = np.random.default_rng([5, number])
        tables: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
        for look in looks:
            while len(tables) < look:
                one, two = np.zeros((2, 40, len(COLUMNS)))
                one[:, 1], two[:, 1] = generator.normal(100, 20, (2, 40))
                tables.append((one, two))
            left, right = [one for one, _ in tables], [two for _, two in tables]
            uplift = paired_uplift(kpi, left, right, confidence=confidence_a_look(looks))
            if uplift.half_width < 158:
                break
        stopped += len(tables) < looks[-1]
        inside += uplift.low <= 0 <= uplift.high
    assert 0 < stopped < 400
    assert inside >= 0.9225 * 400


# weights


def test_scenarios_without_a_weight_share_the_rest() -> None:
    assert fill_weights(["a", "b", "c"], {"c": 0.4}) == pytest.approx({"a": 0.3, "b": 0.3, "c": 0.4})
    assert fill_weights(["a", "b"], {}) == {"a": 0.5, "b": 0.5}
    assert fill_weights(["a", "b"], {"a": 0.25, "b": 0.75}) == {"a": 0.25, "b": 0.75}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"a": 1.2}, "a weight: 1.2 is no probability; write a number above 0 and at most 1"),
        ({"a": 0.5, "b": 0.2}, r"the weights 0.5 \+ 0.2 come to 0.7; write probabilities that come to 1 together"),
        ({"a": 1.0}, "the weights 1 come to 1, so nothing is left for b"),
        ({"x": 0.5}, "no scenario is called x; there are a, b"),
    ],
)
def test_weights_that_are_no_probabilities_are_refused(given: dict[str, float], message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        fill_weights(["a", "b"], given)


# the horizon rule

SALE = {"campaigns": {"singles-day": {"when": "11-11", "discount": "10 %"}}}
WORLD = small_scenario(horizon__months=12)  # January to December 2026


def test_a_campaign_needs_six_months_after_it() -> None:
    (found,) = too_early(FOUR.with_(SALE), FOUR, WORLD)
    assert found.last_day == datetime.date(2026, 11, 11)
    assert found.days_after == 50
    assert found.months_needed == 17
    assert not too_early(FOUR.with_(SALE), FOUR, WORLD.with_({"horizon.months": 17}))
    assert too_early(FOUR.with_(SALE), FOUR, WORLD.with_({"horizon.months": 16}))


def test_the_first_policys_campaign_counts_as_well_and_a_common_one_does_not() -> None:
    assert len(too_early(FOUR, FOUR.with_(SALE), WORLD)) == 1
    assert not too_early(FOUR.with_(SALE).with_({"tiers.gold.threshold": 1000}), FOUR.with_(SALE), WORLD)
    deeper = FOUR.with_(SALE).with_({"campaigns.singles-day.discount": "12 %"})
    assert len(too_early(deeper, FOUR.with_(SALE), WORLD)) == 1


@pytest.mark.parametrize("when", ["always", "12..14 monthly", "second tuesday", "birthday", "02-10", "2028-02-10"])
def test_standing_and_early_campaigns_and_those_beyond_the_horizon_allow_a_verdict(when: str) -> None:
    campaign = {"campaigns": {"one": {"when": when, "discount": "5 %"}}}
    assert not too_early(FOUR.with_(campaign), FOUR, WORLD)


def test_there_is_no_verdict_before_its_time_and_an_honest_one_after() -> None:
    before, after = pair(3, shift=-10)
    uplifts = [paired_uplift(kpi, [before], [after]) for kpi in KPIS.values()]
    early = verdict_of(named(FOUR.with_(SALE), "sale"), FOUR, WORLD, uplifts, JointStatistics())
    assert not early.is_due
    assert str(early) == (
        "sale: no verdict: campaign singles-day ends on 2026-11-11, and 50 days of the horizon follow; 182 must, "
        "because a campaign pulls purchases forward; set horizon.months to 17."
    )
    due = verdict_of(NONE, FOUR, WORLD, uplifts, JointStatistics())
    assert due.is_due
    assert str(due).startswith("no-programme lowers GMV by")


def test_a_verdict_rests_on_the_simultaneous_interval() -> None:
    """A difference of 2.4 standard errors is certain alone, and not among ten."""
    (uplift,) = (paired_uplift(KPIS[name], *([one] for one in pair(3))) for name in ["gmv"])
    place = list(KPIS).index("gmv")
    error = uplift.half_width / 1.965
    moved = replace(uplift, difference=2.4 * error, low=2.4 * error - uplift.half_width,
                    high=2.4 * error + uplift.half_width)  # fmt: skip
    alone, many = np.zeros((10, 10)), np.eye(10)
    alone[place, place] = many[place, place] = 1.0
    for covariance, is_certain in ((alone, True), (many, False)):
        joint = JointStatistics(JointErrors(((WORLD.name, NONE.name),), covariance, 499))
        assert joint.is_certain(WORLD.name, NONE.name, moved) is is_certain
        told = str(verdict_of(NONE, FOUR, WORLD, [moved, moved], joint))
        assert ("raises GMV by" in told) is is_certain
