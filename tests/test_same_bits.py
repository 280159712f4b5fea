"""The same bits whoever does the work: this process, worker processes, a cluster, with a worker killed in mid-run."""

from __future__ import annotations

import os
import pkgutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pandas.testing import assert_frame_equal

from memberlab.cli import main
from memberlab.optimize import Comparison, LostCluster, LostWorker, ProcessPool, SerialExecutor, compare, open_cluster
from memberlab.policies import DocumentError
from memberlab.results import STATEMENTS, statements_of

from .finance_worlds import busy_scenario, short_lived, without_programme
from .pieces_of_work import kill_own_process, sleep, square
from .worlds import brisk_population

ROOT = Path(__file__).parent.parent


def compared(executor: Executor, progress: Callable[[int, int], None] | None = None) -> Comparison:
    scenario = busy_scenario(regions=2, population__shoppers=200, horizon={"months": 3})
    policies = [without_programme(), short_lived()]
    return compare(
        policies, [scenario], replications=2, executor=executor, incumbent=short_lived(),
        population=brisk_population(), books=True, progress=progress,
    )  # fmt: skip


@pytest.fixture(scope="module")
def alone() -> Comparison:
    return compared(SerialExecutor())


def assert_same(result: Comparison, expected: Comparison) -> None:
    """Hold figures, bridges and all finance statements against each other, to the last bit."""
    assert_frame_equal(result.table, expected.table, check_exact=True)
    for one, other in zip(result.arms, expected.arms, strict=True):
        assert one.bridge == other.bridge
        assert one.books is not None and other.books is not None
        mine, theirs = statements_of(one.books), statements_of(other.books)
        for name in STATEMENTS:
            assert_frame_equal(mine[name], theirs[name], check_exact=True, obj=name)


def once(act: Callable[[], None]) -> Callable[[int, int], None]:
    """Return a progress that acts at the first step that it is told."""
    left = [act]

    def told(done: int, total: int) -> None:
        if left:
            left.pop()()

    return told


def test_two_processes_one_of_them_killed(alone: Comparison) -> None:
    with ProcessPool(2) as pool:
        victim = pool.processes()[0]
        result = compared(pool, once(lambda: os.kill(victim, signal.SIGKILL)))
        assert victim not in pool.processes()
    assert_same(result, alone)


# a cluster


def dask(*arguments: str) -> subprocess.Popen[bytes]:
    """Start a process of Dask's own command line."""
    command = [sys.executable, "-m", "dask", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextmanager
def scheduler(folder: Path) -> Iterator[str]:
    """Give the address of a Dask scheduler in a process of its own."""
    file = folder / "scheduler.json"
    process = dask("scheduler", "--port", "0", "--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(file))
    try:
        while not file.exists() or not (text := file.read_text(encoding="utf-8")).rstrip().endswith("}"):
            assert process.poll() is None, "the scheduler has ended"
            time.sleep(0.1)
        yield text.partition('"address": "')[2].partition('"')[0]
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Return the address of a cluster, and its two workers."""
    folder = tmp_path_factory.mktemp("cluster")
    with scheduler(folder) as address:
        common = (
            "worker",
            address,
            "--nthreads",
            "1",
            "--no-dashboard",
            "--no-nanny",
            "--local-directory",
            str(folder),
        )
        workers = [dask(*common) for _ in range(2)]
        try:
            yield address, workers
        finally:
            for worker in workers:
                worker.kill()
                worker.wait()


def test_a_cluster_one_worker_of_which_is_killed(
    alone: Comparison, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    address, workers = cluster
    with open_cluster(address) as executor:
        assert_same(compared(executor, once(workers[0].kill)), alone)
    assert workers[0].wait() == -signal.SIGKILL
    assert workers[1].poll() is None


class OtherVersion:
    """What this process would say if it were of another version; workers are asked what they are."""

    def __call__(self) -> dict[str, str]:
        return {"memberlab": "memberlab 9.9 (0123456789ab)", "Numba": "0.1"}

    def __reduce__(self) -> tuple[Callable[[str], Any], tuple[str]]:
        return pkgutil.resolve_name, ("memberlab.optimize.execution.cluster_worker:arithmetic",)


def test_workers_that_compute_otherwise_are_refused(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("memberlab.optimize.execution.cluster.arithmetic", OtherVersion())
    with pytest.raises(DocumentError, match=r"would come to other figures: memberlab: .* there, memberlab 9\.9"):
        open_cluster(cluster[0])


def test_a_cluster_that_loses_its_workers_keeps_what_was_finished(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, workers = cluster
    with open_cluster(address, patience=2) as executor:
        finished = [executor.submit(square, number) for number in range(5)]
        assert [one.result() for one in finished] == [0, 1, 4, 9, 16]
        waiting = [executor.submit(sleep, 600) for _ in range(3)]
        for worker in workers:
            worker.kill()
        for one in waiting:
            with pytest.raises(LostCluster, match="has had no workers for 2 seconds; what was finished is not lost"):
                one.result()
        with pytest.raises(LostCluster):
            executor.submit(square, 1)
    monkeypatch.setattr("memberlab.optimize.execution.cluster.CONNECT_SECONDS", 2.0)
    told = CliRunner().invoke(main, ["compare", "no-programme", "jd-plus", "--cluster", address])
    assert told.exit_code == 2
    assert "has no workers; start one with: dask worker tcp://127.0.0.1" in told.output


def test_a_cluster_that_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("memberlab.optimize.execution.cluster.CONNECT_SECONDS", 1.0)
    for address in ("tcp://127.0.0.1:9", "carrier-pigeon://somewhere:1"):
        told = CliRunner().invoke(main, ["compare", "no-programme", "jd-plus", "--cluster", address])
        assert told.exit_code == 2
        assert f"the cluster {address}: cannot be reached: " in told.output


def test_without_dask_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    told = CliRunner().invoke(main, ["compare", "no-programme", "jd-plus", "--cluster", "local"])
    assert told.exit_code == 2
    expected = "the cluster local: needs Dask, which is not installed: pip install 'memberlab[dask]'"
    assert told.output.splitlines()[-1] == expected


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--cluster", "somewhere"], "'somewhere' names no cluster: say 'local', or the address of a Dask scheduler"),
        (["--cluster", "tcp://a:1", "--workers", "2"], "the cluster tcp://a:1 has workers of its own"),
        (["--workers", "0"], "0 is not in the range 1<=x<=64"),
    ],
)
def test_options_that_say_nothing_sensible(arguments: list[str], words: str) -> None:
    told = CliRunner().invoke(main, ["compare", "no-programme", "jd-plus", *arguments])
    assert told.exit_code == 2
    assert words in " ".join(told.output.split())


@pytest.mark.slow
def test_a_local_cluster_gives_up_a_piece_that_always_kills(alone: Comparison) -> None:
    with open_cluster("local", 2) as executor:
        deadly = executor.submit(kill_own_process, 1)
        others = [executor.submit(square, number) for number in range(20)]
        assert [one.result() for one in others] == [number * number for number in range(20)]
        with pytest.raises(LostWorker, match="kill own process was given up: 4 workers of the cluster local died"):
            deadly.result()
        assert_same(compared(executor), alone)
