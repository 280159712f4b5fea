"""Proposals by every sampler: new points inside the grid, the same again, and nearer to what is known to be good."""

from __future__ import annotations

import numpy as np
import pytest

from memberlab.optimize import (
    Bound,
    Estimate,
    Goals,
    Known,
    Objective,
    Point,
    Sampler,
    SearchSpace,
    next_points,
    plan_study,
    sampler_for,
)

GOALS = Goals((Objective("margin", 1), Objective("gmv", 1)), (Bound("benefit_cost_share", 1, 0.5),))


@pytest.fixture(scope="module")
def space() -> SearchSpace:
    return plan_study("fashion-thresholds").space


def known_of(space: SearchSpace, count: int) -> list[Known]:
    """Return points at random; the lower all levels the more margin, the higher the more GMV, in the middle neither."""
    draw = np.random.default_rng(6)
    sizes = np.array([len(levels) for levels in space.levels])
    found = []
    for _ in range(count):
        point = tuple(int(draw.integers(size)) for size in sizes)
        found.append(Known(point, figures(point, sizes)))
    return found


def figures(point: Point, sizes: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> dict[str, Estimate]:
    height = np.asarray(point) / np.maximum(sizes - 1, 1)
    values = {"margin": -np.square(height).sum(), "gmv": -np.square(1 - height).sum(), "benefit_cost_share": height[0]}
    return {name: Estimate(float(value), 0.0) for name, value in values.items()}


@pytest.mark.parametrize("sampler", ["surrogate", "mixed", "tpe", "nsga-ii"])
def test_proposals_are_new_and_the_same_again(space: SearchSpace, sampler: Sampler) -> None:
    known = known_of(space, 60)
    taken = {one.point for one in known}

    def proposed() -> list[Point]:
        return next_points(space, GOALS, known, count=8, seed=5, wave=7, taken=set(taken), sampler=sampler)

    points = proposed()
    assert len(set(points)) == 8
    assert not taken & set(points)
    assert all(0 <= level < len(levels) for point in points for level, levels in zip(point, space.levels, strict=True))
    assert proposed() == points


@pytest.mark.parametrize("sampler", ["surrogate", "mixed", "nsga-ii"])
def test_proposals_are_nearer_to_the_best_than_points_at_random(space: SearchSpace, sampler: Sampler) -> None:
    sizes = np.array([len(levels) for levels in space.levels])
    known = known_of(space, 80)
    only_margin = Goals(GOALS.objectives[:1], GOALS.bounds)

    def loss(points: list[Point]) -> float:
        return float(np.mean([-figures(one, sizes)["margin"].mean for one in points]))

    points = [
        point
        for wave in range(10, 14)
        for point in next_points(
            space, only_margin, known, count=8, seed=5, wave=wave, taken={one.point for one in known}, sampler=sampler
        )
    ]
    assert loss(points) < 0.9 * loss([one.point for one in known])


def test_auto_goes_by_the_number_of_policies() -> None:
    assert sampler_for("tpe", 10_000) == "tpe"
    assert sampler_for("auto", 10_000) != sampler_for("auto", 100)
