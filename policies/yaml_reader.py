"""From YAML text to plain values with the place of each: a small, strict reading of YAML for policy documents.

It serves `document.py`. PyYAML's parser delivers events; the values are built here, so that nothing of YAML 1.1's
guesses (dates, base 60, yes/no) and nothing dangerous (tags, aliases, bombs) can happen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from .problems import DocumentError, Problem

Path = tuple[str | int, ...]
"""The way to a value: mapping keys and list positions, from the top."""

MOST_LEVELS = 24
MOST_NODES = 20_000
LONGEST_KEY = 200
LONGEST_NUMBER = 400

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+", re.ASCII)
_BEYOND_UNICODE = re.compile(r"\\U(?!000|0010)[0-9A-Fa-f]{8}")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass(slots=True)
class YamlReading:
    """What a YAML text holds: its value, the place of every value, and faults that reading could step over."""

    value: object = None
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)
    """Line and column, from 1, of every key and list entry."""
    problems: list[Problem] = field(default_factory=list)
    unreadable: set[Path] = field(default_factory=set)
    """Paths whose value could not be read, because it was an alias."""


def read_yaml(text: str, name: str) -> YamlReading:
    """Read one YAML document from *text*; *name* is what messages call the file.

    Duplicate keys, aliases, anchors and tags are collected as problems. Raise DocumentError where reading cannot
    go on: broken syntax, several documents, more than 24 levels or more than 20,000 values.
    """
    return _Reader(text, name).read()


def plain_scalar(text: str) -> object:
    """Return the value of unquoted *text*: an int, a Decimal, true, false, null, or else the text itself."""
    if text in _WORDS or len(text) > LONGEST_NUMBER:
        return _WORDS.get(text, text)
    if _INTEGER.fullmatch(text):
        return int(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else text


class _Reader:
    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name
        self.nodes = 0
        self.reading = YamlReading()
        self.events = self._checked_events()

    def read(self) -> YamlReading:
        next(self.events)  # the start of the stream
        start = next(self.events)
        if not isinstance(start, DocumentStartEvent):
            self._stop(None, "the file is empty; write 'key: value' lines")
        if start.tags:
            self._note(start, (), "a %TAG directive is not allowed; remove it")
        self.reading.value = self._value(next(self.events), ())
        next(self.events)  # the end of the document
        further = next(self.events)
        if not isinstance(further, StreamEndEvent):
            self._stop(further, "a second document starts here; keep one document in a file")
        return self.reading

    def _checked_events(self) -> Iterator[Event]:
        """Yield PyYAML's events, with its errors turned into problems."""
        try:
            for event in yaml.parse(self.text, Loader=yaml.SafeLoader):
                self._fail_if_too_much(event)
                yield event
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._stop_at(mark.line + 1 if mark else None, _syntax_message(error))
        except yaml.reader.ReaderError as error:
            line = self.text.count("\n", 0, error.position) + 1
            self._stop_at(line, f"character U+{ord(self.text[error.position]):04X} is not allowed; remove it")
        except DocumentError:
            raise
        except (ValueError, OverflowError):  # from chr() and int() inside PyYAML
            found = _BEYOND_UNICODE.search(self.text)
            line = self.text.count("\n", 0, found.start()) + 1 if found else 1
            self._stop_at(line, "not valid YAML: an escape or the number of a %YAML version is out of range")

    def _fail_if_too_much(self, event: Event) -> None:
        if isinstance(event, NodeEvent):
            self.nodes += 1
            if self.nodes > MOST_NODES:
                self._stop(event, f"more than {MOST_NODES:,} values; split the file or shorten it")

    def _value(self, event: Event, path: Path) -> object:
        self._note_yaml_features(event, path)
        if isinstance(event, ScalarEvent):
            return self._scalar(event, path)
        if len(path) >= MOST_LEVELS and not isinstance(event, AliasEvent):
            self._stop(event, f"more than {MOST_LEVELS} levels deep; flatten the document")
        if isinstance(event, MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(path)
        self.reading.unreadable.add(path)
        return None

    def _scalar(self, event: ScalarEvent, path: Path) -> object:
        text: str = event.value
        if any("\ud800" <= character <= "\udfff" for character in text):
            self._note(event, path, "half of a surrogate pair is not a character; write the character itself")
            return ""
        if event.style is not None or not event.implicit[0]:
            return text
        if len(text) > LONGEST_NUMBER and (_INTEGER.fullmatch(text) or _DECIMAL.fullmatch(text)):
            self._note(event, path, f"a number of {len(text)} characters; the longest allowed has {LONGEST_NUMBER}")
            return 0
        return plain_scalar(text)

    def _mapping(self, path: Path) -> dict[str, object]:
        mapping: dict[str, object] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self._key(event, path)
            place = (*path, key)
            if key in mapping:
                first = self.reading.places[place][0]
                self._note(event, place, f"duplicate key '{key}', first on line {first}; keep one of them")
                self._value(next(self.events), (*path, f"{key} (again)"))
                continue
            self.reading.places[place] = _line_and_column(event)
            mapping[key] = self._value(next(self.events), place)
        return mapping

    def _key(self, event: Event, path: Path) -> str:
        """Return a key as its text, so that a tier may be called `1` or `null`."""
        if isinstance(event, AliasEvent):
            self._stop(event, f"a key cannot be the alias '*{event.anchor}'; write the key itself")
        if not isinstance(event, ScalarEvent):
            self._stop(event, "a key must be plain text, not a mapping or a list")
        self._note_yaml_features(event, path)
        key: str = event.value
        if not key:
            self._note(event, path, "a key is empty; write its name before the colon")
        if len(key) > LONGEST_KEY:
            self._stop(event, f"a key of {len(key)} characters; the longest allowed has {LONGEST_KEY}")
        if not key.isprintable():
            self._stop(event, f"the key {key!a} holds a character that cannot be printed; remove it")
        return key

    def _sequence(self, path: Path) -> list[object]:
        entries: list[object] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            place = (*path, len(entries))
            self.reading.places[place] = _line_and_column(event)
            entries.append(self._value(event, place))
        return entries

    def _note_yaml_features(self, event: Event, path: Path) -> None:
        """Note what YAML can do and a policy document may not."""
        if isinstance(event, AliasEvent):
            self._note(event, path, f"alias '*{event.anchor}' is not allowed; write the value out")
        elif isinstance(event, NodeEvent) and event.anchor is not None:
            self._note(event, path, f"anchor '&{event.anchor}' is not allowed; remove it")
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._note(event, path, f"tag '{tag}' is not allowed; remove it")

    def _note(self, event: Event, path: Path, message: str) -> None:
        field_name = ".".join(str(step) for step in path)
        self.reading.problems.append(Problem(self.name, _line_and_column(event)[0], field_name, message))

    def _stop(self, event: Event | None, message: str) -> NoReturn:
        self._stop_at(None if event is None else _line_and_column(event)[0], message)

    def _stop_at(self, line: int | None, message: str) -> NoReturn:
        raise DocumentError([*self.reading.problems, Problem(self.name, line, "", message)])


def _line_and_column(event: Event) -> tuple[int, int]:
    mark = event.start_mark
    return (1, 1) if mark is None else (mark.line + 1, mark.column + 1)


def _syntax_message(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or "cannot be read"
    if "'\\t'" in problem:
        return "a tab cannot indent or separate YAML; use spaces"
    if "mapping values are not allowed" in problem:
        return "a second ': ' on one line, or a wrong indentation; put text that holds ': ' in quotes"
    context = f" {error.context}" if error.context else ""
    return f"not valid YAML{context}: {problem}"
