"""`memberlab run`: one policy in one scenario, from warm-up to the margin bridge.

Serves whoever wants to see what a policy does before comparing it.
"""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .migrations import fail_if_launches_do_not_fit
from .names import POLICY
from .option_groups import scenario_option
from .options import Inputs, assumptions_option, load_inputs, out_option, world_options
from .output_options import print_json, result_options
from .report_options import leave_report, report_options, report_told

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from memberlab.policies import Policy
    from memberlab.results import LivedHistory
    from memberlab.scenarios import Population, Scenario
    from memberlab.sim import Outcome


@click.command()
@click.argument("policy", type=POLICY)
@scenario_option("The world of the run.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Seed that replaces the scenario's.")
@assumptions_option()
@world_options
@click.option("--twin", type=POLICY, metavar="NAME|FILE",
              help="Policy under which the same shoppers live as well, so that finance can tell what they would have "
              "bought anyway; goes with --out.")  # fmt: skip
@out_option()
@report_options
@click.option("--force", is_flag=True, help="Replace an earlier run in DIR.")
@result_options()
def run(
    policy: str, scenario: str, seed: int | None, incumbent: str | None, population: str | None,
    members: str | None, shoppers: int | None, disturbances: tuple[str, ...],
    assumptions: str | None, twin: str | None, out: Path | None, language: str, with_report: bool, force: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Simulate POLICY (a name or a .yaml file) in one scenario and show what comes of it.

    The market lives a warm-up under the scenario's incumbent, then the horizon under POLICY; with --members it opens
    with real members, who became what they are under the incumbent, or POLICY if none is given. Every run checks that
    points, fees and money tie out to the cent.
    """
    from memberlab.optimize import DECISIVE_ASSUMPTION, own_value
    from memberlab.policies import load_policy
    from memberlab.results import (
        KPIS,
        bridge_totals,
        fail_if_not_usable,
        hunter_lines,
        service_levels,
        shopper_measures,
    )
    from memberlab.sim import scenario_findings

    started = time.time()
    sets = () if assumptions is None else (assumptions,)
    inputs = load_inputs((policy,), (scenario,), incumbent, population, shoppers, sets, members, disturbances)
    fail_if_launches_do_not_fit((policy,), inputs)
    loaded, world = inputs.policies[0], inputs.scenarios[0]
    if twin is not None and out is None:
        raise click.UsageError("--twin is for the books of the run; give --out as well")
    held_against = None if twin is None else load_policy(twin)
    if out is not None:
        fail_if_not_usable(out, force=force)
    old_policy = inputs.incumbent or load_policy(world.incumbent)
    outcome, other, history = simulate(loaded, world, old_policy, inputs.population, seed, twin=held_against,
                                       books=out is not None)  # fmt: skip
    measures = shopper_measures(outcome, old_policy)
    sums = measures.sum(axis=0)
    figures = {kpi.name: kpi.value(sums) for kpi in KPIS.values()}
    bridge = bridge_totals(outcome)
    page = None
    if out is not None and history is not None:
        tables = tables_of_run(outcome, measures, history, old_policy)
        write_run(out, outcome, other, inputs, figures, bridge, tables, started, force)
        page = leave_report(out, language, with_report=with_report)
    if as_json:
        print_json({
            "policy": loaded.name, "scenario": world.name, "seed": outcome.seed, "currency": world.currency,
            DECISIVE_ASSUMPTION: own_value([world]), "kpis": figures, "bridge": bridge,
            "service": [asdict(level) for level in service_levels(outcome)],
            "hunters": [asdict(line) for line in hunter_lines(outcome)],
            "liability_devalued": outcome.liability_devalued,
            "notices": [finding.message for finding in scenario_findings(loaded, world)],
        })  # fmt: skip
        return
    show_run(outcome, figures, bridge, out)
    if page is not None:
        click.echo(report_told(page))


def simulate(
    policy: Policy, scenario: Scenario, incumbent: Policy, population: Population | None, seed: int | None,
    *, twin: Policy | None = None, books: bool = False,
) -> tuple[Outcome, Outcome | None, LivedHistory | None]:  # fmt: skip
    """Return the outcome of all regions, each warmed up under `incumbent` and then lived under `policy`, and that of
    their twins under `twin`, if there is one; with `books` both keep what finance needs, and the third is what the
    shoppers lived through.
    """
    from memberlab.results import lived_history, merge_histories
    from memberlab.sim import World, merge_regions, regions_of, warm_up

    outcomes, others, histories = [], [], []
    for region in regions_of(scenario):
        start = warm_up(scenario, incumbent=incumbent, seed=seed, region=region.number, population=population)
        days = None
        if twin is not None:
            other = World.resume(start, twin)
            other.keep_books()
            others.append(other.run(other.end))
            days = others[-1].books.order_days if others[-1].books is not None else None
        world = World.resume(start, policy)
        if books:
            world.keep_books(days)
        outcomes.append(world.run(world.end))
        if books:
            histories.append(lived_history(outcomes[-1], start))
    return (
        merge_regions(outcomes),
        merge_regions(others) if others else None,
        merge_histories(histories) if histories else None,
    )


def tables_of_run(
    outcome: Outcome, measures: NDArray[np.float64], history: LivedHistory, incumbent: Policy
) -> dict[str, pd.DataFrame]:
    """Return the tables of a comparison that one policy alone has: curves, flows, cohorts and habits, by name."""
    import numpy as np

    from memberlab.results import ComparedArm, ComparedScenario, Sorting, lived_tables
    from memberlab.sim import calendar_of

    scenario, calendar = outcome.scenario, calendar_of(outcome.scenario)
    arm = ComparedArm(scenario.name, outcome.policy.name, tuple(outcome.policy.tiers), [measures], [history])
    sorting = Sorting(calendar.launch, tuple(incumbent.tiers), tuple(scenario.categories))
    return lived_tables([ComparedScenario(sorting, [arm], np.datetime64(calendar.start, "M"))])


def show_run(outcome: Outcome, figures: dict[str, float], bridge: dict[str, int], out: Path | None) -> None:
    """Print KPIs, bridge and identities."""
    from memberlab.results import campaign_lines, hunter_lines, hunters_in, service_levels
    from memberlab.scenarios import shock_told, span_of

    from .break_even_tables import margin_note
    from .tables import bridge_table, campaign_table, console, hunter_table, kpi_table, service_table

    screen = console()
    scenario = outcome.scenario
    months = scenario.horizon.months
    title = f"{outcome.policy.name} in {scenario.name}: {len(outcome.shoppers):,} shoppers, {months} months"
    screen.print(kpi_table(title, figures, scenario.currency))
    screen.print(margin_note(scenario), highlight=False)
    for shock in scenario.shocks:
        screen.print(shock_told(shock, span_of(shock, scenario.start, months)), markup=False, highlight=False)
    screen.print(bridge_table(bridge, scenario.currency))
    if levels := service_levels(outcome):
        screen.print(service_table(levels))
    if lines := campaign_lines(outcome):
        screen.print(campaign_table(lines, scenario.currency))
    if lines_of_hunters := hunter_lines(outcome):
        screen.print(hunter_table(lines_of_hunters, hunters_in(outcome), scenario.currency))
    for line in changes_told(outcome):
        screen.print(line, highlight=False, soft_wrap=True)
    results = outcome.identities()
    held = sum(result.holds for result in results)
    screen.verdict(f"{held} of {len(results)} accounting identities hold, to the cent and to the point.")
    if out is not None:
        screen.verdict(f"Run written to {out}")


def changes_told(outcome: Outcome) -> list[str]:
    """Return what has changed in the promises of a run, or was not allowed, a sentence each."""
    from memberlab.sim import scenario_findings

    told = []
    points = outcome.policy.points
    if points is not None and points.devaluation is not None and (devalued := outcome.total("points_devalued")):
        cents, currency = outcome.liability_devalued, outcome.scenario.currency
        told.append(
            f"On {points.devaluation.on} the {devalued:,} points owed lost value: {cents / 100:,.2f} {currency} of the "
            "liability, a part of the rise or fall that the bridge shows."
        )
    findings = scenario_findings(outcome.policy, outcome.scenario)
    return told + [f"{finding.address}: {finding.message}; {finding.money}." for finding in findings]


def write_run(
    out: Path,
    outcome: Outcome,
    twin: Outcome | None,
    inputs: Inputs,
    figures: dict[str, float],
    bridge: dict[str, int],
    tables: dict[str, pd.DataFrame],
    started: float,
    force: bool,
) -> None:
    """Write the run's folder: manifest, the documents of the run, tables, the books and the margin bridge."""
    import pandas as pd

    from memberlab.optimize import own_value
    from memberlab.results import (
        books_of,
        campaign_lines,
        lived_books,
        margin_bridge_picture,
        new_run,
        write_books,
        write_manifest,
        write_table,
    )
    from memberlab.scenarios import members_record, write_world

    from .break_even_tables import margin_note

    with new_run(out, force=force) as folder:
        (folder / "policy.yaml").write_text(outcome.policy.to_yaml(), encoding="utf-8")
        write_world(folder, outcome.scenario, inputs.incumbent, inputs.population, seed=outcome.seed)
        outcome.daily.to_parquet(folder / "daily.parquet", index=False)
        write_books(folder, books_of(lived_books(outcome), None if twin is None else lived_books(twin)))
        (folder / "tables").mkdir()
        for name, table in tables.items():
            write_table(folder / "tables", name, table)
        if lines := campaign_lines(outcome):
            pd.DataFrame([asdict(line) for line in lines]).to_parquet(folder / "campaigns.parquet", index=False)
        margin_bridge_picture(
            {outcome.policy.name: bridge}, folder / "margin-bridge.png", outcome.scenario.currency,
            notes=[margin_note(outcome.scenario)],
        )  # fmt: skip
        write_manifest(
            folder, started, kind="run", seed=outcome.seed, policy=outcome.policy.digest(),
            scenario=outcome.scenario.digest(), attrition_effect=own_value([outcome.scenario]),
            kpis=figures, bridge=bridge, outcome=outcome.digest(), **members_record(outcome.scenario),
        )  # fmt: skip
