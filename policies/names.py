"""Names, currencies and days: the words of a document that other documents and tables refer to."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Annotated

from pydantic.json_schema import JsonSchemaValue

from .notation import Notation, fault, shown

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CURRENCY = re.compile(r"[A-Z]{3}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_LONGEST_SLUG = 64
_LONGEST_LABEL = 40


@dataclass(frozen=True, slots=True)
class SlugNotation(Notation[str]):
    """A name that is safe as a file name: small letters, digits and single hyphens."""

    def read(self, written: object) -> str:
        """Return the name."""
        if not isinstance(written, str):
            raise fault(f"{shown(written)} is not text; write a name such as gold-plan")
        if len(written) > _LONGEST_SLUG or not _SLUG.fullmatch(written):
            raise fault(
                f"{shown(written)} is not a name; write small letters, digits and hyphens, such as gold-plan, "
                f"{_LONGEST_SLUG} characters at most ('title' takes any text)"
            )
        return written

    def write(self, value: str) -> str:
        """Return the name."""
        return value

    def json_schema(self) -> JsonSchemaValue:
        """Return a string schema with the pattern of a name."""
        return {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": _LONGEST_SLUG}


@dataclass(frozen=True, slots=True)
class LabelNotation(Notation[str]):
    """A label in any script, such as `gold` or `金卡`, that can be a step of a dotted address."""

    def read(self, written: object) -> str:
        """Return the label."""
        if not isinstance(written, str):
            raise fault(f"{shown(written)} is not text; write a label such as gold")
        mend = f"write 1 to {_LONGEST_LABEL} printable characters that begin with a letter, without dots or spaces"
        if not 0 < len(written) <= _LONGEST_LABEL or not written[0].isalpha():
            raise fault(f"{shown(written)} is not a label; {mend}")
        if not written.isprintable() or " " in written or "." in written:
            raise fault(f"{shown(written)} is not a label; {mend}")
        return written

    def write(self, value: str) -> str:
        """Return the label."""
        return value

    def json_schema(self) -> JsonSchemaValue:
        """Return a string schema without dots and spaces."""
        return {"type": "string", "pattern": r"^[^\s.]+$", "maxLength": _LONGEST_LABEL}


@dataclass(frozen=True, slots=True)
class CurrencyNotation(Notation[str]):
    """A currency by its three-letter code (ISO 4217)."""

    def read(self, written: object) -> str:
        """Return the code."""
        if not isinstance(written, str) or not _CURRENCY.fullmatch(written):
            raise fault(f"{shown(written)} is not a currency; write its three capital letters, such as CNY")
        return written

    def write(self, value: str) -> str:
        """Return the code."""
        return value

    def json_schema(self) -> JsonSchemaValue:
        """Return a string schema of three capital letters."""
        return {"type": "string", "pattern": "^[A-Z]{3}$", "examples": ["CNY", "USD"], "x-unit": "ISO 4217 code"}


@dataclass(frozen=True, slots=True)
class DayNotation(Notation[datetime.date]):
    """A day written `2026-01-31` (ISO 8601)."""

    def read(self, written: object) -> datetime.date:
        """Return the day."""
        if isinstance(written, datetime.date) and not isinstance(written, datetime.datetime):
            return written
        reason = ""
        if isinstance(written, str) and _DAY.fullmatch(written):
            try:
                return datetime.date.fromisoformat(written)
            except ValueError as error:
                reason = f" ({error})"
        raise fault(f"{shown(written)} is not a day{reason}; write year-month-day, such as 2026-01-31")

    def write(self, value: datetime.date) -> str:
        """Return the day in ISO 8601."""
        return value.isoformat()

    def json_schema(self) -> JsonSchemaValue:
        """Return a string schema of a date."""
        return {"type": "string", "format": "date", "examples": ["2026-01-31"], "x-unit": "ISO 8601 day"}


Slug = Annotated[str, SlugNotation()]
"""A name of small letters, digits and hyphens, safe as a file name."""

Label = Annotated[str, LabelNotation()]
"""A label in any script, usable as a step of a dotted address."""

Currency = Annotated[str, CurrencyNotation()]
"""A three-letter currency code."""

Day = Annotated[datetime.date, DayNotation()]
"""A calendar day."""
