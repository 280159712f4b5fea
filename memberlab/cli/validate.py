"""`memberlab validate`: how well a market fitted to a log lives as customers did whom the fit never saw.

Serves the strategist who has to decide whether to believe the lab about their own customers.
"""

from __future__ import annotations

import datetime
import json
import os
import shlex
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .names import POLICY
from .options import out_option, progress_bar, workers_option
from .output_options import print_json, result_options
from .reading_logs import read_log
from .report_options import leave_report, report_options, report_told

if TYPE_CHECKING:
    from rich.table import Table

    from memberlab.optimize import CohortValidation, Customers, Judged, Standard, Validation, Workers
    from memberlab.scenarios import calibration


@click.command()
@click.argument("log", type=click.Path(path_type=Path), metavar="LOG")
@click.option("--new-customers", is_flag=True,
              help="All customers are new in the log, with few purchases each: validate them as a cohort.")  # fmt: skip
@click.option("--set-column", metavar="COLUMN",
              help="Column of each customer's set; without it, customers are dealt out by visits.")  # fmt: skip
@click.option("--fit-on", default="train", show_default=True, metavar="SET", help="Set that is fitted on.")
@click.option("--hold-out", default="dev", show_default=True, metavar="SET", help="Set that is held out.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
              help="Last day that the fit of a cohort sees; without it, half the log.")  # fmt: skip
@click.option(
    "--model",
    metavar="NAME",
    help="Purchase model of a cohort that is judged; without it, the one that a calibration would choose.",
)
@click.option(
    "--against",
    type=click.Choice(["chance", "cdnow"]),
    default="chance",
    show_default=True,
    help="What a cohort is held against: chance and simple rules, or the published figures of CDNOW.",
)
@click.option("--policy", type=POLICY, metavar="NAME|FILE",
              help="Policy of the simulated market, if the log was not made without any programme.")  # fmt: skip
@click.option("--currency", default="XXX", metavar="CODE", help="Currency of the amounts, such as CNY.")
@click.option("--conversion", type=click.FloatRange(1, 100), metavar="PERCENT", default=80.0, show_default=True,
              help="Assumed share of candidate visits that end in an order.")  # fmt: skip
@click.option("--replications", type=click.IntRange(1, 1000),
              help="Simulated markets; without it 8, or 60 populations of a cohort.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Start of every random number.")
@click.option("--sort", is_flag=True, help="Accept rows in any order.")
@click.option("--identical-rows", type=click.Choice(["check", "keep", "drop"]), default="check", show_default=True,
              help="What to do with rows that stand twice in a log without trip_id.")  # fmt: skip
@workers_option()
@out_option()
@report_options
@click.option("--force", is_flag=True, help="Replace an earlier run in DIR.")
@result_options("the figures as JSON")
@click.option("--page", type=click.Path(path_type=Path), metavar="FILE.md",
              help="Write a page with pictures beside it, in the folder 'pictures'.")  # fmt: skip
@click.option("--title", metavar="WORDS", help="Head of the section on the page; without it, the log's name.")
@click.option("--append", is_flag=True, help="Add the section to a page that exists.")
def validate(
    log: Path, new_customers: bool, set_column: str | None, fit_on: str, hold_out: str,
    until: datetime.datetime | None, model: str | None, against: Standard, policy: str | None,
    currency: str, conversion: float, replications: int | None, seed: int, sort: bool,
    identical_rows: calibration.IdenticalRows, workers: Workers, out: Path | None, language: str, with_report: bool,
    force: bool, as_json: bool, page: Path | None, title: str | None, append: bool,
) -> None:  # fmt: skip
    """Fit a market to some customers of LOG, simulate it, and compare it with customers that the fit never saw.

    LOG is a CSV or Parquet file with one row a purchase (customer_id, date, net_amount, and if known gross_amount and
    discount_amount), or a folder written by 'memberlab import'. For each statistic: training and held-out customers,
    the tolerance, the simulated market, the verdict, and what a naive simulator reaches; then forecasts of each
    held-out customer's visits in weeks that no fit has seen.
    """
    from memberlab.optimize import POPULATIONS, REPLICATIONS, open_executor, validate_cohort
    from memberlab.optimize import validate as validate_panel
    from memberlab.policies import load_policy
    from memberlab.results import fail_if_not_usable

    started = time.time()
    if out is not None:
        fail_if_not_usable(out, force=force)
    if page is not None:
        fail_if_no_place(page, append, force)
    market = None if policy is None else load_policy(policy)
    read, currency, is_new = read_log(log, set_column, sort, identical_rows, currency)
    name = title or read.name
    with open_executor(workers) as executor, progress_bar("fitting and simulating") as progress:
        found: Validation | CohortValidation
        if new_customers or is_new:
            found = validate_cohort(
                read.transactions, name=name, until=None if until is None else until.date(), currency=currency,
                populations=replications or POPULATIONS, seed=seed, executor=executor, model=model, against=against,
                policy=market, progress=progress,
            )  # fmt: skip
        else:
            found = validate_panel(
                name, read.log, *sides(read, set_column is not None, fit_on, hold_out, seed), currency=currency,
                conversion=min(conversion / 100, 0.9999), replications=replications or REPLICATIONS, seed=seed,
                executor=executor, policy=market, progress=progress,
            )  # fmt: skip
    report = None
    if out is not None:
        write_validation(out, found, started, force)
        report = leave_report(out, language, with_report=with_report)
    if page is not None:
        write_page(page, found, append)
    if as_json:
        print_json(record_of(found))
    else:
        show(found, out, page)
        if report is not None:
            click.echo(report_told(report))


def sides(
    read: calibration.ReadVisits, has_sets: bool, fit_on: str, hold_out: str, seed: int
) -> tuple[Customers, Customers]:
    """Return the customers to fit on and those held out: by their sets, or dealt out by visits."""
    from memberlab.optimize import split_by_sets, split_customers
    from memberlab.policies import DocumentError, Problem

    if not has_sets:
        return split_customers(read.log, seed=seed)
    if read.sets is None:
        raise DocumentError([Problem(read.name, None, "--set-column", "the log has no table customers with a segment")])
    return split_by_sets(read, fit_on, hold_out, "--set-column")


def fail_if_no_place(page: Path, append: bool, force: bool) -> None:
    """Raise DocumentError where a page cannot be written."""
    from memberlab.policies import DocumentError, Problem

    problem = None
    if page.suffix != ".md":
        problem = f"'{page.name}' is not the name of a page; let it end in .md"
    elif not page.absolute().parent.is_dir():
        problem = f"there is no folder '{page.parent}'; make it first"
    elif page.exists() and not (append or force):
        problem = "exists already; choose another name, --append to add to it, or --force to replace it"
    elif not os.access(page.absolute().parent, os.W_OK):
        problem = f"the folder '{page.parent}' cannot be written to; choose another"
    if problem is not None:
        raise DocumentError([Problem(str(page), None, "--page", problem)])


def record_of(found: Validation | CohortValidation) -> dict[str, object]:
    """Return what was found as a record for JSON."""
    from memberlab.optimize import Validation, cohort_record, validation_record

    return validation_record(found) if isinstance(found, Validation) else cohort_record(found)


def draw(found: Validation | CohortValidation, folder: Path) -> list[str]:
    """Draw the pictures of a validation into a folder and return their file names."""
    from memberlab.optimize import Validation, shape_of
    from memberlab.results import cohort_picture, validation_pictures
    from memberlab.scenarios import UNKNOWN_CURRENCY

    stem = "validation-" + "-".join("".join(c if c.isalnum() else " " for c in found.name.lower()).split())[:40]
    if isinstance(found, Validation):
        unit = "currency units" if found.currency == UNKNOWN_CURRENCY else found.currency
        forecast = found.forecasts[-1].groups
        pair = shape_of([found.held_out]), shape_of(found.simulated)
        return list(validation_pictures(*pair, forecast, unit, folder, stem))
    name = f"{stem}.png"
    cohort_picture(
        found.real.path, {model: lives.path for model, lives in found.simulated.items()}, found.real.histogram,
        {model: lives.histogram for model, lives in found.simulated.items()}, found.window_weeks, found.judged,
        folder / name,
    )  # fmt: skip
    return [name]


def write_validation(out: Path, found: Validation | CohortValidation, started: float, force: bool) -> None:
    """Write the folder of a run: manifest, figures, the fitted population, page and pictures."""
    from memberlab.optimize import Validation, cohort_tables, validation_tables
    from memberlab.policies import dump_model
    from memberlab.results import new_run, write_manifest, write_table

    with new_run(out, force=force) as folder:
        text = page_of(found, draw(found, folder), level=1)
        (folder / "validation.md").write_text(text, encoding="utf-8")
        (folder / "validation.json").write_text(json.dumps(record_of(found), indent=2) + "\n", encoding="utf-8")
        about: dict[str, object] = {}
        if isinstance(found, Validation):
            tables = validation_tables(found)
            (folder / "population.yaml").write_text(dump_model(found.population), encoding="utf-8")
        else:
            tables, about = cohort_tables(found), {"window_weeks": found.window_weeks}
        for name, table in tables.items():
            write_table(folder, name, table)
        write_manifest(folder, started, kind="validation", seed=found.seed, log=found.name, **about)


def page_of(found: Validation | CohortValidation, pictures: list[str], level: int = 2) -> str:
    """Return what was found as a section of a page."""
    from memberlab.optimize import Validation, cohort_page, validation_page

    if isinstance(found, Validation):
        return validation_page(found, pictures, level)
    return cohort_page(found, pictures, level)


HEAD = """# Validation: does a fitted market live as customers did whom the fit never saw?

Made by `memberlab validate`. Pages like this one hold estimates and statistics only, no customer's history.
"""


def write_page(page: Path, found: Validation | CohortValidation, append: bool) -> None:
    """Write a page with its pictures beside it, or add a section to it."""
    folder = page.absolute().parent / "pictures"
    folder.mkdir(exist_ok=True)
    pictures = [f"pictures/{name}" for name in draw(found, folder)]
    before = page.read_text(encoding="utf-8").rstrip() + "\n" if append and page.exists() else HEAD
    command = shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])
    text = f"{before}\n{page_of(found, pictures)}\nMade by `{command}`.\n"
    page.write_text(text, encoding="utf-8")


def show(found: Validation | CohortValidation, out: Path | None, page: Path | None) -> None:
    """Print the tables, the verdict in words, and where the run is."""
    from memberlab.optimize import Validation, cohort_summary, validation_summary

    from .tables import console

    screen = console()
    if isinstance(found, Validation):
        screen.print(statistics_shown(f"{found.name}: held-out customers, all weeks", found.statistics))
        for name, why in found.left_out.items():
            screen.print(f"Left out: {name.replace('_', ' ')}: {why}.", highlight=False)
        if found.unseen:
            weeks = f"{found.name}: held-out customers in {found.holdout_weeks} weeks that no fit has seen"
            screen.print(statistics_shown(weeks, found.unseen))
        screen.print(forecasts_shown(found))
        for name, origin in found.process.learnt.items():
            if origin != "log":
                screen.print(f"Note: {name}: {origin}.", highlight=False)
        screen.verdict(f"[bold]Verdict[/bold]: {validation_summary(found)}", highlight=False)
    else:
        screen.print(marks_shown(found))
        screen.verdict(f"[bold]Verdict[/bold]: {cohort_summary(found)}", highlight=False)
    for place in (out, page):
        if place is not None:
            screen.verdict(f"Written: {place}", highlight=False)


def statistics_shown(title: str, judged: tuple[Judged, ...]) -> Table:
    """Return the table of statistics with tolerance and verdict."""
    from rich.table import Table

    from memberlab.optimize import figure_told, within_or_missed

    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("Statistic")
    for heading in ("Training", "Held out", "Tolerance", "Simulated", "Naive"):
        table.add_column(heading, justify="right")
    table.add_column("Verdict")
    for one in judged:
        naive = "-" if one.naive is None else figure_told(one.naive) + ("" if one.naive_passes else " x")
        cells = (figure_told(value) for value in (one.training, one.held_out, one.tolerance, one.simulated))
        table.add_row(one.words, *cells, naive, within_or_missed(one.passes), style="" if one.passes else "bold")
    return table


def forecasts_shown(found: Validation) -> Table:
    """Return the table of forecasts of each held-out customer's visits."""
    from rich.table import Table

    title = f"Visits of each held-out customer in {found.holdout_weeks} unseen weeks"
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("Forecast")
    for heading in ("RMSE", "Correlation", "Bias", "Calibration error"):
        table.add_column(heading, justify="right")
    for one in found.forecasts:
        table.add_row(
            one.name, f"{one.root_mean_square_error:.3f}", f"{one.correlation:.3f}", f"{one.bias:+.1%}",
            f"{one.calibration_error:.2f}", style="bold" if one is found.forecasts[-1] else "",
        )  # fmt: skip
    return table


def marks_shown(found: CohortValidation) -> Table:
    """Return the table of a cohort's measures by purchase model."""
    from rich.table import Table

    from memberlab.optimize import figure_told, within_or_missed

    title = f"{found.name}: {found.customers:,} new customers, fitted to {found.calibration_end}"
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("Measure")
    for heading in ("Mark", *found.marks):
        table.add_column(heading, justify="right")
    table.add_column(f"Verdict on {found.judged}")
    for place, mark in enumerate(found.marks[found.judged]):
        sign = ">=" if mark.at_least else "<="
        cells = (figure_told(rows[place].value) for rows in found.marks.values())
        table.add_row(mark.words, f"{sign} {figure_told(mark.mark)}", *cells, within_or_missed(mark.passes))
    return table
