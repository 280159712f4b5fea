"""What keys a model can hold at a place: for suggestions about unknown keys and for dotted addresses."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from pydantic import BaseModel

from .yaml_reader import Path


def sections(annotation: object) -> tuple[type[BaseModel], ...]:
    """Return the models that a value of this type can be; several for a union."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return (annotation,)
    return tuple(section for choice in _choices(annotation) for section in sections(choice))


def entry_type(annotation: object) -> object | None:
    """Return the type of the entries of a mapping or a list; None for anything else."""
    origin = get_origin(annotation)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return cast(object, get_args(annotation)[1])
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return cast(object, get_args(annotation)[0])
    return next((found for choice in _choices(annotation) if (found := entry_type(choice)) is not None), None)


def known_keys(model: type[BaseModel], path: Path, data: object) -> tuple[str, ...]:
    """Return the keys that may stand at *path*, none if any may; *data* tells which member of a union is meant."""
    found, inside = _type_at(model, path, data)
    return tuple(dict.fromkeys(name for one in _meant(sections(found), inside) for name in one.model_fields))


def is_mapping(model: type[BaseModel], path: Path, data: object) -> bool:
    """Return whether any key may stand at *path*, as below `tiers`."""
    found, _ = _type_at(model, path, data)
    origins = [get_origin(choice) for choice in (found, *_choices(found))]
    return any(isinstance(origin, type) and issubclass(origin, Mapping) for origin in origins)


def has_address(model: type[BaseModel], data: object, address: str) -> bool:
    """Return whether `addresses` yields *address*, without going through them all."""
    found: object = model
    for step in address.split("."):
        fields = [one.model_fields for one in _meant(sections(found), data)]
        annotations = [one[step].annotation for one in fields if step in one]
        if not annotations and step not in map(str, _entry_keys(data) if entry_type(found) is not None else ()):
            return False
        found = annotations[0] if annotations else entry_type(found)
        key = next((key for key in _entry_keys(data) if str(key) == step), step)
        data = _at(data, key)
    return True


def addresses(model: type[BaseModel], data: object) -> Iterator[str]:
    """Yield every dotted address of *model*, with the entries of mappings and lists that *data* holds."""
    for name, field in model.model_fields.items():
        yield name
        for tail in _tails(field.annotation, _at(data, name)):
            yield f"{name}.{tail}"


def _tails(annotation: object, data: object) -> Iterator[str]:
    """Yield what may follow the address of a value of this type."""
    for section in _meant(sections(annotation), data):
        yield from addresses(section, data)
    entries = entry_type(annotation)
    if entries is None:
        return
    for key in _entry_keys(data):
        yield str(key)
        for tail in _tails(entries, _at(data, key)):
            yield f"{key}.{tail}"


def _entry_keys(data: object) -> Iterable[object]:
    if isinstance(data, Mapping):
        return data.keys()
    return range(len(data)) if isinstance(data, list | tuple) else ()


def _type_at(model: type[BaseModel], path: Path, data: object) -> tuple[object, object]:
    """Return the annotation of the value at *path*, None where there is no such place, and the data there."""
    found: object = model
    for step in path:
        fields = [one.model_fields for one in _meant(sections(found), data)]
        annotations = [one[str(step)].annotation for one in fields if str(step) in one]
        found = annotations[0] if annotations else entry_type(found)
        data = _at(data, step)
    return found, data


def _choices(annotation: object) -> tuple[object, ...]:
    origin = get_origin(annotation)
    if origin is Annotated:
        return (get_args(annotation)[0],)
    return get_args(annotation) if origin in (Union, types.UnionType) else ()


def _at(data: object, step: object) -> object:
    if isinstance(data, Mapping):
        return data.get(step)
    if isinstance(data, list | tuple) and str(step).isdecimal():
        return data[int(str(step))] if int(str(step)) < len(data) else None
    return None


def _meant(models: tuple[type[BaseModel], ...], data: object) -> tuple[type[BaseModel], ...]:
    """Keep the members of a union whose literal key (`model: pareto-nbd`) agrees with the data; all, if none does."""
    if len(models) < 2 or not isinstance(data, Mapping):
        return models
    agreeing = tuple(one for one in models if any(_is_literal(one, key, value) for key, value in data.items()))
    return agreeing or models


def _is_literal(model: type[BaseModel], key: str, value: object) -> bool:
    field: Any = model.model_fields.get(key)
    if field is None or get_origin(field.annotation) is not Literal:
        return False
    return value in get_args(field.annotation)
