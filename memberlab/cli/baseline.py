"""`memberlab baseline`: accepting outcomes as they are, and showing what was accepted.

Serves teams that keep policies in git: the folder is committed beside them, and its page is what a reviewer reads.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .faults import BooksBroken, NoBaseline
from .options import progress_bar, workers_option
from .output_options import is_quiet, print_json, result_options

if TYPE_CHECKING:
    from memberlab.optimize import Accepted, Baseline, ChecksPlan, Workers


@click.group()
def baseline() -> None:
    """Accept outcomes as they are (`accept`), or show what was accepted and why (`show`).

    A baseline is a folder in your repository: what came of every policy in every scenario of checks.yaml, population by
    population, with digests of the ledgers. `memberlab check` holds new outcomes against it.
    """


def baseline_option(command: Any) -> Any:
    """Add the option `--baseline`."""
    return click.option(
        "--baseline", "place", type=click.Path(path_type=Path), metavar="DIR",
        help="Folder of the baseline; left out, `baseline` beside checks.yaml.",
    )(command)  # fmt: skip


@baseline.command()
@click.argument("folder", default=".", metavar="[DIR]")
@click.option(
    "--reason", required=True, metavar="TEXT", help="Why outcomes are as they should be; it is kept and shown."
)
@baseline_option
@workers_option(all_processors=True)
@result_options("the table of shifts as JSON (cents, shares 0 to 1)")
def accept(folder: str, reason: str, place: Path | None, workers: Workers, as_json: bool) -> None:
    """Accept the outcomes of the project in DIR (a folder with checks.yaml, or that file) as they are now.

    Every policy is lived in every scenario by as many populations as checks.yaml says. The table of shifts against the
    baseline before is shown and written into baseline.md, so that whoever reviews the change sees what it does.
    """
    if not reason.strip():
        raise click.UsageError("--reason is empty; say in a few words why outcomes are as they should be")
    accepted, target = accept_outcomes(folder, reason.strip(), place, workers, tell=not as_json)
    if as_json:
        rows = [
            {"policy": row.policy, "scenario": row.world, "kpi": row.kpi, "before": row.before, "now": row.now,
             "shift": row.shift, "standard_error": row.error, "correlation": row.correlation}
            for row in accepted.shifts
        ]  # fmt: skip
        print_json({"baseline": str(target), "reason": reason.strip(), "shifts": rows})


def accept_outcomes(
    folder: str, reason: str, place: Path | None, workers: Workers, *, tell: bool
) -> tuple[Accepted, Path]:
    """Live the project's policies, write the baseline and return it with its folder; `tell` prints what has moved."""
    from memberlab.optimize import baseline_folder, fail_if_not_a_baseline, live_baseline, open_executor, plan_checks
    from memberlab.optimize import write_baseline as write

    plan = plan_checks(folder)
    target = place or baseline_folder(plan)
    fail_if_not_a_baseline(target)
    previous, why_not = comparable(target, plan)
    with progress_bar("living") as progress, open_executor(workers) as executor:
        accepted = live_baseline(plan, previous, executor=executor, progress=progress)
    if accepted.broken:
        broken = [f"{one.name}, population {one.replication}: {one.fault}" for one in accepted.broken]
        last = "an accounting identity is broken, a fault of memberlab; nothing was written"
        raise BooksBroken("\n".join([*broken, last]))
    write(target, accepted, reason, previous)
    if tell:
        show_accepted(accepted, target, why_not)
    return accepted, target


def comparable(target: Path, plan: ChecksPlan) -> tuple[Baseline | None, str]:
    """Return the baseline before if new outcomes can be held against it, else None and why not."""
    from memberlab.optimize import BaselineError, fail_if_foreign, read_baseline

    if not target.exists():
        return None, "there was none before"
    try:
        found = read_baseline(target)
        fail_if_foreign(found, plan, across_versions=True)
    except BaselineError as fault:
        return None, str(fault)
    return found, ""


def show_accepted(accepted: Accepted, target: Path, why_not: str) -> None:
    """Print the table of shifts, or that nothing has moved."""
    from rich.table import Table

    from memberlab.optimize import shift_told
    from memberlab.results import KPIS, written

    from .tables import console

    screen = console()
    table = Table(title="Accepted", title_justify="left", title_style="bold")
    for column in ("Policy", "Scenario", "KPI", "Before", "Now", "Shift ± 2 s.e."):
        table.add_column(column, justify="left" if column in ("Policy", "Scenario", "KPI") else "right")
    shown = [row for row in accepted.shifts if row.before is None or row.shift or row.error]
    judged = set(accepted.plan.checks.margins)
    for row in shown:
        kpi = KPIS[row.kpi]
        if row.before is None and row.kpi not in judged:
            continue
        before = "new" if row.before is None else written(row.before, kpi.unit)
        table.add_row(row.policy, row.world, kpi.title, before, written(row.now, kpi.unit), shift_told(row))
    if shown:
        screen.print(table)
    if why_not:
        screen.print(f"Not held against a baseline before: {why_not}", markup=False, highlight=False, soft_wrap=True)
    elif accepted.is_unchanged:
        screen.verdict("No outcome has moved since the baseline before.")
    screen.verdict(f"Baseline written to {target}; commit it with the change.", highlight=False)


@baseline.command()
@click.argument("folder", default=".", metavar="[DIR]")
@baseline_option
@result_options("the manifest as JSON")
def show(folder: str, place: Path | None, as_json: bool) -> None:
    """Show the page of the baseline of DIR, and whether this version of memberlab can be held against it."""
    from memberlab.optimize import (
        BASELINE_PAGE,
        BaselineError,
        baseline_folder,
        fail_if_foreign,
        plan_checks,
        read_baseline,
    )

    plan = plan_checks(folder)
    try:
        found = read_baseline(place or baseline_folder(plan))
    except BaselineError as fault:
        raise NoBaseline(str(fault)) from None
    if as_json:
        print_json(dict(found.manifest))
        return
    if not is_quiet():
        click.echo((found.folder / BASELINE_PAGE).read_text(encoding="utf-8"), nl=False)
    try:
        fail_if_foreign(found, plan)
    except BaselineError as fault:
        click.echo(f"\n{fault}")
    else:
        if is_quiet():
            click.echo(f"{found.folder}: outcomes can be held against it")
