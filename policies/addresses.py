"""Values by dotted address (`points.expiry.months`) in a document's file notation: looking up, changing, flattening."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from pydantic import BaseModel

from .problems import DocumentError, Problem, closest
from .shapes import addresses, has_address, is_mapping
from .writer import plain_data


def look_up(model: type[BaseModel], data: Mapping[str, Any], address: str, name: str) -> object:
    """Return the value at *address*, None if nothing is there; raise DocumentError if *model* has no such address."""
    if (problem := _unknown(model, data, address, name)) is not None:
        raise DocumentError([problem])
    value: Any = data
    for step in address.split("."):
        value = _child(value, step)
    return value


def change(model: type[BaseModel], data: dict[str, Any], changes: Mapping[str, object], name: str) -> dict[str, Any]:
    """Return *data* with each value put at its dotted address, in place and in order.

    A section that is absent or `never` is opened; a new entry of a mapping (`tiers.platinum`) is added at its end.
    Raise DocumentError with every address that *model* cannot have.
    """
    problems: list[Problem] = []
    for address, value in changes.items():
        problem = _unknown(model, data, address, name, may_add=True)
        if problem is None:
            _put(data, address.split("."), plain_data(value))
        else:
            problems.append(problem)
    if problems:
        raise DocumentError(problems)
    return data


def flattened(value: object, prefix: str = "") -> dict[str, Any]:
    """Return the values of nested *value* by dotted address, in order; what is absent or empty has none."""
    if isinstance(value, Mapping):
        entries = list(value.items())
    elif isinstance(value, list):
        entries = list(enumerate(value))
    else:
        return {} if value is None else {prefix: value}
    flat: dict[str, Any] = {}
    for key, entry in entries:
        flat.update(flattened(entry, f"{prefix}.{key}" if prefix else str(key)))
    return flat


def _child(holder: object, step: str) -> Any:
    if isinstance(holder, list):
        return holder[int(step)] if _is_entry(holder, step) else None
    return holder.get(step) if isinstance(holder, Mapping) else None


def _is_entry(entries: list[Any], step: str) -> bool:
    return step.isdecimal() and int(step) < len(entries)


def _put(data: dict[str, Any], steps: list[str], value: object) -> None:
    """Put *value* at the end of the way; what has no place for the next step on the way becomes a section."""
    holder: Any = data
    for step, following in pairwise(steps):
        child = _child(holder, step)
        if not (isinstance(child, dict) or (isinstance(child, list) and _is_entry(child, following))):
            child = {}
            _set(holder, step, child)
        holder = child
    _set(holder, steps[-1], value)


def _set(holder: Any, step: str, value: object) -> None:
    holder[int(step) if isinstance(holder, list) else step] = value


def _unknown(
    model: type[BaseModel], data: Mapping[str, Any], address: str, name: str, may_add: bool = False
) -> Problem | None:
    """Return the problem of an address that *model* cannot have, None if it can have it."""
    holder = address.rpartition(".")[0]
    if has_address(model, data, address):
        return None
    if may_add and has_address(model, data, holder) and is_mapping(model, tuple(holder.split(".")), data):
        return None
    known = list(addresses(model, data))
    while holder and holder not in known:
        holder = holder.rpartition(".")[0]
    return Problem(name, None, address, f"unknown address{_mend(address, holder, known)}")


def _mend(address: str, holder: str, known: list[str]) -> str:
    """Return the address that was probably meant, or what *holder*, the part of the way that exists, has."""
    prefix = f"{holder}." if holder else ""
    keys = dict.fromkeys(one.removeprefix(prefix).partition(".")[0] for one in known if one.startswith(prefix))
    step, dot, rest = address.removeprefix(prefix).partition(".")
    if guess := closest(step, keys):
        whole = f"{prefix}{guess}{dot}{rest}"
        return f", did you mean '{whole if whole in known else prefix + guess}'?"
    if not holder and (guess := closest(address, known)):
        return f", did you mean '{guess}'?"
    return f"; {holder or 'the document'} has {', '.join(keys) or 'no keys'}"
