"""Limits on key figures, as a study or the command line writes them: an amount, or a distance from today's figure.

Serves study files and `--keep`. `today - 1 pt` is the incumbent's figure on the same shoppers and draws less one
percentage point; `today - 2 %` is 98 % of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import ValidatorFunctionWrapHandler, field_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError

from memberlab.policies import Notation, Percent, Section, fault, read_with_faults
from memberlab.results import KPIS, Kpi

from .levers import Faults, readable
from .quantity import Quantity, QuantityNotation

TODAY = "today"
POINT = "pt"
_TODAY = re.compile(
    r"today(?:\s*(?P<sign>[-+])\s*(?P<number>[0-9]{1,12}(?:\.[0-9]{1,12})?)\s*(?P<unit>%?\s*(?:pts?|pp|points?)|%)?)?",
    re.ASCII | re.IGNORECASE,
)
EXAMPLES = "'today', 'today - 1 pt', 'today + 2 %' or 'today - 50000'"


@dataclass(frozen=True, slots=True)
class FromToday:
    """Today's figure plus a distance: `number` in the figure's unit, in percent of it (`%`) or in points (`pt`)."""

    number: Decimal
    unit: Literal["", "%", "pt"] = ""

    def __str__(self) -> str:
        """Return it as it is written."""
        if not self.number:
            return TODAY
        size = Quantity(abs(self.number))
        return f"{TODAY} {'-' if self.number < 0 else '+'} {size}{' ' if self.unit else ''}{self.unit}"


LimitValue = Quantity | FromToday
"""An amount, or a distance from today's figure."""


@dataclass(frozen=True, slots=True)
class LimitNotation(Notation[LimitValue]):
    """An amount such as `600` or `8 %`, or a distance from the incumbent's figure such as `today - 1 pt`."""

    def read(self, written: object) -> LimitValue:
        """Return the limit."""
        if isinstance(written, FromToday):
            return written
        if not (isinstance(written, str) and written.strip().lower().startswith(TODAY)):
            return QuantityNotation().read(written)
        match = _TODAY.fullmatch(written.strip())
        if match is None:
            raise fault(f"'{written}' cannot be read; write {EXAMPLES}")
        number = Decimal(match["number"] or 0) * (-1 if match["sign"] == "-" else 1)
        unit: Literal["", "%", "pt"] = "" if not match["unit"] else "%" if match["unit"] == "%" else "pt"
        return FromToday(number, unit if number else "")

    def write(self, value: LimitValue) -> object:
        """Return the limit in file notation."""
        return str(value) if isinstance(value, FromToday) else value.written

    def json_schema(self) -> JsonSchemaValue:
        """Return the schema of an amount, and the pattern of a distance from today's figure."""
        amount = QuantityNotation().json_schema()
        today = {"type": "string", "pattern": "^\\s*today\\b.*$", "examples": ["today", "today - 1 pt", "today + 2 %"]}
        return {**amount, "anyOf": [*amount["anyOf"], today]}


LimitAmount = Annotated[LimitValue, LimitNotation()]


class Limit(Section):
    """A bound on a key figure: `8 %` for a share, currency units for money, a number for a count; or a distance from
    today's figure, on the same shoppers and draws: `today - 1 pt` for a share, `today - 2 %` or `today - 50000`
    otherwise.
    """

    at_most: LimitAmount | None = None
    """Largest value allowed: an amount, or for example `today + 2 %`."""
    at_least: LimitAmount | None = None
    """Least value allowed: an amount, or for example `today - 1 pt`."""
    probability: Percent | None = None
    """Share of worlds (scenarios and their populations) in which it must hold; left out, it holds on average over them.
    In code: basis points."""

    @field_validator("probability")
    @classmethod
    def _is_a_chance(cls, probability: int | None) -> int | None:
        if probability is not None and not 5_000 <= probability < 10_000:
            raise fault(f"{probability / 100:g} % is out of range; write 50 % or more, below 100 %")
        return probability


def check_limits(written: object, read: ValidatorFunctionWrapHandler) -> Any:
    """Read constraints, and report limits that do not have the notation of their key figure."""
    faults: Faults = {}
    for name, limit in written.items() if isinstance(written, Mapping) else ():
        if not isinstance(limit, Mapping):
            continue
        given = {key: limit[key] for key in ("at_most", "at_least") if limit.get(key) is not None}
        if not given:
            faults[name,] = "no limit; write at_most or at_least"
        kpi = KPIS.get(name)
        for key, value in given.items():
            if kpi is not None and (text := limit_fault(kpi, _readable_limit(value))) is not None:
                faults[name, key] = text
        if kpi is not None and len(given) == 2 and (text := _crossed(given)) is not None:
            faults[name, "at_least"] = text
    return read_with_faults(written, read, faults)


def limit_fault(kpi: Kpi, limit: LimitValue | None) -> str | None:
    """Return what is wrong between a limit and the unit of its key figure; None where nothing is."""
    if isinstance(limit, FromToday):
        return _distance_fault(kpi, limit)
    return notation_fault(kpi, limit)


def _distance_fault(kpi: Kpi, limit: FromToday) -> str | None:
    size, sign = Quantity(abs(limit.number)), "-" if limit.number < 0 else "+"
    if not limit.number or (limit.unit == POINT) == (kpi.unit == "share"):
        return None
    if kpi.unit == "share":
        return f"{kpi.name} is a share, and its distance is told in percentage points; write 'today {sign} {size} pt'"
    wanted = "currency units" if kpi.unit == "money" else "a number"
    return f"{kpi.name} is no share and has no points; write 'today {sign} {size} %', or {wanted}"


def notation_fault(kpi: Kpi, limit: Quantity | None) -> str | None:
    """Return what is wrong between an amount and the unit of its key figure; None where nothing is."""
    if limit is None or limit.percent == (kpi.unit == "share"):
        return None
    if kpi.unit == "share":
        return f"{limit} has no unit, and {kpi.name} is a share; write for example {limit} %"
    wanted = "an amount in currency units" if kpi.unit == "money" else "a number"
    return f"{limit} is a percentage, and {kpi.name} is not a share; write {wanted}"


def _readable_limit(written: object) -> LimitValue | None:
    try:
        return LimitNotation().read(written)
    except PydanticCustomError:
        return None


def _crossed(given: Mapping[str, object]) -> str | None:
    """Return what is wrong when nothing can lie between two limits of one key figure."""
    least, most = readable(given["at_least"]), readable(given["at_most"])
    if least is None or most is None or least.percent != most.percent or least.number <= most.number:
        return None
    return f"{least} is above at_most, {most}, so nothing can keep both; exchange them"
