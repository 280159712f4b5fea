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
