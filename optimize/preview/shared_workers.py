"""Worker processes that several people share: each has one answer under way, and turns go round.

Serves the what-if page, on its event loop. What a person asks takes the place of what the same person asked before;
among people it is first come, first served, so that nobody's haste delays another by more than one piece a worker.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from ..execution import ProcessPool
from .cancelled import Cancelled, Stage, Token
from .compiling import when_compiling

Result = TypeVar("Result")

EVERY = 0.1
"""Seconds between two looks at how far a worker is."""

Told = Callable[[Stage], None]
"""Called on the event loop when the stage of a piece has changed."""


class SharedWorkers:
    """At most `workers` processes, started when they are first needed. Raises ValueError below one.

    An object belongs to one event loop; `close` ends its processes at once.
    """

    def __init__(self, workers: int = 2) -> None:
        if workers < 1:
            raise ValueError(f"workers ({workers}) must be at least 1")
        self._count = workers
        self._turns = asyncio.Semaphore(workers)
        self._asked: dict[Hashable, asyncio.Task[object]] = {}
        self._number = 0
        self._pool: ProcessPool | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="memberlab-people-")
        self._is_closed = False

    def start(self) -> None:
        """Start the processes now, so that the first answer need not wait for them."""
        if self._pool is None:
            self._pool = ProcessPool(self._count)

    def processes(self) -> list[int]:
        """Return the numbers of the worker processes; none before they are started."""
        return [] if self._pool is None else self._pool.processes()

    async def do(
        self,
        person: Hashable | None,
        function: Callable[..., Result],
        /,
        *arguments: object,
        told: Told | None = None,
    ) -> Result:
        """Return what `function(progress, *arguments)` returns in a worker process.

        `function` calls `progress(done, planned)` between its steps, where it ends when the answer is no longer
        wanted. `person` None takes nobody's place. Raises Cancelled when the same person asks again or `cancel` is
        called, RuntimeError after `close`, `LostWorker` when workers end again and again, and what the function raises.
        """
        if self._is_closed:
            raise RuntimeError("the workers are closed")
        work = asyncio.ensure_future(self._in_turn(function, arguments, told))
        if person is not None:
            self.cancel(person)
            self._asked[person] = work
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            if work.cancelled():
                raise Cancelled("the same person has asked something else since, or has gone") from None
            work.cancel()  # whoever waits is cancelled itself
            raise
        finally:
            if person is not None and self._asked.get(person) is work:
                del self._asked[person]

    def cancel(self, person: Hashable) -> None:
        """Let go of what a person has asked, if it is not answered yet."""
        before = self._asked.pop(person, None)
        if before is not None:
            before.cancel()

    def close(self) -> None:
        """Cancel everything and end the processes at once."""
        self._is_closed = True
        for person in list(self._asked):
            self.cancel(person)
        if self._pool is not None:
            self._pool.stop()
            self._pool = None
        self._folder.cleanup()

    def __enter__(self) -> SharedWorkers:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    async def _in_turn(
        self, function: Callable[..., Result], arguments: tuple[object, ...], told: Told | None
    ) -> Result:
        await self._turns.acquire()
        try:
            self.start()
            assert self._pool is not None
            token = self._new_token()
            future = self._pool.submit(work_for, token, function, arguments)
        except BaseException:
            self._turns.release()
            raise
        loop = asyncio.get_running_loop()
        future.add_done_callback(lambda _: self._give_back(loop))
        try:
            return await _watched(future, token, told)
        except asyncio.CancelledError:
            token.cancel()
            future.cancel()
            raise
        finally:  # not before the last stage has been told
            future.add_done_callback(lambda _: token.remove())

    def _give_back(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let the next one have the worker, when it is really done with this piece."""
        if not loop.is_closed():
            loop.call_soon_threadsafe(self._turns.release)

    def _new_token(self) -> Token:
        self._number += 1
        folder = Path(self._folder.name) / str(self._number)
        folder.mkdir()
        return Token(folder)


async def _watched(future: Future[Result], token: Token, told: Told | None) -> Result:
    """Return the future's result, and tell of each change of its stage until then."""
    waiting = asyncio.wrap_future(future)
    last: Stage | None = None
    try:
        while True:
            done, _ = await asyncio.wait({waiting}, timeout=EVERY)
            stage = token.stage() if told is not None else None
            if told is not None and stage is not None and stage != last:
                told(stage)
                last = stage
            if done:
                return waiting.result()
    finally:
        waiting.cancel()  # nobody looks at it any more


def work_for(token: Token, function: Callable[..., Result], arguments: tuple[object, ...]) -> Result:
    """Call `function` in a worker with a progress that notes the stage and ends it when it is not wanted any more."""
    token.fail_if_cancelled()
    at = Stage(0, 1)

    def progress(done: int, planned: int) -> None:
        nonlocal at
        token.fail_if_cancelled()
        at = Stage(done, planned)
        token.note(at)

    def compiles() -> None:
        token.note(at._replace(is_compiling=True))

    token.note(at)
    with when_compiling(compiles):
        return function(progress, *arguments)
