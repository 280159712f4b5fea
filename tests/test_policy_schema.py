"""The JSON Schema of documents: it speaks the notation of files, tells units and defaults, and fits what ships."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from memberlab.policies import Policy, PositiveNumber, Section, json_schema, load_policy, policy_names, read_document
from memberlab.scenarios import MONTHS, Population, Scenario, load_scenario, scenario_names

SCHEMA = json_schema(Policy)


def fits(value: Any, schema: dict[str, Any], root: dict[str, Any]) -> bool:
    """Say whether *value* fits *schema*, as far as the keywords go that our schemas use."""
    if "$ref" in schema:
        return fits(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    if "anyOf" in schema:
        return any(fits(value, choice, root) for choice in schema["anyOf"])
    if "const" in schema:
        return bool(value == schema["const"])
    types = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None), "integer": int}
    kind = types.get(schema["type"], (int, Decimal))
    if not isinstance(value, kind) or (isinstance(value, bool) and schema["type"] != "boolean"):
        return False
    if isinstance(value, str):
        return re.search(schema.get("pattern", ""), value) is not None and len(value) <= schema.get("maxLength", 10**6)
    if isinstance(value, list):
        return all(fits(entry, schema["items"], root) for entry in value)
    if isinstance(value, dict):
        return not set(schema.get("required", ())) - set(value) and all(
            fits(entry, inner, root) if isinstance(inner := schema_of(key, schema), dict) else inner
            for key, entry in value.items()
        )
    return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))


def schema_of(key: str, schema: dict[str, Any]) -> dict[str, Any] | bool:
    """Return the schema for the value of *key* in an object."""
    if key in schema.get("properties", {}):
        return dict(schema["properties"][key])
    for pattern, inner in schema.get("patternProperties", {}).items():
        if re.search(pattern, key):
            return dict(inner)
    further: dict[str, Any] | bool = schema.get("additionalProperties", True)
    return further


def data_of(path: Path, text: str) -> dict[str, Any]:
    path.write_text(text, encoding="utf-8")
    return dict(read_document(path).data)


@pytest.mark.parametrize("name", policy_names())
def test_policies_that_ship_fit(name: str, tmp_path: Path) -> None:
    assert fits(data_of(tmp_path / "x.yaml", load_policy(name).to_yaml()), SCHEMA, SCHEMA)


def test_the_days_of_a_refund_are_whole_and_none_by_default() -> None:
    schema = json_schema(Scenario)
    days = schema["$defs"]["Returns"]["properties"]["refund_days"]
    assert (days["type"], days["minimum"], days["maximum"], days["default"]) == ("integer", 0, 60, 0)
    assert "the shopper has the money" in days["description"]
    returns = {"$ref": "#/$defs/Returns"}
    assert fits({"share": "5 %", "refund_days": 7}, returns, schema)
    assert not fits({"share": "5 %", "refund_days": Decimal("7.5")}, returns, schema)


@pytest.mark.parametrize("name", scenario_names())
def test_scenarios_that_ship_fit(name: str, tmp_path: Path) -> None:
    schema = json_schema(Scenario)
    assert fits(data_of(tmp_path / "x.yaml", load_scenario(name).to_yaml()), schema, schema)


@pytest.mark.parametrize(
    "text",
    [
        "name: x\ncurency: CNY\n",
        "name: x\nmember_discount: 5\n",
        "name: x\nmembership: {fee: '149'}\n",
        "name: x\nmembership: {fee: 0}\n",
        "name: x\nmembership: {}\n",
        "name: x\nshipping: {free_from: ever}\n",
        "name: Gold Plan\n",
        "title: x\n",
        "name: x\nversion: 2\n",
    ],
)
def test_what_does_not_load_does_not_fit(text: str, tmp_path: Path) -> None:
    assert not fits(data_of(tmp_path / "x.yaml", text), SCHEMA, SCHEMA)


def test_the_dialect_is_named() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert (SCHEMA["title"], SCHEMA["type"], SCHEMA["required"]) == ("Policy", "object", ["name"])


def test_a_field_tells_what_it_is_with_unit_range_and_default() -> None:
    tier = SCHEMA["$defs"]["Tier"]["properties"]
    assert tier["threshold"] == {
        "description": "What reaches the tier: spend in the last 12 calendar months, or what `qualification` says; "
        "the first tier has 0, never stands for a tier that is reached by invitation or paid membership only. "
        "In code: hundredths of the unit. "
        "Unit: currency units, or what qualification.basis counts, or never.",
        "anyOf": [{"type": "number", "minimum": 0, "maximum": 1_000_000_000}, {"const": "never"}],
        "x-unit": "currency units, or what qualification.basis counts, or never",
    }
    assert (tier["discount"]["default"], tier["earn_multiplier"]["default"]) == ("0 %", 1)
    points = SCHEMA["$defs"]["Points"]["properties"]
    assert (points["maximum_share"]["default"], points["expiry"]["default"]) == ("100 %", "never")
    assert points["expiry"]["anyOf"] == [{"$ref": "#/$defs/Expiry"}, {"const": "never"}]
    assert SCHEMA["$defs"]["Shipping"]["properties"]["free_from"]["default"] == "never"


def test_months_are_offered() -> None:
    season = json_schema(Scenario)["properties"]["season"]
    assert list(season["properties"]) == list(MONTHS)
    assert season["additionalProperties"] is False
    assert season["properties"]["may"]["description"] == "Unit: times the average month."


class Rate(Section):
    value: PositiveNumber = 0.25
    """How much."""


def test_defaults_that_are_fractions_and_numbers_without_unit() -> None:
    assert json_schema(Rate)["properties"]["value"] == {
        "default": 0.25,
        "description": "How much.",
        "exclusiveMinimum": 0,
        "type": "number",
    }


@pytest.mark.parametrize("model", [Policy, Scenario, Population])
def test_every_field_is_described(model: type[BaseModel]) -> None:
    schema = json_schema(model)
    for section in [schema, *schema["$defs"].values()]:
        for name, field in section["properties"].items():
            target = schema["$defs"].get(field.get("$ref", "").rpartition("/")[2], {})
            assert field.get("description") or target.get("description"), f"{section['title']}.{name}"
