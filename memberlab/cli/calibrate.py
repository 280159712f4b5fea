"""`memberlab calibrate`: from a log of real purchases to a population file.

Serves the analyst who has an order log and wants the simulated shoppers to buy as those customers did.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import shlex
import sys
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .output_options import print_json, result_options
from .reading_logs import read_log

if TYPE_CHECKING:
    from rich.table import Table

    from memberlab.scenarios import Population, calibration

TITLES = {"pareto-nbd": "Pareto/NBD", "bg-nbd": "BG/NBD", "nbd": "NBD (no dropout)"}


@click.command()
@click.argument("trips", type=click.Path(path_type=Path), metavar="TRIPS.csv")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE.yaml",
              help="Write the population to this file.")  # fmt: skip
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
              help="Last day of the calibration window (year-month-day); without it, half the log.")  # fmt: skip
@click.option("--all", "whole_log", is_flag=True, help="Fit on the whole log, without hold-out.")
@click.option("--new-customers", is_flag=True,
              help="State that each customer's first purchase in the log is the first ever.")  # fmt: skip
@click.option("--name", help="Name of the population; without it, made from the file name.")
@click.option("--currency", default="XXX", metavar="CODE", help="Currency of the amounts, such as CNY.")
@click.option("--conversion", metavar="SHARE",
              help="Assumed share of visits that end in an order; without it 10 %, or 80 % with a rhythm.")  # fmt: skip
@click.option("--rhythm", type=click.Choice(["auto", "no"]), default="auto", show_default=True,
              help="Fit the rhythm of visits and amounts by quantiles where the log supports it, or not.")  # fmt: skip
@click.option("--sort", is_flag=True, help="Accept rows in any order.")
@click.option("--identical-rows", type=click.Choice(["check", "keep", "drop"]), default="check", show_default=True,
              help="What to do with rows that stand twice in a log without trip_id.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace FILE.yaml if it exists.")
@result_options("the population as JSON instead of tables")
def calibrate(
    trips: Path, out: Path, until: datetime.datetime | None, whole_log: bool, new_customers: bool, name: str | None,
    currency: str, conversion: str | None, rhythm: str, sort: bool,
    identical_rows: calibration.IdenticalRows, force: bool, as_json: bool,
) -> None:  # fmt: skip
    """Fit a population to the purchases in TRIPS.csv (or .parquet): how often, until when, and for how much.

    In place of the file may stand the folder of an imported log (`memberlab import`), which knows its currency. A file
    has one row a purchase, with the columns customer_id, date (or timestamp) and net_amount. Pareto/NBD, BG/NBD and
    Gamma-Gamma are fitted by maximum likelihood on the first half of the log and scored on the second; the purchase
    model with the higher likelihood goes into the file, the other stands beside it. A log of frequent visits (half a
    year, ten visits a customer) also tells their rhythm, their drift and amounts by quantiles.
    """
    from memberlab.policies import dump_model
    from memberlab.scenarios import calibrate as fit_population
    from memberlab.scenarios import calibration

    fail_if_not_writable(out, force)
    if whole_log and until is not None:
        raise click.UsageError("--until and --all contradict each other; give one of them")
    read, currency, is_new = read_log(trips, None, sort, identical_rows, currency)
    log, new_customers = read.transactions, new_customers or is_new
    why_not = "it was not asked for" if rhythm == "no" else calibration.why_no_rhythm(read.log, new_customers)
    population = fit_population(
        log,
        until=None if until is None else until.date(),
        whole_log=whole_log,
        new_customers=new_customers,
        name=name,
        currency=currency,
        conversion=conversion or ("80 %" if why_not is None else "10 %"),
        title=f"Fitted to {log.name}"[:200],
        source=f"transaction log {log.name}",
        command=_command_line(),
    )
    if why_not is None:
        seen = read.log if until is None else read.log.between(0, (until.date() - log.first_day).days + 1).seen()
        population = calibration.with_base_process(population, seen)
    write_whole(out, dump_model(population))
    if as_json:
        print_json(population.model_dump(), default=_plain)
    else:
        show_population(population, out)
        show_base_process(population, why_not)


def show_base_process(population: Population, why_not: str | None) -> None:
    """Say what the file holds beyond the purchase models: rhythm and amounts by quantiles, or why it does not."""
    from .tables import console

    screen = console()
    if why_not is not None:
        screen.print(f"No rhythm is fitted: {why_not}.", highlight=False)
        return
    words = (
        "The file holds the base process: rates with drift, leaving and late entry, the rhythm of visits and amounts "
        "by quantiles, fitted to the log together; it replaces the estimates above. 'memberlab validate' tells how "
        "far it can be believed."
    )
    screen.print(words, highlight=False)
    for address, origin in population.learnt.items():
        if origin != "log":
            screen.print(f"Note: {address}: {origin}.", highlight=False)


def fail_if_not_writable(out: Path, force: bool) -> None:
    """Raise DocumentError if a file cannot be written at `out`, or stands there and may not be replaced."""
    from memberlab.policies import DocumentError, Problem

    problem = None
    if out.suffix.lower() not in (".yaml", ".yml"):
        problem = f"'{out.name}' is not the name of a population file; let it end in .yaml"
    elif out.is_dir():
        problem = "is a folder; give the path of a file in it"
    elif not out.parent.is_dir():
        problem = f"there is no folder '{out.parent}'; make it first"
    elif not os.access(out.parent, os.W_OK):
        problem = f"the folder '{out.parent}' cannot be written to; choose another"
    elif out.exists() and not force:
        problem = "exists already; choose another name, or give --force to replace it"
    if problem is not None:
        raise DocumentError([Problem(str(out), None, "--out", problem)])


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all. Raises DocumentError when the disk refuses."""
    from memberlab.policies import DocumentError, Problem

    temporary = None
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            temporary = Path(file.name)
            file.write(text)
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        raise DocumentError([Problem(str(path), None, "--out", f"cannot be written: {error.strerror}")]) from None
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _command_line() -> str:
    """Return the command as typed, for the file's record."""
    return shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)


def show_population(population: Population, out: Path) -> None:
    """Print the estimates, the scores, the choice and the caveats of a fitted population."""
    from .tables import console

    fit = population.fit
    assert fit is not None
    log, screen = fit.log, console()
    holdout = (
        "no hold-out"
        if log.last_day == log.calibration_end
        else f"{log.holdout_purchases:,} purchases in the hold-out to {log.last_day}"
    )
    screen.print(
        f"{log.name}: {log.customers:,} customers, {log.repeat_purchases:,} repeat purchases from {log.first_day} to "
        f"{log.calibration_end}; {holdout}",
        highlight=False,
    )
    screen.print(_estimates(population))
    screen.print(_scores(population))
    screen.verdict(f"[bold]Chosen[/bold]: {fit.reason}.", highlight=False)
    for note in _notes(population):
        screen.print(f"Note: {note}", highlight=False)
    screen.verdict(f"Written: {out}", highlight=False)


def _notes(population: Population) -> list[str]:
    """Return what a reader should know of the figures: remarks of each model, spend in the hold-out, notices,
    caveats.
    """
    fit = population.fit
    assert fit is not None
    notes = [
        f"{TITLES.get(name, name)}: {remark}." for name, model in fit.purchases.items() for remark in model.remarks
    ]
    notes += [f"Gamma-Gamma: {remark}." for remark in fit.spend.remarks]
    if fit.spend_holdout is not None:
        spend = fit.spend_holdout
        notes.append(
            f"Mean amounts of {spend.customers:,} customers in the hold-out are missed by "
            f"{spend.mean_absolute_error:.2f} "
            f"{population.currency} on average, with a bias of {spend.bias:+.1%}."
        )
    return [*notes, *(f"{notice}." for notice in fit.log.notices), *fit.caveats]


def _estimates(population: Population) -> Table:
    """Return every model's estimates with standard errors and 95 % intervals, symmetric on the log scale."""
    import math

    from rich.table import Table

    fit = population.fit
    assert fit is not None
    table = Table(title="Maximum likelihood", title_justify="left", title_style="bold")
    for heading in ("Model", "Parameter"):
        table.add_column(heading)
    for heading in ("Estimate", "Standard error", "95 % interval"):
        table.add_column(heading, justify="right", no_wrap=True)
    models = {**{TITLES[name]: model for name, model in fit.purchases.items()}, "Gamma-Gamma (spend)": fit.spend}
    for title, model in models.items():
        last = list(model.estimates)[-1]
        for row, (name, estimate) in enumerate(model.estimates.items()):
            error = model.standard_errors.get(name)
            factor = None if error is None else math.exp(min(1.96 * error / estimate, 100))
            interval = "-" if factor is None else f"{estimate / factor:.4g} to {estimate * factor:.4g}"
            shown = "-" if error is None else f"{error:.4g}"
            table.add_row("" if row else title, name, f"{estimate:.4f}", shown, interval, end_section=name == last)
    spread = fit.correlation
    error_text = "-" if spread.standard_error is None else f"{spread.standard_error:.3f}"
    table.add_row("Copula", "rate and spend", f"{spread.estimate:.4f}", error_text, "-")
    return table


def _scores(population: Population) -> Table:
    """Return the likelihoods of the purchase models and their scores on the hold-out."""
    from rich.table import Table

    fit = population.fit
    assert fit is not None
    title = "Purchase models: log-likelihood in the window, and scores on the hold-out (errors in purchases a customer)"
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("Model")
    for heading in ("Log-likelihood", "predictive", "Total error", "Error by repeats", "RMSE", "Correlation"):
        table.add_column(heading, justify="right")
    for name, model in fit.purchases.items():
        cells = [f"{model.log_likelihood:.2f}"]
        if (scores := model.holdout) is None:
            cells += ["-"] * 5
        else:
            total, correlation = scores.total_error, scores.correlation
            cells += [
                f"{scores.predictive_log_likelihood:.2f}",
                "-" if total is None else f"{total:+.1%}",
                f"{scores.mean_error_by_repeats:.3f}",
                f"{scores.root_mean_square_error:.3f}",
                "-" if correlation is None else f"{correlation:.3f}",
            ]
        table.add_row(TITLES[name], *cells, style="bold" if name == fit.chosen else "")
    return table
