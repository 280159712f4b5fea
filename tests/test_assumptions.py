"""The registry of assumptions, its reference page, and sets of assumptions on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from memberlab.cli import main
from memberlab.policies import DocumentError
from memberlab.results import assumptions_page
from memberlab.scenarios import load_scenario
from memberlab.sim import (
    ASSUMPTIONS,
    FAMILIES,
    MECHANISMS,
    Assumption,
    assumption_set_names,
    behaviour_record,
    load_assumption_set,
    switched_off,
    under,
)

PAGE = Path(__file__).parent.parent / "docs" / "assumptions.md"
FACTS = range(1, 46)
"""Numbers of the facts in the behaviour reference's table."""

ALTERNATIVE_WORLDS = {
    "stamp-card-world", "expiry-presses", "expiry-unnoticed", "points-press", "rewards-please", "lasting-effects",
    "fading-effects", "lapsed-return", "newcomers-as-others",
}  # fmt: skip


@pytest.mark.parametrize("assumption", ASSUMPTIONS, ids=lambda one: one.name)
def test_an_assumption_is_described_in_full(assumption: Assumption) -> None:
    assert assumption.low <= assumption.default <= assumption.high
    assert assumption.low < assumption.high
    assert assumption.unit and assumption.meaning and assumption.source
    assert not assumption.meaning.endswith(".") and not assumption.source.endswith(".")
    assert set(assumption.facts) <= set(FACTS)
    shares = [assumption.quantile(share / 10) for share in range(11)]
    assert shares == sorted(shares)
    assert assumption.low <= shares[0] < shares[-1] <= assumption.high


def test_names_are_unique_and_every_mechanism_has_an_assumption() -> None:
    assert len({one.name for one in ASSUMPTIONS}) == len(ASSUMPTIONS) == sum(map(len, FAMILIES.values()))
    assert {one.mechanism for one in ASSUMPTIONS} - {""} == set(MECHANISMS)


def test_a_prior_has_its_stated_shape() -> None:
    by_name = {one.name: one for one in ASSUMPTIONS}
    assert by_name["goal_gradient"].quantile(0.25) == pytest.approx(0.1)  # uniform from 0 to 0.4
    assert by_name["shipping_weight"].quantile(0.5) == pytest.approx(1.3, abs=0.01)  # normal, nearly whole
    third = by_name["redemption_slope"]  # triangular from 0.5 over 1.2 to 2: up to the peak lies its share of the width
    assert third.quantile((1.2 - 0.5) / 1.5) == pytest.approx(1.2)


def test_mechanisms_are_switched_off_by_zeros() -> None:
    for mechanism in MECHANISMS:
        zeros = switched_off([mechanism])
        assert zeros
        record = behaviour_record(zeros)
        assert all(record[name][0] == 0 for name in zeros)
    assert len(switched_off(MECHANISMS)) == sum(len(switched_off([one])) for one in MECHANISMS)
    with pytest.raises(ValueError, match="unknown mechanism 'prices'; known are price, points pressure"):
        switched_off(["prices"])


def test_the_page_is_the_one_made_from_the_registry() -> None:
    assert PAGE.read_text(encoding="utf-8") == assumptions_page()


# sets


def test_the_sets_that_ship_can_be_read_and_differ_from_the_defaults() -> None:
    names = set(assumption_set_names())
    assert names >= {"default", "sceptical", "optimistic", "annual-fee-china", *ALTERNATIVE_WORLDS}
    defaults = {one.name: one.default for one in ASSUMPTIONS}
    for name in names - {"default"}:
        chosen = load_assumption_set(name)
        assert chosen.assumptions and chosen.description and chosen.source
        assert all(float(value) != defaults[field] for field, value in chosen.assumptions.items()), name
    assert not load_assumption_set("default").assumptions


def test_a_set_replaces_what_the_scenario_assumes_and_leaves_the_rest() -> None:
    scenario = load_scenario("baseline").with_({"assumptions": {"attrition_effect": 0.3, "price_response": 1.5}})
    changed = under(scenario, load_assumption_set("sceptical"))
    assert changed.name == "baseline-sceptical"
    assert float(changed.assumptions["attrition_effect"]) == 0
    assert float(changed.assumptions["price_response"]) == 1.5
    assert changed.digest() != scenario.digest()
    assert under(scenario, load_assumption_set("default")).digest() == scenario.digest()


BAD = """version: 1
name: mine
assumptions:
  attrition_efect: 0.2
  goal_gradient: 3
  sunk_cost: much
"""


def test_a_fault_in_a_set_has_its_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(BAD, encoding="utf-8")
    with pytest.raises(DocumentError) as found:
        load_assumption_set(str(file))
    told = str(found.value)
    assert "mine.yaml:4 assumptions.attrition_efect: unknown assumption 'attrition_efect', did you mean" in told
    assert "mine.yaml:5 assumptions.goal_gradient: 3 is outside 0 to 0.4" in told
    assert "mine.yaml:6 assumptions.sunk_cost:" in told


# the command line


def command(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, list(words))
    return result.exit_code, result.output


def test_assumptions_are_listed_and_told() -> None:
    code, listed = command("assumptions")
    assert code == 0
    assert "attrition_effect" in listed and "Paid membership" in listed
    code, told = command("assumptions", "sunk_cost")
    assert code == 0
    assert "Iyengar" in told and "change of policy" in told and "sunk cost" in told
    code, wrong = command("assumptions", "sunk_costs")
    assert (code, wrong) == (2, "sunk_costs: unknown assumption, did you mean 'sunk_cost'?\n")


def test_a_run_and_a_comparison_can_be_made_under_other_assumptions() -> None:
    small = ("--shoppers", "200", "--json")
    code, usual = command("run", "four-tiers-simple", *small)
    assert code == 0
    code, sceptical = command("run", "four-tiers-simple", "--assumptions", "sceptical", *small)
    assert code == 0
    assert json.loads(sceptical)["scenario"] == "baseline-sceptical"
    assert json.loads(sceptical)["kpis"]["orders"] < json.loads(usual)["kpis"]["orders"]
    sets = ("--assumptions", "default", "--assumptions", "optimistic", "--replications", "1")
    code, compared = command("compare", "no-programme", "four-tiers-simple", *sets, *small)
    assert code == 0
    rows = {(row["scenario"], row["policy"], row["kpi"]): row for row in json.loads(compared)["figures"]}
    assert {scenario for scenario, _, _ in rows} == {"baseline-default", "baseline-optimistic"}
    gained = [
        rows[f"baseline-{name}", "four-tiers-simple", "orders"]["difference"] for name in ("default", "optimistic")
    ]
    assert gained[0] < gained[1]


def test_an_unknown_set_is_told() -> None:
    code, told = command("run", "four-tiers-simple", "--assumptions", "skeptical")
    assert code == 2
    assert "skeptical: unknown set of assumptions, did you mean 'sceptical'?" in told
