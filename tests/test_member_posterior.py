"""What is drawn for members against the closed forms: who is still here, how often they buy, how long they stay.

Statistical tests state their false-alarm rate: with 20,000 draws and fixed seeds, one in 10,000 for each comparison if
draws and closed form agree (3.9 standard errors, or a Kolmogorov-Smirnov p-value of 1e-4).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from memberlab.scenarios import BGNBD, GammaGamma, ParetoNBD, calibration
from memberlab.sim import Draws, History, Rates, draw_rates, draw_spend_rate, probability_here

bg_nbd, nbd, pareto_nbd = calibration.bg_nbd, calibration.nbd, calibration.pareto_nbd

DRAWS, ERRORS, SMALLEST_P = 20_000, 3.9, 1e-4

PARETO = ParetoNBD(model="pareto-nbd", r=0.553, alpha_weeks=10.578, s=0.606, beta_weeks=11.669)
BG = BGNBD(model="bg-nbd", r=0.243, alpha_weeks=4.414, a=0.793, b=2.426)
PARETO_ARRAY = np.array([0.553, 10.578, 0.606, 11.669])
BG_ARRAY = np.array([0.243, 4.414, 0.793, 2.426])

HISTORIES = [(0, 0.0, 38.9), (1, 12.0, 38.9), (2, 30.4, 38.9), (7, 29.4, 38.9), (26, 50.0, 52.0), (26, 20.0, 52.0),
             (200, 103.0, 104.0), (3, 1.0, 3.0)]  # fmt: skip
"""Repeat orders, recency and age, in weeks."""

Floats = NDArray[np.float64]


def history_of(rows: list[tuple[int, float, float]], lived: float = 0.0) -> History:
    x, recency, age = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    return History(x, recency, age, np.full(len(rows), lived))


def observed(rows: list[tuple[int, float, float]]) -> calibration.PurchaseHistory:
    history = history_of(rows)
    return calibration.PurchaseHistory(history.orders, history.recency, history.age)


def drawn(
    model: ParetoNBD | BGNBD, row: tuple[int, float, float], *, pace: float = 1.0, wear: float = 1.0, seed: int = 5
) -> Rates:
    """Return many draws for one history."""
    uniform = np.random.default_rng(seed).uniform(size=(5, DRAWS))
    rows = history_of([row] * DRAWS)
    return draw_rates(model, rows, Draws(*uniform), np.full(DRAWS, pace), np.full(DRAWS, wear))


@pytest.mark.parametrize(("model", "closed", "array"), [(PARETO, pareto_nbd, PARETO_ARRAY), (BG, bg_nbd, BG_ARRAY)])
def test_the_probability_of_being_here_is_the_closed_form(model: ParetoNBD | BGNBD, closed: Any, array: Floats) -> None:
    one = np.ones(len(HISTORIES))
    found = probability_here(model, history_of(HISTORIES), one, one)
    assert found == pytest.approx(closed.probability_alive(array, observed(HISTORIES)), rel=1e-7)


def test_pace_and_wear_are_those_of_a_population_that_lives_so_much_faster() -> None:
    pace, wear = 1.3, 0.7
    faster = PARETO_ARRAY / np.array([1.0, pace, 1.0, wear])
    many = np.full(len(HISTORIES), pace), np.full(len(HISTORIES), wear)
    found = probability_here(PARETO, history_of(HISTORIES), *many)
    assert found == pytest.approx(pareto_nbd.probability_alive(faster, observed(HISTORIES)), rel=1e-7)


@pytest.mark.parametrize("row", HISTORIES)
@pytest.mark.parametrize("name", ["pareto", "bg"])
def test_rates_have_the_mean_of_the_closed_posterior(name: str, row: tuple[int, float, float]) -> None:
    model, closed, array = (PARETO, pareto_nbd, PARETO_ARRAY) if name == "pareto" else (BG, bg_nbd, BG_ARRAY)
    rates = drawn(model, row).orders_a_week
    posterior = closed.rate_posterior(array, observed([row]))
    mean = float(posterior.shape[0] * (posterior.weights[0] / posterior.rates[0]).sum())
    assert abs(rates.mean() - mean) < ERRORS * rates.std() / np.sqrt(DRAWS)


@pytest.mark.parametrize("row", [HISTORIES[0], HISTORIES[1], HISTORIES[4]])
def test_the_drawn_life_buys_what_the_closed_form_expects(row: tuple[int, float, float]) -> None:
    """A shopper with rate and life drawn orders, in 26 weeks, the conditional expectation of Pareto/NBD."""
    drawn_rates, weeks = drawn(PARETO, row), 26.0
    orders = drawn_rates.orders_a_week * np.minimum(drawn_rates.life_left / 7.0, weeks)
    expected = float(pareto_nbd.expected_purchases(PARETO_ARRAY, observed([row]), weeks)[0])
    assert abs(orders.mean() - expected) < ERRORS * orders.std() / np.sqrt(DRAWS)


def test_who_is_here_has_the_conjugate_posterior() -> None:
    x, _, age = row = HISTORIES[4]
    rates = drawn(PARETO, row)
    here = rates.here
    lam = stats.gamma(PARETO.r + x, scale=1 / (PARETO.alpha_weeks + age))
    assert PARETO.s is not None
    assert PARETO.beta_weeks is not None
    mu = stats.gamma(PARETO.s, scale=1 / (PARETO.beta_weeks + age))
    assert stats.kstest(rates.orders_a_week[here], lam.cdf).pvalue > SMALLEST_P
    assert stats.kstest(rates.dropout[here], mu.cdf).pvalue > SMALLEST_P


def test_who_has_left_did_so_by_the_density_of_leaving() -> None:
    x, recency, age = row = HISTORIES[1]
    rates = drawn(PARETO, row)
    left = age - rates.weeks_gone[~rates.here]
    grid = np.linspace(recency, age, 20_001)
    assert PARETO.s is not None
    assert PARETO.beta_weeks is not None
    density = (PARETO.alpha_weeks + grid) ** -(PARETO.r + x) * (PARETO.beta_weeks + grid) ** -(PARETO.s + 1)
    mass = np.concatenate([[0.0], np.cumsum(density[1:] + density[:-1])])
    assert stats.kstest(left, lambda t: np.interp(t, grid, mass / mass[-1])).pvalue > SMALLEST_P
    assert left.min() >= recency
    assert left.max() <= age


def test_a_lapsed_regular_is_gone_and_an_active_one_is_here() -> None:
    one = np.ones(2)
    lapsed, active = probability_here(PARETO, history_of([(40, 50.0, 150.0), (40, 149.0, 150.0)]), one, one)
    assert lapsed < 1e-9
    assert active > 0.98


def test_having_lived_on_before_the_observation_tells_of_a_low_hazard() -> None:
    one = np.ones(1)
    row = [(5, 40.0, 52.0)]
    new, old = (probability_here(PARETO, history_of(row, lived), one, one)[0] for lived in (0.0, 300.0))
    assert old > new


def test_without_dropout_everybody_stays_for_ever() -> None:
    stays = ParetoNBD(model="pareto-nbd", r=0.385, alpha_weeks=12.072)
    rates = drawn(stays, HISTORIES[5])
    assert rates.here.all()
    assert np.isinf(rates.life_left).all()
    expected = nbd.expected_purchases(np.array([0.385, 12.072]), observed([HISTORIES[5]]), 1.0)[0]
    assert abs(rates.orders_a_week.mean() - expected) < ERRORS * rates.orders_a_week.std() / np.sqrt(DRAWS)


def test_the_spend_level_has_the_conjugate_posterior() -> None:
    spend, orders, total = GammaGamma(p=6.25, q=3.744, v=15.443), 4.0, 212.5
    nu = draw_spend_rate(
        spend, np.full(DRAWS, orders), np.full(DRAWS, total), np.random.default_rng(3).uniform(size=DRAWS)
    )
    assert stats.kstest(nu, stats.gamma(3.744 + 6.25 * orders, scale=1 / (15.443 + total)).cdf).pvalue > SMALLEST_P
    mean = 6.25 / nu
    expected = calibration.gamma_gamma.expected_amount(
        np.array([6.25, 3.744, 15.443]), calibration.SpendHistory(np.array([orders]), np.array([total / orders]))
    )
    assert abs(mean.mean() - expected[0]) < ERRORS * mean.std() / np.sqrt(DRAWS)
