"""The sensitivity for finance: turns found by hand and in small worlds, and the tornado."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from memberlab.cli import main
from memberlab.optimize import Sensitivity, compare, find_break_even, sensitivity, variations_of
from memberlab.policies import load_policy
from memberlab.results import TornadoBar, Uplift, tornado_picture

from .worlds import EVERYTHING, brisk_population, small_scenario

NONE = load_policy("no-programme")
CLUB = load_policy("four-tiers-simple").with_({"points.expected_redemption": "40 %"})
PAID = CLUB.with_({**EVERYTHING, "name": "paid", "membership.discount": "18 %", "membership.fee": 40})
SCENARIO = small_scenario(horizon__months=12, population__shoppers=500)


@pytest.fixture(scope="module")
def found() -> Sensitivity:
    return sensitivity(PAID, SCENARIO, NONE, replications=2, population=brisk_population())


def swing(found: Sensitivity, name: str) -> tuple[tuple[Uplift, Uplift], tuple[Uplift, Uplift]]:
    one = next(one for one in found.swings if one.variation.name == name)
    return one.liability, one.margin


def test_what_a_policy_does_not_promise_is_not_varied() -> None:
    names = {policy.name: [one.name for one in variations_of(policy, 0.15)] for policy in (NONE, CLUB, PAID)}
    assert names["no-programme"] == ["attrition_effect"]
    assert names["four-tiers-simple"] == ["attrition_effect", "point_value", "expiry", "expected_redemption"]
    assert names["paid"] == [*names["four-tiers-simple"], "fee"]


@pytest.mark.parametrize(
    ("changes", "own", "low", "high"),
    [
        ({}, "12 months", "6 months", "never"),
        ({"points.expiry": "never"}, "never", "12 months", "never"),
        ({"points.expiry": {"inactivity": {"days": 180}}}, "as the policy says", "12 months", "never"),
    ],
)
def test_the_life_of_a_point_is_varied_whatever_it_was(
    changes: dict[str, object], own: str, low: str, high: str
) -> None:
    expiry = next(one for one in variations_of(CLUB.with_(changes), 0.15) if one.name == "expiry")
    assert (expiry.own, expiry.low.told, expiry.high.told) == (own, low, high)


def test_the_liability_doubles_at_twice_the_rate(found: Sensitivity) -> None:
    assert found.doubling is not None
    assert found.doubling.rate == pytest.approx(0.8)
    assert found.doubling.told == "at 80.0 % instead of 40 %"
    (low, high), (less, more) = swing(found, "expected_redemption")
    assert high.difference == pytest.approx(found.own["points_liability"] / 4)
    assert (low.difference, less.difference, more.difference) == pytest.approx(
        (-high.difference, high.difference, -high.difference)
    )


def test_where_the_rate_would_exceed_one_it_is_said_how_far_it_gets() -> None:
    policy = CLUB.with_({"points.expected_redemption": "80 %"})
    found = sensitivity(policy, SCENARIO, NONE, population=brisk_population())
    assert found.doubling is not None
    assert found.doubling.told == "at no rate: at 100 % instead of 80 % it is 1.25 times as large"
    assert found.fee is None and found.notes == (
        "The policy has no paid membership, so there is no fee to break even.",
    )


def test_reward_credits_do_not_grow_with_the_rate() -> None:
    policy = CLUB.with_({"points.automatic": {"points": 500, "credit": 4}})
    found = sensitivity(policy, SCENARIO, NONE, population=brisk_population())
    assert found.doubling is not None
    assert found.doubling.rate > 0.8  # credits are owed whole, so points alone must make up for them


def test_a_dearer_point_and_a_longer_life_raise_what_is_owed(found: Sensitivity) -> None:
    for name in ("point_value", "expiry"):
        (low, high), _ = swing(found, name)
        assert low.high < 0 < high.low, name


def test_the_fee_at_which_the_paid_plan_pays_is_a_root_of_the_margin(found: Sensitivity) -> None:
    """A small fee does not pay for 18 % off list prices, a larger one does, and the root lies between."""
    assert found.fee is not None and found.fee.own == 40
    (crossing, *_) = found.fee.crossings
    assert crossing.rising and crossing.value > 2
    margins = {}
    for fee in (round(crossing.value * 0.8, 2), round(crossing.value * 1.2, 2)):
        policies = [PAID.with_({"membership": None, "name": "free"}), PAID.with_({"membership.fee": fee})]
        comparison = compare(policies, [SCENARIO], replications=2, population=brisk_population())
        margins[fee] = comparison.arms[1].uplift("margin").difference
    below, above = margins.values()
    assert below < 0 < above
    assert crossing.low is None or crossing.low <= crossing.value
    assert crossing.high is None or crossing.value <= crossing.high


def test_a_search_in_money_is_as_fine_as_it_is_asked_to_be() -> None:
    asked: list[float] = []

    def margin_at(fee: float) -> Uplift:
        asked.append(fee)
        return Uplift("margin", 0, fee**2 - 70**2, fee**2 - 70**2, fee**2 - 70**2 - 1, fee**2 - 70**2 + 1)

    found = find_break_even({fee: margin_at(fee) for fee in (25.0, 100.0)}, 100.0, margin_at, tolerance=1.0)
    coarse = len(asked)
    assert found.crossings[0].value == pytest.approx(70, abs=1.0)
    find_break_even({fee: margin_at(fee) for fee in (25.0, 100.0)}, 100.0, margin_at, tolerance=1e-6)
    assert len(asked) - coarse > coarse


def test_the_attrition_effect_is_that_of_a_comparison(found: Sensitivity) -> None:
    comparison = compare([NONE, PAID], [SCENARIO], replications=2, population=brisk_population(), break_even=True)
    arm = comparison.arms[1]
    assert arm.break_even is not None
    assert found.pays.where == arm.break_even.where
    assert found.own["margin"] == arm.uplift("margin").value


def test_the_tornado_is_drawn_also_where_both_ends_lie_on_one_side(tmp_path: Path) -> None:
    def bar(title: str, low: float, high: float) -> TornadoBar:
        ends = [Uplift("margin", 0, one, one, one - 20, one + 20) for one in (low, high)]
        return TornadoBar(title, "6 months", "never", ends[0], ends[1])

    bars = [bar("Life", -500, 900), bar("Both up", 300, 800), bar("Nothing", 0, 0)]
    assert [one.swing for one in bars] == [1400, 800, 0]
    tornado_picture({"Points liability": (10_000, bars)}, tmp_path / "tornado.png", "CNY", "made up", notes=["a note"])
    assert (tmp_path / "tornado.png").stat().st_size > 10_000


def test_the_command_writes_tables_and_a_picture(tmp_path: Path) -> None:
    words = ["sensitivity", "four-tiers-simple", "--shoppers", "300", "--replications", "1"]
    told = CliRunner().invoke(main, [*words, "--out", str(tmp_path / "out")])
    assert told.exit_code == 0, told.output
    assert "at no rate: at 100 %" in told.output and "no paid membership" in told.output
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"sensitivity.csv", "sensitivity.parquet", "break-even.csv", "tornado.png", "manifest.json"} <= names
    page = (tmp_path / "out" / "report.html").read_text()
    assert '<h2 id="tornado">' in page and "What moves Contribution margin" in page
    data = json.loads(CliRunner().invoke(main, [*words, "--json"]).output)
    table = pd.read_csv(tmp_path / "out" / "sensitivity.csv")
    assert len(table) == len(data["swings"]) == 16
    assert [one["difference"] for one in data["swings"]] == pytest.approx(table["difference"].tolist())


def test_bad_input_is_told_before_anything_is_lived() -> None:
    told = CliRunner().invoke(main, ["sensitivity", "four-tiers-simple", "--against", "four-tiers-simple"])
    assert told.exit_code == 2 and "two of the policy documents are called four-tiers-simple" in told.output
