"""Books on disk and the command that reads them: the same statements, and every fault named with exit code 2."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from pandas.testing import assert_frame_equal

from memberlab.cli import main
from memberlab.optimize import SerialExecutor, compare
from memberlab.policies import DocumentError
from memberlab.results import MANIFEST, STATEMENTS, books_of, read_books, statements_of, write_books
from memberlab.sim import World

from .finance_worlds import both, busy_scenario, launch, short_lived, without_programme
from .worlds import brisk_population


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds the books of two arms."""
    folder = tmp_path_factory.mktemp("finance") / "run"
    folder.mkdir()
    (folder / MANIFEST).write_text("{}", encoding="utf-8")
    own, twin = both()
    write_books(folder, books_of(own, twin))
    write_books(folder, books_of(twin))
    return folder


OWN = ("--policy", "four-tiers-simple")


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["finance", *map(str, arguments)])


def test_books_from_disk_make_the_same_statements(run_folder: Path) -> None:
    told, expected = (statements_of(books) for books in (read_books(run_folder, OWN[1]), books_of(*both())))
    for name in STATEMENTS:
        assert_frame_equal(told[name], expected[name], check_dtype=False, obj=name)


def test_workers_change_no_figure() -> None:
    scenario = busy_scenario(regions=2, population__shoppers=200, horizon={"months": 3})
    arms = []
    for open_one in (SerialExecutor, partial(ThreadPoolExecutor, 3)):
        with open_one() as executor:
            arms.append(compare([without_programme(), short_lived()], [scenario], replications=2, executor=executor,
                                incumbent=short_lived(), population=brisk_population(), books=True).arms)  # fmt: skip
    for one, other in zip(*arms, strict=True):
        assert one.books is not None and other.books is not None
        left, right = statements_of(one.books), statements_of(other.books)
        assert left["checks"]["holds"].all()
        for name in STATEMENTS:
            assert_frame_equal(left[name], right[name], obj=name)
    assert [arm.books.twin for arm in arms[0] if arm.books is not None] == [None, "no-programme"]


def test_books_travel_between_processes() -> None:
    own, twin = both()
    copied = pickle.loads(pickle.dumps(own))
    assert_frame_equal(books_of(copied, twin).ledger, books_of(own, twin).ledger)
    assert copied.opening_liability == own.opening_liability > 0


def test_a_comparison_without_books_has_none() -> None:
    scenario = busy_scenario(population__shoppers=30, horizon={"months": 1})
    arms = compare([without_programme()], [scenario], incumbent=short_lived(), population=brisk_population()).arms
    assert arms[0].books is None


# the command


def test_the_page_tells_the_period_and_its_checks(run_folder: Path) -> None:
    told = call(run_folder, *OWN, "--from", "2026-02", "--until", "2026-04")
    assert told.exit_code == 0, told.output
    for words in ("2026-02 to 2026-04, CNY", "Contribution margin", "paid anyway", "IFRS 15", "by decile of use"):
        assert words in told.output
    assert "39 of 39 checks hold, to the cent and to the point." in told.output


def test_a_statement_is_printed_whole_and_as_json(run_folder: Path) -> None:
    told = call(run_folder, *OWN, "--statement", "fees", "--month", "2026-03")
    assert told.exit_code == 0, told.output
    assert "Deferred membership fees (fees; cents of CNY)" in told.output
    told = call(run_folder, *OWN, "--statement", "fees", "--json")
    rows = json.loads(told.output)["statements"]
    assert list(rows) == ["fees"]
    assert len(rows["fees"]) == 18


def test_statements_are_written_as_csv_and_parquet(run_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "statements"
    assert call(run_folder, *OWN, "--out", out).exit_code == 0
    for name in STATEMENTS:
        assert len(pd.read_csv(out / f"{name}.csv")) == len(pd.read_parquet(out / f"{name}.parquet"))
    assert json.loads((out / MANIFEST).read_text(encoding="utf-8"))["kind"] == "finance"
    assert "holds an earlier run" in call(run_folder, *OWN, "--out", out).output
    assert call(run_folder, *OWN, "--out", out, "--force").exit_code == 0


def arm(folder: Path) -> Path:
    return next(folder.glob("finance/*/four-tiers-simple"))


def without_books(folder: Path) -> None:
    shutil.rmtree(folder / "finance")


def another_format(folder: Path) -> None:
    facts = json.loads((arm(folder) / "books.json").read_text(encoding="utf-8"))
    (arm(folder) / "books.json").write_text(json.dumps({**facts, "format": 99}), encoding="utf-8")


def another_currency(folder: Path) -> None:
    facts = json.loads((arm(folder) / "books.json").read_text(encoding="utf-8"))
    (arm(folder) / "books.json").write_text(json.dumps({**facts, "currency": "USD"}), encoding="utf-8")


def a_table_less(folder: Path) -> None:
    (arm(folder) / "lots.parquet").unlink()


def a_damaged_table(folder: Path) -> None:
    (arm(folder) / "lots.parquet").write_bytes(b"PAR1 or not")


def a_column_less(folder: Path) -> None:
    path = arm(folder) / "ledger.parquet"
    pd.read_parquet(path).drop(columns="tier").to_parquet(path)


def no_manifest(folder: Path) -> None:
    (folder / MANIFEST).unlink()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (without_books, "holds no books for finance"),
        (another_format, "was written by another version of memberlab"),
        (another_currency, "its books are in USD, its policy in CNY"),
        (a_table_less, "lots.parquet: is missing"),
        (a_damaged_table, "lots.parquet: is no readable table"),
        (a_column_less, "ledger.parquet: lacks the columns tier"),
        (no_manifest, "is no run of memberlab"),
    ],
)
def test_a_run_that_cannot_be_read_is_named(
    run_folder: Path, tmp_path: Path, damage: Callable[[Path], None], message: str
) -> None:
    folder = tmp_path / "run"
    shutil.copytree(run_folder, folder)
    damage(folder)
    told = call(folder, *OWN, "--out", tmp_path / "out")
    assert told.exit_code == 2, told.output
    assert message in told.output
    assert len(told.output.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "holds the books of 2 arms; choose one with --policy four-tiers-simple, no-programme"),
        (("--policy", "gold"), "holds no books of policy gold; it has four-tiers-simple, no-programme"),
        (("--scenario", "moon"), "holds no books of scenario moon; it has small-world"),
        ((*OWN, "--month", "2031-01"), "2031-01 is outside the books; the run has 2026-01 to 2027-06"),
        ((*OWN, "--month", "2026-01", "--from", "2026-01"), "--month is one month; leave out --from and --until"),
        ((*OWN, "--statement", "profit"), "there is no statement profit; write all, or one of bridge"),
    ],
)
def test_what_is_asked_for_in_vain_is_named(run_folder: Path, arguments: tuple[str, ...], message: str) -> None:
    told = call(run_folder, *arguments)
    assert told.exit_code == 2
    assert message in " ".join(told.output.split())


def test_currencies_are_not_mixed(run_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(run_folder, folder)
    shutil.copytree(folder / "finance" / "small-world", folder / "finance" / "dollars")
    for facts in (folder / "finance" / "dollars").glob("*/books.json"):
        facts.write_text(facts.read_text(encoding="utf-8").replace('"CNY"', '"USD"'), encoding="utf-8")
    with pytest.raises(DocumentError, match="holds books in CNY and USD, which cannot be told together"):
        read_books(folder, OWN[1])


def test_no_folder_is_named(tmp_path: Path) -> None:
    told = call(tmp_path / "nowhere")
    assert told.exit_code == 2
    assert "is no folder" in told.output


def test_a_world_that_keeps_books_can_be_told_to_stop_and_go_on() -> None:
    """Asked on every month's morning or only at the end, the month ends are the same."""
    ends = []
    for stops in (range(1, 6), [5]):
        world = World.resume(launch(), short_lived())
        world.keep_books()
        starts = world.calendar.month_starts
        first = world.calendar.month_of(world.day)
        for months in stops:
            outcome = world.run(starts[first + months])
        assert outcome.books is not None
        ends.append(outcome.books.month_ends.tobytes())
    assert ends[0] == ends[1]
