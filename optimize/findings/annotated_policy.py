"""A policy's YAML with a comment at every lever that a search changed: what it was, and what the change does.

Serves whoever reviews or edits the recommended policy. The comments change nothing: the text loads back to the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap

WIDTH = 110


def annotated(text: str, comments: Mapping[str, str]) -> str:
    """Return YAML text with a comment above each address's line; `text` is as `Policy.to_yaml` writes it.

    An address that the text does not have, because its value is the default, has its comment below the line of the
    nearest section around it.
    """
    lines = text.splitlines()
    places = _places(lines)
    above: dict[int, list[str]] = {}
    below: dict[int, list[str]] = {}
    for address, comment in comments.items():
        if address in places:
            row = places[address]
            above.setdefault(row, []).extend(_comment(comment, _indent(lines[row])))
            continue
        section, _, key = address.rpartition(".")
        while section and section not in places:
            section, _, parent = section.rpartition(".")
            key = f"{parent}.{key}"
        if not section:
            below.setdefault(len(lines) - 1, []).extend(_comment(f"{key}: {comment}", 0))
            continue
        row = places[section]
        below.setdefault(row, []).extend(_comment(f"{key}: {comment}", _indent(lines[row]) + 2))
    found: list[str] = []
    for row, line in enumerate(lines):
        found += [*above.get(row, []), line, *below.get(row, [])]
    return "\n".join(found) + "\n"


def _places(lines: list[str]) -> dict[str, int]:
    """Return the row of each key by its address; entries of lists have none."""
    places: dict[str, int] = {}
    path: list[tuple[int, str]] = []
    for row, line in enumerate(lines):
        body = line.strip()
        key, colon, rest = body.partition(":")
        if not colon or body.startswith(("#", "-")) or (rest and not rest.startswith(" ")):
            continue
        indent = _indent(line)
        path = [(depth, name) for depth, name in path if depth < indent]
        path.append((indent, key.strip("'\"")))
        places.setdefault(".".join(name for _, name in path), row)
    return places


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _comment(text: str, indent: int) -> list[str]:
    return [f"{' ' * indent}# {part}" for part in wrap(text, WIDTH - indent)]
