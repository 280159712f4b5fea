"""The benchmark of the search: its problem's truth, its reference front, and that its page tells what was stored."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "benchmarks"


@pytest.fixture(scope="module", autouse=True)
def benchmarks_importable() -> Iterator[None]:
    sys.path.insert(0, str(FOLDER))
    yield
    sys.path.remove(str(FOLDER))


def benchmark(name: str) -> Any:
    return importlib.import_module(name)


def drawn(count: int, seed: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    draw = np.random.default_rng(seed)
    return np.stack([draw.integers(len(one), size=count) for one in benchmark("paper_programme").SPACE.levels], axis=1)


def test_a_programme_that_gives_nothing_costs_nothing_and_keeps_whom_attrition_leaves() -> None:
    """By hand: no discount, no points, no perk; benefits are then free delivery alone, below 2 % of GMV."""
    programme = benchmark("paper_programme")
    nothing = (8, 6, 6, 0, 0, 0, 0, 0, 5, 5, 0)
    gmv, retention, margin, cost, top = programme.truth([nothing])[0]
    left = sum(share * (1 - attrition) ** 23 for share, *_, attrition, _ in programme.SEGMENTS)
    assert retention == pytest.approx(left, rel=0.12)
    assert retention > left
    assert 0 < cost < 0.02
    assert margin == pytest.approx((1 - programme.GOODS_COST) * gmv, rel=0.06)
    assert 0 < top < 0.1


def test_more_discount_costs_more_and_keeps_more() -> None:
    programme = benchmark("paper_programme")
    points = np.array([(4, 3, 3, level, 2, 2, 2, 2, 3, 2, 1) for level in range(9)])
    figures = programme.truth(points)
    assert np.all(np.diff(figures[:, 1]) > 0)
    assert np.all(np.diff(figures[:, 3]) > 0)


def test_noise_is_the_same_shift_for_all_but_for_the_part_that_is_a_policys_own() -> None:
    programme = benchmark("paper_programme")
    points = drawn(40, 1)
    exact = programme.truth(points)
    scale = np.asarray(programme.NOISE) * np.where([True, False, True, False, False], exact[:, None], 1.0)
    off = (programme.observed(points, range(300)) - exact[:, None]) / scale
    assert off.std(axis=1).mean(axis=0) == pytest.approx(np.ones(5), abs=0.12)
    own = (off - off.mean(axis=0)).std(axis=1).mean(axis=0)
    assert own == pytest.approx(np.asarray(programme.REST), rel=0.25)


def test_the_reference_front_is_feasible_and_nothing_found_by_lot_or_next_to_it_adds_to_it() -> None:
    programme, reference = benchmark("paper_programme"), benchmark("reference_front")
    points = np.loadtxt(reference.KEPT, dtype=np.int64, delimiter=",", skiprows=1)
    figures = programme.truth(points)
    assert programme.feasible(figures).all()
    assert reference.hypervolume(reference.reference_front()) == pytest.approx(1.0)
    sizes = np.asarray([len(levels) for levels in programme.SPACE.levels])
    others = np.concatenate([drawn(500, 2), reference._neighbours(points[::40], sizes)])
    exact = programme.truth(others)
    more = np.concatenate([figures[:, :3], exact[programme.feasible(exact), :3]])
    assert reference.hypervolume(more) == pytest.approx(1.0, abs=2e-3)


def test_todays_policy_keeps_the_limits_and_is_beaten_by_the_front() -> None:
    programme, reference = benchmark("paper_programme"), benchmark("reference_front")
    today = programme.truth([programme.INCUMBENT])
    assert programme.feasible(today).all()
    assert np.all(reference.reference_front() > today[0, :3], axis=1).any()


def test_a_report_is_judged_by_its_truth() -> None:
    """The front itself, reported exactly, holds all; a policy that breaks a limit counts only as infeasible."""
    quality, methods = benchmark("search_quality"), benchmark("search_methods")
    programme, reference = benchmark("paper_programme"), benchmark("reference_front")
    points = np.loadtxt(reference.KEPT, dtype=np.int64, delimiter=",", skiprows=1)
    leads = programme.truth(points)[:, :3] - programme.truth([programme.INCUMBENT])[0, :3]
    halves = np.full(leads.shape, 1e-9)
    exact = quality.judged_report(methods.Report([tuple(one) for one in points], leads, halves, halves, 400))
    assert (exact["true"], exact["told"], exact["covered"], exact["infeasible"]) == pytest.approx((1, 1, 1, 0))
    generous = (0, 0, 0, 8, 6, 8, 6, 5, 0, 0, 2)
    bad = quality.judged_report(methods.Report([generous], leads[:1], halves[:1], halves[:1], 400))
    assert (bad["true"], bad["infeasible"]) == (0.0, 1.0)


def test_the_page_tells_what_is_stored() -> None:
    quality, page = benchmark("search_quality"), benchmark("search_quality_page")
    runs = pd.DataFrame(quality.stored())
    assert (ROOT / "docs" / "search-quality.md").read_text(encoding="utf-8") == page.page(runs)
    ours = runs[runs["method"] == page.OURS]
    assert len(ours)
    assert (ours["spent"] <= ours["budget"]).all()


def test_ours_spends_no_more_than_its_budget() -> None:
    methods = benchmark("search_methods")
    reports = methods.ours(120, 3)
    assert len(reports) == methods.BLOCKS
    assert 90 <= reports[0].spent <= 120
