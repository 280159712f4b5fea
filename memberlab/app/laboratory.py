"""Who lives variants for all tabs: previews in a thread of this process, full figures and documents in workers.

Serves every desk. Worlds that several tabs look at live their warm-up once; the engine is that of `memberlab.optimize`.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable

from memberlab.optimize import FullComparison, FullFigures, LivePreviews, PairedFigures, Preview, SharedWorkers, Stage
from memberlab.policies import Policy
from memberlab.scenarios import Scenario

from .documents import Documents, documents_of
from .session import World

MOST_KEPT = 8
"""Worlds whose previews are kept."""

Key = tuple[str, str, str]


class SharedLaboratory:
    """One laboratory for all tabs of the server; `close` ends its workers."""

    def __init__(self, shoppers: int, full_shoppers: int | None, replications: int) -> None:
        self.shoppers, self.full_shoppers, self.replications = shoppers, full_shoppers, replications
        self._kept: OrderedDict[Key, asyncio.Task[Preview]] = OrderedDict()
        self._workers = SharedWorkers(2)
        self._previews = LivePreviews(self._workers)
        self._full = FullFigures(self._workers)

    async def preview(
        self, person: Hashable, world: World, variant: Policy, compiling: Callable[[], None]
    ) -> PairedFigures:
        """Return a variant's figures for few shoppers."""
        kept = await self._opened(world, compiling)
        return await self._previews.of(person, kept, variant, compiling=compiling)

    async def full(
        self, person: Hashable, world: World, variant: Policy, told: Callable[[Stage], None]
    ) -> FullComparison:
        """Return a variant's figures for all shoppers of the scenario."""
        return await self._full.full(
            person, world.incumbent, variant, self._whole(world.scenario), replications=self.replications,
            population=world.population, progress=told,
        )  # fmt: skip

    async def documents(
        self, person: Hashable, world: World, variant: Policy, told: Callable[[Stage], None]
    ) -> Documents:
        """Return report and workbook of a variant beside today's policy."""
        return await self._workers.do(
            ("documents", person), documents_of, world.incumbent, variant, self._whole(world.scenario),
            world.population, self.replications, told=told,
        )  # fmt: skip

    def leave(self, person: Hashable) -> None:
        """Let go of everything that a person has asked."""
        self._workers.cancel(person)
        self._workers.cancel(("documents", person))

    def close(self) -> None:
        """End all workers at once."""
        self._previews.close()
        self._workers.close()

    def _whole(self, scenario: Scenario) -> Scenario:
        if self.full_shoppers is None or scenario.population.members is not None:
            return scenario
        return scenario.with_({"population.shoppers": self.full_shoppers})

    async def _opened(self, world: World, compiling: Callable[[], None]) -> Preview:
        """Return the preview of a world, begun now or by an earlier call; one that failed is begun again."""
        own = world.population.digest() if world.population is not None else ""
        key = (world.scenario.digest(), world.incumbent.digest(), own)
        if key not in self._kept:
            self._kept[key] = asyncio.create_task(self._previews.open(
                world.incumbent, self._whole(world.scenario), shoppers=self.shoppers, population=world.population,
                compiling=compiling,
            ))  # fmt: skip
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        task = self._kept[key]
        try:
            return await asyncio.shield(task)
        except Exception:
            self._kept.pop(key, None)
            raise
