"""`memberlab evidence`: the published facts, tried on simulated shoppers, and how many come out in their bands.

Serves whoever asks why these shoppers should be believed.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import assumptions_option, out_option, progress_bar, workers_option
from .output_options import print_json, result_options
from .report_options import leave_report, report_options, report_told

if TYPE_CHECKING:
    from rich.table import Table

    from memberlab.optimize import Evidence, Fact, Workers


@click.command()
@click.argument("numbers", nargs=-1, type=int, metavar="[FACT...]")
@click.option("--replications", type=click.IntRange(2, 1000), default=8, show_default=True,
              help="Runs of each protocol with seeds of their own.")  # fmt: skip
@click.option("--size", type=click.FloatRange(0.05, 50), default=1.0, show_default=True,
              help="Shoppers for one of each protocol.")  # fmt: skip
@assumptions_option()
@workers_option()
@out_option()
@report_options
@click.option("--force", is_flag=True, help="Replace an earlier run in DIR.")
@result_options("the figures as JSON")
@click.option("--page", is_flag=True, help="Print the page of docs/evidence.md in Markdown instead.")
def evidence(
    numbers: tuple[int, ...], replications: int, size: float, assumptions: str | None, workers: Workers,
    out: Path | None, language: str, with_report: bool, force: bool, as_json: bool, page: bool,
) -> None:  # fmt: skip
    """Try the published facts of the behaviour reference on simulated shoppers, all or those of some numbers.

    For each fact: its source and grade, the band, what the shoppers do with a 95 % interval, the verdict, and whether
    it may be tuned on (C) or is held out (H).
    """
    from memberlab.optimize import evidence_page, open_executor, try_facts
    from memberlab.results import fail_if_not_usable
    from memberlab.sim import load_assumption_set

    started = time.time()
    facts = facts_named(numbers)
    assumed = {} if assumptions is None else dict(load_assumption_set(assumptions).assumptions)
    if out is not None:
        fail_if_not_usable(out, force=force)
    with progress_bar("trying facts", quiet=page) as progress, open_executor(workers) as executor:
        tried = try_facts(
            facts,
            replications=replications,
            executor=executor,
            assumptions={name: float(value) for name, value in assumed.items()},
            size=size,
            progress=progress,
        )
    report = None
    if out is not None:
        write_evidence(out, tried, assumptions, started, force)
        report = leave_report(out, language, with_report=with_report)
    if as_json:
        rows = json.loads(tried.table.to_json(orient="records", double_precision=15))
        print_json({"replications": replications, "facts": rows})
    elif page:
        click.echo(evidence_page(tried, " ".join(["memberlab", *sys.argv[1:]])), nl=False)
    else:
        show_evidence(tried, out)
        if report is not None:
            click.echo(report_told(report))


def facts_named(numbers: tuple[int, ...]) -> list[Fact]:
    """Return the facts of these numbers, or all. Raises DocumentError for numbers that are not tried."""
    from memberlab.optimize import FACTS
    from memberlab.policies import DocumentError, Problem

    known = sorted({fact.number for fact in FACTS})
    listed = ", ".join(str(number) for number in known)
    problems = [
        Problem(f"fact {number}", None, "", f"is not tried; write one of {listed}")
        for number in numbers
        if number not in known
    ]
    if problems:
        raise DocumentError(problems)
    return [fact for fact in FACTS if not numbers or fact.number in numbers]


def show_evidence(tried: Evidence, out: Path | None) -> None:
    """Print the facts, how many are in band, and why the others are not."""
    from memberlab.optimize import evidence_summary

    from .tables import console

    screen = console()
    screen.print(evidence_table(tried))
    screen.verdict(evidence_summary(tried))
    for one in tried.tried:
        if one.verdict == "missed" and one.fact.remark:
            screen.print(f"Fact {one.fact.number} is missed. {one.fact.remark}")
    if out is not None:
        screen.verdict(f"Evidence written to {out}")


def evidence_table(tried: Evidence) -> Table:
    """Return one row a quantity, the fact's words once."""
    from rich.table import Table

    from memberlab.optimize import band_told, estimate_told, verdict_told

    table = Table(title=f"Published facts, {tried.replications} replications", title_justify="left", title_style="bold")
    figures = ("Published", "Band", "Simulated [95 %]")
    for column in ("Fact", "Use", "Quantity", *figures, "Verdict"):
        table.add_column(column, justify="right" if column in figures else "left")
    for one in tried.tried:
        for place, estimate in enumerate(one.estimates):
            words = f"{one.fact.number} {one.fact.title} ({one.fact.grade})" if place == 0 else ""
            cells = (
                words, one.fact.use if place == 0 else "", estimate.measured.name, estimate.measured.published,
                band_told(estimate.measured), estimate_told(estimate),
                verdict_told(estimate, one.fact.use != "prior only"),
            )  # fmt: skip
            table.add_row(*(cell.replace("[", r"\[") for cell in cells), end_section=place + 1 == len(one.estimates))
    return table


def write_evidence(out: Path, tried: Evidence, assumptions: str | None, started: float, force: bool) -> None:
    """Write the folder of a run: manifest, the table, and the picture."""
    from memberlab.optimize import LEAST_T, evidence_points, evidence_summary
    from memberlab.results import evidence_picture, new_run, write_manifest, write_table

    with new_run(out, force=force) as folder:
        write_table(folder, "evidence", tried.table)
        evidence_picture(evidence_points(tried), folder / "evidence.png", evidence_summary(tried), LEAST_T)
        write_manifest(
            folder, started, kind="evidence", replications=tried.replications, assumptions=assumptions or "default",
        )  # fmt: skip
