"""The ledger of evaluations in a file: exact, one owner at a time, never mixed with others, damage named."""

import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from memberlab.cli import main
from memberlab.optimize import LEDGER_FILE, EvaluationLedger, Identity, WorldKey, model_version, plan_study
from memberlab.policies import DocumentError
from tests.studies import write_study

OURS = Identity("tiny", "a1", "memberlab 0.1.0 (abc)")
WORLD = WorldKey("world", "as is")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / LEDGER_FILE


def rows_in(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        tables = ("proposal", "evaluation", "confirmation")
        return sum(int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in tables)
    finally:
        connection.close()


def test_what_is_recorded_comes_back_to_the_last_bit(path: Path) -> None:
    sums = np.array([0.1 + 0.2, 1e300, -0.0, 123_456_789_012.34])
    figures = {"kpis": {"gmv": [1.0, float("inf"), 1 / 3, 0.0]}}
    with EvaluationLedger(path, OURS) as ledger:
        ledger.record_sums("policy", WORLD, 2**63 - 1, sums)
        ledger.record_points(0, [(0, 3), (1, 2)])
        ledger.record_figures("policy", WORLD, 1_000_000, figures)
    with EvaluationLedger(path, OURS) as ledger:
        found = ledger.sums("policy", WORLD, 2**63 - 1)
        assert found is not None
        assert found.tobytes() == sums.tobytes()
        assert ledger.points(0) == [(0, 3), (1, 2)]
        assert ledger.figures("policy", WORLD, 1_000_000) == figures
        assert ledger.sums("policy", WORLD, 1) is None
        assert ledger.points(1) is None
        assert ledger.figures("policy", WorldKey("x", "as is"), 0) is None


def test_a_record_stands_and_another_content_is_a_broken_law(path: Path) -> None:
    with EvaluationLedger(path, OURS) as ledger:
        ledger.record_points(0, [(1,)])
        ledger.record_points(0, [(1,)])
        ledger.record_sums("policy", WORLD, 1, np.array([1.0, 2.0]))
        ledger.record_sums("policy", WORLD, 1, np.array([1.0, 2.0 + 1e-15]))  # another mathematical library
        for wrong in (np.array([1.0, 2.1]), np.array([1.0])):
            with pytest.raises(
                DocumentError, match=r"another evaluation of policy policy, .*: equal digests must give"
            ):
                ledger.record_sums("policy", WORLD, 1, wrong)
        with pytest.raises(DocumentError, match="holds another proposal of study a1, wave 0 than this search found"):
            ledger.record_points(0, [(2,)])
        assert ledger.points(0) == [(1,)]
        assert ledger.sums("policy", WORLD, 1) == pytest.approx([1.0, 2.0], abs=0)
    assert rows_in(path) == 2


def test_an_evaluation_is_known_by_policy_scenario_assumptions_seed_and_model(path: Path) -> None:
    keys = [("p", WORLD, 1), ("q", WORLD, 1), ("p", WorldKey("other", "as is"), 1),
            ("p", WorldKey("world", "changed"), 1), ("p", WORLD, 2)]  # fmt: skip
    with EvaluationLedger(path, OURS) as ledger:
        for number, key in enumerate(keys):
            assert ledger.sums(*key) is None
            ledger.record_sums(*key, np.array([float(number)]))
        for number, key in enumerate(keys):
            assert ledger.sums(*key) == pytest.approx([number], abs=0)
    connection = sqlite3.connect(path)
    assert {row[0] for row in connection.execute("SELECT model FROM evaluation")} == {OURS.model}
    connection.execute("UPDATE evaluation SET model = 'memberlab 0.0 (x)'")
    connection.commit()
    connection.close()
    with pytest.raises(DocumentError, match=r"the evaluation of policy .* is not as it was written"):
        EvaluationLedger(path, OURS)


def test_worlds_differ_by_scenario_population_incumbent_and_assumptions(tmp_path: Path) -> None:
    plan = plan_study(write_study(tmp_path))
    steady, slump = plan.scenario_keys
    assert steady.scenario != slump.scenario
    assert steady.assumptions == slump.assumptions
    steady_file = tmp_path / "steady.yaml"
    steady_file.write_text(steady_file.read_text() + "assumptions: {attrition_effect: 0.30}\n")
    changed = plan_study(tmp_path / "tiny.yaml")
    assert changed.scenario_keys[0].scenario == steady.scenario
    assert changed.scenario_keys[0].assumptions != steady.assumptions
    assert changed.digest() != plan.digest()
    steady_file.write_text(steady_file.read_text().replace("0.30", "0.3"))
    assert plan_study(tmp_path / "tiny.yaml").scenario_keys == changed.scenario_keys


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (
            Identity("other", "b2", OURS.model),
            "it holds the search of the study other, not of tiny; name another folder",
        ),
        (
            Identity("tiny", "b2", OURS.model),
            "the study tiny, or a policy, scenario or population it names, has changed",
        ),
        (
            Identity("tiny", "a1", "memberlab 0.2.0 (def)"),
            r"was made by memberlab 0\.2\.0 \(def\), and this is memberlab",
        ),
    ],
)
def test_another_owner_is_refused_and_the_file_stays(path: Path, other: Identity, message: str) -> None:
    with EvaluationLedger(path, other):
        pass
    before = path.read_bytes()
    with pytest.raises(DocumentError, match=message):
        EvaluationLedger(path, OURS)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [LEDGER_FILE]


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def cut_to_a_few_bytes(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:50])


def cut_to_nothing(path: Path) -> None:
    path.write_bytes(b"")


def overwrite_pages(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3 : len(content) // 2] = b"\x17" * (len(content) // 2 - len(content) // 3)
    path.write_bytes(content)


def overwrite_the_head(path: Path) -> None:
    path.write_bytes(b"nonsense" * 16 + path.read_bytes()[128:])


def tear_a_record(path: Path) -> None:
    content = path.read_bytes()
    place = content.rindex(b"[4217.0, ")  # within a page, where SQLite has no checksum
    path.write_bytes(content[:place] + b"[4218.0, " + content[place + 9 :])


def tear_a_text(path: Path) -> None:
    content = path.read_bytes()
    place = content.rindex(b"[4217.0, ")
    path.write_bytes(content[:place] + b"\xff\xfe\x00" + content[place + 3 :])


def drop_a_table(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE confirmation")
    connection.commit()
    connection.close()


def write_the_future(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("UPDATE identity SET value = '99' WHERE key = 'format'")
    connection.commit()
    connection.close()


def filled(path: Path) -> Path:
    with EvaluationLedger(path, OURS) as ledger:
        for seed in range(200):
            ledger.record_sums("policy", WORLD, seed, np.array([4217.0, *np.arange(30.0), seed]))
            ledger.record_figures("policy", WORLD, seed, {"kpis": {"gmv": [1.0, 2.0, 3.0, 4.0]}})
    return path


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (cut_in_half, "is damaged"),
        (cut_to_a_few_bytes, "is damaged"),
        (cut_to_nothing, "is no ledger of memberlab; name another folder"),
        (overwrite_pages, "is damaged"),
        (overwrite_the_head, "is no ledger of memberlab; name another folder"),
        (
            tear_a_record,
            "the evaluation of policy policy, scenario world, assumptions as is, seed .* not as it was written",
        ),
        (tear_a_text, "is damaged: the evaluation of policy policy"),
        (drop_a_table, "is damaged: the table confirmation is missing; put a copy of it back, or move it away"),
        (write_the_future, "is of the format 99, and this memberlab writes 2; search again in another folder"),
    ],
)
def test_a_damaged_ledger_is_named_in_one_line_and_left_alone(
    path: Path, harm: Callable[[Path], None], message: str
) -> None:
    harm(filled(path))
    before = path.read_bytes()
    with pytest.raises(DocumentError, match=message) as refused:
        EvaluationLedger(path, OURS)
    assert str(refused.value).startswith(f"{path}: ")
    assert "\n" not in str(refused.value)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [LEDGER_FILE]


@pytest.mark.parametrize("harm", [cut_in_half, overwrite_pages, tear_a_record])
def test_the_command_names_a_damaged_ledger_and_writes_nothing(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    study, out = write_study(tmp_path), tmp_path / "out"
    plan = plan_study(study)
    out.mkdir()
    with EvaluationLedger(out / LEDGER_FILE, Identity("tiny", plan.digest(), model_version())) as ledger:
        for seed in range(200):
            ledger.record_sums("policy", WORLD, seed, np.array([4217.0, *np.arange(30.0)]))
    harm(out / LEDGER_FILE)
    before = (out / LEDGER_FILE).read_bytes()
    answer = CliRunner().invoke(main, ["optimize", str(study), "--out", str(out), "--workers", "1"])
    assert answer.exit_code == 2, answer.output
    assert re.fullmatch(rf"{out}/{LEDGER_FILE}: is damaged[^\n]*; (put a copy|move)[^\n]*\n", answer.output)
    assert [file.name for file in out.iterdir()] == [LEDGER_FILE]
    assert (out / LEDGER_FILE).read_bytes() == before


def test_what_a_killed_process_left_in_the_write_ahead_log_is_read_and_a_torn_end_left_out(path: Path) -> None:
    with EvaluationLedger(path, OURS) as ledger:
        ledger.record_points(0, [(1,)])
        ledger.record_points(1, [(2,)])
        copy = Path(shutil.copytree(path.parent, path.parent.with_name("killed")))
    log = copy / f"{LEDGER_FILE}-wal"
    assert log.stat().st_size > 0
    log.write_bytes(log.read_bytes()[:-100])
    with EvaluationLedger(copy / LEDGER_FILE, OURS) as ledger:
        assert ledger.points(0) == [(1,)]
        assert ledger.points(1) is None


def test_a_file_of_another_kind_is_refused_and_stays(path: Path) -> None:
    path.write_bytes(b"not a database at all")
    with pytest.raises(DocumentError, match="is no ledger of memberlab"):
        EvaluationLedger(path, OURS)
    assert path.read_bytes() == b"not a database at all"


def test_a_database_of_another_kind_is_refused(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE identity (other)")
    connection.commit()
    connection.close()
    with pytest.raises(DocumentError, match="is no ledger of memberlab"):
        EvaluationLedger(path, OURS)


def test_two_searches_cannot_fill_one_ledger(path: Path) -> None:
    with EvaluationLedger(path, OURS), pytest.raises(DocumentError, match="is in use by another process"):
        EvaluationLedger(path, OURS)
    with EvaluationLedger(path, OURS) as ledger:
        ledger.record_points(0, [])


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be written"):
        EvaluationLedger(tmp_path / "missing" / LEDGER_FILE, OURS)
