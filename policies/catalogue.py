"""Documents that ship with memberlab, by name: one catalogue for policies, scenarios, populations and studies."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar, cast

from pydantic import BaseModel

from .policy import Policy
from .problems import DocumentError, Problem, closest
from .validation import load_model

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Catalogue(Generic[Model]):
    """A folder of YAML documents of one kind, each named as its file."""

    kind: str
    """What one document is called in messages, such as `policy`."""
    model: type[Model]
    folder: Path

    def names(self) -> tuple[str, ...]:
        """Return the names of the documents in the folder, in alphabetical order."""
        return tuple(sorted(path.stem for path in self.folder.glob("*.yaml")))

    def load(self, name_or_path: str | os.PathLike[str]) -> Model:
        """Return the document of a name in the catalogue, or of a path that ends in .yaml or .yml.

        Raise DocumentError for an unknown name, listing what exists, and for every fault of the file.
        """
        path = self.path_of(name_or_path)
        if not isinstance(path, Path):
            return load_model(self.model, path)
        state = path.stat()
        return cast(Model, _shipped(self.model, path, state.st_mtime_ns, state.st_size))

    def path_of(self, name_or_path: str | os.PathLike[str]) -> Path | str:
        """Return the file of a name in the catalogue, or the path itself if it is one; raise as `load` does."""
        given = os.fspath(name_or_path)
        if not isinstance(name_or_path, str) or is_path(given):
            return given
        if given in self.names():
            return self.folder / f"{given}.yaml"
        raise DocumentError([Problem(given or "''", None, "", self._unknown(given))])

    def _unknown(self, given: str) -> str:
        names = ", ".join(self.names()) or "none"
        guess = closest(given, self.names())
        mend = f", did you mean '{guess}'? Known: {names}" if guess else f"; known: {names}"
        kind = "a folder" if given and Path(given).is_dir() else "a file" if given and Path(given).exists() else ""
        path = f"; there is {kind} of this name: a path must end in .yaml or .yml" if kind else ""
        return f"unknown {self.kind}{mend}{path}"


@cache
def _shipped(model: type[BaseModel], path: Path, _changed_at: int, _size: int) -> BaseModel:
    """Return a document of a catalogue, read once: a run asks for its incumbent and population several times."""
    return load_model(model, path)


def is_path(name_or_path: str) -> bool:
    """Return whether a text is the path of a document rather than a name in a catalogue: it ends in .yaml or .yml."""
    return name_or_path.lower().endswith((".yaml", ".yml"))


_POLICIES = Catalogue("policy", Policy, Path(__file__).parent / "presets")


def load_policy(name_or_path: str | os.PathLike[str]) -> Policy:
    """Return a policy by its name in the catalogue (`jd-plus`) or by the path of a .yaml file.

    Raise DocumentError for an unknown name, listing what exists, and for every fault of the file.
    """
    return _POLICIES.load(name_or_path)


def policy_path(name_or_path: str | os.PathLike[str]) -> Path | str:
    """Return the file of a policy by name, or the path itself; raise DocumentError for an unknown name."""
    return _POLICIES.path_of(name_or_path)


def policy_names() -> tuple[str, ...]:
    """Return the names of the policies that ship with memberlab."""
    return _POLICIES.names()
