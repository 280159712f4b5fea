"""Season: how lively each month of the year is, for every shopper alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import ValidatorFunctionWrapHandler, WithJsonSchema, WrapValidator
from pydantic.json_schema import JsonSchemaValue

from memberlab.policies import DecimalNotation, Notation, fault, hint, read_with_faults

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
"""Names of the months as a scenario writes them, in order."""


@dataclass(frozen=True, slots=True)
class MonthNotation(Notation[str]):
    """The name of a month in small letters."""

    def read(self, written: object) -> str:
        """Return the name."""
        if written not in MONTHS:
            raise fault(f"'{written}' is not a month{hint(str(written), MONTHS, 'write one of')}")
        return str(written)

    def write(self, value: str) -> str:
        """Return the name."""
        return value

    def json_schema(self) -> JsonSchemaValue:
        """Return the names as a choice."""
        return {"type": "string", "enum": list(MONTHS)}


def check_months(written: object, read: ValidatorFunctionWrapHandler) -> Any:
    """Read a season and report missing months together with the faults of each month."""
    missing = [month for month in MONTHS if month not in written] if isinstance(written, Mapping) and written else []
    faults: dict[tuple[str | int, ...], str] = {}
    if missing:
        faults[()] = f"no figure for {', '.join(missing)}; write all 12 months, or no season"
    return read_with_faults(written, read, faults)


_LIVELINESS = DecimalNotation(above=0, maximum=10, unit="times the average month")

Liveliness = Annotated[Decimal, _LIVELINESS]
"""Rate of visits in a month as a multiple of the average month: above 0, at most 10."""

Season = Annotated[
    Mapping[Annotated[str, MonthNotation()], Liveliness],
    WrapValidator(check_months),
    WithJsonSchema(
        {
            "type": "object",
            "properties": {month: _LIVELINESS.json_schema() for month in MONTHS},
            "additionalProperties": False,
        }
    ),
]
"""Liveliness by name of the month: all twelve, or none for a year that is flat."""
