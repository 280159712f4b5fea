"""An interrupted run goes on: nothing finished is done again, the result is the same, another question is refused."""

from __future__ import annotations

import os
import pickle
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from memberlab.cli import main
from memberlab.optimize import (
    RememberingExecutor,
    SerialExecutor,
    compare,
    partial_folder,
    question,
    unfinished_run,
    working_folder,
)
from memberlab.policies import DocumentError, load_policy
from memberlab.scenarios import load_scenario

from .pieces_of_work import fail, read_square, square, write_square
from .studies import SCENARIO

POLICIES = "four-tiers-simple", "no-programme"
ASKED = {"this version": "1", "replications": "2", "policy gold": "a" * 64}


class Counting(SerialExecutor):
    """Counts what is done, by function, and stops at a piece by its number."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.done: Counter[str] = Counter()
        self._stop_at = stop_at

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if self._stop_at == self.done.total():
            raise KeyboardInterrupt
        self.done[fn.__name__] += 1
        return super().submit(fn, *args, **kwargs)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("world") / "steady.yaml"
    path.write_text(SCENARIO.format(name="steady", visits=0.9), encoding="utf-8")
    return path


def compared(executor: Executor, world: Path) -> Any:
    policies = [load_policy(POLICIES[0]), load_policy(POLICIES[1]).with_({"currency": "CNY"})]
    return compare(policies, [load_scenario(str(world))], replications=2, executor=executor, books=True)


def test_what_was_finished_is_not_done_again(world: Path, tmp_path: Path) -> None:
    whole = Counting()
    expected = compared(whole, world)
    assert whole.done == {"simulate_warm_up": 4, "simulate_arm": 8}
    out, first, second, third = tmp_path / "out", Counting(stop_at=9), Counting(), Counting()
    with pytest.raises(KeyboardInterrupt), unfinished_run(out, ASKED) as run:
        compared(RememberingExecutor(first, run.finished, run.files), world)
    assert partial_folder(out).is_dir() and not out.exists()
    with unfinished_run(out, ASKED, resume=True) as run:
        result = compared(RememberingExecutor(second, run.finished, run.files), world)
        compared(RememberingExecutor(third, run.finished, run.files), world)
    assert first.done + second.done == whole.done
    assert third.done.total() == 0
    assert result.table.equals(expected.table)
    assert all(one.books.ledger.equals(two.books.ledger) for one, two in zip(result.arms, expected.arms, strict=True))
    assert not partial_folder(out).exists()


def test_a_result_counts_only_while_its_files_are_there(tmp_path: Path) -> None:
    counting = Counting()
    with unfinished_run(tmp_path / "out", ASKED) as run:
        executor = RememberingExecutor(counting, run.finished, run.files)
        with working_folder(executor) as folder:
            assert folder == run.files
            for _ in range(2):
                executor.submit(write_square, 3, folder / "three").result()
            assert counting.done == {"write_square": 1}
            (folder / "three").unlink()
            executor.submit(write_square, 3, folder / "three").result()
            assert counting.done == {"write_square": 2}
            assert executor.submit(read_square, folder / "three", 1).result() == 10


def test_a_fault_is_not_remembered(tmp_path: Path) -> None:
    counting = Counting()
    with unfinished_run(tmp_path / "out", ASKED) as run:
        executor = RememberingExecutor(counting, run.finished, run.files)
        for _ in range(2):
            with pytest.raises(ValueError, match="no such tier"):
                executor.submit(fail, "no such tier").result()
    assert counting.done == {"fail": 2}


def test_a_run_that_has_finished_nothing_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), unfinished_run(tmp_path / "deep" / "out", ASKED):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def interrupted(tmp_path: Path) -> Path:
    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt), unfinished_run(out, ASKED) as run:
        RememberingExecutor(SerialExecutor(), run.finished, run.files).submit(square, 3).result()
        raise KeyboardInterrupt
    return out


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"this version": "2"}, "this version was 1 and is now 2"),
        ({"replications": "4"}, "replications was 2 and is now 4"),
        ({"policy gold": "b" * 64}, "policy gold has changed since"),
        ({"policy silver": "c" * 64}, "policy silver is new"),
    ],
)
def test_another_question_is_refused_with_what_differs(interrupted: Path, change: dict[str, str], told: str) -> None:
    with (
        pytest.raises(DocumentError, match=re.escape(f"out.partial: asked something else: {told}; put it back")),
        unfinished_run(interrupted, ASKED | change, resume=True),
    ):
        pass
    assert partial_folder(interrupted).is_dir()


def test_an_interrupted_run_is_never_lost_by_mistake(interrupted: Path) -> None:
    with (
        pytest.raises(DocumentError, match="holds an interrupted run; add --resume to go on with it, or --force"),
        unfinished_run(interrupted, ASKED),
    ):
        pass
    with unfinished_run(interrupted, ASKED, resume=True) as run:
        with (
            pytest.raises(DocumentError, match="is in use by another process"),
            unfinished_run(interrupted, ASKED, anew=True),
        ):
            pass
        assert run.finished.count() == 1
    with (
        pytest.raises(DocumentError, match=r"has no interrupted run: there is no out\.partial beside it"),
        unfinished_run(interrupted, ASKED, resume=True),
    ):
        pass


def test_the_question_names_documents_by_content() -> None:
    one = load_policy("jd-plus")
    before, after = question([one], []), question([one.with_({"membership.fee": 1})], [])
    assert {name for name in before if before[name] != after[name]} == {"policy jd-plus"}


def test_a_result_that_would_run_code_is_not_read(interrupted: Path) -> None:
    class Stranger:
        def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
            return os.system, ("true",)

    connection = sqlite3.connect(partial_folder(interrupted) / "finished.sqlite")
    connection.execute("UPDATE finished SET result = ?", (pickle.dumps(Stranger()),))
    connection.commit()
    connection.close()
    with (
        pytest.raises(pickle.UnpicklingError, match=r"system, which memberlab never writes"),
        unfinished_run(interrupted, ASKED, resume=True) as run,
    ):
        RememberingExecutor(SerialExecutor(), run.finished, run.files).submit(square, 3)


# the command


def arguments(world: Path, out: Path, *more: str) -> list[str]:
    settings = ["--scenario", str(world), "--replications", "2", "--no-break-even", "--out", str(out)]
    return ["compare", *POLICIES, *settings, "--shoppers", "20000", *more]


def call(world: Path, out: Path, *more: str) -> Result:
    return CliRunner().invoke(main, arguments(world, out, *more))


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files of a run but for its manifest and its report, which have the time in them."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in {"manifest.json", "report.html"})
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.parametrize(
    ("how", "more"),
    [(signal.SIGINT, ()), pytest.param(signal.SIGKILL, ("--workers", "2"), marks=pytest.mark.slow)],
)
def test_a_comparison_goes_on_after_ctrl_c_and_kill_9(
    how: signal.Signals, more: tuple[str, ...], world: Path, tmp_path: Path
) -> None:
    whole, out = tmp_path / "whole", tmp_path / "out"
    assert call(world, whole).exit_code == 0
    stopped = start(world, out, *more)
    wait_for_files(stopped, out, 2)
    for _ in range(2):  # people press Ctrl-C twice
        stopped.send_signal(how)
    assert stopped.stderr is not None
    told = stopped.stderr.read()
    if how == signal.SIGINT:
        assert stopped.wait() == 130, told
        assert re.search(
            r"out\.partial keeps \d+ finished pieces? of work; the same command with --resume goes on", told
        )
        assert "Traceback" not in told
    assert stopped.wait() != 0
    assert not out.exists()
    assert "holds an interrupted run; add --resume" in call(world, out).output
    other = call(world, out, "--resume", "--replications", "3")
    assert other.exit_code == 2
    assert "asked something else: replications was 2 and is now 3" in other.output
    assert call(world, out, "--resume").exit_code == 0
    assert contents(out) == contents(whole)
    assert not partial_folder(out).exists()


def start(world: Path, out: Path, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "memberlab", *arguments(world, out, *more)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=world.parent)


def wait_for_files(process: subprocess.Popen[str], out: Path, count: int) -> None:
    while len(list(partial_folder(out).glob("warm-ups/*.npz"))) < count:
        assert process.poll() is None, process.stderr and process.stderr.read()
        time.sleep(0.02)


def test_resume_needs_a_folder(world: Path) -> None:
    told = CliRunner().invoke(main, ["compare", *POLICIES, "--scenario", str(world), "--resume"])
    assert told.exit_code == 2
    assert "name it with --out DIR" in told.output
