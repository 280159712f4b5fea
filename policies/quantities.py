"""Money, shares and multipliers: exact hundredths inside, written as people write them outside.

Every benefit's fields take their types from here. Inside, money is int cents (1/100 of the currency unit), a share is
int basis points (1 % = 100), a multiplier is int percent (1.5 = 150). In a file, money is `149` or `149.50`, a share is
`5 %` and never a bare number, a multiplier is `1.5`.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from pydantic.json_schema import JsonSchemaValue

from .notation import Notation, fault, shown
from .number import exact, fail_outside, plain

MOST_MONEY = 1_000_000_000_00
"""Largest amount a document may name, in cents."""

_PERCENT = re.compile(r"([-+]?[0-9]{1,30}(?:\.[0-9]{1,30})?)\s*%", re.ASCII)


@dataclass(frozen=True, slots=True)
class MoneyNotation(Notation[int]):
    """An amount in currency units with at most two decimals; int cents inside."""

    minimum: int = 0
    """Least amount allowed, cents."""
    maximum: int = MOST_MONEY
    """Largest amount allowed, cents."""

    def read(self, written: object) -> int:
        """Return the cents of an amount such as 149 or 149.50."""
        amount = exact(written, "149 or 149.50")
        fail_outside(amount, Decimal(self.minimum) / 100, Decimal(self.maximum) / 100)
        return _hundredths(amount, "has a fraction of a cent", "{:.2f}")

    def write(self, value: int) -> object:
        """Return the amount in currency units: an int if whole, else a Decimal with two decimals."""
        return value // 100 if value % 100 == 0 else Decimal(value).scaleb(-2)

    def json_schema(self) -> JsonSchemaValue:
        """Return a number schema in currency units."""
        limits = {"minimum": self.minimum / 100, "maximum": self.maximum / 100}
        return {"type": "number", **limits, "x-unit": "currency units, at most two decimals"}


@dataclass(frozen=True, slots=True)
class PercentNotation(Notation[int]):
    """A share written with its sign, such as `5 %`; int basis points inside."""

    minimum: int = 0
    """Least share allowed, basis points."""
    maximum: int = 10_000
    """Largest share allowed, basis points."""

    def read(self, written: object) -> int:
        """Return the basis points of a share such as '5 %' or '0.5 %'; a bare number is refused."""
        match = _PERCENT.fullmatch(written.strip()) if isinstance(written, str) else None
        if match is None:
            raise fault(_percent_mend(written))
        share = Decimal(match[1])
        fail_outside(share, Decimal(self.minimum) / 100, Decimal(self.maximum) / 100, " %")
        return _hundredths(share, "is finer than 0.01 %", "{:.2f} %", " %")

    def write(self, value: int) -> str:
        """Return the share with its sign, such as '0.5 %'."""
        return f"{plain(Decimal(value).scaleb(-2))} %"

    def json_schema(self) -> JsonSchemaValue:
        """Return a string schema with the pattern of a percentage."""
        return {
            "type": "string",
            "pattern": r"^\s*[-+]?[0-9]+(\.[0-9]+)?\s*%\s*$",
            "examples": ["5 %", "0.5 %"],
            "x-unit": f"percent, {self.write(self.minimum)} to {self.write(self.maximum)}, with its sign",
        }


@dataclass(frozen=True, slots=True)
class MultiplierNotation(Notation[int]):
    """A factor such as `1.5` with at most two decimals; int percent inside."""

    minimum: int = 0
    """Least factor allowed, percent."""
    maximum: int = 10_000
    """Largest factor allowed, percent."""

    def read(self, written: object) -> int:
        """Return the percent of a factor such as 1.5."""
        factor = exact(written, "1 or 1.5")
        fail_outside(factor, Decimal(self.minimum) / 100, Decimal(self.maximum) / 100)
        return _hundredths(factor, "has more than two decimals", "{:.2f}")

    def write(self, value: int) -> object:
        """Return the factor: an int if whole, else a Decimal."""
        return plain(Decimal(value).scaleb(-2))

    def json_schema(self) -> JsonSchemaValue:
        """Return a number schema for a factor."""
        limits = {"minimum": self.minimum / 100, "maximum": self.maximum / 100}
        return {"type": "number", **limits, "x-unit": "times, at most two decimals"}


Money = Annotated[int, MoneyNotation()]
"""An amount of 0 or more: `149.50` in a file, 14950 cents inside."""

PositiveMoney = Annotated[int, MoneyNotation(minimum=1)]
"""An amount above 0: `149.50` in a file, 14950 cents inside."""

Percent = Annotated[int, PercentNotation()]
"""A share from 0 % to 100 %: `5 %` in a file, 500 basis points inside."""

Discount = Annotated[int, PercentNotation(maximum=9_999)]
"""A discount from 0 % to below 100 %: `5 %` in a file, 500 basis points inside."""

Multiplier = Annotated[int, MultiplierNotation()]
"""A factor from 0 to 100: `1.5` in a file, 150 percent inside."""


def _hundredths(value: Decimal, wrong: str, form: str, sign: str = "") -> int:
    """Return 100 times *value* if that is whole; else refuse, naming the two neighbours that are."""
    scaled = Fraction(value) * 100
    if scaled.denominator != 1:
        lower = math.floor(scaled)
        neighbours = " or ".join(form.format(Decimal(near) / 100) for near in (lower, lower + 1))
        raise fault(f"{shown(value)}{sign} {wrong}; write {neighbours}")
    return int(scaled)


def _percent_mend(written: object) -> str:
    """Return the message for something that is not a percentage: a bare number leaves open which share is meant."""
    if isinstance(written, bool | str) or written is None:
        return f"{shown(written)} is not a percentage; write for example 5 %"
    value = exact(written, "5 %")
    options = [f"{plain(value)} %", f"{plain(value * 100)} %"] if 0 < abs(value) <= 1 else [f"{plain(value)} %"]
    return f"{shown(written)} has no unit; write {' or '.join(options)}"
