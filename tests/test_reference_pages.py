"""The reference pages of the manual say what the schemas, the registries and the command line say.

Write one anew with `memberlab schema KIND --page > docs/reference/KIND.md`; the pages are in the repository, so that
they can be read there and a change of a schema shows in the diff.
"""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from memberlab.cli import main

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
KINDS = sorted(page.stem for page in FOLDER.glob("*.md") if page.stem not in ("index", "exit-codes"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_reference_page_is_up_to_date(kind: str) -> None:
    shown = CliRunner().invoke(main, ["schema", kind, "--page"])
    assert shown.exit_code == 0, shown.output
    assert (FOLDER / f"{kind}.md").read_text(encoding="utf-8") == shown.stdout, (
        f"memberlab schema {kind} --page > docs/reference/{kind}.md"
    )


def test_the_page_of_the_command_line_has_every_command_and_option() -> None:
    page = (FOLDER / "commands.md").read_text(encoding="utf-8")
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        part = page.split(f"\n## memberlab {name}\n")[1]
        for option in (one for one in command.params if isinstance(one, click.Option) and not one.hidden):
            assert option.opts[-1] in part
            assert option.help, f"`memberlab {name} {option.opts[-1]}` has no help"


@pytest.mark.parametrize("kind", ["commands", "kpis", "statements"])
def test_registries_are_told_as_json_too(kind: str) -> None:
    found = json.loads(CliRunner().invoke(main, ["schema", kind]).stdout)
    assert all(found.values())
    assert {"commands": "study new", "kpis": "margin", "statements": "bridge"}[kind] in found
