"""How far a figure may move, as `checks.yaml` writes it: `0.5 %` of the figure, `0.5 pp` of a share, or an amount.

Serves margins and claims. Percent of a share and percentage points are told apart by their unit, because "retention
rises by 1 %" is read both ways.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from pydantic.json_schema import JsonSchemaValue

from memberlab.policies import DecimalNotation, Notation, fault, shown
from memberlab.results import Kpi

Kind = Literal["percent", "points", "amount"]
_WITH_UNIT = re.compile(r"([-+]?[0-9]{1,12}(?:\.[0-9]{1,12})?)\s*(%|pp)", re.ASCII)
LARGEST = 1_000_000_000_000


@dataclass(frozen=True, slots=True)
class Tolerance:
    """A distance between two figures: percent of the old one, percentage points, or currency units or pieces."""

    number: Decimal
    kind: Kind

    def size(self, kpi: Kpi, figure: float) -> float:
        """Return the distance in the unit of `kpi` (cents, pieces, a share of 1), seen from the old `figure`."""
        if self.kind == "percent":
            return float(self.number) / 100 * abs(figure)
        if self.kind == "points":
            return float(self.number) / 100
        return float(self.number) * (100 if kpi.unit == "money" else 1)

    @property
    def written(self) -> object:
        """Return it in file notation."""
        whole = int(self.number)
        plain = whole if whole == self.number else Decimal(format(self.number, "f").rstrip("0"))
        return {"percent": f"{plain} %", "points": f"{plain} pp", "amount": plain}[self.kind]

    def __str__(self) -> str:
        return str(self.written)


@dataclass(frozen=True, slots=True)
class ToleranceNotation(Notation[Tolerance]):
    """A distance such as `0.5 %`, `1 pp` or `25000`."""

    above: int | None = None
    """The number must be larger than this."""

    def read(self, written: object) -> Tolerance:
        """Return the distance."""
        if isinstance(written, Tolerance):
            return written
        match = _WITH_UNIT.fullmatch(written.strip()) if isinstance(written, str) else None
        if isinstance(written, str) and match is None:
            raise fault(f"{shown(written)} is no distance; write for example 0.5 % of the figure, 0.5 pp of a share, "
                        "or an amount")  # fmt: skip
        number = Decimal(match[1]) if match else DecimalNotation(minimum=-LARGEST, maximum=LARGEST).read(written)
        if self.above is not None and number <= self.above:
            raise fault(f"{shown(written)} is not above {self.above}; write a larger distance")
        if number < 0:
            raise fault(f"{shown(written)} is negative; write 0 or more")
        kind: Kind = "amount" if match is None else "percent" if match[2] == "%" else "points"
        return Tolerance(number, kind)

    def write(self, value: Tolerance) -> object:
        """Return the distance in file notation."""
        return value.written

    def json_schema(self) -> JsonSchemaValue:
        """Return a number schema, or a string with the pattern of a distance."""
        text = {"type": "string", "pattern": r"^\s*\+?[0-9]+(\.[0-9]+)?\s*(%|pp)\s*$", "examples": ["0.5 %", "0.5 pp"]}
        return {"anyOf": [{"type": "number", "minimum": 0}, text], "x-unit": "percent, percentage points or an amount"}


Margin = Annotated[Tolerance, ToleranceNotation(above=0)]
"""The largest shift that does not matter."""
Distance = Annotated[Tolerance, ToleranceNotation()]
"""By how much a figure must rise or fall, or may be worse; 0 is allowed."""


def unit_fault(kpi: Kpi, tolerance: Tolerance) -> str | None:
    """Return what is wrong with the unit of a distance for a key figure; None if it suits."""
    if kpi.unit == "share" and tolerance.kind != "points":
        number = tolerance.number
        return f"{tolerance} is ambiguous, since {kpi.name} is a share; write {number} pp for percentage points"
    if kpi.unit != "share" and tolerance.kind == "points":
        wanted = "an amount in currency units" if kpi.unit == "money" else "a number"
        return f"{tolerance} is in percentage points, and {kpi.name} is no share; write for example 1 %, or {wanted}"
    return None
