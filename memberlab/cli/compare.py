"""`memberlab compare`: the same shoppers under several policies, with intervals.

Serves the strategist's "what if".
"""

from __future__ import annotations

import json
import math
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import (
    Inputs,
    assumptions_option,
    load_inputs,
    out_option,
    progress_bar,
    workers_option,
    world_options,
)
from .world_files import members_record, write_world

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from memberlab.optimize import Arm, Attribution, Comparison


@click.command()
@click.argument("policies", nargs=-1, required=True, metavar="POLICY...")
@click.option("--scenario", "scenarios", multiple=True, default=("baseline",), show_default=True, metavar="NAME|FILE",
              help="A world to compare in; may be given several times.")  # fmt: skip
@click.option("--replications", type=click.IntRange(1, 1000), default=4, show_default=True,
              help="Independent populations in each scenario.")  # fmt: skip
@click.option("--attribute", is_flag=True,
              help="Split each difference by mechanism (price, points pressure, goal, tier, ...).")  # fmt: skip
@click.option("--no-break-even", "skip_break_even", is_flag=True,
              help="Leave out under which attrition_effect each margin pays; takes a quarter of the time.")  # fmt: skip
@click.option("--ensemble", is_flag=True,
              help="Take intervals across all assumptions that the calibration facts leave open.")  # fmt: skip
@assumptions_option(several=True)
@world_options
@workers_option()
@out_option()
@click.option("--force", is_flag=True, help="Replace an earlier run in DIR.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON (money in cents, shares 0 to 1).")
def compare(
    policies: tuple[str, ...], scenarios: tuple[str, ...], replications: int, incumbent: str | None,
    population: str | None, members: str | None, shoppers: int | None, disturbances: tuple[str, ...],
    assumptions: tuple[str, ...], attribute: bool,
    skip_break_even: bool, ensemble: bool, workers: int, out: Path | None, force: bool, as_json: bool,
) -> None:  # fmt: skip
    """Compare policies: the first POLICY named is the one that the others are held against.

    All arms go on from one shared warm-up with the same shoppers and the same random numbers, so a difference is what
    the policy caused. Intervals are 95 %, paired by shopper; bold ones exclude zero.

    With --members all arms open with the same real members in place of a warm-up; these became what they are under the
    incumbent, or the first POLICY if none is given.

    Most margins hang on one assumption that no order log can tell: how much a programme slows attrition
    (attrition_effect). So each margin is shown at four values of it, with the value from which the policy pays. That
    takes about four times as long as the comparison alone; --no-break-even leaves it out.

    With --ensemble every replication is a world of its own: it has assumptions, attrition_effect among them, that
    the published facts do not rule out (docs/evidence.md), and an interval holds the middle 95 % of these worlds.
    """
    from memberlab.optimize import compare as compare_policies
    from memberlab.optimize import load_ensemble, open_executor
    from memberlab.results import fail_if_not_usable

    if ensemble and (attribute or assumptions):
        raise click.UsageError("--ensemble brings assumptions of its own; leave out --attribute and --assumptions")
    vectors = load_ensemble() if ensemble else ()
    replications = len(vectors) or replications
    started = time.time()
    inputs = load_inputs(policies, scenarios, incumbent, population, shoppers, assumptions, members, disturbances)
    if out is not None:
        fail_if_not_usable(out, force=force)
    with progress_bar("comparing", quiet=as_json) as progress, open_executor(workers) as executor:
        result = compare_policies(
            inputs.policies,
            inputs.scenarios,
            replications=replications,
            executor=executor,
            incumbent=inputs.incumbent,
            population=inputs.population,
            break_even=not (skip_break_even or ensemble),
            ensemble=vectors,
            books=out is not None and not ensemble,
            progress=progress,
        )
        split = attributions(result, inputs, executor, progress) if attribute else []
    if out is not None:
        write_comparison(out, result, split, inputs, started, force)
    if as_json:
        parts = [{str(name): _or_null(value) for name, value in row.items()}
                 for one in split for row in one.table.to_dict("records")]  # fmt: skip
        more: dict[str, object] = {"attribution": parts} if attribute else {}
        if not (skip_break_even or ensemble):
            more["break_even"] = break_evens_of(result)
        click.echo(json.dumps({"replications": replications, "figures": figures_of(result), **more}, indent=2))
        return
    show_comparison(result, split, out)


def attributions(
    result: Comparison, inputs: Inputs, executor: Executor, progress: Callable[[int, int], None]
) -> list[Attribution]:
    """Return what the differences of each policy from the first are made of, scenario by scenario."""
    from memberlab.optimize import attribute

    return [
        attribute(
            inputs.policies[0], arm.policy, arm.scenario, replications=result.replications, executor=executor,
            incumbent=inputs.incumbent, population=inputs.population, progress=progress,
        )
        for arm in result.arms
        if arm.policy is not inputs.policies[0]
    ]  # fmt: skip


def figures_of(result: Comparison) -> list[dict[str, object]]:
    """Return the rows of the comparison for JSON; a bound without limit, as a single shopper gives, is null."""
    rows = result.table.to_dict("records")
    return [{str(name): _or_null(value) for name, value in row.items()} for row in rows]


def break_evens_of(result: Comparison) -> list[dict[str, object]]:
    """Return for JSON where the margin of each policy turns, and its uplift at the values shown, in cents."""
    from memberlab.optimize import break_even_rows, margin_rows

    return [
        {
            "scenario": arm.scenario.name, "policy": arm.policy.name, "own_attrition_effect": arm.break_even.own,
            "pays": arm.break_even.pays.name.lower(), "told": str(arm.break_even),
            "crossings": [] if not arm.break_even.crossings else [
                {name: row[name] for name in ("break_even", "low", "high", "pays_above")}
                for row in break_even_rows(arm.break_even)
            ],
            "margins": [{name: _or_null(value) for name, value in row.items()} for row in margin_rows(arm.break_even)],
        }
        for arm in result.arms if arm.break_even is not None
    ]  # fmt: skip


def _or_null(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def show_comparison(result: Comparison, split: list[Attribution], out: Path | None) -> None:
    """Print a table and a verdict for each scenario."""
    from .break_even_tables import EXPLANATION, margins_table
    from .tables import attribution_table, comparison_table, console, verdict

    screen = console()
    for arms in by_scenario(result):
        screen.print(comparison_table(arms, result.replications, across_worlds=result.across_worlds))
        if any(arm.break_even is not None for arm in arms):
            screen.print(margins_table(arms))
            screen.print(EXPLANATION, highlight=False)
            screen.print()
        for sentence in verdict(arms):
            screen.print(sentence)
        screen.print()
        for one in split:
            if one.scenario is arms[0].scenario:
                screen.print(attribution_table(one))
                if one.idle:
                    screen.print(f"Without effect here: {', '.join(one.idle)}.")
                screen.print()
    if out is not None:
        screen.print(f"Comparison written to {out}")


def by_scenario(result: Comparison) -> list[list[Arm]]:
    """Return the arms of each scenario, in order."""
    names = list(dict.fromkeys(arm.scenario.name for arm in result.arms))
    return [[arm for arm in result.arms if arm.scenario.name == name] for name in names]


def write_comparison(
    out: Path, result: Comparison, split: list[Attribution], inputs: Inputs, started: float, force: bool
) -> None:
    """Write the comparison's folder: manifest, the documents, the tables and a bridge picture a scenario."""
    import pandas as pd

    from memberlab.results import margin_bridge_picture, new_run, write_books, write_manifest

    from .break_even_tables import own_value_told

    with new_run(out, force=force) as folder:
        for arm in result.arms:
            (folder / f"policy-{arm.policy.name}.yaml").write_text(arm.policy.to_yaml(), encoding="utf-8")
            if arm.books is not None:
                write_books(folder, arm.books)
        result.table.to_parquet(folder / "comparison.parquet", index=False)
        result.table.to_csv(folder / "comparison.csv", index=False)
        if any(arm.break_even is not None for arm in result.arms):
            for name, table in (
                ("break-even", result.break_even_table),
                ("margin-by-attrition-effect", result.margin_table),
            ):
                table.to_parquet(folder / f"{name}.parquet", index=False)
                table.to_csv(folder / f"{name}.csv", index=False)
        if split:
            pd.concat([one.table for one in split]).to_csv(folder / "attribution.csv", index=False)
        for arms in by_scenario(result):
            bridges = {arm.policy.name: arm.bridge for arm in arms}
            scenario = arms[0].scenario
            tag = f"-{scenario.name}"
            write_world(folder, scenario, inputs.incumbent, inputs.population, seed=scenario.seed, tag=tag)
            notes = [f"The margins hold {own_value_told(scenario)}, which no order log can tell."]
            notes += [f"{arm.policy.name} {arm.break_even}." for arm in arms if arm.break_even is not None]
            picture = folder / f"margin-bridge-{scenario.name}.png"
            margin_bridge_picture(bridges, picture, scenario.currency, notes=notes)
        write_manifest(
            folder, started, kind="comparison", replications=result.replications,
            policies={arm.policy.name: arm.policy.digest() for arm in result.arms},
            scenarios={arm.scenario.name: arm.scenario.digest() for arm in result.arms},
            **members_record(*(arms[0].scenario for arms in by_scenario(result))),
        )  # fmt: skip
