"""Which version of memberlab made a result: its number, and a digest of the sources that could change a figure.

Serves the ledger, which never mixes evaluations of different rules, and the manifest of a run.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from memberlab.sim import sources_digest

ROOMS = ("policies", "scenarios", "sim", "results", "optimize")
LIBRARIES = ("numpy", "scipy", "optuna")


@cache
def model_version() -> str:
    """Return for example `memberlab 0.1.0 (3f9c01aa5b7e)`: equal texts give equal figures and proposals."""
    digest = hashlib.sha256()
    for room in ROOMS:
        spec = find_spec(f"memberlab.{room}")
        if spec is not None and spec.origin is not None:
            digest.update(sources_digest(Path(spec.origin).parent).encode())
    for library in LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    return f"memberlab {version('memberlab')} ({digest.hexdigest()[:12]})"
