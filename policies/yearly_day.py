"""A day that comes every year, written month-day: `12-31`."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Annotated

from pydantic.json_schema import JsonSchemaValue

from .notation import Notation, fault, shown

_WRITTEN = re.compile(r"[0-9]{2}-[0-9]{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class YearlyDayNotation(Notation[str]):
    """A day of every year; 29 February is refused, because most years have none."""

    def read(self, written: object) -> str:
        """Return the day as it is written."""
        if isinstance(written, str) and _WRITTEN.fullmatch(written):
            try:
                datetime.date.fromisoformat(f"2025-{written}")
            except ValueError:
                pass
            else:
                return written
        raise fault(f"{shown(written)} is not a day of every year; write month-day, such as 12-31")

    def write(self, value: str) -> str:
        """Return the day as it is written."""
        return value

    def json_schema(self) -> JsonSchemaValue:
        """Return a string schema."""
        return {"type": "string", "pattern": "^[0-9]{2}-[0-9]{2}$", "examples": ["12-31"], "x-unit": "month-day"}


YearlyDay = Annotated[str, YearlyDayNotation()]
"""A day of every year: `12-31`."""
