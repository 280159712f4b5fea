"""Whether rules have to be compiled: noticed at the moment at which the compiler would begin, and not before.

Serves whoever must not wait for a compiler. The first policy of a shape that nobody has run takes it 30 to 100 seconds,
with the interpreter's lock; what is in the cache on disk does not begin it. Only kernels are kept there: a rule that
Python calls by itself is compiled by every process, in a moment, and is not noticed here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from numba.core import event
from numba.core.caching import FunctionCache


class NotCompiled(Exception):
    """Rules would have to be compiled, and may not be here."""


_thread = threading.local()


class _Listener(event.Listener):
    """Calls what the compiling thread has asked for."""

    def on_start(self, event: Any) -> None:
        """Call it, if a kernel begins to be compiled."""
        heard: list[Callable[[], None]] = getattr(_thread, "heard", [])
        if heard and isinstance(event.data["dispatcher"]._cache, FunctionCache):
            for one in heard:
                one()

    def on_end(self, event: Any) -> None:
        """Do nothing: whoever compiles goes on."""


_register: Callable[[str, event.Listener], None] = event.register
_register("numba:compile", _Listener())


@contextmanager
def when_compiling(call: Callable[[], None]) -> Iterator[None]:
    """Call `call` whenever this thread begins to compile a kernel inside the block; what it raises stops that."""
    before: list[Callable[[], None]] = getattr(_thread, "heard", [])
    _thread.heard = [*before, call]
    try:
        yield
    finally:
        _thread.heard = before


@contextmanager
def without_compiling() -> Iterator[None]:
    """Raise NotCompiled out of the block where this thread would have to compile a kernel."""
    with when_compiling(_refuse):
        yield


def _refuse() -> None:
    raise NotCompiled("rules of this policy's shape have not been compiled on this machine yet")
