"""Running the rules as plain Python, for debuggers, coverage and traces: records that behave as they do when compiled,
and rules that can be listened to.

Serves NUMBA_DISABLE_JIT=1. A field reads as a Python int or float, so that arithmetic is done in the same widths as the
compiled rules do it, and is stored in the width of the record.
"""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

Listener = Callable[[Mapping[str, Any], Any], None]
"""What is told of a call of a rule when it is over: its arguments by name, and its result."""

LISTENERS: dict[str, Listener] = {}
"""Who listens now, by the name of the rule."""

RULES_HEARD: Counter[str] = Counter()
"""How many rules of each name can be listened to."""


class PlainRecord:
    """One record of an array, by reference: attributes are its fields."""

    __slots__ = ("_record",)

    def __init__(self, record: Any) -> None:
        object.__setattr__(self, "_record", record)

    def __getattr__(self, field: str) -> Any:
        value = self._record[field]
        return PlainArray(value) if isinstance(value, np.ndarray) else value.item()

    def __setattr__(self, field: str, value: Any) -> None:
        self._record[field] = value


class PlainArray:
    """An array of records or of numbers, by reference."""

    def __init__(self, array: Any) -> None:
        self._array = array
        self.shape = array.shape

    def __getitem__(self, index: Any) -> Any:
        value = self._array[index]
        return PlainRecord(value) if isinstance(value, np.void) else value.item()

    def __setitem__(self, index: Any, value: Any) -> None:
        self._array[index] = value


def plain(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Return `function` with its array arguments wrapped, and silent about the wrap-around that hashing relies on."""

    @wraps(function)
    def wrapped(*arguments: Any, **named: Any) -> Any:
        given = [PlainArray(value) if isinstance(value, np.ndarray) else value for value in arguments]
        with np.errstate(over="ignore"):
            return function(*given, **named)  # type: ignore[arg-type]

    return wrapped


def heard(rule: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Return `rule` as one that tells who listens to it; compiled rules cannot be listened to."""
    name, names = rule.__qualname__, tuple(inspect.signature(rule).parameters)
    RULES_HEARD[name] += 1

    @wraps(rule)
    def told(*arguments: Parameters.args, **named: Parameters.kwargs) -> Result:
        result = rule(*arguments, **named)
        if name in LISTENERS:
            LISTENERS[name](dict(zip(names, arguments, strict=False)), result)
        return result

    return told


@contextmanager
def listening(listeners: Mapping[str, Listener]) -> Iterator[None]:
    """Let `listeners` alone be told of the rules of their names; without any, nobody hears anything meanwhile.

    Raises ValueError for a name that is not that of exactly one rule, as after a rule has been renamed.
    """
    for name in listeners:
        if RULES_HEARD[name] != 1:
            raise ValueError(f"{RULES_HEARD[name]} rules have the name {name}, which is listened to")
    before = dict(LISTENERS)
    LISTENERS.clear()
    LISTENERS.update(listeners)
    try:
        yield
    finally:
        LISTENERS.clear()
        LISTENERS.update(before)


def changed_copy(record: PlainRecord, field: str, value: Any) -> PlainRecord:
    """Return a copy of `record` with another value in one field."""
    copied = PlainRecord(object.__getattribute__(record, "_record").copy())
    setattr(copied, field, value)
    return copied
