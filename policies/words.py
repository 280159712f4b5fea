"""Several names on one line, such as `gold, diamond`: for fields that take some of a set.

Serves targets of campaigns. In code they are a tuple in the order written.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic.json_schema import JsonSchemaValue

from .names import LabelNotation
from .notation import Notation, fault, shown
from .problems import hint


@dataclass(frozen=True, slots=True)
class WordsNotation(Notation[tuple[str, ...]]):
    """Names separated by commas; `choices` limits them where it is not empty."""

    what: str
    """What one name stands for: `tier`."""
    choices: tuple[str, ...] = ()

    def read(self, written: object) -> tuple[str, ...]:
        """Return the names, each once."""
        if isinstance(written, str):
            given: list[object] = [part.strip() for part in written.split(",")] if written.strip() else []
        elif isinstance(written, list | tuple):
            given = list(written)
        else:
            raise fault(f"{shown(written)} is no name of a {self.what}; write names with commas between them")
        names = tuple(LabelNotation().read(name) for name in given)
        for place, name in enumerate(names):
            if self.choices and name not in self.choices:
                raise fault(f"unknown {self.what} '{name}'{hint(name, self.choices)}")
            if name in names[:place]:
                raise fault(f"'{name}' is named twice; write it once")
        return names

    def write(self, value: tuple[str, ...]) -> str:
        """Return the names with commas between them."""
        return ", ".join(value)

    def json_schema(self) -> JsonSchemaValue:
        """Return a string schema."""
        allowed = f"some of {', '.join(self.choices)}" if self.choices else f"names of a {self.what}"
        return {"type": "string", "x-unit": f"{allowed}, with commas between them"}
