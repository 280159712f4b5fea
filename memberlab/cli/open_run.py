"""`memberlab open`: the report of a run in the browser.

Serves whoever wants to see a result again.
"""

from __future__ import annotations

import os
import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .output_options import print_json, result_options

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

REPORT = "report.html"


def names_of_runs(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the runs whose names begin so, `last`, and let the shell add folders."""
    from click.shell_completion import CompletionItem

    from memberlab.results import LAST, runs_below

    found = [one.name for one in runs_below() if one.is_complete]
    names = [name for name in (LAST, *dict.fromkeys(found)) if name.startswith(incomplete)]
    return [CompletionItem(incomplete, type="file"), *(CompletionItem(name) for name in names)]


@click.command("open")
@click.argument("run", shell_complete=names_of_runs)
@click.option("--no-browser", is_flag=True, help="Say where the report is, and open nothing.")
@result_options("the run, the file and whether a browser was asked to open it as JSON")
def open_run(run: str, no_browser: bool, as_json: bool) -> None:
    """Open the report of RUN: a folder, the beginning of a run's name, or `last`.

    \b
    memberlab open last
    memberlab open results/fees

    Names are looked up as `memberlab runs` does. A report that is not there yet is written first, from what is in the
    folder; nothing is simulated. Where there is no display, the file is named and nothing opens.
    """
    from memberlab.results import run_meant

    folder = run_meant(run)
    report = report_of(folder)
    opened = not no_browser and has_display() and webbrowser.open(report.resolve().as_uri())
    if as_json:
        print_json({"run": str(folder.resolve()), "report": str(report.resolve()), "opened": opened})
    else:
        click.echo(f"{report}" if opened or no_browser else f"{report}  (no browser to open it with)")


def report_of(folder: Path) -> Path:
    """Return the report of a run, written now if it is not there.

    Raises DocumentError for a folder that is no run, and for a run of which there is no report.
    """
    from memberlab.results import write_report

    report = folder / REPORT
    return report if report.is_file() else write_report(folder)


def has_display() -> bool:
    """Return whether a window can be opened here; a browser in the terminal would take it over."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
