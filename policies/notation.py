"""How a kind of value is written by people: the base of every quantity a document can hold, and the words of refusal.

A `Notation` is put on a pydantic field with `Annotated`. It reads the written form into the exact inner value (cents,
basis points, days), refuses what is doubtful with the mend, writes the value back, and describes itself to editors.
"""

from __future__ import annotations

import math
import numbers
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

Value = TypeVar("Value")

NEVER = "never"
_LONGEST_SHOWN = 60

LARGEST_MAGNITUDE = 400
"""Largest power of ten of a number; beyond it, exact arithmetic would cost memory and mean nothing."""


class Notation(ABC, Generic[Value]):
    """One kind of value: how it is read from the written form, written back, and described in a JSON Schema."""

    @abstractmethod
    def read(self, written: object) -> Value:
        """Return the inner value of *written*; raise the error of `fault` when it cannot be one."""

    @abstractmethod
    def write(self, value: Value) -> object:
        """Return *value* as people write it; `read` turns it back into *value*."""

    @abstractmethod
    def json_schema(self) -> JsonSchemaValue:
        """Return the JSON Schema of the written form, with its unit under `x-unit`."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self.read, serialization=core_schema.plain_serializer_function_ser_schema(self.write)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return self.json_schema()


@dataclass(frozen=True, slots=True)
class OrNever(Notation[Value | None]):
    """A quantity that may also be the word `never`, kept as None."""

    quantity: Notation[Value]

    def read(self, written: object) -> Value | None:
        """Return None for `never`, else what the quantity reads."""
        if written is None:
            raise fault("nothing is given; write a value, or 'never'")
        return None if written == NEVER else self.quantity.read(written)

    def write(self, value: Value | None) -> object:
        """Return `never` for None, else what the quantity writes."""
        return NEVER if value is None else self.quantity.write(value)

    def json_schema(self) -> JsonSchemaValue:
        """Return the quantity's schema with `never` beside it."""
        schema = self.quantity.json_schema()
        unit = {"x-unit": f"{schema.pop('x-unit')}, or never"} if "x-unit" in schema else {}
        return {"anyOf": [schema, {"const": NEVER}], **unit}


@dataclass(frozen=True, slots=True)
class SectionOrNever:
    """A section of keys that may also be the word `never`, kept as None: for fields of type `Section | None`."""

    example: str
    """A section as one would write it, for the message: `{months: 12}`."""

    def read(self, written: object) -> object:
        """Return None for `never`; raise the error of `fault` for anything that is no section."""
        if written == NEVER:
            return None
        if not isinstance(written, Mapping | BaseModel):
            raise fault(f"{shown(written)} is neither 'never' nor a section; write {self.example}")
        return written

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def write(value: object, write_section: core_schema.SerializerFunctionWrapHandler) -> object:
            return NEVER if value is None else write_section(value)

        return core_schema.no_info_before_validator_function(
            self.read, handler(source), serialization=core_schema.wrap_serializer_function_ser_schema(write)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        section = handler(schema)
        choices = [choice for choice in section.get("anyOf", [section]) if choice != {"type": "null"}]
        return {"anyOf": [*choices, {"const": NEVER}]}


def fault(message: str) -> PydanticCustomError:
    """Return the error that a validator raises to refuse a value; *message* names the value, the fault and the mend."""
    return PydanticCustomError("fault", "{message}", {"message": message})


def shown(value: object) -> str:
    """Return *value* as a message shows it: as written, in quotes if it is text, cut if it is long."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and value.bit_length() > 3 * _LONGEST_SHOWN:
        return f"a number of about {int(value.bit_length() * math.log10(2)) + 1} digits"
    if isinstance(value, Decimal):
        written = format(value, "f") if value.is_finite() and abs(value.adjusted()) < LARGEST_MAGNITUDE else str(value)
    elif isinstance(value, str):
        written = repr(value)
    elif isinstance(value, numbers.Number):
        written = str(value)
    else:
        return {"dict": "a mapping", "list": "a list"}.get(type(value).__name__, f"a {type(value).__name__}")
    return written if len(written) <= _LONGEST_SHOWN else f"{written[:_LONGEST_SHOWN]}…"
