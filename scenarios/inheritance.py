"""Scenarios that extend another: a file that writes what differs, and takes everything else from its base.

Serves the catalogue of scenarios. Sections are merged key by key, lists and single values replace those of the base;
the head (name, title, description, source) is never taken over. A fault of the base is told with the base's own file
and line; what is wrong only in the two together, at the line that names the base.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from memberlab.policies import Document, DocumentError, Problem, is_path, model_from, notation_of, open_document, shown

from .scenario import Scenario

FilePath = str | os.PathLike[str]

REFERENCES = (("incumbent",), ("population", "source"), ("population", "members", "file"))
"""Where a scenario names other documents, by path or by name."""


def load_extended(path: FilePath, path_of: Callable[[str], FilePath], heirs: tuple[str, ...] = ()) -> Scenario:
    """Return the scenario of a file with all that it takes from the scenario it extends, if it extends one.

    Paths in it are seen from the folder of the file. `path_of` finds a base by name, `heirs` are the files on the way.
    Raise DocumentError for every fault of the file or of a base.
    """
    document = open_document(path)
    if document.data.get("extends") is None:
        return model_from(Scenario, document)
    base_path = _base_of(document, path_of, (*heirs, os.path.realpath(path)))
    base = load_extended(base_path, path_of, (*heirs, os.path.realpath(path)))
    data = _without_head(base)
    for place in REFERENCES:
        _see_from(data, place, os.path.dirname(base_path), os.path.dirname(path))  # noqa: PTH120 - kept as given
    own = {key: value for key, value in document.data.items() if key != "extends"}
    line = document.places["extends",]
    inherited: dict[tuple[str | int, ...], tuple[int, int]] = {(key,): line for key in data if key not in own}
    whole = Document(
        document.name, merged(data, own), {**inherited, **document.places}, document.problems, document.unreadable
    )
    try:
        return model_from(Scenario, whole)
    except DocumentError as error:
        written = {".".join(str(step) for step in place) for place in document.places}
        raise DocumentError(_from_base(problem, base.name, written) for problem in error.problems) from None


def merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return `base` with what `own` writes: sections key by key, everything else as a whole."""
    whole = dict(base)
    for key, value in own.items():
        before = whole.get(key)
        if isinstance(before, Mapping) and isinstance(value, Mapping):
            whole[key] = merged(before, value)
        else:
            whole[key] = value
    return whole


def _base_of(document: Document, path_of: Callable[[str], FilePath], heirs: tuple[str, ...]) -> FilePath:
    """Return the file of the scenario that a document extends."""
    named = document.data["extends"]
    wrong = ""
    path: FilePath = ""
    if not isinstance(named, str):
        wrong = f"{shown(named)} is not a scenario; write its name or the path of its file"
    elif is_path(named):
        path = os.path.join(os.path.dirname(document.name), named)  # noqa: PTH118, PTH120 - kept as given
        wrong = "" if Path(path).is_file() else f"there is no file '{path}'"
    else:
        try:
            path = path_of(named)
        except DocumentError as error:
            wrong = f"'{named}': {error.problems[0].message}"
    if not wrong and os.path.realpath(path) in heirs:
        wrong = f"'{named}' extends this file in turn; one of them has to stand alone"
    if wrong:
        raise DocumentError([Problem(document.name, document.line_of(("extends",)), "extends", wrong)])
    return path


def _without_head(base: Scenario) -> dict[str, Any]:
    """Return what a scenario rules, in file notation."""
    told = notation_of(base)
    return {key: value for key, value in told.items() if key not in {*Scenario.HEAD, "version", "extends"}}


def _see_from(data: dict[str, Any], place: tuple[str, ...], base_folder: str, folder: str) -> None:
    """Write a path in `data` that is seen from one folder as it is seen from another."""
    holder: Any = data
    for step in place[:-1]:
        holder = holder[step]
        if holder is None:
            return
    reference = holder[place[-1]]
    if isinstance(reference, str) and is_path(reference) and not Path(reference).is_absolute():
        holder[place[-1]] = os.path.relpath(os.path.join(base_folder, reference), folder or ".")  # noqa: PTH118


def _from_base(problem: Problem, base: str, written: set[str]) -> Problem:
    """Return the problem of a merged scenario, which says so where the value is the base's."""
    is_inherited = problem.field.partition(".")[0] not in {place.partition(".")[0] for place in written}
    if not is_inherited or not problem.field or problem.field in Scenario.HEAD:
        return problem
    return Problem(problem.file, problem.line, problem.field, f"{problem.message}; it is taken from '{base}'")
