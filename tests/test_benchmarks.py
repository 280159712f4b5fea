"""The benchmarks compare like with like: C to the bit, SimPy with the engine's draws to the cent, else within chance.

Nothing here looks at a clock; times are for `python benchmarks/run.py`.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from memberlab.sim import LAPSED, LEDGER, Snapshot

FOLDER = Path(__file__).parent.parent / "benchmarks"
SHOPPERS = 400


@pytest.fixture(scope="module", autouse=True)
def benchmarks_importable() -> Iterator[None]:
    """Let the benchmarks find each other, as they do when `run.py` is started."""
    sys.path.insert(0, str(FOLDER))
    yield
    sys.path.remove(str(FOLDER))


@pytest.fixture(scope="module")
def snapshot(benchmarks_importable: None) -> Snapshot:
    made: Snapshot = benchmark("reference_world").reference_snapshot(SHOPPERS)
    return made


def benchmark(name: str) -> Any:
    return importlib.import_module(name)


def test_everything_in_the_small_rule_set_happens_in_the_year(snapshot: Snapshot) -> None:
    year = benchmark("reference_world").year_of_engine(snapshot)()
    booked = [measure for measure in LEDGER.names or () if year.total(measure)]
    assert sorted(booked) == sorted([*benchmark("simpy_shoppers").MEASURES])
    assert np.any(year.shoppers["status"] & LAPSED)


def test_c_ends_with_the_same_bits(snapshot: Snapshot, tmp_path: Path) -> None:
    in_c, world = benchmark("reference_in_c"), benchmark("reference_world")
    if in_c.c_compiler() is None:
        pytest.skip("there is no gcc on this machine")
    engine = world.year_of_engine(snapshot)()
    left = world.prepare_year(snapshot, in_c.build_month_in_c(tmp_path))()
    assert np.array_equal(left.ledger, engine.ledger)
    assert left.shoppers.tobytes() == engine.shoppers.tobytes()


def test_a_record_that_c_does_not_know_stops_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_c = benchmark("reference_in_c")
    if in_c.c_compiler() is None:
        pytest.skip("there is no gcc on this machine")
    packed = np.dtype([("first", "i1"), ("second", "f8")])
    monkeypatch.setattr(in_c, "RECORDS", {**in_c.RECORDS, "packed": packed})
    with pytest.raises(RuntimeError, match="packed_second"):
        in_c.build_month_in_c(tmp_path)


def test_the_rules_alone_are_the_rules_of_a_run(snapshot: Snapshot) -> None:
    world = benchmark("reference_world")
    engine, alone = world.year_of_engine(snapshot)(), world.prepare_year(snapshot, world.month_of_engine)()
    assert benchmark("implementations").same_bits(alone, engine)


@pytest.mark.parametrize("ends_early", [False, True])
def test_simpy_with_the_engines_draws_has_the_engines_totals(snapshot: Snapshot, ends_early: bool) -> None:
    simpy, keyed = benchmark("simpy_shoppers"), benchmark("keyed_draws")
    engine = benchmark("reference_world").year_of_engine(snapshot)()
    totals = simpy.year_of_simpy(snapshot, keyed.KeyedDraws(snapshot.seed), ends_early=ends_early)()
    assert totals == {measure: engine.total(measure) for measure in simpy.MEASURES}


@pytest.mark.parametrize("ends_early", [False, True])
def test_simpy_with_draws_of_its_own_agrees_within_chance(snapshot: Snapshot, ends_early: bool) -> None:
    simpy = benchmark("simpy_shoppers")
    totals = simpy.year_of_simpy(snapshot, simpy.RandomDraws(11), ends_early=ends_early)()
    assert benchmark("agreement").agreement_with_engine(snapshot, totals, seeds=40).holds


def test_agreement_notices_a_wrong_rule(snapshot: Snapshot) -> None:
    """A tenth more visits, as from a slip by one in the gap, is out of the question."""
    engine = benchmark("reference_world").year_of_engine(snapshot)()
    agreement = benchmark("agreement")
    totals = {measure: engine.total(measure) for measure in agreement.COMPARED}
    totals["visits"] = totals["visits"] * 11 // 10
    verdict = agreement.agreement_with_engine(snapshot, totals, seeds=40)
    assert (verdict.measure, verdict.holds) == ("visits", False)


def test_a_snapshot_beyond_the_small_rule_set_is_refused(snapshot: Snapshot) -> None:
    snapshot.shoppers["goodwill"][3] = 0.1
    try:
        with pytest.raises(ValueError, match="must leave goodwill at 0"):
            benchmark("reference_world").fail_if_not_small(snapshot)
    finally:
        snapshot.shoppers["goodwill"][3] = 0.0


def test_the_files_of_the_full_rule_set_load() -> None:
    scenario = benchmark("reference_world").full_scenario(1_000)
    assert (scenario.population.shoppers, scenario.regions) == (1_000, 1)


@pytest.mark.parametrize(
    ("measured", "at_least", "verdict"),
    [
        (1.2, False, "MISS"),
        (1.1, False, "pass"),
        (1.2, True, "pass"),
        (1.1, True, "MISS"),
        (None, True, "not measured"),
    ],
)
def test_a_mark_is_met_or_missed(measured: float | None, at_least: bool, verdict: str) -> None:
    mark = benchmark("figures").Mark("ratio", measured, 1.15, "times", at_least)
    assert mark.verdict == verdict


def test_the_page_shows_marks_and_tables() -> None:
    figures = benchmark("figures")
    found = figures.Figures({"processor": "abacus"}, "python benchmarks/run.py")
    found.tables.append(figures.Table("Beads", "Moved by hand.", ("beads", "s"), [[1_234, 0.5], [None, 2.0]]))
    found.marks.append(figures.Mark("ratio", 1.0, 1.15, "times"))
    page = benchmark("report").page(found)
    assert "| 1,234 | 0.500 |" in page
    assert "| - | 2.00 |" in page
    assert "| ratio | 1.00 | <= 1.15 times | pass |" in page
