"""A YAML file as plain values with line numbers: the one way every room reads what people have written."""

from __future__ import annotations

import codecs
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath

from .problems import DocumentError, Problem, closest
from .yaml_reader import Path, read_yaml

MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Document:
    """A mapping read from YAML, with the place of every value in the file."""

    name: str
    """The path as the user gave it."""
    data: Mapping[str, object]
    """Keys to int, Decimal, bool, None, str, list or dict, as written."""
    places: Mapping[Path, tuple[int, int]]
    """Path of a value to its line and column, counted from 1."""
    problems: tuple[Problem, ...] = ()
    """Faults of the text that reading could step over; `read_document` raises them."""
    unreadable: frozenset[Path] = frozenset()
    """Paths whose value could not be read and is not worth a second message."""

    def line_of(self, path: Path) -> int | None:
        """Return the line of *path*, or of the nearest value around it; None for a document that is no file."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.places:
                return self.places[path[:end]][0]
        return 1 if self.places else None


def read_document(path: str | os.PathLike[str]) -> Document:
    """Read a YAML file of at most 1 MB whose top level is a mapping.

    Raise DocumentError, with file and line, for a file that cannot be opened, is not UTF-8, is empty, is broken, or
    holds duplicate keys, aliases, anchors, tags, several documents, over 24 levels or over 20,000 values.
    """
    document = open_document(path)
    if document.problems:
        raise DocumentError(document.problems)
    return document


def open_document(path: str | os.PathLike[str]) -> Document:
    """Read a YAML file and leave the faults that reading could step over in `problems`; else as `read_document`."""
    name = os.fspath(path)
    return parse_document(_decoded(_bytes_of(name), name), name)


def parse_document(text: str, name: str) -> Document:
    """Read YAML *text* under the *name* that messages use; leave the faults reading could step over in `problems`."""
    if len(text) > MOST_BYTES:
        raise _refusal(name, f"{len(text):,} characters; the most allowed is {MOST_BYTES:,}")
    reading = read_yaml(text.removeprefix("\ufeff"), name)
    if not isinstance(reading.value, dict):
        found = {list: "a list", type(None): "nothing"}.get(type(reading.value), "a single value")
        raise _refusal(name, f"the top level is {found}, not a mapping; write 'key: value' lines", 1)
    return Document(name, reading.value, reading.places, tuple(reading.problems), frozenset(reading.unreadable))


def _bytes_of(name: str) -> bytes:
    try:
        with FilePath(name).open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise _refusal(name, f"no such file{_neighbour(name)}") from None
    except IsADirectoryError:
        raise _refusal(name, "is a folder; give the path of a file in it") from None
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL character
        raise _refusal(name, f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(content) > MOST_BYTES:
        raise _refusal(name, f"larger than {MOST_BYTES:,} bytes; a document of rules is a few thousand")
    return content


def _decoded(content: bytes, name: str) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _refusal(name, "the text is UTF-16; save it as UTF-8", 1)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        value = content[error.start]
        raise _refusal(name, f"byte 0x{value:02X} is not UTF-8 text; save the file as UTF-8", line) from None


def _neighbour(name: str) -> str:
    """Return a suggestion for a file that is missing, from what stands in the same folder."""
    path = FilePath(name)
    try:
        known = [entry.name for entry in path.parent.iterdir() if entry.suffix in {".yaml", ".yml"}]
    except OSError:
        return f"; there is no folder '{path.parent}' either"
    guess = closest(path.name, known)
    return f", did you mean '{path.with_name(guess)}'?" if guess else ""


def _refusal(name: str, message: str, line: int | None = None) -> DocumentError:
    return DocumentError([Problem(name, line, "", message)])
