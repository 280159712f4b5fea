"""`memberlab report`: the page of a run that was written before, in either language.

Serves whoever forwards a result, and whoever wants it in another language or at another place.
"""

from __future__ import annotations

from pathlib import Path

import click

from .output_options import print_json, result_options
from .report_options import lang_option, report_told


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@lang_option
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE",
              help="Write the page to this file.  [default: report.html in the run's folder]")  # fmt: skip
@result_options("the file written as JSON")
def report(run: Path, language: str, out: Path | None, as_json: bool) -> None:
    """Write the report of RUN, a folder that `--out` of run, compare or another command wrote, as one page of HTML.

    The page needs no network: open it in a browser, print it, or send it as it is. Nothing is simulated; everything is
    read from the folder. A page that is there already is replaced. docs/report.md tells what is on it.
    """
    from memberlab.results import write_report

    page = write_report(run, language, out)
    if as_json:
        print_json({"run": str(run.resolve()), "report": str(page.resolve()), "language": language})
    else:
        click.echo(report_told(page))
