"""`memberlab compare` beyond its key table: weights, precision, breakdowns, files of every table, and wrong input."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from memberlab.cli import main
from memberlab.results import TABLES

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
TWO = ("compare", "four-tiers-simple", "no-programme", "--no-break-even")


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Work in a folder with two tiny scenarios."""
    (tmp_path / "tiny.yaml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "slow.yaml").write_text(
        SCENARIO.replace("name: tiny", "name: slow")
        + "shocks: [{name: slump, from_month: 1, until_month: 3, visits: 0.5}]\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    yield tmp_path


def ask(*words: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(main, list(words))


def told(result: Result) -> str:
    """Return what was printed, on one line."""
    return " ".join(result.output.split())


def test_weights_of_scenarios_are_told_and_used() -> None:
    words = [*TWO, "--scenario", "tiny.yaml", "--scenario", "slow.yaml=0.3", "--replications", "1"]
    result = ask(*words)
    assert result.exit_code == 0, result.output
    assert "Over all scenarios (tiny 70%, slow 30%), against four-tiers-simple" in told(result)
    assert re.search(r"Bold and verdicts hold for all \d+ differences of this comparison at once", told(result))
    report: Any = json.loads(ask(*words, "--json").stdout)
    figures = {(row["scenario"], row["policy"], row["kpi"]): row["difference"] for row in report["figures"]}
    (mean,) = (row for row in report["over_scenarios"] if (row["policy"], row["kpi"]) == ("no-programme", "gmv"))
    parts = [figures[name, "no-programme", "gmv"] for name in ("tiny", "slow")]
    assert mean["difference"] == pytest.approx(0.7 * parts[0] + 0.3 * parts[1])


def test_every_table_is_in_the_folder_in_both_forms(desk: Path) -> None:
    result = ask(*TWO, "--scenario", "tiny.yaml", "--replications", "2", "--out", "folder", "--breakdown", "tier")
    assert result.exit_code == 0, result.output
    assert "tiny: no-programme against four-tiers-simple, a shopper" in told(result)
    for name in set(TABLES) - {"by_preference"}:
        folder = desk / "folder" if name == "comparison" else desk / "folder" / "tables"
        table = pd.read_parquet(folder / f"{name}.parquet")
        assert list(table.columns) == list(TABLES[name].columns)
        assert len(pd.read_csv(folder / f"{name}.csv")) == len(table)
    pictures = {path.name for path in (desk / "folder").glob("*.png")}
    assert pictures == {
        "margin-bridge-tiny.png", "retention-tiny.png", "tier-flows-tiny.png", "uplift-by-decile-tiny.png",
    }  # fmt: skip
    manifest = json.loads((desk / "folder" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["weights"] == {"tiny": 1.0}
    assert manifest["simultaneous"]["family"] > 0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("decile", "decile ┃ shoppers"), ("rfm", "rfm ┃ shoppers"), ("preference", "No preference is known"),
        ("winners", "winners and losers under no-programme"), ("retention", "who orders in the month"),
        ("tiers", "shoppers from the tier at launch to the tier at the end"),
        ("weeks", "new + reactivated - lost = net change"), ("cohorts", "n months after the month of the first order"),
        ("habits", "repurchase rate"), ("scenarios", "regret, mean"),
    ],
)  # fmt: skip
def test_each_breakdown_can_be_printed(name: str, words: str) -> None:
    result = ask(*TWO, "--scenario", "tiny.yaml", "--replications", "1", "--breakdown", name)
    assert result.exit_code == 0, result.output
    assert words in told(result)


def test_precision_says_how_many_replications_it_took() -> None:
    words = [*TWO, "--scenario", "tiny.yaml", "--replications", "8"]
    reached = ask(*words, "--until-precision", "gmv=1000%", "--precision", "retention 50 pp")
    assert "Precision gmv 1000 %, retention 50 pp reached with 4 replications, at look 1 of 2" in told(reached)
    never = ask(*words, "--until-precision", "margin=0.001%")
    assert "Precision margin 0.001 % not reached with 8 replications, the most allowed" in told(never)


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["--scenario", "tiny.yaml=1.5"], r"tiny weight: 1.5 is no probability; write a number above 0 and at most 1"),
        (["--scenario", "tiny.yaml=half"], r"tiny weight: 'half' is no number; write the probability of a scenario"),
        (["--scenario", "tiny.yaml=0.4", "--scenario", "slow.yaml=0.4"], r"the weights 0.4 \+ 0.4 come to 0.8"),
        (["--scenario", "tiny.yaml=1", "--scenario", "slow.yaml"], r"so nothing is left for slow"),
        (["--scenario", "tiny.yaml", "--until-precision", "profit=1%"], r"'profit' is no KPI; there are gmv"),
        (["--scenario", "tiny.yaml", "--until-precision", "margin"], r"'margin' is no precision"),
        (["--scenario", "tiny.yaml", "--breakdown", "age"], r"'age' is not one of 'tier', 'decile'"),
        (["--scenario", "gone.yaml=0.5"], r"gone\.yaml: no such file"),
        (["--ensemble", "--until-precision", "margin=1%"], r"leave out --until-precision"),
        (["--ensemble", "--breakdown", "tier"], r"leave out --breakdown"),
    ],
)
def test_wrong_input_is_named_and_leaves_nothing(desk: Path, words: list[str], fault: str) -> None:
    before = set(desk.iterdir())
    result = ask(*TWO, *words, "--out", "folder")
    assert result.exit_code == 2, result.output
    assert re.search(fault, told(result)), result.output
    assert "Traceback" not in result.output
    assert set(desk.iterdir()) == before


def test_the_schema_command_has_the_tables_of_a_comparison() -> None:
    tables = json.loads(ask("schema", "comparison").stdout)
    assert list(tables) == list(TABLES)
    assert "simultaneous_low" in tables["comparison"]["columns"]
    assert ask("schema", "comparison", "--page").stdout.startswith("# Reference: tables of a comparison")
