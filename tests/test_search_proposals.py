"""Proposals: they follow from seed, wave and what is known, never repeat a point, and use up a small space."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import optuna
import pytest

from memberlab.optimize import Bound, Estimate, Goals, Known, Objective, first_points, next_points, plan_study
from memberlab.results import KPIS
from tests.studies import STUDY, write_study

SHIPPED = plan_study("fashion-thresholds").space
GOALS = Goals((Objective("gmv", 1), Objective("margin", 1)), (Bound("benefit_cost_share", 1, 0.5),))


def known(points: Sequence[tuple[int, ...]]) -> list[Known]:
    """Return points whose GMV rises with the first lever, margin falls with it, and cost rises with the second."""
    found = []
    for point in points:
        figures = {kpi: Estimate(0.0, 0.0) for kpi in KPIS}
        figures["gmv"] = Estimate(float(point[0]), 0.1)
        figures["margin"] = Estimate(float(-(point[0] ** 2)), 0.1)
        figures["benefit_cost_share"] = Estimate(point[1] / 12, 0.01)
        found.append(Known(point, figures))
    return found


START = first_points(SHIPPED, 32, 7, set())


def propose(**changes: object) -> list[tuple[int, ...]]:
    arguments: dict[str, object] = {"count": 8, "seed": 7, "wave": 3, "taken": set(START)} | changes
    return next_points(SHIPPED, GOALS, known(START), **arguments)  # type: ignore[arg-type]


def test_the_same_question_gets_the_same_answer() -> None:
    assert propose() == propose()
    assert first_points(SHIPPED, 32, 7, set()) == START


def test_seed_and_wave_change_the_answer() -> None:
    assert len({tuple(propose()), tuple(propose(seed=8)), tuple(propose(wave=4))}) == 3
    assert first_points(SHIPPED, 32, 8, set()) != START


def test_a_shorter_wave_is_the_beginning_of_a_longer_one() -> None:
    assert propose(count=3) == propose(count=8)[:3]
    assert first_points(SHIPPED, 10, 7, set()) == START[:10]


def test_the_first_wave_is_spread_evenly() -> None:
    for position, levels in enumerate(SHIPPED.levels):
        middle = np.mean([point[position] for point in START]) / (len(levels) - 1)
        assert middle == pytest.approx(0.5, abs=0.06)


def test_no_point_is_proposed_twice() -> None:
    points = propose(count=40)
    assert len(set(points)) == 40
    assert not set(points) & set(START)
    assert not set(first_points(SHIPPED, 16, 7, set(START[:8]))) & set(START[:8])


def test_limits_are_learnt() -> None:
    dear = [point[1] / 12 for point in propose(count=24)]
    assert np.mean(np.array(dear) <= 0.5) > 0.75


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_space_that_is_used_up_gives_what_is_left(tmp_path: Path, count: int) -> None:
    lines = [line for line in STUDY.splitlines() if "threshold" not in line and "free_from" not in line]
    space = plan_study(write_study(tmp_path, "\n".join(lines))).space
    taken: set[tuple[int, ...]] = {(0,), (2,)}
    assert space.size == 4
    first = first_points(space, count, 1, taken)
    assert len(set(first)) == min(count, 2)
    assert set(first) <= {(1,), (3,)}
    figures = {kpi: Estimate(0.0, 0.0) for kpi in KPIS}
    points = next_points(
        space, GOALS, [Known((0,), figures), Known((2,), figures)], count=count, seed=1, wave=1, taken=taken
    )
    assert len(points) == min(count, 2)
    assert set(points) <= {(1,), (3,)}


def test_optuna_keeps_its_voice() -> None:
    optuna.logging.set_verbosity(optuna.logging.DEBUG)
    propose(count=1)
    assert optuna.logging.get_verbosity() == optuna.logging.DEBUG
    optuna.logging.set_verbosity(optuna.logging.INFO)
