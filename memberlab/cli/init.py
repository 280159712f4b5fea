"""`memberlab init`: a project folder in which policies, their markets, checks, tests and CI are ready to run.

Serves a team that begins to keep its policies in git.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import workers_option
from .output_options import is_quiet, print_json, result_options

if TYPE_CHECKING:
    from memberlab.optimize import Workers
    from memberlab.project import Written

REASON = "The project as memberlab init wrote it"


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--add", is_flag=True, help="Add the missing files to a folder that holds some; none is written over.")
@click.option(
    "--without-baseline", is_flag=True, help="Simulate nothing now; the first check then asks for a baseline."
)
@workers_option(all_processors=True)
@result_options("the files written and kept as JSON")
def init(folder: Path, add: bool, without_baseline: bool, workers: Workers, as_json: bool) -> None:
    """Write a ready project into DIR: two policies, two markets, checks, tests, a README and CI files.

    Everything in it passes as it is; put your own figures in place of the examples. Jobs for GitHub and GitLab and a
    pre-commit hook are among the files. The outcomes of the examples are accepted as the first baseline.

    \b
    memberlab init ourshop && cd ourshop
    memberlab check          outcomes against the baseline, and claims
    pytest                   the contract that every policy keeps
    """
    from memberlab.project import write_project

    written = write_project(folder, add=add)
    with_baseline = "checks.yaml" in written.new and not without_baseline
    if not as_json:
        tell(folder, written)
    if with_baseline:
        from .baseline import accept_outcomes

        accept_outcomes(str(folder), REASON, None, workers, tell=not as_json)
    if as_json:
        print_json({"folder": str(folder), "written": written.new, "kept": written.kept, "baseline": with_baseline})
    elif not is_quiet():
        click.echo(f"Next: cd {folder}, memberlab check, pytest; README.md there says how changes are made.")


def tell(folder: Path, written: Written) -> None:
    """Say which files were written, and which were there before."""
    if not is_quiet():
        for path in written.new:
            click.echo(f"  {path}")
        if written.kept:
            click.echo(f"left as they are: {', '.join(written.kept)}")
    count = len(written.new)
    click.echo(f"{count} file{'' if count == 1 else 's'} written to {folder}")
