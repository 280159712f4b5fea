"""A pool of worker processes that survives the death of any of them.

Serves whoever lets work be done on one machine. `concurrent.futures.ProcessPoolExecutor` is lost as a whole when one
process is killed, and does not tell which piece was to blame; here each worker is such an executor of its own, of one
process, so that a death takes one piece with it, which is then done again elsewhere. Of the libraries, loky breaks as
the standard one does and does not submit again; Pebble knows the piece to blame and has limits of time, but is under
the LGPL, would have to be told to try again all the same, and shares one pipe between workers, where these share
nothing that a killed process could leave locked.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import partial
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from .pieces import Piece

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

TRIES = 3
"""Workers that may end while they do one piece, before it is given up."""

KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


class LostWorker(BrokenExecutor):
    """A piece of work was given up because its worker ended, again and again, or took longer than allowed."""


class _Task:
    """A piece of work in the pool, and what has become of it."""

    def __init__(self, piece: Piece) -> None:
        self.piece, self.future, self.tries, self.is_late = piece, Future[Any](), 0, False


class _Worker:
    """One worker process, replaced by another when it has ended."""

    def __init__(self, initializer: Callable[[], None]) -> None:
        self.initializer = initializer
        self.timer: threading.Timer | None = None
        self.start()

    def start(self) -> None:
        """Start a process now, so that it loads while the caller prepares; it never hears Ctrl-C."""
        context = multiprocessing.get_context("spawn")
        self.pool = ProcessPoolExecutor(1, mp_context=context, initializer=self.initializer)
        with interrupts_held_back():
            self.process = self.pool.submit(os.getpid)
        _leave_the_answers_to_the_process(self.pool)

    def do(self, piece: Piece) -> Future[Any]:
        """Let the process do a piece; one that has ended while it was idle is replaced first."""
        with interrupts_held_back():
            with suppress(BrokenProcessPool):
                return self.pool.submit(piece.function, *piece.arguments, **piece.named)
            self.start()
            return self.pool.submit(piece.function, *piece.arguments, **piece.named)

    def kill(self) -> None:
        """End the process at once, or as soon as it has loaded."""
        self.process.add_done_callback(_kill)


def _leave_the_answers_to_the_process(pool: ProcessPoolExecutor) -> None:
    """Close our own end for writing answers, so that the process has the only one.

    A process that is killed in the midst of sending an answer leaves half a message. The rest of it would be waited for
    without end while somebody else could still write it; the standard library keeps this end open for no other use than
    to hand it to the processes that it starts, and here that has been done. On Windows a process fetches its end later.
    """
    writer = getattr(getattr(pool, "_result_queue", None), "_writer", None)
    if writer is not None and os.name == "posix":
        writer.close()


def _kill(process: Future[int]) -> None:
    if not process.cancelled() and process.exception() is None:
        with suppress(OSError):
            os.kill(process.result(), KILL)


class ProcessPool(Executor):
    """An executor over `workers` processes; a piece whose worker ends is done again, up to `TRIES` times.

    A piece that is given up, or that takes longer than `seconds`, fails with `LostWorker`, which names it; all others
    go on. On leaving a `with` block by an exception, such as Ctrl-C, what has not begun is cancelled and the workers
    are ended at once. `initializer` is called in each new process, in place of `serve_one_parent`. Raises ValueError
    below one worker.
    """

    def __init__(
        self, workers: int, *, seconds: float | None = None, initializer: Callable[[], None] | None = None
    ) -> None:
        if workers < 1:
            raise ValueError(f"workers ({workers}) must be at least 1")
        self._changed = threading.Condition(threading.RLock())
        self._waiting: deque[_Task] = deque()
        self._workers = [_Worker(initializer or serve_one_parent) for _ in range(workers)]
        self._idle = list(self._workers)
        self._seconds = seconds
        self._is_closed = self._is_stopped = False

    def submit(
        self, fn: Callable[Parameters, Result], /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> Future[Result]:
        """Return the future of a piece of work. Raises RuntimeError after `shutdown`."""
        with self._changed:
            if self._is_closed:
                raise RuntimeError("the pool takes no more work: it has been shut down")
            task = _Task(Piece(fn, args, kwargs))
            self._waiting.append(task)
            self._hand_out()
        return task.future

    def processes(self) -> list[int]:
        """Return the numbers of the worker processes, when all of them are there."""
        return [worker.process.result() for worker in self._workers]

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work; with `cancel_futures` what has not begun is cancelled, with `wait` the rest is awaited."""
        with self._changed:
            self._is_closed = True
            while cancel_futures and self._waiting:
                self._waiting.popleft().future.cancel()
            if wait and not self._is_stopped:
                self._changed.wait_for(self._is_done)
            over = self._workers if self._is_stopped or self._is_done() else []
        for worker in over:
            worker.pool.shutdown(wait=wait, cancel_futures=True)

    def _is_done(self) -> bool:
        return not self._waiting and len(self._idle) == len(self._workers)

    def stop(self) -> None:
        """End all workers at once; what they were doing fails with `LostWorker`, and what has not begun is
        cancelled.
        """
        with self._changed:
            self._is_stopped = True
        for worker in self._workers:
            worker.kill()
        self.shutdown(wait=True, cancel_futures=True)

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self.shutdown()
        else:
            self.stop()

    def _hand_out(self) -> None:
        """Give waiting pieces to idle workers."""
        with self._changed:
            while self._waiting and self._idle:
                task = self._waiting.popleft()
                if not task.tries and not task.future.set_running_or_notify_cancel():
                    continue
                worker = self._idle.pop()
                running = worker.do(task.piece)
                if self._seconds is not None:  # the clock starts when the process has loaded
                    worker.process.add_done_callback(partial(self._watch, worker, task, running))
                running.add_done_callback(partial(self._take, worker, task))

    def _watch(self, worker: _Worker, task: _Task, running: Future[Any], _: Future[int]) -> None:
        """End the worker when the piece has taken too long."""
        assert self._seconds is not None
        worker.timer = threading.Timer(self._seconds, self._end_late, (worker, task, running))
        worker.timer.daemon = True
        worker.timer.start()

    def _end_late(self, worker: _Worker, task: _Task, running: Future[Any]) -> None:
        with self._changed:
            if not running.done():
                task.is_late = True
                worker.kill()

    def _take(self, worker: _Worker, task: _Task, done: Future[Any]) -> None:
        """Take what a worker has made of a piece, and give the next one out."""
        if worker.timer is not None:
            worker.timer.cancel()
        fault = BrokenProcessPool() if done.cancelled() else done.exception()
        with self._changed:
            given_up = self._given_up(task) if isinstance(fault, BrokenProcessPool) else None
            if isinstance(fault, BrokenProcessPool):
                if not self._is_stopped:
                    worker.start()
                if given_up is None:
                    self._waiting.appendleft(task)
        if given_up is not None:
            given_up.__cause__ = fault
            task.future.set_exception(given_up)
        elif fault is None:
            task.future.set_result(done.result())
        elif not isinstance(fault, BrokenProcessPool):
            task.future.set_exception(fault)
        with self._changed:
            self._idle.append(worker)
            self._hand_out()
            if self._is_closed and self._is_done():
                for one in self._workers:
                    one.pool.shutdown(wait=False)
            self._changed.notify_all()

    def _given_up(self, task: _Task) -> LostWorker | None:
        """Return why a piece whose worker has ended is not done again, or None when it is."""
        task.tries += 1
        if self._is_stopped:
            return LostWorker(f"stopped while this was done: {task.piece}")
        if task.is_late:
            return LostWorker(f"{task.piece} took longer than {self._seconds:g} seconds and was ended")
        if task.tries < TRIES:
            return None
        return LostWorker(
            f"{task.piece} was given up: its worker process ended {TRIES} times before it was done, perhaps for lack "
            "of memory; try fewer workers, fewer shoppers or more regions"
        )


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
