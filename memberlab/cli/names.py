"""What a word of the command line names: a document that ships or a file of one's own; for completion.

Serves whoever presses Tab. The names are read off the folders, without importing what reads the documents.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

FOLDERS = {
    "policy": ("policies", "presets"),
    "scenario": ("scenarios", "presets"),
    "disturbance": ("scenarios", "disturbances"),
    "population": ("scenarios", "populations"),
    "assumptions": ("sim", "assumption_sets"),
    "study": ("optimize", "studies"),
    "set": ("optimize", "uncertainty/sets"),
}
"""By kind of document, the room and the folder in it in which those that ship stand."""


@cache
def shipped_names(kind: str) -> tuple[str, ...]:
    """Return the names of the documents of a kind that ship, sorted."""
    room, folder = FOLDERS[kind]
    spec = find_spec(f"memberlab.{room}")
    places = [] if spec is None else list(spec.submodule_search_locations or ())
    return tuple(sorted(file.stem for place in places for file in (Path(place) / folder).glob("*.yaml")))


class DocumentName(click.ParamType[str]):
    """A document that ships, by name, or a file; of several kinds where a command takes either."""

    def __init__(self, *kinds: str, files: bool = True, separator: str = "") -> None:
        self.name, self._kinds, self._files, self._separator = kinds[0], kinds, files, separator

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word; whether it names something is told when it is read, with everything else that is wrong."""
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the names that begin so, and let the shell add files."""
        from click.shell_completion import CompletionItem

        names = [name for kind in self._kinds for name in shipped_names(kind) if name.startswith(incomplete)]
        files = [CompletionItem(incomplete, type="file")] if self._files else []
        return [*files, *(CompletionItem(name) for name in names)]


POLICY = DocumentName("policy")
SCENARIO = DocumentName("scenario")
POPULATION = DocumentName("population")
ASSUMPTION_SET = DocumentName("assumptions")
SCENARIO_SET = DocumentName("set")
DISTURBANCE = DocumentName("disturbance", files=False)
STUDY_OR_POLICY = DocumentName("study", "policy")
POLICY_OR_SCENARIO = DocumentName("policy", "scenario")
ANY_DOCUMENT = DocumentName(*FOLDERS, files=False)


class FileName(click.ParamType[str]):
    """A file of the user's own."""

    name = "file"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word."""
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Let the shell complete files."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]


FILE = FileName()


class KpiName(click.ParamType[str]):
    """A key figure."""

    name = "kpi"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word; an unknown one is told with all other faults."""
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the key figures that begin so."""
        from click.shell_completion import CompletionItem

        from memberlab.results import KPIS

        return [CompletionItem(one.name, help=one.title) for one in KPIS.values() if one.name.startswith(incomplete)]


KPI = KpiName()
