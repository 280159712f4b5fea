"""`memberlab init`: a project folder in which policies, their markets, checks, tests and CI are ready to run.

Serves a team that begins to keep its policies in git.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import workers_option

if TYPE_CHECKING:
    from memberlab.optimize import Workers

REASON = "The project as memberlab init wrote it"


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--add", is_flag=True, help="Add the missing files to a folder that holds some; none is written over.")
@click.option(
    "--without-baseline", is_flag=True, help="Simulate nothing now; the first check then asks for a baseline."
)
@workers_option(all_processors=True)
@click.pass_context
def init(context: click.Context, folder: Path, add: bool, without_baseline: bool, workers: Workers) -> None:
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
    for path in written.new:
        click.echo(f"  {path}")
    if written.kept:
        click.echo(f"left as they are: {', '.join(written.kept)}")
    count = len(written.new)
    click.echo(f"{count} file{'' if count == 1 else 's'} written to {folder}")
    if "checks.yaml" in written.new and not without_baseline:
        from .baseline import accept

        context.invoke(accept, folder=str(folder), reason=REASON, place=None, as_json=False,
                       workers=workers.count, cluster=workers.cluster)  # fmt: skip
    click.echo(f"Next: cd {folder}, memberlab check, pytest; README.md there says how changes are made.")
