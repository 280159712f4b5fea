"""Groups of options that many commands have, each declared once and handed over as one record.

Serves the commands that live policies in worlds: what the world is, and what becomes of the work.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from .options import Inputs, assumptions_option, load_inputs, out_option, world_options
from .output_options import CENTS_AND_SHARES, result_options
from .worker_options import Keeper, kept_when_interrupted, resume_option, workers_option

if TYPE_CHECKING:
    from memberlab.optimize import Workers

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class GivenWorld:
    """What the options say of the world, as words; None and empty where the scenario's own holds."""

    incumbent: str | None
    population: str | None
    members: str | None
    shoppers: int | None
    disturbances: tuple[str, ...]
    assumptions: tuple[str, ...]

    def load(self, policies: Iterable[str], scenarios: Iterable[str]) -> Inputs:
        """Return the documents named. Raises one DocumentError with the faults of all of them."""
        return load_inputs(
            tuple(policies), tuple(scenarios), self.incumbent, self.population, self.shoppers, self.assumptions,
            self.members, self.disturbances,
        )  # fmt: skip


def given_world_options(*, several: bool = False) -> Callable[[Command], Command]:
    """Return the options that change the world of a run, which reach the command as `given` (`GivenWorld`).

    With `several`, more than one set of assumptions may be given.
    """

    def add(command: Command) -> Command:
        @functools.wraps(command)
        def with_world(
            *arguments: Any, incumbent: str | None, population: str | None, members: str | None, shoppers: int | None,
            disturbances: tuple[str, ...], assumptions: str | tuple[str, ...] | None, **named: Any,
        ) -> Any:  # fmt: skip
            sets = (assumptions,) if isinstance(assumptions, str) else assumptions or ()
            given = GivenWorld(incumbent, population, members, shoppers, disturbances, sets)
            return command(*arguments, given=given, **named)

        return assumptions_option(several=several)(world_options(with_world))  # type: ignore[return-value]

    return add


@dataclass(frozen=True, slots=True)
class Work:
    """Who does the work of a command, and where it is kept."""

    workers: Workers
    out: Path | None
    resume: bool
    force: bool

    def fail_if_not_usable(self) -> None:
        """Raise DocumentError where the run's folder, if one is wanted, cannot be written."""
        from memberlab.results import fail_if_not_usable

        if self.out is not None:
            fail_if_not_usable(self.out, force=self.force)

    def kept(self, asked: Mapping[str, str]) -> AbstractContextManager[Keeper]:
        """Keep what is finished while the block lasts, as `kept_when_interrupted` does."""
        return kept_when_interrupted(self.out, asked, resume=self.resume, force=self.force)

    def tell_where(self, what: str) -> None:
        """Say where the result was written, if it was: "`what` written to DIR"."""
        if self.out is not None:
            click.echo(f"{what} written to {self.out}")


def work_options(what: str = f"the figures as JSON ({CENTS_AND_SHARES})") -> Callable[[Command], Command]:
    """Return the options of work that takes a while, which reach the command as `work` (`Work`), and those of results.

    They are `--workers`, `--cluster`, `--out`, `--resume`, `--force`, and `--json` (as `as_json`) and `--quiet`; `what`
    as in `result_options`.
    """

    def add(command: Command) -> Command:
        @functools.wraps(command)
        def with_work(
            *arguments: Any, workers: Workers, out: Path | None, resume: bool, force: bool, **named: Any
        ) -> Any:
            return command(*arguments, work=Work(workers, out, resume, force), **named)

        told = force_option(result_options(what)(with_work))
        return workers_option()(out_option()(resume_option(told)))  # type: ignore[return-value]

    return add


def force_option(command: Command) -> Command:
    """Add the option `--force`."""
    return click.option("--force", is_flag=True, help="Replace an earlier run in DIR.")(command)


def scenario_option(what: str = "The world of the runs.") -> Callable[[Command], Command]:
    """Return the option `--scenario` of a command that lives one."""
    from .names import SCENARIO

    return click.option(
        "--scenario", default="baseline", show_default=True, type=SCENARIO, metavar="NAME|FILE", help=what
    )


def replications_option(default: int, what: str = "Independent populations.") -> Callable[[Command], Command]:
    """Return the option `--replications`."""
    return click.option("--replications", type=click.IntRange(1, 1000), default=default, show_default=True, help=what)
