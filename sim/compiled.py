"""How the rules are compiled: one decorator for every rule, and a cache that notices a change in any file of the room.

Serves whoever writes a rule. Numba's cache looks only at the file of the function that is called, so a changed rule in
another file would go unnoticed; the cache folder therefore carries a hash of all sources of this room.
Set NUMBA_DISABLE_JIT=1 to run the same rules as plain Python, with the same bits; they can then be listened to.
"""

from __future__ import annotations

import hashlib
import inspect
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast, get_type_hints

import numba
from numba import config
from numba.extending import overload

from .kernel_compilation import RULES, rules_within
from .kernel_loading import load_without_registries
from .plain import heard, plain

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def sources_digest(folder: Path) -> str:
    """Return a hash over the names and contents of the Python files in `folder`."""
    digest = hashlib.sha256(numba.__version__.encode())
    for file in sorted(folder.glob("*.py")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder(folder: Path) -> Path:
    """Return where the compiled rules of the sources in `folder` are kept: MEMBERLAB_CACHE or the user's cache
    folder.
    """
    chosen = os.environ.get("MEMBERLAB_CACHE") or os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    root = Path(chosen)
    try:
        root.mkdir(parents=True, exist_ok=True)
        writable = os.access(root, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        root = Path(tempfile.gettempdir())
    return root / "memberlab" / sources_digest(folder)


setattr(config, "CACHE_DIR", str(cache_folder(Path(__file__).parent)))  # noqa: B010 - numba makes the name at import


WITHOUT_C_WRAPPER: dict[str, Any] = {"no_cfunc_wrapper": True}
"""Rules have no callers in C; the wrapper for them would take its time to compile."""

BLANK = "is_blank"
"""The field by which the compiler knows the layout of a blank card."""


def is_plain() -> bool:
    """Return whether rules run as plain Python, by NUMBA_DISABLE_JIT=1."""
    return bool(getattr(config, "DISABLE_JIT"))  # noqa: B009 - numba makes the name at import


def rule(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Compile a scalar rule that is inlined into the kernel: IEEE arithmetic, no fast-math, no interpreter lock."""
    if is_plain():
        return heard(function)
    RULES[function.__qualname__] = function
    compiler = numba.njit(error_model="numpy", nogil=True, forceinline=True, **WITHOUT_C_WRAPPER)
    return cast(Callable[Parameters, Result], compiler(function))


def mechanic(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Compile a rule that few visits reach: called and not inlined, so that it does not lengthen every driver."""
    if is_plain():
        return heard(function)
    RULES[function.__qualname__] = function
    compiler = numba.njit(error_model="numpy", nogil=True, **WITHOUT_C_WRAPPER)
    return cast(Callable[Parameters, Result], compiler(function))


def card_mechanic(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Compile a rule as a mechanic, and as nothing where all shoppers share a blank card: its first Card is one.

    A policy that keeps no cards has no use for the mechanic, and need not wait for it to be compiled. What is asked of
    it there is answered by False, 0 or 0.0.
    """
    hints = get_type_hints(function)
    answer = {bool: False, int: 0, float: 0.0, type(None): None}[hints["return"]]
    if is_plain():
        return heard(function)
    place = [name for name, hint in hints.items() if hint.__name__ == "Card"]
    position = list(inspect.signature(function).parameters).index(place[0])

    def nothing(*_: Any) -> Any:
        return answer

    nothing.__qualname__ = f"{function.__qualname__}_without_card"
    RULES.update({function.__qualname__: None, nothing.__qualname__: None})

    options: Any = {"error_model": "numpy", "nogil": True, **WITHOUT_C_WRAPPER}

    @overload(function, strict=False, jit_options=options)
    def choose(*arguments: Any) -> Any:
        return nothing if BLANK in arguments[position].fields else function

    return function


def uncompiled(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Return a rule as it is written in Python, for one call before any kernel runs: compiling it takes 0.3 s."""
    return cast(Callable[Parameters, Result], getattr(function, "py_func", function))


def kernel(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Compile a function that walks over arrays of shoppers and calls rules."""
    if is_plain():
        return plain(function)
    compiler: Any = numba.njit(error_model="numpy", nogil=True, cache=True)(function)
    load_without_registries(compiler)
    compile_kernel = compiler.compile

    def compile_once(signature: Any) -> Any:
        with rules_within(function.__qualname__):
            return compile_kernel(signature)

    compiler.compile = compile_once
    return cast(Callable[Parameters, Result], compiler)
