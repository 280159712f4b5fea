"""What several commands share: options, progress on the terminal, and the population fitted to a user's own log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from .names import ASSUMPTION_SET, DISTURBANCE, FILE, POLICY, POPULATION
from .progress import progress_bar as progress_bar  # noqa: PLC0414 - commands ask for what they share here
from .worker_options import workers_option as workers_option  # noqa: PLC0414 - commands ask for all options here

if TYPE_CHECKING:
    from memberlab.policies import Policy, Problem
    from memberlab.scenarios import Population, Scenario

Command = TypeVar("Command", bound=Callable[..., Any])


def out_option(required: bool = False) -> Callable[[Command], Command]:
    """Return the `--out` option: the folder of the run."""
    return click.option(
        "--out",
        type=click.Path(path_type=Path),
        required=required,
        metavar="DIR",
        help="Write the run to this new folder.",
    )


def world_options(command: Command) -> Command:
    """Add the options that change the world of a run: incumbent, population, members, shoppers and disturbances."""
    command = with_option()(command)
    command = click.option(
        "--members",
        type=FILE,
        metavar="FILE.yaml",
        help="Open each world with the members of this file in place of the warm-up.",
    )(command)
    command = click.option("--shoppers", type=click.IntRange(1, 20_000_000), help="Shoppers in each scenario.")(command)
    command = click.option(
        "--population", type=POPULATION, metavar="NAME|FILE", help="Population that replaces the scenario's."
    )(command)
    return click.option(
        "--incumbent", type=POLICY, metavar="NAME|FILE", help="Policy of the warm-up that replaces the scenario's."
    )(command)


def with_option() -> Callable[[Command], Command]:
    """Return the `--with` option: disturbances of the catalogue that are added to each scenario."""
    return click.option(
        "--with", "disturbances", multiple=True, type=DISTURBANCE, metavar="NAME[@START]",
        help="Disturbance of the catalogue to add to each scenario, such as recession-2009; @7 starts it in month 7 of "
        "the horizon, @2026-07-15 on that day. May be given several times; `memberlab catalog` lists them.",
    )  # fmt: skip


def assumptions_option(*, several: bool = False) -> Callable[[Command], Command]:
    """Return the `--assumptions` option; of `several` sets each makes a world of every scenario."""
    more = "; may be given several times" if several else ""
    return click.option(
        "--assumptions", multiple=several, type=ASSUMPTION_SET, metavar="NAME|FILE",
        help=f"Set of assumptions about shoppers that replaces the scenario's{more}.",
    )  # fmt: skip


def ledger_option(purpose: str) -> Callable[[Command], Command]:
    """Return the option `--ledger`: the server on which a search keeps its evaluations, and what that is good for."""
    return click.option(
        "--ledger", envvar="MEMBERLAB_LEDGER", show_envvar=True, metavar="postgresql://USER@HOST/DATABASE",
        help=f"{purpose} Leave the password to PGPASSWORD or ~/.pgpass.",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Inputs:
    """The documents that a command was given; `incumbent` and `population` are None where the scenario's own hold."""

    policies: list[Policy]
    scenarios: list[Scenario]
    incumbent: Policy | None
    population: Population | None


def load_inputs(
    policies: tuple[str, ...],
    scenarios: tuple[str, ...],
    incumbent: str | None,
    population: str | None,
    shoppers: int | None,
    assumptions: tuple[str, ...] = (),
    members: str | None = None,
    disturbances: tuple[str, ...] = (),
) -> Inputs:
    """Return the documents named, with `shoppers` in each scenario if given, each opened with the `members` of a file
    if given, each scenario under each set of `assumptions`, if there are any, and with the `disturbances` asked for.

    Members became what they are under the incumbent; where none is named, under the first of `policies`.

    Raises one DocumentError with the faults of all of them.
    """
    from memberlab.policies import DocumentError, load_policy
    from memberlab.scenarios import at_own_prices, disturbed, load_population, load_scenario, with_members
    from memberlab.sim import load_assumption_set, under

    problems: list[Problem] = []
    inputs = Inputs(
        policies=[policy for name in policies if (policy := attempt(load_policy, name, problems))],
        scenarios=[scenario for name in scenarios if (scenario := attempt(load_scenario, name, problems))],
        incumbent=attempt(load_policy, incumbent, problems),
        population=attempt(load_population, population, problems),
    )
    sets = [one for name in assumptions if (one := attempt(load_assumption_set, name, problems))]
    if problems:
        raise DocumentError(problems)
    worlds = [under(world, one) for world in inputs.scenarios for one in sets] if sets else inputs.scenarios
    if inputs.population is not None:
        worlds = [at_own_prices(world, inputs.population) for world in worlds]
    if members is not None:
        inputs = replace(inputs, incumbent=inputs.incumbent or inputs.policies[0])
        worlds = [with_members(world, members, shoppers=shoppers, incumbent=inputs.incumbent) for world in worlds]
    elif shoppers is not None:
        worlds = [world.with_({"population.shoppers": shoppers}) for world in worlds]
    return replace(inputs, scenarios=[disturbed(world, disturbances) for world in worlds])


Loaded = TypeVar("Loaded")


def attempt(load: Callable[[str], Loaded], name: str | None, problems: list[Problem]) -> Loaded | None:
    """Return the document `name`, or None after adding its faults to `problems`; None stays None."""
    from memberlab.policies import DocumentError

    if name is None:
        return None
    try:
        return load(name)
    except DocumentError as fault:
        problems.extend(problem for problem in fault.problems if problem not in problems)
        return None
