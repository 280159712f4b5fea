"""What lies ahead, told before it begins: pieces of work, time, memory.

Serves commands that simulate many worlds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .output_options import is_silent
from .progress import time_told

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from memberlab.optimize import WorkAhead, Workers
    from memberlab.scenarios import Scenario


def tell_what_lies_ahead(estimate: WorkAhead, workers: Workers, *, quiet: bool = False) -> None:
    """Say in one line what the work takes, and warn where memory may be short.

    Raises UsageError where this machine has less memory than the work needs; of a cluster only the rest is known.
    """
    from memberlab.optimize import memory

    is_here = workers.cluster in (None, "local")
    needed = estimate.bytes_on_one_machine(workers.count) if is_here else estimate.kept_bytes
    room = memory()
    advice = "take fewer --workers, fewer --shoppers, fewer replications, or more regions"
    if room is not None and needed > room[1]:
        raise click.UsageError(
            f"the work needs up to {bytes_told(needed)} of memory, and this machine has {bytes_told(room[1])}; {advice}"
        )
    if not (quiet or is_silent()):
        seconds = estimate.seconds(workers.count) if is_here else None
        click.echo(ahead_told(estimate, workers, needed, seconds), err=True)
    if room is not None and needed > room[0]:
        click.echo(f"warning: only {bytes_told(room[0])} of memory are free just now; {advice}", err=True)


def tell_of_lives(
    scenario: Scenario, workers: Workers, *, replications: int, lives: int, worlds: int = 1, quiet: bool = False
) -> None:
    """Say what it takes to live so many policies over the horizon, in so many worlds like `scenario`.

    Raises UsageError as `tell_what_lies_ahead` does.
    """
    from memberlab.optimize import work_ahead

    estimate = work_ahead([scenario] * worlds, replications, arms={scenario.name: lives})
    tell_what_lies_ahead(estimate, workers, quiet=quiet)


def warn_of_small_workers(estimate: WorkAhead, executor: Executor) -> None:
    """Warn where a worker of a cluster may have too little memory for a piece."""
    from memberlab.optimize import ClusterExecutor

    least = executor.least_memory() if isinstance(executor, ClusterExecutor) else None
    if least is not None and least < estimate.bytes_a_worker:
        click.echo(
            f"warning: a worker needs up to {bytes_told(estimate.bytes_a_worker)} of memory, and one of the cluster "
            f"has {bytes_told(least)} for each of its threads; take fewer --shoppers or more regions",
            err=True,
        )


def ahead_told(estimate: WorkAhead, workers: Workers, needed: int, seconds: float | None) -> str:
    """Return in one line what the work takes."""
    who = "1 process" if workers.count == 1 else f"{workers.count} processes"
    if workers.cluster is not None:
        who = f"a local cluster of {who}" if workers.cluster == "local" else f"the cluster {workers.cluster}"
    how_long = f"{time_told(estimate.work)} of one processor" if seconds is None else f"roughly {time_told(seconds)}"
    pieces = ", ".join(
        f"{kind.count} {word}" for word, kind in zip(("warm-ups", "lives"), estimate.kinds.values(), strict=False)
    )
    each = f", {bytes_told(estimate.bytes_a_worker)} a worker" if seconds is None else ""
    return f"{pieces} by {who}: {how_long}, up to {bytes_told(needed)} of memory here{each}"


def bytes_told(count: float) -> str:
    """Return bytes as a person says them."""
    if count < 1e6:
        return f"{count / 1e3:.0f} kB"
    return f"{count / 1e6:.0f} MB" if count < 1e9 else f"{count / 1e9:.1f} GB"
