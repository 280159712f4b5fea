"""The charts and pages of reports that need no run: tornado, rows of intervals, and pages of other kinds of runs."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from memberlab.policies import DocumentError
from memberlab.results import write_report
from memberlab.results.report.row_chart import IntervalRow, row_chart
from memberlab.results.report.tornado_chart import tornado_chart
from memberlab.results.report.wording import Wording

SWINGS = pd.DataFrame(
    [
        ("fee", "Fee", "99.00", "74.25", 500.0, -300.0, -400.0, -200.0),
        ("fee", "Fee", "99.00", "123.75", 500.0, 200.0, 200.0, 200.0),
        ("point", "Value of a point", "1.00", "0.75", 500.0, 900.0, 800.0, 1000.0),
        ("point", "Value of a point", "1.00", "1.25", 500.0, 100.0, 50.0, 150.0),
    ],
    columns=["figure", "title", "own", "setting", "baseline", "difference", "low", "high"],
).assign(value=lambda table: table["baseline"] + table["difference"], kpi="margin")


class TestTornado:
    def test_the_longest_bar_is_on_top_and_both_settings_are_told_apart_without_colour(self) -> None:
        chart = tornado_chart(SWINGS, Wording(), "tornado", "What moves margin")
        lower, higher = chart.figure["data"]
        assert (lower["y"], lower["x"]) == ([1, 0], [-3.0, 9.0])
        assert higher["x"] == [2.0, 1.0]
        assert lower["marker"]["pattern"] != higher["marker"]["pattern"]
        assert lower["error_x"]["array"] == [1.0, 1.0]
        first = next(note for note in chart.figure["layout"]["annotations"] if round(note["y"]) == 0)
        assert first["text"] == "Value of a point: 1.00, to 0.75 or 1.25"

    def test_its_table_says_what_follows_by_arithmetic(self) -> None:
        table = tornado_chart(SWINGS, Wording(), "tornado", "What moves margin").table
        assert table is not None
        assert [row[-1].text == "exactly" for row in table.rows] == [False, True, False, False]


def test_what_lies_outside_is_drawn_at_the_rim() -> None:
    rows = [IntervalRow("inside", 0.5, 0.2, 0.8, 0, ""), IntervalRow("far", 7.0, 6.0, 9.0, 1, "")]
    inside, far = row_chart(rows, [("in", "circle"), ("out", "x")], x="", low=-1, high=2)["data"]
    assert (inside["x"], inside["error_x"]["array"]) == ([0.5], [pytest.approx(0.3)])
    assert (far["x"], far["error_x"]["array"], far["marker"]["symbol"]) == ([2], [0], "x")


@pytest.fixture
def sweep(tmp_path: Path) -> Path:
    manifest = {"format": 1, "kind": "sweep", "command": ["memberlab", "sweep"], "versions": {"memberlab": "1"}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    pd.DataFrame({"lever": ["a <b>", "c"], "margin": [123456.789, None]}).to_csv(tmp_path / "sweep.csv", index=False)
    return tmp_path


class TestOtherKinds:
    def test_tables_and_pictures_are_shown_as_they_are(self, sweep: Path) -> None:
        (sweep / "sweep.png").write_bytes(b"\x89PNG")
        page = write_report(sweep).read_text(encoding="utf-8")
        assert "123,460" in page and "a &lt;b&gt;" in page and "data:image/png;base64,iVBORw==" in page

    def test_a_long_table_is_cut_and_says_so(self, sweep: Path) -> None:
        pd.DataFrame({"row": range(500)}).to_parquet(sweep / "long.parquet")
        page = write_report(sweep).read_text(encoding="utf-8")
        assert "The first 200 of 500 rows; all are in long.parquet." in page

    def test_a_broken_table_is_named(self, sweep: Path) -> None:
        (sweep / "bad.parquet").write_text("no table")
        with pytest.raises(DocumentError, match=r"bad\.parquet: cannot be read"):
            write_report(sweep)
        assert not (sweep / "report.html").exists()
