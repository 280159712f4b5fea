"""What the commands on uncertain worlds share: their options, and how a set and its policies are read and told.

Serves `scenarios`, `global-sensitivity` and `discover`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from .migrations import fail_if_take_overs_do_not_fit
from .names import POLICY, SCENARIO_SET
from .options import with_option

if TYPE_CHECKING:
    from rich.table import Table

    from memberlab.optimize import UncertainWorld
    from memberlab.policies import Policy, Problem

Command = TypeVar("Command", bound=Callable[..., Any])

WORSE_IF_LESS = ("margin", "gmv", "retention", "orders")
"""KPIs of which less is worse, so that losing has a meaning."""


def set_options(command: Command) -> Command:
    """Add the options that say what is uncertain."""
    command = with_option()(command)
    command = click.option("--seed", type=click.IntRange(0), help="Start of the sampling.  [default: the set's]")(
        command
    )
    command = click.option("--shoppers", type=click.IntRange(1, 20_000_000), help="Shoppers in each scenario.")(command)
    command = click.option(
        "--range", "ranges", multiple=True, metavar="ADDRESS=RANGE",
        help="Range beside, or in place of, those of the set: LOW:HIGH, VALUE,VALUE or prior; may be given several "
        "times.",
    )(command)  # fmt: skip
    return click.option("--set", "name", default="deep-uncertainty", show_default=True,
                        type=SCENARIO_SET, metavar="NAME|FILE",
                        help="Scenario set: worlds with weights, and what is uncertain in them.")(command)  # fmt: skip


def policy_options(command: Command) -> Command:
    """Add the options that say what is lived in the cases."""
    command = click.option("--replications", type=click.IntRange(1, 1000), default=1, show_default=True,
                           help="Independent populations in each case.")(command)  # fmt: skip
    command = click.option("--kpi", type=click.Choice(WORSE_IF_LESS), default="margin", show_default=True,
                           help="Key figure of which the policy has more or less.")(command)  # fmt: skip
    command = click.option("--lever", "levers", multiple=True, metavar="ADDRESS=VALUES",
                           help="Lever of POLICY that is varied as well: FROM:TO:STEP or VALUE,VALUE; may be given "
                           "several times.")(command)  # fmt: skip
    command = click.option(
        "--incumbent", type=POLICY, metavar="NAME|FILE", help="Policy of the warm-up that replaces the scenarios'."
    )(command)
    return click.option("--against", type=POLICY, metavar="NAME|FILE",
                        help="Policy that POLICY is held against.  [default: the incumbent]")(command)  # fmt: skip


def read_world(
    name: str, ranges: tuple[str, ...], shoppers: int | None, disturbances: tuple[str, ...]
) -> UncertainWorld:  # fmt: skip
    """Return the uncertain world that the options name."""
    from memberlab.optimize import plan_set, ranges_of

    return plan_set(name, ranges=ranges_of(ranges), shoppers=shoppers, disturbances=disturbances)


def asked_in_worlds(
    world: UncertainWorld, policy: Policy, held: Policy, old: Policy | None, ranges: tuple[str, ...],
    **settings: object,
) -> dict[str, str]:  # fmt: skip
    """Return what a command asks of an uncertain world, for a run that can go on: see `kept_when_interrupted`."""
    from memberlab.optimize import question

    return {
        **question([policy], world.scenarios, old),
        "scenario set": f"{world.document.digest()} {world.document.name}",
        "held against": f"{held.digest()} {held.name}", "ranges": ", ".join(ranges),
        **{name.replace("_", "-"): str(value) for name, value in settings.items()},
    }  # fmt: skip


def read_policies(
    world: UncertainWorld, policy: str, against: str | None, incumbent: str | None
) -> tuple[Policy, Policy, Policy | None]:
    """Return the policy, what it is held against, and the incumbent if one was named; all fit the worlds.

    Raises DocumentError with every fault.
    """
    from memberlab.optimize import fail_if_not_fitting
    from memberlab.policies import DocumentError, load_policy

    from .options import attempt

    problems: list[Problem] = []
    old = attempt(load_policy, incumbent, problems)
    candidate = attempt(load_policy, policy, problems)
    held = attempt(load_policy, against, problems) if against else old
    if problems or candidate is None:
        raise DocumentError(problems)
    held = held or load_policy(world.scenarios[0].incumbent)
    formers = [old] if old else [load_policy(one.incumbent) for one in world.scenarios]
    named = [(policy, candidate), *([(against, held)] if against else [])]
    fail_if_take_overs_do_not_fit((name, one, former) for name, one in named for former in formers)
    fail_if_not_fitting(world, [candidate, held], old)
    return candidate, held, old


def with_levers(world: UncertainWorld, policy: Policy, texts: tuple[str, ...]) -> UncertainWorld:
    """Return the world with levers of the policy among its factors. Raises DocumentError for what is no lever."""
    from memberlab.optimize import axes_of
    from memberlab.policies import DocumentError, Problem

    axes = axes_of(texts, policy, world.scenarios)
    wrong = [Problem("--lever", None, axis.address, "is a figure of the world; give it a --range") for axis in axes
             if not axis.is_lever]  # fmt: skip
    if wrong:
        raise DocumentError(wrong)
    return world.with_factors([axis.factor for axis in axes])


def factor_table(world: UncertainWorld) -> Table:
    """Return what is uncertain, how its values lie, and in which group it is counted."""
    from rich.table import Table

    table = Table(title="What is uncertain", title_justify="left", title_style="bold")
    for column in ("Figure", "Values", "Group"):
        table.add_column(column)
    for factor in world.factors:
        table.add_row(factor.address, factor.spread.told, factor.group)
    return table


def write_set(folder: Path, world: UncertainWorld) -> None:
    """Write the set as it was read, and what is uncertain as a table."""
    import pandas as pd

    (folder / "set.yaml").write_text(world.document.to_yaml(), encoding="utf-8")
    pd.DataFrame(
        [{"address": one.address, "values": one.spread.told, "group": one.group, "is_lever": one.is_lever}
         for one in world.factors], columns=["address", "values", "group", "is_lever"],
    ).to_csv(folder / "uncertain.csv", index=False)  # fmt: skip
