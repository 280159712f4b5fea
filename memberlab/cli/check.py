"""`memberlab check`: whether policies still do what they did, and whether what is claimed of them holds.

Serves teams that keep policies in git, in their continuous integration and at the desk.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from .baseline import baseline_option
from .faults import NoBaseline
from .options import progress_bar, workers_option
from .output_options import note_json, print_json, quiet_option

if TYPE_CHECKING:
    from memberlab.optimize import ChecksPlan, CheckTier, Workers

TIERS = ("invariants", "digest", "paired", "claims", "full")


@click.command()
@click.argument("folder", default=".", metavar="[DIR]")
@click.option("--tier", type=click.Choice(TIERS), default="full", show_default=True,
              help="How much is checked; each is described above.")  # fmt: skip
@baseline_option
@click.option("--strict", is_flag=True, help="End with 3 where a cell stays inconclusive.")
@click.option(
    "--across-versions", is_flag=True, help="Hold outcomes against a baseline of another version of the model."
)
@click.option("--only", multiple=True, metavar="CELL",
              help="Check this cell only, judged as in the whole: gold/recession, gold/recession/margin or claims.2; "
              "may be given several times. Shows every population.")  # fmt: skip
@click.option("--junit", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write a JUnit report for continuous integration.")  # fmt: skip
@click.option("--markdown", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write a Markdown page that fits a pull request's comment.")  # fmt: skip
@click.option("--json", "json_file", metavar="[FILE]", is_flag=False, flag_value="-", is_eager=True,
              callback=note_json, type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
              help="Write everything found as JSON (cents, shares 0 to 1) to FILE; without FILE, or with -, print it "
              "instead of tables.")  # fmt: skip
@quiet_option
@workers_option(all_processors=True)
def check(
    folder: str, tier: str, place: Path | None, strict: bool, across_versions: bool, only: tuple[str, ...],
    junit: Path | None, markdown: Path | None, json_file: Path | None, workers: Workers,
) -> None:  # fmt: skip
    """Check the policies of the project in DIR (a folder with checks.yaml, or that file).

    \b
    invariants  every accounting identity, in small worlds of every policy and scenario
    digest      and the ledgers of these worlds, which must be those of the baseline to the cent
    paired      and key figures, which may move by less than their margins: the same populations, doubled while open
    claims      what checks.yaml states of the policies; needs no baseline
    full        all of it

    \b
    Ends with  0  passed
               1  an outcome has changed, or a claim does not hold
               2  something is wrong with the files or the command
               3  a cell is inconclusive (with --strict only)
               4  there is no baseline, or it is of another version of the model
               5  an accounting identity is broken

    `memberlab baseline accept --reason "..."` accepts outcomes as they are.
    """
    from memberlab.optimize import (
        BaselineError,
        SerialExecutor,
        baseline_folder,
        check_json,
        check_junit,
        check_markdown,
        open_executor,
        plan_checks,
        read_baseline,
        run_checks,
    )

    from .check_tables import show_check

    chosen = cast("CheckTier", tier)

    plan = plan_checks(folder)
    fail_if_unknown(plan, only)
    for path in (junit, markdown, json_file):
        fail_if_not_writable(path)
    to_screen = json_file == Path("-")
    try:
        before = None if tier in ("invariants", "claims") else read_baseline(place or baseline_folder(plan))
        executor = SerialExecutor() if tier in ("invariants", "digest") else open_executor(workers)
        with progress_bar("living") as progress, executor:
            checked = run_checks(plan, before, chosen, strict=strict, only=only, across_versions=across_versions,
                                 executor=executor, progress=progress)  # fmt: skip
    except BaselineError as fault:
        raise NoBaseline(str(fault)) from None
    options = replay_options(folder, place, across_versions)
    if junit is not None:
        write_text(junit, check_junit(checked, options))
    if markdown is not None:
        write_text(markdown, check_markdown(checked, options))
    if json_file is not None:
        found = check_json(checked, options)
        if to_screen:
            print_json(found)
        else:
            write_text(json_file, json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    if not to_screen:
        show_check(checked, options, populations=bool(only))
    sys.exit(int(checked.exit))


def replay_options(folder: str, place: Path | None, across_versions: bool) -> str:
    """Return what a command that checks one cell again must repeat of this one."""
    import shlex

    words = [folder] if folder != "." else []
    words += ["--baseline", str(place)] if place is not None else []
    words += ["--across-versions"] if across_versions else []
    return shlex.join(words)


def fail_if_unknown(plan: ChecksPlan, only: tuple[str, ...]) -> None:
    """Raise BadParameter for a cell that the checks do not have."""
    from memberlab.optimize import cell_names
    from memberlab.policies import hint

    known = cell_names(plan)
    for name in only:
        if name not in known and not any(one.startswith(f"{name}/") for one in known):
            raise click.BadParameter(f"no cell is called '{name}'{hint(name, known, 'cells')}", param_hint="--only")


def fail_if_not_writable(path: Path | None) -> None:
    """Raise UsageError before anything is lived when a report could not be written in the end."""
    if path is None or path == Path("-"):
        return
    there = path if path.exists() else path.absolute().parent
    while not there.exists():
        there = there.parent
    if not os.access(there, os.W_OK) or (there != path and not there.is_dir()):
        raise click.UsageError(f"{path}: cannot be written: no permission in {there}")


def write_text(path: Path, text: str) -> None:
    """Write a report, or say why it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise click.UsageError(f"{path}: cannot be written: {fault.strerror or fault}") from None
