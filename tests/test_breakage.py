"""Breakage estimators: the chain-ladder by Mack's own example, the survival estimate by hand, both against the
truth."""

from __future__ import annotations

import numpy as np
import pytest

from memberlab.results import books_of, breakage, chain_ladder, statements_of, survival

from .finance_worlds import both

NAN = float("nan")
TAYLOR_ASHE = [
    [357848, 1124788, 1735330, 2218270, 2745596, 3319994, 3466336, 3606286, 3833515, 3901463],
    [352118, 1236139, 2170033, 3353322, 3799067, 4120063, 4647867, 4914039, 5339085],
    [290507, 1292306, 2218525, 3235179, 3985995, 4132918, 4628910, 4909315],
    [310608, 1418858, 2195047, 3757447, 4029929, 4381982, 4588268],
    [443160, 1136350, 2128333, 2897821, 3402672, 3873311],
    [396132, 1333217, 2180715, 2985752, 3691712],
    [440832, 1288463, 2419861, 3483130],
    [359480, 1421128, 2864498],
    [376686, 1363294],
    [344014],
]
"""The triangle of Taylor and Ashe (1983), on which Mack (1993) published his standard errors."""


def test_the_chain_ladder_gives_macks_figures() -> None:
    """Reserves and standard errors of Mack (1993, table 3): 18,681 and 2,447 thousand in all; the last cohort 4,626."""
    triangle = np.array([row + [NAN] * (10 - len(row)) for row in TAYLOR_ASHE])
    result = chain_ladder(triangle)
    paid = sum(row[-1] for row in TAYLOR_ASHE)
    assert round(result.total - paid) == 18_680_856
    assert round(result.total_error) == 2_447_095
    assert round((result.ultimate[-1] - TAYLOR_ASHE[-1][-1]) / 1000) == 4_626
    assert round(result.error[1]) == 75_535
    assert result.error[0] == 0.0


def test_survival_is_kaplan_and_meiers_product() -> None:
    """Of 100, 20 go in the first month, 40 of the other 80 in the second; then 30 of 40; of 10 no more is known."""
    used = np.array([[20, 40, 30]])
    at_risk = np.array([[100, 80, 40]])
    censored = np.array([[0, 0, 10]])
    curve = survival(at_risk, used, censored)
    assert curve.unused == pytest.approx([0.8, 0.4, 0.1])
    greenwood = np.cumsum([20 / (100 * 80), 40 / (80 * 40), 30 / (40 * 10)])
    assert curve.log_variance == pytest.approx(greenwood, rel=1e-6)
    assert curve.dispersion == 1.0


def test_cohorts_that_differ_widen_the_interval() -> None:
    alike = survival(np.full((4, 1), 1_000), np.full((4, 1), 300), np.full((4, 1), 700))
    apart = survival(np.full((4, 1), 1_000), np.array([[100], [500], [200], [400]]), np.full((4, 1), 700))
    assert apart.dispersion > 50 * alike.dispersion
    assert apart.log_variance[0] > 10 * alike.log_variance[0]


def test_both_estimators_are_near_the_truth_and_their_intervals_hold_it() -> None:
    """A market with a season: 12 of 18 cohorts have ended; in all, both are within 5 % and most cohorts are covered."""
    told = statements_of(books_of(both()[0]))["breakage"]
    assert set(told["estimator"]) == {"chain-ladder", "survival"}
    whole = told[told["cohort"].isna()]
    assert (whole["error"].abs() < 0.05).all()
    single = told[told["cohort"].notna()]
    assert len(single) >= 2 * 12
    assert single.groupby("estimator")["covered"].mean().min() > 0.7
    assert (single["low"] <= single["high"]).all()
    assert (single["actual"] <= single["entered"]).all()


def test_too_few_cohorts_give_an_empty_table() -> None:
    triangle = statements_of(books_of(both()[0]))["triangle"]
    assert breakage(triangle[triangle["month"] <= triangle["month"].min()]).empty
