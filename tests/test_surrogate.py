"""The surrogate: a figure fitted to few policies is right about others, and what it proposes and shortlists is good."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np
import pytest

from memberlab.cli.search_budget import SearchBudget
from memberlab.optimize import (
    PRESETS,
    Bound,
    Encoding,
    Estimate,
    Goals,
    Known,
    Objective,
    SearchSpace,
    first_points,
    fit_figure,
    front,
    next_points,
    plan_study,
    promising,
    shares_of,
    shortlist,
)
from memberlab.policies import DocumentError
from tests.studies import STUDY, write_study

LEVELS, ORDERED = (9, 7, 12, 3), (True, True, True, False)
ENCODING = Encoding(LEVELS, ORDERED)


def figure(
    points: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """A smooth figure: a hump in the first two levers, nothing in the third, a step by choice in the last."""
    one, two = points[:, 0] / 8, points[:, 1] / 6
    found: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = (
        100 + 10 * np.exp(-4 * (one - 0.6) ** 2) - 3 * two + np.array([0.0, 2.0, -1.0])[points[:, 3]]
    )
    return found


def drawn(count: int, seed: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    draw = np.random.default_rng(seed)
    return np.stack([draw.integers(levels, size=count) for levels in LEVELS], axis=1)


def test_a_fitted_figure_is_right_about_policies_never_tried_and_knows_how_sure_it_is() -> None:
    points, others = drawn(60, 1), drawn(200, 2)
    values = figure(points) + np.random.default_rng(3).normal(0, 0.1, 60)
    model = fit_figure(ENCODING.coordinates(points), ENCODING.lever_of, values)
    mean, deviation = model.at(ENCODING.coordinates(others))
    off = np.abs(mean - figure(others))
    assert off.mean() < 0.05 * figure(others).std()
    assert np.mean(off <= 2 * deviation) > 0.9


def test_noise_is_evened_out() -> None:
    points = drawn(150, 4)
    values = figure(points) + np.random.default_rng(5).normal(0, 1.0, 150)
    mean, _ = fit_figure(ENCODING.coordinates(points), ENCODING.lever_of, values).at(ENCODING.coordinates(points))
    assert np.std(mean - figure(points)) < 0.5 * np.std(values - figure(points))


def test_a_figure_that_never_changes_does_no_harm() -> None:
    points = drawn(20, 6)
    mean, deviation = fit_figure(ENCODING.coordinates(points), ENCODING.lever_of, np.full(20, 7.0)).at(
        ENCODING.coordinates(points)
    )
    assert mean == pytest.approx(7.0)
    assert np.isfinite(deviation).all()


GOALS = Goals((Objective("gmv", 1), Objective("margin", 1)), (Bound("benefit_cost_share", 1, 0.5),))


@pytest.fixture(scope="module")
def space() -> SearchSpace:
    return plan_study("fashion-thresholds").space


def known_of(space: SearchSpace, points: list[tuple[int, ...]]) -> list[Known]:
    sizes = np.array([len(levels) for levels in space.levels]) - 1
    found = []
    for point in points:
        height = np.asarray(point) / sizes
        values = {
            "gmv": -float(np.square(height - 0.2).sum()), "margin": -float(np.square(height - 0.7).sum()),
            "benefit_cost_share": float(height.mean()),
        }  # fmt: skip
        found.append(Known(point, {name: Estimate(value, 0.0) for name, value in values.items()}))
    return found


def test_proposals_move_the_front_and_keep_the_limit(space: SearchSpace) -> None:
    known = known_of(space, first_points(space, 48, 1, set()))
    proposed = known_of(
        space,
        next_points(
            space, GOALS, known, count=8, seed=1, wave=1, taken={one.point for one in known}, sampler="surrogate"
        ),
    )
    assert np.mean([GOALS.is_feasible(one.figures, 0) for one in proposed]) > 0.7
    feasible = [one for one in [*known, *proposed] if GOALS.is_feasible(one.figures, 0)]
    best = [feasible[row] for row in front([GOALS.gains(one.figures) for one in feasible])]
    assert sum(any(one is other for other in best) for one in proposed) >= len(proposed) // 2
    assert not any(one is other for one in known for other in best)


def test_optunas_gaussian_process_proposes_no_level_above_the_last(space: SearchSpace) -> None:
    """It takes levels for real numbers, and where more is better it asks for the upper end of each."""
    pytest.importorskip("torch", reason="Optuna's Gaussian process needs the extra gp")
    sizes = [len(levels) for levels in space.levels]
    points = first_points(space, 24, 1, set())
    heights = [float(np.mean(np.asarray(point) / (np.array(sizes) - 1))) for point in points]
    known = [
        Known(point, {name: Estimate(height, 0.0) for name in ("gmv", "margin", "benefit_cost_share")})
        for point, height in zip(points, heights, strict=True)
    ]
    proposed = next_points(space, GOALS, known, count=3, seed=1, wave=1, taken=set(points), sampler="gp")
    assert all(0 <= level < size for point in proposed for level, size in zip(point, sizes, strict=True))
    assert any(level == size - 1 for point in proposed for level, size in zip(point, sizes, strict=True))


def test_when_nothing_keeps_the_limits_proposals_come_nearer_to_them(space: SearchSpace) -> None:
    strict = Goals(GOALS.objectives, (Bound("benefit_cost_share", 1, 0.1),))
    known = known_of(space, first_points(space, 40, 1, set()))
    assert not any(strict.is_feasible(one.figures, 0) for one in known)
    proposed = known_of(
        space,
        next_points(space, strict, known, count=8, seed=1, wave=1, taken={k.point for k in known}, sampler="surrogate"),
    )
    cost = "benefit_cost_share"
    assert np.mean([one.figures[cost].mean for one in proposed]) < min(one.figures[cost].mean for one in known)


def test_a_shortlist_takes_in_who_missed_a_limit_by_bad_luck(space: SearchSpace) -> None:
    draw, cost = np.random.default_rng(9), "benefit_cost_share"
    exact = known_of(space, first_points(space, 120, 1, set()))
    known = [
        Known(one.point, {**one.figures, cost: Estimate(one.figures[cost].mean + 0.02 * float(draw.normal()), 0.0)})
        for one in exact
    ]
    rows = promising(space, GOALS, known, [-9.0, -9.0], 30, seed=1)
    assert len(set(rows)) == len(rows) == 30
    unlucky = min(rows[1:10], key=lambda row: exact[row].figures[cost].mean)
    known[unlucky] = Known(known[unlucky].point, {**known[unlucky].figures, cost: Estimate(0.501, 0.0)})
    assert not GOALS.is_feasible(known[unlucky].figures, 0.5)
    assert unlucky in promising(space, GOALS, known, [-9.0, -9.0], 30, seed=1)


def test_a_shortlist_of_few_policies_goes_by_what_was_seen(space: SearchSpace) -> None:
    known = known_of(space, first_points(space, 16, 1, set()))
    rows = [row for row, one in enumerate(known) if GOALS.is_feasible(one.figures, 0.5)]
    picked = shortlist([GOALS.gains(known[row].figures) for row in rows], [-9.0, -9.0], 5)
    assert promising(space, GOALS, known, [-9.0, -9.0], 5, seed=1) == [rows[place] for place in picked]


@pytest.mark.parametrize("budget", [100, 400, 800, 1_600, 10_000])
def test_shares_keep_to_the_budget_and_leave_enough_for_fresh_seeds(budget: int) -> None:
    own = shares_of(budget)
    race = (own.raced + 1) * own.race_replications
    assert own.policies * own.replications + race + (own.held_out + 1) * own.held_out_replications <= budget
    assert own.held_out >= 8 or budget < 200


def test_a_budget_by_name_replaces_what_the_study_says(tmp_path: Path) -> None:
    study = plan_study(write_study(tmp_path), budget="quick").study
    assert (study.search.policies, study.search.replications) == (200, 2)
    assert study.confirmation.shortlist == PRESETS["quick"].held_out
    assert plan_study(tmp_path / "tiny.yaml", budget="quick", policies=9).study.search.policies == 9


def test_a_budget_in_simulations_is_shared_among_the_stages(tmp_path: Path) -> None:
    study = plan_study(write_study(tmp_path), budget=800).study
    assert (study.search.policies, study.search.replications) == (400, 1)
    assert (study.race.shortlist, study.race.start, study.race.replications) == (64, 2, 2)
    assert (study.confirmation.shortlist, study.confirmation.replications) == (37, 7)


@pytest.mark.parametrize(
    ("written", "told"),
    [("99", "99 simulations are too few to search, race and hold out; write 100 or more"),
     ("fast", "'fast' is neither quick, standard, thorough nor a number of simulations, such as 800")],
)  # fmt: skip
def test_a_budget_that_is_none_is_a_fault_of_the_line(written: str, told: str) -> None:
    with pytest.raises(click.BadParameter) as fault:
        SearchBudget().convert(written, None, None)
    assert fault.value.message == told


def test_a_budget_is_taken_by_name_or_number() -> None:
    assert [SearchBudget().convert(word, None, None) for word in ("quick", "1,600")] == ["quick", 1_600]


def test_the_gaussian_process_without_its_extra_is_a_fault_of_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("memberlab.optimize.study.samplers.importlib.util.find_spec", lambda name: None)
    text = STUDY.replace("start: 6, wave: 4}", "start: 6, wave: 4, sampler: gp}")
    with pytest.raises(DocumentError, match=r"tiny.yaml:12 search.sampler: gp needs torch; pip install"):
        plan_study(write_study(tmp_path, text))
