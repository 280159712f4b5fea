"""The break-even of the attrition effect: found by hand on made-up margins, and in small comparisons for real."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from memberlab.cli import main
from memberlab.optimize import (
    DECISIVE_ASSUMPTION,
    TOLERANCE,
    VALUES_SHOWN,
    BreakEven,
    Comparison,
    Pays,
    compare,
    find_break_even,
    own_value,
    values_shown,
)
from memberlab.policies import Policy, load_policy
from memberlab.results import Uplift
from memberlab.scenarios import Scenario
from memberlab.sim import ASSUMPTIONS, replication_seed

from .worlds import brisk_population, small_scenario

NONE = load_policy("no-programme")
PRICE_CUT = NONE.with_({"name": "price-cut", "currency": "CNY", "member_discount": "5 %"})

# by hand


class Asked:
    """Made-up margins, `mean` at each value with an interval of `half` to each side, and what was asked for."""

    def __init__(self, mean: Callable[[float], float], half: Callable[[float], float] | float = 0.0) -> None:
        self.mean, self.half, self.values = mean, half, list[float]()

    def __call__(self, value: float) -> Uplift:
        self.values.append(value)
        return self.at(value)

    def at(self, value: float) -> Uplift:
        difference = self.mean(value)
        half = self.half if isinstance(self.half, float) else self.half(value)
        return Uplift("margin", 1000.0, 1000.0 + difference, difference, difference - half, difference + half)

    def found(self, *, own: float = 0.15, refined: bool = True) -> BreakEven:
        shown = {value: self.at(value) for value in values_shown(own)}
        return find_break_even(shown, own, self if refined else None)


def test_the_root_is_found_to_the_tolerance_with_half_width_over_slope_to_each_side() -> None:
    margins = Asked(lambda value: 1000 * (value - 0.22), 50.0)
    found = margins.found()
    (crossing,) = found.crossings
    assert crossing.value == pytest.approx(0.22, abs=0.005)
    assert crossing.low == pytest.approx(0.17, abs=1e-9)
    assert crossing.high == pytest.approx(0.27, abs=1e-9)
    assert str(found) == "pays from 0.22 up (0.17 to 0.27)"
    assert found.pays is Pays.FROM
    assert margins.values  # it was searched, not only read


def test_a_bent_margin_is_searched_and_not_read_from_a_straight_line() -> None:
    def mean(value: float) -> float:
        return float(100 * (np.exp(4 * value) - np.exp(4 * 0.6)))

    margins = Asked(mean, 1.0)
    searched, read = margins.found(), margins.found(refined=False)
    assert searched.crossings[0].value == pytest.approx(0.6, abs=0.005)
    assert abs(read.crossings[0].value - 0.6) > 0.03
    assert str(read).startswith("pays from about 0.")
    assert 3 <= len(margins.values) <= 10


def test_a_straight_margin_may_be_read_between_the_values_shown() -> None:
    margins = Asked(lambda value: 1000 * (value - 0.22), 50.0)
    found = margins.found(refined=False)
    (crossing,) = found.crossings
    assert (crossing.value, crossing.low, crossing.high) == pytest.approx((0.22, 0.17, 0.27))
    assert str(found) == "pays from about 0.22 up (0.17 to 0.27)"
    assert margins.values == []


def test_a_policy_may_pay_only_up_to_a_value() -> None:
    found = Asked(lambda value: 300 - 1000 * value, 20.0).found()
    assert str(found) == "pays up to 0.30 (0.28 to 0.32)"
    assert found.pays is Pays.UP_TO
    assert not found.crossings[0].rising


def test_it_pays_always_or_never_without_any_search() -> None:
    always, never = Asked(lambda value: 10 + value, 1.0), Asked(lambda value: value - 10, 1.0)
    assert (str(always.found()), always.found().pays) == ("pays at every value, 0 to 0.85", Pays.ALWAYS)
    assert (str(never.found()), never.found().pays) == ("does not pay at any value, 0 to 0.85", Pays.NEVER)
    assert always.values == never.values == []


def test_doubt_is_told() -> None:
    assert str(Asked(lambda value: 1 + 10 * value, 2.0).found()) == "pays at every value, 0 to 0.85, not certain at 0"
    assert str(Asked(lambda value: 1 + value, 1.2).found()).endswith("not certain at 0 and 0.15")
    open_ = Asked(lambda value: value - 1, 9.0).found()
    assert (open_.pays, str(open_)) == (Pays.UNCERTAIN, "may pay or not, uncertain at every value, 0 to 0.85")


def test_an_interval_that_leaves_the_range_has_no_end() -> None:
    found = Asked(lambda value: 100 * (value - 0.1), 30.0).found()
    assert found.crossings[0].low is None
    assert found.crossings[0].high == pytest.approx(0.4)
    assert str(found) == "pays from 0.10 up (below 0 to 0.40)"
    assert str(Asked(lambda value: value - 0.5, 9.0).found()) == "pays from 0.50 up (below 0 to above 0.85)"


def test_an_interval_follows_an_error_that_grows() -> None:
    found = Asked(lambda value: 100 * (value - 0.3), lambda value: 10 + 20 * value).found()
    assert found.crossings[0].low == pytest.approx(0.3 - 16 / 120, abs=0.001)  # where 100 (v - 0.3) + 10 + 20 v = 0
    assert found.crossings[0].high == pytest.approx(0.3 + 16 / 80, abs=0.001)


def test_a_margin_that_turns_twice_is_told_in_parts() -> None:
    hump = Asked(lambda value: 100 * (value - 0.08) * (0.5 - value), 1.0).found()
    assert hump.pays is Pays.IN_PARTS
    assert [one.rising for one in hump.crossings] == [True, False]
    assert [one.value for one in hump.crossings] == pytest.approx([0.08, 0.5], abs=0.005)
    assert str(hump).startswith("pays from 0.08 (0.06 to 0.1")
    assert " to 0.50 (0.4" in str(hump)
    valley = Asked(lambda value: 100 * (value - 0.1) * (value - 0.5), 0.5).found()
    assert str(valley).startswith("pays up to 0.10 (")
    assert " and from 0.50 up (" in str(valley)
    assert valley.pays is Pays.IN_PARTS


def test_no_difference_is_told_as_such() -> None:
    found = Asked(lambda value: 0.0).found()
    assert (found.pays, found.crossings, found.doubtful) == (Pays.NO_DIFFERENCE, (), ())
    assert str(found) == "makes no difference at any value"


def test_a_margin_that_is_zero_up_to_a_value_pays_from_there() -> None:
    margins = Asked(lambda value: max(0.0, value - 0.15))
    assert str(margins.found()) == "pays from 0.15 up (below 0 to 0.15)"
    assert str(Asked(lambda value: max(0.0, 0.3 - value)).found()) == "pays up to 0.30 (0.30 to above 0.85)"
    assert Asked(lambda value: min(0.0, 0.3 - value)).found().pays is Pays.NEVER


def test_an_only_shopper_proves_nothing() -> None:
    found = Asked(lambda value: value - 0.5, float("inf")).found()
    assert str(found) == "pays from 0.50 up (below 0 to above 0.85)"


def test_the_values_shown_are_those_of_the_registry_and_the_scenarios_own() -> None:
    assumption = next(one for one in ASSUMPTIONS if one.name == DECISIVE_ASSUMPTION)
    assert (VALUES_SHOWN[0], VALUES_SHOWN[-1]) == (assumption.low, assumption.high)
    assert assumption.default in VALUES_SHOWN
    assert values_shown(0.15) == VALUES_SHOWN == (0, 0.15, 0.3, 0.85)
    assert values_shown(0.2) == (0, 0.15, 0.2, 0.3, 0.85)
    assert values_shown(None) == VALUES_SHOWN
    with_own = small_scenario(assumptions={"attrition_effect": 0.4})
    assert own_value([small_scenario()]) == 0.15
    assert own_value([with_own, with_own]) == 0.4
    assert own_value([small_scenario(), with_own]) is None


# small comparisons


def world(**changes: object) -> Scenario:
    settings = {"population__shoppers": 600, "horizon__months": 18, "regions": 2}
    return small_scenario(**{**settings, **changes})


def compared(policies: list[Policy], scenario: Scenario, **options: object) -> Comparison:
    return compare(
        policies, [scenario], population=brisk_population(), incumbent=NONE, break_even=True, **options  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.fixture(scope="module")
def price_cut() -> Comparison:
    return compared([NONE, PRICE_CUT], world(), replications=2)


def test_a_price_cut_needs_some_attrition_effect(price_cut: Comparison) -> None:
    """The margin is told from zero at both ends of the range; the seed is fixed."""
    found = price_cut.arms[1].break_even
    assert found is not None
    assert price_cut.arms[0].break_even is None
    assert found.pays is Pays.FROM
    margins = [uplift.difference for uplift in found.margins.values()]
    assert margins == sorted(margins)
    assert found.margins[0.0].high < 0 < found.margins[0.85].low
    (crossing,) = found.crossings
    assert crossing.low is not None and crossing.high is not None
    assert 0.05 < crossing.low < crossing.value < crossing.high < 0.85
    at_root = world(assumptions={"attrition_effect": round(crossing.value, 6)})
    margin = compare([NONE, PRICE_CUT], [at_root], population=brisk_population(), incumbent=NONE, replications=2)
    slope = (margins[-1] - margins[0]) / 0.85
    assert abs(margin.arms[1].uplift("margin").difference) < 2 * TOLERANCE * slope


def test_the_margin_at_the_scenarios_own_value_is_the_comparisons(price_cut: Comparison) -> None:
    arm = price_cut.arms[1]
    assert arm.break_even is not None
    assert arm.break_even.margins[0.15] == arm.uplift("margin")
    assert arm.break_even.own == 0.15


def test_both_arms_live_under_the_value() -> None:
    """The warm-up knows no programme, so a margin is that of a scenario which assumes the value from its beginning."""
    tiers = load_policy("four-tiers-simple")
    found = compared([tiers, PRICE_CUT], world(horizon__months=6)).arms[1].break_even
    assert found is not None
    assert len({uplift.baseline for uplift in found.margins.values()}) == 4  # the first policy is a programme too
    for value, uplift in found.margins.items():
        scenario = world(horizon__months=6, assumptions={"attrition_effect": value})
        direct = compare([tiers, PRICE_CUT], [scenario], population=brisk_population(), incumbent=NONE)
        assert direct.arms[1].uplift("margin") == uplift


def test_no_programme_under_another_name_makes_exactly_no_difference() -> None:
    placebo = NONE.model_copy(update={"name": "placebo", "title": "Another title"})
    found = compared([NONE, placebo], world(horizon__months=6)).arms[1].break_even
    assert found is not None
    assert all(uplift.is_zero for uplift in found.margins.values())
    assert str(found) == "makes no difference at any value"


def test_a_scenarios_own_value_is_respected_and_shown() -> None:
    scenario = world(horizon__months=6, assumptions={"attrition_effect": 0.5})
    arm = compared([NONE, PRICE_CUT], scenario).arms[1]
    assert arm.break_even is not None
    assert list(arm.break_even.margins) == [0, 0.15, 0.3, 0.5, 0.85]
    assert arm.break_even.own == 0.5
    assert arm.break_even.margins[0.5] == arm.uplift("margin")


def test_the_arms_beside_it_change_nothing() -> None:
    scenario, other = world(horizon__months=6), PRICE_CUT.with_({"name": "other", "member_discount": "2 %"})
    alone = compared([NONE, PRICE_CUT], scenario).arms[1]
    assert compared([NONE, other, PRICE_CUT], scenario).arms[2] == alone


def test_progress_counts_the_further_arms() -> None:
    told: list[tuple[int, int]] = []
    scenario = world(horizon__months=3)
    found = compared([NONE, PRICE_CUT], scenario, progress=lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == list(range(1, len(told) + 1))
    assert told[0][1] == 2 + 2 * 3
    assert told[-1][0] == told[-1][1] >= 8
    assert found.arms[1].break_even is not None


def test_tables_are_tidy(price_cut: Comparison) -> None:
    margins, found = price_cut.margin_table, price_cut.break_even_table
    assert list(margins["attrition_effect"]) == [0, 0.15, 0.3, 0.85]
    assert list(margins["is_own"]) == [False, True, False, False]
    np.testing.assert_allclose(margins["value"] - margins["baseline"], margins["difference"], rtol=1e-9, atol=1e-6)
    assert list(found["told"]) == [str(price_cut.arms[1].break_even)]
    plain = compare([NONE, PRICE_CUT], [world(horizon__months=3)], population=brisk_population(), incumbent=NONE)
    assert plain.arms[1].break_even is None
    assert len(plain.margin_table) == len(plain.break_even_table) == 0


@pytest.mark.slow
def test_intervals_cover_the_true_break_even_as_often_as_they_say() -> None:
    """Of 100 comparisons of 1,000 shoppers, 95 % should cover the break-even of 100,000 shoppers.

    Intervals that hold what they say would cover fewer than 89 in one of 234 draws of the seeds (binomial); the seeds
    are fixed.
    """
    large = compared([NONE, PRICE_CUT], world(population__shoppers=100_000)).arms[1].break_even
    assert large is not None
    (truth,) = large.crossings
    covered = 0
    for number in range(100):
        scenario = world(population__shoppers=1_000, seed=replication_seed(7, number))
        found = compared([NONE, PRICE_CUT], scenario).arms[1].break_even
        assert found is not None
        ends = [(one.low or 0.0, 0.85 if one.high is None else one.high) for one in found.crossings]
        covered += any(low <= truth.value <= high for low, high in ends)
    assert covered >= 89, covered


# the command line

SCENARIO = """\
version: 1
name: tiny
currency: CNY
start: 2026-01-01
incumbent: no-programme
warm_up: {months: 2}
horizon: {months: 4}
population: {source: cd-retailer, shoppers: 150, established: 80 %, price_level: 7}
gross_margin: 40 %
shipping_cost: 8
seed: 11
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a tiny scenario, a price cut and a sceptical set of assumptions."""
    (tmp_path / "tiny.yaml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "cut.yaml").write_text(PRICE_CUT.to_yaml(), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ask(*words: str) -> Result:
    result = CliRunner().invoke(main, list(words))
    assert result.exit_code == 0, result.output
    return result


COMPARE = ("compare", "no-programme", "cut.yaml", "--scenario", "tiny.yaml", "--replications", "1")


def test_a_comparison_shows_where_the_margin_pays(desk: Path) -> None:
    told = ask(*COMPARE).stdout
    flat = " ".join(told.split())
    assert "at attrition_effect 0.15" in flat
    assert "│ Margin pays at" in told
    assert "Contribution margin against no-programme by attrition_effect, CNY (tiny)" in flat
    for value in ("│ 0 ", "│ 0.15 (assumed here) ", "│ 0.3 ", "│ 0.85 "):
        assert value in told
    assert "By attrition_effect, price-cut " in flat


def test_it_is_left_out_for_who_is_in_a_hurry(desk: Path) -> None:
    told = ask(*COMPARE, "--no-break-even").stdout
    assert "Margin pays" not in told and "By attrition_effect" not in told
    assert "at attrition_effect 0.15" in " ".join(told.split())  # a margin always says what it holds under
    assert "break_even" not in json.loads(ask(*COMPARE, "--no-break-even", "--json").stdout)
    ask(*COMPARE, "--no-break-even", "--out", "folder")
    assert not (desk / "folder" / "break-even.csv").exists()


def test_a_comparison_of_one_policy_has_no_break_even(desk: Path) -> None:
    told = ask("compare", "no-programme", "--scenario", "tiny.yaml", "--replications", "1", "--out", "folder").stdout
    assert "Margin pays" not in told
    assert not (desk / "folder" / "break-even.csv").exists()


def test_json_and_folder_hold_the_same_break_evens(desk: Path) -> None:
    printed = json.loads(ask(*COMPARE, "--json", "--out", "folder").stdout)
    (found,) = printed["break_even"]
    assert (found["scenario"], found["policy"], found["own_attrition_effect"]) == ("tiny", "price-cut", 0.15)
    assert [row["attrition_effect"] for row in found["margins"]] == [0, 0.15, 0.3, 0.85]
    figures = {row["policy"]: row for row in printed["figures"] if row["kpi"] == "margin"}
    assert found["margins"][1]["difference"] == figures["price-cut"]["difference"]
    folder = desk / "folder"
    with (folder / "margin-by-attrition-effect.csv").open(encoding="utf-8", newline="") as file:
        assert [float(row["difference"]) for row in csv.DictReader(file)] == [
            row["difference"] for row in found["margins"]
        ]
    table = pd.read_parquet(folder / "break-even.parquet")
    assert list(table["told"]) == [found["told"]]
    assert len(table) == max(1, len(found["crossings"]))
    assert len(pd.read_parquet(folder / "margin-by-attrition-effect.parquet")) == 4
    assert (folder / "break-even.csv").exists()


def test_sets_of_assumptions_are_respected(desk: Path) -> None:
    (desk / "mine.yaml").write_text("version: 1\nname: mine\nassumptions: {attrition_effect: 0.4}\n", encoding="utf-8")
    printed = json.loads(ask(*COMPARE, "--assumptions", "mine.yaml", "--assumptions", "default", "--json").stdout)
    mine, default = printed["break_even"]
    assert (mine["scenario"], mine["own_attrition_effect"]) == ("tiny-mine", 0.4)
    assert [row["is_own"] for row in mine["margins"]] == [False, False, False, True, False]
    assert default["own_attrition_effect"] == 0.15
    by_value = [{row["attrition_effect"]: row["difference"] for row in one["margins"]} for one in (mine, default)]
    # the warm-up knows no programme, so that only what comes after launch counts
    assert by_value[0][0.3] == by_value[1][0.3]


def test_a_single_shopper_is_json(desk: Path) -> None:
    json.loads(ask(*COMPARE, "--shoppers", "1", "--json").stdout, parse_constant=pytest.fail)


def test_a_run_says_under_which_value_its_margin_holds(desk: Path) -> None:
    told = " ".join(ask("run", "cut.yaml", "--scenario", "tiny.yaml", "--out", "folder").stdout.split())
    assert "The margin holds at attrition_effect 0.15" in told
    assert "`memberlab compare` against another policy" in told
    assert json.loads((desk / "folder" / "manifest.json").read_text(encoding="utf-8"))["attrition_effect"] == 0.15
    assert json.loads(ask("run", "cut.yaml", "--scenario", "tiny.yaml", "--json").stdout)["attrition_effect"] == 0.15
