"""Rhythm, spend by quantiles, late entry, traits and what was learnt: their rules, messages and round trips."""

import math

import numpy as np
import pytest

from memberlab.policies import DocumentError, dump_model, json_schema, load_model_text
from memberlab.scenarios import (
    DAYS_A_YEAR,
    GammaGamma,
    Population,
    SpendQuantiles,
    load_population,
    mean_exponential,
    with_mean_one,
)

WHOLE = """\
name: corner-shop
currency: EUR
purchases: {model: pareto-nbd, r: 1.4, alpha_weeks: 1.4}
spend:
  model: quantiles
  level: 3
  between: [-0.5, 0, 0.5]
  within: [-1, -0.2, 0.3, 0.9]
  gap_slope: 0.12
  gap_level: 1.6
conversion: 99 %
rhythm:
  weekdays: [0.8, 0.8, 0.8, 0.9, 1.2, 1.3, 1.2]
  gaps: [1.4, 0.6]
  drift:
  - {weeks: 4, spread: 0.3}
  - {weeks: 26, spread: 0.4}
entry:
  quantiles: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]
traits:
  deal_share: {mean: 0.15, spread: 0.05}
  coupon_use: {share_of_shoppers: 0.2, per_order: 0.1, rank_correlation_with_spend: 0.3}
learnt:
  rhythm.drift: log
  traits.deal_share.mean: prior
  conversion: 'not identified: a log of orders does not tell it'
"""


def corner_shop() -> Population:
    return load_model_text(Population, WHOLE)


def test_a_population_with_every_section_survives_a_round_trip() -> None:
    population = corner_shop()
    assert load_model_text(Population, dump_model(population)) == population
    assert population.with_({"rhythm.drift": []}).rhythm != population.rhythm


def test_spend_is_gamma_gamma_unless_it_says_otherwise() -> None:
    written = load_population("cd-retailer")
    said = written.with_({"spend": {"model": "gamma-gamma", **written.spend.model_dump(exclude={"model"})}})
    assert isinstance(written.spend, GammaGamma)
    assert said.spend == written.spend
    assert said.digest() == written.digest()
    assert "gamma-gamma" not in dump_model(said)


def test_where_figures_come_from_rules_nothing() -> None:
    assert corner_shop().with_({"learnt": {}}).digest() == corner_shop().digest()
    assert corner_shop().with_({"rhythm": None}).digest() != corner_shop().digest()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("1.2, 1.3, 1.2]", "1.2, 1.3]", ":13 rhythm.weekdays: 6 multipliers; write 7 of them"),
        (
            "1.2, 1.3, 1.2]",
            "1.2, 1.3, 1.5]",
            ":13 rhythm.weekdays: the mean of the multipliers over the days of a year is 1.043; divide each by it, so",
        ),
        ("gaps: [1.4, 0.6]", "month_days: [1, 1]", ":14 rhythm.month_days: 2 multipliers; write 31 of them"),
        ("gaps: [1.4, 0.6]", "weeks: [1, 1]", ":14 rhythm.weeks: 2 multipliers; write 53 of them"),
        ("gaps: [1.4, 0.6]", f"gaps: [{'1, ' * 28}1]", ":14 rhythm.gaps: 29 multipliers; write 28 or fewer"),
        ("1.4, 0.6", "-1.4, 0.6", ":14 rhythm.gaps.0: -1.4 is negative; write 0 or more"),
        ("weeks: 4", "weeks: 4.5", ":16 rhythm.drift.0.weeks: 4.5 is not a whole number of weeks; write 4 or 5"),
        ("weeks: 4,", "week: 4,", ":16 rhythm.drift.0.week: unknown key 'week', did you mean 'weeks'?"),
        ("  - {weeks: 4", "  - {weeks: 1, spread: 1}\n" * 3 + "  - {weeks: 4", "rhythm.drift: 5 components; write 4"),
        ("model: quantiles", "model: quantile", ":4 spend: 'model' 'quantile' is unknown; write one of 'gamma-gamma'"),
        ("-0.5, 0, 0.5]", "-0.5, 0, 0.8]", ":7 spend.between: the mean of the quantiles is 0.1; take it off each"),
        ("-0.5, 0, 0.5]", "0.5, 0, -0.5]", ":7 spend.between: number 2, 0, is below the one before, 0.5; write quan"),
        ("[-0.5, 0, 0.5]", "[0]", ":7 spend.between: 1 number; write 2 to 100 quantiles"),
        ("  level: 3\n", "", ":4 spend.level: missing; this key is required"),
        ("0.9, 1]", "0.9]", ":19 entry.quantiles: 10 numbers; write 11, for 0 %, 10 % ... 100 %"),
        ("0.9, 1]", "1, 0.9]", ":19 entry.quantiles: number 11, 0.9, is below the one before, 1"),
        ("spread: 0.05", "spread: 0.5", ":21 traits.deal_share.spread: 0.5 is too much for shares with mean 0.15"),
        (
            "rhythm.drift: log",
            "rhythm.drifts: log",
            ":24 learnt.rhythm.drifts: 'rhythm.drifts' is no address of a population",
        ),
        ("mean: prior", "mean: guess", "learnt.traits.deal_share.mean: 'guess' is no origin; write log, prior or"),
        ("'not identified: a log of orders does not tell it'", "'not identified: '", "is no origin"),
    ],
)
def test_what_is_refused(old: str, new: str, message: str) -> None:
    assert old in WHOLE
    with pytest.raises(DocumentError) as caught:
        load_model_text(Population, WHOLE.replace(old, new), "corner.yaml")
    assert any(message in str(problem) for problem in caught.value.problems), str(caught.value)


def test_multipliers_of_a_year_count_by_their_days() -> None:
    assert all(sum(DAYS_A_YEAR[part]) == 365 for part in ("month_days", "weeks", "basket_weeks"))
    assert DAYS_A_YEAR["month_days"][27:] == (12, 11, 11, 7)
    found = with_mean_one("month_days", [2.0] + [1.0] * 30)
    assert found[0] == pytest.approx(2 / (377 / 365))
    with pytest.raises(ValueError, match="mean 0"):
        with_mean_one("weekdays", [0.0] * 7)


def test_the_mean_of_quantiles_is_that_of_many_draws() -> None:
    quantiles = [-1.5, -0.3, 0.1, 0.1, 1.6]
    places = (np.arange(1_000_000) + 0.5) / 1_000_000 * 5 - 0.5
    drawn = np.exp(np.interp(places, np.arange(5), quantiles))
    assert mean_exponential(quantiles) == pytest.approx(drawn.mean(), rel=1e-6)
    spend = SpendQuantiles.model_validate({"model": "quantiles", "level": 3, "between": [0, 0], "within": quantiles})
    assert spend.mean == pytest.approx(math.exp(3) * drawn.mean(), rel=1e-6)
    assert spend.shape == pytest.approx(drawn.mean() ** 2 / drawn.var(), rel=1e-6)


def test_the_schema_knows_the_sections() -> None:
    schema = json_schema(Population)
    assert {"rhythm", "entry", "traits", "learnt"} <= set(schema["properties"])
    assert set(schema["properties"]["spend"]["discriminator"]["mapping"]) == {"gamma-gamma", "quantiles"}
    assert "Monday first" in schema["$defs"]["Rhythm"]["properties"]["weekdays"]["description"]
    assert "required" in schema["$defs"]["GammaGamma"]
    assert "model" not in schema["$defs"]["GammaGamma"]["required"]
