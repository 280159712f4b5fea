"""The single values of a document, each with the part of the schema that says what may stand there.

Serves `levers.py`. Which of several sections is meant is told by the document's own keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]

NEVER = "never"
"""The word that documents write for a quantity that is never reached."""


@dataclass(frozen=True, slots=True)
class Field:
    """One place of a document that can hold a single value."""

    keys: tuple[str, ...]
    value: object
    """In file notation; None where nothing stands there."""
    schema: Schema
    """The schema of the value itself, without `never` and nothing."""
    help: str
    unit: str
    may_be_never: bool
    may_be_nothing: bool


def fields_of(schema: Schema, data: Mapping[str, Any]) -> Iterator[Field]:
    """Yield the fields of a document in the order of its schema; sections that it does not have are left out."""
    yield from _inside(schema, schema, data, ())


def _inside(whole: Schema, section: Schema, data: Mapping[str, Any], keys: tuple[str, ...]) -> Iterator[Field]:
    for key, field in section.get("properties", {}).items():
        told = _help(field.get("description", "")) or _help(section.get("description", ""))
        yield from _at(whole, field, data.get(key), (*keys, key), told)


def _at(whole: Schema, field: Schema, value: object, keys: tuple[str, ...], told: str) -> Iterator[Field]:
    choices = [_resolved(whole, one) for one in field.get("anyOf", field.get("oneOf", [field]))]
    single = [one for one in choices if one.get("type") not in ("null", "object", "array") and "const" not in one]
    if isinstance(value, Mapping):
        for one in choices:
            if one.get("type") == "object":
                yield from _inside(whole, one, value, keys)
                for entry in [*one.get("patternProperties", {}).values(), one.get("additionalProperties")]:
                    if isinstance(entry, Mapping):
                        for name, inner in value.items():
                            yield from _at(whole, entry, inner, (*keys, str(name)), told)
                break
        return
    if isinstance(value, list):
        entries = [one["items"] for one in choices if "items" in one and "$ref" in one["items"]]
        for place, inner in enumerate(value if entries else []):
            yield from _at(whole, entries[0], inner, (*keys, str(place)), told)
        return
    if len(single) == 1:
        one = single[0]
        unit = str(field.get("x-unit") or one.get("x-unit") or "")
        yield Field(
            keys, value, one, told, unit, {"const": NEVER} in choices,
            any(choice.get("type") == "null" for choice in choices),
        )  # fmt: skip


def _resolved(whole: Schema, field: Schema) -> Schema:
    if "$ref" not in field:
        return field
    found: Schema = whole["$defs"][str(field["$ref"]).rpartition("/")[2]]
    return found


def _help(described: str) -> str:
    """Return a description without the parts on units, which a control shows beside the number."""
    return re.split(r" ?(?:Unit: |In code: )", described)[0].strip()
