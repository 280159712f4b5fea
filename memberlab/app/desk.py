"""The work behind one tab: a preview that follows the levers, full figures when they rest, what is stale cancelled.

Serves the page. Of previews only the latest variant counts: while one is lived, any number of movements become the
next. Full figures begin when the levers have rested for a moment, and the next movement ends them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from memberlab.policies import DocumentError, Policy

from .session import Session, World

if TYPE_CHECKING:
    from memberlab.optimize import PairedFigures

REST = 0.5
"""Seconds that levers must rest before full figures begin."""


class Laboratory(Protocol):
    """Who lives variants: in this process for a preview, in worker processes for full figures."""

    async def preview(self, world: World, variant: Policy) -> PairedFigures:
        """Return a variant's figures for few shoppers."""
        ...

    async def full(self, world: World, variant: Policy, tell: Callable[[int, int], None]) -> PairedFigures:
        """Return a variant's figures for all shoppers; cancelling the call ends the work. `tell` hears of progress."""
        ...


class Doing(Enum):
    """What a desk is at."""

    RESTING = "resting"
    PREVIEWING = "previewing"
    PREPARING = "preparing"
    """The world's shoppers live their warm-up, once for all variants."""
    LIVING = "living"
    """Full figures are being worked out."""
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class State:
    """What a desk is at, and how far."""

    doing: Doing
    told: str = ""
    done: int = 0
    total: int = 0


class Desk:
    """Keeps a session's figures up to date; `show` is called whenever there is something new to see."""

    def __init__(self, session: Session, laboratory: Laboratory, show: Callable[[], None], rest: float = REST) -> None:
        self.session, self.laboratory, self.show, self.rest = session, laboratory, show, rest
        self.state = State(Doing.RESTING)
        self.seconds: float | None = None
        """How long the last preview took on the server."""
        self._is_stale = False
        self._previewing: asyncio.Task[None] | None = None
        self._living: asyncio.Task[None] | None = None

    def moved(self, *, rests: bool = True) -> None:
        """Follow the session's new variant; where the levers `rest`, work out full figures too."""
        self.end_full()
        self._is_stale = True
        if self._previewing is None:
            self._previewing = asyncio.create_task(self._preview())
        if rests:
            self._living = asyncio.create_task(self._live())

    def end_full(self) -> None:
        """End full figures that are being worked out."""
        if self._living is not None and not self._living.done():
            self._living.cancel()
        self._living = None

    def close(self) -> None:
        """End everything, because the tab is gone."""
        self.end_full()
        if self._previewing is not None:
            self._previewing.cancel()
        self.show = _nobody

    async def settled(self) -> None:
        """Wait until nothing is being worked out."""
        while tasks := [task for task in (self._previewing, self._living) if task is not None and not task.done()]:
            await asyncio.wait(tasks)

    def _say(self, doing: Doing, told: str = "", done: int = 0, total: int = 0) -> None:
        self.state = State(doing, told, done, total)
        self.show()

    async def _preview(self) -> None:
        try:
            while self._is_stale:
                self._is_stale = False
                session = self.session
                world, variant = session.world, session.named_variant
                waiting = asyncio.create_task(self._tell_if_slow())
                try:
                    figures = await self.laboratory.preview(world, variant)
                finally:
                    waiting.cancel()
                if not self._is_stale or (world == session.world):
                    session.preview, self.seconds = figures, figures.seconds
                    if self.state.doing is not Doing.LIVING:
                        self.state = State(Doing.RESTING)
                    self.show()
        except DocumentError as fault:
            self.session.preview = None
            self._say(Doing.STUCK, str(fault))
        except Exception as fault:
            self._say(Doing.STUCK, f"The preview failed: {fault}")
            raise
        finally:
            self._previewing = None

    async def _tell_if_slow(self) -> None:
        """Say that shoppers live their warm-up, if a preview takes longer than one of a known world does."""
        self._say(Doing.PREVIEWING)
        await asyncio.sleep(0.7)
        self._say(Doing.PREPARING)

    async def _live(self) -> None:
        await asyncio.sleep(self.rest)
        if self._previewing is not None:
            await asyncio.wait([self._previewing])
        world, variant = self.session.world, self.session.named_variant
        try:
            self._say(Doing.LIVING)
            figures = await self.laboratory.full(world, variant, lambda done, total: self._say(
                Doing.LIVING, "", done, total))  # fmt: skip
            self.session.full = figures
            self._say(Doing.RESTING)
        except asyncio.CancelledError:
            self.state = State(Doing.RESTING)
            raise
        except DocumentError as fault:
            self._say(Doing.STUCK, str(fault))
        except Exception as fault:
            self._say(Doing.STUCK, f"The full figures failed: {fault}")
            raise


def _nobody() -> None:
    """Show nothing, as nobody looks."""
