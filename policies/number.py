"""Counts and numbers: whole, exact or estimated; and the reading of exact numbers that every quantity shares."""

from __future__ import annotations

import math
import numbers
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic.json_schema import JsonSchemaValue

from .notation import LARGEST_MAGNITUDE, Notation, fault, shown
from .yaml_reader import plain_scalar


@dataclass(frozen=True, slots=True)
class CountNotation(Notation[int]):
    """A whole number of something countable, such as months, points or shoppers."""

    unit: str
    """What is counted."""
    minimum: int = 0
    maximum: int = 1_000_000_000

    def read(self, written: object) -> int:
        """Return a whole number within the limits."""
        count = exact(written, "12")
        if count != count.to_integral_value():
            below = math.floor(count)
            mend = f"write {shown(below)} or {shown(below + 1)}"
            raise fault(f"{shown(written)} is not a whole number of {self.unit}; {mend}")
        fail_outside(count, Decimal(self.minimum), Decimal(self.maximum))
        return int(count)

    def write(self, value: int) -> int:
        """Return the number itself."""
        return value

    def json_schema(self) -> JsonSchemaValue:
        """Return an integer schema with the unit."""
        return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum, "x-unit": self.unit}


@dataclass(frozen=True, slots=True)
class DecimalNotation(Notation[Decimal]):
    """Any exact number within bounds; a Decimal inside."""

    above: int | None = None
    """The number must be larger than this."""
    minimum: int | None = None
    maximum: int | None = None
    unit: str = ""

    def read(self, written: object) -> Decimal:
        """Return the exact number."""
        value = exact(written, "1.25")
        if self.above is not None and value <= self.above:
            raise fault(f"{shown(written)} is not above {self.above}; write a larger number")
        fail_outside(value, self.minimum, self.maximum)
        return value

    def write(self, value: Decimal) -> object:
        """Return an int if whole, else a Decimal without trailing zeros."""
        return plain(value)

    def json_schema(self) -> JsonSchemaValue:
        """Return a number schema with the bounds."""
        limits = {"exclusiveMinimum": self.above, "minimum": self.minimum, "maximum": self.maximum}
        given = {key: limit for key, limit in limits.items() if limit is not None}
        return {"type": "number", **given, **({"x-unit": self.unit} if self.unit else {})}


@dataclass(frozen=True, slots=True)
class NumberNotation(Notation[float]):
    """An estimated number, such as a fitted parameter; a float inside, all its digits outside."""

    above: int | None = None
    """The number must be larger than this."""
    minimum: int | None = None
    maximum: int | None = None
    unit: str = ""

    def read(self, written: object) -> float:
        """Return the nearest float."""
        given = self._decimal().read(written)
        value = float(given)
        if not math.isfinite(value) or (value == 0 and given != 0):
            raise fault(f"{shown(written)} is out of the range of floating-point numbers; write for example 1.25")
        return value

    def write(self, value: float) -> object:
        """Return the shortest decimal that reads back as the same float."""
        return plain(Decimal(repr(float(value))))

    def json_schema(self) -> JsonSchemaValue:
        """Return a number schema with the bounds."""
        return self._decimal().json_schema()

    def _decimal(self) -> DecimalNotation:
        return DecimalNotation(self.above, self.minimum, self.maximum, self.unit)


Number = Annotated[float, NumberNotation()]
"""Any finite number, as a float."""

PositiveNumber = Annotated[float, NumberNotation(above=0)]
"""A finite number above 0, as a float."""

PositiveDecimal = Annotated[Decimal, DecimalNotation(above=0)]
"""A number above 0, exact."""


def exact(written: object, example: str) -> Decimal:
    """Return a written number as a Decimal; raise the error of `fault`, showing *example*, for anything else.

    A float, which only code can give, counts as the shortest decimal that prints it.
    """
    if isinstance(written, bool) or not isinstance(written, Decimal | numbers.Real):
        quoted = isinstance(written, str) and type(plain_scalar(written)) in (int, Decimal)
        mend = f"write {written} without quotes" if quoted else f"write for example {example}"
        raise fault(f"{shown(written)} is not a number; {mend}")
    if isinstance(written, numbers.Integral):
        value = Decimal(int(written))
    else:
        value = written if isinstance(written, Decimal) else Decimal(repr(float(written)))
    if not value.is_finite():
        raise fault(f"{shown(written)} is not a finite number; write for example {example}")
    if value and abs(value.adjusted()) > LARGEST_MAGNITUDE:
        raise fault(f"{shown(written)} is out of any range; write for example {example}")
    return value


def plain(value: Decimal) -> int | Decimal:
    """Return *value* as an int if it is whole, else as a Decimal without trailing zeros."""
    whole = int(value)
    if whole == value:
        return whole
    return Decimal(format(value, "f").rstrip("0"))


def fail_outside(value: Decimal, minimum: Decimal | int | None, maximum: Decimal | int | None, sign: str = "") -> None:
    """Refuse *value* outside the limits; *sign* follows each number in the message."""
    if minimum is not None and value < minimum:
        wrong = "negative" if minimum == 0 else f"below {minimum}{sign}"
        raise fault(f"{shown(value)}{sign} is {wrong}; write {minimum}{sign} or more")
    if maximum is not None and value > maximum:
        raise fault(f"{shown(value)}{sign} is above {maximum}{sign}; write {maximum}{sign} or less")
