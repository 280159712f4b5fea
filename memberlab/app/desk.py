"""The work behind one tab: a preview that follows the levers, full figures when they rest, what is stale cancelled.

Serves the page. Of previews only the latest variant counts: while one is lived, any number of movements become the
next. Full figures begin when the levers have rested for a moment, and the next movement ends them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from memberlab.optimize import Cancelled, Stage
from memberlab.policies import DocumentError, Policy

from .session import Session, World

if TYPE_CHECKING:
    from memberlab.optimize import FullComparison, PairedFigures

    from .documents import Documents

REST = 0.5
"""Seconds that levers must rest before full figures begin."""


class Laboratory(Protocol):
    """Who lives variants for a person: in this process for a preview, in worker processes for everything else.

    What a person asks replaces what the same person asked before, which ends with Cancelled.
    """

    async def preview(
        self, person: Hashable, world: World, variant: Policy, compiling: Callable[[], None]
    ) -> PairedFigures:
        """Return a variant's figures for few shoppers; `compiling` is called where a compiler has to work first."""
        ...

    async def full(
        self, person: Hashable, world: World, variant: Policy, told: Callable[[Stage], None]
    ) -> FullComparison:
        """Return a variant's figures for all shoppers; `told` hears how far they are."""
        ...

    async def documents(
        self, person: Hashable, world: World, variant: Policy, told: Callable[[Stage], None]
    ) -> Documents:
        """Return report and workbook of a variant."""
        ...

    def leave(self, person: Hashable) -> None:
        """Let go of everything that a person has asked."""
        ...


class Doing(Enum):
    """What a desk is at."""

    RESTING = "resting"
    PREVIEWING = "previewing"
    PREPARING = "preparing"
    """The world's shoppers live their warm-up, once for all variants."""
    COMPILING = "compiling"
    LIVING = "living"
    """Full figures are being worked out."""
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class State:
    """What a desk is at, and how far full figures are."""

    doing: Doing
    told: str = ""
    stage: Stage | None = None


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
            if self.state.doing is Doing.LIVING:
                self.state = State(Doing.RESTING)
        self._living = None

    def close(self) -> None:
        """End everything, because the tab is gone."""
        self.show = _nobody
        self.end_full()
        if self._previewing is not None:
            self._previewing.cancel()
        self.laboratory.leave(self)

    def _say(self, doing: Doing, told: str = "", stage: Stage | None = None) -> None:
        self.state = State(doing, told, stage)
        self.show()

    async def _preview(self) -> None:
        session = self.session
        try:
            while self._is_stale:
                self._is_stale = False
                world, variant = session.world, session.named_variant
                waiting = asyncio.create_task(self._tell_if_slow())
                try:
                    figures = await self.laboratory.preview(self, world, variant, lambda: self._say(Doing.COMPILING))
                except Cancelled:
                    continue
                finally:
                    waiting.cancel()
                if world == session.world:  # an older variant's figures are better than none while a lever moves
                    session.preview, self.seconds = figures, figures.seconds
                    self._say(Doing.RESTING)
        except DocumentError as fault:
            session.preview = None
            self._say(Doing.STUCK, str(fault))
        except Exception as fault:
            session.preview = None
            self._say(Doing.STUCK, f"The preview failed: {fault}")
            raise
        finally:
            self._previewing = None

    async def _tell_if_slow(self) -> None:
        """Say that shoppers live their warm-up, if a preview takes longer than one of a known world does."""
        self._say(Doing.PREVIEWING)
        await asyncio.sleep(1)
        if self.state.doing is Doing.PREVIEWING:
            self._say(Doing.PREPARING)

    async def _live(self) -> None:
        await asyncio.sleep(self.rest)
        if self._previewing is not None:
            await asyncio.wait([self._previewing])
        session = self.session
        try:
            self._say(Doing.LIVING)
            session.full = await self.laboratory.full(
                self, session.world, session.named_variant, lambda stage: self._say(Doing.LIVING, "", stage)
            )
            self._say(Doing.RESTING)
        except Cancelled:
            pass
        except DocumentError as fault:
            self._say(Doing.STUCK, str(fault))
        except Exception as fault:
            self._say(Doing.STUCK, f"The full figures failed: {fault}")
            raise


def _nobody() -> None:
    """Show nothing, as nobody looks."""
