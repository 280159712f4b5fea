"""A kernel is compiled with its rules as a whole; the rules are not made ready to be called one by one besides.

Serves whoever waits for the first run. Numba optimises each function together with all that it calls, again in each of
its callers, writes machine code for each, and wraps each for Python: with some hundred rules that call each other, most
of the compiler's time, for functions that only the kernel calls, where they are inlined. What comes out is the same
code. Another Numba, which does it in another way, compiles as it does.
"""

from __future__ import annotations

import ctypes
import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numba
from numba import types
from numba.core.codegen import CPUCodeLibrary
from numba.core.cpu import CPUContext
from numba.core.lowering import Lower

_DYNFUNC: Any = importlib.import_module("numba._dynfunc")

RULES: dict[str, Callable[..., Any] | None] = {}
"""Rules by the name under which the compiler knows them, with the function; None for those that are no dispatcher."""

Patch = tuple[type, str, Callable[[Any], Any]]


@contextmanager
def rules_within(kernel: str) -> Iterator[None]:
    """Compile rules only as parts of the kernel of that name, which is compiled meanwhile."""
    as_rule = {kernel: RULES.pop(kernel)} if kernel in RULES else {}  # a rule may be made a kernel as well, by a test
    replaced = [(owner, name, getattr(owner, name)) for owner, name, _ in PATCHES if hasattr(owner, name)]
    if len(replaced) == len(PATCHES):
        for owner, name, replacing in PATCHES:
            setattr(owner, name, replacing(getattr(owner, name)))
    try:
        yield
    finally:
        RULES.update(as_rule)
        for owner, name, original in replaced:
            setattr(owner, name, original)


def _unless_rule(original: Callable[..., Any]) -> Callable[..., Any]:
    """Return a step of a function's library that is left out for rules."""

    def step(library: Any, *arguments: Any) -> Any:
        return None if library.name in RULES else original(library, *arguments)

    return step


def _without_machine_code(original: Callable[..., Any]) -> Callable[..., Any]:
    """Return the last step of a library, which for a rule leaves it ready to be linked and to nothing else."""

    def finalise(library: Any) -> None:
        if library.name in RULES:
            library._finalized = True
        else:
            original(library)

    return finalise


def _unwrapped(original: Callable[..., Any]) -> Callable[..., Any]:
    """Return what makes a function one for Python, which a rule need not be."""

    def wrap(lowered: Any, release_gil: bool = False) -> None:
        if lowered.library.name not in RULES:
            original(lowered, release_gil=release_gil)

    return wrap


def _callable_alone(original: Callable[..., Any]) -> Callable[..., Any]:
    """Return what gives Python the compiled function: of a rule one that compiles it by itself when it is called."""

    def executable(context: Any, library: Any, description: Any, environment: Any) -> Any:
        if library.name not in RULES:
            return original(context, library, description, environment)
        called = _compiled_when_called(RULES[library.name], library.name)
        address = ctypes.cast(called, ctypes.c_void_p).value
        return _DYNFUNC.make_function(
            description.lookup_module(), library.name.split(".")[-1], f"rule {library.name}", address, environment,
            (library, called),
        )  # fmt: skip

    return executable


CALLED = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.py_object, ctypes.py_object, ctypes.c_void_p)
"""How Python calls a compiled function: with itself, its arguments, and those by name or a null."""


def _compiled_when_called(function: Callable[..., Any] | None, name: str) -> Any:
    """Return a function for Numba's dispatcher that compiles a rule by itself at its first call."""
    compiled: list[Any] = []

    def called(_: object, arguments: tuple[Any, ...], by_name: int | None) -> Any:
        if function is None or by_name:
            raise TypeError(f"{name} is a part of kernels, and cannot be called by itself")
        if not compiled:
            compiled.append(numba.njit(error_model="numpy", nogil=True)(function))
        return compiled[0](*arguments)

    return CALLED(called)


def _told_once(original: Callable[..., Any]) -> Callable[..., Any]:
    """Return the description of a record's type, which Numba asks for thousands of times, made once a type."""
    told: dict[int, tuple[Any, str]] = {}

    def description(record: Any) -> str:
        if id(record) not in told:
            told[id(record)] = (record, original(record))
        return told[id(record)][1]

    return description


PATCHES: tuple[Patch, ...] = (
    (CPUCodeLibrary, "_optimize_final_module", _unless_rule),
    (CPUCodeLibrary, "_finalize_final_module", _without_machine_code),
    (Lower, "create_cpython_wrapper", _unwrapped),
    (CPUContext, "get_executable", _callable_alone),
    (types.Record, "__repr__", _told_once),
)
"""Steps of Numba's, with what stands in their place while a kernel is compiled."""
