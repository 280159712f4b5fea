"""Who lives variants for all tabs: previews in threads of this process, full figures and documents in worker processes.

Serves every desk. Worlds that several tabs look at live their warm-up once.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from memberlab.optimize import PairedFigures, Preview, ProcessPool
from memberlab.policies import Policy

from .session import World

MOST_KEPT = 8
"""Worlds whose previews are kept."""

Key = tuple[str, str, str]


class SharedLaboratory:
    """One laboratory for all tabs of the server; `close` ends its workers."""

    def __init__(self, shoppers: int, full_shoppers: int | None, replications: int) -> None:
        self.shoppers, self.full_shoppers, self.replications = shoppers, full_shoppers, replications
        self._previews: OrderedDict[Key, asyncio.Task[Preview]] = OrderedDict()
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="preview")
        self._pool = ProcessPool(1)

    async def preview(self, world: World, variant: Policy) -> PairedFigures:
        """Return a variant's figures for few shoppers."""
        loop = asyncio.get_running_loop()
        kept = await self._kept(world)
        return await loop.run_in_executor(self._threads, kept.of, variant)

    async def full(self, world: World, variant: Policy, tell: Callable[[int, int], None]) -> PairedFigures:
        """Return a variant's figures for all shoppers."""
        future = self._pool.submit(_full, world, variant, self.full_shoppers)
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """End all workers at once."""
        self._pool.stop()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _kept(self, world: World) -> Preview:
        """Return the preview of a world, begun now or by an earlier call; one that failed is begun again."""
        own = world.population.digest() if world.population is not None else ""
        key = (world.scenario.digest(), world.incumbent.digest(), own)
        if key not in self._previews:
            self._previews[key] = asyncio.create_task(self._begin(world))
            while len(self._previews) > MOST_KEPT:
                self._previews.popitem(last=False)
        self._previews.move_to_end(key)
        task = self._previews[key]
        try:
            return await asyncio.shield(task)
        except Exception:
            self._previews.pop(key, None)
            raise

    async def _begin(self, world: World) -> Preview:
        make = partial(Preview, world.incumbent, world.scenario, shoppers=self.shoppers, population=world.population)
        return await asyncio.get_running_loop().run_in_executor(self._threads, make)


def _full(world: World, variant: Policy, shoppers: int | None) -> PairedFigures:
    count = shoppers or world.scenario.population.shoppers
    return Preview(world.incumbent, world.scenario, shoppers=count, population=world.population).of(variant)
