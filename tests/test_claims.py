"""The claims of slides: every placebo does nothing and shows something, and the command tells it in every form."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from memberlab.cli import main
from memberlab.optimize import (
    CLAIMS,
    PROGRAMMES,
    ClaimsTried,
    claims_page,
    claims_told,
    figures_told,
    open_executor,
    trials_of,
    try_claims,
)
from memberlab.policies import DocumentError, load_policy
from memberlab.results import ClaimPoint, claims_picture, lift_told
from memberlab.scenarios import load_scenario, scenario_names
from memberlab.sim import fail_if_policy_does_not_fit

from .worlds import brisk_population, full_policy, small_scenario

MARKET = small_scenario(population__shoppers=400, regions=2)
"""Its horizon of 18 months is too short, and made longer."""


@cache
def tried() -> ClaimsTried:
    return try_claims(MARKET, replications=2, population=brisk_population())


@pytest.mark.parametrize("name", [claim.name for claim in CLAIMS])
def test_what_is_shown_is_split_without_a_rest_and_the_placebo_does_nothing(name: str) -> None:
    (finding,) = (one for one in tried().findings if one.claim.name == name)
    real, placebo = finding.real, finding.placebo
    assert real is not None
    assert placebo is not None
    assert real.residual == placebo.residual == 0
    assert real.labelled > 5
    assert real.others > 5
    assert placebo.effect == placebo.spill_over == placebo.half_width == 0
    assert placebo.naive > 0


def test_parts_relative_to_the_others_add_up() -> None:
    table = tried().table
    assert list(table["claim"]) == [claim.name for claim in CLAIMS]
    parts = table["effect_part"] + table["selection_part"] - table["spill_over_part"]
    assert (abs(table["naive"] - parts) < 1e-9).all()


def test_comparisons_show_more_than_is_caused() -> None:
    for finding in tried().findings:
        assert finding.real is not None
        assert finding.real.causal_lift is not None
        assert finding.real.naive_lift is not None
        assert abs(finding.real.causal_lift) < finding.real.naive_lift


def test_some_effects_are_real() -> None:
    effects = {finding.claim.name: finding.real for finding in tried().findings}
    for name in ("membership", "discount-frequency"):  # 5 % off
        effect = effects[name]
        assert effect is not None
        assert effect.causal_interval is not None
        assert effect.causal_interval[0] > 0


@pytest.mark.slow
def test_workers_change_no_figure() -> None:
    alone = try_claims(MARKET, population=brisk_population()).table
    with open_executor(2) as executor:
        assert try_claims(MARKET, population=brisk_population(), executor=executor).table.equals(alone)


def test_a_policy_is_tried_with_the_claims_about_its_benefits() -> None:
    table = try_claims(MARKET, [full_policy()], population=brisk_population()).table
    assert set(table["policy"]) == {full_policy().name}
    assert set(table["claim"]) == {claim.name for claim in CLAIMS} - {"points", "event", "social"}
    assert (table["placebo_causal"] == 0).all()


def test_a_policy_without_any_such_benefit_is_told_so() -> None:
    with pytest.raises(
        DocumentError, match="no claim is about this policy; it has none of member_discount, membership"
    ):
        try_claims(MARKET, [load_policy("no-programme").with_({"name": "bare"})])
    with pytest.raises(ValueError, match=r"replications \(0\) must be at least 1"):
        try_claims(MARKET, replications=0)


@pytest.mark.parametrize("scenario", scenario_names())
def test_programmes_fit_every_scenario_in_its_currency(scenario: str) -> None:
    for trial in trials_of(load_scenario(scenario)):
        assert trial.policy.currency == trial.scenario.currency
        fail_if_policy_does_not_fit(trial.policy, trial.scenario)


def test_claims_are_written_once_and_about_programmes_that_exist() -> None:
    assert len({claim.name for claim in CLAIMS}) == len(CLAIMS) == 10
    assert {claim.programme for claim in CLAIMS} == set(PROGRAMMES)


@pytest.mark.parametrize(
    ("lift", "told"),
    [
        (None, "-"),
        (0.0, "0"),
        (0.2, "+20.0 %"),
        (-0.011, "-1.1 %"),
        (12.345, "+1,234 %"),
        (0.9951, "+100 %"),
        (-0.0001, "0.0 %"),
    ],
)
def test_lifts_are_written_for_people(lift: float | None, told: str) -> None:
    assert lift_told(lift) == told


def test_the_page_has_every_claim_and_the_command() -> None:
    page = claims_page([tried(), tried()], "memberlab claims --page")
    assert "## Caused, under other assumptions" in page
    for finding in tried().findings:
        assert f"| {claims_told(finding)} | {' | '.join(figures_told(finding))} |" in page
    assert "Made by `memberlab claims --page`: scenario `small-world`, 400 shoppers, 2 replications." in page


def test_a_group_that_is_empty_is_a_dash(tmp_path: Path) -> None:
    few = try_claims(small_scenario(population__shoppers=4), population=brisk_population())
    assert any("-" in figures_told(finding) for finding in few.findings)
    claims_picture([ClaimPoint("Nobody bought", 0.2, None, None, None, None)], tmp_path / "few.png", "Few")
    assert (tmp_path / "few.png").stat().st_size > 1000


def test_the_command_prints_and_writes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["claims", "--shoppers", "300", "--replications", "1"]
    shown = CliRunner().invoke(main, [*words, "--out", "run"])
    assert shown.exit_code == 0, shown.output
    assert "What is behind the claims: Baseline (baseline), 1 replication" in shown.output
    rows = list(csv.DictReader((tmp_path / "run" / "claims.csv").open(encoding="utf-8")))
    assert [row["claim"] for row in rows] == [claim.name for claim in CLAIMS]
    written = {file.name for file in (tmp_path / "run").iterdir()}
    assert written >= {
        "claims.csv",
        "claims.png",
        "report.html",
        "manifest.json",
        "scenario.yaml",
        "policy-paid-membership.yaml",
    }
    two = [*words, "--assumptions", "default", "--assumptions", "sceptical"]
    again = json.loads(CliRunner().invoke(main, [*two, "--json", "--out", "two", "--no-report"]).output)["claims"]
    assert [row["says"] for row in again] == 2 * [claim.says for claim in CLAIMS]
    pictures = sorted(file.name for file in (tmp_path / "two").glob("*.png"))
    assert pictures == ["claims-baseline-default.png", "claims-baseline-sceptical.png"]
    assert all(row["placebo_causal"] in (0, None) for row in again)
    assert CliRunner().invoke(main, [*words, "--page"]).output.startswith("# Claims: selection or effect?")
    refused = CliRunner().invoke(main, ["claims", "no-programme"])
    assert refused.exit_code == 2
    assert refused.output.startswith("no-programme: no claim is about this policy")
