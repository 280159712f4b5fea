"""`memberlab scenarios`: the worlds of a scenario set with their probabilities, and concrete scenarios drawn from it.

Serves whoever wants to read, keep or run the very worlds in which a policy was tried.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import out_option
from .output_options import print_json, result_options
from .uncertain_worlds import factor_table, read_world, set_options, write_set

if TYPE_CHECKING:
    from memberlab.optimize import Case, UncertainWorld
    from memberlab.scenarios import Scenario


@click.command()
@set_options
@click.option("--cases", type=click.IntRange(1, 100_000), default=20, show_default=True,
              help="Concrete scenarios to draw with --out or --json.")  # fmt: skip
@out_option()
@click.option("--force", is_flag=True, help="Replace an earlier run in DIR.")
@result_options("worlds, what is uncertain and the cases as JSON")
def scenarios(
    name: str, ranges: tuple[str, ...], shoppers: int | None, disturbances: tuple[str, ...],
    seed: int | None, cases: int, out: Path | None, force: bool, as_json: bool,
) -> None:  # fmt: skip
    """Show a scenario set, and draw concrete scenarios from it.

    \b
    memberlab scenarios --set deep-uncertainty
    memberlab scenarios --set mine.yaml --cases 50 --out DIR
    memberlab scenarios --range "gross_margin=30 %:44 %" --json

    Weights are normalised to probabilities. Cases are a Latin hypercube over the worlds and everything uncertain, so
    that each figure is drawn once from each of as many equally probable slices as there are cases. The same set, seed
    and number give the same scenarios, each with a digest. With --out the folder holds cases.csv and a scenario file
    for each case, which `memberlab run` and `compare` take.
    """
    from memberlab.optimize import latin_hypercube
    from memberlab.results import fail_if_not_usable

    started = time.time()
    world = read_world(name, ranges, shoppers, disturbances)
    if out is not None:
        fail_if_not_usable(out, force=force)
    drawn = latin_hypercube(world, cases, seed) if out is not None or as_json else []
    if out is not None:
        write(out, world, drawn, disturbances, started, force)
    if as_json:
        print_json(as_data(world, drawn))
        return
    show(world)
    if out is not None:
        click.echo(f"{cases} scenarios written to {out}")


def show(world: UncertainWorld) -> None:
    """Print the worlds with their probabilities, and what is uncertain."""
    from rich.table import Table

    from .tables import console

    screen = console()
    document = world.document
    table = Table(title=f"{document.title or document.name} ({document.name})", title_justify="left",
                  title_style="bold")  # fmt: skip
    for column in ("World", "Weight", "Probability", "Shoppers"):
        table.add_column(column, justify="left" if column == "World" else "right")
    for scenario, use, weight in zip(world.scenarios, document.scenarios, world.weights, strict=True):
        table.add_row(scenario.name, f"{use.weight}", f"{weight:.1%}", f"{scenario.population.shoppers:,}")
    screen.print(table)
    screen.print(factor_table(world))


def as_data(world: UncertainWorld, cases: list[Case]) -> dict[str, object]:
    """Return the set and its cases as plain data."""
    columns = world.table(cases)
    return {
        "set": world.document.name, "seed": world.document.seed,
        "worlds": [{"scenario": one.name, "probability": weight}
                   for one, weight in zip(world.scenarios, world.weights, strict=True)],
        "uncertain": [{"address": one.address, "values": one.spread.told, "group": one.group}
                      for one in world.factors],
        "cases": [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)],
    }  # fmt: skip


def write(
    out: Path, world: UncertainWorld, cases: list[Case], disturbances: tuple[str, ...], started: float, force: bool
) -> None:  # fmt: skip
    """Write the folder: the set, the cases as a table and as scenario files, and a manifest."""
    import pandas as pd

    from memberlab.results import new_run, write_manifest

    with new_run(out, force=force) as folder:
        write_set(folder, world)
        table = pd.DataFrame(world.table(cases))
        table.to_csv(folder / "cases.csv", index=False)
        table.to_parquet(folder / "cases.parquet", index=False)
        for case in cases:
            (folder / f"{case.scenario.name}.yaml").write_text(found_anywhere(case).to_yaml(), encoding="utf-8")
        write_manifest(folder, started, kind="scenario set", set=world.document.digest(), cases=len(cases),
                       disturbances=list(disturbances))  # fmt: skip


def found_anywhere(case: Case) -> Scenario:
    """Return the case's scenario with the files that it names by their whole paths."""
    from memberlab.policies import is_path

    named = {"incumbent": case.scenario.incumbent, "population.source": case.scenario.population.source}
    return case.scenario.with_({place: str(Path(one).resolve()) for place, one in named.items() if is_path(one)})
