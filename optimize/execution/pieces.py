"""A piece of work: a function of a module, arguments that can be sent anywhere, and the files that they name.

Serves every executor of memberlab. Whoever submits keeps to four rules, and the piece can then be done again after a
worker's death, remembered, and sent to another machine:

- the function stands at the top of a module, so that it can be named, and gives equal results for equal arguments;
- each file that it reads or writes is an argument of type `Path`, alone or within a tuple, list, mapping or dataclass;
- a file's name tells its content: two files of one name within a run hold the same;
- a file is written whole or not at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from pathlib import Path, PurePath
from typing import Any

import numpy as np

from memberlab.policies import DocumentError, Policy, RuleDocument
from memberlab.scenarios import Scenario
from memberlab.sim import read_snapshot, replication_seed

REPLICATIONS_LOOKED_AT = 1000
"""Replications among which that of a seed is looked for, to name it."""


@dataclass(frozen=True)
class FileElsewhere:
    """What stands for a file in a piece that travels to another machine."""

    name: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A function and its arguments."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    named: Mapping[str, Any]

    def key(self) -> str | None:
        """Return a digest of function and arguments by content; None where an argument has no content of its own."""
        digest = hashlib.sha256()
        try:
            for part in _content((self.function, self.arguments, dict(self.named))):
                digest.update(part)
        except TypeError:
            return None
        return digest.hexdigest()

    def files(self) -> list[Path]:
        """Return all files that the arguments name."""
        return list(_files((self.arguments, dict(self.named))))

    def with_files(self, change: Callable[[Any], object]) -> Piece:
        """Return the piece with each file that its arguments name replaced by what `change` makes of it."""
        arguments = tuple(_changed(one, change) for one in self.arguments)
        return Piece(self.function, arguments, {name: _changed(one, change) for name, one in self.named.items()})

    def do(self) -> Any:
        """Do the work, and return its result."""
        return self.function(*self.arguments, **self.named)

    def __str__(self) -> str:
        """Return the piece in words: its function, and policy, scenario, replication and region as far as known."""
        what = getattr(self.function, "__name__", "work").strip("_").replace("_", " ")
        known = "; ".join(dict.fromkeys(_words((self.arguments, dict(self.named)))))
        return f"{what} ({known})" if known else what


def _content(value: object) -> Iterator[bytes]:
    """Give the content of a value, part by part, each with its type. Raises TypeError where it cannot be told."""
    yield f"{type(value).__module__}.{type(value).__qualname__}\0".encode()
    if value is None or isinstance(value, bool | int | float | str | bytes | np.generic):
        yield f"{value!r}\0".encode()
    elif isinstance(value, Enum | PurePath):
        yield f"{value.name}\0".encode()
    elif isinstance(value, RuleDocument):
        yield f"{value.to_yaml()}\0".encode()
    elif isinstance(value, np.ndarray):
        if value.dtype.hasobject:
            raise TypeError("an array of objects")
        yield f"{value.dtype.descr}{value.shape}\0".encode() + np.ascontiguousarray(value).tobytes()
    elif isinstance(value, Mapping):
        for name in sorted(value):
            yield from _content(name)
            yield from _content(value[name])
        yield b"end\0"
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _content(one)
        yield b"end\0"
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _content(getattr(value, field.name))
    elif callable(value) and (name := str(getattr(value, "__qualname__", "<"))).isidentifier():
        yield f"{value.__module__}.{name}\0".encode()
    else:
        raise TypeError(f"a {type(value).__name__}")


def _files(value: object) -> Iterator[Any]:
    if isinstance(value, Path | FileElsewhere):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _files(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _files(one)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _files(getattr(value, field.name))


def _changed(value: Any, change: Callable[[Any], object]) -> Any:
    if isinstance(value, Path | FileElsewhere):
        return change(value)
    if not any(True for _ in _files(value)):
        return value
    if isinstance(value, Mapping):
        return {name: _changed(one, change) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(_changed(one, change) for one in value)
    return replace(value, **{field.name: _changed(getattr(value, field.name), change) for field in fields(value)})


def _words(value: object) -> Iterator[str]:
    """Give what a person would call the piece by: documents by name, a snapshot by what it was made from."""
    if isinstance(value, Policy | Scenario):
        yield f"{type(value).__name__.lower()} {value.name}"
    elif isinstance(value, Path):
        if value.suffix == ".npz":
            yield _snapshot_in_words(value)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _words(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _words(one)


def _snapshot_in_words(path: Path) -> str:
    try:
        start = read_snapshot(path)
    except DocumentError:  # the piece was to write it
        return path.stem
    seeds = (replication_seed(start.scenario.seed, number) for number in range(REPLICATIONS_LOOKED_AT))
    number = next((number for number, seed in enumerate(seeds) if seed == start.seed), None)
    which = f"seed {start.seed}" if number is None else f"replication {number + 1}"
    return f"scenario {start.scenario.name}; {which}; region {start.region + 1}"
