"""The answers of the data reference, sections 3.1 and 3.2, on the real grocery log: naive, matched, controlled; prices.

1,728 of the reference's 2,469 households are there, so figures differ within the standard errors of such a subset. They
are what `docs/campaign-response.md` shows.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from memberlab.scenarios import importing, open_retail_log, response

DATA = Path(__file__).parents[1].parent / "shared" / "data"
SALT = Path(__file__).parent / "logs" / "salt.txt"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the shared data are not at {DATA}")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> response.CampaignResponse:
    folder = tmp_path_factory.mktemp("grocery") / "log"
    with importing(DATA, folder, adapter="complete-journey", salt_file=SALT):
        pass
    log = response.campaign_log(open_retail_log(folder))
    table = response.read_product_weeks(DATA / "grocery_product_week.parquet")
    return response.campaign_response(log, product_weeks=table)


def effect(found: response.CampaignResponse, key: str, outcome: str = "spend") -> response.Estimate:
    assert found.observational is not None
    answer = found.observational.answer(key)
    assert answer is not None
    return answer.effects[outcome]


def test_exposed_weeks_spend_twice_as_much_and_that_is_targeting(found: response.CampaignResponse) -> None:
    assert effect(found, "naive").value == pytest.approx(1.24, abs=0.02)
    assert effect(found, "naive", "visits").value == pytest.approx(0.96, abs=0.05)
    assert effect(found, "targeted").value == pytest.approx(0.41, abs=0.02)


def test_matching_finds_as_much_where_nobody_was_sent_anything(found: response.CampaignResponse) -> None:
    assert found.observational is not None
    assert found.observational.matched_offer == "8"
    for outcome in ("spend", "visits"):
        assert 0.06 < effect(found, "matched", outcome).value < 0.13
        assert 0.06 < effect(found, "matched-fake", outcome).value < 0.13
    assert effect(found, "matched-earlier").covers(0.0)


def test_controlled_there_is_no_effect_to_be_detected(found: response.CampaignResponse) -> None:
    """The reference: -1.0 % [-4.2, +2.2], visits -2.0 % [-4.6, +0.5]; with all exposed weeks -3.6 % (1.0)."""
    spend, visits = effect(found, "first-all"), effect(found, "first-all", "visits")
    assert spend.value == pytest.approx(-0.010, abs=0.016)
    assert visits.value == pytest.approx(-0.020, abs=0.013)
    assert spend.standard_error == pytest.approx(0.0163, abs=0.002)
    assert effect(found, "all-weeks").value == pytest.approx(-0.036, abs=0.003)
    assert effect(found, "first").covers(0.0)


def test_the_verdict_rules_out_more_than_about_four_percent(found: response.CampaignResponse) -> None:
    assert found.observational is not None
    assert found.observational.holds
    assert found.observational.at_most == pytest.approx(0.04, abs=0.01)
    words = " ".join(response.observational_in_words(found.observational))
    assert "more than about +4 % is ruled out" in words
    assert "regression to the mean" in words
    (lift,) = response.learnt_response(found).lifts
    assert (lift.grade, lift.spend_share.low, lift.spend_share.high) == ("none", 0.0, 0.05)


def test_deals_move_units_and_shelf_prices_hardly(found: response.CampaignResponse) -> None:
    """The reference: -2.12 (.10), 312 products; deal -2.54 (.07), shelf price -.60 (.18); sd 1.20; 95 % negative."""
    price = found.price
    assert price is not None
    assert price.deal is not None
    assert price.shelf_price is not None
    assert price.spread is not None
    assert price.own_price.value == pytest.approx(-2.12, abs=0.25)
    assert price.own_price.standard_error == pytest.approx(0.10, abs=0.01)
    assert price.deal.value == pytest.approx(-2.54, abs=0.15)
    assert price.shelf_price.value == pytest.approx(-0.60, abs=0.15)
    assert price.spread.true_sd == pytest.approx(1.20, abs=0.05)
    assert price.spread.negative > 0.9


def test_redemption_is_a_trait_and_knows_no_deadline(found: response.CampaignResponse) -> None:
    traits = found.redemption
    assert traits is not None
    kinds = {one.name: one for one in traits.kinds}
    assert kinds["coupon, Type A"].redeeming_share == pytest.approx(0.166, abs=0.01)
    assert kinds["coupon, Type B"].redeeming_share == pytest.approx(0.065, abs=0.01)
    assert kinds["coupon, Type A"].per_redeemer == pytest.approx(2.8, abs=0.1)
    assert kinds["coupon, Type A"].by_fifth == pytest.approx((0.048, 0.096, 0.140, 0.233, 0.312), abs=0.015)
    assert traits.ever == pytest.approx(0.26, abs=0.02)
    assert traits.repeat == pytest.approx((0.66, 0.16, 0.11, 0.08), abs=0.02)
    assert traits.timing == pytest.approx((0.18, 0.34, 0.60), abs=0.04)
    assert traits.last_fifth == pytest.approx(0.13, abs=0.01)
