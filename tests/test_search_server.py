"""A ledger on a real PostgreSQL server: shared by drivers, never doubled, waited for when the server goes away."""

from __future__ import annotations

import json
import multiprocessing
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from memberlab.cli import main
from memberlab.optimize import (
    LEDGER_FILE,
    LEDGER_NOTE,
    EvaluationLedger,
    Identity,
    LostLedgerError,
    SerialExecutor,
    StudyResult,
    WorldKey,
    open_study_folder,
    plan_study,
    result_digest,
    run_study,
)
from memberlab.policies import DocumentError
from tests.postgres_server import PostgresServer, postgres_server
from tests.small_search import write_small_study

OURS = Identity("tiny", "a1", "memberlab 0.1.0 (abc)")
WORLD = WorldKey("world", "as is")


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres_server() as running:
        yield running


@pytest.fixture
def address(server: PostgresServer, request: pytest.FixtureRequest) -> str:
    return server.database(re.sub(r"\W", "_", request.node.name)[5:60])


def rows(address: str, question: str) -> list[tuple[Any, ...]]:
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        return connection.execute(question.encode()).fetchall()


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_study(tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="module")
def in_a_file(study: Path, tmp_path_factory: pytest.TempPathFactory) -> StudyResult:
    """Return what the search finds with its ledger in a file."""
    out, plan = tmp_path_factory.mktemp("runs") / "file", plan_study(study)
    with open_study_folder(out, plan) as ledger:
        return run_study(plan, ledger, out, SerialExecutor())


def command(study: Path, out: Path, *arguments: object) -> list[str]:
    return [sys.executable, "-m", "memberlab", "optimize", str(study), "--out", str(out), "--workers", "1",
            "--no-report", *map(str, arguments)]  # fmt: skip


def test_records_come_back_to_the_last_bit_and_stand(address: str) -> None:
    sums = np.array([0.1 + 0.2, 1e300, -0.0, 123_456_789_012.34])
    with EvaluationLedger(address, OURS) as one, EvaluationLedger(address, OURS) as other:
        one.record_sums("policy", WORLD, 2**63 - 1, sums)
        one.record_points(0, [(0, 3), (1, 2)])
        one.record_figures("policy", WORLD, 1_000_000, {"kpis": {"gmv": [1.0, float("inf")]}})
        found = other.sums("policy", WORLD, 2**63 - 1)
        assert found is not None
        assert found.tobytes() == sums.tobytes()
        assert other.points(0) == [(0, 3), (1, 2)]
        assert other.figures("policy", WORLD, 1_000_000) == {"kpis": {"gmv": [1.0, float("inf")]}}
        assert other.sums("policy", WORLD, 1) is None
        other.record_sums("policy", WORLD, 2**63 - 1, sums)
        with pytest.raises(DocumentError, match="holds another evaluation of policy policy"):
            other.record_sums("policy", WORLD, 2**63 - 1, sums + 1)
    assert rows(address, "SELECT count(*) FROM memberlab.evaluation") == [(1,)]
    rows(address, "UPDATE memberlab.evaluation SET content = replace(content, '123', '124') RETURNING 1")
    with (
        EvaluationLedger(address, OURS) as again,
        pytest.raises(DocumentError, match=r"is damaged: the evaluation of policy policy, .*; remove that row"),
    ):
        again.sums("policy", WORLD, 2**63 - 1)


def test_another_version_is_named_and_none_of_it_used(address: str) -> None:
    with EvaluationLedger(address, OURS) as ledger:
        ledger.record_sums("policy", WORLD, 1, np.array([1.0]))
        ledger.record_points(0, [(1,)])
    told: list[str] = []
    newer = Identity("tiny", "a1", "memberlab 0.2.0 (def)")
    with EvaluationLedger(address, newer, tell=told.append) as ledger:
        assert ledger.sums("policy", WORLD, 1) is None
        assert ledger.points(0) is None
        ledger.record_sums("policy", WORLD, 1, np.array([2.0]))
    (line,) = told
    assert line.endswith("also holds a search of tiny by memberlab 0.1.0 (abc); this is memberlab 0.2.0 (def), "
                         "which uses none of it")  # fmt: skip
    assert rows(address, "SELECT count(*) FROM memberlab.evaluation") == [(2,)]
    rows(address, "UPDATE memberlab.identity SET value = '99' RETURNING 1")
    with pytest.raises(DocumentError, match="holds a ledger of format 99, and this memberlab writes format 2"):
        EvaluationLedger(address, OURS)


def test_eight_drivers_at_once_double_nothing(address: str) -> None:
    """They also make the tables at once."""
    faults: list[BaseException] = []
    start = threading.Barrier(8)

    def drive() -> None:
        try:
            start.wait()
            with EvaluationLedger(address, OURS) as ledger:
                for seed in range(40):
                    ledger.record_sums("policy", WORLD, seed, np.arange(5.0) + seed)
        except BaseException as fault:
            faults.append(fault)

    drivers = [threading.Thread(target=drive) for _ in range(8)]
    for driver in drivers:
        driver.start()
    for driver in drivers:
        driver.join()
    assert faults == []
    assert rows(address, "SELECT count(*), count(DISTINCT seed) FROM memberlab.evaluation") == [(40, 40)]


def test_a_server_that_comes_back_in_time_is_waited_for(server: PostgresServer, address: str) -> None:
    told: list[str] = []
    with EvaluationLedger(address, OURS, patience=120, tell=told.append) as ledger:
        ledger.record_sums("policy", WORLD, 1, np.array([1.0]))
        server.stop()
        back = threading.Timer(1.0, server.start)
        back.start()
        ledger.record_sums("policy", WORLD, 2, np.array([2.0]))
        back.join()
        assert ledger.sums("policy", WORLD, 3) is None
    assert len(told) == 2
    assert "is away (" in told[0]
    assert told[0].endswith("; trying again for 120 s")
    assert told[1].endswith(" is back")
    assert rows(address, "SELECT seed FROM memberlab.evaluation ORDER BY seed") == [(1,), (2,)]


def test_a_server_that_stays_away_stops_the_search(server: PostgresServer, address: str) -> None:
    with EvaluationLedger(address, OURS, patience=0.5) as ledger:
        server.stop()
        try:
            with pytest.raises(LostLedgerError, match=r"^postgresql://tester@127.* was away for more than 0.5 s \("):
                ledger.record_sums("policy", WORLD, 1, np.array([1.0]))
        finally:
            server.start()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("postgresql://tester:s3cret@127.0.0.1:1/x", "tester@127.0.0.1:1/x: cannot be used as a ledger: connection"),
        ("mysql://root:s3cret@localhost/x", "…@localhost/x: is no ledger: write postgresql://user@host/database"),
        ("postgresql://:::", "is no ledger: write postgresql://user@host/database"),
    ],
)
def test_a_wrong_address_is_told_without_its_password_and_leaves_nothing(
    study: Path, tmp_path: Path, wrong: str, message: str
) -> None:
    pytest.importorskip("psycopg")
    answer = CliRunner().invoke(main, ["optimize", str(study), "--out", str(tmp_path / "out"), "--ledger", wrong])
    assert answer.exit_code == 2, answer.output
    assert message in answer.output
    assert "s3cret" not in answer.output
    assert answer.output.count("\n") == 1
    assert not (tmp_path / "out").exists()


def drive(address: str, study: Path, out: Path) -> str:
    """Search with a ledger on the server, in a process of its own; return the digest of the result."""
    plan = plan_study(study)
    with open_study_folder(out, plan, server=address) as ledger:
        return result_digest(run_study(plan, ledger, out, SerialExecutor()))


def test_two_searches_share_a_server_and_find_what_a_file_does(
    address: str, study: Path, in_a_file: StudyResult, tmp_path: Path
) -> None:
    plan = plan_study(study)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork")) as drivers:
        found = list(drivers.map(drive, [address] * 2, [study] * 2, [tmp_path / "one", tmp_path / "two"]))
    assert found == [result_digest(in_a_file)] * 2
    counted = rows(address, "SELECT count(*), count(DISTINCT (policy, scenario, assumptions, seed)) "
                            "FROM memberlab.evaluation")  # fmt: skip
    assert counted[0][0] == counted[0][1] >= 9 * 4
    note = json.loads((tmp_path / "one" / LEDGER_NOTE).read_text())
    assert note["ledger"] == address
    assert not (tmp_path / "one" / LEDGER_FILE).exists()
    with (
        pytest.raises(DocumentError, match=r"keeps its evaluations on postgresql://.*; say so again with --ledger"),
        open_study_folder(tmp_path / "one", plan),
    ):
        pass
    with (
        pytest.raises(
            DocumentError, match=r"keeps its evaluations on postgresql://.*, not on postgresql://elsewhere/x"
        ),
        open_study_folder(tmp_path / "one", plan, server="postgresql://elsewhere/x"),
    ):
        pass


def test_a_folder_with_a_file_is_not_moved_to_a_server(address: str, study: Path, tmp_path: Path) -> None:
    plan = plan_study(study)
    with open_study_folder(tmp_path / "out", plan):
        pass
    answer = CliRunner().invoke(
        main, ["optimize", str(study), "--out", str(tmp_path / "out")], env={"MEMBERLAB_LEDGER": address}
    )
    assert answer.exit_code == 2
    assert f"keeps its evaluations in {LEDGER_FILE}, not on {address}; leave out --ledger" in answer.output


def test_a_search_goes_on_after_its_server_was_away_and_after_it_was_gone(
    server: PostgresServer, address: str, study: Path, in_a_file: StudyResult, tmp_path: Path
) -> None:
    """First the command as a process, which ends with 1 and a plain line; then a search that waits out a restart."""
    out = tmp_path / "out"
    first = subprocess.Popen(
        command(study, out, "--ledger", address, "--ledger-patience", "1"), stderr=subprocess.PIPE, text=True
    )
    assert first.stderr is not None
    for line in first.stderr:
        if line.startswith("searching:") and int(line.split()[1]) >= 2:
            break
    server.stop()
    try:
        told = first.stderr.read()
        assert first.wait(timeout=300) == 1, told
    finally:
        server.start()
    last = told.strip().splitlines()[-1]
    assert last.startswith("Error: postgresql://tester@127.0.0.1")
    assert " was away for more than 1 s (" in last
    assert " of 9 policies; run the same command to go on" in last
    assert "Traceback" not in told
    (before,) = rows(address, "SELECT count(*) FROM memberlab.evaluation")
    assert before[0] >= 2 * 4

    said: list[str] = []
    restarts = [threading.Timer(1.0, server.start)]

    def restart(stage: str, done: int, total: int) -> None:
        if stage == "racing" and restarts:
            server.stop()
            restarts.pop().start()

    plan = plan_study(study)
    with open_study_folder(out, plan, server=address, patience=240, tell=said.append) as ledger:
        result = run_study(plan, ledger, out, SerialExecutor(), progress=restart)
    assert [line.rpartition(" ")[2] for line in said] == ["s", "back"]
    assert result_digest(result) == result_digest(in_a_file)
