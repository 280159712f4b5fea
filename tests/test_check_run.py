"""`memberlab check` and `memberlab baseline` over a small project: what passes, what fails, how each ends, and that
what they say to do next really works. One world is lived by four policies of one compiled layout.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from junitparser import JUnitXml

from memberlab.cli import main
from memberlab.optimize import (
    Baseline,
    Checked,
    CheckVerdict,
    baseline_folder,
    check_junit,
    check_markdown,
    plan_checks,
    read_baseline,
    run_checks,
)
from memberlab.policies import load_policy
from memberlab.sim import IdentityError, World

CHECKS = """\
policies: [policies/today.yaml, policies/gold.yaml]
scenarios: [baseline]
incumbent: four-tiers-simple
shoppers: 200
months: 6
replications: {first: 4, most: 8}
digest_worlds: {shoppers: 50, months: 3}
margins: {gmv: 2 %, benefit_cost_share: 0.5 pp}
claims:
  - {claim: gold gives less, policy: gold, against: today, kpi: benefit_cost_share, falls_by: 0 pp}
  - {claim: cheap, policy: gold, kpi: benefit_cost_share, at_most: 40 %, probability: 80 %}
"""


def run(folder: Path, words: str) -> Result:
    first, *rest = shlex.split(words)
    inner = [rest.pop(0)] if first == "baseline" else []
    return CliRunner().invoke(main, [first, *inner, str(folder), *rest, "--workers", "1"])


def write_policy(folder: Path, name: str, changes: dict[str, object]) -> None:
    policy = load_policy("four-tiers-simple").with_({"name": name, **changes})
    (folder / "policies" / f"{name}.yaml").write_text(policy.to_yaml(), encoding="utf-8")


@pytest.fixture(scope="module")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "policies").mkdir()
    write_policy(folder, "today", {})
    write_policy(folder, "gold", {"tiers.silver.threshold": 3000, "tiers.gold.threshold": 5000,
                                  "tiers.diamond.threshold": 9000})  # fmt: skip
    (folder / "checks.yaml").write_text(CHECKS, encoding="utf-8")
    result = run(folder, "baseline accept --reason 'first of all'")
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def project(accepted: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(accepted, tmp_path / "project"))


def checked(folder: Path, *, across_versions: bool = False) -> Checked:
    plan = plan_checks(folder)
    return run_checks(plan, read_baseline(baseline_folder(plan)), "paired", across_versions=across_versions)


def edited_manifest(folder: Path, **changes: Any) -> Baseline:
    path = folder / "baseline" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8")) | changes
    path.write_text(json.dumps(manifest), encoding="utf-8")
    return read_baseline(folder / "baseline")


# what has not changed


def test_an_untouched_project_passes_without_living_the_populations_again(project: Path) -> None:
    found = checked(project)
    assert found.exit == 0
    assert [one.verdict for one in found.digests] == ["equal", "equal"]
    assert all(one.decision is None for one in found.paired)
    assert found.lives == 2 * 2  # the small worlds only


def test_what_rules_nothing_changes_nothing(project: Path) -> None:
    path = project / "policies" / "gold.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text("# a comment\n" + re.sub("title: .*", "title: Gold, renamed", text), encoding="utf-8")
    assert load_policy(path).title == "Gold, renamed"
    assert run(project, "check --tier digest").exit_code == 0
    assert checked(project).lives == 4


def test_the_same_outcomes_under_another_version_differ_by_exactly_nothing(project: Path) -> None:
    edited_manifest(project, sources={"memberlab": "0.0.9", "sim": "0123"})
    found = checked(project, across_versions=True)
    assert all(one.decision is not None and one.decision.is_unchanged for one in found.paired)
    assert {one.decision.replications for one in found.paired if one.decision} == {4}
    assert found.exit == 0


# what has changed


def test_a_harmless_change_passes_and_shows_its_shift(project: Path) -> None:
    write_policy(project, "today", {"shipping.free_from": 198.5})
    found = checked(project)
    assert found.exit == 0
    moved = [one for one in found.paired if one.has_moved]
    assert {one.policy for one in moved} == {"today"}
    page = check_markdown(found)
    assert "shipping.free_from falls from 199 to 198.50" in page
    assert "Figures that moved" in page


@pytest.fixture(scope="module")
def harmed(accepted: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(shutil.copytree(accepted, tmp_path_factory.mktemp("harm") / "project"))
    write_policy(folder, "today", {"tiers.ordinary.discount": "15 %", "tiers.silver.discount": "16 %",
                                   "tiers.gold.discount": "17 %", "tiers.diamond.discount": "18 %"})  # fmt: skip
    return folder


def test_a_harmful_change_fails_and_the_command_it_names_fails_alike(harmed: Path) -> None:
    result = run(harmed, "check --tier paired")
    assert result.exit_code == 1, result.output
    (again,) = [line.strip() for line in result.output.splitlines() if "--only" in line and "benefit_cost" in line]
    assert again == f"memberlab check {harmed} --tier paired --only today/baseline/benefit_cost_share"
    replayed = CliRunner().invoke(main, [*shlex.split(again)[1:], "--workers", "1"])
    assert replayed.exit_code == 1
    assert "population by population" in replayed.output


def test_the_digest_tier_fails_where_a_ledger_changes(harmed: Path) -> None:
    result = run(harmed, "check --tier digest")
    assert result.exit_code == 1
    assert "--tier digest --only today/baseline" in result.output


def test_reports_say_what_failed_and_by_how_much(harmed: Path, tmp_path: Path) -> None:
    files = {kind: tmp_path / f"out.{kind}" for kind in ("xml", "md", "json")}
    words = f"check --tier paired --junit {files['xml']} --markdown {files['md']} --json {files['json']}"
    assert run(harmed, words).exit_code == 1
    report = JUnitXml.fromfile(str(files["xml"]))
    assert (report.failures, report.errors) == (2, 0)
    text = files["xml"].read_text(encoding="utf-8")
    assert "benefit_cost_share of today within 0.5 pp" in text
    assert "--only today/baseline/benefit_cost_share" in text
    page = files["md"].read_text(encoding="utf-8")
    assert len(page.encode()) <= 60_000
    assert "tiers.silver.discount rises from 2 % to 16 %" in page
    assert "Margin bridge of today in baseline" in page
    data = json.loads(files["json"].read_text(encoding="utf-8"))
    assert data["exit"] == 1
    failed = [one for one in data["paired"] if one["verdict"] == "FAIL"]
    assert {one["policy"] for one in failed} == {"today"}
    (bridge,) = data["bridges"]
    totals = {line["line"]: line["now"] for line in bridge["lines"]}
    assert totals["margin"] != {line["line"]: line["before"] for line in bridge["lines"]}["margin"]


def test_a_page_of_many_cells_stays_within_a_comment(harmed: Path) -> None:
    found = checked(harmed)
    found.paired *= 400
    assert len(check_markdown(found).encode()) <= 60_000
    assert JUnitXml.fromstring(check_junit(found).encode())


# claims


def test_claims_are_tried_without_a_baseline(project: Path) -> None:
    shutil.rmtree(project / "baseline")
    result = run(project, "check --tier claims --json -")
    assert result.exit_code == 0, result.output
    told = {one["claim"]: one for one in json.loads(result.output)["claims"]}
    assert told["gold gives less"]["verdict"] == CheckVerdict.PASS
    assert told["gold gives less"]["figure"] < 0
    assert told["cheap"]["kept_by"] == 1.0


def test_a_claim_that_does_not_hold_fails_with_its_line(project: Path) -> None:
    path = project / "checks.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("falls_by", "rises_by"), encoding="utf-8")
    result = run(project, "check --tier claims")
    assert result.exit_code == 1
    assert "memberlab check" in result.output
    assert "--tier claims --only claims.0/baseline" in result.output


def test_a_claim_on_the_edge_is_inconclusive_and_ends_with_3_only_when_strict(project: Path) -> None:
    mean = read_baseline(project / "baseline").figures("gold", "baseline", "benefit_cost_share").mean()
    path = project / "checks.yaml"
    text = path.read_text(encoding="utf-8").replace("at_most: 40 %, probability: 80 %", f"at_most: {mean * 100:.3f} %")
    path.write_text(text, encoding="utf-8")
    assert run(project, "check --tier claims --only claims.1").exit_code == 0
    assert run(project, "check --tier claims --only claims.1 --strict").exit_code == 3


# baselines


def test_a_baseline_is_small_tidy_and_whole_numbers_where_they_are(accepted: Path) -> None:
    folder = accepted / "baseline"
    assert sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) < 200_000
    table = pd.read_parquet(folder / "metrics.parquet")
    assert list(table.columns[:3]) == ["scenario", "policy", "replication"]
    assert len(table) == 2 * 8
    assert table["gmv"].dtype == np.int64
    page = (folder / "baseline.md").read_text(encoding="utf-8")
    assert "first of all" in page
    assert "## gold in baseline" in page


def test_accepting_a_change_shows_its_shifts_and_then_passes(harmed: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(harmed, tmp_path / "project"))
    result = run(folder, "baseline accept --reason 'a sale for everybody' --json")
    assert result.exit_code == 0, result.output
    rows = {(one["policy"], one["kpi"]): one for one in json.loads(result.output)["shifts"]}
    assert rows["today", "benefit_cost_share"]["shift"] > 0.05
    assert rows["gold", "gmv"]["shift"] == 0
    page = (folder / "baseline" / "baseline.md").read_text(encoding="utf-8")
    assert "a sale for everybody" in page
    assert "first of all" in page  # what was accepted before
    assert run(folder, "check --tier paired").exit_code == 0


def test_without_a_baseline_the_check_ends_with_4_and_says_how_to_get_one(project: Path) -> None:
    shutil.rmtree(project / "baseline")
    result = run(project, "check")
    assert result.exit_code == 4
    assert "memberlab baseline accept" in result.output


def test_a_baseline_of_another_version_is_refused_with_what_changed(project: Path) -> None:
    sources = dict(read_baseline(project / "baseline").manifest["sources"])
    edited_manifest(project, sources=sources | {"sim": "0123456789abcdef"})
    result = run(project, "check")
    assert result.exit_code == 4
    assert "sources of sim/ 0123456789abcdef then" in result.output
    assert "results/" not in result.output


def test_a_baseline_of_other_settings_is_refused_with_what_changed(project: Path) -> None:
    path = project / "checks.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("shoppers: 200", "shoppers: 300"), encoding="utf-8")
    result = run(project, "check")
    assert result.exit_code == 4
    assert "shoppers was 200 and is 300" in result.output


def test_a_table_of_another_commit_is_noticed(project: Path) -> None:
    (project / "baseline" / "metrics.parquet").write_bytes(b"PAR1")
    write_policy(project, "today", {"shipping.free_from": 198.5})
    result = run(project, "check")
    assert result.exit_code == 4
    assert "is not the table that" in result.output


def test_a_folder_of_other_files_is_never_replaced(project: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("all of it", encoding="utf-8")
    result = run(project, f"baseline accept --reason x --baseline {tmp_path / 'mine'}")
    assert result.exit_code == 2
    assert (tmp_path / "mine" / "thesis.txt").exists()
    assert run(project, f"check --baseline {tmp_path / 'mine'}").exit_code == 4


def test_a_policy_that_the_baseline_does_not_know_ends_with_4(project: Path) -> None:
    write_policy(project, "new", {"shipping.free_from": 150})
    path = project / "checks.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("gold.yaml]", "gold.yaml, policies/new.yaml]"))
    result = run(project, "check --tier digest")
    assert result.exit_code == 4
    assert "new/baseline is not in the baseline" in result.output


def test_a_margin_wider_than_the_figure_is_named_with_its_line(project: Path) -> None:
    path = project / "checks.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("gmv: 2 %", "gmv: 90000000"), encoding="utf-8")
    result = run(project, "check")
    assert result.exit_code == 2
    assert "checks.yaml:8 margins.gmv: 90000000 is wider than any outcome" in result.output


def test_an_unknown_cell_is_named(project: Path) -> None:
    result = run(project, "check --only golf/baseline")
    assert result.exit_code == 2
    assert "did you mean 'gold/baseline'?" in result.output


# identities


def test_a_broken_identity_ends_with_5_and_its_command_breaks_alike(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: World, until: int, **_: Any) -> Any:
        if self.policy.name == "gold":
            raise IdentityError("gmv_bridge: List value - every discount = GMV. Found 1 and 2.")
        return lived(self, until)

    lived = World.run
    monkeypatch.setattr(World, "run", broken)
    result = run(project, "check --tier invariants")
    assert result.exit_code == 5
    (again,) = [line.strip() for line in result.output.splitlines() if "--only" in line]
    assert CliRunner().invoke(main, [*shlex.split(again)[1:], "--workers", "1"]).exit_code == 5
    assert run(project, "baseline accept --reason x").exit_code == 5
