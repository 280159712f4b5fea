"""The accounting vectors of the reference: IFRS 15 and ASC 606 by their own examples, and what integers must do.

Amounts are in the examples' units or in cents of them; nothing may be astray.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memberlab.results import allocated, apportioned, expected_in_all, recognised, rounded, stand_alone_price


@pytest.mark.parametrize(
    ("sales", "points", "redemption", "stand_alone", "to_points"),
    [
        (10_000_000, 1_000_000, 9_700, 970_000, 884_230),  # 100,000 with 10,000 points worth 1: exact 8,842.30
        (100_000, 10_000, 9_500, 9_500, 8_676),  # IFRS 15, example 52, in whole units
        (200_000, 20_000, 8_500, 17_000, 15_668),  # a sale of 2,000 with 200 of points: 156.68
        (7_200_000, 1_000_000, 8_000, 800_000, 720_000),  # no expiry: 8,000 awards of 100 expected
    ],
)
def test_allocation_by_relative_stand_alone_prices(
    sales: int, points: int, redemption: int, stand_alone: int, to_points: int
) -> None:
    assert stand_alone_price(points, 1, 1, redemption) == stand_alone
    assert allocated(sales, sales, stand_alone) == to_points
    assert sales - allocated(sales, sales, stand_alone) + to_points == sales


def test_example_52_year_by_year() -> None:
    to_points = allocated(100_000, 100_000, stand_alone_price(10_000, 1, 1, 9_500))
    assert (100_000 - to_points, to_points) == (91_324, 8_676)
    first = recognised(to_points, 4_500, expected_in_all(4_500, 5_500, 10_000, 9_500))
    second = recognised(to_points, 8_500, expected_in_all(8_500, 1_500, 10_000, 9_700))
    assert (first, second - first) == (4_110, 3_493)


@pytest.mark.parametrize(("estimate", "third_year"), [(9_900, 3_552), (9_200, 4_140)])
def test_the_textbook_case_trues_up_to_a_new_estimate(estimate: int, third_year: int) -> None:
    second = recognised(9_000, 4_500, 9_700)
    assert second == 4_175
    assert recognised(9_000, 8_500, estimate) - second == third_year


def test_points_without_expiry_year_by_year() -> None:
    to_date = [recognised(720_000, 4_000, 8_000), recognised(720_000, 8_100, 9_000), recognised(720_000, 9_000, 9_000)]
    assert [to_date[0], to_date[1] - to_date[0], to_date[2] - to_date[1]] == [360_000, 288_000, 72_000]


def test_deferred_fees_of_a_listed_retailer_roll_forward() -> None:
    assert 559 + 1_133 - 1_117 == 575


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**9), max_size=30))
def test_shares_add_up_and_none_is_a_unit_off(amount: int, weights: list[int]) -> None:
    if not weights:
        weights = [1]
    shares = apportioned(amount, weights)
    assert sum(shares) == amount
    if sum(weights):
        assert all(abs(share * sum(weights) - amount * weight) < sum(weights) for share, weight in
                   zip(shares, weights, strict=True))  # fmt: skip


@given(st.integers(0, 10**10), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1))
def test_revenue_of_a_cohort_is_its_allocation_once_nothing_is_left(
    allocation: int, periods: list[tuple[int, int]]
) -> None:
    """Whatever is redeemed and expected in between, the sum of all periods is what had been allocated."""
    redeemed = before = total = 0
    for used, expected_more in periods:
        redeemed += used
        to_date = recognised(allocation, redeemed, redeemed + expected_more)
        total, before = total + to_date - before, to_date
        assert 0 <= to_date <= allocation
    total += recognised(allocation, redeemed, redeemed) - before
    assert total == allocation


@pytest.mark.parametrize(("numerator", "denominator", "whole"), [(5, 2, 3), (4, 3, 1), (-5, 2, -2), (-7, 4, -2)])
def test_halves_are_rounded_up(numerator: int, denominator: int, whole: int) -> None:
    assert rounded(numerator, denominator) == whole


def test_expected_redemption_stays_within_what_can_still_happen() -> None:
    assert expected_in_all(9_900, 100, 10_000, 9_500) == 9_900  # more has been redeemed than was expected
    assert expected_in_all(100, 50, 10_000, 9_500) == 150  # the rest has expired
