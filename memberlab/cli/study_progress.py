"""How far a search has come, and what Ctrl-C does to it.

Serves `memberlab optimize`: a bar with the time left on a terminal, plain lines elsewhere.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from .progress import display

Hook: TypeAlias = "Callable[[sys.UnraisableHookArgs], object]"
"""What Python calls with an exception that it cannot raise anywhere."""


class Interrupt:
    """Whether Ctrl-C has been heard."""

    heard = False

    def hear(self, number: int, frame: object) -> None:
        """Take note of the signal, be deaf to the next, and stop what runs."""
        self.heard = True
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        raise KeyboardInterrupt

    def unless_heard(
        self, tell: Callable[[sys.UnraisableHookArgs], object]
    ) -> Callable[[sys.UnraisableHookArgs], None]:
        """Return a hook that tells what Python swallowed, but not the interrupt, which is noted here."""

        def hook(swallowed: sys.UnraisableHookArgs) -> None:
            if not (self.heard and issubclass(swallowed.exc_type, KeyboardInterrupt)):
                tell(swallowed)

        return hook


class Progress:
    """How far a study has come, told on a terminal as a bar and elsewhere line by line."""

    def __init__(self, interrupt: Interrupt, show: Callable[[str, int, int], None]) -> None:
        self.tried, self._interrupt, self._show = 0, interrupt, show

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note of what is done and planned of a stage.

        Raises KeyboardInterrupt when Ctrl-C was heard where Python swallows what is raised, such as in a finalizer.
        """
        if self._interrupt.heard:
            raise KeyboardInterrupt
        if stage == "searching":
            self.tried = done
        self._show(stage, done, total)


@contextmanager
def one_interrupt() -> Iterator[Interrupt]:
    """Hear the first Ctrl-C inside, and no other until the process ends, so that stopping is not interrupted itself."""
    interrupt = Interrupt()
    if threading.current_thread() is not threading.main_thread():
        yield interrupt
        return
    before, tell = signal.signal(signal.SIGINT, interrupt.hear), sys.unraisablehook
    sys.unraisablehook = interrupt.unless_heard(tell)
    try:
        yield interrupt
    finally:
        sys.unraisablehook = tell
        if not interrupt.heard:
            signal.signal(signal.SIGINT, before)


UNITS = {
    "searching": "policies",
    "racing": "fresh populations",
    "confirming": "populations held out",
    "testing": "values of attrition_effect",
    "reacting": "reactions of the rival",
    "simplifying": "changes taken back",
    "comparing": "arms beside today's",
}
"""What each stage of a study counts."""


@contextmanager
def shown_progress(interrupt: Interrupt) -> Iterator[Progress]:
    """Give the progress of a study: a bar a stage on a terminal, lines elsewhere."""
    with display(units=UNITS) as show:
        yield Progress(interrupt, show)
