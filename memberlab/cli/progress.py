"""How far long work has come: one display for all commands, with what is done and the time left.

Serves everyone who waits. On a terminal it is a bar that goes away; elsewhere lines, at most one every few seconds;
under `--quiet` and `--json` nothing.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import click

from .output_options import is_silent

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, ProgressColumn, TaskID

BETWEEN_LINES = 10.0
"""Seconds from one plain line to the next."""

NARROW = 60
"""Columns of a terminal below which the bar itself is left out."""

OVER_WHICH = 120.0
"""Seconds of work from which the speed is estimated."""


class Display(Protocol):
    """Shows how much of a stage is done; `told` stands in place of the counts where a stage counts other things."""

    def __call__(self, stage: str, done: float, total: float, told: str | None = None) -> None:
        """Take note of what is done, and of all there is, in the stage."""


def nothing(stage: str, done: float, total: float, told: str | None = None) -> None:
    """Show nothing."""


class Lines:
    """Plain lines for logs: the first after some seconds, then one every so often; or one at each tenth of a stage."""

    def __init__(self, units: dict[str, str] | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._units, self._clock = units, clock
        self._begun: dict[str, float] = {}
        self._last = clock()
        self._tenths: dict[str, int] = {}

    def __call__(self, stage: str, done: float, total: float, told: str | None = None) -> None:
        """Write a line if one is due."""
        now = self._clock()
        begun = self._begun.setdefault(stage, now)
        if not self._is_due(stage, done, total, now):
            return
        self._last = now
        unit = f" {self._units[stage]}" if self._units and stage in self._units else ""
        left = (now - begun) * (total - done) / done if 0 < done < total else 0.0
        ahead = f", about {time_told(left)} left" if left >= 1 else ""
        click.echo(f"{stage}: {told or f'{done:g} of {total:g}{unit}'}{ahead}", err=True)
        sys.stderr.flush()

    def _is_due(self, stage: str, done: float, total: float, now: float) -> bool:
        if self._units is None:
            return now - self._last >= BETWEEN_LINES
        tenth = int(10 * done // max(total, 1))
        if self._tenths.get(stage) == tenth:
            return False
        self._tenths[stage] = tenth
        return True


class Bars:
    """A bar for each stage, on a terminal."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: float, total: float, told: str | None = None) -> None:
        """Move the bar."""
        task = self._tasks.get(stage)
        if task is None:
            task = self._tasks[stage] = self._bars.add_task(stage, total=None, told="")
        counts = told if told is not None else f"{done:g} of {total:g}" if total else ""
        self._bars.update(task, completed=done, total=total or None, told=counts)


@contextmanager
def display(*, quiet: bool = False, units: dict[str, str] | None = None) -> Iterator[Display]:
    """Give the display that fits where the error stream goes; the cursor comes back however the block is left.

    With `units` (by stage) a stage is told from its start on, and at each tenth, where lines are written.
    """
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    if quiet or is_silent():
        yield nothing
    elif not console.is_terminal or console.is_dumb_terminal:
        yield Lines(units)
    else:
        with Progress(
            *_columns(console), console=console, transient=True, speed_estimate_period=OVER_WHICH, expand=False
        ) as bars:
            yield Bars(bars)


def _columns(console: Console) -> list[ProgressColumn]:
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn

    bar = [] if console.width < NARROW else [BarColumn(bar_width=min(40, console.width // 4))]
    return [
        TextColumn("{task.description}", markup=False), *bar, TaskProgressColumn(),
        TextColumn("{task.fields[told]}", markup=False), TimeRemainingColumn(elapsed_when_finished=True),
    ]  # fmt: skip


@contextmanager
def progress_bar(title: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """Give a function of (done, total) that shows how far work of one kind is."""
    with display(quiet=quiet) as show:
        yield lambda done, total: show(title, done, total)


@contextmanager
def work_bar(title: str, *, quiet: bool = False) -> Iterator[Callable[[float, float, int, int], None]]:
    """Give a function of (done, planned, pieces, all pieces): the first two in seconds of work."""
    with display(quiet=quiet) as show:
        yield lambda done, planned, pieces, every: show(title, done, planned, f"{pieces} of {every} pieces")


@contextmanager
def steps(*, quiet: bool = False) -> Iterator[Callable[[str, int, int], None]]:
    """Give a function of (what, done, total) for work in steps, some of which cannot be counted: their total is 0."""
    with display(quiet=quiet) as show:
        yield show


def time_told(seconds: float) -> str:
    """Return seconds as a person says them."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
