"""The reference page of a kind of document, made from its schema: every key with meaning, unit, range and default.

Serves `memberlab schema KIND --page` and docs/policy-reference.md, which a test keeps equal to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from .schema import json_schema


def reference_page(model: type[BaseModel], title: str) -> str:
    """Return the page in Markdown: one table for the document and one for each of its sections."""
    schema = json_schema(model)
    lines = [f"# {title}", "", schema.get("description", ""), ""]
    for address, section in _sections(schema, schema, ""):
        lines += [f"## {address}", "", section.get("description", ""), ""] if address else []
        lines += ["| key | what it is | allowed | default |", "| --- | --- | --- | --- |"]
        required = section.get("required", [])
        lines += [_row(key, field, key in required) for key, field in section.get("properties", {}).items()]
        lines.append("")
    return "\n".join(lines)


def _sections(schema: dict[str, Any], section: dict[str, Any], address: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a section and those inside it, with their addresses; entries of a mapping stand under `<name>`."""
    yield address, section
    for key, field in section.get("properties", {}).items():
        places = [(field, key), *((entry, f"{key}.<name>") for entry in _entries(field))]
        places += [(field["items"], f"{key}.<number>")] if "items" in field else []
        for inner, step in places:
            for choice in [inner, *inner.get("anyOf", [])]:
                if "$ref" in choice:
                    found = schema["$defs"][choice["$ref"].rpartition("/")[2]]
                    yield from _sections(schema, found, f"{address}.{step}" if address else step)


def _entries(field: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the schemas of the entries of a mapping, whose keys are free."""
    found = [field.get("additionalProperties"), *field.get("patternProperties", {}).values()]
    return [entry for entry in found if isinstance(entry, dict)]


def _is_section(field: dict[str, Any]) -> bool:
    return "$ref" in field


def _row(key: str, field: dict[str, Any], is_required: bool) -> str:
    text = field.get("description", "").split(" Unit: ")[0].split(" In code: ")[0].replace("|", "\\|")
    default = "required" if is_required else _written(field["default"]) if "default" in field else "none"
    return f"| `{key}` | {text} | {allowed(field)} | {default} |"


def allowed(field: dict[str, Any]) -> str:
    """Return which values a field takes: its choices or its kind, with range and unit."""
    if "const" in field:
        return _written(field["const"])
    if "enum" in field:
        return ", ".join(_written(value) for value in field["enum"])
    if "anyOf" in field:
        kinds = [allowed({"x-unit": field.get("x-unit", ""), **choice}) for choice in field["anyOf"]]
        return " or ".join(dict.fromkeys(kind for kind in kinds if kind != "nothing"))
    if field.get("type") == "object" and (plain := [entry for entry in _entries(field) if not _is_section(entry)]):
        return f"by name: {allowed(plain[0])}"
    if _is_section(field) or field.get("type") == "object":
        return "a section, see below"
    if field.get("type") == "array":
        entry = field.get("items", {})
        return "a list of sections, see below" if _is_section(entry) else f"a list: {allowed(entry)}"
    if field.get("type") == "null":
        return "nothing"
    if field.get("type") == "boolean":
        return "`true`, `false`"
    unit = str(field.get("x-unit", "")).removesuffix(", or never")
    if "minimum" in field and field["minimum"] == field.get("maximum"):
        return f"{field['minimum']:,.12g} {unit}".rstrip()
    if "minimum" in field and "maximum" in field:
        return f"{field['minimum']:,.12g} to {field['maximum']:,.12g} {unit}".rstrip()
    return unit or "text"


def _written(value: object) -> str:
    """Return a value as files write it."""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, dict) and value:
        return "as below"
    return "empty" if value in ("", {}, [], None) else f"`{value}`"
