"""Numbers as a study writes them, bare or with a percent sign, kept exact so that steps add up.

Serves levers, whose values have the notation of the policy field they move, and limits on key figures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic.json_schema import JsonSchemaValue

from memberlab.policies import DecimalNotation, Notation, fault

_PERCENT = re.compile(r"([-+]?[0-9]{1,12}(?:\.[0-9]{1,12})?)\s*%", re.ASCII)
LARGEST = 1_000_000_000_000


@dataclass(frozen=True, slots=True)
class Quantity:
    """An exact number, in percent or bare."""

    number: Decimal
    percent: bool = False

    def plus(self, other: Quantity, times: int = 1) -> Quantity:
        """Return this quantity and `times` the other. Raises ValueError when only one of them is a percentage."""
        if self.percent != other.percent:
            raise ValueError(f"{self} and {other} are not of the same kind")
        return Quantity(self.number + other.number * times, self.percent)

    @property
    def written(self) -> object:
        """Return the quantity in file notation: `12`, `1.5` or `'2.5 %'`."""
        whole = int(self.number)
        plain = whole if whole == self.number else Decimal(format(self.number, "f").rstrip("0"))
        return f"{plain} %" if self.percent else plain

    def __str__(self) -> str:
        return str(self.written)


Level = Quantity | bool | str
"""One value of a lever: a quantity, a switch, or a word such as `never`."""


def as_written(level: Level) -> object:
    """Return a level in file notation."""
    return level.written if isinstance(level, Quantity) else level


def level_told(level: Level) -> str:
    """Return a level as a message shows it."""
    return str(level).lower() if isinstance(level, bool) else str(level)


def level_of(written: object) -> Level | None:
    """Return what a value of a policy in file notation is as a level; None for a section or nothing."""
    if isinstance(written, bool):
        return written
    if isinstance(written, str):
        match = _PERCENT.fullmatch(written.strip())
        return written if match is None else Quantity(Decimal(match[1]), percent=True)
    return Quantity(Decimal(str(written))) if isinstance(written, int | float | Decimal) else None


@dataclass(frozen=True, slots=True)
class QuantityNotation(Notation[Quantity]):
    """A number such as `600` or `1.5`, or a percentage such as `2 %`."""

    def read(self, written: object) -> Quantity:
        """Return the quantity."""
        if isinstance(written, Quantity):
            return written
        if isinstance(written, str) and (match := _PERCENT.fullmatch(written.strip())):
            return Quantity(Decimal(match[1]), percent=True)
        return Quantity(DecimalNotation(minimum=-LARGEST, maximum=LARGEST).read(written))

    def write(self, value: Quantity) -> object:
        """Return the quantity in file notation."""
        return value.written

    def json_schema(self) -> JsonSchemaValue:
        """Return a number schema, or a string with the pattern of a percentage."""
        percent = {"type": "string", "pattern": r"^\s*[-+]?[0-9]+(\.[0-9]+)?\s*%\s*$", "examples": ["2 %"]}
        return {"anyOf": [{"type": "number"}, percent], "x-unit": "that of the field it belongs to"}


@dataclass(frozen=True, slots=True)
class LevelNotation(Notation[Level]):
    """A quantity, true or false, or a word such as `never`."""

    def read(self, written: object) -> Level:
        """Return the level."""
        level = written if isinstance(written, Quantity) else level_of(written)
        if level is None:
            raise fault("a choice is a single value; write for example 12, 2 %, true or never")
        return level

    def write(self, value: Level) -> object:
        """Return the level in file notation."""
        return as_written(value)

    def json_schema(self) -> JsonSchemaValue:
        """Return the schema of a single value."""
        return {"anyOf": [{"type": "number"}, {"type": "string"}, {"type": "boolean"}]}


Amount = Annotated[Quantity, QuantityNotation()]
"""A number, or a percentage with its sign."""

Choice = Annotated[Level, LevelNotation()]
"""A number, a percentage with its sign, true or false, or a word such as `never`."""
