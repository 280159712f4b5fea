"""From a model back to YAML in the notation people write: for recommended policies, run folders and round trips."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import yaml
from pydantic import BaseModel


def notation_of(model: BaseModel) -> dict[str, Any]:
    """Return *model* as plain values in file notation: money in currency units, shares as '5 %', None for absent."""
    notation: dict[str, Any] = plain_data(model.model_dump())
    return notation


def plain_data(value: object) -> Any:
    """Return *value* as new dicts, lists and plain values; models become their file notation."""
    if isinstance(value, BaseModel):
        return notation_of(value)
    if isinstance(value, Mapping):
        return {key: plain_data(entry) for key, entry in value.items()}
    return [plain_data(entry) for entry in value] if isinstance(value, list | tuple) else value


def dump_model(model: BaseModel) -> str:
    """Return *model* as YAML text that loads back to an equal model.

    Plain values come first, sections after them; what is empty by default (an absent section, no title) is left out.
    """
    tidy = _tidy(model, notation_of(model))
    return yaml.dump(tidy, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


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


def _tidy(model: BaseModel, notation: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is empty by default and put sections last, without changing what the text means."""
    fields = type(model).model_fields
    kept = {
        key: _tidied(getattr(model, key), value)
        for key, value in notation.items()
        if not (_is_empty(value) and _is_empty(fields[key].get_default(call_default_factory=True)))
    }
    return dict(sorted(kept.items(), key=lambda item: isinstance(item[1], dict | list)))


def _tidied(inner: object, value: Any) -> Any:
    """Return a section, or each section of a mapping such as the tiers, without what is empty by default."""
    if isinstance(inner, BaseModel):
        return _tidy(inner, value)
    return {key: _tidied(entry, value[key]) for key, entry in inner.items()} if isinstance(inner, Mapping) else value


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str | Mapping | list | tuple) and not value)
