"""Which version of memberlab made a result: its number, and a digest of the sources that could change a figure.

Serves the ledger, which never mixes evaluations of different rules, and the manifest of a run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from memberlab.sim import sources_digest

ROOMS = ("policies", "scenarios", "sim", "results", "optimize")
LIBRARIES = ("numpy", "scipy", "optuna")
OUTCOME_ROOMS = ("policies", "scenarios", "sim", "results")
"""Rooms whose sources decide what comes of a policy; those of `optimize` only decide what is tried."""
OUTCOME_LIBRARIES = ("numpy", "numba")


@cache
def model_version() -> str:
    """Return for example `memberlab 0.1.0 (3f9c01aa5b7e)`: equal texts give equal figures and proposals."""
    digest = hashlib.sha256()
    for room in ROOMS:
        spec = find_spec(f"memberlab.{room}")
        if spec is not None and spec.origin is not None:
            digest.update(_sources_of(Path(spec.origin).parent).encode())
    for library in LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    return f"memberlab {version('memberlab')} ({digest.hexdigest()[:12]})"


@cache
def outcome_sources() -> Mapping[str, str]:
    """Return what decides an outcome, and a version or hash of each: memberlab, its rooms, and libraries.

    Equal entries give equal outcomes for equal documents; an unequal one names what has changed.
    """
    found = {"memberlab": version("memberlab")}
    for room in OUTCOME_ROOMS:
        spec = find_spec(f"memberlab.{room}")
        if spec is None or spec.origin is None:
            continue
        found[room] = _sources_of(Path(spec.origin).parent)
    return found | {library: version(library) for library in OUTCOME_LIBRARIES}


def _sources_of(room: Path) -> str:
    """Return a digest over the sources of a room, those in its folders as well."""
    digest = hashlib.sha256()
    for folder in sorted({file.parent for file in room.rglob("*.py")}):
        digest.update(f"{folder.relative_to(room).as_posix()} {sources_digest(folder)}\n".encode())
    return digest.hexdigest()[:16]
