"""Previews on an event loop: in a thread where the rules are compiled, in a worker process where they are not.

Serves the what-if page, which must answer clicks while a compiler works for a minute.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from memberlab.policies import Policy
from memberlab.scenarios import Population, Scenario

from ..execution import Progress
from .cancelled import Cancelled
from .compiling import NotCompiled, without_compiling
from .figures import PairedFigures
from .preview import SHOPPERS, Preview
from .shared_workers import SharedWorkers

Result = TypeVar("Result")


class LivePreviews:
    """Makes and asks previews for several people; of one person's questions only the latest need be answered."""

    def __init__(self, workers: SharedWorkers) -> None:
        self._workers = workers
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="preview")
        self._latest: dict[Hashable, object] = {}
        self._compiler = asyncio.Lock()

    async def open(
        self, incumbent: Policy, scenario: Scenario, *, shoppers: int = SHOPPERS, population: Population | None = None,
        compiling: Callable[[], None] | None = None,
    ) -> Preview:  # fmt: skip
        """Return the preview of a scenario under today's policy.

        `compiling` is called when that has to wait for a compiler, for 30 to 100 seconds. Raises DocumentError as
        `Preview` does.
        """

        def made() -> Preview:
            return Preview(incumbent, scenario, shoppers=shoppers, population=population)

        async def elsewhere() -> Preview:
            return await self._workers.do(None, made_in_worker, incumbent, scenario, shoppers, population)

        return await self._compiled(made, elsewhere, lambda: True, compiling)

    async def of(
        self, person: Hashable, preview: Preview, variant: Policy, *, compiling: Callable[[], None] | None = None
    ) -> PairedFigures:
        """Return the variant's figures beside today's.

        Raises Cancelled where the same person has asked for another variant before this one's turn came, and
        DocumentError as `Preview.of` does.
        """
        ticket = self._latest[person] = object()

        def is_wanted() -> bool:
            return self._latest.get(person) is ticket

        def lived() -> PairedFigures:
            if not is_wanted():
                raise Cancelled("the same person has asked for another variant since")
            return preview.of(variant)

        async def elsewhere() -> PairedFigures:
            return await self._workers.do(None, asked_in_worker, preview, variant)

        try:
            return await self._compiled(lived, elsewhere, is_wanted, compiling)
        finally:
            if is_wanted():
                del self._latest[person]

    def close(self) -> None:
        """End the thread; the workers are closed by whoever opened them."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _compiled(
        self, here: Callable[[], Result], elsewhere: Callable[[], Awaitable[Result]],
        is_wanted: Callable[[], bool], compiling: Callable[[], None] | None,
    ) -> Result:  # fmt: skip
        try:
            return await self._in_thread(here)
        except NotCompiled:
            if compiling is not None:
                compiling()
        async with self._compiler:  # one at a time: the next may find compiled what it needs
            try:
                return await self._in_thread(here)
            except NotCompiled:
                if not is_wanted():
                    raise Cancelled("the same person has asked for another variant since") from None
            return await elsewhere()

    async def _in_thread(self, function: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, _not_compiling, function)


def _not_compiling(function: Callable[[], Result]) -> Result:
    with without_compiling():
        return function()


def made_in_worker(
    progress: Progress, incumbent: Policy, scenario: Scenario, shoppers: int, population: Population | None
) -> Preview:
    """Return a preview, compiled for on the way."""
    return Preview(incumbent, scenario, shoppers=shoppers, population=population)


def asked_in_worker(progress: Progress, preview: Preview, variant: Policy) -> PairedFigures:
    """Return a variant's figures, compiled for on the way."""
    return preview.of(variant)
