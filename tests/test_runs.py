"""`memberlab runs` and `memberlab open`: what has been written is found, filtered and opened; what is broken is told.

The folders are made by hand; nothing is simulated.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from memberlab.cli import main
from memberlab.results import FORMAT, MANIFEST, find_runs, new_run, write_manifest

POLICIES = {"today": "0" * 64, "gold": "1" * 64}


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Work in a folder with runs of several kinds, damaged ones among them."""
    monkeypatch.chdir(tmp_path)
    for name in ("MEMBERLAB_RUNS", "DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    keep(tmp_path / "first", "2026-11-01", kind="run", seed=7, kpis={"margin": 123_456}, policy="2" * 64)
    (tmp_path / "first" / "policy.yaml").write_text("version: 1\nname: jd-plus\n", encoding="utf-8")
    (tmp_path / "first" / "scenario.yaml").write_text("name: tiny\ncurrency: CNY\n", encoding="utf-8")
    keep(tmp_path / "more" / "search", "2026-11-03", kind="study", policies=POLICIES, scenarios={"boom": "3" * 64},
         seeds={"study": 5}, verdict="switch", policies_tried=200, feasible=120)  # fmt: skip
    keep(tmp_path / "more" / "second", "2026-11-02", kind="comparison", policies=POLICIES, scenarios={"tiny": "4" * 64},
         replications=16)  # fmt: skip
    tables = tmp_path / "more" / "second" / "tables"
    tables.mkdir()
    (tables / "verdicts.csv").write_text('policy,verdict\ngold,"gold pays, surely."\n', encoding="utf-8")
    damaged = tmp_path / "damaged"
    shutil.copytree(tmp_path / "first", damaged)
    (damaged / MANIFEST).write_text('{"kind": "run", "versions": {"memberlab"', encoding="utf-8")
    os.utime(damaged / MANIFEST, (0, 0))
    newer = tmp_path / "newer"
    shutil.copytree(tmp_path / "first", newer)
    change(newer / MANIFEST, format=FORMAT + 1, created="2026-10-01T00:00:00Z")
    partial = tmp_path / "third.partial"
    partial.mkdir()
    (partial / "finished.sqlite").touch()
    foreign = tmp_path / "website"
    foreign.mkdir()
    (foreign / MANIFEST).write_text('{"name": "an app"}', encoding="utf-8")
    yield tmp_path


def keep(folder: Path, day: str, **content: Any) -> None:
    """Write a run folder of a day."""
    with new_run(folder) as place:
        write_manifest(place, time.time(), **content)
    change(folder / MANIFEST, created=f"{day}T08:00:00Z")


def change(file: Path, **content: Any) -> None:
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | content), encoding="utf-8")


def ask(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def listed(*words: str) -> list[dict[str, Any]]:
    result = ask("runs", *words, "--json")
    assert result.exit_code == 0, result.output
    return list(json.loads(result.stdout))


def names(*words: str) -> list[str]:
    return [one["name"] for one in listed(*words)]


def test_runs_are_listed_newest_first_and_what_is_broken_as_such(shelf: Path) -> None:
    found = {one["name"]: one for one in listed()}
    assert list(found) == ["third.partial", "search", "second", "first", "newer", "damaged"]
    assert {name: one["state"].split(":")[0] for name, one in found.items()} == {
        "third.partial": "interrupted", "search": "complete", "second": "complete", "first": "complete",
        "newer": "newer format", "damaged": "damaged",
    }  # fmt: skip
    first = found["first"]
    assert (first["kind"], first["policies"], first["scenarios"], first["seed"]) == ("run", ["jd-plus"], ["tiny"], 7)
    assert (first["created"], first["headline"]) == ("2026-11-01T08:00:00+00:00", "margin 1,234.56 CNY")
    assert first["bytes"] == sum(file.stat().st_size for file in (shelf / "first").iterdir())
    assert (found["search"]["seed"], found["search"]["policies"]) == (5, ["today", "gold"])
    assert found["search"]["headline"] == "switch; 200 policies tried, 120 keep limits"
    assert found["second"]["headline"] == "gold pays, surely."


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("more", ["search", "second"]),
        ("more/second", ["second"]),
        ("--kind run", ["first", "newer"]),
        ("--kind study --kind comparison", ["search", "second"]),
        ("--policy gold", ["search", "second"]),
        ("--policy jd-plus --kind run", ["first", "newer"]),
        ("--scenario tiny --since 2026-11-01", ["second", "first"]),
        ("--since 2026-11-03 --kind study", ["search"]),
        ("--where replications=16", ["second"]),
        ("--where kpis.margin=123456 --where seed=7", ["first", "newer"]),
        ("--where verdict=stay", []),
        ("more --limit 1", ["search"]),
        ("--policy nobody", []),
    ],
)
def test_runs_are_filtered(words: str, expected: list[str]) -> None:
    assert names(*words.split()) == expected


def test_runs_are_looked_for_where_the_variable_says(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEMBERLAB_RUNS", f"{shelf / 'more'}{os.pathsep}{shelf / 'first'}")
    assert names() == ["search", "second", "first"]
    assert names("newer") == ["newer"], "a folder that is named counts more"


def test_a_run_is_found_once_and_hidden_folders_are_not_looked_into(shelf: Path) -> None:
    shutil.copytree(shelf / "first", shelf / ".first.123")
    shutil.copytree(shelf / "first", shelf / "more" / "second" / "inner")
    found = find_runs([shelf, shelf / "more"])
    assert [one.name for one in found].count("second") == 1
    assert not {"inner", ".first.123"} & {one.name for one in found}


def test_people_get_a_table_that_fits_and_scripts_the_folders() -> None:
    table = ask("runs").stdout
    assert "newer format: 2, this memberlab reads up to 1" in " ".join(table.replace("│", " ").split())
    assert "more/search" in table
    assert table.splitlines()[-1] == "6 runs"
    assert ask("runs", "--kind", "run").stdout.splitlines()[-1] == "2 of 6 runs"
    assert ask("runs", "--kind", "comparisn").stdout.splitlines()[-1] == (
        "No run is a comparisn, did you mean 'comparison'?"
    )
    assert ask("runs", "-q", "more").stdout.split() == ["more/search", "more/second"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("runs nowhere", "nowhere: no such folder"),
        ("runs --where kind", "'kind' is no KEY=VALUE"),
        ("runs --since yesterday", "yesterday"),
        ("runs --limit 0", "0 is not in the range"),
        ("open firts", "firts: no such run, did you mean 'first'?"),
        ("open zzz", "zzz: no such run; `memberlab runs` lists those there are"),
        ("open se", "se: is the beginning of 2 runs"),
        ("open newer", "has format 2, this memberlab reads up to 1"),
        ("open damaged", "damaged/manifest.json: is broken"),
        ("open website", "is not a manifest of memberlab"),
    ],
)
def test_what_cannot_be_is_told(words: str, told: str) -> None:
    result = ask(*words.split())
    assert result.exit_code == 2, result.output
    assert told in " ".join(result.stderr.split())
    assert result.stdout == ""


@pytest.fixture
def opened(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Write reports, and note what a browser is asked to open."""
    for folder in ("first", "more/search", "more/second"):
        (shelf / folder / "report.html").write_text("<p>", encoding="utf-8")
    asked: list[str] = []
    monkeypatch.setenv("DISPLAY", ":0")

    def note(address: str) -> bool:
        asked.append(address)
        return True

    monkeypatch.setattr("webbrowser.open", note)
    return asked


@pytest.mark.parametrize(
    ("word", "folder"), [("last", "more/search"), ("fir", "first"), ("sec", "more/second"), ("first", "first")]
)
def test_a_report_opens_by_folder_beginning_or_last(word: str, folder: str, shelf: Path, opened: list[str]) -> None:
    result = ask("open", word)
    assert result.exit_code == 0, result.output
    assert opened == [(shelf / folder / "report.html").as_uri()]
    assert result.stdout.strip().endswith("report.html")


def test_without_a_display_the_file_is_named(shelf: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY")
    assert ask("open", "first").stdout == "first/report.html  (no browser to open it with)\n"
    assert ask("open", "first", "--no-browser").stdout == "first/report.html\n"
    told = json.loads(ask("open", "first", "--json").stdout)
    assert told == {"run": str(shelf / "first"), "report": str(shelf / "first" / "report.html"), "opened": False}
    assert opened == []


def test_a_report_that_is_not_there_is_written_first(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(folder: Path) -> Path:
        (folder / "report.html").write_text("<p>", encoding="utf-8")
        return folder / "report.html"

    monkeypatch.setattr("memberlab.results.write_report", write)
    assert ask("open", "first", "--no-browser").stdout == "first/report.html\n"
    assert (shelf / "first" / "report.html").is_file()
