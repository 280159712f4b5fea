"""Where work is done: in this process, or in worker processes, behind the one interface of concurrent.futures.

Serves comparisons and the search. Work is cut by region, replication and policy; results do not depend on who did it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class SerialExecutor(Executor):
    """Does each piece of work at once in the calling process."""

    def submit(
        self, fn: Callable[Parameters, Result], /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> Future[Result]:
        """Run the function now and return its finished future."""
        future: Future[Result] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as fault:
            future.set_exception(fault)
        return future


def open_executor(workers: int) -> Executor:
    """Return an executor with `workers` worker processes; 1 works in this process. Raises ValueError below 1."""
    if workers < 1:
        raise ValueError(f"workers ({workers}) must be at least 1")
    if workers == 1:
        return SerialExecutor()
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=serve_one_parent)
    with interrupts_held_back():
        for _ in range(workers):
            pool.submit(os.getpid)  # starts a process now, so that it loads while the caller prepares
    return pool


@contextmanager
def interrupts_held_back() -> Iterator[None]:
    """Start processes inside that never hear Ctrl-C, not even while they load; the caller hears it afterwards."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def serve_one_parent() -> None:
    """Leave Ctrl-C to the parent process, and end when it ends, however it ends: for worker processes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.join,), daemon=True).start()


def _end_with(wait_for_parent: Callable[[], None]) -> None:
    wait_for_parent()
    os._exit(1)
