"""What a worker of a cluster does: a piece of work, with the files that it names brought along or kept from before.

Serves `ClusterExecutor`. Workers share no file system with whoever asks, so a piece names its files by digest. A worker
that lacks one says so and gets it with the next try; what it reads and writes it keeps for later pieces.
"""

from __future__ import annotations

import atexit
import hashlib
import math
import os
import platform
import shutil
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .model_version import model_version
from .pieces import FileElsewhere, Piece

KEPT_BYTES = 2_000_000_000
"""Bytes of files that a worker keeps; beyond, those used longest ago go."""

ARGUMENTS_TRIED = 4096
"""Arguments at which the functions of the mathematical library are compared with those of the caller."""


class ForeignWorkerError(RuntimeError):
    """A worker would come to other bits than the caller: another version of what computes, or another machine."""


@dataclass(frozen=True)
class Sent(FileElsewhere):
    """A file that a piece reads, by the digest of its content."""

    digest: str


@dataclass(frozen=True)
class Wanted(FileElsewhere):
    """A file that a piece writes."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a piece: its result, and the content of each file that it wrote, by name."""

    result: Any
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Lacking:
    """A worker, by its address, lacks files that a piece reads."""

    worker: str | None


@cache
def arithmetic() -> dict[str, str]:
    """Return in words what the bits of a result depend on: versions, and what the mathematical library computes.

    The library's `exp`, `log` and `pow` are tried and hashed, since the same version rounds otherwise on another
    processor.
    """
    digest = hashlib.sha256()
    for number in range(1, ARGUMENTS_TRIED):
        x = number / 97.0
        digest.update(f"{math.exp(-x)!r} {math.log(x)!r} {math.pow(x, 0.37)!r} {math.exp(x / 43.0)!r}\n".encode())
    return {
        "memberlab": model_version(),
        "Python": ".".join(platform.python_version_tuple()[:2]),
        "Numba": version("numba"),
        "exp, log and pow": f"those of {platform.system()} {platform.machine()} ({digest.hexdigest()[:12]})",
    }


def difference(own: Mapping[str, str], other: Mapping[str, str]) -> str | None:
    """Return in words what differs between the arithmetic of caller and worker, None where nothing does."""
    told = [f"{name}: {other.get(name)} there, {value} here" for name, value in own.items() if other.get(name) != value]
    return "; ".join(told) or None


def work(expected: Mapping[str, str], piece: Piece, contents: Mapping[str, bytes]) -> Done | Lacking:
    """Do a piece whose files are `Sent` or `Wanted`; `contents` by digest are files brought along.

    Raises ForeignWorkerError where the bits would differ from the caller's.
    """
    if told := difference(expected, arithmetic()):
        raise ForeignWorkerError(f"{worker_address() or 'a worker'} would come to other figures: {told}")
    files = kept_files()
    for digest, content in contents.items():
        files.keep(digest, content)
    written: dict[str, Path] = {}
    lacking = False

    def here(file: Sent | Wanted) -> Path:
        nonlocal lacking
        if isinstance(file, Sent):
            path = files.path(file)
            lacking = lacking or path is None
            return path or Path(file.name)
        return written.setdefault(file.name, Path(place) / file.name)

    with tempfile.TemporaryDirectory(dir=files.folder) as place:
        ready = piece.with_files(here)
        if lacking:
            return Lacking(worker_address())
        result = ready.do()
        made = {name: path.read_bytes() for name, path in written.items() if path.exists()}
    for content in made.values():
        files.keep(hashlib.sha256(content).hexdigest(), content)
    return Done(result, made)


def worker_address() -> str | None:
    """Return the address of the Dask worker that runs this, None elsewhere."""
    from distributed import get_worker

    try:
        return str(get_worker().address)
    except ValueError:
        return None


class KeptFiles:
    """Files that a worker has met, by digest, up to `KEPT_BYTES`."""

    def __init__(self, folder: Path, most_bytes: int = KEPT_BYTES) -> None:
        self.folder, self._most_bytes = folder, most_bytes
        self._sizes: dict[str, int] = {}  # by digest, the one used longest ago first
        self._turn = threading.Lock()

    def keep(self, digest: str, content: bytes) -> None:
        """Keep a file, and let go of those used longest ago where there are too many."""
        with self._turn:
            if digest not in self._sizes:
                temporary = self.folder / f".{digest}.{threading.get_ident()}"
                temporary.write_bytes(content)
                temporary.replace(self.folder / digest)
            self._sizes[digest] = self._sizes.pop(digest, len(content))
            while sum(self._sizes.values()) > self._most_bytes and len(self._sizes) > 1:
                oldest = next(iter(self._sizes))
                del self._sizes[oldest]
                (self.folder / oldest).unlink(missing_ok=True)

    def path(self, file: Sent) -> Path | None:
        """Return where a file is, None if it is not kept."""
        with self._turn:
            if file.digest not in self._sizes:
                return None
            self._sizes[file.digest] = self._sizes.pop(file.digest)
            return self.folder / file.digest


@cache
def kept_files() -> KeptFiles:
    """Return the files of this worker process, in a folder that goes when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix=f"memberlab-worker-{os.getpid()}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return KeptFiles(folder)
