"""Estimators of campaign and discount response by hand: each against a sum worked out another way.

The statistical tests have fixed seeds; a sound estimator would fail one of them, with other seeds, in under 0.1 % of
cases unless another rate is stated.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from memberlab.policies import DocumentError
from memberlab.scenarios import response

from .campaign_logs import dates, exposures_of, log_of, names, new_market, offers_of, purchases_of


def test_two_way_effects_are_those_of_dummy_variables() -> None:
    """The same regression with a column for each unit and time, and the sandwich written out."""
    rng = np.random.default_rng(1)
    units, times = (places.ravel() for places in np.indices((12, 9)))
    kept = rng.random(len(units)) < 0.8
    units, times = units[kept], times[kept]
    regressors = rng.normal(size=(len(units), 2)) + units[:, None] * 0.1
    outcome: NDArray[np.float64] = regressors @ [1.5, -0.5] + units * 0.3 + np.sin(times) + rng.normal(size=len(units))
    fit = response.two_way_effects(outcome, regressors, units, times)
    dummies = np.column_stack([units[:, None] == np.arange(12), times[:, None] == np.arange(1, 9)]).astype(float)
    design = np.column_stack([regressors, dummies])
    coefficients, *_ = np.linalg.lstsq(design, outcome, rcond=None)
    assert fit.values == pytest.approx(coefficients[:2], abs=1e-6)
    bread = np.linalg.pinv(design.T @ design)
    residuals = outcome - design @ coefficients
    scores = np.array([design[units == unit].T @ residuals[units == unit] for unit in range(12)])
    covariance = (bread @ scores.T @ scores @ bread)[:2, :2] * 12 / 11
    assert fit.covariance == pytest.approx(covariance, rel=1e-4)
    assert (fit.rows, fit.units) == (len(units), 12)


def test_a_regressor_that_unit_effects_explain_is_refused() -> None:
    units, times = (places.ravel() for places in np.indices((5, 4)))
    with pytest.raises(ValueError, match="explain a regressor fully"):
        response.two_way_effects(np.arange(20.0), units[:, None].astype(np.float64), units, times)


def test_exposed_over_unexposed_is_a_ratio_of_means() -> None:
    outcome = np.array([[4.0, 2.0], [1.0, 1.0]])
    exposed = np.array([[True, True], [False, False]])
    assert response.exposed_over_unexposed(outcome, exposed).value == pytest.approx(2.0)


def test_first_exposure_by_hand() -> None:
    """Two exposed customers gain 3 a week from week 4 on, beside two who never are: 3 of the 10 without it."""
    outcome = np.full((4, 8), 10.0) + np.arange(8.0)
    outcome[:2] += 5
    outcome[:2, 4:] += 3
    first = np.array([4, 4, response.NEVER, response.NEVER])
    found = response.around_first_exposure({"spend": outcome}, first, width=4)
    assert found.effects["spend"].value == pytest.approx(3 / (outcome[:2, 4:].mean() - 3))
    assert (found.exposed, found.never) == (2, 2)


def test_weeks_far_from_the_first_exposure_are_left_out() -> None:
    outcome = np.full((4, 20), 10.0)
    outcome[:2, 14:] = 99.0
    first = np.array([8, 8, response.NEVER, response.NEVER])
    found = response.around_first_exposure({"spend": outcome}, first, width=6)
    assert found.effects["spend"].value == pytest.approx(0.0, abs=1e-9)


def test_matching_takes_the_nearest_by_what_they_bought() -> None:
    """Five of the ten controls spend as the exposed did before; only their change is taken off."""
    spend = np.zeros((11, 4))
    spend[0] = [10, 10, 16, 16]
    spend[1:6] = [10, 10, 12, 12]
    spend[6:] = [2, 2, 90, 90]
    exposed = np.arange(11) == 0
    found, treated, others = response.matched_differences(
        {"spend": spend, "visits": spend}, exposed, ~exposed, response.Windows((0, 2), (0, 2), (2, 4))
    )
    assert found["spend"].value == pytest.approx(4 / 12)
    assert (treated, others) == (1, 10)


def test_standard_errors_of_matching_allow_for_controls_that_serve_several() -> None:
    """Their mean over 60 draws is the standard deviation of the estimates, within a quarter (4 standard errors)."""
    rng = np.random.default_rng(5)
    found = []
    for _ in range(60):
        trait = rng.gamma(2, 10, 160)
        spend = trait[:, None] + rng.normal(0, 5, (160, 8))
        exposed = np.arange(160) < 80
        one, _, _ = response.matched_differences(
            {"spend": spend, "visits": spend}, exposed, ~exposed, response.Windows((0, 2), (2, 5), (5, 8))
        )
        found.append((one["spend"].value, one["spend"].standard_error))
    values, errors = np.array(found).T
    assert errors.mean() / values.std(ddof=1) == pytest.approx(1.0, abs=0.25)


@pytest.mark.parametrize("truth", ["additive", "proportional"])
def test_the_form_of_a_lift_is_found_over_tenths_of_prior_spend(truth: str) -> None:
    rng = np.random.default_rng(11)
    prior = rng.gamma(1.0, 20.0, 6000)
    outcome = prior * 0.7 + 3.0 + rng.normal(0, 4.0, 6000)
    treated = rng.random(6000) < 0.5
    outcome[treated] = outcome[treated] + 4.0 if truth == "additive" else outcome[treated] * 1.25
    found = response.form_of_lift(outcome, prior, treated)
    assert found is not None
    assert (found.form, found.is_clear) == (truth, True)
    assert truth in found.in_words()


def test_without_a_lift_neither_form_is_excluded() -> None:
    rng = np.random.default_rng(12)
    prior = rng.gamma(1.0, 20.0, 3000)
    outcome = prior * 0.7 + 3.0 + rng.normal(0, 4.0, 3000)
    found = response.form_of_lift(outcome, prior, rng.random(3000) < 0.5)
    assert found is not None
    assert not found.is_clear
    assert found.in_words().startswith("The data cannot tell")


def test_a_lift_of_heavy_buyers_only_has_neither_form() -> None:
    rng = np.random.default_rng(13)
    prior = rng.uniform(0.0, 20.0, 6000)
    outcome = prior + rng.normal(0, 1.0, 6000)
    treated = rng.random(6000) < 0.5
    outcome[treated & (prior > 12)] += 6.0
    found = response.form_of_lift(outcome, prior, treated)
    assert found is not None
    assert found.line_p < 0.001
    assert found.in_words().startswith("Neither form holds")


def test_too_few_customers_have_no_form() -> None:
    rng = np.random.default_rng(2)
    assert response.form_of_lift(rng.normal(size=150), rng.random(150), rng.random(150) < 0.5) is None


# prices


def product_weeks(rng: np.random.Generator, deal: float, shelf: float, spread: float = 0.0) -> pd.DataFrame:
    """Return 60 products in 40 weeks with known elasticities; deals on a quarter of the weeks."""
    product, week = (places.ravel() for places in np.indices((60, 40)))
    list_price = np.exp(rng.normal(1, 0.4, 60)[product] + 0.08 * rng.normal(size=len(product)).round())
    depth = np.where(rng.random(len(product)) < 0.25, np.log(1 - rng.uniform(0.05, 0.4, len(product))), 0.0)
    own = rng.normal(0.0, spread, 60)[product]
    log_units = 6 + rng.normal(0, 0.5, 60)[product] + 0.1 * np.sin(week) + (deal + own) * depth
    log_units = log_units + (shelf + own) * np.log(list_price) + rng.normal(0, 0.1, len(product))
    units = np.maximum(np.rint(np.exp(log_units)), 1)
    amount = units * list_price
    return pd.DataFrame(
        {"product_id": product, "week": week, "units": units, "paid": amount * np.exp(depth), "shelf": amount}
    )


def test_deals_and_shelf_prices_have_elasticities_of_their_own() -> None:
    """False alarm rate 1 %: both within 3 standard errors."""
    found = response.price_response(product_weeks(np.random.default_rng(3), -2.5, -0.6))
    assert found is not None
    assert found.deal is not None
    assert found.shelf_price is not None
    assert abs(found.deal.value + 2.5) < 3 * found.deal.standard_error + 0.02
    assert abs(found.shelf_price.value + 0.6) < 3 * found.shelf_price.standard_error + 0.02
    assert found.deal.value < found.own_price.value < found.shelf_price.value


def test_the_true_spread_of_products_is_found_beyond_chance() -> None:
    found = response.price_response(product_weeks(np.random.default_rng(4), -2.0, -2.0, spread=1.0))
    assert found is not None
    assert found.spread is not None
    assert found.spread.true_sd == pytest.approx(1.0, abs=0.3)
    alike = response.price_response(product_weeks(np.random.default_rng(4), -2.0, -2.0))
    assert alike is not None
    assert alike.spread is not None
    assert alike.spread.true_sd < 0.25


def test_the_spread_of_known_estimates_is_that_of_the_textbook() -> None:
    """DerSimonian and Laird on three estimates: Q = 8, degrees of freedom 2, sum w = 3, sum w^2 / sum w = 1."""
    assert response.true_sd(np.array([0.0, 2.0, 4.0]), np.ones(3)) == pytest.approx(np.sqrt(3.0))
    assert response.true_sd(np.array([1.0, 1.1, 0.9]), np.ones(3)) == 0.0


def test_few_products_tell_no_price_response() -> None:
    table = product_weeks(np.random.default_rng(3), -2.5, -0.6)
    assert response.price_response(table[table["product_id"] < 19]) is None


def test_a_table_of_product_weeks_without_a_column_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "weeks.csv"
    file.write_text("product_id,week,unit\n1,2,3\n", encoding="utf-8")
    with pytest.raises(DocumentError) as fault:
        response.read_product_weeks(file)
    assert [(problem.field, problem.message) for problem in fault.value.problems] == [
        ("units", "no such column; the table has product_id, week, unit"),
        ("paid", "no such column; the table has product_id, week, unit"),
    ]
    with pytest.raises(DocumentError, match="no such file"):
        response.read_product_weeks(tmp_path / "none.parquet")


# deals on what one usually buys


def basket_world(effect: float) -> tuple[pd.DataFrame, response.WeeklyPanel]:
    """Return purchases of 400 households over 52 weeks, who come more often when their own products are on deal."""
    rng = np.random.default_rng(8)
    households, products, weeks = 400, 40, 52
    depth = np.where(rng.random((products, weeks)) < 0.3, 0.3, 0.0)
    basket = rng.random((households, products)) * (rng.random((households, products)) < 0.2)
    basket /= np.maximum(basket.sum(axis=1, keepdims=True), 1e-9)
    index = basket @ depth
    visits = rng.poisson(2.0 * np.exp(effect * (index - index.mean())))
    household, product, week = np.nonzero(
        (rng.random((households, products, weeks)) < 0.6) & (basket[:, :, None] > 0) & (visits[:, None, :] > 0)
    )
    shelf = 10.0 * basket[household, product] * visits[household, week]
    lines = pd.DataFrame({"customer": household, "product_id": product, "week": week, "shelf": shelf})
    lines["paid"] = lines["shelf"] * (1 - depth[product, week])
    exposed = np.zeros((households, weeks), bool)
    outcomes = {"visits": visits.astype(float), "orders": visits.astype(float), "spend": visits * 10.0}
    return lines, response.WeeklyPanel(outcomes, exposed, exposed, 0)


def test_deals_on_the_own_basket_bring_the_visits_that_were_put_in() -> None:
    """10 points more of discount bring 10 % more visits at an effect of 1; with none, none are found."""
    found = response.basket_deals(*basket_world(1.0))
    assert found is not None
    assert abs(found.visits.value - 0.105) < 3 * found.visits.standard_error
    assert found.visits.value > 3 * found.visits.standard_error
    nothing = response.basket_deals(*basket_world(0.0))
    assert nothing is not None
    assert abs(nothing.visits.value) < 3 * nothing.visits.standard_error


def test_a_short_log_tells_no_own_basket_index() -> None:
    lines, panel = basket_world(0.0)
    short = response.WeeklyPanel(
        {name: outcome[:, :20] for name, outcome in panel.outcomes.items()},
        panel.exposed[:, :20], panel.touched[:, :20], 0,
    )  # fmt: skip
    assert response.basket_deals(lines, short) is None


# the order of customers, and redemption


def test_answers_do_not_hang_on_the_order_of_customers() -> None:
    """Ids are hashed with any salt; customers who bought alike, such as nothing, are all taken in part."""
    rng = np.random.default_rng(6)
    spend = rng.poisson(0.7, (300, 12)).astype(np.float64)
    exposed = np.arange(300) < 90
    windows = response.Windows((0, 3), (3, 6), (6, 12))
    outcomes = {"spend": spend, "visits": spend}
    one, _, _ = response.matched_differences(outcomes, exposed, ~exposed, windows)
    shuffled = rng.permutation(300)
    turned = {name: outcome[shuffled] for name, outcome in outcomes.items()}
    other, _, _ = response.matched_differences(turned, exposed[shuffled], ~exposed[shuffled], windows)
    assert other["spend"].value == pytest.approx(one["spend"].value, abs=1e-12)
    assert other["spend"].standard_error == pytest.approx(one["spend"].standard_error, abs=1e-12)


def test_orders_that_would_have_come_anyway_are_counted_in_a_trial() -> None:
    """300 targets order twice more than they would have, and redeem on 4 orders each: 1 - 600 / 1,200 = 50 %."""
    shoppers = np.arange(600)
    treated = shoppers < 300
    rng = np.random.default_rng(9)
    everyone = rng.permutation(shoppers)
    days = [7 * week + 2 for week in range(14)]
    sales = [pd.DataFrame({"shopper": everyone, "day": day, "spend": 10.0, "receipts": 1}) for day in days]
    sales += [
        pd.DataFrame({"shopper": shoppers[treated], "day": day, "spend": 10.0, "receipts": 1}) for day in (71, 78)
    ]
    purchases = pd.concat(sales)
    purchases["customer_id"] = names(purchases["shopper"].to_numpy())
    purchases["day"] = dates(purchases["day"].to_numpy())
    used = pd.concat([
        pd.DataFrame({"customer_id": names(shoppers[:300]), "offer_id": "o", "redeemed_at": dates(np.full(300, day))})
        for day in (71, 72, 78, 79)
    ])  # fmt: skip
    log = log_of(
        purchases, exposures_of(shoppers, "o", 70, "random", ~treated), offers_of(("o", 70, 97)), weeks=14,
        redemptions=used,
    )  # fmt: skip
    found = response.randomised_lift(log, "o")
    assert found.outcomes["orders"].raw.value == pytest.approx(2 / 4)
    assert found.redeemed is not None
    assert (found.redeemed.orders, found.redeemed.redeeming_share, found.redeemed.by_controls) == (1200, 1.0, 0)
    assert found.redeemed.per_target == 4.0
    assert found.redeemed.anyway is not None
    assert found.redeemed.anyway.value == pytest.approx(0.5)


def test_customers_sent_over_several_days_are_followed_equally_long() -> None:
    rng = np.random.default_rng(3)
    market = new_market(rng, 400, 20)
    sent = pd.concat([
        exposures_of(np.arange(start, 400, 4), "o", 70 + 14 * start, "random", np.arange(start, 400, 4) % 8 < 4)
        for start in range(4)
    ])  # fmt: skip
    log = log_of(purchases_of(rng, market), sent, offers_of(("o", 70, 97)), weeks=20)
    arms = response.arms_of(log, "o")
    assert (arms.days, arms.prior_days, set(arms.start)) == (28, 56, {70, 84, 98, 112})
    late = response.arms_of(log_of(purchases_of(rng, market), sent, offers_of(("o", 70, 97)), weeks=18), "o")
    assert set(late.start) == {70, 84, 98}
    assert "100 customers are left out because their 28 days do not lie within the log" in late.notices
