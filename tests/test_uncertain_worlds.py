"""Scenario sets, sweeps, sensitivity and discovery on small worlds, and what is told about bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from memberlab.cli import main
from memberlab.optimize import (
    Pair,
    Sweep,
    UncertainWorld,
    axes_of,
    compare,
    discover,
    global_sensitivity,
    latin_hypercube,
    live_pairs,
    load_scenario_set,
    open_executor,
    pair_of,
    plan_set,
    ranges_of,
    runs_of,
    scenario_set_names,
    sweep,
)
from memberlab.policies import DocumentError, load_policy
from memberlab.results import Uplift

from .worlds import brisk_population, small_scenario

NONE, CLUB = load_policy("no-programme"), load_policy("four-tiers-simple")
SHOCK = [{"name": "recession", "from_month": 3, "visits": 0.8}]
CALM = small_scenario(horizon__months=12, population__shoppers=200, population__source="brisk.yaml")
STORM = CALM.with_({"name": "storm", "shocks": SHOCK})
SET = """
version: 1
name: two-worlds
scenarios:
  - {scenario: calm.yaml, weight: 6}
  - {scenario: storm.yaml, weight: 2}
ranges:
  assumptions.attrition_effect: prior
  assumptions.membership_attrition: prior
  gross_margin: {low: 5 %, high: 60 %}
  shocks.recession.visits: {low: 0.5, high: 0.9}
  shocks.recession.from_month: {low: 2, high: 6}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two worlds and a set of them."""
    found = tmp_path_factory.mktemp("worlds")
    (found / "brisk.yaml").write_text(brisk_population().to_yaml(), encoding="utf-8")
    for name, world in (("calm", CALM), ("storm", STORM)):
        (found / f"{name}.yaml").write_text(world.with_({"name": name}).to_yaml(), encoding="utf-8")
    (found / "set.yaml").write_text(SET, encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def world(folder: Path) -> UncertainWorld:
    return plan_set(folder / "set.yaml")


def run(*words: object) -> tuple[int, str]:
    told = CliRunner().invoke(main, [str(word) for word in words])
    assert told.exception is None or isinstance(told.exception, SystemExit), told.exception
    return told.exit_code, told.output


# sets and cases


def test_the_sets_that_ship_can_be_planned() -> None:
    for name in scenario_set_names():
        assert load_scenario_set(name).name == name
        assert plan_set(name).factors


def test_weights_are_normalised_and_rule_how_often_a_world_is_drawn(world: UncertainWorld) -> None:
    assert world.weights == (0.75, 0.25)
    cases = latin_hypercube(world, 40)
    assert sum(case.base.name == "calm" for case in cases) == 30


def test_the_same_set_seed_and_number_give_the_same_scenarios_each_with_its_own_digest(world: UncertainWorld) -> None:
    first, again, other = ([case.scenario.digest() for case in latin_hypercube(world, 20, seed)] for seed in (1, 1, 2))
    assert first == again and len(set(first)) == 20
    assert not set(first) & set(other)


def test_a_hypercube_draws_each_figure_once_from_each_slice(world: UncertainWorld) -> None:
    cases = latin_hypercube(world, 50)
    column = next(one for one in world.factors if one.address == "gross_margin")
    shares = [(column.number(case.values["gross_margin"]) - 5) / 55 for case in cases]
    assert sorted(int(50 * share) for share in shares) == pytest.approx(list(range(50)), abs=1)


def test_a_figure_holds_only_in_the_worlds_that_have_it_and_in_its_own_notation(world: UncertainWorld) -> None:
    for case in latin_hypercube(world, 12):
        assert case.scenario.gross_margin == round(100 * float(case.values["gross_margin"].number))  # type: ignore[union-attr]
        if case.base.name == "calm":
            assert case.scenario.shocks == ()
        else:
            (shock,) = case.scenario.shocks
            assert 50 <= shock.visits <= 90
            assert shock.from_month in range(2, 7)
            assert shock.from_month == case.values["shocks.recession.from_month"].number  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("gross_margin: {low", "gross_margn: {low", "unknown address, did you mean 'gross_margin'?"),
        ("attrition_effect", "attrition_efect", "unknown assumption 'attrition_efect', did you mean"),
        ("low: 5 %, high: 60 %", "low: 60 %, high: 5 %", "5 % is below low, 60 %"),
        ("low: 5 %, high: 60 %", "low: 5 %, high: 5 %", "an empty range"),
        ("low: 5 %, high: 60 %", "low: 5 %", "high missing"),
        ("low: 5 %, high: 60 %", "low: 5, high: 60", "5 has no unit; write 5 %"),
        ("low: 5 %, high: 60 %", "low: 5 %, high: 160 %", "160 % is above 100 %"),
        ("{low: 5 %, high: 60 %}", "prior", "only an assumption has a prior"),
        ("effect: prior", "effect: {low: 0, high: 2}", "2 is outside 0 to 0.85"),
        ("recession.visits", "resession.visits", "no shock is called 'resession' in calm, storm, did you mean"),
        ("gross_margin", "incumbent", "is no uncertain figure"),
        ("gross_margin", "rival.adoption", "none of calm, storm has the section rival"),
        ("weight: 6", "weight: 0", "0 is not above 0"),
        ("weight: 6", "weight: -1", "-1 is not above 0"),
        ("storm.yaml, weight", "calm.yaml, weight", "'calm.yaml' is there twice"),
        ("low: 2, high: 6", "low: 2, high: 13", "13 is after the last month of the horizon"),
    ],
)
def test_a_fault_of_a_set_is_told_with_its_line(folder: Path, old: str, new: str, told: str) -> None:
    assert old in SET
    (folder / "wrong.yaml").write_text(SET.replace(old, new), encoding="utf-8")
    code, output = run("scenarios", "--set", folder / "wrong.yaml")
    assert code == 2 and told in " ".join(output.split()), output
    assert "wrong.yaml:" in output


def test_a_case_that_cannot_be_is_told_with_the_values_that_do_not_go_together(folder: Path) -> None:
    text = STORM.with_({"shocks": [{**SHOCK[0], "until_month": 4}]}).to_yaml()
    (folder / "short.yaml").write_text(text, encoding="utf-8")
    (folder / "short-set.yaml").write_text(
        "name: short\nscenarios: [short.yaml]\nranges:\n"
        "  shocks.recession.from_month: {low: 1, high: 4}\n  shocks.recession.until_month: {low: 3, high: 9}\n",
        encoding="utf-8",
    )
    with pytest.raises(DocumentError, match=r"case \d+ shocks.0.until_month: the ranges allow an invalid world: 3 is "
                                            r"before from_month, 4"):  # fmt: skip
        latin_hypercube(plan_set(folder / "short-set.yaml"), 200)


def test_cases_are_written_as_scenarios_that_load_and_are_those_of_the_table(folder: Path, tmp_path: Path) -> None:
    code, output = run("scenarios", "--set", folder / "set.yaml", "--cases", 4, "--out", tmp_path / "out")
    assert code == 0 and "75.0%" in output
    table = pd.read_csv(tmp_path / "out" / "cases.csv")
    files = sorted(path.name for path in (tmp_path / "out").glob("*-000?.yaml"))
    assert len(table) == len(files) == 4
    assert run("compare", "four-tiers-simple", "--scenario", tmp_path / "out" / "nowhere.yaml")[0] == 2
    listed = json.loads(run("scenarios", "--set", folder / "set.yaml", "--cases", 4, "--json")[1])
    assert [one["digest"] for one in listed["cases"]] == table["digest"].tolist()


# pairs


def test_a_pair_is_what_a_comparison_says_and_assumptions_hold_from_launch_on(world: UncertainWorld) -> None:
    calm = world.scenarios[0]
    told = compare([NONE, CLUB], [calm], replications=2, population=world.populations[0], break_even=True).arms[1]
    strong = calm.with_({"assumptions": {**calm.assumptions, "attrition_effect": 0.85}})
    pairs = [Pair(CLUB, NONE, one, calm, world.populations[0]) for one in (calm, strong)]
    plain, effective = live_pairs(pairs, replications=2)
    assert list(plain.values()) == list(told.uplifts)
    assert told.break_even is not None
    assert effective["margin"] == told.break_even.margins[0.85]


def test_one_worker_and_two_give_the_same_cases_and_progress_counts_them(world: UncertainWorld) -> None:
    pairs = [pair_of(case, CLUB, NONE) for case in latin_hypercube(world, 3)]
    seen: list[tuple[int, int]] = []
    alone = live_pairs(pairs, progress=lambda done, planned: seen.append((done, planned)))
    with open_executor(2) as executor:
        together = live_pairs(pairs, executor=executor)
    assert alone == together
    assert seen == [(done, 3) for done in range(1, 4)]


# sweeps


@pytest.fixture(scope="module")
def swept(world: UncertainWorld) -> Sweep:
    axes = axes_of(["tiers.silver.threshold=400:1600:200"], CLUB, world.scenarios)
    return sweep(CLUB, world.scenarios[0], axes, against=CLUB, population=world.populations[0])


def test_a_value_that_is_the_policys_own_differs_by_nothing(swept: Sweep) -> None:
    outcomes = {float(point.levels[0].number): point.outcome for point in swept.points}  # type: ignore[union-attr]
    own = outcomes[600.0]
    assert own is not None and all(one.is_zero for one in own.values())
    changed = outcomes[400.0]
    assert changed is not None and not changed["margin"].is_zero


def test_a_value_that_the_policy_refuses_is_kept_with_the_reason(swept: Sweep) -> None:
    refused = [point for point in swept.points if point.outcome is None]
    assert [str(point.levels[0]) for point in refused] == ["1600"]
    assert "is below silver's 1600" in refused[0].refusal
    table = swept.table
    assert len(table) == 6 * 10 + 1
    assert table[table["refusal"] != ""]["tiers.silver.threshold"].tolist() == [1600.0]


def test_an_assumption_is_swept_from_its_break_even(world: UncertainWorld) -> None:
    """The sweep's zero, read straight between its values, is the break-even of the comparison."""
    calm = world.scenarios[0].with_({"gross_margin": "30 %"})
    axes = axes_of(["assumptions.attrition_effect=0:0.8:0.1"], CLUB, (calm,))
    assert not axes[0].is_lever
    found = sweep(CLUB, calm, axes, against=NONE, population=world.populations[0])
    arm = compare([NONE, CLUB], [calm], replications=1, population=world.populations[0], break_even=True).arms[1]
    assert arm.break_even is not None and len(arm.break_even.crossings) == 1
    (crossing,) = found.crossings("margin")
    assert crossing.value == pytest.approx(arm.break_even.crossings[0].value, abs=0.03)


@pytest.mark.parametrize(
    ("levers", "told"),
    [
        (["points.expiry.month=6:24:6"], "unknown address, did you mean 'points.expiry.months'?"),
        (["gross_margn=10 %:20 %:5 %"], "unknown address"),
        (["points.expiry.months=6"], "1 choice leaves nothing to search"),
        (["points.expiry.months"], "names no values; write ADDRESS=FROM:TO:STEP"),
        (["points.expiry.months=24:6:6"], "6 is not above low, 24"),
        (["points.expiry.months=6:24:5"], "does not lead from low"),
        (["points.expiry.months=x,y"], "no value can be lived"),
        (["points.expiry.months=6,12", "points.expiry.months=9,18"], "is there twice"),
        (["shipping_cost=5,6", "scenario.shipping_cost=7,8"], "is there twice"),
        (["assumptions.atrition=0:1:0.5"], "unknown assumption"),
        (["name=a,b"], "describes the policy"),
        (["shocks.recession.visits=0.5,0.9"], "no shock is called 'recession'"),
    ],
)
def test_a_lever_that_cannot_be_swept_is_named(levers: list[str], told: str) -> None:
    code, output = run("sweep", "four-tiers-simple", *(word for one in levers for word in ("--lever", one)))
    assert code == 2 and told in output, output


def test_the_sweep_command_writes_table_picture_and_manifest(folder: Path, tmp_path: Path) -> None:
    words = ["sweep", "four-tiers-simple", "--scenario", folder / "calm.yaml", "--replications", 1]
    line = [*words, "--lever", "points.expiry.months=6,12,never"]
    code, output = run(*line, "--out", tmp_path / "line")
    assert code == 0 and "refused" in output  # `never` belongs to points.expiry, not to its months
    names = {path.name for path in (tmp_path / "line").iterdir()}
    assert {"sweep.csv", "sweep.parquet", "sweep.png", "policy.yaml", "against.yaml", "report.html"} <= names
    code, output = run(*words, "--lever", "gross_margin=10 %:40 %:15 %", "--lever", "shipping_cost=5,9", "--out",
                       tmp_path / "map", "--against", "no-programme", "--json")  # fmt: skip
    assert code == 0 and len(json.loads(output)["figures"]) == 60
    assert (tmp_path / "map" / "sweep.png").stat().st_size > 10_000


# sensitivity and discovery


def test_what_cannot_matter_has_no_index_and_money_beside_it_does(world: UncertainWorld) -> None:
    """A club without a paid plan does not hang on membership_attrition: the same life, bit for bit."""
    found = global_sensitivity(CLUB, world, against=NONE, samples=4)
    index = {one.name: one for one in found.indices}
    assert index["assumptions.membership_attrition"].index == 0
    assert index["gross_margin"].index > 0 and index["chance"].index > 0
    assert len(found.case_table) == len(found.cases) == 4 * 8
    assert found.told[0].startswith("four-tiers-simple has less contribution margin than no-programme in ")


def test_where_margins_are_thin_a_discount_loses_and_the_rule_says_so(folder: Path) -> None:
    world = plan_set(folder / "set.yaml", ranges=ranges_of(["gross_margin=20 %:75 %"]))
    discount = NONE.with_({"member_discount": "10 %", "name": "discount"})
    found = discover(discount, world, against=NONE, cases=60)
    assert found.box is not None and found.held_out is not None
    assert "gross_margin < " in found.rule
    assert found.held_out.density > found.held_out.base + 0.1 and found.held_out.coverage > 0.7
    assert found.held_out.cases == 30 and int(found.learning.sum()) == 30
    assert max(found.worths, key=lambda one: one.value).name == "gross_margin"
    table = found.case_table
    unseen = table[~table["learning"] & table["inside"]]
    assert len(unseen) == found.held_out.inside and unseen["loses"].mean() == found.held_out.density


def test_the_commands_write_their_folders(folder: Path, tmp_path: Path) -> None:
    words = ["four-tiers-simple", "--against", "no-programme", "--set", folder / "set.yaml"]
    code, output = run("discover", *words, "--cases", 40, "--out", tmp_path / "found")
    assert code == 0 and "knowing it before deciding" in output.replace("\n", " "), output
    assert {"cases.csv", "rule.csv", "worlds.csv", "discovery.png", "set.yaml", "report.html"} <= {
        path.name for path in (tmp_path / "found").iterdir()
    }
    code, output = run("global-sensitivity", *words, "--method", "sobol", "--samples", 2, "--lever",
                       "points.expiry.months=6,12", "--out", tmp_path / "indices", "--json")  # fmt: skip
    assert code == 0
    data = json.loads(output)
    assert data["cases"] == 2 * 8 and {one["name"] for one in data["indices"]} >= {"Levers", "chance"}
    assert {"indices.csv", "worth-of-knowing.csv", "report.html"} <= {
        path.name for path in (tmp_path / "indices").iterdir()
    }


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--method", "sobol", "--samples", "10"], "10 is no power of 2"),
        (["--range", "gross_margin=40 %:30 %"], "30 % is below low, 40 %"),
        (["--range", "gross_margin"], "is no range"),
        (["--range", "nothing=1:2"], "unknown address"),
        (["--lever", "gross_margin=30 %,40 %"], "is a figure of the world; give it a --range"),
        (["--set", "deep-uncertanty"], "did you mean 'deep-uncertainty'?"),
        (["--against", "no-program"], "did you mean 'no-programme'?"),
    ],
)
def test_bad_input_is_told_before_anything_is_lived(words: list[str], told: str) -> None:
    code, output = run("global-sensitivity", "four-tiers-simple", *words)
    assert code == 2 and told in output, output


def test_a_difference_that_changes_its_sign_at_the_own_value_turns_there_and_elsewhere_between_values() -> None:
    ends = {1.0: 4.0, 2.0: 0.0, 3.0: -2.0, 4.0: 2.0}
    known = {at: Uplift("margin", 0, one, one, one - abs(one) / 2, one + abs(one) / 2) for at, one in ends.items()}
    found = [one for run in runs_of(known) for one in run]
    assert [(one.value, one.rising) for one in found] == [(2.0, False), (3.5, True)]
    assert (found[0].low, found[0].high) == (2.0, 2.0)
