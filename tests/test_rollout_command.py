"""`memberlab rollout` at the terminal: what it prints and writes, what the stop rule does, and how faults are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from memberlab.cli import main
from memberlab.optimize import RolloutResult, open_executor, roll_out
from memberlab.policies import load_policy
from memberlab.results import margin_bridge
from memberlab.scenarios import load_rollout, load_scenario

from .member_worlds import write_file
from .worlds import SCENARIO

ROLLOUT = """name: trial
arms:
  costly: {policy: costly.yaml, share: 60 %}
  same: {policy: four-tiers-simple, share: 40 %}
hold_out: 20 %
pilot: {day: 1, share: 40 %, weeks: 8}
ramps:
  - {day: 60, to: 60 %, weeks: 2}
launch: {day: 75}
stop: {below: -1.5, after: 3, every: 2}
"""


def ask(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["rollout", *map(str, arguments)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a rollout of a costly policy and of today's own, and a small scenario."""
    place = tmp_path_factory.mktemp("rollout")
    costly = load_policy("four-tiers-simple").with_({"name": "costly", "tiers.ordinary.discount": "30 %",
                                                    "tiers.silver.discount": "30 %", "tiers.gold.discount": "30 %",
                                                    "tiers.diamond.discount": "30 %"})  # fmt: skip
    (place / "costly.yaml").write_text(costly.to_yaml(), encoding="utf-8")
    (place / "rollout.yaml").write_text(ROLLOUT, encoding="utf-8")
    scenario = SCENARIO.replace("months: 12", "months: 3").replace("months: 18", "months: 4")
    (place / "world.yaml").write_text(scenario, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def result(folder: Path) -> RolloutResult:
    loaded = load_rollout(folder / "rollout.yaml")
    scenario = load_scenario(folder / "world.yaml").with_({"regions": 2})
    return roll_out(loaded, scenario, replications=3)


def test_an_arm_that_is_today_s_policy_is_truly_nothing_and_seen_as_noise(result: RolloutResult) -> None:
    rows = [row for row in result.stages if row.arm == "same"]
    assert [row.stage for row in rows][:2] == ["pilot", "ramp 1"]
    for row in rows:
        assert all(seen.truth == 0 for seen in row.figures)
        assert row.figures[0].difference != 0
    weeks = [row for row in result.weeks if row.arm == "same"]
    assert all(seen.truth == 0 for row in weeks for seen in row.figures)


def test_the_hold_out_is_what_it_would_have_been(result: RolloutResult) -> None:
    assert all(seen.spill == 0 for row in result.stages for seen in row.figures)
    assert all(seen.spill == 0 for row in result.weeks for seen in row.figures)


def test_a_costly_arm_is_stopped_and_its_shoppers_go_back(result: RolloutResult) -> None:
    stop = result.stops[0]
    days = [day for day in stop.days if day is not None]
    assert days
    assert set(days) <= set(range(21, 120, 14))
    assert result.saved is not None
    if len(days) == 3:
        assert result.shoppers[1] == 0
    innocent = result.stops[1]  # judged without confidence, it may be stopped, and always wrongly
    assert innocent.wrongly == sum(day is not None for day in innocent.days)
    assert result.totals["rollout"]["benefit_cost"] < result.totals["without the rule"]["benefit_cost"]


def test_the_arms_bridges_are_that_of_the_shop(result: RolloutResult) -> None:
    shop = {name: sum(bridge[name] for bridge in result.bridges) for name in result.bridges[0]}
    lines = {line.name: line.amount for line in margin_bridge(shop)}
    assert lines["margin"] == pytest.approx(result.totals["rollout"]["margin"], abs=50)
    assert lines["gmv"] == pytest.approx(result.totals["rollout"]["gmv"], abs=5)


def test_the_stages_count_each_shopper_once_on_either_side(result: RolloutResult) -> None:
    pilot = {row.arm: row.figures[0] for row in result.stages if row.stage == "pilot"}
    assert pilot["costly"].shoppers == pytest.approx(600 * 0.4 * 0.6, rel=0.2)
    assert pilot["costly"].held == pilot["same"].held == pytest.approx(600 * 0.2, rel=0.2)


def test_the_command_prints_and_writes_the_rollout(folder: Path) -> None:
    out = folder / "run"
    answer = ask(folder / "rollout.yaml", "--scenario", folder / "world.yaml", "--replications", 2, "--out", out)
    assert answer.exit_code == 0, answer.output
    for told in ("costly", "Hold-out", "Truth", "Stop rule: margin a shopper below -1.5 CNY", "The whole shop"):
        assert told in answer.output
    written = {file.name for file in out.iterdir()}
    assert {"manifest.json", "rollout.yaml", "policy-costly.yaml", "stages.csv", "weeks.parquet", "bridges.csv",
            "rollout.json", "week-by-week-margin.png", "week-by-week-gmv.png", "margin-bridge.png",
            "scenario.yaml", "report.html"} <= written  # fmt: skip
    assert json.loads((out / "manifest.json").read_text())["kind"] == "rollout"
    stages = pd.read_csv(out / "stages.csv")
    again = ask(out / "rollout.yaml", "--scenario", out / "scenario.yaml", "--replications", 2, "--json")
    figures: dict[str, Any] = json.loads(again.output)
    again_seen = [row["difference"] for row in figures["stages"]]
    assert again_seen == pytest.approx(stages["difference"].tolist())
    assert figures["policies"] == {"today's policy": "four-tiers-simple", "costly": "costly",
                                   "same": "four-tiers-simple"}  # fmt: skip


def test_two_workers_live_the_same_rollout(folder: Path, result: RolloutResult) -> None:
    scenario = load_scenario(folder / "world.yaml").with_({"regions": 2})
    with open_executor(2) as executor:
        other = roll_out(load_rollout(folder / "rollout.yaml"), scenario, replications=3, executor=executor)
    assert other.table.equals(result.table)
    assert other.weekly.equals(result.weekly)
    assert (other.stops, other.totals, other.bridges) == (result.stops, result.totals, result.bridges)


def test_a_rollout_opens_with_real_members(folder: Path) -> None:
    rows = [
        {"member_id": f"m{number}", "last_order_on": f"2025-{1 + number % 12:02}-15", "tier": "ordinary",
         "orders_last_12_months": 1 + number % 9, "spend_last_12_months": 120 * (1 + number % 9), "points_balance": 30}
        for number in range(300)
    ]  # fmt: skip
    members, world = write_file(folder, rows), folder / "world.yaml"
    given = ["--scenario", world, "--members", members, "--shoppers", 300, "--replications", 1, "--json"]
    answer = ask(folder / "rollout.yaml", "--incumbent", "four-tiers-simple", *given)
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.output)
    assert sum(told["shoppers_at_the_end"].values()) == 300
    pilot = [row for row in told["stages"] if row["stage"] == "pilot" and row["figure"] == "margin"]
    assert all(row["shoppers"] > 30 and row["held_out"] > 30 for row in pilot)
    assert next(row for row in pilot if row["arm"] == "same")["truth"] == 0


def test_faults_are_told_together_and_nothing_is_written(folder: Path) -> None:
    bad = folder / "bad.yaml"
    bad.write_text(ROLLOUT.replace("{day: 75}", "{day: 500}").replace("costly.yaml", "amazon-prime"), encoding="utf-8")
    out = folder / "nothing"
    answer = ask(bad, "--scenario", folder / "world.yaml", "--out", out)
    assert answer.exit_code == 2
    assert "bad.yaml:9 launch.day: day 500 is outside the horizon of scenario small-world" in answer.output
    assert "bad.yaml:3 arms.costly.policy: policy 'amazon-prime' is in USD" in answer.output
    assert not out.exists()


@pytest.mark.parametrize(("arguments", "told"), [
    (["missing.yaml"], "missing.yaml: no such file"),
    (["trial"], "no such file"),
    (["{folder}/rollout.yaml", "--scenario", "nowhere"], "unknown scenario"),
    (["{folder}/rollout.yaml", "--members", "m.yaml"], "--members needs --incumbent"),
    (["{folder}/rollout.yaml", "--scenario", "{folder}/world.yaml", "--shoppers", "3"], "the arm has no shoppers"),
])  # fmt: skip
def test_wrong_input_ends_with_2(folder: Path, arguments: list[str], told: str) -> None:
    answer = ask(*(one.format(folder=folder) for one in arguments))
    assert answer.exit_code == 2, answer.output
    assert told in answer.output


def test_a_migration_that_does_not_fit_is_told_with_the_line_that_names_the_policy(folder: Path) -> None:
    mapped = load_policy("four-tiers-simple").with_({
        "name": "mapped", "migration": {"tiers": {"rule": "keep until review", "map": {"bronze": "gold"}}},
    })  # fmt: skip
    (folder / "mapped.yaml").write_text(mapped.to_yaml(), encoding="utf-8")
    bad = folder / "unmapped.yaml"
    bad.write_text(ROLLOUT.replace("costly.yaml", "mapped.yaml"), encoding="utf-8")
    answer = ask(bad, "--scenario", folder / "world.yaml")
    assert answer.exit_code == 2
    assert "unmapped.yaml:3 arms.costly.policy: mapped migration.tiers.map.bronze: four-tiers-simple" in answer.output
    assert "has no tier 'bronze'" in answer.output


def test_disturbances_join_the_market_of_a_rollout(folder: Path) -> None:
    arguments = (folder / "rollout.yaml", "--scenario", folder / "world.yaml", "--replications", 1, "--json")
    plain, shocked = (ask(*arguments, *more) for more in ((), ("--with", "two-day-outage")))
    assert (plain.exit_code, shocked.exit_code) == (0, 0), shocked.output
    assert json.loads(plain.output)["whole_shop"] != json.loads(shocked.output)["whole_shop"]
    assert ask(*arguments, "--with", "hail").exit_code == 2
