"""Evidence: verdicts, intervals, the page, the tuning's blindness to hold-out facts, the ensemble and the command."""

from __future__ import annotations

import json
import math
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from memberlab.cli import main
from memberlab.optimize import FACTS, Evidence, compare, evidence_page, evidence_points, evidence_summary, try_facts
from memberlab.policies import DocumentError, load_policy
from memberlab.results import evidence_picture
from memberlab.sim import ASSUMPTIONS, OrderLog

from .worlds import brisk_population, small_scenario

fact_file: Any = import_module("memberlab.optimize.evidence.fact")
trial: Any = import_module("memberlab.optimize.evidence.trial")
tuning: Any = import_module("memberlab.optimize.evidence.tuning")
ensemble: Any = import_module("memberlab.optimize.evidence.ensemble")
histories: Any = import_module("memberlab.optimize.evidence.histories")


def estimate(measured: Any, *values: float) -> Any:
    return trial._estimate(measured, np.array(values))


# verdicts


def test_a_mean_in_its_band_is_in_band() -> None:
    found = estimate(fact_file.Measured("share", "20 %", 0.15, 0.25), 0.19, 0.21, 0.20, 0.22)
    assert found.is_in_band and not found.is_near_an_edge
    assert found.mean == pytest.approx(0.205)
    assert found.high - found.mean == pytest.approx(3.1824 * 0.012910 / 2, rel=1e-3)


def test_an_interval_that_holds_an_end_of_the_band_is_near_an_edge() -> None:
    found = estimate(fact_file.Measured("share", "20 %", 0.15, 0.25), 0.20, 0.30, 0.22, 0.26)
    assert found.is_in_band and found.is_near_an_edge


def test_a_sign_has_to_be_told_from_nothing() -> None:
    assert estimate(fact_file.positive("lift", "more"), 0.010, 0.011, 0.012, 0.011).is_in_band
    assert not estimate(fact_file.positive("lift", "more"), 0.010, -0.006, 0.012, 0.001).is_in_band
    assert not estimate(fact_file.positive("lift", "more"), -0.010, -0.011, -0.012, -0.011).is_in_band
    assert estimate(fact_file.negative("lift", "less"), -0.010, -0.011, -0.012, -0.011).is_in_band


def test_a_long_tail_is_told_on_the_scale_of_logarithms() -> None:
    found = estimate(fact_file.Measured("beta", "11.67", 4.1, 33.0, on_log_scale=True), 1.0, 100.0)
    assert found.mean == pytest.approx(10)


def test_a_band_by_the_rule_has_its_lower_end_first_for_negative_values_too() -> None:
    assert fact_file.around("fall", -0.2, 0.25).low == pytest.approx(-0.25)


def test_one_miss_is_a_miss_of_the_fact_in_every_way_in_which_it_is_tried() -> None:
    twice = [fact for fact in FACTS if fact.number == 45]
    hit, miss = (_tried(fact, share) for fact, share in zip(twice, (1.0, -1.0), strict=True))
    assert Evidence(2, (hit, miss)).numbers("H") == {45: False}


def _tried(fact: Any, factor: float) -> Any:
    good = [(1.0 if one.low == 0 else -1.0) * factor for one in fact.measured]
    return trial.Tried(
        fact, tuple(estimate(one, value, 1.01 * value) for one, value in zip(fact.measured, good, strict=True))
    )


# a run

SEASON = [fact for fact in FACTS if fact.number == 7]


@pytest.fixture(scope="module")
def season() -> Evidence:
    return try_facts(SEASON, replications=2, size=0.3)


def test_a_run_tells_each_fact_with_its_band(season: Evidence) -> None:
    row = season.table.iloc[0]
    assert (row.fact, row.use, row.band_low, row.band_high) == (7, "C", 0.27, 0.32)
    assert row.low < row.value < row.high
    assert evidence_summary(season) == "1 of 1 calibration facts in band (100 %)".replace(" %", "%")


def test_the_same_run_gives_the_same_figures(season: Evidence) -> None:
    assert try_facts(SEASON, replications=2, size=0.3).table.equals(season.table)


def test_one_replication_has_no_interval() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        try_facts(SEASON, replications=1)


def test_the_page_tells_bands_misses_and_protocols(season: Evidence) -> None:
    page = evidence_page(season, "memberlab evidence 7")
    assert "27 % to 32 %" in page and "How each fact is tried" in page and "`memberlab evidence 7`" in page


def test_the_picture_is_drawn(season: Evidence, tmp_path: Path) -> None:
    points = evidence_points(season)
    assert 0 < points[0].place < 1
    evidence_picture(points, tmp_path / "evidence.png", "Evidence", 3.0)
    assert (tmp_path / "evidence.png").stat().st_size > 10_000


def test_orders_of_a_log_are_told_apart() -> None:
    log = OrderLog(np.array([0, 1, 0]), np.array([3, 4, 10]), np.array([1000, 2000, 3000]))
    history, spend = histories.histories(log, 18)
    assert history.repeats.tolist() == [1, 0]
    assert history.recency.tolist() == [1, 0]
    assert history.age.tolist() == [2, 13 / 7]
    assert (spend.purchases.tolist(), spend.mean_amount.tolist()) == ([1], [30])


# tuning


def test_the_tuning_looks_at_calibration_facts_only_and_at_all_that_behaviour_can_move() -> None:
    asked = {number for numbers in tuning.GROUPS.values() for number in numbers}
    assert asked == {fact.number for fact in FACTS if fact.use == "C"} - {1, 3, 7}
    assert all(fact.use == "C" for fact in tuning.calibration_facts(sorted(asked)))


def test_every_assumption_is_drawn_once_or_keeps_its_prior() -> None:
    drawn = [one.name for group in tuning.GROUPS for one in tuning.parameters_of(group)]
    assert len(drawn) == len(set(drawn))
    assert {*drawn, *(one.name for one in tuning.untold())} == {one.name for one in ASSUMPTIONS}


def test_draws_come_from_the_priors() -> None:
    attrition = next(one for one in ASSUMPTIONS if one.name == "attrition_effect")
    values = np.array([vector["attrition_effect"] for vector in tuning.draws([attrition], 400, seed=3)])
    assert attrition.low <= values.min() and values.max() <= attrition.high
    assert np.median(values) == pytest.approx(attrition.quantile(0.5), abs=0.005)  # a Latin hypercube


def test_the_ensemble_that_ships_is_plausible() -> None:
    vectors = ensemble.load_ensemble()
    assert len(vectors) >= 10
    assert len({vector["attrition_effect"] for vector in vectors}) == len(vectors)
    known = {one.name: one for one in ASSUMPTIONS}
    assert all(known[name].is_plausible(value) for vector in vectors for name, value in vector.items())


def test_faults_of_an_ensemble_are_told_by_line(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("attrition_effect,optimizm\n0.2,1\n9,x\n2,1\n", encoding="utf-8")
    with pytest.raises(DocumentError) as fault:
        ensemble.load_ensemble(tmp_path / "own.csv")
    told = str(fault.value)
    assert "own.csv:2 optimizm: is no assumption" in told
    assert "own.csv:3" in told and "own.csv:4 attrition_effect: 2 is outside 0 to 0.85" in told


# the command


def test_the_command_prints_figures_as_json() -> None:
    done = CliRunner().invoke(
        main, ["evidence", "7", "--replications", "2", "--size", "0.3", "--workers", "1", "--json"]
    )
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert told["replications"] == 2
    assert [row["fact"] for row in told["facts"]] == [7]
    assert math.isfinite(told["facts"][0]["value"])


def test_an_unknown_fact_is_refused() -> None:
    done = CliRunner().invoke(main, ["evidence", "6", "7"])
    assert done.exit_code == 2
    assert "fact 6" in done.output and "write one of 1, 2, 3" in done.output


def test_a_run_is_written_to_a_folder(tmp_path: Path) -> None:
    words = ["evidence", "7", "--replications", "2", "--size", "0.2", "--workers", "1", "--out", str(tmp_path / "run")]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    assert {file.name for file in (tmp_path / "run").iterdir()} == {
        "manifest.json", "evidence.csv", "evidence.parquet", "evidence.png", "report.html"
    }  # fmt: skip
    page = (tmp_path / "run" / "report.html").read_text()
    assert "Published facts, tried on simulated shoppers" in page
    assert "7 The fourth quarter: fourth quarter" in page
    again = CliRunner().invoke(main, [*words, "--force", "--no-report"])
    assert again.exit_code == 0, again.output
    assert not (tmp_path / "run" / "report.html").exists()
    assert "in band" in done.output


# intervals across the ensemble


def worlds(count: int) -> list[dict[str, float]]:
    return [{"attrition_effect": 0.08 * place} for place in range(count)]


def test_an_interval_across_worlds_holds_what_each_world_says() -> None:
    """Ten worlds, each a replication: the figures are those of ten comparisons, one under each vector."""
    scenario = small_scenario(population__shoppers=60)
    policies = [load_policy("no-programme").with_({"currency": "CNY"}), load_policy("four-tiers-simple")]
    population = brisk_population()
    across = compare(policies, [scenario], replications=10, ensemble=worlds(10), population=population)
    found = across.arms[1].uplift("orders")
    each = []
    for place, vector in enumerate(worlds(10)):
        world = scenario.with_({"assumptions": {**scenario.assumptions, **vector}})
        one = compare(policies, [world], replications=1, first_replication=place, population=population)
        each.append(one.arms[1].uplift("orders").difference)
    assert across.across_worlds
    assert found.difference == pytest.approx(np.mean(each))
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(each, [0.025, 0.975])))


def test_an_ensemble_has_a_vector_for_each_replication_and_enough_of_them() -> None:
    scenario, policies = small_scenario(population__shoppers=20), [load_policy("four-tiers-simple")]
    with pytest.raises(ValueError, match="ensemble of 10 vectors goes with as many replications, not 4"):
        compare(policies, [scenario], replications=4, ensemble=worlds(10))
    with pytest.raises(ValueError, match="9 worlds are too few"):
        compare(policies, [scenario], replications=9, ensemble=worlds(9), population=brisk_population())


def test_an_ensemble_goes_with_no_set_of_assumptions() -> None:
    words = ["compare", "no-programme", "--ensemble", "--assumptions", "sceptical"]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 2
    assert "--ensemble brings assumptions of its own" in done.output
