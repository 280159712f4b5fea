"""Drafted studies: every shipped policy's draft can be searched as it stands, and says what it cannot do."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from memberlab.cli import main
from memberlab.optimize import draft_levers, plan_study
from memberlab.policies import load_policy, policy_names


def new(*words: object) -> Result:
    return CliRunner().invoke(main, ["study", "new", *(str(word) for word in words)])


def test_a_ladder_stays_in_order_by_construction() -> None:
    levers = draft_levers(load_policy("four-tiers-simple"))
    assert levers["tiers.gold.threshold"].above == "tiers.silver.threshold"
    assert levers["tiers.diamond.discount"].above == "tiers.gold.discount"
    assert levers["tiers.silver.threshold"].above is None
    assert "points.redeem.points" not in levers  # how a promise is counted, not what it is


@pytest.mark.parametrize("name", policy_names())
def test_todays_value_is_among_the_levels_or_near(name: str) -> None:
    policy = load_policy(name)
    levers = draft_levers(policy)
    assert levers or name == "no-programme"
    for address, lever in levers.items():
        assert len(lever.levels) >= 2, address


def test_the_file_is_a_study_that_can_be_planned(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    answer = new("four-tiers-simple", "--scenario", "baseline", "--scenario", "recession", "--out", file)
    assert answer.exit_code == 0, answer.output
    plan = plan_study(file)
    assert len(plan.scenarios) == 2
    assert plan.space.point_of(plan.incumbent) is not None
    assert "tiers.silver.threshold:  # today 600" in file.read_text()
    again = new("four-tiers-simple", "--out", file)
    assert (again.exit_code, "is there already" in again.output) == (2, True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("four-tiers-simple", "--lever", "tiers.gold.treshold"), "did you mean"),
        (("four-tiers-simple", "--lever", "tiers.gold.free_shipping"), "has no number that a search could move"),
        (("no-such-policy",), "no-such-policy"),
        (("no-programme",), "has no number that a search could move"),
    ],
)
def test_what_cannot_be_drafted_is_named(words: tuple[str, ...], message: str) -> None:
    answer = new(*words)
    assert answer.exit_code == 2
    assert message in answer.output
