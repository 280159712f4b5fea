"""Telling Ctrl-C from a fault, whatever it came through.

Serves every command that works for a while: a library may wrap the interrupt that reached it in an error of its own
(pydantic's serializer does), and the user should read "stopped", not a traceback.
"""

from __future__ import annotations


def was_interrupted(fault: BaseException | None) -> bool:
    """Return whether `fault` is Ctrl-C, or was caused by it."""
    while fault is not None:
        if isinstance(fault, KeyboardInterrupt):
            return True
        fault = fault.__cause__ or fault.__context__
    return False
