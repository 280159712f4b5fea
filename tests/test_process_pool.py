"""The pool of processes: a worker that is killed costs no result, and a piece that always kills is named."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from memberlab.optimize import LostWorker, ProcessPool

from .pieces_of_work import (
    fail,
    kill_once,
    kill_own_process,
    kill_while_answering,
    load_quickly,
    process,
    sleep,
    square,
)


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPool]:
    with ProcessPool(2, initializer=load_quickly) as one:
        yield one


def test_a_killed_worker_costs_no_result(pool: ProcessPool, tmp_path: Path) -> None:
    futures = [pool.submit(kill_once, number, tmp_path / "killed") for number in range(12)]
    assert [future.result() for future in futures] == [number * number for number in range(12)]


def test_a_worker_killed_in_the_midst_of_its_answer_costs_no_result(tmp_path: Path) -> None:
    """Half an answer stands in the pipe; whoever waited for its other half would wait for ever."""
    with ProcessPool(1, initializer=load_quickly) as pool:
        answer = pool.submit(kill_while_answering, 7, tmp_path / "killed")
        try:
            assert answer.result(timeout=60) == 49
        except TimeoutError:
            os._exit(1)  # nothing else ends a pool that waits for ever


def test_a_worker_killed_while_idle_is_replaced(pool: ProcessPool) -> None:
    before = pool.processes()
    os.kill(before[0], signal.SIGKILL)
    assert [pool.submit(square, number).result() for number in range(4)] == [0, 1, 4, 9]
    assert {pool.submit(process).result() for _ in range(8)} <= set(pool.processes())


def test_a_piece_that_always_kills_is_named_and_the_others_are_done(pool: ProcessPool) -> None:
    futures = [pool.submit(square, number) for number in range(6)]
    deadly = pool.submit(kill_own_process, 1)
    futures += [pool.submit(square, number) for number in range(6)]
    with pytest.raises(LostWorker, match="kill own process was given up: its worker process ended 3 times"):
        deadly.result()
    assert [future.result() for future in futures] == [0, 1, 4, 9, 16, 25] * 2


def test_a_fault_of_the_work_is_told_and_not_tried_again(pool: ProcessPool) -> None:
    with pytest.raises(ValueError, match="no such tier"):
        pool.submit(fail, "no such tier").result()


def test_work_that_cannot_be_sent_fails_alone(pool: ProcessPool) -> None:
    with pytest.raises(Exception, match=r"pickle|local object"):
        pool.submit(lambda: 1).result()
    assert pool.submit(square, 3).result() == 9


def test_a_limit_of_time_ends_one_piece_alone() -> None:
    pool = ProcessPool(1, seconds=2, initializer=load_quickly)
    first, slow, last = pool.submit(square, 3), pool.submit(sleep, 600), pool.submit(square, 5)
    pool.shutdown(wait=False)
    with pytest.raises(RuntimeError, match="shut down"):
        pool.submit(square, 1)
    assert first.result() == 9
    with pytest.raises(LostWorker, match="sleep took longer than 2 seconds"):
        slow.result()
    assert last.result() == 25


def test_what_stops_the_caller_stops_the_workers_at_once() -> None:
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt), ProcessPool(2, initializer=load_quickly) as pool:
        processes = pool.processes()
        futures = [pool.submit(sleep, 600) for _ in range(8)]
        raise KeyboardInterrupt
    assert time.monotonic() - began < 300
    for future in futures:
        with pytest.raises((CancelledError, LostWorker)):
            future.result(timeout=0)
    for number in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)
