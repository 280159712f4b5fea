"""The run store: one folder a run, with everything needed to understand it and to run it again.

Serves whoever looks at a result later. A folder is filled beside its place and moved there whole; it is never mixed
with files of another kind.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memberlab.policies import DocumentError, Problem

if TYPE_CHECKING:
    import pandas as pd

MANIFEST = "manifest.json"
"""The file that makes a folder a run."""

AGAINST_TODAY = "against-today"
"""The folder in a study's own that holds the policy shown beside today's, as a comparison."""

FORMAT = 1
"""The newest format of a run folder that this version writes and reads."""

RUN_KINDS = (
    "run",
    "comparison",
    "claims",
    "lift",
    "validation",
    "finance",
    "sensitivity",
    "rollout",
    "cutover",
    "pilot",
    "sweep",
    "fee",
    "discovery",
    "evidence",
    "global sensitivity",
)
"""Kinds of folders that `--force` may replace; a study's folder is resumed, never replaced."""

LIBRARIES = ("memberlab", "numpy", "numba", "scipy", "simpy", "pandas", "optuna", "pydantic")


def fail_if_not_usable(folder: Path, *, force: bool = False) -> None:
    """Raise DocumentError when `folder` cannot become a run folder: it holds something else, or cannot be written.

    With `force`, an earlier run's folder is replaced; anything else never is.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise _unusable(folder, "is a file; name a folder that does not exist yet")
    if folder.is_dir() and any(folder.iterdir()):
        if not holds_a_run(folder):
            raise _unusable(folder, "holds files that are no run of memberlab; name a folder that does not exist yet")
        if not force:
            raise _unusable(folder, "holds an earlier run; name another folder, or replace it with --force")
    parent = folder.absolute().parent
    while not parent.exists():
        parent = parent.parent
    if not os.access(parent, os.W_OK | os.X_OK) or (folder.is_dir() and not os.access(folder, os.W_OK | os.X_OK)):
        raise _unusable(folder, f"cannot be written: no permission in {parent}")
    try:
        Path(tempfile.mkdtemp(prefix=".memberlab-", dir=parent)).rmdir()
    except OSError as fault:
        raise _unusable(folder, f"cannot be written: {fault.strerror or fault}") from None


def holds_a_run(folder: Path) -> bool:
    """Return whether `folder` was written by `new_run`: its manifest says so."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("kind") in RUN_KINDS and "versions" in manifest


@contextmanager
def new_run(folder: Path, *, force: bool = False) -> Iterator[Path]:
    """Give a temporary folder to fill, and move it to `folder` when all went well; leave nothing behind otherwise.

    Raises DocumentError as `fail_if_not_usable` does, and when the disk refuses.
    """
    fail_if_not_usable(folder, force=force)
    target = folder.absolute()
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    new_parents = [parent for parent in target.parents if not parent.exists()]  # deepest first
    try:
        temporary.mkdir(parents=True)
        yield temporary
        if target.exists():
            shutil.rmtree(target)
        temporary.rename(target)
    except OSError as fault:
        raise _unusable(folder, f"cannot be written: {fault.strerror or fault}") from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        for parent in new_parents:
            with suppress(OSError):  # it holds the run, or was never made
                parent.rmdir()


def write_manifest(folder: Path, started: float, **content: Any) -> None:
    """Write `manifest.json`: command, versions, duration in seconds since `started` (time.time()), and `content`."""
    manifest: Mapping[str, Any] = {
        "format": FORMAT,
        "command": ["memberlab", *sys.argv[1:]],
        "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "duration_seconds": round(time.time() - started, 3),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "versions": {library: version(library) for library in LIBRARIES},
        **content,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def write_table(folder: Path, name: str, table: pd.DataFrame) -> None:
    """Write a table as Parquet and as CSV."""
    table.to_parquet(folder / f"{name}.parquet", index=False)
    table.to_csv(folder / f"{name}.csv", index=False)


def _unusable(folder: Path, message: str) -> DocumentError:
    return DocumentError((Problem(str(folder), None, "", message),))
