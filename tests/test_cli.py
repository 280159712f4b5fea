"""The command line: help, results for people and for programs, run folders that run again, and every fault told once.

Bad input ends with exit code 2, one line a fault, no traceback, and not a file written.
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from memberlab.cli import main
from memberlab.cli.commands import COMMANDS, GROUPS
from memberlab.policies import load_policy, policy_names
from memberlab.results import KPIS
from memberlab.scenarios import load_scenario, population_names, scenario_names
from memberlab.sim import IDENTITIES

KNOWN = ", ".join(policy_names())

SCENARIO = """\
version: 1
name: tiny
currency: CNY
start: 2026-01-01
incumbent: four-tiers-simple
warm_up: {months: 2}
horizon: {months: 3}
population: {source: cd-retailer, shoppers: 120, established: 80 %, price_level: 7}
gross_margin: 40 %
shipping_cost: 8
seed: 11
"""
BAD_LADDER = """\
version: 1
name: bad-ladder
currency: CNY
tiers:
  low: {threshold: 0}
  middle: {threshold: 500}
  top:
    threshold: 300
    discont: 5 %
"""


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Work in a folder with a tiny scenario."""
    (tmp_path / "tiny.yaml").write_text(SCENARIO, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    yield tmp_path


def ask(*words: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(main, list(words))


def answer(*words: str) -> Any:
    """Return the JSON that a command prints; constants that are no JSON are refused."""
    result = ask(*words)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout, parse_constant=refuse)


def refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


def traces(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


# help


def test_the_help_page_lists_every_command_and_how_to_begin() -> None:
    for words in (("--help",), ("-h",), ("help",)):
        result = ask(*words)
        assert result.exit_code == 0
        listed = result.stdout.split(f"{next(iter(GROUPS))}:")[1]
        assert re.findall(r"^  ([a-z-]+)  ", listed, re.MULTILINE) == list(COMMANDS)
        assert all(f"\n{purpose}:\n" in result.stdout for purpose in GROUPS)
        assert "memberlab compare four-tiers-simple jd-plus" in result.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    result = ask(command, "--help")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Usage: ")
    for option in re.findall(r"^  (--[a-z-]+)", result.stdout, re.MULTILINE):
        shown = result.stdout.split(f"  {option}", 1)[1].split("\n  -", 1)[0]
        assert re.search(r"[a-z]{3,} [a-zA-Z]", shown), f"{command} {option} has no help"


def test_the_version_is_told() -> None:
    assert re.search(r"\d+\.\d+\.\d+", ask("--version").stdout)


@pytest.mark.parametrize("start", [["-m", "memberlab"], [str(Path(sys.executable).with_name("memberlab"))]])
def test_it_starts_from_a_shell_and_tells_faults_on_the_error_stream(start: list[str], desk: Path) -> None:
    if len(start) == 1 and not Path(start[0]).exists():
        pytest.skip(f"there is no {start[0]}")
    command = [sys.executable, *start, "run", "jd-pluss", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=desk)
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["problems"][0]["file"] == "jd-pluss"
    assert done.stderr == f"jd-pluss: unknown policy, did you mean 'jd-plus'? Known: {', '.join(policy_names())}\n"


# what ships


def test_the_catalogue_lists_what_ships_and_prints_files_that_load(desk: Path) -> None:
    listed = ask("catalog").stdout
    for name in (*policy_names(), *scenario_names(), *population_names()):
        assert f"  {name} " in listed
    for name in policy_names():
        (desk / "copy.yaml").write_text(ask("catalog", name).stdout, encoding="utf-8")
        assert load_policy("copy.yaml") == load_policy(name)


@pytest.mark.parametrize(
    "kind", ["policy", "scenario", "disturbance", "scenario-set", "population", "study", "budget", "rollout", "checks"]
)
def test_the_schema_of_every_kind_is_a_json_schema(kind: str) -> None:
    schema = answer("schema", kind)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert {"version", "name"} <= set(schema["properties"])


# run


def test_a_run_prints_its_figures_and_checks_its_books(desk: Path) -> None:
    result = ask("run", "four-tiers-simple", "--scenario", "tiny.yaml")
    assert result.exit_code == 0, result.output
    assert "four-tiers-simple in tiny: 120 shoppers, 3 months" in result.stdout
    for kpi in KPIS.values():
        assert kpi.title in result.stdout
    assert "Contribution margin" in result.stdout
    assert f"{len(IDENTITIES)} of {len(IDENTITIES)} accounting identities hold" in result.stdout
    assert traces(desk) == {"tiny.yaml"}


def test_a_run_as_json_holds_the_same_figures() -> None:
    figures = answer("run", "jd-plus", "--scenario", "tiny.yaml", "--json")
    assert (figures["policy"], figures["scenario"], figures["currency"], figures["seed"]) == (
        "jd-plus",
        "tiny",
        "CNY",
        11,
    )
    assert list(figures["kpis"]) == list(KPIS)
    bridge = figures["bridge"]
    assert bridge["list_value"] - bridge["member_discount"] - bridge["tier_discount"] == figures["kpis"]["gmv"] > 0


def test_a_run_folder_tells_everything_and_runs_again(desk: Path) -> None:
    first = answer("run", "four-tiers-simple", "--scenario", "tiny.yaml", "--out", "first", "--json")
    folder = desk / "first"
    assert traces(folder) >= {"manifest.json", "policy.yaml", "scenario.yaml", "daily.parquet", "margin-bridge.png"}
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["kpis"] == first["kpis"]
    assert manifest["policy"] == load_policy("four-tiers-simple").digest()
    assert manifest["scenario"] == load_scenario("tiny.yaml").digest()
    daily = pd.read_parquet(folder / "daily.parquet")
    assert daily.loc[daily["measure"] == "gmv", "value"].sum() == first["kpis"]["gmv"]
    assert (folder / "margin-bridge.png").read_bytes().startswith(b"\x89PNG")

    answer("run", "first/policy.yaml", "--scenario", "first/scenario.yaml", "--out", "again", "--json")
    assert outcome("again") == manifest["outcome"]


def outcome(folder: str) -> str:
    digest: str = json.loads(Path(folder, "manifest.json").read_text(encoding="utf-8"))["outcome"]
    return digest


def test_same_inputs_give_the_same_outcome_and_another_seed_another() -> None:
    for folder, *seed in (("one",), ("two",), ("three", "--seed", "11"), ("four", "--seed", "12")):
        assert ask("run", "jd-plus", "--scenario", "tiny.yaml", "--out", folder, *seed).exit_code == 0
    assert outcome("one") == outcome("two") == outcome("three") != outcome("four")


@pytest.mark.parametrize(
    "options", [["--incumbent", "no-programme"], ["--population", "grocery"], ["--seed", "3"]], ids=str
)
def test_a_run_with_options_runs_again_from_its_folder(options: list[str]) -> None:
    assert ask("run", "jd-plus", "--scenario", "tiny.yaml", *options, "--out", "first").exit_code == 0
    assert ask("run", "first/policy.yaml", "--scenario", "first/scenario.yaml", "--out", "again").exit_code == 0
    assert outcome("first") == outcome("again")


def test_a_run_of_files_runs_again_when_its_folder_has_moved(desk: Path) -> None:
    (desk / "own.yaml").write_text(ask("catalog", "jd-plus").stdout, encoding="utf-8")
    (desk / "tiny.yaml").write_text(
        SCENARIO.replace("incumbent: four-tiers-simple", "incumbent: own.yaml"), encoding="utf-8"
    )
    assert ask("run", "own.yaml", "--scenario", "tiny.yaml", "--out", "first").exit_code == 0
    (desk / "deeper").mkdir()
    (desk / "first").rename(desk / "deeper" / "moved")
    again = ["run", "deeper/moved/policy.yaml", "--scenario", "deeper/moved/scenario.yaml", "--out", "again"]
    assert ask(*again).exit_code == 0
    assert outcome("again") == outcome("deeper/moved")


def test_options_replace_parts_of_the_world() -> None:
    usual = answer("run", "no-programme", "--scenario", "tiny.yaml", "--json")
    for option in (["--shoppers", "60"], ["--incumbent", "no-programme"], ["--population", "grocery"], ["--seed", "5"]):
        changed = answer("run", "no-programme", "--scenario", "tiny.yaml", "--json", *option)
        assert changed["kpis"] != usual["kpis"], option


def test_an_earlier_run_is_replaced_only_with_force(desk: Path) -> None:
    words = ["run", "jd-plus", "--scenario", "tiny.yaml", "--out", "run"]
    assert ask(*words).exit_code == 0
    before = {path: path.read_bytes() for path in (desk / "run").rglob("*") if path.is_file()}
    refused = ask(*words)
    assert refused.exit_code == 2
    assert refused.stderr == "run: holds an earlier run; name another folder, or replace it with --force\n"
    assert {path: path.read_bytes() for path in (desk / "run").rglob("*") if path.is_file()} == before
    assert ask(*words, "--force", "--seed", "99").exit_code == 0
    assert json.loads((desk / "run" / "manifest.json").read_text(encoding="utf-8"))["seed"] == 99


# compare


def test_a_comparison_prints_tables_and_verdicts() -> None:
    result = ask("compare", "four-tiers-simple", "no-programme", "--scenario", "tiny.yaml", "--replications", "2")
    assert result.exit_code == 0, result.output
    assert "2 replications; against four-tiers-simple" in " ".join(result.stdout.split())
    assert re.search(r"^no-programme .*GMV.* and .*margin.*\.$", result.stdout, re.MULTILINE)


def test_a_comparison_under_another_name_says_that_there_is_no_difference(desk: Path) -> None:
    text = ask("catalog", "jd-plus").stdout.replace("name: jd-plus", "name: placebo")
    (desk / "placebo.yaml").write_text(text, encoding="utf-8")
    result = ask("compare", "jd-plus", "placebo.yaml", "--scenario", "tiny.yaml", "--replications", "1")
    # each KPI, the margin at four attrition effects, and in two tables and a sentence that it pays at none
    assert result.stdout.count("no difference") == len(KPIS) + 4 + 3
    assert "By attrition_effect, placebo makes no difference at any value." in result.stdout
    assert (
        "placebo leaves GMV exactly as it is, leaves retention exactly as it is and leaves contribution margin"
        in result.stdout
    )


def test_a_comparison_is_written_in_every_form_with_the_same_figures(desk: Path) -> None:
    words = ["compare", "four-tiers-simple", "jd-plus", "--scenario", "tiny.yaml", "--replications", "2"]
    printed = answer(*words, "--out", "folder", "--json")
    folder = desk / "folder"
    assert traces(folder) >= {
        "manifest.json", "policy-four-tiers-simple.yaml", "policy-jd-plus.yaml", "scenario-tiny.yaml",
        "incumbent-tiny.yaml", "population-tiny.yaml", "comparison.csv", "comparison.parquet", "margin-bridge-tiny.png",
    }  # fmt: skip
    assert printed["replications"] == 2
    assert len(printed["figures"]) == 2 * len(KPIS)
    with (folder / "comparison.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["policy"], row["kpi"], float(row["value"])) for row in rows] == [
        (figure["policy"], figure["kpi"], figure["value"]) for figure in printed["figures"]
    ]
    assert pd.read_parquet(folder / "comparison.parquet")["low"].tolist() == [f["low"] for f in printed["figures"]]
    assert answer(*words, "--workers", "2", "--json") == printed


def test_a_comparison_of_one_shopper_is_json() -> None:
    words = ["compare", "jd-plus", "no-programme", "--scenario", "tiny.yaml", "--shoppers", "1", "--replications", "1"]
    answer(*words, "--json")


# bad input


@pytest.fixture
def clutter(desk: Path) -> Path:
    """Put faulty documents and places that cannot be written on the desk."""
    (desk / "bad.yaml").write_text(BAD_LADDER, encoding="utf-8")
    (desk / "void.yaml").write_text("", encoding="utf-8")
    (desk / "binary.yaml").write_bytes(bytes(range(256)))
    (desk / "folder.yaml").mkdir()
    (desk / "dollars.yaml").write_text(
        ask("catalog", "jd-plus")
        .stdout.replace("currency: CNY", "currency: USD")
        .replace("name: jd-plus", "name: dollars"),
        encoding="utf-8",
    )
    (desk / "lost.yaml").write_text(SCENARIO.replace("four-tiers-simple", "gone.yaml"), encoding="utf-8")
    (desk / "guess.yaml").write_text(SCENARIO + "assumptions: {tier_presure: 0.1, optimism: 9}\n", encoding="utf-8")
    (desk / "letter").write_text("a file", encoding="utf-8")
    (desk / "thesis").mkdir()
    (desk / "thesis" / "thesis.tex").write_text("mine", encoding="utf-8")
    return desk


@pytest.mark.parametrize(
    ("words", "faults"),
    [
        (["run", "gone.yaml"], [r"gone\.yaml: no such file"]),
        (["run", "jd-pluss"], [rf"jd-pluss: unknown policy, did you mean 'jd-plus'\? Known: {KNOWN}"]),
        (["run", "bad.yaml"], [
            r"bad\.yaml:8 tiers\.top\.threshold: 300 is below middle's 500; write more than 500",
            r"bad\.yaml:9 tiers\.top\.discont: unknown key 'discont', did you mean 'discount'\?",
        ]),
        (["run", "bad.yaml", "--scenario", "basline", "--population", "cds", "--incumbent", "void.yaml"], [
            r"bad\.yaml:8 ", r"bad\.yaml:9 ", r"basline: unknown scenario, did you mean 'baseline'\? Known: ",
            r"cds: unknown population; known: cd-retailer, coffee-house, grocery", r"void\.yaml: the file is empty",
        ]),
        (["run", "binary.yaml"], [r"binary\.yaml:2: byte 0x80 is not UTF-8 text"]),
        (["run", "folder.yaml"], [r"folder\.yaml: is a folder"]),
        (["run", "dollars.yaml"], [r"dollars currency: USD does not fit scenario tiny, which is in CNY"]),
        (["run", "jd-plus", "--incumbent", "dollars.yaml"], [r"dollars currency: USD does not fit scenario tiny"]),
        (["run", "jd-plus", "--scenario", "lost.yaml"], [
            r"gone\.yaml: no such file", r"lost\.yaml:5 incumbent: 'gone\.yaml' cannot be used as the incumbent policy",
        ]),
        (["run", "jd-plus", "--scenario", "guess.yaml"], [
            r"tiny assumptions\.tier_presure: unknown assumption 'tier_presure', did you mean 'tier_pressure'\?",
            r"tiny assumptions\.optimism: 9 is outside 1 to 1\.5",
        ]),
        (["run", "jd-plus", "--out", "letter"], [r"letter: is a file; name a folder that does not exist yet"]),
        (["run", "jd-plus", "--out", "letter/run"], [r"letter/run: cannot be written"]),
        (["run", "jd-plus", "--out", "thesis"], [r"thesis: holds files that are no run of memberlab"]),
        (["run", "jd-plus", "--out", "thesis", "--force"], [r"thesis: holds files that are no run of memberlab"]),
        (["run", "jd-plus", "--out", "."], [r"\.: holds files that are no run of memberlab"]),
        (["compare", "jd-plus", "bad.yaml", "gone.yaml"], [r"bad\.yaml:8 ", r"bad\.yaml:9 ", r"gone\.yaml: no such"]),
        (["compare", "jd-plus", "jd-plus"], [r"jd-plus name: two of the policy documents are called jd-plus; rename"]),
        (["compare", "jd-plus", "dollars.yaml"], [r"dollars currency: USD does not fit scenario tiny, which is in"]),
        (["compare", "jd-plus", "no-programme", "--out", "thesis"], [r"thesis: holds files that are no run of member"]),
        (["optimize", "gone.yaml", "--out", "x"], [r"gone\.yaml: no such file"]),
        (["optimize", "fashion-threshold", "--out", "x"], [r"fashion-threshold: unknown study"]),
        (["calibrate", "gone.csv", "--out", "x.yaml"], [r"gone\.csv: no such file"]),
        (["catalog", "jd"], [r"jd: unknown name"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) and not any("\\" in word for word in value) else "",
)  # fmt: skip
def test_bad_input_is_told_fault_by_fault(clutter: Path, words: list[str], faults: list[str]) -> None:
    if words[0] in ("run", "compare") and "--scenario" not in words:
        words = [*words, "--scenario", "tiny.yaml"]
    before = traces(clutter)
    result = ask(*words)
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert len(lines) == len(faults), lines
    assert [fault for fault in faults if not any(re.match(rf"(.*\s)?{fault}", line) for line in lines)] == [], lines
    assert traces(clutter) == before


@pytest.mark.parametrize(
    "words",
    [
        ["run"], ["run", "jd-plus", "--seed", "-1"], ["run", "jd-plus", "--seed", "9223372036854775808"],
        ["run", "jd-plus", "--shoppers", "0"], ["run", "jd-plus", "--shoppers", "many"],
        ["run", "jd-plus", "--worker", "2"],
        ["compare"], ["compare", "jd-plus", "--replications", "0"], ["compare", "jd-plus", "--workers", "0"],
        ["optimize", "fashion-thresholds"], ["calibrate", "x.csv"], ["schema", "tier"], ["simulate"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_wrong_command_line_says_how_it_is_used(desk: Path, words: list[str]) -> None:
    result = ask(*words)
    assert result.exit_code == 2
    assert "Usage: " in result.stderr
    assert re.search(r"^Error: .{10,}", result.stderr, re.MULTILINE)
    assert traces(desk) == {"tiny.yaml"}


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        # points beyond what a shopper can hold are not issued; a fee beyond it is refused
        (
            "points: {earn: {points: 1000, per: 0.01}, redeem: {points: 1000000000, value: 0.01}, minimum: 1000000000}",
            0,
        ),
        ("membership: {fee: 40000000, discount: 90 %}", 2),
    ],
)
def test_amounts_that_do_not_fit_never_break_the_books(desk: Path, policy: str, code: int) -> None:
    (desk / "huge.yaml").write_text(f"version: 1\nname: huge\ncurrency: CNY\n{policy}\n", encoding="utf-8")
    (desk / "dear.yaml").write_text(SCENARIO.replace("price_level: 7", "price_level: 1000000"), encoding="utf-8")
    result = ask("run", "huge.yaml", "--scenario", "dear.yaml", "--incumbent", "huge.yaml")
    assert result.exit_code == code, result.output
    assert ("membership.fee: a fee above 20,000,000 does not fit; write less" in result.stderr) == (code == 2)


def test_prices_whose_sums_would_not_fit_are_refused(desk: Path) -> None:
    (desk / "dear.yaml").write_text(SCENARIO.replace("price_level: 7", "price_level: 10000000000000"), encoding="utf-8")
    result = ask("run", "no-programme", "--scenario", "dear.yaml", "--incumbent", "no-programme")
    assert result.exit_code == 2
    assert "population.price_level: 10000000000000 is above 1,000,000" in result.stderr
