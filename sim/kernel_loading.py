"""A kernel whose machine code lies in the cache is loaded without what Numba needs for compiling.

Serves whoever starts a process. Numba makes ready everything it knows of Python and NumPy, linear algebra and random
generators included, before it looks into its cache; that takes half of a short run. Code that is loaded needs of it
only the counting of references to arrays. Where a kernel is not in the cache, or this Numba keeps its cache in another
way, all goes as Numba does it.
"""

from __future__ import annotations

from typing import Any

from numba.core.runtime.nrt import rtsys


def load_without_registries(dispatcher: Any) -> None:
    """Let a kernel's dispatcher load its code from the cache before anything is made ready for compiling."""
    cache: Any = getattr(dispatcher, "_cache", None)
    if not hasattr(cache, "_load_overload") or not hasattr(cache, "_guard_against_spurious_io_errors"):
        return

    def load(signature: Any, context: Any) -> Any:
        rtsys.initialize(context)
        with cache._guard_against_spurious_io_errors():
            return cache._load_overload(signature, context)

    cache.load_overload = load
