"""What it costs to have work done elsewhere: opening, each piece, a warm-up that travels, and a worker that is killed.

Run as `python -m benchmarks.executors`; docs/scale.md has the figures. Pieces do next to nothing, so that what is
measured is the way there and back.
"""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from memberlab.optimize import (
    ProcessPool,
    RememberingExecutor,
    SerialExecutor,
    open_cluster,
    unfinished_run,
)

PIECES = 400
MEGABYTES = 5
"""A warm-up of 20,000 shoppers."""


def piece(number: int) -> int:
    return number * number


def size_of(path: Path, number: int) -> int:
    return len(path.read_bytes()) + number


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measure(name: str, open_one: Callable[[], Executor]) -> None:
    """Print what an executor takes: to open, for a piece, and for a piece that reads a file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "warm-up.npz"
        file.write_bytes(os.urandom(MEGABYTES * 1_000_000))
        began = time.perf_counter()
        with open_one() as executor:
            [future.result() for future in [executor.submit(piece, number) for number in range(8)]]
            opened = time.perf_counter() - began
            each = seconds(lambda: [f.result() for f in [executor.submit(piece, n) for n in range(PIECES)]]) / PIECES
            first = seconds(lambda: executor.submit(size_of, file, 0).result())
            later = seconds(lambda: [f.result() for f in [executor.submit(size_of, file, n) for n in range(50)]]) / 50
            print(f"{name:40} open {opened:6.2f} s   piece {1000 * each:7.2f} ms   "
                  f"with a new file of {MEGABYTES} MB {1000 * first:7.1f} ms, a known one {1000 * later:7.2f} ms",
                  flush=True)  # fmt: skip
            if isinstance(executor, ProcessPool):
                os.kill(executor.processes()[0], signal.SIGKILL)
                print(f"{'':40} {PIECES} pieces with a worker killed: ", end="")
                done = seconds(lambda: [f.result() for f in [executor.submit(piece, n) for n in range(PIECES)]])
                print(f"{done:.2f} s against {each * PIECES:.2f} s", flush=True)


def main() -> None:
    """Print the costs of all executors, in one run."""
    measure("this process", SerialExecutor)
    with tempfile.TemporaryDirectory() as folder, unfinished_run(Path(folder) / "out", {}) as run:
        measure("this process, remembering", lambda: RememberingExecutor(SerialExecutor(), run.finished, run.files))
    measure("ProcessPoolExecutor, 2 processes", lambda: ProcessPoolExecutor(2, mp_context=get_context("spawn")))
    measure("ProcessPool, 2 processes", lambda: ProcessPool(2))
    measure("Dask, local cluster, 2 processes", lambda: open_cluster("local", 2))


if __name__ == "__main__":
    main()
