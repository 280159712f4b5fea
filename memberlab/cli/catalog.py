"""`memberlab catalog`: what ships with memberlab, and the text of each document.

Serves whoever writes a first policy or scenario and wants one to start from.
"""

from __future__ import annotations

from importlib.resources.abc import Traversable
from pathlib import Path

import click

from .names import ANY_DOCUMENT
from .output_options import is_quiet, print_json, result_options


@click.command()
@click.argument("name", type=ANY_DOCUMENT, required=False)
@result_options("the list as JSON: kind, name, title and source of each")
def catalog(name: str | None, as_json: bool) -> None:
    """List the policies, scenarios, disturbances, populations, sets of assumptions, studies and scenario sets that
    ship, or print the file NAME.

    Disturbances are listed with what they change and where their sizes come from; each can be added to a scenario with
    `--with NAME`, or taken up in one by `shocks: [{use: NAME, from_month: 7}]`.
    """
    from memberlab.policies import DocumentError, Problem, hint

    shipped = _shipped()
    if name is not None:
        if name not in shipped:
            raise DocumentError([Problem(name, None, "", f"unknown name{hint(name, list(shipped), 'known are')}")])
        click.echo(shipped[name][1].read_text(encoding="utf-8"), nl=False)
        return
    if as_json:
        rows = [
            {"kind": kind, "name": entry, "title": _head(text, "title"), "source": _head(text, "source")}
            for entry, (kind, file) in shipped.items()
            for text in (file.read_text(encoding="utf-8"),)
        ]
        print_json(rows)
        return
    if is_quiet():
        click.echo("\n".join(shipped))
        return
    last = ""
    for entry, (kind, file) in shipped.items():
        if kind != last:
            click.echo(f"{kind}:")
            last = kind
        click.echo(f"  {entry:<24} {_head(file.read_text(encoding='utf-8'), 'title')}".rstrip())
        if kind == "disturbances":
            _show_effects(entry)


def _shipped() -> dict[str, tuple[str, Traversable]]:
    """Return every document by name, with its kind and file, kind after kind."""
    from importlib.resources import files

    folders = {
        "policies": files("memberlab.policies") / "presets",
        "scenarios": files("memberlab.scenarios") / "presets",
        "disturbances": files("memberlab.scenarios") / "disturbances",
        "populations": files("memberlab.scenarios") / "populations",
        "assumptions": files("memberlab.sim") / "assumption_sets",
        "studies": files("memberlab.optimize") / "studies",
        "scenario sets": files("memberlab.optimize") / "uncertainty" / "sets",
    }
    return {
        Path(file.name).stem: (kind, file)
        for kind, folder in folders.items()
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if file.name.endswith(".yaml")
    }


def _show_effects(name: str) -> None:
    """Print what a disturbance changes, how long it lasts, and its sources."""
    from memberlab.scenarios import effects_told, lasts, load_disturbance

    disturbance = load_disturbance(name)
    click.echo(click.wrap_text("; ".join(effects_told(disturbance)), 100, "      ", "      "))
    click.echo(click.wrap_text(f"{lasts(disturbance)}. Source: {disturbance.source}", 100, "      ", "      "))


def _head(text: str, key: str) -> str:
    """Return a line of the head of a document, folded or not, without reading the rest."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if line.startswith(f"{key}:"):
            told = line.removeprefix(f"{key}:").strip().strip("'\"")
            if told != ">-":
                return told
            folded = []
            for more in lines[number + 1 :]:
                if not more.startswith(" "):
                    break
                folded.append(more.strip())
            return " ".join(folded)
    return ""
