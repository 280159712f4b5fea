"""Running the rules as plain Python, for debuggers and coverage: records that behave as they do when compiled.

Serves NUMBA_DISABLE_JIT=1. A field reads as a Python int or float, so that arithmetic is done in the same widths as the
compiled rules do it, and is stored in the width of the record.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


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
