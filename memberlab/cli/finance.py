"""`memberlab finance`: the statements of a run or comparison, from the books that it left in its folder.

Serves finance: what every benefit costs, and what is owed, to the cent.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .exit_codes import ExitCode
from .options import out_option
from .output_options import print_json, result_options

if TYPE_CHECKING:
    import pandas as pd

    from memberlab.results import Period, RunBooks


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--policy", metavar="NAME", help="The arm whose books to read, where the run has several.")
@click.option("--scenario", metavar="NAME", help="The scenario, where the run has several.")
@click.option("--month", metavar="YYYY-MM", help="One month only.")
@click.option("--from", "first", metavar="YYYY-MM", help="First month of the statements.")
@click.option("--until", "last", metavar="YYYY-MM", help="Last month of the statements.")
@click.option("--statement", "shown", multiple=True, metavar="NAME",
              help="Print this statement whole; may be given several times. `all` prints every one.")  # fmt: skip
@click.option("--xlsx", type=click.Path(path_type=Path), metavar="FILE",
              help="Write an Excel workbook with live formulas and checks; replaces FILE.")  # fmt: skip
@out_option()
@click.option("--force", is_flag=True, help="Replace earlier statements in DIR.")
@result_options("the statements as JSON (money in cents, shares 0 to 1)")
def finance(
    run: Path, policy: str | None, scenario: str | None, month: str | None, first: str | None, last: str | None,
    shown: tuple[str, ...], xlsx: Path | None, out: Path | None, force: bool, as_json: bool,
) -> None:  # fmt: skip
    """Print the statements of RUN, the folder that `run --out` or `compare --out` has written.

    They are the bridge from list value to contribution margin, what each benefit costs, unit economics, points and
    their contract liability, membership fees, the journal, and checks that tie them out to the cent. With --out each is
    written as CSV and Parquet, with --xlsx all of them as a workbook whose totals and checks are formulas. Of a
    comparison the books are those of its first replication, and the shoppers of its first policy are the twins that
    tell which benefits were paid on orders that would have happened anyway.
    """
    from memberlab.results import Period, fail_if_not_usable, read_books, statements_of, write_workbook
    from memberlab.scenarios import scenario_of_run

    started = time.time()
    if month is not None and (first is not None or last is not None):
        raise click.UsageError("--month is one month; leave out --from and --until")
    period = None if (month, first, last) == (None, None, None) else Period(month or first, month or last)
    names = fail_if_unknown(shown)
    if out is not None:
        fail_if_not_usable(out, force=force)
    books = read_books(run, policy, scenario)
    tables = statements_of(books, period)
    broken: tuple[str, ...] = ()
    if xlsx is not None:
        broken = write_workbook(xlsx, books, tables, scenario_of_run(run, books.scenario))
    if out is not None:
        write_statements(out, run, books, period, tables, started, force)
    if as_json:
        told = {name: json.loads(table.to_json(orient="records", date_format="iso"))
                for name, table in tables.items() if not names or name in names}  # fmt: skip
        print_json(
            {
                "policy": books.arm,
                "scenario": books.scenario,
                "currency": books.currency,
                "seed": books.seed,
                "twin": books.twin,
                "statements": told,
            }
        )
        return
    show_statements(books, tables, names)
    if out is not None:
        click.echo(f"Statements written to {out}")
    if xlsx is not None:
        click.echo(f"Workbook written to {xlsx}")
        for rule in broken:
            click.echo(f"DOES NOT HOLD in the workbook: {rule}.")
    if broken or not tables["checks"]["holds"].all():
        raise SystemExit(ExitCode.ANSWER_IS_NO)


def fail_if_unknown(shown: tuple[str, ...]) -> list[str]:
    """Return the statements asked for; raise UsageError for one that there is not."""
    from memberlab.results import STATEMENTS

    if "all" in shown:
        return list(STATEMENTS)
    for name in shown:
        if name not in STATEMENTS:
            raise click.UsageError(f"there is no statement {name}; write all, or one of {', '.join(STATEMENTS)}")
    return list(shown)


def show_statements(books: RunBooks, tables: dict[str, pd.DataFrame], names: list[str]) -> None:
    """Print the statements asked for, or a page with the figures of the period."""
    from .finance_tables import statement_table, summary_tables
    from .tables import console

    screen = console()
    if names:
        for name in names:
            screen.print(statement_table(name, tables[name], books.currency))
        return
    for table in summary_tables(books, tables):
        screen.print(table)
    checks = tables["checks"]
    screen.verdict(f"{int(checks['holds'].sum())} of {len(checks)} checks hold, to the cent and to the point.")
    for row in checks[~checks["holds"]].itertuples(index=False):
        screen.verdict(f"DOES NOT HOLD: {row.name}: {row.rule} Found {row.left} and {row.right}.", highlight=False)


def write_statements(
    out: Path, run: Path, books: RunBooks, period: Period | None, tables: dict[str, pd.DataFrame],
    started: float, force: bool,
) -> None:  # fmt: skip
    """Write every statement as CSV and Parquet, with a manifest that says of which run and arm they are."""
    from memberlab.results import new_run, write_manifest

    with new_run(out, force=force) as folder:
        for name, table in tables.items():
            table.to_csv(folder / f"{name}.csv", index=False)
            table.to_parquet(folder / f"{name}.parquet", index=False)
        write_manifest(
            folder, started, kind="finance", run=str(run), policy=books.arm, scenario=books.scenario,
            currency=books.currency, seed=books.seed, twin=books.twin,
            first_month=None if period is None else period.first, last_month=None if period is None else period.last,
        )  # fmt: skip
