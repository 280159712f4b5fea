"""What the report of the evidence translates: titles, quantities, experiments and remarks of the facts.

Serves Babel (babel.cfg); the report, which knows nothing of this room, looks them up as they stand in its folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .facts import FACTS

SHORTEST = 3
"""Letters of a quantity that is a word; shorter ones are symbols, such as r of a model."""


def extract(*_of_file: object, options: object) -> Iterator[tuple[Any, ...]]:
    """Yield the terms as Babel's extraction methods do: line, function, message, comments."""
    for fact in FACTS:
        for what, words in (("A published fact", fact.title), ("How a fact is tried", fact.how),
                            ("What an experiment leaves out", fact.remark)):  # fmt: skip
            if words:
                yield 1, None, words, [what]
        for one in fact.measured:
            if len(one.name) >= SHORTEST:
                yield 1, None, one.name, ["A quantity of a fact"]
            if any(letter.isalpha() for letter in one.published):
                yield 1, None, one.published, ["What was published of a quantity"]
