"""From a model back to YAML in the notation people write: for recommended policies, run folders and round trips."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo


def notation_of(model: BaseModel) -> dict[str, Any]:
    """Return *model* as plain values in file notation: money in currency units, shares as '5 %', None for absent."""
    notation: dict[str, Any] = plain_data(model.model_dump())
    return notation


def notable(model: BaseModel) -> dict[str, Any]:
    """Return what *model* says beyond its defaults, in file notation: what a person would have to write."""
    fields, notation = type(model).model_fields, notation_of(model)
    return {key: _notable(getattr(model, key), notation[key]) for key in notation if _differs(model, fields[key], key)}


def _differs(model: BaseModel, field: FieldInfo, key: str) -> bool:
    return field.is_required() or getattr(model, key) != field.get_default(call_default_factory=True, validated_data={})


def _notable(value: object, notation: Any) -> Any:
    if isinstance(value, BaseModel):
        return notable(value)
    if isinstance(value, Mapping) and isinstance(notation, Mapping):
        return {key: _notable(entry, notation[key]) for key, entry in value.items()}
    if isinstance(value, list | tuple) and isinstance(notation, list):
        return [_notable(entry, written) for entry, written in zip(value, notation, strict=True)]
    return notation


def _sections_last(told: dict[str, Any]) -> dict[str, Any]:
    """Return *told* with plain values first, at every level."""
    inner = {key: _sections_last(value) if isinstance(value, dict) else value for key, value in told.items()}
    return dict(sorted(inner.items(), key=lambda item: isinstance(item[1], dict | list)))


def plain_data(value: object) -> Any:
    """Return *value* as new dicts, lists and plain values; models become their file notation."""
    if isinstance(value, BaseModel):
        return notation_of(value)
    if isinstance(value, Mapping):
        return {key: plain_data(entry) for key, entry in value.items()}
    return [plain_data(entry) for entry in value] if isinstance(value, list | tuple) else value


def dump_model(model: BaseModel) -> str:
    """Return *model* as YAML text that loads back to an equal model.

    Plain values come first, sections after them; what has its default is left out, save the version.
    """
    told = {"version": model.version, **notable(model)} if hasattr(model, "version") else notable(model)
    return yaml.dump(_sections_last(told), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


class _Dumper(yaml.SafeDumper):
    """PyYAML's safe dumper with plain decimals, without aliases."""

    def ignore_aliases(self, data: object) -> bool:
        """Write a value out wherever it occurs: documents may not hold aliases."""
        return True


def _represent_number(dumper: yaml.SafeDumper, value: Decimal | float) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:float", format(Decimal(str(value)), "f"))


def _represent_text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    """Quote text with rare line breaks, which PyYAML would write bare and read back as plain ones."""
    rare = any(character in value for character in "\r\x85\u2028\u2029")
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style='"' if rare else None)


_Dumper.add_representer(Decimal, _represent_number)
_Dumper.add_representer(float, _represent_number)
_Dumper.add_representer(str, _represent_text)
