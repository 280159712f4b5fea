"""How often a whole check is wrong, over 300 runs of 24 cells and four looks: the promises of docs/check.md.

A run may raise a false alarm with 1 % by its budget; of 300 runs more than 3 would then come up in 35 % of suites, so
that the study's bound is what the rule really does: far less, because a failure takes an interval beyond the margin.
"""

from __future__ import annotations

import pytest

from memberlab.optimize import CheckVerdict

from .error_rates_of_checks import Pool, lived_pool, lived_rates, normal_rates

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def pool() -> Pool:
    return lived_pool()


@pytest.mark.parametrize("correlation", [0.0, 0.8, 0.95, 0.99])
def test_nothing_that_has_not_moved_fails(correlation: float) -> None:
    assert normal_rates(correlation, 0.0).alarm_rate <= 0.01


@pytest.mark.parametrize("correlation", [0.95, 0.99])
def test_a_shift_of_twice_the_margin_fails(correlation: float) -> None:
    assert normal_rates(correlation, 2.0).share(CheckVerdict.FAIL) >= 0.99


def test_a_shift_of_the_margin_is_not_passed() -> None:
    rates = normal_rates(0.95, 1.0)
    assert rates.share(CheckVerdict.PASS) * rates.runs * 24 <= 3


@pytest.mark.parametrize("paired", [True, False])
def test_outcomes_of_the_lab_that_have_not_moved_do_not_fail(pool: Pool, paired: bool) -> None:
    assert lived_rates(pool, 0.0, paired=paired).alarm_rate <= 0.01


def test_outcomes_of_the_lab_that_moved_by_twice_the_margin_fail(pool: Pool) -> None:
    assert lived_rates(pool, 2.0).share(CheckVerdict.FAIL) >= 0.99
