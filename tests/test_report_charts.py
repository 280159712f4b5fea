"""Pages of runs that need no life: the tornado of a sensitivity, bands of evidence, tables and pictures of other kinds.

Folders are written by hand; what is drawn is read from the page.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from memberlab.policies import DocumentError
from memberlab.results import write_report

SWINGS = pd.DataFrame(
    [
        ("fee", "Fee", "99.00", "74.25", 500.0, -300.0, -400.0, -200.0),
        ("fee", "Fee", "99.00", "123.75", 500.0, 200.0, 200.0, 200.0),
        ("point", "Value of a point", "1.00", "0.75", 500.0, 900.0, 800.0, 1000.0),
        ("point", "Value of a point", "1.00", "1.25", 500.0, 100.0, 50.0, 150.0),
    ],
    columns=["figure", "title", "own", "setting", "baseline", "difference", "low", "high"],
).assign(value=lambda table: table["baseline"] + table["difference"], kpi="margin")

FACTS = pd.DataFrame(
    [
        ("inside", 0.0, 2.0, 1.0, 0.8, 1.6, 5.0, True),
        ("far off", 0.0, 2.0, 14.0, 12.0, 18.0, 9.0, False),
        ("only a sign", 0.0, float("inf"), 0.3, 0.1, 0.5, 4.0, True),
    ],
    columns=["quantity", "band_low", "band_high", "value", "low", "high", "t", "in_band"],
).assign(
    fact=lambda table: table.index + 1, title="A fact", source="somebody 2020", grade="A", use="H", published="1",
    verdict=lambda table: table["in_band"].map({True: "in band", False: "missed"}),
    is_share=False, how="tried", remark="",
)  # fmt: skip


def written(folder: Path, kind: str, **tables: pd.DataFrame) -> Path:
    """Write a run's folder by hand."""
    manifest = {"format": 1, "kind": kind, "command": ["memberlab", kind], "versions": {"memberlab": "1"},
                "replications": 2, "currency": "CNY", "names": {"policy": "mine"}}  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest))
    for name, table in tables.items():
        table.to_parquet(folder / f"{name.replace('_', '-')}.parquet", index=False)
    return folder


def charts(page: str) -> dict[str, Any]:
    """Return what a page draws, by the name of the chart."""
    found: dict[str, Any] = json.loads(page.partition('id="charts">')[2].partition("</script>")[0])
    return found


def test_the_longest_bar_is_on_top_and_settings_are_told_apart_without_colour(tmp_path: Path) -> None:
    turns = pd.DataFrame([("Does it pay?", "fee", "99.00", "from 50")], columns=["question", "figure", "own", "turns"])
    folder = written(tmp_path, "sensitivity", sensitivity=SWINGS, turns=turns)
    page = write_report(folder).read_text(encoding="utf-8")
    drawn = charts(page)["tornado-margin"]
    lower, higher = drawn["data"]
    assert (lower["y"], lower["x"], higher["x"]) == ([1, 0], [-3.0, 9.0], [2.0, 1.0])
    assert lower["error_x"]["array"] == [1.0, 1.0]
    assert lower["marker"]["pattern"] != higher["marker"]["pattern"]
    first = next(note for note in drawn["layout"]["annotations"] if round(note["y"]) == 0)
    assert first["text"] == "Value of a point: 1.00, to 0.75 or 1.25"
    assert page.count(">exactly<") == 1


def test_what_lies_far_off_its_band_is_drawn_at_the_rim(tmp_path: Path) -> None:
    page = write_report(written(tmp_path, "evidence", evidence=FACTS)).read_text(encoding="utf-8")
    inside, missed = charts(page)["bands-H"]["data"]
    assert (inside["x"], inside["error_x"]["array"]) == ([0.5], [pytest.approx(0.3)])
    assert (missed["x"], missed["error_x"]["array"], missed["marker"]["symbol"]) == ([2.6], [0], "x")
    assert charts(page)["signs-H"]["data"][0]["x"] == [4.0]
    assert "of 3 that were kept from any tuning 2 do (66.7%)" in page
    assert "Fact 2, A fact: no explanation yet." in page


@pytest.fixture
def statements(tmp_path: Path) -> Path:
    written(tmp_path, "finance")
    pd.DataFrame({"lever": ["a <b>", "c"], "margin": [123456.789, None]}).to_csv(tmp_path / "figures.csv", index=False)
    return tmp_path


class TestOtherKinds:
    def test_tables_and_pictures_are_shown_as_they_are(self, statements: Path) -> None:
        (statements / "figures.png").write_bytes(b"\x89PNG")
        page = write_report(statements).read_text(encoding="utf-8")
        assert "123,460" in page and "a &lt;b&gt;" in page and "data:image/png;base64,iVBORw==" in page

    def test_a_long_table_is_cut_and_says_so(self, statements: Path) -> None:
        pd.DataFrame({"row": range(500)}).to_parquet(statements / "long.parquet")
        page = write_report(statements).read_text(encoding="utf-8")
        assert "The first 200 of 500 rows; all are in long.parquet." in page

    def test_a_broken_table_is_named(self, statements: Path) -> None:
        (statements / "bad.parquet").write_text("no table")
        with pytest.raises(DocumentError, match=r"bad\.parquet: cannot be read"):
            write_report(statements)
        assert not (statements / "report.html").exists()

    def test_a_folder_of_an_older_version_is_shown_as_it_is(self, statements: Path) -> None:
        manifest = json.loads((statements / "manifest.json").read_text())
        del manifest["names"]
        (statements / "manifest.json").write_text(json.dumps({**manifest, "kind": "sweep"}))
        assert "123,460" in write_report(statements).read_text(encoding="utf-8")


def test_a_sweep_says_which_value_is_best_and_where_it_turns(tmp_path: Path) -> None:
    rows = [
        {"points.expiry.months": months, "kpi": kpi, "unit": unit, "baseline": 100.0, "value": 100.0 + change,
         "difference": change, "low": change - 10, "high": change + 10, "refusal": ""}
        for months, change in ((6, -500.0), (12, 300.0), (18, 305.0))
        for kpi, unit in (("margin", "money"), ("gmv", "money"), ("retention", "share"), ("benefit_cost", "money"))
    ]  # fmt: skip
    folder = written(tmp_path, "sweep", sweep=pd.DataFrame(rows))
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest |= {"names": {"policy": "mine", "against": "today", "scenario": "baseline"}, "currency": "CNY",
                 "turns": [{"value": 9.5, "low": 9.0, "high": None, "rising": True}]}  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest))
    page = write_report(folder).read_text(encoding="utf-8")
    assert "Of 3 values tried, points.expiry.months 18 does most for contribution margin: +CN¥3.05" in page
    assert "1 of the other values may be as good" in page
    assert "Contribution margin is above that of today from about 9.5 on (9 to open)." in page
    assert charts(page)["sweep-margin"]["data"][1]["y"] == pytest.approx([-5.0, 3.0, 3.05])
    names = re.findall(r' id="([^"]+)"', page)
    assert len(names) == len(set(names))
