"""`memberlab init`: a project folder in which policies, their markets, checks, tests and CI are ready to run.

Serves a team that begins to keep its policies in git.
"""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--add", is_flag=True, help="Add the missing files to a folder that holds some; none is written over.")
def init(folder: Path, add: bool) -> None:
    """Write a ready project into DIR: two policies, two markets, checks, tests, a README and CI files.

    Everything in it passes as it is; put your own figures in place of the examples. Jobs for GitHub and GitLab and a
    pre-commit hook are among the files.
    """
    from memberlab.project import write_project

    written = write_project(folder, add=add)
    for path in written.new:
        click.echo(f"  {path}")
    if written.kept:
        click.echo(f"left as they are: {', '.join(written.kept)}")
    click.echo(f"{len(written.new)} files written to {folder}")
