"""`memberlab runs`: what has been run and written, newest first.

Serves whoever looks for a result among many. Only manifests are read, so it is quick.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .names import POLICY, SCENARIO
from .output_options import is_quiet, print_json, result_options

if TYPE_CHECKING:
    from rich.table import Table

    from memberlab.results import FoundRun


WIDE = 110
"""Columns of a terminal from which every column of the table is shown."""


def key_and_value(context: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the pairs of `--where`. Raises BadParameter for what is none."""
    wrong = [text for text in texts if not text.partition("=")[1]]
    if wrong:
        raise click.BadParameter(f"{wrong[0]!r} is no KEY=VALUE, such as replications=16 or kpis.margin=1200000")
    return [(key.strip(), value.strip()) for key, _, value in (text.partition("=") for text in texts)]


@click.command()
@click.argument("folders", nargs=-1, metavar="[DIR]...", type=click.Path(path_type=Path))
@click.option("--kind", "kinds", multiple=True, metavar="KIND",
              help="Only runs of this kind: run, comparison, study, ...; may be given several times.")  # fmt: skip
@click.option("--policy", metavar="NAME", type=POLICY, help="Only runs in which this policy was lived.")
@click.option("--scenario", metavar="NAME", type=SCENARIO, help="Only runs in this scenario.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
              help="Only runs written on that day or later (UTC).")  # fmt: skip
@click.option("--where", multiple=True, metavar="KEY=VALUE", callback=key_and_value,
              help="Only runs whose manifest says so, such as replications=16 or verdict=switch; may be given several "
              "times.")  # fmt: skip
@click.option("--limit", type=click.IntRange(1), metavar="N", help="The newest N only.")
@result_options("the runs as JSON, newest first")
def runs(
    folders: tuple[Path, ...], kinds: tuple[str, ...], policy: str | None, scenario: str | None,
    since: datetime.datetime | None, where: list[tuple[str, str]], limit: int | None, as_json: bool,
) -> None:  # fmt: skip
    """List the runs in and below DIR, newest first.

    \b
    memberlab runs
    memberlab runs results --kind comparison --policy jd-plus --since 2026-11-01
    memberlab runs --where replications=16 --json

    Without DIR, runs are looked for below the folders of MEMBERLAB_RUNS (several with a colon between), and where that
    is not set below the current one. Folders are looked into six deep; hidden ones are left out. A folder that is
    damaged, was interrupted or was written by a newer memberlab is listed as such. `memberlab open NAME` opens the
    report of a run.
    """
    from memberlab.policies import DocumentError, Problem
    from memberlab.results import runs_below

    missing = [Problem(str(one), None, "", "no such folder") for one in folders if not one.is_dir()]
    if missing:
        raise DocumentError(missing)
    every = runs_below(folders)
    kept = [
        one for one in every
        if (not kinds or one.kind in kinds)
        and (policy is None or policy in one.policies)
        and (scenario is None or scenario in one.scenarios)
        and (since is None or one.created.date() >= since.date())
        and all(said(one.value_at(key)) == value for key, value in where)
    ][:limit]  # fmt: skip
    if as_json:
        print_json([as_data(one) for one in kept])
    elif is_quiet():
        click.echo("".join(f"{shown_path(one.folder)}\n" for one in kept), nl=False)
    else:
        show(kept, every, kinds)


def as_data(run: FoundRun) -> dict[str, object]:
    """Return a run as plain data; the size in bytes, the time in UTC."""
    return {
        "name": run.name, "folder": str(run.folder.resolve()), "kind": run.kind, "state": run.state,
        "created": run.created.isoformat(), "policies": run.policies, "scenarios": run.scenarios, "seed": run.seed,
        "bytes": run.size, "headline": run.headline,
    }  # fmt: skip


def said(value: object) -> str:
    """Return a value of a manifest as it is written in JSON."""
    return str(value).lower() if isinstance(value, bool) or value is None else str(value)


def show(kept: list[FoundRun], every: list[FoundRun], kinds: tuple[str, ...]) -> None:
    """Print a row for each run, and how many of all they are."""
    from memberlab.policies import closest

    from .tables import console

    screen = console()
    if kept:
        screen.print(run_table(kept, screen.width))
    count = f"{len(kept)} of {len(every)} runs" if len(kept) != len(every) else f"{len(kept)} runs"
    screen.print("1 run" if count == "1 runs" else count, highlight=False)
    known = sorted({one.kind for one in every if one.kind})
    for kind in kinds:
        if kind not in known:
            guess = closest(kind, known)
            mend = f", did you mean '{guess}'?" if guess else f"; there are: {', '.join(known) or 'none'}"
            screen.print(f"No run is a {kind}{mend}", highlight=False, markup=False)


def run_table(found: list[FoundRun], width: int) -> Table:
    """Return a row for each run; on a narrow terminal with less in each."""
    from rich.table import Table
    from rich.text import Text

    from .work_ahead import bytes_told

    is_narrow = width < WIDE
    table = Table()
    table.add_column("Run", overflow="fold", min_width=8)
    table.add_column("Kind")
    table.add_column("Written" if is_narrow else "Written, UTC", no_wrap=True)
    if not is_narrow:
        table.add_column("Policies")
        table.add_column("Scenarios")
        table.add_column("Seed", justify="right")
        table.add_column("Size", justify="right", no_wrap=True)
    table.add_column("What came of it")
    for one in found:
        told = Text(shortened(one.headline)) if one.is_complete else Text(shortened(one.state), style="yellow")
        row: list[Text | str] = [Text(shown_path(one.folder)), one.kind or "-"]
        if is_narrow:
            lived = f"{several(one.policies)} in {several(one.scenarios)}: " if one.policies and one.scenarios else ""
            table.add_row(*row, f"{one.created:%Y-%m-%d}", Text(lived) + told)
        else:
            seed = "-" if one.seed is None else str(one.seed)
            table.add_row(
                *row, f"{one.created:%Y-%m-%d %H:%M}", several(one.policies), several(one.scenarios), seed,
                bytes_told(one.size), told,
            )  # fmt: skip
    return table


def several(names: tuple[str, ...], most: int = 3) -> str:
    """Return names, the first few of many."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more or "-"


def shortened(text: str, most: int = 100) -> str:
    """Return a sentence that fits a cell."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def shown_path(folder: Path) -> str:
    """Return the folder as seen from here."""
    here = Path.cwd()
    found = folder.resolve()
    return str(found.relative_to(here)) if found.is_relative_to(here) else str(found)
