"""Criteria over scenarios, each recomputed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from memberlab.optimize import Robustness, counted
from memberlab.policies import DocumentError

VALUES = np.array([[10.0, 12.0], [4.0, 20.0], [7.0, 1.0]])
WEIGHTS = np.array([0.5, 0.3, 0.2])


def by(criterion: str, sign: int = 1, **more: object) -> list[float]:
    options = {name: value for name, value in more.items() if name in ("reference", "best")}
    settings = {"criterion": criterion, **{name: value for name, value in more.items() if name == "tail"}}
    robustness = Robustness.model_validate(settings)
    return [float(one) for one in counted(VALUES, WEIGHTS, robustness, sign=sign, **options)]  # type: ignore[arg-type]


def test_the_mean_goes_by_weight() -> None:
    assert by("mean") == pytest.approx([0.5 * 10 + 0.3 * 4 + 0.2 * 7, 0.5 * 12 + 0.3 * 20 + 0.2 * 1])


def test_the_worst_case_depends_on_the_direction() -> None:
    assert by("worst") == [4, 1]
    assert by("worst", sign=-1) == [10, 20]


def test_the_tail_takes_part_of_a_scenario_where_it_must() -> None:
    assert by("cvar", tail=30) == pytest.approx([4, (0.2 * 1 + 0.1 * 12) / 0.3])
    assert by("cvar", tail=100) == pytest.approx(by("mean"))
    assert by("cvar") == pytest.approx([4, 1])  # a fifth


def test_regret_is_the_largest_loss_against_the_best() -> None:
    best = np.array([[11.0, 12.0], [9.0, 21.0], [7.0, 3.0]])
    assert by("regret", best=best) == [5, 2]
    with pytest.raises(ValueError, match="needs the best"):
        by("regret")


def test_satisficing_is_the_share_of_scenarios_that_reach_the_reference() -> None:
    assert by("satisficing", reference=7.0) == pytest.approx([0.7, 0.8])
    assert by("satisficing", sign=-1, reference=7.0) == pytest.approx([0.5, 0.2])
    with pytest.raises(ValueError, match="needs a reference"):
        by("satisficing")


def test_a_tail_belongs_to_cvar() -> None:
    with pytest.raises((DocumentError, ValueError), match="tail is for the criterion cvar"):
        Robustness.model_validate({"criterion": "worst", "tail": 20})
