"""Who does the work of a command, and what becomes of it when the work is interrupted: `--workers`, `--cluster`,
`--resume`.

Serves every command that works for a while. A command takes `workers` and hands it to `open_executor`.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from .interrupts import was_interrupted
from .study_progress import Interrupt, one_interrupt

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from memberlab.optimize import Unfinished

Command = TypeVar("Command", bound=Callable[..., Any])


def workers_option(*, all_processors: bool = False) -> Callable[[Command], Command]:
    """Return the options `--workers` and `--cluster`, which reach the command as one argument `workers` (`Workers`).

    Without either, one process works, or as many as there are processors if `all_processors`.
    """
    words = "Worker processes; results are the same for any number."
    count = click.option(
        "--workers", type=click.IntRange(1, 64), default=None if all_processors else 1,
        show_default="the number of processors" if all_processors else True, help=words,
    )  # fmt: skip
    cluster = click.option(
        "--cluster", metavar="ADDRESS|local", callback=known_cluster,
        help="Let a Dask cluster do the work: the address of its scheduler, such as tcp://host:8786, or 'local' for "
        "one on this machine with so many --workers; results are the same.",
    )  # fmt: skip

    def add(command: Command) -> Command:
        @functools.wraps(command)
        def with_workers(*arguments: Any, workers: int | None, cluster: str | None, **named: Any) -> Any:
            from memberlab.optimize import Workers

            is_said = click.get_current_context().get_parameter_source("workers") is ParameterSource.COMMANDLINE
            if is_said and cluster not in (None, "local"):
                raise click.UsageError(f"the cluster {cluster} has workers of its own; leave out --workers")
            number = workers if workers and (is_said or cluster is None) else processors()
            return command(*arguments, workers=Workers(number, cluster), **named)

        return count(cluster(with_workers))  # type: ignore[return-value]

    return add


def known_cluster(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Return the cluster named, or say how to name one."""
    if value in (None, "local") or (value is not None and value.partition("://")[2]):
        return value
    raise click.BadParameter(
        f"{value!r} names no cluster: say 'local', or the address of a Dask scheduler such as tcp://host:8786"
    )


def processors() -> int:
    """Return how many processors this process may use, 16 at most."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(available, 16)


def resume_option(command: Command) -> Command:
    """Add the option `--resume`."""
    return click.option(
        "--resume", is_flag=True,
        help="Go on with the run of DIR that was interrupted; what it had finished is kept in DIR.partial.",
    )(command)  # fmt: skip


class Keeper:
    """Keeps what is finished of a run, if it is one that is written."""

    def __init__(self, run: Unfinished | None = None, interrupt: Interrupt | None = None) -> None:
        self._run, self._interrupt = run, interrupt

    def remembering(self, executor: Executor) -> Executor:
        """Return the executor, made to remember what is finished."""
        from memberlab.optimize import RememberingExecutor

        run = self._run
        return executor if run is None else RememberingExecutor(executor, run.finished, run.files)

    def heeding(self, progress: Callable[[int, int], None] | None = None) -> Callable[[int, int], None]:
        """Return `progress`, or one that shows nothing, made to stop at a Ctrl-C that Python swallowed."""

        def told(done: int, total: int) -> None:
            if self._interrupt is not None and self._interrupt.heard:
                raise KeyboardInterrupt
            if progress is not None:
                progress(done, total)

        return told


@contextmanager
def kept_when_interrupted(out: Path | None, asked: Mapping[str, str], *, resume: bool, force: bool) -> Iterator[Keeper]:
    """Keep what is finished of a run while the block lasts, and say how to go on when it is interrupted.

    A run that is not written is not kept. Ctrl-C is heard once. `asked` as in `unfinished_run`.
    """
    from memberlab.optimize import partial_folder, unfinished_run

    if out is None:
        if resume:
            raise click.UsageError("--resume goes on with the run of a folder; name it with --out DIR")
        yield Keeper()
        return
    finished = 0
    try:
        with one_interrupt() as interrupt, unfinished_run(out, asked, resume=resume, anew=force) as run:
            try:
                yield Keeper(run, interrupt)
            finally:
                finished = run.finished.count()
    except (Exception, KeyboardInterrupt) as fault:
        if finished:
            name = os.path.relpath(partial_folder(out))
            pieces = "1 finished piece" if finished == 1 else f"{finished} finished pieces"
            told = f"{name} keeps {pieces} of work; the same command with --resume goes on"
            click.echo(f"\n{told}" if was_interrupted(fault) else told, err=True)
        raise
