"""The ledger of evaluations: exact, one owner at a time, and never mixed with another study or another version."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from memberlab.optimize import LEDGER_FILE, EvaluationLedger, Identity, WorldKey
from memberlab.policies import DocumentError

OURS = Identity("tiny", "a1", "memberlab 0.1.0 (abc)")
WORLD = WorldKey("world", "as is")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / LEDGER_FILE


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


def test_the_first_record_stands(path: Path) -> None:
    with EvaluationLedger(path, OURS) as ledger:
        ledger.record_points(0, [(1,)])
        ledger.record_points(0, [(2,)])
        assert ledger.points(0) == [(1,)]


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
