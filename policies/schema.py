"""The JSON Schema of a document as people write it: for editors, the reference page and the web form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from .help_texts import help_texts
from .notation import NEVER

DIALECT = "https://json-schema.org/draft/2020-12/schema"

CHECKED = ("function-before", "function-after", "function-wrap")
"""Kinds of schema that put a check around the schema of a value."""


def json_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of *model* in file notation; the unit of a field stands in its description."""
    schema = model.model_json_schema(schema_generator=_FileNotation)
    _finish(schema)
    return {"$schema": DIALECT, **schema}


class _FileNotation(GenerateJsonSchema):
    """Pydantic's generator with defaults as they are written in files, and the help text of every field."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """Return the schema of a section, whose fields are described by the docstrings below them."""
        described = super().model_schema(schema)
        fields = described.get("properties", {})
        for name, text in help_texts(cast(type[BaseModel], schema["cls"])).items():
            fields[name]["description"] = text
        return described

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Return the schema of a field that has a default, the default in file notation."""
        described = super().default_schema(schema)
        inner: Any = schema["schema"]
        while "serialization" not in inner and inner["type"] in CHECKED:
            inner = inner["schema"]
        serialization = inner.get("serialization", {})
        if "default" in described and serialization.get("type") == "function-plain":
            described["default"] = _as_json(serialization["function"](schema["default"]))
        elif described.get("default", "") is None and {"const": NEVER} in described.get("anyOf", []):
            described["default"] = NEVER
        return described


def _as_json(value: object) -> object:
    return value if isinstance(value, int | str | bool | None) else float(str(value))


def _finish(schema: dict[str, Any]) -> None:
    """Put descriptions on one line with the unit at their end, and drop titles that only repeat the key."""
    described = " ".join(schema.get("description", "").split())
    if "x-unit" in schema:
        described = f"{described} Unit: {schema['x-unit']}.".strip()
    if described:
        schema["description"] = described
    for field in schema.get("properties", {}).values():
        field.pop("title", None)
    for inner in _schemas_inside(schema):
        _finish(inner)


def _schemas_inside(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for key, value in schema.items():
        if key in {"$defs", "properties", "patternProperties"}:
            yield from value.values()
        elif key in {"anyOf", "oneOf", "allOf", "prefixItems"}:
            yield from value
        elif key in {"items", "additionalProperties", "propertyNames"} and isinstance(value, dict):
            yield value
