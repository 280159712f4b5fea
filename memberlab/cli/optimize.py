"""`memberlab optimize`: search for a better policy, confirm it on fresh seeds, and write the recommendation.

Serves the strategist. It can be stopped at any time and goes on where it was when the same command is given again.
"""

from __future__ import annotations

import json
import time
from concurrent.futures import BrokenExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .interrupts import was_interrupted
from .options import assumptions_option, with_option, workers_option
from .study_progress import one_interrupt, shown_progress

if TYPE_CHECKING:
    from rich.table import Table

    from memberlab.optimize import StudyResult, Workers
    from memberlab.scenarios import Population

INTERRUPTED = 130


@click.command()
@click.argument("study", metavar="STUDY")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="DIR",
              help="Folder of the study; give it again to go on where it was stopped.")  # fmt: skip
@workers_option(all_processors=True)
@click.option(
    "--policies", type=click.IntRange(2, 100_000), metavar="N", help="Policies to try, instead of the study's."
)
@click.option("--trips", type=click.Path(path_type=Path), metavar="LOG.csv",
              help="Fit the shoppers of every scenario to this log of purchases first.")  # fmt: skip
@click.option("--currency", default="XXX", metavar="CODE",
              help="Currency of the log's amounts, such as CNY; without it, that of the scenarios.")  # fmt: skip
@assumptions_option()
@with_option()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON (money in cents, shares 0 to 1).")
@click.pass_context
def optimize(
    context: click.Context, study: str, out: Path, workers: Workers, policies: int | None, trips: Path | None,
    currency: str, assumptions: str | None, disturbances: tuple[str, ...], as_json: bool,
) -> None:  # fmt: skip
    """Search for a better policy, as STUDY (a name or a .yaml file) describes.

    The search proposes policies in waves and tries each on the same shoppers in every scenario. The best of them race
    on fresh seeds, and those that are left are run once more beside the incumbent on seeds held out until then; only
    these figures are shown. DIR then holds the recommended policy, the Pareto set, pictures and a report in words.
    Press Ctrl-C to stop; the same command goes on from there, with the same result.

    Most margins hang on one assumption that no order log can tell, attrition_effect. So the best are also run under
    other values of it, and each is shown with the value from which it adds margin.
    """
    from memberlab.optimize import open_executor, open_study_folder, plan_study, run_study, write_results
    from memberlab.sim import load_assumption_set

    started = time.time()
    population = None if trips is None else calibrated(trips, currency)
    chosen = None if assumptions is None else load_assumption_set(assumptions)
    plan = plan_study(study, population=population, policies=policies, assumptions=chosen,
                      disturbances=disturbances)  # fmt: skip
    total = plan.study.search.policies
    with (
        one_interrupt() as interrupt,
        open_study_folder(out, plan) as ledger,
        shown_progress(as_json, interrupt) as progress,
    ):
        executor = open_executor(workers)
        try:
            result = run_study(plan, ledger, out, executor, progress=progress)
        except (Exception, KeyboardInterrupt) as fault:
            if isinstance(fault, BrokenExecutor):
                raise click.ClickException(f"{fault}; run the same command to go on") from None
            if not was_interrupted(fault):
                raise
            click.echo(f"\nstopped after {progress.tried} of {total} policies; run the same command to go on", err=True)
            context.exit(INTERRUPTED)
        finally:
            executor.shutdown(wait=True, cancel_futures=True)
        write_results(out, result, started)
    if as_json:
        click.echo(json.dumps(as_data(result), indent=2))
    else:
        show_result(result, out, time.time() - started)


def calibrated(trips: Path, currency: str) -> Population:
    """Return the population fitted to a log, as `memberlab calibrate` does."""
    from memberlab.scenarios import calibrate, read_transaction_log

    log = read_transaction_log(trips)
    return calibrate(
        log, currency=currency, title=f"Fitted to {log.name}"[:200], source=f"transaction log {log.name}",
        command="memberlab optimize --trips",
    )  # fmt: skip


def show_result(result: StudyResult, out: Path, seconds: float) -> None:
    """Print the verdict, the levers that change and the confirmed policies."""
    from memberlab.optimize import break_evens_note, shown, summary

    from .break_even_tables import study_table
    from .tables import console

    screen = console()
    subject = shown(result)
    if subject is not None:
        screen.print(policies_table(result))
        if note := break_evens_note(result):
            screen.print(note, highlight=False, markup=False)
        for change in result.plan.incumbent.diff(subject.confirmed.policy):
            screen.print(f"  {change}", highlight=False, markup=False)
        screen.print(study_table(result))
    for row, sentence in enumerate(summary(result)):
        screen.print(sentence, style="bold" if row == 0 else None, highlight=False, markup=False)
    screen.print(f"Written to {out} in {seconds:.0f} s: recommended-policy.yaml, pareto.csv, pareto.png, "
                 "margin-bridge.png, report.md", highlight=False, markup=False)  # fmt: skip


def policies_table(result: StudyResult) -> Table:
    """Return the confirmed policies with their changes against the incumbent."""
    from rich.table import Table

    from memberlab.optimize import break_even_of, effect, held_at, role_of
    from memberlab.results import KPIS

    names = ", ".join(scenario.name for scenario in result.plan.scenarios)
    fresh = result.plan.study.confirmation.replications
    title = (
        f"Against {result.plan.incumbent.name}, mean over {names}; {fresh} fresh populations each, {held_at(result)}"
    )
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("Policy", no_wrap=True)
    for objective in result.goals.objectives:
        table.add_column(KPIS[objective.kpi].title.replace(" ", "\n", 1), justify="right", no_wrap=True)
    table.add_column("Margin pays at attrition effect")
    for standing in result.recommendation.standings[1:]:
        uplifts = [standing.confirmed.overall[objective.kpi] for objective in result.goals.objectives]
        role = role_of(standing, result)
        cells = [effect(uplift).replace(" (", "\n(") for uplift in uplifts]
        cells.append(break_even_of(standing, result).where)
        name = f"{standing.confirmed.policy.name}\n{role}"
        table.add_row(name, *cells, style="bold" if role == "recommended" else "")
    return table


def as_data(result: StudyResult) -> dict[str, Any]:
    """Return the result as plain data."""
    from memberlab.optimize import (
        DECISIVE_ASSUMPTION,
        break_even_of,
        break_even_rows,
        by_value_table,
        named,
        pareto_table,
        shown,
        summary,
    )

    subject = shown(result)
    changes = [] if subject is None else result.plan.incumbent.diff(subject.confirmed.policy)
    return {
        "study": result.plan.study.name,
        "verdict": result.recommendation.verdict.name.lower(),
        "recommended": named(result),
        "policies_tried": len(result.tried),
        "summary": summary(result),
        DECISIVE_ASSUMPTION: result.tested.own,
        "break_even": [] if subject is None else break_even_rows(break_even_of(subject, result)),
        "margin_by_attrition_effect": json.loads(by_value_table(result).to_json(orient="records")),
        "changes": [{"address": one.address, "before": str(one.before), "after": str(one.after)} for one in changes],
        "confirmed": json.loads(pareto_table(result).to_json(orient="records")),
    }
