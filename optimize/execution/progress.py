"""How far a piece of work has come, told to whoever waits for it.

Serves comparisons and searches, whose steps are not all known at the start.
"""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with what is done and what is planned."""


class Steps:
    """Counts steps done and planned, and tells both at each step."""

    def __init__(self, planned: int, progress: Progress | None = None) -> None:
        self._done, self._planned, self._progress = 0, planned, progress

    def plan(self, more: int) -> None:
        """Add steps to the plan."""
        self._planned += more

    def step(self) -> None:
        """Count one step as done."""
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._planned)
