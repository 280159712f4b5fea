"""The workbook: recalculated by LibreOffice every check is TRUE, no cell is in error, a wrong figure is noticed."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from memberlab.cli import main
from memberlab.policies import DocumentError, Policy, load_policy
from memberlab.results import Period, RunBooks, books_of, lived_books, statements_of, write_workbook
from memberlab.sim import World, warm_up

from .spreadsheet import formulas_of, needs_office, recalculated
from .worlds import EVERYTHING, brisk_population, small_scenario

SCENARIO = small_scenario(horizon__months=6, population__shoppers=400)
FULL = load_policy("four-tiers-simple").with_({**EVERYTHING, "name": "full"})
BARE = load_policy("no-programme").with_({"name": "bare", "currency": "CNY"})
POINTLESS = load_policy("four-tiers-simple").with_({"points": None, "name": "pointless"})
SUMS = ("Sum", "All", "All benefits", "All cohorts", "All points", "Net revenue", "Contribution margin")
INDEPENDENT = "Not yet earned by running terms"
"""A balance that comes from another place, so that the roll-forward above it can be held against it."""

WRONG = {
    "bridge": ("Bridge", 1, "List value", "GMV: the bridge by month = the bridge by tier"),
    "benefits": ("Benefits", 1, "Shipping waived by threshold", "Benefit cost of shoppers' accounts = all benefits"),
    "points": ("Points", 3, "2026-03", "Points of the ageing = closing points of the roll-forward"),
    "fees": ("Fees", 2, "2026-02", "Closing deferred fees = what running terms have not yet earned"),
    "journal": ("Journal", 5, "2026-01", "Debits of the journal = its credits"),
}
"""A figure that is made wrong by a cent or a point: sheet, column, label of the row, and a check that notices."""


def lived(policy: Policy, *, twin: Policy | None = None) -> RunBooks:
    start = warm_up(SCENARIO, population=brisk_population())
    other = None
    if twin is not None:
        world = World.resume(start, twin)
        world.keep_books()
        other = world.run(world.end)
    world = World.resume(start, policy)
    world.keep_books(None if other is None or other.books is None else other.books.order_days)
    outcome = world.run(world.end)
    return books_of(lived_books(outcome), None if other is None else lived_books(other))


@pytest.fixture(scope="module")
def books() -> RunBooks:
    return lived(FULL, twin=BARE)


@pytest.fixture(scope="module")
def folder(books: RunBooks, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the workbook, the same with one wrong figure each, and those of other runs."""
    folder = tmp_path_factory.mktemp("books")
    write_workbook(folder / "full.xlsx", books, statements_of(books), SCENARIO)
    for name, (sheet, column, label, _) in WRONG.items():
        book = openpyxl.load_workbook(folder / "full.xlsx")
        row = next(row for row in book[sheet].iter_rows() if shown(row[0].value) == label)
        assert isinstance(row[column].value, int | float), row[column].coordinate
        row[column].value += 0.01 if sheet != "Points" else 1
        book.save(folder / f"{name}.xlsx")
    write_workbook(folder / "part.xlsx", books, statements_of(books, Period("2026-02", "2026-04")), SCENARIO)
    for policy in (BARE, POINTLESS):
        other = lived(policy)
        write_workbook(folder / f"{policy.name}.xlsx", other, statements_of(other))
    return folder


@pytest.fixture(scope="module")
def workbook(folder: Path) -> Path:
    return folder / "full.xlsx"


@pytest.fixture(scope="module")
def anew(folder: Path) -> dict[str, Any]:
    """Return all of them recalculated."""
    return recalculated(folder)


def shown(value: Any) -> str:
    """Return a label as the sheet shows it: months as 2026-03."""
    return f"{value:%Y-%m}" if hasattr(value, "year") else str(value)


def cells(book: Any) -> dict[tuple[str, str], Any]:
    return {(sheet.title, cell.coordinate): cell.value for sheet in book for row in sheet.iter_rows() for cell in row}


def checks(book: Any) -> dict[str, bool]:
    """Return every check by its rule."""
    rows = book["Checks"].iter_rows(values_only=True)
    return {str(row[0]): row[5] for row in rows if isinstance(row[5], bool)}


# calculated by LibreOffice


@needs_office
def test_recalculated_every_check_is_true_and_no_cell_is_in_error(anew: dict[str, Any]) -> None:
    found = checks(anew["full"])
    assert len(found) > 50
    assert [rule for rule, holds in found.items() if holds is not True] == []
    texts = {place: value for place, value in cells(anew["full"]).items() if isinstance(value, str)}
    assert [place for place, value in texts.items() if value.startswith(("#", "Err:"))] == []


def test_means_keep_what_counts_when_a_check_multiplies_them_by_many_shoppers(tmp_path: Path) -> None:
    # cut at six decimals they were a cent off for these 10,000, and the cover said FALSE until recalculated
    assert ask("run", "jd-plus", "--out", str(tmp_path / "run")).exit_code == 0
    told = ask("finance", str(tmp_path / "run"), "--xlsx", str(tmp_path / "book.xlsx"))
    assert (told.exit_code, "DOES NOT HOLD" in told.output) == (0, False)


def test_all_checks_hold_as_written_and_a_broken_one_is_told(books: RunBooks, tmp_path: Path) -> None:
    tables = statements_of(books)
    assert write_workbook(tmp_path / "whole.xlsx", books, tables, SCENARIO) == ()
    wrong = tables["unit_economics"].assign(
        margin_before_benefits=tables["unit_economics"]["margin_before_benefits"] + 1
    )
    broken = write_workbook(tmp_path / "wrong.xlsx", books, {**tables, "unit_economics": wrong}, SCENARIO)
    assert broken == ("Margin of unit economics x shoppers x years = margin of the bridge",)


@needs_office
def test_recalculated_every_formula_gives_the_value_that_was_kept_beside_it(
    workbook: Path, anew: dict[str, Any]
) -> None:
    kept, calculated = cells(openpyxl.load_workbook(workbook, data_only=True)), cells(anew["full"])
    formulas = formulas_of(workbook)
    assert len(formulas) > 400
    differ = []
    for place in formulas:
        before, after = kept[place], calculated[place]
        is_number = isinstance(before, int | float) and isinstance(after, int | float)
        if before != after and not (is_number and after == pytest.approx(before, rel=1e-9, abs=1e-6)):
            differ.append((place, before, after))
    assert differ == []


@needs_office
@pytest.mark.parametrize("name", WRONG)
def test_one_wrong_figure_makes_a_check_false(anew: dict[str, Any], name: str) -> None:
    found = checks(anew[name])
    assert found[WRONG[name][-1]] is False
    assert found["All checks hold"] is False


@needs_office
@pytest.mark.parametrize("policy", [BARE, POINTLESS])
def test_a_run_without_points_fees_or_a_twin_ties_out_as_well(anew: dict[str, Any], policy: Policy) -> None:
    found = checks(anew[policy.name])
    assert len(found) > 40
    assert [rule for rule, holds in found.items() if holds is not True] == []


@needs_office
def test_a_part_of_the_months_ties_out_without_shoppers_accounts(anew: dict[str, Any]) -> None:
    found = checks(anew["part"])
    assert [rule for rule, holds in found.items() if holds is not True] == []
    assert "Margin of shoppers' accounts = margin of the bridge" not in found


# what stands in it


def test_every_total_is_a_formula(workbook: Path) -> None:
    pasted, seen = [], 0
    for sheet in openpyxl.load_workbook(workbook):
        heads: dict[int, str] = {}
        for row in sheet.iter_rows():
            if row[0].fill.fgColor.rgb == "FF33475B":
                heads = {cell.column: shown(cell.value) for cell in row}
                continue
            label = shown(row[0].value)
            is_sum = label in SUMS or (label == "GMV" and sheet.title.startswith("Bridge"))
            for cell in row[1:]:
                is_total = is_sum or heads.get(cell.column) in ("Total", "Closing", "Liability", "Balance")
                seen += is_total
                if is_total and isinstance(cell.value, int | float) and label != INDEPENDENT:
                    pasted.append((sheet.title, cell.coordinate))
    assert seen > 150
    assert pasted == []


def test_sums_are_those_of_the_statements(workbook: Path, books: RunBooks) -> None:
    tables = statements_of(books)
    book = openpyxl.load_workbook(workbook, data_only=True)
    rows = {str(row[0]): row for row in book["Bridge"].iter_rows(values_only=True)}
    bridge = tables["bridge"]
    for line, title in (("gmv", "GMV"), ("net_revenue", "Net revenue"), ("margin", "Contribution margin")):
        assert rows[title][-1] == pytest.approx(bridge.loc[bridge["line"] == line, "amount"].sum() / 100, abs=1e-6)
    liability = list(book["Contract liability"].iter_rows(values_only=True))
    closing = tables["contract_liability"]["closing"].tolist()
    first = next(place for place, row in enumerate(liability) if row[0] == "Month") + 1
    assert [row[4] for row in liability[first : first + len(closing)]] == pytest.approx([one / 100 for one in closing])


def test_the_policy_stands_in_words_and_the_terms_that_formulas_refer_to(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    words = [row[0] for row in book["Policy"].iter_rows(values_only=True)]
    assert any("1,000 points pay 10 CNY" in str(sentence) for sentence in words)
    terms = {row[0]: row[1] for row in book["Assumptions"].iter_rows(values_only=True)}
    assert (terms["Points that pay the value below"], terms["Value that these points pay"]) == (1000, 10)
    assert (terms["Expected redemption"], terms["headroom"], terms["attrition_effect"]) == (0.8, 0, 0.15)
    anew = [formula for (sheet, _), formula in formulas_of(workbook).items() if sheet == "Points" and "INT(" in formula]
    assert len(anew) == 6 and all("Assumptions" in formula for formula in anew)
    cover = {row[0]: row[1] for row in book["Cover"].iter_rows(max_row=20, values_only=True)}
    assert cover["Period"] == "2026-01 to 2026-06 (6 months)" and cover["Twin"] == "bare"


def test_sheets_can_be_read_and_printed(workbook: Path) -> None:
    for sheet in openpyxl.load_workbook(workbook):
        assert sheet.page_setup.orientation == "landscape" and sheet.sheet_properties.pageSetUpPr.fitToPage
        if sheet.title not in ("Cover", "Policy", "Checks"):
            assert sheet.freeze_panes is not None and sheet.print_title_rows, sheet.title


def parts_of(file: Path, folder: str) -> list[str]:
    with zipfile.ZipFile(file) as archive:
        return [archive.read(name).decode() for name in sorted(archive.namelist()) if re.match(folder, name)]


def test_charts_draw_the_bridge_and_what_is_owed_from_cells(workbook: Path, books: RunBooks) -> None:
    waterfall, owed = parts_of(workbook, r"xl/charts/chart\d+\.xml")
    assert "barChart" in waterfall and "lineChart" in owed
    assert set(re.findall(r"<c:f>(\w+|'[^']+')!", waterfall)) == {"Charts"}
    assert set(re.findall(r"<c:f>(\w+|'[^']+')!", owed)) == {"'Contract liability'"}
    rows = list(openpyxl.load_workbook(workbook, data_only=True)["Charts"].iter_rows(values_only=True))
    steps = {row[0]: row[1:6] for row in rows if isinstance(row[1], int | float)}
    amount, stands_on, total, adds, takes = steps["Contribution margin"]
    assert amount == total == round(sum(statements_of(books)["bridge"].query("line == 'margin'")["amount"]) / 100, 2)
    assert (stands_on, adds, takes) == (0, 0, 0)
    _, stands_on, _, _, takes = steps["Cost of goods"]
    assert round(stands_on + takes, 2) == steps["Net revenue"][0]


def test_a_run_that_owes_no_points_has_one_chart(folder: Path) -> None:
    assert len(parts_of(folder / "pointless.xlsx", r"xl/charts/chart\d+\.xml")) == 1


# the command


def ask(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def test_the_command_writes_the_workbook_beside_the_tables(tmp_path: Path) -> None:
    run, file = str(tmp_path / "run"), tmp_path / "statements.xlsx"
    made = ask("run", "four-tiers-simple", "--shoppers", "300", "--out", run, "--twin", "no-programme")
    assert made.exit_code == 0, made.output
    told = ask("finance", run, "--xlsx", str(file))
    assert (told.exit_code, f"Workbook written to {file}" in told.output) == (0, True)
    book = openpyxl.load_workbook(file, data_only=True)
    assert [rule for rule, holds in checks(book).items() if holds is not True] == []
    terms = {row[0]: row[1] for row in book["Assumptions"].iter_rows(values_only=True)}
    assert terms["Gross margin"] == 0.4
    for wrong, message in ((tmp_path / "statements.xls", "write a name that ends in .xlsx"),
                           (tmp_path / "nowhere" / "a.xlsx", "there is no folder")):  # fmt: skip
        refused = ask("finance", run, "--xlsx", str(wrong))
        assert refused.exit_code == 2 and re.search(message, refused.output)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run", "statements.xlsx"]


def test_a_file_that_cannot_be_written_is_named_and_nothing_is_left(books: RunBooks, tmp_path: Path) -> None:
    folder = tmp_path / "book.xlsx"
    folder.mkdir()
    with pytest.raises(DocumentError, match="is a folder"):
        write_workbook(folder, books, statements_of(books))
    assert [path.name for path in tmp_path.iterdir()] == ["book.xlsx"]
