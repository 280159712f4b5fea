"""`memberlab claims`: what is behind the percentages that slides quote, by twins and a placebo.

Serves whoever has been shown one of them.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .migrations import fail_if_take_overs_do_not_fit
from .names import POLICY, POPULATION
from .option_groups import Work, replications_option, scenario_option, work_options
from .options import (
    Inputs,
    assumptions_option,
    load_inputs,
    progress_bar,
    with_option,
)
from .output_options import print_json
from .report_options import leaves_report
from .work_ahead import tell_of_lives

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from memberlab.optimize import ClaimsTried, Finding
    from memberlab.results import ClaimPoint


@click.command()
@click.argument("policies", type=POLICY, nargs=-1, metavar="[POLICY...]")
@scenario_option("World to try them in.")
@replications_option(4)
@assumptions_option(several=True)
@click.option("--shoppers", type=click.IntRange(1, 20_000_000), help="Shoppers in the scenario.")
@click.option("--population", type=POPULATION, metavar="NAME|FILE", help="Population that replaces the scenario's.")
@with_option()
@work_options("the figures as JSON (lifts: 0.2 for +20 %)")
@click.option("--page", is_flag=True, help="Print the page of docs/claims.md in Markdown instead.")
@leaves_report
def claims(
    policies: tuple[str, ...], scenario: str, replications: int, assumptions: tuple[str, ...], shoppers: int | None,
    population: str | None, disturbances: tuple[str, ...], work: Work, as_json: bool, page: bool,
) -> None:  # fmt: skip
    """Try what slides quote ("membership lifts repurchase by 20 %"): the comparison behind each claim, and the effect.

    Every shopper has a twin in a market without the programme, so that the difference between members and others is
    split exactly into what the programme caused and what would have been there anyway. Without a POLICY each claim is
    tried with a small programme of its own; with one, every claim about a benefit that it has. A horizon below two
    years is lived for two.
    """
    from memberlab.optimize import claims_page, control_of, open_executor, question, trials_of, try_claims

    started = time.time()
    inputs = load_inputs(
        policies, (scenario,), None, population, shoppers, assumptions, disturbances=disturbances
    )  # fmt: skip
    world = inputs.scenarios[0]
    fail_if_take_overs_do_not_fit(
        (name, one, control_of(world, one)) for name, one in zip(policies, inputs.policies, strict=True)
    )
    work.fail_if_not_usable()
    asked = question(inputs.policies, inputs.scenarios, None, inputs.population, replications=replications)
    trials = sum(len(trials_of(one, inputs.policies, inputs.population)) for one in inputs.scenarios)
    tell_of_lives(world, work.workers, replications=replications, lives=3, worlds=trials, quiet=page)
    with work.kept(asked) as keeper:
        with progress_bar("trying claims", quiet=page) as progress, open_executor(work.workers) as pool:
            worlds = [
                try_claims(
                    world,
                    inputs.policies,
                    replications=replications,
                    executor=keeper.remembering(pool),
                    population=inputs.population,
                    progress=keeper.heeding(progress),
                )
                for world in inputs.scenarios
            ]
        if work.out is not None:
            write_claims(work.out, worlds, inputs, started, work.force)
    if as_json:
        rows = [row for tried in worlds for row in figures_of(tried)]
        print_json({"replications": replications, "claims": rows})
    elif page:
        click.echo(claims_page(worlds, " ".join(["memberlab", *sys.argv[1:]])), nl=False)
    else:
        show_claims(worlds, work.out)


def figures_of(tried: ClaimsTried) -> list[dict[str, object]]:
    """Return the rows of the table for JSON; what could not be told is null."""
    return list(json.loads(tried.table.to_json(orient="records", double_precision=15)))


def show_claims(worlds: Sequence[ClaimsTried], out: Path | None) -> None:
    """Print the figures of each world, how to read them, and what each claim was about."""
    from .tables import console

    screen = console()
    for tried in worlds:
        screen.print(claims_table(tried))
    screen.print(
        "Shown = effect + selection - spill-over, exactly, all relative to the others. Caused: the effect relative to "
        "what the labelled would have done without the programme. Placebo: the same comparison where nothing is given; "
        "its effect is exactly 0."
    )
    screen.print()
    screen.print(terms_table(worlds[0]))
    if out is not None:
        screen.verdict(f"Claims written to {out}")


def claims_table(tried: ClaimsTried) -> Table:
    """Return each claim with what its comparison shows and what is behind it."""
    from rich.table import Table

    from memberlab.optimize import claims_told, figures_told

    scenario = tried.scenario
    runs = "1 replication" if tried.replications == 1 else f"{tried.replications} replications"
    title = f"What is behind the claims: {scenario.title or scenario.name} ({scenario.name}), {runs}"
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("Claim", min_width=20)
    for column in ("Shown", "= Effect", "+ Selection", "- Spill-over", "Caused [95 %]", "On everybody", "Placebo"):
        table.add_column(column, justify="right")
    for finding in tried.findings:
        table.add_row(claims_told(finding), *(cell.replace("[", r"\[") for cell in figures_told(finding)))
    return table


def terms_table(tried: ClaimsTried) -> Table:
    """Return for each claim who was compared with whom, and what was counted."""
    from rich.table import Table

    title = "Who was compared, among the buyers of the first year, and what was counted"
    table = Table(title=title, title_justify="left", title_style="bold")
    for column in ("Claim", "Labelled", "In the placebo", "Outcome"):
        table.add_column(column)
    table.add_column("Labelled, others", justify="right", no_wrap=True)
    for finding in tried.findings:
        claim, real = finding.claim, finding.real
        sizes = "-" if real is None else f"{real.labelled:,}, {real.others:,}"
        table.add_row(claim.name, claim.label.words, claim.placebo.words, claim.outcome.words, sizes)
    return table


def write_claims(out: Path, worlds: Sequence[ClaimsTried], inputs: Inputs, started: float, force: bool) -> None:
    """Write the folder of a run: manifest, the documents, one table for all worlds, and a picture for each."""
    import pandas as pd

    from memberlab.optimize import control_of
    from memberlab.results import claims_picture, new_run, write_manifest
    from memberlab.scenarios import write_world

    control = control_of(worlds[0].scenario, inputs.policies[0] if inputs.policies else None)
    policies = {finding.policy.name: finding.policy for tried in worlds for finding in tried.findings}
    with new_run(out, force=force) as folder:
        for policy in policies.values():
            (folder / f"policy-{policy.name}.yaml").write_text(policy.to_yaml(), encoding="utf-8")
        table = pd.concat([tried.table for tried in worlds], ignore_index=True)
        table.to_csv(folder / "claims.csv", index=False)
        table.to_parquet(folder / "claims.parquet", index=False)
        for tried in worlds:
            scenario = tried.scenario
            tag = "" if len(worlds) == 1 else f"-{scenario.name}"
            write_world(folder, scenario, control, inputs.population, seed=scenario.seed, tag=tag)
            title = f"What is behind the claims ({scenario.title or scenario.name})"
            claims_picture([point_of(finding) for finding in tried.findings], folder / f"claims{tag}.png", title)
        write_manifest(
            folder, started, kind="claims", replications=worlds[0].replications,
            policies={name: policy.digest() for name, policy in policies.items()},
            scenarios={tried.scenario.name: tried.scenario.digest() for tried in worlds},
        )  # fmt: skip


def point_of(finding: Finding) -> ClaimPoint:
    """Return what the picture shows of a finding."""
    from memberlab.optimize import claims_told
    from memberlab.results import ClaimPoint

    real, placebo = finding.real, finding.placebo
    return ClaimPoint(
        claims_told(finding),
        finding.claim.quoted,
        None if real is None else real.naive_lift,
        None if placebo is None else placebo.naive_lift,
        None if real is None else real.causal_lift,
        None if real is None else real.causal_interval,
    )
