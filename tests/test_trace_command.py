"""`memberlab trace`: what it prints for people and for programs, and how it tells faults.

Bad input ends with exit code 2 and one line a fault; a life that is not that of the full run ends with 1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from memberlab.cli import main
from memberlab.optimize import replication_seeds
from memberlab.scenarios import load_scenario
from memberlab.sim import Difference, Life, trace

EXPECTED = Path(__file__).parent / "trace_as_json.json"
"""What the JSON of one short life is; write it anew with what the failing test prints, when a rule has changed."""

SCENARIO = """\
version: 1
name: tiny
currency: CNY
start: 2026-01-01
incumbent: four-tiers-simple
warm_up: {months: 6}
horizon: {months: 3}
population: {source: grocery, shoppers: 40, established: 100 %, price_level: 7}
gross_margin: 40 %
shipping_cost: 8
seed: 11
regions: 2
"""
RICHER = """\
version: 1
name: richer
currency: CNY
member_discount: 4 %
tiers:
  low: {threshold: 0}
  high: {threshold: 900, discount: 8 %}
shipping: {fee: 8, free_from: 99}
contact: {channels: {app: {consent: 100 %}}}
campaigns:
  spring: {when: 02-01 and 5 days after, discount: 10 %, message: app}
"""
BUYER = "27"


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Work in a folder with a tiny scenario and a policy."""
    (tmp_path / "tiny.yaml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "richer.yaml").write_text(RICHER, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    yield tmp_path


def ask(*words: str) -> Result:
    return CliRunner().invoke(main, ["trace", *words, "--scenario", "tiny.yaml"])


def answer(*words: str) -> Any:
    result = ask(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def rounded(value: Any) -> Any:
    """Return JSON with floats to six places, so that last bits of another machine's mathematics do not matter."""
    if isinstance(value, dict):
        return {name: rounded(one) for name, one in value.items()}
    if isinstance(value, list):
        return [rounded(one) for one in value]
    return round(value, 6) if isinstance(value, float) else value


def test_the_json_of_a_short_life_is_as_expected() -> None:
    told = answer(BUYER, "richer.yaml", "--until", "2026-01-08", "--from", "2026-01-08")
    found = json.dumps(rounded(told), indent=1)
    assert json.loads(EXPECTED.read_text(encoding="utf-8")) == json.loads(found), found


def test_two_lives_stand_side_by_side_and_are_checked() -> None:
    result = ask(BUYER, "richer.yaml")
    assert result.exit_code == 0, result.output
    title, head = result.stdout.splitlines()[0], result.stdout.splitlines()[2]
    assert f"Shopper {BUYER} in tiny (tiny), CNY, 2026-01-01 to 2026-03-31" in title
    assert re.findall(r"[a-z-]{5,}", head) == ["four-tiers-simple", "richer"]
    for sentence in ("orders: list", "utility", "hurdle", "usual inclination", "points earned", "message of spring",
                     "At the end: tier", "Mean utility", "Orders under one policy only"):  # fmt: skip
        assert sentence in " ".join(result.stdout.split()), sentence
    checked = [line for line in result.stdout.splitlines() if line.startswith("Checked: lived alone, every field")]
    assert len(checked) == 2


def test_without_a_difference_everything_is_the_same() -> None:
    result = ask(BUYER, "four-tiers-simple")
    assert "orders on the same days under both policies" in result.stdout
    rows = [line for line in result.stdout.splitlines() if re.match(r"│ 2026-", line)]
    assert rows
    assert all("the same" in line for line in rows)
    assert " *" not in result.stdout


def test_two_policies_may_be_named_and_days_chosen() -> None:
    result = ask(BUYER, "richer.yaml", "four-tiers-simple", "--from", "2026-02-01", "--until", "2026-02-20")
    dates = re.findall(r"^│ (2026-\d\d-\d\d)", result.stdout, re.MULTILINE)
    assert dates
    assert "2026-02-01" <= min(dates) <= max(dates) <= "2026-02-20"
    assert result.stdout.splitlines()[2].index("richer") < result.stdout.splitlines()[2].index("four-tiers-simple")


def test_all_visits_are_told_when_asked_for() -> None:
    few, all_of_them = ask(BUYER, "richer.yaml").stdout, ask(BUYER, "richer.yaml", "--all-visits").stdout
    assert all_of_them.count("not tempted") > few.count("not tempted")
    candidates = len(re.findall(r"^│ 2026-\d\d-\d\d", all_of_them, re.MULTILINE))
    told = re.search(r"Candidate days of visiting\s+│\s+(\d+)", all_of_them)
    assert told is not None
    assert candidates >= int(told[1])


def test_a_replication_is_the_population_of_compare() -> None:
    seed = replication_seeds(load_scenario("tiny.yaml"), 1, first=2)[0]
    by_number, by_seed, own = (
        answer(BUYER, "richer.yaml", *words) for words in (("--replication", "3"), ("--seed", str(seed)), ())
    )
    assert by_number == by_seed
    assert by_number["seed"] == seed != own["seed"]
    assert by_number["lives"][0]["opening"] != own["lives"][0]["opening"]


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("40", "richer.yaml"), "40 is nobody: the shoppers of tiny are 0 to 39"),
        (("-1", "richer.yaml"), "No such option"),
        (("many", "richer.yaml"), "'many' is not a valid integer"),
        (("1",), "Missing argument"),
        (("1", "richer.yaml", "richer.yaml", "jd-plus"), "trace compares two policies at most, not 3"),
        (("1", "gold.yaml"), "gold.yaml"),
        (("1", "jd-pluss"), "did you mean 'jd-plus'"),
        (("1", "starbucks-us-2026"), "USD"),
        (("1", "richer.yaml", "--seed", "1", "--replication", "1"), "give one of them"),
        (("1", "richer.yaml", "--until", "2026-04-01"), "2026-04-01 is outside the horizon, 2026-01-01 to 2026-03-31"),
        (("1", "richer.yaml", "--from", "2025-12-31"), "outside the days lived, 2026-01-01 to 2026-03-31"),
        (("1", "richer.yaml", "--from", "2026-02-02", "--until", "2026-02-01"), "outside the days lived"),
        (("1", "richer.yaml", "--until", "soon"), "does not match the format"),
        (("1", "richer.yaml", "--assumptions", "none"), "none"),
    ],
)
def test_bad_input_ends_with_2_and_says_what_is_wrong(words: tuple[str, ...], fault: str) -> None:
    result = ask(*words)
    assert result.exit_code == 2, result.output
    assert fault in result.stderr
    assert "Traceback" not in result.output
    assert result.stdout == ""


def test_a_life_that_is_not_the_full_runs_ends_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*asked: Any) -> tuple[Life, ...]:
        return tuple(replace(life, differences=(Difference(200, "margin", 5, 6),)) for life in trace(*asked))

    monkeypatch.setattr("memberlab.sim.trace", wrong)
    result = ask(BUYER, "richer.yaml")
    assert result.exit_code == 1
    assert "margin is 5 alone and 6 in the full run" in result.stdout
    assert "a fault of memberlab" in result.stderr
    assert "Checked" not in result.stdout
