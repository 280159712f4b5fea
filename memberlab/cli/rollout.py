"""`memberlab rollout`: a new policy comes to the shoppers by stages, seen as an analyst would and as it truly was.

Serves strategists who plan a pilot, a ramp and a launch, and those who will have to judge the pilot.
"""

from __future__ import annotations

import json
import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .names import FILE
from .option_groups import GivenWorld, Work, given_world_options, replications_option, scenario_option, work_options
from .options import attempt, progress_bar
from .output_options import print_json
from .report_options import leaves_report
from .work_ahead import tell_of_lives

if TYPE_CHECKING:
    from memberlab.optimize import RolloutResult
    from memberlab.policies import Problem
    from memberlab.scenarios import LoadedRollout

    from .options import Inputs


@click.command()
@click.argument("rollout_file", type=FILE, metavar="ROLLOUT.yaml")
@scenario_option("The world of the rollout.")
@replications_option(4, "Independent populations; how often the stop rule fires is a share of these.")
@given_world_options()
@work_options("the figures as JSON (money in cents, days from 1)")
@leaves_report
def rollout(
    rollout_file: str, scenario: str, replications: int, given: GivenWorld, work: Work, as_json: bool,
) -> None:  # fmt: skip
    """Live a rollout: pilot, ramps and launch of one or several policies beside today's, by the stages of
    ROLLOUT.yaml.

    For each arm and stage the table has what an analyst would see, the mean of a shopper in the arm less that of one
    in the hold-out with the 95 % interval of one such experiment, and beside it the truth: what the same shoppers
    would have done under today's policy. Those who have been in the arm since the stage's first day count; without a
    hold-out they are held against those who have not joined yet.

    A stop rule is lived as it would be: by what is seen on its review days. The table says how often it fires, how
    often wrongly, and what it costs or saves against going on.

    \b
    memberlab rollout examples/rollout.yaml --replications 8
    memberlab schema rollout --page                         every key of ROLLOUT.yaml
    """
    from memberlab.optimize import fail_if_rollout_does_not_fit, open_executor, question, roll_out
    from memberlab.policies import DocumentError, load_policy
    from memberlab.scenarios import load_rollout

    if given.members is not None and given.incumbent is None:
        raise click.UsageError("--members needs --incumbent: the policy under which they became what they are")
    started = time.time()
    problems: list[Problem] = []
    loaded = attempt(load_rollout, rollout_file, problems)
    try:
        inputs = given.load((), (scenario,))
    except DocumentError as fault:
        raise DocumentError([*problems, *fault.problems]) from None
    if loaded is None:
        raise DocumentError(problems)
    world = inputs.scenarios[0]
    fail_if_rollout_does_not_fit(loaded, world, inputs.incumbent or load_policy(world.incumbent))
    work.fail_if_not_usable()
    asked = question(
        loaded.policies, inputs.scenarios, inputs.incumbent, inputs.population, replications=replications,
        the_rollout=loaded.rollout.digest(),
    )  # fmt: skip
    tell_of_lives(world, work.workers, replications=replications, lives=len(loaded.policies) + 1)
    with work.kept(asked) as keeper:
        with progress_bar("rolling out") as progress, open_executor(work.workers) as pool:
            result = roll_out(
                loaded, world, replications=replications, executor=keeper.remembering(pool),
                incumbent=inputs.incumbent, population=inputs.population, progress=keeper.heeding(progress),
            )  # fmt: skip
        if work.out is not None:
            write(work.out, result, loaded, inputs, started, work.force)
    if as_json:
        print_json(as_data(result))
        return
    show(result)
    work.tell_where("Rollout")


def show(result: RolloutResult) -> None:
    """Print the stages of each arm, the stop rule and what came of the whole shop."""
    from .rollout_tables import shop_table, stage_table, stop_told, verdict
    from .tables import console

    screen = console()
    screen.print(stage_table(result))
    for sentence in (*verdict(result), *stop_told(result)):
        screen.verdict(sentence, highlight=False)
    screen.print()
    screen.print(shop_table(result))


def as_data(result: RolloutResult) -> dict[str, Any]:
    """Return the rollout as plain data: money in cents, days from 1, bounds without limit as null."""
    names = ["today's policy", *result.rollout.arms]
    policies = (result.incumbent, *result.policies)
    return {
        "rollout": result.rollout.name, "scenario": result.scenario.name, "currency": result.scenario.currency,
        "replications": result.replications,
        "policies": {name: policy.name for name, policy in zip(names, policies, strict=True)},
        "stages": rows_of(result.table.to_dict("records")),
        "weeks": rows_of(result.weekly.to_dict("records")),
        "stops": [
            {"arm": row.arm, "days": [None if day is None else day + 1 for day in row.days], "wrongly": row.wrongly}
            for row in result.stops
        ],
        "saved_by_the_rule": result.saved, "whole_shop": result.totals,
        "shoppers_at_the_end": dict(zip(names, result.shoppers, strict=True)),
        "bridges": dict(zip(names, result.bridges, strict=True)),
    }  # fmt: skip


def rows_of(records: list[dict[Any, Any]]) -> list[dict[str, object]]:
    """Return rows of a table for JSON."""
    return [
        {str(name): None if isinstance(value, float) and not math.isfinite(value) else value
         for name, value in row.items()}
        for row in records
    ]  # fmt: skip


def write(
    out: Path, result: RolloutResult, loaded: LoadedRollout, inputs: Inputs, started: float, force: bool
) -> None:  # fmt: skip
    """Write the folder: the documents, tables by stage, week and arm, the pictures and a manifest."""
    import pandas as pd

    from memberlab.results import margin_bridge_picture, new_run, write_manifest
    from memberlab.scenarios import members_record, write_world

    from .rollout_tables import draw_weeks

    rollout, names = result.rollout, ["today's policy", *result.rollout.arms]
    bridges = dict(zip(names, result.bridges, strict=True))
    with new_run(out, force=force) as folder:
        files = {policy.name: f"policy-{policy.name}.yaml" for policy in result.policies}
        for policy in result.policies:
            (folder / files[policy.name]).write_text(policy.to_yaml(), encoding="utf-8")
        changes = {
            f"arms.{name}.policy": files[policy.name]
            for name, policy in zip(rollout.arms, result.policies, strict=True)
        }
        (folder / "rollout.yaml").write_text(rollout.with_(changes).to_yaml(), encoding="utf-8")
        write_world(folder, result.scenario, inputs.incumbent, inputs.population, seed=result.scenario.seed)
        for name, table in (
            ("stages", result.table), ("weeks", result.weekly), ("bridges", pd.DataFrame(bridges)),
        ):  # fmt: skip
            table.to_csv(folder / f"{name}.csv", index=name == "bridges", index_label="line")
            table.to_parquet(folder / f"{name}.parquet", index=name == "bridges")
        (folder / "rollout.json").write_text(
            json.dumps(as_data(result), indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        for figure in ("margin", "gmv"):
            draw_weeks(folder / f"week-by-week-{figure}.png", result, figure)
        margin_bridge_picture(bridges, folder / "margin-bridge.png", result.scenario.currency)
        write_manifest(
            folder, started, kind="rollout", replications=result.replications, rollout=rollout.digest(),
            policies={policy.name: policy.digest() for policy in result.policies},
            scenario=result.scenario.digest(), **members_record(result.scenario),
        )  # fmt: skip
