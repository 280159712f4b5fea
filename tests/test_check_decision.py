"""The decision rule of `memberlab check`: what passes, what fails, what is left open, and how the chance of a wrong
word is split. Its error rates over 300 repetitions are in the slow suite (test_check_error_rates.py).
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from memberlab.optimize import CheckVerdict, ErrorBudget, decide, decide_in_looks, looks_between

ONE_LOOK = ErrorBudget(cells=24, looks=4)


def test_the_budget_is_split_evenly_over_cells_and_looks() -> None:
    assert ErrorBudget(24, 4, 0.01).level == pytest.approx(0.01 / 96)


@pytest.mark.parametrize("wrong", [(0, 4, 0.01), (24, 0, 0.01), (24, 4, 0.0), (24, 4, 1.0)])
def test_a_budget_that_cannot_be_split_is_refused(wrong: tuple[int, int, float]) -> None:
    with pytest.raises(ValueError, match="must"):
        ErrorBudget(*wrong)


def test_looks_double_from_the_first_to_the_last() -> None:
    assert looks_between(8, 64) == (8, 16, 32, 64)
    assert looks_between(8, 40) == (8, 16, 32, 40)
    assert looks_between(16, 16) == (16,)


def test_the_interval_is_students_at_the_level_of_one_look() -> None:
    differences = [1.0, 2.0, 4.0, 5.0]
    decision = decide(differences, 100.0, ErrorBudget(1, 1, 0.05))
    reach = stats.t.ppf(0.95, 3) * np.std(differences, ddof=1) / 2
    assert decision.interval == pytest.approx((3 - reach, 3 + reach))
    assert decision.shift == 3.0


def test_no_difference_at_all_passes_at_the_first_look() -> None:
    decision = decide(np.zeros(8), 1.0, ONE_LOOK)
    assert decision.verdict is CheckVerdict.PASS
    assert decision.is_unchanged


def test_a_shift_passes_inside_the_margin_and_fails_beyond_it_and_is_open_at_it() -> None:
    noise = np.tile([-0.01, 0.01], 16)
    verdicts = [decide(noise + shift, 1.0, ONE_LOOK).verdict for shift in (0.5, -0.5, 1.0, -1.0, 1.5, -1.5)]
    assert verdicts == ["PASS", "PASS", "INCONCLUSIVE", "INCONCLUSIVE", "FAIL", "FAIL"]


def test_replications_are_doubled_only_while_the_cell_is_open() -> None:
    asked: list[int] = []
    noise = np.random.default_rng(1).normal(0, 1, 64)

    def pairs_at(size: int) -> tuple[np.ndarray, np.ndarray]:
        asked.append(size)
        return noise[:size], np.zeros(size)

    wide = decide_in_looks(pairs_at, 20.0, (8, 16, 32, 64), cells=24)
    assert (wide.verdict, asked) == ("PASS", [8])
    asked.clear()
    narrow = decide_in_looks(pairs_at, 0.01, (8, 16, 32, 64), cells=24)
    assert (narrow.verdict, narrow.replications, asked) == ("INCONCLUSIVE", 64, [8, 16, 32, 64])


def test_pairing_is_told_by_its_correlation_and_warned_of_when_it_is_lost() -> None:
    draws = np.random.default_rng(2).normal(100, 1, (2, 64))
    lost = decide_in_looks(lambda size: (draws[0, :size], draws[1, :size]), 5.0, (64,), cells=1)
    kept = decide_in_looks(lambda size: (draws[0, :size] + 1, draws[0, :size]), 5.0, (64,), cells=1)
    assert lost.is_badly_paired
    assert not kept.is_badly_paired
    assert kept.correlation == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("differences", "margin", "said"),
    [([1.0], 1.0, "at least 2"), ([1.0, float("nan")], 1.0, "finite"), ([1.0, 2.0], 0.0, "above 0")],
)
def test_what_cannot_be_decided_is_refused(differences: list[float], margin: float, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        decide(differences, margin, ONE_LOOK)
