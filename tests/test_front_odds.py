"""How sure a front is: odds that agree with what is known of small fronts, and importances that find the lever."""

from __future__ import annotations

import numpy as np
import pytest

from memberlab.optimize import (
    Estimate,
    Goals,
    Heats,
    Known,
    Objective,
    SearchSpace,
    front_odds,
    lever_importances,
    plan_study,
)


def heats(means: list[list[float]], excesses: list[float], spread: float = 1.0, replications: int = 24) -> Heats:
    draw = np.random.default_rng(4)
    shape = (len(means), replications, len(means[0]))
    noise = draw.normal(size=shape) * spread
    limits = np.asarray(excesses)[:, None, None] + 0.1 * draw.normal(size=(len(means), replications, 1))
    return Heats(np.asarray(means)[:, None, :] + noise - noise.mean(axis=1, keepdims=True), limits)


def test_a_policy_far_behind_is_dominated_and_one_on_a_corner_is_not() -> None:
    odds = front_odds(heats([[10, 0], [0, 10], [8, 8], [1, 1]], [-1] * 4), [True] * 4, seed=1)
    assert [round(one.dominated, 2) for one in odds] == [0, 0, 0, 1]
    assert [one.is_knee for one in odds] == [False, False, True, False]
    assert sum(one.weightings for one in odds) == pytest.approx(1)
    assert odds[3].weightings == 0
    assert odds[2].weightings > odds[0].weightings > 0


def test_the_share_of_weightings_is_that_of_two_corners() -> None:
    odds = front_odds(heats([[1, 0], [0, 1]], [-1, -1]), [True, True], seed=1)
    assert odds[0].weightings == pytest.approx(0.5, abs=0.03)


def test_the_chance_of_keeping_a_limit_is_that_of_its_mean() -> None:
    # the mean of 24 with a deviation of 0.1 has an error of 0.02: 0.02 above the limit is kept in one draw of six
    odds = front_odds(heats([[1], [1], [1]], [-0.2, 0.02, 0.2]), [True, False, False], seed=1)
    assert odds[0].feasible == 1
    assert 0 <= odds[1].feasible < 0.6
    assert odds[2].feasible == 0


def test_who_breaks_the_limit_dominates_nobody() -> None:
    odds = front_odds(heats([[5], [1]], [1.0, -1.0]), [False, True], seed=1)
    assert odds[1].dominated == 0
    assert odds[1].weightings == 1


def test_near_ties_are_told_as_such() -> None:
    odds = front_odds(heats([[1.0, 1.0], [1.02, 1.02]], [-1, -1]), [True, True], seed=1)
    assert 0.02 < odds[0].dominated < 0.9


def test_the_lever_that_decides_is_found_with_its_direction() -> None:
    space: SearchSpace = plan_study("fashion-thresholds").space
    goals = Goals((Objective("margin", 1), Objective("gmv", 1)), ())
    draw = np.random.default_rng(2)
    known = []
    for _ in range(120):
        point = tuple(int(draw.integers(len(levels))) for levels in space.levels)
        margin = -3.0 * point[3] + 0.1 * draw.normal()  # the silver discount
        gmv = 2.0 * point[9] + 0.1 * draw.normal()  # points for each unit
        known.append(Known(point, {"margin": Estimate(margin, 0), "gmv": Estimate(gmv, 0)}))
    found = lever_importances(space, goals, known)
    first = {kpi: max((one for one in found if one.kpi == kpi), key=lambda one: one.share) for kpi in ("margin", "gmv")}
    assert first["margin"].lever == "tiers.silver.discount"
    assert first["gmv"].lever == "points.earn.points"
    assert first["margin"].direction == pytest.approx(-1, abs=0.05)
    assert first["gmv"].direction == pytest.approx(1, abs=0.05)
    assert lever_importances(space, goals, known[:10]) == ()


def test_the_fitted_effect_tells_levers_apart_that_move_together() -> None:
    space: SearchSpace = plan_study("fashion-thresholds").space
    goals = Goals((Objective("margin", -1),), ())
    draw = np.random.default_rng(3)
    known = []
    for _ in range(200):
        point = [int(draw.integers(len(levels))) for levels in space.levels]
        point[4] = min(point[3], len(space.levels[4]) - 1)  # gold's discount follows silver's
        point[4] = max(0, point[4] - int(draw.integers(2)))
        figure = 5.0 * point[3] / (len(space.levels[3]) - 1) + 0.2 * draw.normal()
        known.append(Known(tuple(point), {"margin": Estimate(figure, 0)}))
    found = {one.lever: one for one in lever_importances(space, goals, known)}
    silver, gold = found["tiers.silver.discount"], found["tiers.gold.discount"]
    assert silver.direction is not None
    assert gold.direction is not None
    assert silver.direction < -0.9  # more of it raises what is to fall
    assert gold.direction < -0.7  # by company alone
    assert silver.slope is not None
    assert silver.slope_error is not None
    assert abs(silver.slope - 5) < 3 * silver.slope_error < 1
    assert silver.raises is True
    assert gold.raises is None
    assert silver.is_above_floor
    assert sum(one.raises is not None for one in found.values()) <= 3  # 11 levers without effect, at 5 % each


def test_the_chance_to_beat_the_incumbent_counts_all_objectives() -> None:
    odds = front_odds(heats([[0, 0], [9, 9], [3, -9]], [-1, -1, -1]), [True] * 3, seed=1)
    assert [round(one.beats_incumbent, 2) for one in odds] == [0, 1, 0]
    assert [round(one.on_front, 2) for one in odds] == [0, 1, 0]
