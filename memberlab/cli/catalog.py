"""`memberlab catalog`: what ships with memberlab, and the text of each document.

Serves whoever writes a first policy and wants one to start from.
"""

from __future__ import annotations

import click


@click.command()
@click.argument("name", required=False)
def catalog(name: str | None) -> None:
    """List the policies, scenarios, populations, sets of assumptions, studies and scenario sets that ship, or print
    the file NAME.
    """
    from importlib.resources import files

    from memberlab.policies import DocumentError, Problem, hint

    folders = {
        "policies": files("memberlab.policies") / "presets",
        "scenarios": files("memberlab.scenarios") / "presets",
        "populations": files("memberlab.scenarios") / "populations",
        "assumptions": files("memberlab.sim") / "assumption_sets",
        "studies": files("memberlab.optimize") / "studies",
        "scenario sets": files("memberlab.optimize") / "uncertainty" / "sets",
    }
    shipped = {
        file.name.removesuffix(".yaml"): (kind, file)
        for kind, folder in folders.items()
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if file.name.endswith(".yaml")
    }
    if name is not None:
        if name not in shipped:
            raise DocumentError([Problem(name, None, "", f"unknown name{hint(name, list(shipped), 'known are')}")])
        click.echo(shipped[name][1].read_text(encoding="utf-8"), nl=False)
        return
    for kind in folders:
        click.echo(f"{kind}:")
        for entry, (of_kind, file) in shipped.items():
            if of_kind == kind:
                click.echo(f"  {entry:<20} {_title(file.read_text(encoding='utf-8'))}".rstrip())


def _title(text: str) -> str:
    """Return the title line of a document, without reading the rest."""
    for line in text.splitlines():
        if line.startswith("title:"):
            return line.removeprefix("title:").strip().strip("'\"")
    return ""
